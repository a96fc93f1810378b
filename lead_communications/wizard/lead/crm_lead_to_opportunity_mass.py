from odoo import fields, models
from odoo.exceptions import RedirectWarning, UserError


class CrmLead2opportunityPartnerMass(models.TransientModel):
    """Leads that cannot be converted stop no others: they stay, and are named with the reason."""

    _inherit = "crm.lead2opportunity.partner.mass"

    refused_leads = fields.Text(readonly=True)

    def action_mass_convert(self):
        action = super().action_mass_convert()
        if not self.refused_leads:
            return action
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Some leads were not converted"),
                "message": self.refused_leads,
                "sticky": True,
                "next": action,
            },
        }

    def _convert_and_allocate(self, leads, user_ids, team_id=False):
        refused = self._refused_leads(leads)
        self.refused_leads = "\n".join(f"{lead.name}: {text}" for lead, text in refused.items())
        convertible = leads - leads.browse().union(*refused)
        if refused and not convertible:
            raise UserError(self.refused_leads)
        return super()._convert_and_allocate(convertible, user_ids, team_id=team_id)

    def _refused_leads(self, leads):
        """Return ``{lead: why}`` of those whose new company cannot be created; the others have one.

        What Odoo does with the contact of each lead is done here before, and found done by it.
        """
        refused = {}
        for lead in leads.filtered(lambda one: one.is_new_company and one.active):
            try:
                with self.env.cr.savepoint():
                    self._convert_handle_partner(
                        lead, self.action, self.partner_id.id or lead.partner_id.id
                    )
            except (RedirectWarning, UserError) as error:
                refused[lead] = str(error.args[0]).partition("\n\n")[0]
        return refused
