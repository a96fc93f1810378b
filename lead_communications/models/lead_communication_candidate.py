from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import ranking

# A number or an address that more leads share than this (a reception, a test) says nothing.
CANDIDATE_LIMIT = 500


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    found_lead_id = fields.Many2one(
        comodel_name="crm.lead",
        string="Lead Found",
        compute="_compute_found_lead_id",
        help="The linked lead; while there is none, the lead that fits best.",
    )
    candidate_count = fields.Integer(
        string="Matching Leads", compute="_compute_found_lead_id", help="How many leads fit."
    )

    @api.depends("lead_id", "phone_sanitized", "email_normalized", "conversation_ref")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_found_lead_id(self):
        unlinked = self.filtered(lambda row: not row.lead_id)
        found = unlinked._find_candidates()
        for row in self:
            candidates = found.get(row.id, [])
            row.candidate_count = len(candidates) or len(row.lead_id)
            row.found_lead_id = row.lead_id or (candidates and candidates[0].lead_id)

    def _find_candidates(self):
        """Return the leads that each row may belong to, the best first.

        At most five queries for any number of rows; the user's record rules decide which leads he
        gets.

        :return: ``{row id: [ranking.Candidate]}``; ``lead_id`` of a candidate is a plain id.
        """
        numbers = set(filter(None, self.mapped("phone_sanitized")))
        emails = set(filter(None, self.mapped("email_normalized")))
        by_key = defaultdict(dict)
        self._index_conversations(by_key)
        if numbers or emails:
            partner_keys = self._candidate_partner_keys(numbers, emails)
            for lead in self._candidate_leads(numbers, emails, partner_keys):
                self._index_candidate(by_key, lead, numbers, emails, partner_keys)
        return {row.id: row._rank_candidates(by_key) for row in self}

    def _index_conversations(self, by_key):
        """File the leads on which earlier emails of the conversations are."""
        refs = {row.conversation_ref for row in self if row._is_later_in_conversation()}
        if not refs:
            return
        # sudo: only ids are used, to read the leads under the user's own rules
        earlier = self.sudo().search(
            [("conversation_ref", "in", list(refs)), ("lead_id", "!=", False)]
        )
        readable = earlier.lead_id.sudo(self.env.su)._filtered_access("read")
        for row in earlier.filtered(lambda row: row.lead_id.id in readable._ids):
            lead = readable.browse(row.lead_id.id)
            by_key["conversation", row.conversation_ref].setdefault(lead, set()).add("conversation")

    def _is_later_in_conversation(self):
        """Tell whether the email answers another one."""
        return bool(self.conversation_ref) and self.conversation_ref != self.message_ref

    def _candidate_partner_keys(self, numbers, emails):
        """Return ``{partner id: {("phone", number), ("email", address)}}`` of known contacts."""
        domain = self._contact_domain(numbers, emails)
        # sudo: res.partner - only ids are used, to find leads under the user's own rules
        partners = (
            self.env["res.partner"]
            .sudo()
            .search_fetch(domain, ["phone_sanitized", "email_normalized"], limit=CANDIDATE_LIMIT)
        )
        return {
            partner.id: {("phone", partner.phone_sanitized), ("email", partner.email_normalized)}
            for partner in partners
        }

    @api.model
    def _contact_domain(self, numbers, emails):
        """Return the domain of records, leads or partners, with one of the numbers or addresses."""
        domains = []
        if numbers:
            domains.append(Domain("phone_sanitized", "in", sorted(numbers)))
        if emails:
            domains.append(Domain("email_normalized", "in", sorted(emails)))
        return Domain.OR(domains)

    def _candidate_leads(self, numbers, emails, partner_keys):
        domain = self._contact_domain(numbers, emails)
        if partner_keys:
            domain |= Domain("partner_id", "in", sorted(partner_keys))
        return (
            self.env["crm.lead"]
            .with_context(active_test=False)
            .search_fetch(
                domain,
                [
                    "phone_sanitized",
                    "email_normalized",
                    "partner_id",
                    "won_status",
                    "active",
                    "user_id",
                    "team_id",
                    "company_id",
                    "write_date",
                ],
                order="id desc",
                limit=CANDIDATE_LIMIT,
            )
        )

    @api.model
    def _index_candidate(self, by_key, lead, numbers, emails, partner_keys):
        """File the lead under each number and address by which it was found, with the reason."""
        if lead.phone_sanitized in numbers:
            by_key["phone", lead.phone_sanitized].setdefault(lead, set()).add("phone")
        if lead.email_normalized in emails:
            by_key["email", lead.email_normalized].setdefault(lead, set()).add("email")
        for key in partner_keys.get(lead.partner_id.id, ()):
            by_key[key].setdefault(lead, set()).add("contact")

    def _rank_candidates(self, by_key):
        self.ensure_one()
        reasons = defaultdict(set)
        keys = (
            ("conversation", self.conversation_ref),
            ("phone", self.phone_sanitized),
            ("email", self.email_normalized),
        )
        for key in keys:
            for lead, why in by_key.get(key, {}).items() if key[1] else ():
                # A lead without a company belongs to all of them.
                if lead.company_id.id in (False, self.company_id.id):
                    reasons[lead] |= why
        user = self.env.user
        candidates = [
            ranking.Candidate(
                lead_id=lead.id,
                status=self._candidate_status(lead),
                user_id=lead.user_id.id or 0,
                team_id=lead.team_id.id or 0,
                date=lead.write_date,
                reasons=frozenset(why),
            )
            for lead, why in reasons.items()
        ]
        # sudo: crm.team.member - the user's own memberships
        return ranking.rank(candidates, user.id, set(user.sudo().crm_team_ids.ids))

    @api.model
    def _candidate_status(self, lead):
        """Return ``pending``, ``won`` or ``lost``; a lead that was only archived counts as lost."""
        if lead.won_status == "pending" and not lead.active:
            return "lost"
        return lead.won_status or "pending"
