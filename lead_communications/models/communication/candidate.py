from collections import defaultdict
from dataclasses import dataclass, field

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import email_normalize

from ...tools import ranking
from ...tools.address import mailbox_index, mailbox_key, same_addresses
from ...tools.mail.company_domain import is_of_many


@dataclass
class Found:
    """The leads that one communication may belong to."""

    candidates: list = field(default_factory=list)
    #: Ids of those that the user may not see: to be counted, and never to be shown.
    hidden_ids: frozenset = frozenset()


class LeadCommunication(models.Model):
    """Which lead is it? See ``tools/ranking.py`` for the reasons and the order."""

    _inherit = "lead.communication"

    found_lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Lead Found",
        compute="_compute_found_lead_id",
        help="The linked lead; while there is none, the lead that fits best.",
    )
    found_reason = fields.Char(
        string="Why",
        compute="_compute_found_lead_id",
        help="Why the lead was found, or what there is to look at if none is certain.",
    )
    candidate_count = fields.Integer(
        string="Matching Leads", compute="_compute_found_lead_id", help="How many leads fit."
    )
    hidden_candidate_count = fields.Integer(
        string="Matching Leads of Others",
        compute="_compute_found_lead_id",
        help="How many leads fit that you may not see.",
    )

    # The last communications of a lead, of a number, of an address: without a sort.
    _lead_date_idx = models.Index("(lead_id, date DESC) WHERE lead_id IS NOT NULL")
    # The card: the newest of a type, and how many there are of each.
    _lead_type_date_idx = models.Index(
        "(lead_id, type, date DESC, id DESC) INCLUDE (state) WHERE lead_id IS NOT NULL"
    )
    _phone_lead_idx = models.Index("(phone_sanitized, date DESC) WHERE lead_id IS NOT NULL")
    _email_lead_idx = models.Index("(email_normalized, date DESC) WHERE lead_id IS NOT NULL")
    _email_mailbox_idx = models.Index(mailbox_index("email_normalized"))

    @api.depends(
        *("lead_id", "state", "number", "phone_sanitized", "email_normalized"),
        *("conversation_ref", "sent_by"),
    )
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_found_lead_id(self):
        found = self.filtered(lambda row: not row.lead_id)._find_leads()
        for row in self:
            row._assign_found(found.get(row.id) or Found())

    def _assign_found(self, leads):
        """Set the fields that say what was found, a ``Found``, for this row."""
        best = leads.candidates[0] if leads.candidates else None
        self.candidate_count = len(leads.candidates) or len(self.lead_id)
        self.hidden_candidate_count = len(leads.hidden_ids)
        self.found_lead_id = self.lead_id or (best and best.is_exact and best.lead_id)
        self.found_reason = best and self._candidate_reason(best)
        self.suggestion = self._suggest(leads)

    @api.model
    def _candidate_reason(self, candidate):
        """Return why the lead was found, in words of the user's language."""
        colleague = (
            self.env._("colleague at %(company)s", company=candidate.company)
            if candidate.company
            else self.env._("colleague at the same company")
        )
        texts = {
            "conversation": self.env._("same conversation"),
            "phone": self.env._("same number"),
            "email": self.env._("same address"),
            "earlier": self.env._("earlier call or email"),
            "contact": self.env._("same contact"),
            "colleague": colleague,
            "sender": self.env._("address of the sender"),
            "digits": self.env._("same last %(count)s digits", count=self._hint_digits()),
            "switchboard": self.env._("same switchboard"),
            "domain": self.env._("same company domain"),
        }
        reasons = ", ".join(texts[reason] for reason in candidate.telling_reasons)
        return reasons if candidate.is_exact else self.env._("maybe: %(reasons)s", reasons=reasons)

    def _find_candidates(self):
        """Return the leads that each row may belong to, the best first.

        One query for any number of rows. The user's record rules decide which leads they get.

        :return: ``{row id: [ranking.Candidate]}``; ``lead_id`` of a candidate is a plain id.
        """
        return {row_id: found.candidates for row_id, found in self._find_leads().items()}

    def _find_leads(self):
        """Return what was found for each row, what is hidden from the user too.

        :return: ``{row id: Found}``
        """
        keys_of_rows = {row: row._candidate_keys() for row in self}
        hits = defaultdict(list)
        for *key, reason, company, is_readable, lead in self._query_leads(keys_of_rows):
            hits[tuple(key)].append((reason, company, is_readable, lead))
        return {
            row.id: row._collect_leads([hit for key in keys for hit in hits.get(key, ())])
            for row, keys in keys_of_rows.items()
        }

    def _collect_leads(self, hits):
        """Return ``Found`` of the rows of :meth:`_query_leads` that belong to this row."""
        self.ensure_one()
        reasons, companies = defaultdict(set), {}
        leads, hidden_ids = {}, set()
        for reason, company, is_readable, lead in hits:
            lead_id = lead[0]
            if lead_id == self.lead_id.id:
                continue
            if not is_readable:
                hidden_ids.add(lead_id)
                continue
            leads[lead_id] = lead
            reasons[lead_id].add(reason)
            companies[lead_id] = companies.get(lead_id) or company
        candidates = [
            ranking.Candidate(*lead, frozenset(reasons[lead_id]), companies[lead_id] or "")
            for lead_id, lead in leads.items()
        ]
        return Found(ranking.rank(candidates), frozenset(hidden_ids))

    def _fitting_leads(self, found=None):
        """Return the open leads and the closed ones that are the counterpart's for certain.

        :param found: what :meth:`_find_candidates` returned for this row and others, if it did.
        """
        self.ensure_one()
        found = self._find_candidates() if found is None else found
        candidates = [candidate for candidate in found.get(self.id, []) if candidate.is_exact]
        leads = self.env["crm.lead"]
        return (
            leads.browse(candidate.lead_id for candidate in candidates if candidate.is_open),
            leads.browse(candidate.lead_id for candidate in candidates if not candidate.is_open),
        )

    def _has_open_lead(self):
        """Tell whether the user may see an open lead that is the counterpart's for certain."""
        self.ensure_one()
        # Who may not see it, or comes too late, is told so by the decision.
        if not self.has_access("read") or self.state != "ready":
            return False
        return bool(ranking.open_exact(self._find_candidates()[self.id]))

    def _merge_found(self):
        """Return ``Found`` of all rows in ``self`` together, and the one lead that they all have.

        :return: ``(Found, lead id or False)``; the lead is the only exact open one of each row.
        """
        found = self._find_leads()
        only = {
            candidate and candidate.lead_id
            for candidate in (ranking.only_open(leads.candidates) for leads in found.values())
        }
        merged = Found(
            ranking.merge(leads.candidates for leads in found.values()),
            frozenset().union(*(leads.hidden_ids for leads in found.values())),
        )
        return merged, only.pop() if len(only) == 1 else False

    # ---- WHAT TO LOOK FOR ----

    def _candidate_keys(self):
        """Return by what the leads of this row are found: ``[(kind, value, company id)]``."""
        self.ensure_one()
        own, own_domains = self._own_addresses_and_domains()
        keys = []
        if self._is_later_in_conversation():
            keys.append(("conversation", self.conversation_ref))
        keys += self._number_keys()
        address_of = self._counterpart_address()
        sender = email_normalize(self.sent_by or "", strict=False)
        for kind, address in (
            ("email", address_of),
            ("sender", sender if sender != address_of else None),
        ):
            domain = (address or "").rpartition("@")[2]
            if domain and address not in own and domain not in own_domains:
                spellings = same_addresses(address)
                keys += [(kind, spelling) for spelling in spellings]
                if kind == "email" and (mailbox := mailbox_key(address)):
                    keys.append(("mailbox", mailbox))
                elif kind == "email" and not is_of_many(domain):
                    keys += [("domain", spelling) for spelling in spellings]
        return [(*key, self.company_id.id) for key in keys]

    @api.model
    def _own_addresses_and_domains(self):
        """Return the addresses and the domains that are ours, no customer's; for extension."""
        return frozenset(), frozenset()

    def _is_later_in_conversation(self):
        """Tell whether the email answers another one."""
        return bool(self.conversation_ref) and self.conversation_ref != self.message_ref

    @api.model
    def _contact_domain(self, numbers, emails):
        """Return the domain of records, leads or partners, with one of the numbers or addresses."""
        domains = []
        if numbers:
            domains.append(Domain("phone_sanitized", "in", sorted(numbers)))
        if emails:
            spellings = {spelling for email in emails for spelling in same_addresses(email)}
            domains.append(Domain("email_normalized", "in", sorted(spellings)))
        return Domain.OR(domains)
