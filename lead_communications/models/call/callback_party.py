from collections import defaultdict

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from .callback import CALLBACK_FIELDS, MISSED, SETTLED_WITHIN

# A number that more leads have is nobody's in particular.
LEAD_LIMIT = 200


class LeadCommunication(models.Model):
    """With whom a call was: a party that may be known by several numbers.

    Two calls are with the same party if they are of one number, if they are on one lead, or if
    their numbers are those of one lead or contact: those that stand there, and those of earlier
    calls. The number of a switchboard, which several parties have, says that of none of them.
    """

    _inherit = "lead.communication"

    def _missed_numbers(self, oldest):
        """Return the numbers of missed calls since ``oldest`` of the parties of ``self``."""
        self.flush_model()
        self._flush_parties()
        is_missed = SQL(
            """call.type = 'call' AND call.date >= %s AND call.phone_sanitized IS NOT NULL AND (
                call.direction = 'incoming' AND call.result IN %s
                OR call.callback_activity_id IS NOT NULL)""",
            oldest,
            MISSED,
        )
        rows = self.env.execute_query(
            SQL(
                """
                WITH lead AS (
                    SELECT * FROM (%(leads)s LIMIT %(limit)s) of_number
                    UNION SELECT NULL, id, partner_id FROM crm_lead WHERE id = ANY(%(lead_ids)s)
                ), known AS (
                    SELECT unnest(%(numbers)s) AS number
                    UNION SELECT phone_sanitized FROM crm_lead JOIN lead ON lead_id = crm_lead.id
                    UNION SELECT phone_sanitized FROM res_partner
                          JOIN lead ON lead.partner_id = res_partner.id
                    UNION SELECT phone_sanitized FROM lead_communication earlier
                          JOIN lead ON lead.lead_id = earlier.lead_id
                )
                SELECT call.phone_sanitized FROM known
                  JOIN lead_communication call ON call.phone_sanitized = known.number
                 WHERE %(is_missed)s
                UNION
                SELECT call.phone_sanitized FROM lead
                  JOIN lead_communication call ON call.lead_id = lead.lead_id
                 WHERE %(is_missed)s
                """,
                leads=self._leads_of_numbers_sql(),
                limit=LEAD_LIMIT,
                lead_ids=self.lead_id.ids,
                numbers=list(set(self.mapped("phone_sanitized"))),
                is_missed=is_missed,
            )
        )
        return sorted(number for (number,) in rows)

    def _flush_parties(self):
        self.env["crm.lead"].flush_model(["phone_sanitized", "partner_id"])
        self.env["res.partner"].flush_model(["phone_sanitized"])

    def _leads_of_numbers_sql(self):
        """Return the SQL of the leads that have the numbers of ``self``: number, lead, contact."""
        numbers = list(set(self.mapped("phone_sanitized")) - {False})
        return SQL(
            """
            SELECT phone_sanitized AS number, id AS lead_id, partner_id FROM crm_lead
             WHERE phone_sanitized = ANY(%s)
            UNION
            SELECT contact.phone_sanitized, lead.id, lead.partner_id FROM res_partner contact
              JOIN crm_lead lead ON lead.partner_id = contact.id
             WHERE contact.phone_sanitized = ANY(%s)
            UNION
            SELECT earlier.phone_sanitized, lead.id, lead.partner_id
              FROM lead_communication earlier JOIN crm_lead lead ON lead.id = earlier.lead_id
             WHERE earlier.phone_sanitized = ANY(%s) AND earlier.lead_id IS NOT NULL
            """,
            numbers,
            numbers,
            numbers,
        )

    def _party_keys(self):
        """Return by what each of ``self`` is known: leads and contacts; one query.

        :return: ``{id: {("lead", id) and ("contact", id)}}``
        """
        self.flush_model(["phone_sanitized", "lead_id"])
        self._flush_parties()
        rows = self.env.execute_query(
            SQL(
                "%s UNION SELECT NULL, id, partner_id FROM crm_lead WHERE id = ANY(%s)",
                self._leads_of_numbers_sql(),
                self.lead_id.ids,
            )
        )
        keys, by_number, parties = {}, defaultdict(set), defaultdict(set)
        for number, lead_id, partner_id in rows:
            keys[lead_id] = {("lead", lead_id)} | (
                {("contact", partner_id)} if partner_id else set()
            )
            if number:
                by_number[number].add(lead_id)
                parties[number].add(("contact", partner_id) if partner_id else ("lead", lead_id))
        found = {}
        for call in self:
            lead_ids = set(call.lead_id.ids)
            if not lead_ids and len(parties[call.phone_sanitized]) == 1:
                lead_ids = by_number[call.phone_sanitized]
            found[call.id] = set().union(*(keys[lead_id] for lead_id in lead_ids))
        return found

    def _conversations_elsewhere(self):
        """Return the conversations with the parties of ``self`` by which they are known otherwise.

        A fixed number of queries.

        :return: ``{id of a missed call: [calls that were answered]}``
        """
        missed = self.filtered(lambda call: call._is_missed())
        keys = missed._party_keys()
        known = set().union(*keys.values())
        if not known:
            return {}
        leads = self.env["crm.lead"].with_context(active_test=False)
        domain = Domain("id", "in", [id_ for kind, id_ in known if kind == "lead"])
        domain |= Domain("partner_id", "in", [id_ for kind, id_ in known if kind == "contact"])
        leads = leads.search_fetch(domain, ["phone_sanitized", "partner_id"], limit=LEAD_LIMIT)
        numbers = {*leads.mapped("phone_sanitized"), *leads.partner_id.mapped("phone_sanitized")}
        earlier = self._read_group([("lead_id", "in", leads.ids)], ["phone_sanitized"])
        numbers |= {number for (number,) in earlier}
        answered = self.search_fetch(
            Domain("type", "=", "call")
            & Domain("result", "=", "answered")
            & Domain("company_id", "in", missed.company_id.ids)
            & Domain("date", ">=", min(missed.mapped("date")))
            & Domain("date", "<=", max(missed.mapped("date")) + SETTLED_WITHIN)
            & (
                Domain("lead_id", "in", leads.ids)
                | Domain("phone_sanitized", "in", list(numbers - {False}))
            ),
            CALLBACK_FIELDS,
            order="date, id",
        ).filtered(lambda call: call._is_conversation())
        others = answered._party_keys()
        return {
            call.id: [
                other
                for other in answered
                if other.company_id == call.company_id and keys[call.id] & others[other.id]
            ]
            for call in missed
        }
