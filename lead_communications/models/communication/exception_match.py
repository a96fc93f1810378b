from odoo import api, models
from odoo.tools import SQL, ormcache

from ...tools import exception_key
from .exception import PATTERN_GROUPS, WRITER_FIELDS


class LeadCommunicationException(models.Model):
    """Which communications fall under which exception."""

    _inherit = "lead.communication.exception"

    @api.model
    def _match(self, rows):
        """Return the exception that each of the communications falls under; one query for all.

        The exact one counts before the wide one, that before a pattern, and that of the company
        before that of all.

        :return: ``{row id: lead.communication.exception}``, without the rows that have none.
        """
        keys = {}
        for row in rows:
            names = (row.phone_sanitized, row.email_normalized, row.number)
            if row_keys := exception_key.exception_keys(*names):
                # Last, what patterns are compared with.
                keys[row.id] = [*row_keys, ("pattern", exception_key.party(*names))]
        if not keys:
            return {}
        known = self._find_keys(keys.values(), rows.company_id)
        matches = {}
        queues = {}
        for row in rows if known else ():
            for key in keys.get(row.id, ()):
                found = [known.get((*key, company_id)) for company_id in (row.company_id.id, False)]
                if exception := self._first_for(row, found, queues):
                    matches[row.id] = exception
                    break
        return matches

    @api.model
    def _first_for(self, row, found, queues):
        """Return the first of the exceptions that is for ``row``, by who added it.

        :param found: of each its id and the ids of who added it; None for no exception.
        :param queues: ``{user: domain of what they may decide}`` of those that were asked already.
        """
        for exception_id, user_ids in filter(None, found):
            people = self.env["res.users"].browse(user_ids)
            if not people or any(map(self._is_for_everything, people)):
                return self.browse(exception_id)
            for user in people:
                if user not in queues:
                    queues[user] = row.with_user(user)._queue_domain()
                # sudo: what others may decide; nothing of it is told
                if row.sudo().filtered_domain(queues[user]):
                    return self.browse(exception_id)
        return self.browse()

    @api.model
    def _is_for_everything(self, user):
        """Tell whether what ``user`` adds is for what others decide, too."""
        return user._is_superuser() or any(map(user.has_group, PATTERN_GROUPS))

    @api.model
    @ormcache()
    def _has_patterns(self):
        """Tell whether there is any pattern: most have none, and each call that comes in asks."""
        # sudo: which companies have some is told to nobody
        return bool(self.sudo().search_count([("kind", "=", "pattern")], limit=1))

    @api.model
    def _find_keys(self, keys, companies):
        """Return the active exceptions among ``keys``, lists of kinds and values.

        :return: ``{(kind, value, company id or False): (id, ids of who added it)}``, where the
            value of a pattern is the party that it fits.
        """
        pairs = {pair for row_keys in keys for pair in row_keys}
        values = sorted({value for kind, value in pairs if kind != "pattern"})
        parties = sorted({value for kind, value in pairs if kind == "pattern" and value})
        # Each call that comes in asks this: a search by the ORM takes as long as the rest.
        self.flush_model(
            ["active", "company_id", "kind", "like_pattern", "value_normalized", *WRITER_FIELDS]
        )
        people = SQL(
            """user_id, ARRAY(
                SELECT res_users_id FROM lead_communication_exception_user_rel
                WHERE lead_communication_exception_id = lead_communication_exception.id
            )"""
        )
        query = SQL(
            """
            SELECT kind, value_normalized, company_id, id, %s FROM lead_communication_exception
            WHERE active AND value_normalized = ANY(%s)
            AND (company_id IS NULL OR company_id = ANY(%s))
            """,
            people,
            values,
            companies.ids,
        )
        if parties and self._has_patterns():
            query = SQL(
                """
                %s UNION ALL (
                    SELECT kind, party, company_id, id, %s
                    FROM lead_communication_exception
                    JOIN unnest(%s::text[]) party ON party LIKE like_pattern
                    WHERE active AND kind = 'pattern'
                    AND (company_id IS NULL OR company_id = ANY(%s))
                    ORDER BY id DESC
                )
                """,
                query,
                people,
                parties,
                companies.ids,
            )
        found = self.env.execute_query(query)
        return {
            (*key, company_id or False): (id_, [*filter(None, [user_id]), *also_ids])
            for *key, company_id, id_, user_id, also_ids in found
        }
