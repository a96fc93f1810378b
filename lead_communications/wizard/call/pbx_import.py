from odoo import fields, models
from odoo.exceptions import UserError

from ...telephony.cdr_columns import MissingColumns
from ...telephony.payload import PayloadError

# Bytes of all files together that are taken in while the user waits: some thousands of rows, some
# seconds. An Odoo worker is stopped after a minute.
AT_ONCE = 1024 * 1024


class LeadPbxImport(models.TransientModel):
    """The upload of a telephone system's CDR files: history, and the calls of an outage."""

    _name = "lead.pbx.import"
    _description = "Import of Calls"
    _inherit = ["lead.references"]

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx", string="Telephone System", required=True, ondelete="cascade"
    )
    attachment_ids = fields.Many2many(comodel_name="ir.attachment", string="CDR Files (CSV)")

    def action_import(self):
        """Record the calls of the files and tell how many there were, how many of them new."""
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Choose a file first."))
        self.pbx_id.check_access("write")
        if sum(self.attachment_ids.mapped("file_size")) > AT_ONCE:
            return self._import_later()
        taken = [self._import_file(attachment) for attachment in self.attachment_ids]
        self.attachment_ids.unlink()
        is_kept = any(result.is_kept for result in taken)
        return self._notification(
            self._result_message(taken), "warning" if is_kept else "success", is_kept
        )

    def _import_later(self):
        """Let the scheduled job take the files in, and tell where to see how far it is."""
        names = self.attachment_ids.mapped("name")
        for attachment in self.attachment_ids:
            self._read_file(attachment, self._start_upload)
        self.attachment_ids.unlink()
        message = self.env._(
            "%(files)s: importing in the background. The telephone system shows the progress on "
            "its page Imports.",
            files=", ".join(names),
        )
        return self._notification(message, "info", True)

    def _start_upload(self, attachment):
        uploads = self.env["lead.pbx.upload"]
        return uploads._start(self.pbx_id, attachment.name, attachment.raw or b"")

    def _notification(self, message, kind, is_sticky):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": is_sticky,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _import_file(self, attachment):
        return self._read_file(
            attachment, lambda file: self.pbx_id._take_in(file.raw or b"", "text/csv")
        )

    def _read_file(self, attachment, read):
        """Return what ``read`` returns of a file; what is none of calls is refused in words."""
        try:
            return read(attachment)
        except PayloadError as error:
            raise UserError(
                self.env._(
                    "%(file)s: %(reason)s Nothing was imported.",
                    file=attachment.name,
                    reason=self._reason(error),
                )
            ) from error

    def _reason(self, error):
        """Return in the words of the user why a file cannot be read."""
        reasons = {
            "empty": self.env._("The file is empty."),
            "not_csv": self.env._("This is not a CSV file."),
        }
        if isinstance(error, MissingColumns):
            return self._missing_reason(error)
        return reasons.get(error.code, str(error))

    def _missing_reason(self, error):
        """Return what the file does not tell, and what its own columns are called."""
        meanings = {
            "start": self.env._("when the call began"),
            "src": self.env._("who called"),
            "dst": self.env._("who was called"),
            "disposition": self.env._("how the call ended"),
            "uniqueid": self.env._("which call a row is about"),
        }
        missing = [f"{meanings.get(name, name)} ({name})" for name in error.missing]
        return self.env._(
            "No column of it tells %(missing)s. Its columns are: %(found)s.",
            missing=", ".join(missing),
            found=", ".join(error.found),
        )

    def _result_message(self, taken):
        calls, created, broken = (
            sum(getattr(result, name) for result in taken)
            for name in ("calls", "created", "broken")
        )
        message = self.env._("%(calls)s calls read, %(created)s new.", calls=calls, created=created)
        if broken:
            message += " " + self.env._(
                "Rows that could not be read, and are kept under Failures: %(broken)s.",
                broken=broken,
            )
        elif any(result.is_kept for result in taken):
            message += " " + self.env._(
                "Some could not be recorded: they are kept under Failures, to be retried."
            )
        return message
