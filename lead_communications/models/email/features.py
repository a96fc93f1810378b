from odoo import api, models


class LeadCommunication(models.Model):
    """Email is shown while there is a mailbox whose mail is ours."""

    _inherit = "lead.communication"

    @api.model
    def _connected(self, model):
        domain = super()._connected(model)
        return [*domain, ("mode", "!=", "off")] if model == "lead.mailbox" else domain
