from odoo import api, models


class CrmLead(models.Model):
    """SMS from the lead and the live chat that it came from are in its history.

    Odoo's modules for both need not be there: then there is nothing of the kind.
    """

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        if any(vals.get("origin_channel_id") for vals in vals_list):
            self.env["lead.communication"]._record_chats(leads)
        return leads

    def write(self, vals):
        result = super().write(vals)
        if vals.get("origin_channel_id"):
            self.env["lead.communication"]._record_chats(self)
        return result

    def _message_create(self, values_list):
        # Here and not when it is posted: SMS to many leads are only logged.
        messages = super()._message_create(values_list)
        if sms := messages.filtered(lambda message: message.message_type == "sms"):
            self.env["lead.communication"]._record_sms(sms)
        return messages
