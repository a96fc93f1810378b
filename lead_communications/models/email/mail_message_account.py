from odoo import api, models

LEAD_MODELS = ("crm.lead", "lead.communication")


class MailMessage(models.Model):
    """Nobody writes from a lead under the address of a mailbox of others, by whatever way.

    Only of leads: invoices and the like may go out under the same address, as they always did.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        for values in vals_list:
            if values.get("model") in LEAD_MODELS and not self.env.su:
                self.env["lead.mailbox"]._check_send_as(values.get("email_from"))
        return super().create(vals_list)

    def write(self, vals):
        # sudo: what a message stands on
        if (
            vals.get("email_from")
            and not self.env.su
            and any(message.model in LEAD_MODELS for message in self.sudo())
        ):
            self.env["lead.mailbox"]._check_send_as(vals["email_from"])
        return super().write(vals)
