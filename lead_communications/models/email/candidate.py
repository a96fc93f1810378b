from odoo import api, models


class LeadCommunication(models.Model):
    """By the addresses of our mailboxes no lead is found."""

    _inherit = "lead.communication"

    @api.model
    def _own_addresses_and_domains(self):
        addresses, domains = super()._own_addresses_and_domains()
        mailboxes = self.env["lead.mailbox"]
        return (
            addresses | set(mailboxes._own_mailbox_addresses()),
            domains | set(mailboxes._own_domains()),
        )
