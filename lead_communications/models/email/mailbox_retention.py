from odoo import fields, models
from odoo.fields import Domain


class LeadMailbox(models.Model):
    """How long a mailbox keeps what needed no lead."""

    _name = "lead.mailbox"
    _inherit = ["lead.mailbox", "lead.retention"]

    retention_days = fields.Integer(
        help="Days after the decision when an ignored email is deleted, with its attachments and"
        " its original. 0 keeps it for ever."
    )

    def _received_domain(self):
        """What another mailbox received too is kept by the one of them that keeps it longest."""
        keeps_longer = Domain("retention_days", "=", 0) | Domain(
            "retention_days", ">", self.retention_days
        )
        return (
            Domain("type", "=", "email")
            & Domain("mailbox_ids", "in", self.ids)
            & ~Domain("mailbox_ids", "any", keeps_longer)
        )
