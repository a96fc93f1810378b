from odoo import api, fields, models

from ...tools import address
from ..lead.late_index import LateIndex


class ResPartner(models.Model):
    _inherit = "res.partner"

    communication_count = fields.Integer(
        string="Number of Communications",
        compute="_compute_communication_count",
        groups="sales_team.group_sale_salesman",
    )

    # Odoo searches contacts by both and has an index for neither: 140 ms at a million.
    _phone_sanitized_idx = LateIndex("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")
    _email_normalized_idx = LateIndex("(email_normalized) WHERE email_normalized IS NOT NULL")
    _email_mailbox_idx = LateIndex(address.mailbox_index("email_normalized"))

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_communication_count(self):
        for partner in self:
            partner.communication_count = self.env["lead.communication"].search_count(
                partner._communications_domain()
            )

    def _communications_domain(self):
        return [("history_partner_id", "=", self._origin.id), ("lead_id", "!=", False)]

    def action_open_communications(self):
        """Open what was said with the contact, or with the people of the company, on any lead."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_history_action"
        )
        name = self.env._("Communications")
        return action | {
            "name": name,
            "display_name": name,
            "domain": self._communications_domain(),
            "context": {"create": False},
        }
