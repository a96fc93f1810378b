from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationLog(LeadCommunicationsCommon):
    """A call written down by hand is a call like any other."""

    def _log(self, **values):
        with Form(self.env["lead.communication.log"]) as form:
            form.number = "600 100 200"
            for name, value in values.items():
                form[name] = value
        before = self.env["lead.communication"].search([])
        form.save().action_log()
        return self.env["lead.communication"].search([]) - before

    @users("anna_t")
    def test_call_waits_in_the_list_of_its_author(self):
        call = self._log(contact_name="Jan", talk_time=0.05)
        self.assertRecordValues(
            call,
            [
                {
                    "type": "call",
                    "state": "ready",
                    "direction": "outgoing",
                    "number": "600 100 200",
                    "phone_sanitized": "+48600100200",
                    "result": "answered",
                    "duration": 180,
                    "user_id": self.env.uid,
                    "company_id": self.company.id,
                }
            ],
        )

    @users("anna_t")
    def test_call_goes_on_the_lead_that_was_chosen(self):
        lead = self._create_lead()
        call = self._log(lead_id=lead.with_env(self.env), note="Wants five windows")
        self.assertEqual((call.state, call.lead_id.id), ("done", lead.id))
        self.assertIn("five windows", call.message_ids.body)
        call.action_reopen()
        self.assertEqual(call.state, "ready")

    @users("ben_t")
    def test_lead_of_a_colleague_is_refused(self):
        lead = self._create_lead()
        log = self.env["lead.communication.log"].create({"number": "600 100 200"})
        with self.assertRaises(AccessError):
            log.lead_id = lead.id
            log.action_log()

    @users("anna_t")
    def test_conversation_settles_the_missed_call(self):
        missed = self._create_call(
            number="600 100 200",
            phone_sanitized="+48600100200",
            result="missed",
            date=fields.Datetime.subtract(fields.Datetime.now(), hours=1),
        )
        missed._run_steps("after_report")
        self.assertTrue(missed.callback_activity_id)
        call = self._log()
        self.assertEqual(missed.called_back_date, call.date)
        self.assertFalse(missed.callback_activity_id)

    def test_conversation_says_nothing_about_calls_that_its_author_does_not_see(self):
        missed = self._create_call(
            user_id=False,
            team_id=self.team.id,
            number="600 100 200",
            phone_sanitized="+48600100200",
            result="missed",
            date=fields.Datetime.subtract(fields.Datetime.now(), hours=1),
        )
        self.team.user_id = self.anna
        missed._run_steps("after_report")
        asked = missed.callback_activity_id
        self.assertTrue(asked)
        log = self.env["lead.communication.log"].with_user(self.ben)
        log.create({"number": "600 100 200"}).action_log()
        self.assertFalse(missed.called_back_date)
        self.assertEqual(missed.callback_activity_id, asked)
        log.create(
            {"number": "600 100 200", "result": "missed", "direction": "incoming"}
        ).action_log()
        self.assertEqual(missed.callback_activity_id, asked)

    @users("anna_t")
    def test_number_is_one_short_line(self):
        call = self._log(number=" 600\u202e 100\n200 ", contact_name="Jan\u200b\nK")
        self.assertRecordValues(
            call, [{"phone_sanitized": "+48600100200", "contact_name": "Jan K"}]
        )
        self.assertNotRegex(call.number, "[\n\u202e]")
        for number in ("6" * 65, "\u200b", " "):
            with self.assertRaises(ValidationError), self.env.cr.savepoint():
                self.env["lead.communication.log"].create({"number": number})

    @users("anna_t")
    def test_impossible_times_are_refused_in_words(self):
        with self.assertRaisesRegex(ValidationError, "future"):
            self._log(date=fields.Datetime.add(fields.Datetime.now(), days=1))
        with self.assertRaisesRegex(ValidationError, "negative"):
            self._log(talk_time=-1)

    @users("anna_t")
    def test_number_is_what_is_left_of_a_pasted_text(self):
        for number in (
            "\u202a+48 600 300 100\u202c",
            "\u200e+48600300100",
            "\uff0b48 600 300 100",
            "Phone: +48 600 300 100",
            "#31#600300100",
            "+48 600 300 100 (Jan)",
            "Jan 600300100, mobile",
        ):
            with self.subTest(number=number):
                lead = self._create_lead(phone="+48 600 300 100")
                call = self._log(number=number)
                self.assertEqual(call.phone_sanitized, "+48600300100")
                self.assertTrue(call.number.isascii() and "Phone" not in call.number)
                found = call._find_candidates()[call.id]
                self.assertIn(lead.id, [candidate.lead_id for candidate in found])
                lead.unlink()

    @users("anna_t")
    def test_withheld_number_and_name_are_none(self):
        call = self._log(number="Private", contact_name="Unknown caller")
        self.assertFalse(call.number or call.contact_name or call.phone_sanitized)
