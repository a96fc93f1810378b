from odoo import api, models

# What changed, and whose lists show it.
TYPE_GROUPS = {
    "call": "lead_communications.group_calls",
    "email": "lead_communications.group_emails",
}
CHANGED = "lead_communications.changed"


class LeadCommunication(models.Model):
    """What open lists are told at once: that they have changed.

    The word goes to groups of Odoo's bus, which nobody else can listen to, and holds nothing.
    """

    _inherit = "lead.communication"

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._announce_changes()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._announce_changes()
        return result

    def _announce_changes(self):
        """Tell open lists, once per transaction and when it is over, that they are out of date."""
        # sudo: lead.communication - only which kinds of rows changed
        types = TYPE_GROUPS.keys() & set(self.sudo().mapped("type"))
        if not types:
            return
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = set()
            precommit.add(self.browse()._send_changes)
        precommit.data[CHANGED] |= types

    @api.model
    def _send_changes(self):
        for name in sorted(self.env.cr.precommit.data.pop(CHANGED, ())):
            # Unlike env.ref() this costs no query once it is known.
            group_id = self.env["ir.model.data"]._xmlid_to_res_id(
                TYPE_GROUPS[name], raise_if_not_found=False
            )
            self.env["res.groups"].browse(group_id or [])._bus_send(
                "lead_communications/changed", {"types": [name]}
            )
