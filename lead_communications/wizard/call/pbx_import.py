from odoo import fields, models
from odoo.exceptions import UserError

from ...telephony.cdr_columns import MissingColumns
from ...telephony.payload import PayloadError


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
        taken = [self._import_file(attachment) for attachment in self.attachment_ids]
        self.attachment_ids.unlink()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if any(result.is_kept for result in taken) else "success",
                "message": self._result_message(taken),
                "sticky": any(result.is_kept for result in taken),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _import_file(self, attachment):
        try:
            return self.pbx_id._take_in(attachment.raw or b"", "text/csv")
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
