from odoo import api, models

from .received_mail import GatewayMail

LEAD_MODELS = ("crm.lead", "lead.communication")
# What goes out as it is made; other messages when somebody outside is notified of them.
OUTGOING = ("email", "email_outgoing")


class MailMessage(models.Model):
    """What a user posts on a lead is their own: under no address of others, and never received.

    Nobody writes from a lead under the address of a mailbox of others, by whatever way. Only of
    leads: invoices and the like may go out under the same address, as they always did.
    """

    _inherit = "mail.message"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [
                self._lead_posted_values(values) if values.get("model") in LEAD_MODELS else values
                for values in vals_list
            ]
        return super().create(vals_list)

    def write(self, vals):
        # sudo: what a message stands on
        if (
            not self.env.su
            and (vals.get("email_from") or vals.get("message_type") == "email")
            and any(message.model in LEAD_MODELS for message in self.sudo())
        ):
            vals = self._lead_without_reception(vals)
            self.env["lead.mailbox"]._check_send_as(vals.get("email_from"))
        return super().write(vals)

    @api.model
    def _lead_posted_values(self, values):
        """Return the values of a message that the user posts.

        :raise AccessError: it would be under the address of a mailbox of others.
        """
        # What stays inside says who wrote it, also if their own address is that of a mailbox.
        goes_out = values.get("message_type") in OUTGOING
        own = "" if goes_out else self.env.user.email
        self.env["lead.mailbox"]._check_send_as(values.get("email_from"), own=own)
        return self._lead_without_reception(values)

    @api.model
    def _lead_without_reception(self, values):
        message_id = values.get("message_id")
        if values.get("message_type") != "email" or GatewayMail.bringing(self.env, message_id):
            return values
        return dict(values, message_type="comment")
