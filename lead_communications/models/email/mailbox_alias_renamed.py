from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from ...tools.mail.reading import read

# Answers to what was sent from an address before it was renamed come in for years; names are few.
MOST_FORMER = 20


class LeadMailbox(models.Model):
    """The alias of a mailbox that is renamed: its address follows, and answers still come in."""

    _inherit = "lead.mailbox"

    former_addresses = fields.Text(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Addresses that the alias had before: answers to them still arrive here.",
    )

    @api.model
    def _fed_by(self, aliases):
        """Return the mailboxes that take what comes in for ``aliases``, archived ones too."""
        if not aliases or not self._has_aliases():
            return self.browse()
        mailboxes = self.with_context(active_test=False)
        return mailboxes.search([("alias_team_id.alias_id", "in", aliases.ids)])

    def _alias_addresses(self):
        """Return ``{mailbox: address of its alias}``, normalized; empty where there is none."""
        return {
            mailbox: email_normalize(mailbox.alias_team_id.alias_full_name or "") or ""
            for mailbox in self
        }

    def _follow_alias(self, before):
        """Let the addresses follow the aliases, where they were those.

        :param dict before: what :meth:`_alias_addresses` returned before the change.
        """
        for mailbox, address in self._alias_addresses().items():
            old = before[mailbox]
            if old and old != address:
                mailbox._note_former(old)
            # Another one is forwarded to the alias by a server of theirs: they know where.
            if address and address != old and email_normalize(mailbox.address) in (old, ""):
                mailbox.address = address
            elif address and mailbox._is_former(email_normalize(mailbox.address)):
                mailbox.address = address  # the alias was taken away for a while

    def _note_former(self, address):
        former = [one for one in self._former() if one != address]
        self.former_addresses = " ".join([*former, address][-MOST_FORMER:])
        self.env.registry.clear_cache()  # of _own_mailbox_addresses()

    def _former(self):
        return (self.former_addresses or "").split()

    def _is_former(self, address):
        return address in self._former()

    @api.model
    def _of_former_alias(self, raw, addresses, found):
        """Return the mailbox to whose former address an answer was sent, empty if none.

        Only an answer: the address is nobody's any more, and somebody else's may be meant.

        :param set addresses: to which ``raw`` was sent.
        :param found: ``(mailbox id, former addresses)`` of each mailbox.
        """
        boxes = [box for box, former in found if not addresses.isdisjoint((former or "").split())]
        refs = list(read(raw).references) if boxes else []
        known = refs and self.env.execute_query(
            SQL(
                """
                SELECT 1 FROM mail_message
                 WHERE message_id = ANY(%s) AND model IN ('crm.lead', 'lead.communication') LIMIT 1
                """,
                refs,
            )
        )
        return self.browse(boxes[:1] if known else [])

    # ---- HEALTH ----

    def _address_problem(self):
        """Return in words that no mailbox takes what customers answer to, if that is so."""
        if not self.alias_team_id:
            return False
        alias, address = self._alias_addresses()[self], email_normalize(self.address)
        if not alias:
            return self.env._(
                "The team “%(team)s” has no email alias any more: nobody takes what is sent to"
                " %(address)s.",
                team=self.alias_team_id.name,
                address=self.address,
            )
        if address == alias or not self._is_taken_by_nobody(address):
            return False
        return self.env._(
            "Answers go to %(address)s, which no mailbox receives: the alias of the team is "
            "%(alias)s.",
            address=self.address,
            alias=alias,
        )

    def _is_taken_by_nobody(self, address):
        """Tell whether an address is one of Odoo's own domains, and of nothing that takes mail."""
        name, _at, domain = (address or "").rpartition("@")
        domains = self.env["mail.alias.domain"].search([("name", "=ilike", domain)])
        if not domains:
            return self._is_former(address)  # of a domain that was renamed
        aliases = self.env["mail.alias"].search([("alias_name", "=", name)])
        if any(one.alias_incoming_local or one.alias_domain_id in domains for one in aliases):
            return False
        if name in domains.mapped("catchall_alias"):
            return False
        others = self.search([("server_id", "!=", False), ("mode", "!=", "off")])
        return address not in {email_normalize(one.address) for one in others}
