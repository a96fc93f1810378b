from odoo import models


class MailAlias(models.Model):
    _inherit = "mail.alias"

    def write(self, vals):
        """Let the addresses of mailboxes follow their alias, when it is renamed."""
        if not vals.keys() & {"alias_name", "alias_domain_id"}:
            return super().write(vals)
        # sudo: lead.mailbox - its address is that of the alias
        mailboxes = self.env["lead.mailbox"].sudo()._fed_by(self)
        before = mailboxes._alias_addresses()
        result = super().write(vals)
        mailboxes._follow_alias(before)
        return result
