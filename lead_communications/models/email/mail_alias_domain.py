from odoo import api, models

from .received_mail import ReceivedMail


class MailAliasDomain(models.Model):
    _inherit = "mail.alias.domain"

    def write(self, vals):
        """Let the addresses of mailboxes follow their alias, when its domain is renamed."""
        if "name" not in vals:
            return super().write(vals)
        # sudo: mail.alias, lead.mailbox - its address is that of the alias
        aliases = self.env["mail.alias"].sudo().search([("alias_domain_id", "in", self.ids)])
        mailboxes = self.env["lead.mailbox"].sudo()._fed_by(aliases)
        before = mailboxes._alias_addresses()
        result = super().write(vals)
        mailboxes._follow_alias(before)
        return result

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
