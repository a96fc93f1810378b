from odoo import api, fields, models
from odoo.tools import str2bool

DATA_REQUIRED = "lead_communications.lead_data_required"


class CrmLead(models.Model):
    """What the form insists on: data of leads that are typed in.

    A lead from a call or an email is saved with what is known: see ``missing_data``. So is one that
    was there before something became mandatory: the form would refuse each of its buttons. What a
    lead has it does not lose again. Nothing here stops a lead that is created in another way.
    """

    _inherit = "crm.lead"

    is_data_required = fields.Boolean(compute="_compute_is_data_required")
    is_direction_asked = fields.Boolean(compute="_compute_is_direction_asked")
    is_direction_required = fields.Boolean(compute="_compute_is_direction_asked")

    # Not by the values themselves: emptied on the form, they are still required.
    @api.depends("active", "call_count", "email_count", "won_status")
    def _compute_is_data_required(self):
        # sudo: ir.config_parameter - one setting
        required = str2bool(
            self.env["ir.config_parameter"].sudo().get_param(DATA_REQUIRED, ""), False
        )
        for lead in self:
            lead.is_data_required = bool(required) and lead._is_required(
                lead._origin.source_id
                and (lead._origin.existing_company_id or lead._origin.is_new_company)
                and (lead._origin.partner_id or lead._origin.is_new_contact)
            )

    @api.depends("active", "call_count", "company_id", "email_count", "won_status")
    def _compute_is_direction_asked(self):
        companies = self.env["lead.sales.direction"].search_fetch([], ["company_id"])
        companies = {direction.company_id for direction in companies}
        no_company = self.env["res.company"]
        for lead in self:
            possible = {no_company, lead.company_id} if lead.company_id else companies
            lead.is_direction_asked = bool(companies & possible)
            lead.is_direction_required = lead.is_direction_asked and lead._is_required(
                lead._origin.direction_id
            )

    def _is_required(self, saved):
        """Tell whether the form insists on something, given whether it is ``saved`` already."""
        self.ensure_one()
        is_open = self.active and self.won_status == "pending"
        has_history = self.call_count or self.email_count
        return is_open and not has_history and bool(saved or not self._origin)
