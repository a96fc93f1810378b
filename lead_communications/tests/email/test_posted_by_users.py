import xmlrpc.client

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestPostedByUsers(LeadCommunicationsCommon):
    """What a user posts, by whatever method, is never taken for something that was received."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(email_from="jan@customer.test")
        cls.rows = cls.env["lead.communication"]
        cls.others = cls.rows.search([])

    def _emails(self):
        return self.rows.search([("type", "=", "email")]) - self.others

    def _forge(self, record, **values):
        message = record.with_user(self.anna).message_post(
            **{
                "body": "I order everything",
                "message_type": "email",
                "email_from": "Jan <jan@customer.test>",
                "incoming_email_to": "sales@company.test",
            }
            | values
        )
        return message.sudo()

    def test_email_posted_on_a_lead_is_a_comment_without_a_row(self):
        message = self._forge(self.lead)
        self.assertEqual(message.message_type, "comment")
        self.assertFalse(self._emails())

    def test_comment_is_not_turned_into_an_email(self):
        message = self.lead.with_user(self.anna).message_post(body="Mine", message_type="comment")
        message.write({"message_type": "email"})
        self.assertEqual(message.message_type, "comment")

    def test_reported_call_keeps_its_text_and_has_no_message(self):
        call = self._create_call()
        self._forge(call)
        self.assertRecordValues(call, [{"mail_message_id": False, "preview": False}])

    def test_planned_event_stays_editable(self):
        event = self.rows.with_user(self.anna).create(
            {"type": "call", "subject": "Ring", "lead_id": self.lead.id}
        )
        self._forge(event)
        event.write({"subject": "Ring twice"})
        self.assertEqual(event.subject, "Ring twice")

    @mute_logger("odoo.addons.mail.models.mail_thread")
    def test_gateway_is_not_for_users(self):
        """By no model, lead, alias, or answer; in no form of the bytes."""
        gateway = self.env["mail.thread"].with_user(self.anna)
        raw = self._mail()
        received = self._receive(subject="Start")
        received._decide("attach", self.lead)
        answer = self._mail(subject="Re: Start", in_reply_to=received.message_ref)
        before = self._emails()
        ways = {
            "queue": lambda: gateway.message_process("lead.communication", raw),
            "binary": lambda: gateway.message_process(
                "lead.communication", xmlrpc.client.Binary(raw)
            ),
            "new lead": lambda: gateway.message_process("crm.lead", raw),
            "lead": lambda: gateway.message_process("crm.lead", raw, thread_id=self.lead.id),
            "answer": lambda: gateway.message_process("crm.lead", answer),
            "row": lambda: gateway.message_process(
                "lead.communication", raw, thread_id=self._create_call().id
            ),
            "values": lambda: gateway.message_process(
                "lead.communication", raw, {"mailbox_ids": self.mailbox.ids}
            ),
            "message_new": lambda: self.rows.with_user(self.anna).message_new(
                {"subject": "x", "email_from": "jan@customer.test"}
            ),
        }
        for way, hand_over in ways.items():
            with self.subTest(way=way), self.assertRaises(AccessError), self.env.cr.savepoint():
                hand_over()
            self.assertEqual(self._emails(), before, way)

    def test_gateway_is_not_for_users_by_the_alias_of_a_mailbox(self):
        self.env["mail.alias.domain"].create({"name": "company.test"})
        self.team.alias_name = "windows"
        mailbox = self.env["lead.mailbox"].create(
            {"name": "W", "address": "windows@company.test", "alias_team_id": self.team.id}
        )
        gateway = self.env["mail.thread"]
        raw = self._mail(to=mailbox.address)
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            gateway.with_user(self.anna).message_process("crm.lead", raw)
        self.assertFalse(self._emails())
        gateway.with_user(self.admin).message_process("crm.lead", raw)
        self.assertEqual(self._emails().mailbox_ids, mailbox)

    def test_context_of_a_client_carries_no_received_mail(self):
        for value in (True, "x", {"mailbox_id": self.mailbox.id}, [1]):
            with self.subTest(value=value):
                self._forge(self.lead.with_context(lead_mail=value))
                self.assertFalse(self._emails())

    def test_mail_that_the_system_hands_over_is_received(self):
        self.env["mail.thread"].message_process(
            "crm.lead", self._mail(to="other@company.test"), thread_id=self.lead.id
        )
        self.assertRecordValues(
            self._emails(), [{"lead_id": self.lead.id, "direction": "incoming", "state": "done"}]
        )

    def test_defaults_of_a_client_are_not_written_in_what_is_sent(self):
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        lead = self.lead.with_user(self.anna).with_context(
            default_mailbox_ids=self.mailbox.ids, default_content_hash="x", default_is_purged=True
        )
        lead.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            partner_ids=partner.ids,
        )
        self.assertRecordValues(
            self._emails(), [{"mailbox_ids": [], "content_hash": False, "is_purged": False}]
        )

    def test_nonsense_in_the_context_is_an_ordinary_refusal(self):
        call = self._create_call().with_user(self.anna)
        for value in ("x", [1], {"a": 1}, -1, True, 1.5, None):
            with self.subTest(value=value), self.assertRaisesRegex(Exception, "does not exist"):
                call.with_context(found_lead_id=value).action_attach_found()
