from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import ranking
from ...tools.address import mailbox_sql

# So many leads of one number, address or company are looked at, and so many earlier communications;
# each key has its own limit, so a number that hundreds share takes nothing from the others.
CANDIDATE_LIMIT = 200
# Hints beyond this number are none.
HINT_LIMIT = 20


class LeadCommunication(models.Model):
    """The one query that finds the leads of any number of communications."""

    _inherit = "lead.communication"

    @api.model
    def _query_leads(self, keys_of_rows):
        """Return the leads of all keys, with what the order needs, by one query.

        It runs beside the ORM, because the ORM cannot ask for the leads of many keys each with its
        own limit. Each branch is one look-up in an index for a key.

        :return: rows of kind, value, company id (the key), reason, company name, whether the user
            may read the lead, and a tuple of the first fields of ``ranking.Candidate``.
        """
        values = defaultdict(set)
        for kind, value, company_id in {key for keys in keys_of_rows.values() for key in keys}:
            values[kind].add((value, company_id))
        branches = [
            self._branch_sql(keys, source)
            for reasons, source in self._candidate_sources()
            if (
                keys := sorted(
                    (kind, *value, reason)
                    for kind, reason in reasons.items()
                    for value in values[kind]
                )
            )
        ]
        if not branches:
            return []
        self._flush_for_candidates()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT hit.kind, hit.value, hit.company_id, hit.reason, hit.company, known.*
                  FROM (%(branches)s) hit,
                LATERAL (
                    SELECT %(is_readable)s, lead.id,
                           CASE WHEN lead.won_status = 'pending' AND NOT lead.active THEN 'lost'
                                ELSE COALESCE(lead.won_status, 'pending') END,
                           CASE WHEN lead.user_id = %(uid)s THEN 0
                                WHEN lead.team_id IN (
                                    SELECT crm_team_id FROM crm_team_member
                                     WHERE user_id = %(uid)s AND active
                                ) THEN 1 ELSE 2 END,
                           COALESCE((
                               SELECT sequence FROM crm_stage WHERE id = lead.stage_id
                           ), 0),
                           (
                               SELECT date FROM lead_communication
                                WHERE lead_id = lead.id AND state = 'done'
                                ORDER BY date DESC LIMIT 1
                           )
                      FROM crm_lead lead WHERE lead.id = hit.lead_id
                     -- A join would let a wrong estimate read all leads there are.
                     LIMIT 1
                ) known
                """,
                is_readable=self._readable_sql("crm.lead", SQL("lead.id")),
                uid=self.env.uid,
                branches=SQL(" UNION ALL ").join(branches),
            )
        )
        return [(*row[:6], row[6:]) for row in rows]

    @api.model
    def _branch_sql(self, keys, source):
        """Return the SQL of the leads that one way of looking finds for each of ``keys``.

        What the user has to see survives the limit: their own leads, the open and the new ones.

        :param keys: ``[(kind, value, company id, reason)]``, all reasons hints or none.
        """
        kinds, values, companies, reasons = (list(column) for column in zip(*keys, strict=True))
        return SQL(
            """
            (SELECT key.kind, key.value, key.company_id, key.reason, found.company, found.lead_id
               FROM unnest(%(kinds)s, %(values)s, %(companies)s, %(reasons)s)
                    AS key (kind, value, company_id, reason),
            LATERAL (
                SELECT lead.id AS lead_id, source.company
                  FROM (%(source)s) source
                  JOIN crm_lead lead ON lead.id = source.lead_id
                 WHERE lead.company_id IS NULL OR lead.company_id = key.company_id
                 ORDER BY lead.user_id IS NOT DISTINCT FROM %(uid)s DESC,
                       lead.won_status = 'pending' AND lead.active DESC, lead.id DESC
                 LIMIT %(limit)s
            ) found)
            """,
            kinds=kinds,
            values=values,
            companies=companies,
            reasons=reasons,
            source=source,
            uid=self.env.uid,
            limit=HINT_LIMIT if reasons[0] in ranking.POSSIBLE_REASONS else CANDIDATE_LIMIT,
        )

    @api.model
    def _candidate_sources(self):
        """Return the ways to look for leads: ``[({kind of key: reason}, SQL)]``.

        The SQL gives ``lead_id`` and ``company`` (a name, or NULL) for ``key.value``. Contacts and
        addresses of our own people and companies are left out: they are no counterpart.
        """
        of_mailbox, party_of_mailbox = self._mailbox_sql(), self._mailbox_sql("party")
        same_address = SQL("party.email_normalized = key.value")
        return [
            ({"conversation": "conversation"}, self._earlier_sql("conversation_ref")),
            *self._number_sources(),
            ({"email": "email"}, self._address_sql(SQL("email_normalized = key.value"))),
            ({"email": "earlier"}, self._earlier_sql("email_normalized")),
            ({"email": "contact"}, self._contact_sql(same_address)),
            ({"email": "colleague"}, self._colleague_sql(same_address)),
            ({"mailbox": "email"}, self._address_sql(of_mailbox, party_of_mailbox)),
            ({"mailbox": "earlier"}, self._earlier_sql("email_normalized", of_mailbox)),
            ({"mailbox": "contact"}, self._contact_sql(party_of_mailbox)),
            ({"sender": "sender"}, self._address_sql(SQL("email_normalized = key.value"))),
            ({"domain": "domain"}, self._address_sql(self._domain_sql())),
        ]

    @api.model
    def _column_sql(self, condition):
        return SQL("SELECT id AS lead_id, NULL AS company FROM crm_lead WHERE %s", condition)

    @api.model
    def _mailbox_sql(self, table=None):
        """Return the condition that an address is of the same mailbox at its provider."""
        column = f"{table}.email_normalized" if table else "email_normalized"
        key, condition = mailbox_sql(column)
        return SQL("%s AND %s = key.value", SQL(condition), SQL(key))  # pylint: disable=sql-injection

    @api.model
    def _domain_sql(self):
        return SQL("email_domain_criterion = '@' || split_part(key.value, '@', 2)")

    @api.model
    def _address_sql(self, condition, party_condition=None):
        """Return the leads of the condition, unless the address is that of one of our people.

        :param party_condition: how the address of a contact is compared, else as it is.
        """
        return SQL(
            """
            %s AND NOT EXISTS (
                SELECT FROM res_partner party
                 WHERE %s AND %s
            )
            """,
            self._column_sql(condition),
            party_condition or SQL("party.email_normalized = key.value"),
            self._is_ours_sql(),
        )

    @api.model
    def _earlier_sql(self, column, condition=None):
        """Return the leads on which earlier communications with the same value were put.

        :param condition: what they have in common, else the value of ``column`` itself.
        """
        return SQL(
            """
            SELECT DISTINCT lead_id, NULL AS company FROM (
                SELECT lead_id FROM lead_communication
                 WHERE %s AND lead_id IS NOT NULL
                 ORDER BY date DESC LIMIT %s
            ) earlier
            """,
            condition or SQL("%s = key.value", SQL.identifier(column)),
            CANDIDATE_LIMIT,
        )

    @api.model
    def _contact_sql(self, condition):
        """Return the leads of the contacts ``party`` of the condition."""
        return SQL(
            """
            SELECT of_party.id AS lead_id, NULL AS company
              FROM %s party
              JOIN crm_lead of_party ON of_party.partner_id = party.id
            """,
            self._party_sql(condition),
        )

    @api.model
    def _company_sql(self, condition):
        """Return the leads of the contacts ``party`` and of all of their companies."""
        return SQL(
            """
            SELECT DISTINCT of_mate.id AS lead_id, NULL AS company
              FROM %s party
              JOIN res_partner mate ON mate.commercial_partner_id = party.commercial_partner_id
              JOIN crm_lead of_mate ON of_mate.partner_id = mate.id
             WHERE mate.id = party.id OR EXISTS (
                SELECT FROM res_partner firm
                 WHERE firm.id = party.commercial_partner_id AND firm.is_company
             )
            """,
            self._party_sql(condition),
        )

    @api.model
    def _colleague_sql(self, condition):
        """Return the leads of the contact's company and of its other contacts."""
        return SQL(
            """
            SELECT of_mate.id AS lead_id, CASE WHEN %(is_readable)s THEN firm.name END AS company
              FROM %(parties)s party
              JOIN res_partner firm ON firm.id = party.commercial_partner_id AND firm.is_company
              JOIN res_partner mate ON mate.commercial_partner_id = firm.id AND mate.id != party.id
              JOIN crm_lead of_mate ON of_mate.partner_id = mate.id
            """,
            is_readable=self._readable_sql("res.partner", SQL("firm.id")),
            parties=self._party_sql(condition),
        )

    @api.model
    def _party_sql(self, condition):
        """Return the contacts of the condition, none of ours, before anything else is looked up."""
        return SQL(
            """(
                SELECT party.id, party.commercial_partner_id FROM res_partner party
                 WHERE %s AND NOT %s LIMIT %s
            )""",
            condition,
            self._is_ours_sql(),
            CANDIDATE_LIMIT,
        )

    @api.model
    def _is_ours_sql(self):
        """Return the condition that the contact ``party`` is one of our people or companies."""
        return SQL(
            """(
                EXISTS (
                    SELECT FROM res_users
                     WHERE partner_id = party.id AND active AND share IS NOT TRUE
                ) OR EXISTS (
                    SELECT FROM res_company WHERE partner_id = party.commercial_partner_id
                )
            )"""
        )

    @api.model
    def _readable_sql(self, model, record_id):
        """Return the condition that the user may read the record, by all rules of its model."""
        if self.env.su:
            return SQL("TRUE")
        query = self.env[model]._search(Domain.TRUE, active_test=False)
        if query.is_empty():
            return SQL("FALSE")
        query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), record_id))
        return SQL("EXISTS %s", query.subselect(SQL.identifier(query.table, "id")))

    @api.model
    def _flush_for_candidates(self):
        for model, names in {
            "crm.lead": [
                *("phone_sanitized", "phone_keys", "email_normalized", "email_domain_criterion"),
                *("partner_id", "company_id", "user_id", "team_id", "won_status", "active"),
                "stage_id",
            ],
            "res.partner": [
                *("phone_sanitized", "phone_keys", "email_normalized", "commercial_partner_id"),
                *("is_company", "name"),
            ],
            "crm.stage": ["sequence"],
            "res.users": ["partner_id", "share", "active"],
            "crm.team.member": ["user_id", "crm_team_id", "active"],
            "lead.communication": [
                *("phone_sanitized", "email_normalized", "conversation_ref", "lead_id"),
                *("date", "state"),
            ],
        }.items():
            self.env[model].flush_model(names)
