import textwrap

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import html2plaintext

from ..communication.inbox import PREVIEW_LENGTH
from ..communication.lead_communication import QUIET

# Of a chat, how much stands in the history of the lead; all of it is in the conversation.
CHAT_MESSAGES = 30
CHAT_LENGTH = 4000
NOT_DELIVERED = ("bounce", "exception", "canceled")


class LeadCommunication(models.Model):
    """SMS that are sent from a lead, and chats that leads come from, are in the lead's history.

    Neither module need be there: what there is is recorded. Nobody changes what was written.
    """

    _inherit = "lead.communication"

    chat_channel_id = fields.Many2one(
        comodel_name="discuss.channel",
        string="Conversation",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The live chat that the lead came from.",
    )
    is_recorded = fields.Boolean(
        readonly=True, copy=False, help="It was sent through the system, and stays as it was."
    )
    is_chat_readable = fields.Boolean(compute="_compute_is_chat_readable")
    delivery_failure = fields.Char(
        string="Not Delivered",
        compute="_compute_delivery_failure",
        help="Why an SMS did not reach anybody.",
    )

    @api.depends("chat_channel_id")
    @api.depends_context("uid")
    def _compute_is_chat_readable(self):
        for row in self:
            # sudo: which conversation it is; it is opened only by those who may read it
            channel = row.sudo().chat_channel_id.sudo(False)
            row.is_chat_readable = bool(channel) and channel.has_access("read")

    @api.depends("mail_message_id.notification_ids.notification_status")
    @api.depends_context("lang")
    def _compute_delivery_failure(self):
        failure_type = self.env["mail.notification"]._fields["failure_type"]
        failures = dict(failure_type._description_selection(self.env))
        for row in self:
            # sudo: mail.notification - whether the message of this row arrived
            notices = row.sudo().mail_message_id.notification_ids if row.type == "message" else []
            failed = [one for one in notices if one.notification_status in NOT_DELIVERED]
            reasons = [
                failures.get(one.failure_type) or one.failure_reason or self.env._("Unknown error")
                for one in failed
            ]
            row.delivery_failure = ", ".join(dict.fromkeys(reasons)) or False

    # ---- SMS ----

    @api.model
    def _record_sms(self, messages):
        """Give the SMS that were sent from leads their rows in the history of the leads."""
        # sudo: rows are written by the system alone; the messages are on the leads already
        messages = messages.sudo()
        leads = self.env["crm.lead"].sudo().browse(messages.mapped("res_id"))
        values = [
            self._message_values(lead, message.body)
            | {
                "subject": self.env._("SMS"),
                "direction": "outgoing",
                "date": message.date,
                "user_id": message.author_id.user_ids.filtered(lambda user: not user.share)[:1].id,
                "number": lead.phone,
                "mail_message_id": message.id,
            }
            for lead, message in zip(leads, messages, strict=True)
        ]
        # sudo: as above
        self.sudo().with_context(**QUIET).create(values)

    @api.model
    def _message_values(self, lead, text):
        """Return what the row of a message on ``lead`` takes from the lead, and its text."""
        plain = html2plaintext(text or "", include_references=False)
        return self._complete_event_values(
            lead,
            {
                "type": "message",
                "state": "done",
                "is_recorded": True,
                "contact_name": lead.contact_name or lead.partner_id.name,
                "phone_sanitized": lead.phone_sanitized,
                "email_normalized": lead.email_normalized,
                "description": text,
                "preview": textwrap.shorten(plain, PREVIEW_LENGTH),
            },
        )

    # ---- LIVE CHAT ----

    @api.model
    def _record_chats(self, leads):
        """Give the live chats that ``leads`` came from their rows, once."""
        # sudo: rows are written by the system alone, and a visitor has no rights; the readers of
        # the lead are shown the beginning of the chat, as they are by Odoo
        leads = leads.sudo()
        rows = self.sudo().search(
            [("lead_id", "in", leads.ids), ("chat_channel_id", "in", leads.origin_channel_id.ids)]
        )
        known = {(row.lead_id, row.chat_channel_id) for row in rows}
        self.sudo().with_context(**QUIET).create(
            [
                self._chat_values(lead)
                for lead in leads
                if lead.origin_channel_id and (lead, lead.origin_channel_id) not in known
            ]
        )

    @api.model
    def _chat_values(self, lead):
        channel = lead.origin_channel_id
        messages = channel.message_ids.filtered(
            lambda message: message.message_type != "notification"
        ).sorted("id")
        start = messages[:1].date or channel.create_date
        operator = channel.livechat_operator_id.user_ids.filtered(lambda user: not user.share)
        return self._message_values(lead, self._chat_beginning(messages)) | {
            "subject": self.env._("Live chat"),
            "direction": "incoming",
            "date": start,
            "date_end": max(start, messages[-1:].date or start),
            "user_id": (operator[:1] or lead.user_id).id,
            "chat_channel_id": channel.id,
        }

    @api.model
    def _chat_beginning(self, messages):
        """Return the beginning of a chat as HTML: who said what."""
        lines = []
        left = CHAT_LENGTH
        for message in messages[:CHAT_MESSAGES]:
            text = html2plaintext(message.body or "", include_references=False).strip()
            if not text or left <= 0:
                continue
            author = message.author_id.name or message.author_guest_id.name or ""
            lines.append(Markup("<p><strong>%s:</strong> %s</p>") % (author, text[:left]))
            left -= len(text)
        if left <= 0 or len(messages) > CHAT_MESSAGES:
            lines.append(Markup("<p>…</p>"))
        return Markup().join(lines)

    # ---- ON SCREEN ----

    def action_open_chat(self):
        """Open the conversation, for those who may read it."""
        self.ensure_one()
        self.check_access("read")
        # sudo: which conversation it is
        channel = self.sudo().chat_channel_id.sudo(False)
        if not channel:
            raise UserError(self.env._("The conversation does not exist any more."))
        channel.check_access("read")
        return {
            "type": "ir.actions.client",
            "tag": "mail.action_discuss",
            "context": {"active_id": channel.id},
        }
