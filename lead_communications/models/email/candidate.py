from odoo import api, models
from odoo.tools import email_normalize_all

from ...tools.address import same_addresses

# Of one email that are looked for.
RECIPIENT_LIMIT = 20


class LeadCommunication(models.Model):
    """By which addresses of an email its leads are found."""

    _inherit = "lead.communication"

    def _candidate_keys(self):
        """Look for the leads of everybody to whom one of us wrote, not of the first alone."""
        keys = super()._candidate_keys()
        if self.type != "email" or self.direction != "outgoing":
            return keys
        own, own_domains = self._own_addresses_and_domains()
        others = [
            address
            for address in email_normalize_all(f"{self.email_to or ''}, {self.email_cc or ''}")
            if address not in own and address.rpartition("@")[2] not in own_domains
        ]
        more = [
            ("email", spelling, self.company_id.id)
            for address in others[:RECIPIENT_LIMIT]
            for spelling in same_addresses(address)
        ]
        return [*keys, *(key for key in more if key not in keys)]

    @api.model
    def _own_addresses_and_domains(self):
        addresses, domains = super()._own_addresses_and_domains()
        mailboxes = self.env["lead.mailbox"]
        return (
            addresses | set(mailboxes._own_mailbox_addresses()),
            domains | set(mailboxes._own_domains()),
        )
