from contextlib import contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestReceivedMail(LeadCommunicationsCommon):
    """What an email sets off while it is taken in has nothing of the email."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(email_from="jan@customer.test")
        cls.first = cls._receive(message_id="<first@customer.test>")
        cls.first._decide("attach", cls.lead)
        cls.template = cls.env["mail.template"].create(
            {
                "name": "We have it",
                "model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "subject": "Thank you",
                "body_html": "<p>We have received your email.</p>",
                "partner_to": str(cls.env["res.partner"].create({"name": "Jan"}).id),
                "email_to": "jan@customer.test",
            }
        )

    @contextmanager
    def _automation(self, model, method, act):
        """Let ``act(records)`` run once, after a method of a model, as an automation does."""
        Model, done = self.registry[model], []
        original = getattr(Model, method)

        def automated(records, *args, **kwargs):
            result = original(records, *args, **kwargs)
            if not done:
                done.append(True)
                act(records, result)
            return result

        with patch.object(Model, method, automated):
            yield
        self.assertTrue(done)

    def _take(self, **headers):
        """Return the row of an answer, and the others that came with it."""
        before = self.env["lead.communication"].search([])
        raw = self._mail(**headers)
        row = self.mailbox._receive(raw)
        self.env.flush_all()
        self.assertEqual(row._original_bytes(), raw)
        self.assertTrue(row.content_hash)
        return row, self.env["lead.communication"].search([]) - before - row

    def _check_own(self, others, row):
        for other in others:
            self.assertFalse(other.content_hash)
            self.assertFalse(other.raw)
            self.assertFalse(other.mailbox_ids)
            self.assertFalse(other.received_date)
            self.assertNotEqual(other.message_ref, row.message_ref)
            self.assertNotEqual(other.mail_message_id, row.mail_message_id)

    def test_what_is_posted_on_the_lead_that_is_answered(self):
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})

        def comment(lead, _result):
            lead.message_post(body="We have it.", message_type="comment", partner_ids=partner.ids)

        def email(lead, _result):
            lead.message_post(
                body="As if it came in.", message_type="email", email_from="x@customer.test"
            )

        def template(lead, _result):
            lead.message_post_with_source(
                self.template, message_type="comment", subtype_xmlid="mail.mt_comment"
            )

        for number, (act, count) in enumerate([(comment, 1), (email, 0), (template, 1)]):
            with (
                self.subTest(act=act.__name__),
                self._automation("crm.lead", "_message_post_after_hook", act),
            ):
                row, others = self._take(
                    in_reply_to="<first@customer.test>", subject=f"Re: {number}"
                )
                self.assertEqual((row.state, row.lead_id), ("done", self.lead))
                self.assertEqual(len(others), count)
                self._check_own(others, row)
                self.assertEqual(set(others.mapped("direction")), {"outgoing"} if count else set())

    def test_what_is_posted_when_a_row_is_made(self):
        def post(_row, _result):
            env = _row.env if hasattr(_row, "env") else self.env
            lead = env["crm.lead"].browse(self.lead.id)
            partner = env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
            lead.message_post(body="Hello", message_type="comment", partner_ids=partner.ids)

        for method in ("create", "_link_message", "_apply_rules"):
            with (
                self.subTest(method=method),
                self._automation("lead.communication", method, post),
            ):
                row, others = self._take(subject=method)
                self.assertEqual(row.state, "ready")
                self.assertEqual(len(others), 1)
                self._check_own(others, row)

    def test_another_email_that_is_handed_over_meanwhile(self):
        raw = self._mail(message_id="<other@customer.test>", subject="Another", body="Another")

        def hand_over(lead, _result):
            lead.env["mail.thread"].sudo().message_process("crm.lead", raw)

        with self._automation("crm.lead", "_message_post_after_hook", hand_over):
            row, _others = self._take(in_reply_to="<first@customer.test>", body="The answer")
        self.assertIn("The answer", row.body)
        other = self.env["mail.message"].search([("message_id", "=", "<other@customer.test>")])
        self.assertIn("Another", other.body)
        self.assertEqual(other.subject, "Another")

    def test_a_lead_that_is_made_meanwhile_is_not_the_mailboxs(self):
        self.mailbox.write({"mode": "automatic", "user_id": self.ben.id})
        call = self._create_call(phone_sanitized="+48229999999", number="+48229999999")

        def create(_rows, _result):
            call.with_env(_rows.env)._decide("create")

        with self._automation("lead.communication", "_link_message", create):
            row, _others = self._take(**{"from": "new@stranger.test"})
        self.assertEqual(row.lead_id.user_id, self.ben)
        self.assertNotEqual(call.lead_id.user_id, self.ben)
