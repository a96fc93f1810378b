from odoo import api, fields, models

DATA_REQUIRED = "lead_communications.lead_data_required"


class CrmLead(models.Model):
    """What the form insists on. Nothing here stops a lead that is created in another way."""

    _inherit = "crm.lead"

    is_data_required = fields.Boolean(compute="_compute_is_data_required")
    is_direction_asked = fields.Boolean(compute="_compute_is_direction_asked")
    is_direction_required = fields.Boolean(compute="_compute_is_direction_asked")

    @api.depends("active", "call_count", "email_count", "won_status")
    def _compute_is_data_required(self):
        """A lead from a call or an email is saved with what is known: see ``missing_data``."""
        # sudo: ir.config_parameter - one setting
        required = self.env["ir.config_parameter"].sudo().get_param(DATA_REQUIRED)
        for lead in self:
            lead.is_data_required = bool(required) and lead._is_typed_and_open()

    def _is_typed_and_open(self):
        self.ensure_one()
        has_history = self.call_count or self.email_count
        return self.active and self.won_status == "pending" and not has_history

    @api.depends("active", "call_count", "company_id", "email_count", "won_status")
    def _compute_is_direction_asked(self):
        companies = self.env["lead.sales.direction"].search_fetch([], ["company_id"])
        companies = {direction.company_id for direction in companies}
        no_company = self.env["res.company"]
        for lead in self:
            possible = {no_company, lead.company_id} if lead.company_id else companies
            lead.is_direction_asked = bool(companies & possible)
            lead.is_direction_required = lead.is_direction_asked and lead._is_typed_and_open()
