from odoo import models


class LeadCommunicationFailure(models.Model):
    _inherit = "lead.communication.failure"

    def _wait_until_free(self, raw):
        if self.type == "email" and raw:
            self.mailbox_id._wait_for_leads(raw)

    def _process(self):
        if self.type != "email":
            return super()._process()
        return self.mailbox_id._receive_again(
            self._raw_bytes(), self.details or {}, self.create_date
        )
