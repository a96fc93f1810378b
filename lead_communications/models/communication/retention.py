from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.fields import Domain

from .backlog import work_off
from .snooze import SNOOZE_FIELDS

BATCH_SIZE = 200


class LeadRetention(models.AbstractModel):
    """What communications come in by, and how long it keeps those that needed no lead."""

    _name = "lead.retention"
    _description = "Retention of What Needed No Lead"

    retention_days = fields.Integer(string="Delete Ignored After")

    _retention_days_check = models.Constraint(
        "CHECK (retention_days >= 0)", "Nothing can be kept for a negative number of days."
    )

    def _expired_domain(self):
        """Return the domain of what was ignored and need not be kept any longer.

        The days count from the decision; without one, from when it came in.
        """
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(days=self.retention_days)
        decided = Domain("decision_id", "!=", False) & Domain("decision_date", "<", limit)
        came_in = Domain("decision_id", "=", False) & Domain("create_date", "<", limit)
        return (
            Domain("state", "=", "ignored")
            & Domain("is_purged", "=", False)
            & self._received_domain()
            & (decided | came_in)
        )

    def _received_domain(self):
        """Return the domain of what came in by this one, and is for no other one to keep."""
        raise NotImplementedError


class LeadCommunication(models.Model):
    """What was ignored is deleted when it has been kept for long enough, and never comes back.

    Mail servers show an email anew, and files of calls are imported again. So the row stays,
    without anything that tells of the counterpart or of what was written, and nobody sees it.
    """

    _inherit = "lead.communication"

    is_purged = fields.Boolean(
        string="Deleted", readonly=True, copy=False, help="Its content was deleted by retention."
    )

    _purge_idx = models.Index("(id) WHERE state = 'ignored' AND is_purged IS NOT TRUE")

    @api.model
    def _retention_models(self):
        """Return the names of the models that say how long they keep things; for extension."""
        return []

    @api.model
    def _forgotten_fields(self):
        """Return the names of the fields that retention empties; for extension."""
        return [
            *("contact_name", "number", "phone_sanitized", "email_normalized"),
            # What people and rules did about it.
            *("decision_id", "rule", *SNOOZE_FIELDS),
        ]

    @api.model
    def _cron_purge_ignored(self):
        """Delete what was ignored and need not be kept any longer."""
        rows = self.with_context(active_test=False)
        for name in self._retention_models():
            keepers = self.env[name].with_context(active_test=False)
            for keeper in keepers.search([("retention_days", ">", 0)]):
                expired = keeper._expired_domain()
                find = partial(rows.search, expired, limit=BATCH_SIZE)
                if not work_off(self.env, find, lambda found: found._purge()):
                    return

    def _purge(self):
        """Delete what was said and by whom; keep what tells it again when it is reported anew."""
        on_rows = Domain("res_id", "in", self.ids)
        self.env["mail.message"].search(Domain("model", "=", self._name) & on_rows).unlink()
        # Odoo leaves out the contents of fields, such as the original, unless asked for them.
        any_field = Domain("res_field", "=", False) | Domain("res_field", "!=", False)
        files = self.env["ir.attachment"].search(
            Domain("res_model", "=", self._name) & on_rows & any_field
        )
        files.unlink()
        self.with_context(tracking_disable=True).write(
            dict.fromkeys(self._forgotten_fields(), False) | {"is_purged": True}
        )
        self.invalidate_recordset()
