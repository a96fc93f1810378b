from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestOutcome(LeadCommunicationsCommon):
    """What came of a call, a note and the next step are entered in one small form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.later = cls.env.ref("lead_communications.call_outcome_later")
        cls.reached = cls.env.ref("lead_communications.call_outcome_reached")
        cls.lead = cls._create_lead(user_id=cls.anna.id)

    def _after(self, call, **values):
        """Return the saved form after ``call``, filled in on screen."""
        action = call.with_env(self.env).action_after_call()
        record = self.env[action["res_model"]].browse(action["res_id"])
        with Form(record) as form:
            for name, value in values.items():
                form[name] = value
        return record

    def _attached(self, **values):
        call = self._create_call(user_id=self.anna.id, **values)
        call.with_user(self.anna)._decide("attach", self.lead.with_user(self.anna))
        return call

    def _rows(self):
        return self.env["lead.communication"].search([("lead_id", "=", self.lead.id)])

    @users("anna_t")
    def test_outcome_note_and_next_step_are_saved_together(self):
        call = self._attached()
        form = self._after(call, outcome_id=self.later, note="Asks for Tuesday")
        today = fields.Date.context_today(form)
        self.assertEqual(form.activity_type_id, self.env.ref("mail.mail_activity_data_call"))
        self.assertGreaterEqual(form.date_deadline, today)
        form.action_save()
        self.assertEqual(call.outcome_id, self.later)
        self.assertIn("Asks for Tuesday", call.message_ids[0].body)
        step = self._rows().filtered(lambda row: row.state == "planned")
        self.assertEqual((step.type, step.user_id), ("call", self.anna))
        self.assertEqual(step.activity_id.date_deadline, form.date_deadline)

    @users("anna_t")
    def test_what_is_not_given_stays(self):
        call = self._create_call(user_id=self.anna.id)
        self._after(call, outcome_id=self.reached).action_save()
        self.assertEqual(self._after(call).outcome_id, self.reached)
        self._after(call, note="And more").action_save()
        self.assertEqual((call.outcome_id, call.state), (self.reached, "ready"))

    @users("anna_t")
    def test_nothing_is_no_outcome(self):
        form = self._after(self._create_call(user_id=self.anna.id))
        with self.assertRaisesRegex(UserError, "Choose what came of the call"):
            form.action_save()

    @users("anna_t")
    def test_next_step_needs_a_lead_and_all_is_saved_or_nothing(self):
        call = self._create_call(user_id=self.anna.id)
        form = self._after(call)
        form.write({"outcome_id": self.later.id})
        form.activity_type_id = self.env.ref("mail.mail_activity_data_call")
        refused = self.assertRaisesRegex(ValidationError, "create or attach one first")
        with refused, self.env.cr.savepoint():
            form.action_save()
        self.env.invalidate_all()
        self.assertFalse(call.outcome_id)

    @users("anna_t")
    def test_next_step_is_never_in_the_past(self):
        form = self._after(self._attached(), outcome_id=self.later)
        yesterday = fields.Date.subtract(fields.Date.context_today(form), days=1)
        with self.assertRaisesRegex(ValidationError, "in the past"):
            form.date_deadline = yesterday

    @users("anna_t")
    def test_only_of_calls_that_took_place(self):
        planned = self.env["lead.communication"].create(
            {"type": "call", "lead_id": self.lead.id, "subject": "Offer"}
        )
        note = self.env["lead.communication"].create(
            {"type": "note", "lead_id": self.lead.id, "state": "done"}
        )
        for row in planned | note:
            with self.assertRaisesRegex(UserError, "has taken place"):
                row.action_after_call()
        planned.action_complete()
        self._after(planned, outcome_id=self.reached).action_save()
        self.assertEqual(planned.outcome_id, self.reached)

    @users("ben_t")
    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_others_see_and_say_nothing(self):
        waiting, attached = self._create_call(user_id=self.anna.id), self._attached()
        Form_ = self.env["lead.communication.after.call"]
        for call in waiting | attached:
            with self.assertRaises(AccessError):
                call.with_user(self.ben).action_after_call()
            with self.assertRaises(AccessError):
                Form_.create({"communication_id": call.id})
            with self.assertRaises(AccessError):
                Form_.new({"communication_id": call.id})._check_unsaved()
        with self.assertRaises(AccessError):
            self.later.with_user(self.ben).name = "Mine"

    @users("anna_t")
    def test_form_of_a_call_that_went_to_a_lead_of_others(self):
        call = self._create_call(user_id=self.anna.id)
        form = self._after(call, outcome_id=self.reached)
        others = self._create_lead(user_id=self.ben.id)
        call.sudo()._decide("attach", others)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            form.action_save()
        self.assertFalse(form.has_lead)

    @users("anna_t")
    def test_people_write_it_by_the_form_alone(self):
        call = self._attached()
        with self.assertRaises(AccessError):
            call.with_user(self.anna).outcome_id = self.reached

    @users("anna_t")
    def test_an_outcome_that_was_noted_is_archived_and_not_deleted(self):
        call = self._create_call(user_id=self.anna.id)
        self._after(call, outcome_id=self.reached).action_save()
        self.env.flush_all()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            self.reached.unlink()
            self.env.flush_all()
        self.reached.active = False
        self.assertEqual(call.outcome_id.name, "Reached")

    @users("anna_t")
    def test_log_a_call_asks_for_it_too(self):
        with Form(self.env["lead.communication.log"]) as form:
            form.number = "600 100 200"
            form.lead_id = self.lead.with_env(self.env)
            form.outcome_id = self.later
            form.step_summary = "Offer"
        form.save().action_log()
        rows = self._rows()
        self.assertEqual(rows.filtered("result").outcome_id, self.later)
        self.assertEqual(rows.filtered(lambda row: row.state == "planned").subject, "Offer")
