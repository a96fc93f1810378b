import json

from odoo import api, fields, models
from odoo.tools import SQL

from ...telephony.call_event import merge, merge_all
from ..communication.columns_of_others import add_values_of_others, complete_those_of_others
from .report_values import not_in_future, stored_event


class LeadCommunication(models.Model):
    """What was reported of any number of calls is recorded by a fixed number of statements."""

    _inherit = "lead.communication"

    @api.model
    def _record_calls(self, pbx, events):
        """Record what ``events`` report about calls of ``pbx``, with a fixed number of queries.

        Each call is one row, however often and in whatever order it is reported. What was decided
        about a call stays as it is: later reports change facts only. Of two requests that report
        the same new call at once, one ends in a serialization error, and Odoo runs it again.

        :param events: :class:`CallEvent` objects, several of one call as well.
        :return: the communications that were created, those that were changed.
        """
        calls = self._proven_calls(pbx, merge_all(events))
        # sudo: telephone systems report calls for people who hold no right to create any
        communications = self.sudo().with_context(tracking_disable=True)
        calls = communications._joined_calls(pbx, calls)
        switchboard = pbx._switchboard()
        created = communications._insert_calls(pbx, calls, switchboard)
        new = set(created.mapped("external_id"))
        known = communications._known_calls(
            pbx, {name: event for name, event in calls.items() if name not in new}
        )
        updated = communications._update_calls(known, switchboard)
        speaking = {call.id: calls[call.external_id] for call in created}
        speaking |= {stored["id"]: merged for stored, _before, merged in known}
        communications._note_speakers(speaking, [row["id"] for row, *_ in known], switchboard)
        if reported := created | updated:
            reported._run_steps("after_report")
            self.env.flush_all()
        return created.with_env(self.env), updated.with_env(self.env)

    def _insert_calls(self, pbx, calls, switchboard):
        """Record whole the calls that are not known yet, in one statement; return them."""
        now = fields.Datetime.now()
        rows = [
            self._new_call_values()
            | self._report_values(not_in_future(event), switchboard)
            | {
                "pbx_id": pbx.id,
                "external_id": name,
                "create_uid": self.env.uid,
                "create_date": now,
                "write_uid": self.env.uid,
                "write_date": now,
            }
            for name, event in calls.items()
        ]
        if not rows:
            return self.browse()
        others = add_values_of_others(self.with_company(pbx.company_id), rows)
        columns = SQL(", ").join(map(SQL.identifier, rows[0]))
        # Not logged when two reports of one call collide: it would be with who called, and it is
        # tried again.
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO lead_communication (%s) SELECT %s FROM %s
                ON CONFLICT DO NOTHING
                RETURNING id, external_id
                """,
                columns,
                columns,
                _as_table(rows),
            ),
            log_exceptions=False,
        )
        ids = {name: row_id for row_id, name in self.env.cr.fetchall()}
        created = self.browse(ids.values())
        self._remember(created, [row for row in rows if row["external_id"] in ids], others)
        complete_those_of_others(created.with_company(pbx.company_id), others)
        return created

    @api.model
    def _remember(self, created, rows, others):
        """Put into the cache what was written, so that it is not read back from the database.

        :param rows: the columns of ``created``, in the same order.
        :param others: the names of those whose fields other modules added, read when needed.
        """
        for name in rows[0].keys() - set(others) if rows else ():
            self._fields[name]._insert_cache(created, [row[name] for row in rows])
        created.modified(rows[0] if rows else (), create=True)

    def _known_calls(self, pbx, calls):
        """Return what is known of calls: the columns, the call in them, and it with what is new."""
        known = []
        for stored in self._stored_calls(pbx, calls):
            before = stored_event(stored)
            event = not_in_future(calls[stored["external_id"]], before)
            known.append((stored, before, merge(before, event)))
        return known

    def _update_calls(self, known, switchboard):
        """Complete known calls by what is new of them, in one statement; return those changed."""
        changed = []
        for stored, before, merged in known:
            values = self._report_values(merged, switchboard, before, stored)
            if any((value or None) != (stored[name] or None) for name, value in values.items()):
                changed.append({"id": stored["id"]} | values)
        if not changed:
            return self.browse()
        names = [name for name in changed[0] if name != "id"]
        # As above.
        self.env.cr.execute(
            SQL(
                """
                UPDATE lead_communication call SET %s, write_uid = %s, write_date = %s
                FROM %s report WHERE call.id = report.id RETURNING call.id
                """,
                SQL(", ").join(
                    SQL("%s = report.%s", *[SQL.identifier(name)] * 2) for name in names
                ),
                self.env.uid,
                fields.Datetime.now(),
                _as_table(changed),
            ),
            log_exceptions=False,
        )
        updated = self.browse(row["id"] for row in changed)
        updated.invalidate_recordset([*names, "write_uid", "write_date"], flush=False)
        updated.modified(names)
        return updated

    def _stored_calls(self, pbx, calls):
        """Return the columns that reports fill, and those that limit what they may change."""
        if not calls:
            return []
        self.flush_model()
        names = ["id", "external_id", "decision_id", "is_callback_requested"]
        names += self._report_columns()
        return self.env.execute_query_dict(
            SQL(
                """SELECT %s FROM lead_communication
                WHERE pbx_id = %s AND external_id IN %s AND is_purged IS NOT TRUE""",
                SQL(", ").join(map(SQL.identifier, names)),
                pbx.id,
                tuple(calls),
            )
        )


def _as_table(rows):
    """Return ``rows``, dictionaries of columns, as a table of a query."""
    return SQL(
        "jsonb_populate_recordset(NULL::lead_communication, %s)", json.dumps(rows, default=str)
    )
