from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import EmailCommon

WAITING = {"message_id": "<waiting@firm.test>", "from": "Eva Nowak <eva@firm.test>"}


@tagged("post_install", "-at_install", "lead_communications")
class TestAnswerWaiting(EmailCommon):
    """An email that waits is answered: what is sent decides about it, and nothing before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailbox.member_ids |= cls.clara
        cls.waiting = cls._receive(**WAITING, subject="Doors")

    def _row(self, user=None, **context):
        return self.waiting.with_user(user or self.anna).with_context(**context)

    def _of_eva(self, **values):
        return self._create_lead(**({"name": "48 windows", "email_from": "eva@firm.test"} | values))

    def _assert_waits(self):
        self.env.invalidate_all()
        self.assertEqual((self.waiting.state, self.waiting.lead_id.id), ("ready", False))

    def _composer(self, action, user=None):
        return self._form(action, user).save()

    def _press_send(self, composer):
        with self.mock_mail_gateway():
            result = composer.action_send_mail()
        self.env.invalidate_all()
        return result

    # ---- ON THE LEAD THAT IS SURE ----

    def test_sending_puts_it_on_the_lead_that_is_sure(self):
        lead = self._of_eva()
        form = self._form(self._row().action_reply())
        self.assertEqual(form.lead_consequence, "Sending puts the email on “48 windows”.")
        self.assertEqual(form.subject, "Re: Doors")
        self.assertIn("how much is a window?", form.body)
        self.assertEqual(form.partner_ids[:].mapped("email_normalized"), ["eva@firm.test"])
        self._assert_waits()
        sent = self._send(self._row().action_reply())
        self.assertEqual((self.waiting.state, self.waiting.lead_id), ("done", lead))
        self.assertEqual(self.waiting.decision_user_id, self.anna)
        self.assertEqual((sent.lead_id, sent.direction, sent.state), (lead, "outgoing", "done"))
        self.assertEqual(sent.conversation_ref, self.waiting.conversation_ref)
        self.assertIn("<waiting@firm.test>", self._sent()["references"])
        self.assertEqual(self._sent()["email_from"], '"Anna" <sales@company.test>')

    def test_what_was_decided_is_told(self):
        lead = self._of_eva()
        composer = self._composer(self._row(lead_stay=True).action_reply())
        result = self._press_send(composer.with_context(lead_stay=True))
        self.assertEqual(result["tag"], "lead_communications.decided")
        self.assertEqual(result["params"]["open"]["res_id"], lead.id)

    def test_a_colleague_who_is_on_it_is_told_before_the_answer_is_written(self):
        lead = self._of_eva(user_id=False)
        self._row().action_claim()
        for name in ("action_reply", "action_reply_all", "action_forward"):
            with self.subTest(name):
                asked = getattr(self._row(self.clara), name)()
                self.assertEqual(asked["tag"], "lead_communications.ask_first")
                (choice,) = asked["params"]["choices"]
                self.assertEqual(choice["label"], "Answer Anyway")
        self._assert_waits()
        told = self._row(self.clara, **asked["params"]["context"]).action_reply()
        self._press_send(self._composer(told, self.clara))
        self.assertEqual((self.waiting.state, self.waiting.lead_id), ("done", lead))

    def test_an_answer_that_is_written_is_sent_whoever_is_on_it_meanwhile(self):
        lead = self._of_eva(user_id=False)
        composer = self._composer(self._row(self.clara).action_reply(), self.clara)
        self._row().action_claim()
        self._press_send(composer)
        self.assertEqual((self.waiting.state, self.waiting.lead_id), ("done", lead))
        self.assertEqual(self.waiting.decision_user_id, self.clara)

    def test_a_template_of_leads_can_be_used(self):
        self._of_eva()
        template = self._template()
        self._send(self._row().action_reply(), template_id=template)
        self.assertIn("Dear customer", self._sent()["body"])

    def test_a_discarded_answer_decides_nothing(self):
        self._of_eva()
        self._composer(self._row().action_reply())
        self._composer(self._row().action_forward())
        self._assert_waits()

    def test_an_answer_that_cannot_go_out_decides_nothing(self):
        self._of_eva()
        composer = self._composer(self._row().action_reply())
        composer.partner_ids = self.env["res.partner"].create(
            {"name": "Nobody", "email": "no mail"}
        )
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._press_send(composer)
        self._assert_waits()

    def test_pressed_twice_it_goes_once(self):
        lead = self._of_eva()
        composer = self._composer(self._row().action_reply())
        self._press_send(composer)
        result = self._press_send(composer)
        self.assertEqual(result, {"type": "ir.actions.act_window_close"})
        emails = lead.email_ids.filtered(lambda row: row.direction == "outgoing")
        self.assertEqual(len(emails), 1)

    def test_it_can_be_sent_later(self):
        lead = self._of_eva()
        later = fields.Datetime.to_string(fields.Datetime.now() + timedelta(days=1))
        sent = self._send(self._row().action_reply(), scheduled_date=later)
        self.assertEqual((self.waiting.state, self.waiting.lead_id), ("done", lead))
        self.assertEqual((sent.state, sent.lead_id), ("planned", lead))

    def test_reply_all_and_forward(self):
        self._of_eva()
        row = self._receive(
            **{"from": WAITING["from"]},
            to="sales@company.test, lena@firm.test",
            subject="Gates",
            attachments=[("gate.pdf", b"%PDF-1.4")],
        ).with_user(self.anna)
        self.assertTrue(row.has_others)
        form = self._form(row.action_reply_all())
        self.assertEqual(len(form.partner_ids[:]), 2)
        form = self._form(row.action_forward())
        self.assertEqual(form.subject, "Fwd: Gates")
        self.assertEqual(form.attachment_ids[:].mapped("name"), ["gate.pdf"])
        self.assertEqual(row.state, "ready")

    # ---- ON A NEW LEAD ----

    def test_sending_creates_the_first_lead(self):
        leads = self.env["crm.lead"].search([])
        form = self._form(self._row().action_reply())
        self.assertEqual(form.lead_consequence, "Sending creates a lead from the email.")
        self.assertEqual(form.lead_mailbox_id, self.mailbox)
        self.assertEqual(self.env["crm.lead"].search([]), leads)
        form.body = "<p>We have doors.</p>"
        form.subject = "Our doors"
        self._press_send(form.save())
        lead = self.waiting.lead_id
        self.assertEqual(self.env["crm.lead"].search([]) - leads, lead)
        self.assertEqual((self.waiting.state, lead.email_normalized), ("done", "eva@firm.test"))
        self.assertIn("We have doors.", self._sent()["body"])
        self.assertEqual(self._sent()["subject"], "Our doors")
        self.assertEqual(self._sent()["email_from"], '"Anna" <sales@company.test>')
        sent = lead.email_ids - self.waiting
        self.assertEqual((sent.direction, sent.mail_message_id.model), ("outgoing", "crm.lead"))

    # ---- ON WHICH LEAD? ----

    def test_several_leads_ask_once(self):
        first, second = self._of_eva(name="First"), self._of_eva(name="Second")
        for lead in (first, second, self.env["crm.lead"]):
            with self.subTest(lead=lead.name):
                action = self._row().action_reply()
                self.assertEqual(action["name"], "Answer from Which Lead?")
                dialog = self.env[action["res_model"]].with_user(self.anna)
                dialog = dialog.browse(action["res_id"])
                self.assertEqual(dialog.candidate_ids.lead_id, first | second)
                dialog.lead_id = lead
                action = dialog.action_attach() if lead else dialog.action_create()
                self._assert_waits()
                with self.env.cr.savepoint() as point:
                    self._send(action)
                    self.assertEqual(self.waiting.state, "done")
                    if lead:
                        self.assertEqual(self.waiting.lead_id, lead)
                    else:
                        self.assertNotIn(self.waiting.lead_id, first | second)
                    point.rollback()
                self.env.invalidate_all()

    def test_the_card_of_a_lead_answers_too(self):
        self._of_eva(name="First")
        lead = self._of_eva(name="Second")
        action = self._row().action_reply()
        dialog = self.env[action["res_model"]].with_user(self.anna).browse(action["res_id"])
        card = dialog.candidate_ids.filtered(lambda row: row.lead_id == lead)
        action = card.action_attach()
        self.assertEqual(action["context"]["default_res_ids"], lead.ids)
        self._assert_waits()

    # ---- MEANWHILE ----

    def test_decided_meanwhile_the_answer_goes_to_that_lead(self):
        self._of_eva()
        composer = self._composer(self._row().action_reply())
        other = self._create_lead(name="Of Clara")
        self.waiting.with_user(self.clara)._decide("attach", other)
        composer.body = "<p>My words</p>"
        self._press_send(composer)
        self.assertEqual(self.waiting.lead_id, other)
        sent = other.email_ids - self.waiting
        self.assertEqual(sent.direction, "outgoing")
        self.assertIn("My words", self._sent()["body"])

    def test_a_lead_was_created_meanwhile(self):
        composer = self._composer(self._row().action_reply())
        self.waiting.with_user(self.clara)._decide("create")
        lead = self.waiting.lead_id
        lead.user_id = self.anna
        self._press_send(composer)
        self.assertEqual(self.waiting.lead_id, lead)
        self.assertEqual((lead.email_ids - self.waiting).direction, "outgoing")

    def test_set_aside_meanwhile_nothing_goes_out(self):
        self._of_eva()
        composer = self._composer(self._row().action_reply())
        self.waiting.with_user(self.clara)._decide("ignore")
        with self.assertRaisesRegex(UserError, "Clara was first"), self.env.cr.savepoint():
            self._press_send(composer)
        self.assertEqual(self.waiting.state, "ignored")

    def test_on_a_lead_of_others_meanwhile_nothing_goes_out(self):
        self._of_eva()
        composer = self._composer(self._row().action_reply())
        hidden = self._create_lead(name="Secret lead", user_id=self.ben.id)
        self.waiting.with_user(self.clara)._decide("attach", hidden)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._press_send(composer)
        self.assertNotIn("Secret", str(caught.exception))
        self.assertEqual(len(hidden.email_ids), 1)

    def test_the_lead_is_gone_meanwhile(self):
        lead = self._of_eva()
        composer = self._composer(self._row().action_reply())
        lead.unlink()
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._press_send(composer)
        self._assert_waits()

    # ---- RIGHTS ----

    def test_who_does_not_see_it_does_not_answer(self):
        for name in ("action_reply", "action_reply_all", "action_forward"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(self._row(self.ben), name)()

    def test_a_made_up_composer_decides_about_nothing_of_others(self):
        lead = self._of_eva(user_id=self.ben.id)
        values = {
            "model": "crm.lead",
            "res_ids": str(lead.ids),
            "subject": "Hello",
            "body": "Hello",
            "lead_communication_id": self.waiting.id,
            "lead_is_waiting": True,
        }
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            composer = self.env["mail.compose.message"].with_user(self.ben).create(values)
            self._press_send(composer)
        self._assert_waits()
        values["model"], values["res_ids"] = "lead.communication", str(self.waiting.ids)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            composer = self.env["mail.compose.message"].with_user(self.ben).create(values)
            self._press_send(composer)
        self._assert_waits()
