from odoo import models

from .pbx_folder import FOLDER_TYPE


class LeadCommunicationFailure(models.Model):
    _inherit = "lead.communication.failure"

    def _process(self):
        if self.type != "call":
            return super()._process()
        if self.content_type == FOLDER_TYPE:
            return self.pbx_id._check_folder()
        return self.pbx_id._receive(self._raw_bytes(), self.content_type, self.create_date)
