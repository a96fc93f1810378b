from odoo import api, models

from .received_mail import ReceivedMail


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    @api.model
    def _find_aliases(self, email_list):
        """The gateway asks several times about the addresses of one email: look them up once."""
        received = ReceivedMail.on_its_way(self.env)
        known = received and received.aliases
        if known is None:
            return super()._find_aliases(email_list)
        if not known.keys() >= set(email_list):
            asked = {email for email in (*email_list, *received.addresses) if email}
            found = set(super()._find_aliases(sorted(asked - known.keys())))
            known.update({email: email in found for email in asked - known.keys()})
        return [email for email in email_list if known.get(email)]
