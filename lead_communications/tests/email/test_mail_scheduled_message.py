from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EmailCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestMailScheduledMessage(EmailCommon):
    """An email that is sent later: planned while it waits, then completed or canceled."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._template()
        cls.later = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)

    def _plan(self, action=None, user=None, **values):
        date = fields.Datetime.to_string(self.later)
        return self._send(action or self._write(user), user, scheduled_date=date, **values)

    def _post(self, scheduled):
        with self.mock_mail_gateway():
            scheduled._post_message()
        self.env.invalidate_all()

    def test_waits_as_planned(self):
        row = self._plan(lead_user_id=self.clara)
        self.assertRecordValues(
            row,
            [
                {
                    "type": "email",
                    "direction": "outgoing",
                    "state": "planned",
                    "lead_id": self.lead.id,
                    "date": self.later,
                    "subject": "About Windows for a house",
                    "email_to": "jan@customer.test",
                    "email_normalized": "jan@customer.test",
                    "email_from": "Anna <sales@company.test>",
                    "user_id": self.clara.id,
                    "mail_template_id": self.template.id,
                    "conversation_ref": self.mail.conversation_ref,
                }
            ],
        )
        self.assertIn("Dear customer", row.with_user(self.anna).body)
        self.assertIn("Dear customer", row.preview)
        self.assertFalse(self._mails)

    def test_the_same_row_is_completed_when_it_is_sent(self):
        row = self._plan(lead_user_id=self.clara)
        emails = self.lead.email_ids
        self._post(row.sudo().scheduled_message_id)
        self.assertEqual(self.lead.email_ids, emails)
        self.assertRecordValues(
            row,
            [
                {
                    "state": "done",
                    "lead_id": self.lead.id,
                    "user_id": self.clara.id,
                    "mail_template_id": self.template.id,
                    "scheduled_message_id": False,
                    "rule": "sent",
                    "conversation_ref": self.mail.conversation_ref,
                }
            ],
        )
        self.assertEqual(row.mail_message_id.author_id, self.anna.partner_id)
        self.assertLess(row.date, self.later)
        self.assertEqual(self._sent()["subject"], "About Windows for a house")
        self.assertEqual(self._sent()["email_from"], '"Anna" <sales@company.test>')

    def test_cron_sends_what_is_due(self):
        row = self._plan()
        self.env["mail.scheduled.message"].flush_model()
        self.env.cr.execute(
            "UPDATE mail_scheduled_message SET scheduled_date = now() at time zone 'utc'"
            " - interval '1 hour' WHERE id = %s",
            [row.sudo().scheduled_message_id.id],
        )
        self.env.invalidate_all()
        with self.mock_mail_gateway():
            self.env["mail.scheduled.message"]._post_messages_cron()
        self.assertEqual(row.state, "done")
        self.assertTrue(self._sent())

    def test_deleted_message_is_canceled(self):
        row = self._plan()
        row.sudo().scheduled_message_id.with_user(self.anna).unlink()
        self.assertRecordValues(row.sudo(), [{"state": "canceled", "scheduled_message_id": False}])
        self.assertEqual(row.decision_id.user_id, self.anna)

    def test_canceled_row_deletes_the_message(self):
        row = self._plan()
        scheduled = row.sudo().scheduled_message_id
        row.with_user(self.clara).action_cancel()
        self.assertEqual(row.state, "canceled")
        self.assertFalse(scheduled.exists())

    def test_colleague_without_the_lead_cancels_nothing(self):
        row = self._plan()
        for cancel in (
            row.with_user(self.ben).action_cancel,
            row.sudo().scheduled_message_id.with_user(self.ben).unlink,
            row.with_user(self.ben).action_edit_planned,
        ):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
                cancel()
        self.assertEqual(row.state, "planned")
        self.assertTrue(row.sudo().scheduled_message_id)

    def test_changes_are_in_the_row(self):
        row = self._plan()
        later = self.later + timedelta(days=1)
        row.sudo().scheduled_message_id.with_user(self.anna).write(
            {"scheduled_date": later, "subject": "Changed", "body": "<p>Other words</p>"}
        )
        self.assertRecordValues(row, [{"state": "planned", "date": later, "subject": "Changed"}])
        self.assertIn("Other words", row.preview)

    def test_edit_opens_the_message(self):
        row = self._plan()
        action = row.with_user(self.anna).action_edit_planned()
        self.assertEqual(action["res_model"], "mail.scheduled.message")
        self.assertEqual(action["res_id"], row.sudo().scheduled_message_id.id)
        row.action_cancel()
        with self.assertRaises(UserError):
            row.with_user(self.anna).action_edit_planned()

    def test_nobody_completes_what_was_not_sent(self):
        row = self._plan().with_user(self.anna)
        for decide in (row.action_complete, lambda: row._decide("plan")):
            with self.assertRaisesRegex(UserError, "when it is sent"):
                decide()
        row.action_cancel()
        with self.assertRaisesRegex(UserError, "cannot be taken back"):
            row.action_undo()
        self.assertEqual(row.state, "canceled")

    def test_activity_to_write_an_email_is_completed_by_hand(self):
        activity = self.env["mail.activity"].create(
            {
                "activity_type_id": self.env.ref("mail.mail_activity_data_email").id,
                "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                "res_id": self.lead.id,
                "summary": "Write to Jan",
                "user_id": self.anna.id,
            }
        )
        row = self.env["lead.communication"].search([("activity_id", "=", activity.id)])
        self.assertEqual((row.type, row.state), ("email", "planned"))
        self.assertFalse(row.is_scheduled)
        row.with_user(self.anna).action_complete()
        self.assertEqual(row.state, "done")
        self.assertEqual(self.mail.answer_state, "awaiting")

    def test_note_or_message_to_colleagues_is_no_email(self):
        lead = self.lead.with_user(self.anna)
        Scheduled = self.env["mail.scheduled.message"].with_user(self.anna)
        for values in (
            {"is_note": True, "partner_ids": lead._email_recipients().ids},
            {"partner_ids": self.clara.partner_id.ids},
            {},
        ):
            Scheduled.create(
                {
                    "model": "crm.lead",
                    "res_id": lead.id,
                    "author_id": self.anna.partner_id.id,
                    "scheduled_date": self.later,
                    "body": "Later",
                }
                | values
            )
        self.assertFalse(self.lead.email_ids.filtered(lambda row: row.state == "planned"))

    def test_posted_without_an_email_is_completed(self):
        row = self._plan()
        row.sudo().scheduled_message_id.partner_ids = self.clara.partner_id
        self._post(row.sudo().scheduled_message_id)
        self.assertEqual(row.state, "done")
        self.assertTrue(row.mail_message_id)

    def test_deleted_lead_takes_its_planned_emails_along(self):
        row = self._plan()
        scheduled = row.sudo().scheduled_message_id
        self.lead.unlink()
        self.assertFalse(row.exists())
        self.assertFalse(scheduled.exists())

    def test_merged_lead_sends_what_was_planned(self):
        row = self._plan()
        other = self._create_lead(name="The same", email_from="jan@customer.test")
        other.stage_id = self.env["crm.stage"].search([], order="sequence desc", limit=1)
        head = (self.lead | other).merge_opportunity()
        self.assertEqual(head, other)
        self.assertFalse(self.lead.exists())
        self.assertEqual((row.state, row.lead_id), ("planned", head))
        self._post(row.sudo().scheduled_message_id)
        self.assertEqual((row.state, row.mail_message_id.res_id), ("done", head.id))

    def test_moved_email_is_sent_from_the_other_lead(self):
        row = self._plan()
        other = self._create_lead(name="Another", email_from="jan@customer.test")
        row.with_user(self.anna)._decide("move", other.with_user(self.anna))
        self.assertEqual(row.sudo().scheduled_message_id.res_id, other.id)
        self._post(row.sudo().scheduled_message_id)
        self.assertEqual(row.mail_message_id.res_id, other.id)

    def test_lost_lead_keeps_what_was_planned(self):
        row = self._plan()
        self.lead.action_set_lost()
        self.assertEqual(row.state, "planned")

    def test_planned_answer_asks_on_until_it_is_sent(self):
        self.lead.user_id = self.ben
        self.mail._request_answer(self.lead)
        asked = self.mail.answer_activity_id
        row = self._plan(self._write(self.clara), self.clara)
        self.assertTrue(asked.active)
        self._post(row.sudo().scheduled_message_id)
        self.assertFalse(asked.active)

    def test_context_completes_no_planned_email_of_others(self):
        row = self._plan()
        lead = self.lead.with_user(self.clara)
        lead.with_context(lead_scheduled_id=row.sudo().scheduled_message_id.id).message_post(
            body="Hello", message_type="comment", partner_ids=lead._email_recipients().ids
        )
        self.assertEqual(row.state, "planned")
