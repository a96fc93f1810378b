from odoo import api, models

from ...tools.mail import identity

# All but what tells the email again when its mail server shows it anew: message_ref and the hashes.
FORGOTTEN_FIELDS = [
    "subject",
    "email_from",
    "email_to",
    "email_cc",
    "sent_by",
    "preview",
    "attachment_count",
    # It is no part of a conversation any more, and nothing can give it back.
    "conversation_ref",
    "automatic_sender",
    "evidence",
]


class LeadCommunication(models.Model):
    """What tells an email again after it was deleted: its mail server may show it anew."""

    _inherit = "lead.communication"

    @api.model
    def _retention_models(self):
        return [*super()._retention_models(), "lead.mailbox"]

    @api.model
    def _forgotten_fields(self):
        return [*super()._forgotten_fields(), *FORGOTTEN_FIELDS]

    def _purge(self):
        self._keep_header_hash()
        return super()._purge()

    def _keep_header_hash(self):
        """Keep what tells the emails again by their header, if that is all that is fetched."""
        for row in self:
            raw = row._original_bytes()
            if raw and not row.header_hash:
                row.header_hash = identity.header_hash(raw)
            # One original in the memory at a time.
            self.env["ir.attachment"].invalidate_model(["raw"])

    def _complete_purged(self, raw):
        """Know the rest of an email that was deleted from now on, and do not keep it."""
        self.with_context(tracking_disable=True).write(
            {
                "is_header_only": False,
                "message_ref": identity.message_id(raw),
                "content_hash": identity.content_hash(raw),
            }
        )
        return True
