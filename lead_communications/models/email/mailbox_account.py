from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, email_normalize_all, formataddr


class LeadMailbox(models.Model):
    """A mailbox as an account: its members, and nobody else, write emails under its address."""

    _inherit = "lead.mailbox"

    def _sender(self, user):
        """Return the From of an email that ``user`` writes as the mailbox; empty without one."""
        return formataddr((user.name, self.address)) if self else ""

    @api.model
    def _of_address(self, sender):
        """Return the mailbox whose mail we take in at the address of ``sender``, if any."""
        address = email_normalize(sender or "")
        mailboxes = self.search([("mode", "!=", "off")]) if address else self.browse()
        return mailboxes.filtered(lambda one: email_normalize(one.address) == address)[:1]

    @api.model
    def _may_send_as(self, sender):
        """Tell whether the user may write under all addresses of ``sender``, a From header."""
        addresses = set(email_normalize_all(sender or ""))
        addresses -= set(email_normalize_all(self.env.user.email or ""))
        if not addresses:
            return True
        # sudo: lead.mailbox - who may use which; only the answer is given
        of_others = [("member_ids", "not in", self.env.user.ids)]
        mailboxes = self.sudo().with_context(active_test=False).search(of_others)
        return not addresses & {email_normalize(mailbox.address) for mailbox in mailboxes}

    @api.model
    def _check_send_as(self, sender):
        """Check that the user may write under the address of ``sender``.

        :raise AccessError: it is that of a mailbox of others.
        """
        if not self._may_send_as(sender):
            raise AccessError(
                self.env._(
                    "“%(sender)s” is a mailbox of others: only its members write emails under its"
                    " address.",
                    sender=sender,
                )
            )
