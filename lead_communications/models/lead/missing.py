from odoo import api, fields, models
from odoo.tools import is_html_empty


class CrmLead(models.Model):
    """A lead that began with a call or an email: what is still to be asked."""

    _inherit = "crm.lead"

    missing_data = fields.Char(
        compute="_compute_missing_data",
        help="What matters and is not filled in yet, on an open lead with calls or emails.",
    )

    @api.depends(
        "active",
        "call_count",
        "contact_name",
        "description",
        "email_count",
        "email_from",
        "partner_id",
        "phone",
        "user_id",
        "won_status",
    )
    def _compute_missing_data(self):
        for lead in self:
            is_asked = lead.won_status == "pending" and lead.active
            has_history = lead.call_count or lead.email_count
            names = lead._missing_data() if is_asked and has_history else []
            lead.missing_data = ", ".join(names)

    def _missing_data(self):
        """Return the names of what is missing, in the user's language."""
        self.ensure_one()
        checks = (
            (self.contact_name or self.partner_id, self.env._("contact name")),
            (self.email_from or self.phone, self.env._("email or phone")),
            (self.user_id, self.env._("salesperson")),
            (not is_html_empty(self.description), self.env._("description")),
        )
        return [name for is_there, name in checks if not is_there]
