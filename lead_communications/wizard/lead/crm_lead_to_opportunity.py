from odoo import api, models


class CrmLead2opportunityPartner(models.TransientModel):
    """A new contact is created in the company that was chosen on the lead."""

    _inherit = "crm.lead2opportunity.partner"

    @api.depends("lead_id")
    def _compute_commercial_partner_id(self):
        result = super()._compute_commercial_partner_id()
        for convert in self.filtered(lambda one: not one.commercial_partner_id):
            # Which lead it is may be said by anybody.
            lead = convert.lead_id._origin.sudo(False)._filtered_access("read")
            convert.commercial_partner_id = lead.existing_company_id
        return result
