from odoo import api, models
from odoo.fields import Command


class LeadCommunication(models.Model):
    """Lists and tabs are there while a telephone system, a mailbox is connected."""

    _inherit = "lead.communication"

    @api.model
    def _sync_features(self):
        """Show Calls and Email to salespeople exactly while a PBX, a mailbox is connected."""
        # sudo: whoever connects a PBX or a mailbox decides by that alone who sees the menus
        salesman = self.env.ref("sales_team.group_sale_salesman").sudo()
        for xmlid, model in (("group_calls", "lead.pbx"), ("group_emails", "lead.mailbox")):
            group = self.env.ref(f"lead_communications.{xmlid}")
            connected = bool(self.env[model].sudo().search_count(self._connected(model), limit=1))
            if connected != (group in salesman.implied_ids):
                command = Command.link if connected else Command.unlink
                salesman.write({"implied_ids": [command(group.id)]})

    @api.model
    def _connected(self, _model):
        """Return the domain of the records of a model that are connected: a PBX, a mailbox."""
        return [("active", "=", True)]
