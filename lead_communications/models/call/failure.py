from odoo import models


class LeadCommunicationFailure(models.Model):
    _inherit = "lead.communication.failure"

    def _process(self):
        if self.type != "call":
            return super()._process()
        return self.pbx_id._receive(self._raw_bytes(), self.content_type)
