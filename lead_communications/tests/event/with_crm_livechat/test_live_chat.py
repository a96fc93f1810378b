from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...common import LeadCommunicationsCommon
from ...patience import PatientHttpCase


@tagged("post_install", "-at_install", "lead_communications")
class TestLiveChat(LeadCommunicationsCommon, PatientHttpCase):
    """A lead that comes from a live chat has the beginning of the chat in its history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["mail.presence"]._update_presence(cls.anna)
        cls.anna.group_ids = [Command.link(cls.env.ref("im_livechat.im_livechat_group_user").id)]
        cls.livechat = cls.env["im_livechat.channel"].create(
            {"name": "Website", "user_ids": [Command.link(cls.anna.id)]}
        )
        cls.rows = cls.env["lead.communication"]

    def _chat(self, *said):
        """Return the channel of a visitor's chat with anna, in which each said something."""
        data = self.make_jsonrpc_request(
            "/im_livechat/get_session", {"channel_id": self.livechat.id, "persisted": True}
        )
        channel = self.env["discuss.channel"].browse(data["channel_id"])
        guest = channel.channel_member_ids.guest_id
        for number, text in enumerate(said):
            author = {"author_id": self.anna.partner_id.id}
            if number % 2 == 0:
                author = {"author_guest_id": guest.id, "author_id": False}
            channel.sudo().message_post(body=text, message_type="comment", **author)
        return channel

    def _lead_of(self, channel, name="A window"):
        channel.with_user(self.anna).execute_command_lead(body=f"/lead {name}")
        return self.env["crm.lead"].search([("origin_channel_id", "=", channel.id)])

    def _rows_of(self, lead):
        return self.rows.search([("lead_id", "=", lead.id)])

    def test_lead_from_a_chat(self):
        channel = self._chat("Do you sell <b>windows</b>?", "We do", "Good")
        lead = self._lead_of(channel)
        row = self._rows_of(lead)
        self.assertRecordValues(
            row,
            [
                {
                    "type": "message",
                    "direction": "incoming",
                    "state": "done",
                    "subject": "Live chat",
                    "user_id": self.anna.id,
                    "chat_channel_id": channel.id,
                    "lead_id": lead.id,
                }
            ],
        )
        self.assertEqual(lead.source_id, self.env["utm.source"]._lead_source("chat"))
        self.assertIn("Do you sell", row.preview)
        self.assertIn("We do", row.description)
        self.assertNotIn("<b>", row.description)
        self.assertFalse(row.is_by_hand)
        self.assertLessEqual(row.date, row.date_end)

    def test_chat_is_recorded_once(self):
        lead = self._lead_of(self._chat("Hello"))
        lead.write({"origin_channel_id": lead.origin_channel_id.id})
        self.assertEqual(len(self._rows_of(lead)), 1)

    def test_long_chat_is_cut(self):
        row = self._rows_of(self._lead_of(self._chat(*["word " * 500] * 8)))
        self.assertLess(len(row.description), 5000)
        self.assertIn("…", row.description)

    def test_lead_by_the_robot(self):
        """A robot makes the lead for a visitor, who has no rights."""
        channel = self._chat("I need a window")
        script = self.env["chatbot.script"].create({"title": "Robot"})
        step = self.env["chatbot.script.step"].create(
            {"chatbot_script_id": script.id, "step_type": "create_lead", "message": "Thank you"}
        )
        public = self.env.ref("base.public_user")
        lead = (
            step.with_user(public)
            .sudo()
            ._process_step_create_lead(channel.with_user(public).sudo())
        )
        self.assertEqual(self._rows_of(lead).chat_channel_id, channel)
        self.assertEqual(lead.source_id, script.source_id)  # Odoo counts its leads by that

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_conversation_is_opened_by_those_who_may_read_it(self):
        channel = self._chat("Hello")
        lead = self._lead_of(channel)
        lead.user_id = self.anna
        row = self._rows_of(lead)
        for user in (self.anna, self.marek):
            self.assertTrue(row.with_user(user).is_chat_readable)
            action = row.with_user(user).action_open_chat()
            self.assertEqual(action["context"]["active_id"], channel.id)
        with self.assertRaises(AccessError):
            row.with_user(self.ben).action_open_chat()
        other = self._create_lead(name="Other")
        row._decide("move", other)
        channel.lead_ids = False
        self.assertFalse(row.with_user(self.marek).is_chat_readable)
        with self.assertRaises(AccessError):
            row.with_user(self.marek).action_open_chat()

    def test_deleted_conversation(self):
        channel = self._chat("Hello")
        row = self._rows_of(self._lead_of(channel))
        channel.unlink()
        self.assertIn("Hello", row.description)
        self.assertFalse(row.is_by_hand)
        self.assertFalse(row.with_user(self.anna).is_chat_readable)
        with self.assertRaisesRegex(UserError, "not exist"):
            row.with_user(self.anna).action_open_chat()
