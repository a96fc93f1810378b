from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.mail import identity

BATCH_SIZE = 200
# All but what tells the email again when its mail server shows it anew: message_ref and the hashes.
FORGOTTEN_FIELDS = (
    "subject",
    "email_from",
    "email_to",
    "email_cc",
    "sent_by",
    "email_normalized",
    "contact_name",
    "preview",
    "attachment_count",
    # It is no part of a conversation any more, and nothing can give it back.
    "conversation_ref",
    "automatic_sender",
    "evidence",
    "decision_id",
    "rule",
)


class LeadCommunication(models.Model):
    """Ignored emails are deleted when their mailboxes say so, and never come back.

    The mail servers may keep them, and show them anew when their numbering changes. So the row
    stays, without anything of what was written and by whom, and nobody sees it.
    """

    _inherit = "lead.communication"

    is_purged = fields.Boolean(
        string="Deleted", readonly=True, copy=False, help="Its content was deleted by retention."
    )

    _purge_idx = models.Index("(id) WHERE state = 'ignored' AND is_purged IS NOT TRUE")

    @api.model
    def _cron_purge_ignored(self):
        """Delete the ignored emails that no mailbox keeps any longer."""
        mailboxes = self.env["lead.mailbox"].with_context(active_test=False)
        Communication = self.with_context(active_test=False)
        for mailbox in mailboxes.search([("retention_days", ">", 0)]):
            expired = mailbox._expired_domain()
            while emails := Communication.search(expired, limit=BATCH_SIZE):
                emails._purge()
                if not self.env["ir.cron"]._commit_progress(len(emails)):
                    return

    def _purge(self):
        """Delete what was written, by whom and to whom; keep what tells the email again."""
        on_rows = Domain("res_id", "in", self.ids)
        self._keep_header_hash()
        self.env["mail.message"].search(Domain("model", "=", self._name) & on_rows).unlink()
        # Odoo leaves out the contents of fields, such as the original, unless asked for them.
        any_field = Domain("res_field", "=", False) | Domain("res_field", "!=", False)
        files = self.env["ir.attachment"].search(
            Domain("res_model", "=", self._name) & on_rows & any_field
        )
        files.unlink()
        self.with_context(tracking_disable=True).write(
            dict.fromkeys(FORGOTTEN_FIELDS, False) | {"is_purged": True}
        )
        self.invalidate_recordset()

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
