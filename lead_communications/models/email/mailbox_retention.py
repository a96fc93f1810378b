from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain


class LeadMailbox(models.Model):
    """How long a mailbox keeps what needed no lead."""

    _inherit = "lead.mailbox"

    retention_days = fields.Integer(
        string="Delete Ignored After",
        help="Days after the decision when an ignored email is deleted, with its attachments and"
        " its original. 0 keeps it for ever.",
    )

    _retention_days_check = models.Constraint(
        "CHECK (retention_days >= 0)", "Emails cannot be kept for a negative number of days."
    )

    def _expired_domain(self):
        """Return the domain of the ignored emails that this mailbox need not keep any longer.

        What another mailbox received too stays as long as the one of them that keeps it longest.
        """
        self.ensure_one()
        limit = fields.Datetime.now() - timedelta(days=self.retention_days)
        decided = Domain("decision_id", "!=", False) & Domain("decision_date", "<", limit)
        came_in = Domain("decision_id", "=", False) & Domain("create_date", "<", limit)
        keeps_longer = Domain("retention_days", "=", 0) | Domain(
            "retention_days", ">", self.retention_days
        )
        return (
            Domain("type", "=", "email")
            & Domain("state", "=", "ignored")
            & Domain("is_purged", "=", False)
            & Domain("mailbox_ids", "in", self.ids)
            & ~Domain("mailbox_ids", "any", keeps_longer)
            & (decided | came_in)
        )
