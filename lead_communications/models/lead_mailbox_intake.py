import base64

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import email_normalize

from ..tools import mail


class LeadMailbox(models.Model):
    """Taking in one message, wherever it came from."""

    _inherit = "lead.mailbox"

    def _receive(self, raw, received_date=None, role="inbox"):
        """Put a received message where it belongs, once; return its row.

        An answer goes on the lead that it answers, everything else waits in the queue. A message
        that another mailbox received before is the same row, which both then see.

        :param bytes raw: the message as the server holds it.
        :param received_date: when the server received it, naive UTC.
        :param str role: that of the folder it lies in: ``inbox``, ``sent`` or ``spam``.
        :return: ``lead.communication``; empty when the host gave it to a record of another kind.
        """
        self.ensure_one()
        message_ref, content_hash = mail.message_id(raw), mail.content_hash(raw)
        # sudo: the gateway runs as the system
        Communication = self.env["lead.communication"].sudo()
        if row := Communication._find_received(message_ref, content_hash):
            row.mailbox_ids = [Command.link(self.id)]
            return row
        known = self.env["mail.message"].sudo().search([("message_id", "=", message_ref)], limit=1)
        if known and self._is_same_mail(known, raw):
            return Communication.search([("mail_message_id", "=", known.id)], limit=1)
        context = {
            "mailbox_id": self.id,
            "message_ref": message_ref,
            # Another mail with the id of a known one would be dropped by the host.
            "message_id": f"<{content_hash[:32]}@reused.lead-communications>"
            if known
            else message_ref,
            "content_hash": content_hash,
            "raw": base64.b64encode(raw),
            "received_date": received_date or fields.Datetime.now(),
            "role": role,
        }
        self.env["mail.thread"].with_company(self.company_id).with_context(
            lead_mail=context
        ).message_process("lead.communication", raw)
        return Communication._find_received(message_ref, content_hash)

    @api.model
    def _is_same_mail(self, message, raw):
        """Tell whether ``raw`` is a copy of ``message``, not another mail with its Message-ID."""
        if message.message_type != "email":
            return True  # written in Odoo: nobody else can know its id
        headers, _body = mail.split(raw)
        sender = headers.get(b"from", b"").decode("latin-1")
        row = self.env["lead.communication"].search_count(
            [("mail_message_id", "=", message.id), ("content_hash", "!=", False)], limit=1
        )
        return not row and email_normalize(sender) == email_normalize(message.email_from or "")
