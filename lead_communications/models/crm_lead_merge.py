from odoo import models

from .lead_communication_activity import SYNC


class CrmLead(models.Model):
    """What is planned on merged leads comes to the one that is left, with its events."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        # The host moves activities and meetings, and then their events are moved along with the
        # rest of the history: not one by one.
        quiet = {SYNC: True}
        return super(CrmLead, self.with_context(**quiet))._merge_dependences(
            opportunities.with_context(**quiet)
        )
