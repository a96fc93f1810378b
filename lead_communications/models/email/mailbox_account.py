from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import email_normalize, formataddr, ormcache

from ...tools.mail.sender import sender_addresses


class LeadMailbox(models.Model):
    """A mailbox as an account: its members, and nobody else, write emails under its address."""

    _inherit = "lead.mailbox"

    def _sender(self, user):
        """Return the From of an email that ``user`` writes as the mailbox; empty without one."""
        return formataddr((user.name, self.address)) if self else ""

    def _filtered_answering(self):
        """Return ``self``, if it is one of the user's, as which we can send; else none."""
        if self.env.user not in self.member_ids:
            return self.browse()
        # sudo: ir.mail_server - whether one sends for the address; its settings stay hidden
        servers = self.env["ir.mail_server"].sudo().search([("from_filter", "!=", False)])
        if any(server._match_from_filter(self.address, server.from_filter) for server in servers):
            return self
        return self.browse()

    @api.model
    def _of_address(self, sender):
        """Return the mailbox whose mail we take in at the address of ``sender``, if any."""
        return self.browse(self._account_ids().get(email_normalize(sender or "")))

    @api.model
    @ormcache()
    def _account_ids(self):
        """Return ``{address: id}`` of the mailboxes whose mail we take in.

        Kept, because each notification of each lead asks for one.
        """
        # sudo: lead.mailbox - the addresses to which customers write; only they are kept
        mailboxes = self.sudo().with_context(active_test=True).search([("mode", "!=", "off")])
        return {email_normalize(one.address): one.id for one in reversed(mailboxes)}

    @api.model
    def _may_send_as(self, sender, own=""):
        """Tell whether the user may write under all addresses of ``sender``, a From header.

        Whose address it is in Odoo does not matter: people set their own themselves.

        :param own: an address that is not looked at, where nothing goes out.
        """
        addresses = sender_addresses(sender or "") - sender_addresses(own or "")
        if not addresses:
            return True
        # sudo: lead.mailbox - who may use which; only the answer is given
        of_others = [("member_ids", "not in", self.env.user.ids)]
        mailboxes = self.sudo().with_context(active_test=False).search(of_others)
        return not addresses & set().union(*(sender_addresses(box.address) for box in mailboxes))

    @api.model
    def _check_send_as(self, sender, own=""):
        """Check that the user may write under the address of ``sender``.

        :param own: see :meth:`_may_send_as`.
        :raise AccessError: it is that of a mailbox of others.
        """
        if not self._may_send_as(sender, own):
            raise AccessError(
                self.env._(
                    "“%(sender)s” is a mailbox of others: only its members write emails under its"
                    " address.",
                    sender=sender,
                )
            )

    @api.model
    def _check_goes_out(self, message, recipients):
        """Check that the user may send ``message`` to those of the recipients who are outside.

        :param recipients: whom Odoo notifies by email.
        :raise AccessError: as for :meth:`_check_send_as`.
        """
        if not self.env.su and any(recipient["share"] for recipient in recipients):
            self._check_send_as(message.email_from)
