from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()  # of lead.pbx._switchboard(), which refers to teams
        return result
