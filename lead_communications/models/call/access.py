from odoo import api, models
from odoo.fields import Domain


class LeadCommunication(models.Model):
    """Whose the calls are that wait: one's own, and those of one's teams that nobody took."""

    _inherit = "lead.communication"

    @api.model
    def _queue_domain(self):
        user = self.env.user
        # What retention deleted is seen by nobody.
        calls = Domain("type", "=", "call") & Domain("is_purged", "=", False)
        if not user.has_group("sales_team.group_sale_salesman_all_leads"):
            # sudo: crm.team.member - the user's own memberships
            teams = user.sudo().crm_team_ids
            calls &= Domain("user_id", "=", user.id) | (
                Domain("user_id", "=", False) & Domain("team_id", "in", teams.ids)
            )
        return super()._queue_domain() | calls
