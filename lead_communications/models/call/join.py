from dataclasses import replace
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...telephony.call_event import merge
from ...telephony.joined import is_same_call
from .report_values import stored_event

# No call is looked for that began longer ago.
LONGEST = timedelta(hours=12)


class LeadCommunication(models.Model):
    """Reports of systems that name no call: those that are about one call become one row."""

    _inherit = "lead.communication"

    @api.model
    def _joined_calls(self, pbx, calls):
        """Return ``calls``, ``{id: CallEvent}``, under the ids of the rows that they belong to.

        Rows that turn out to be one call become one, unless somebody has decided about them.
        Three queries, and none for systems that name their calls.
        """
        if not any(event.is_joined for event in calls.values()):
            return calls
        # Two reports of one call at once: the second one waits, fails, and is run again when the
        # row of the first is there to be seen.
        self.env.cr.execute(
            SQL("UPDATE lead_pbx SET write_date = write_date WHERE id = %s", pbx.id),
            log_exceptions=False,
        )
        phone = pbx._switchboard().phone
        stored = self._stored_calls(pbx, self._names_at_the_time(pbx, calls))
        rows = {row["external_id"]: row for row in stored}
        known = {name: stored_event(row) for name, row in rows.items()}
        joined = {}
        for name, event in sorted(calls.items(), key=lambda item: (item[1].start, item[0])):
            same = {
                other.external_id: other
                for other in known.values()
                if other.external_id == name or is_same_call(other, event, phone)
            }
            first = min(same.values(), key=_by_start, default=event).external_id
            event = replace(event, external_id=first)
            for other in same.values():
                row = rows.get(other.external_id)
                if other.external_id != first and row and _is_undecided(row):
                    event = merge(event, replace(other, external_id=first))
                    known.pop(other.external_id)
                    self.browse(rows.pop(other.external_id)["id"]).unlink()
            joined[first] = merge(joined[first], event) if first in joined else event
            known[first] = merge(known[first], event) if first in known else event
        return joined

    def _names_at_the_time(self, pbx, calls):
        """Return the ids of the calls of ``pbx`` that went on while ``calls`` did."""
        starts = [event.start for event in calls.values()]
        ends = [event.end or event.start for event in calls.values()]
        close = timedelta(minutes=1)
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT external_id FROM lead_communication
                WHERE type = 'call' AND pbx_id = %s AND external_id IS NOT NULL
                AND date BETWEEN %s AND %s AND COALESCE(date_end, date) >= %s
                """,
                pbx.id,
                min(starts) - LONGEST,
                max(ends) + close,
                min(starts) - close,
            )
        )
        return [name for (name,) in rows]


def _by_start(call):
    return call.start, call.external_id


def _is_undecided(row):
    return row["state"] == "ready" and not row["decision_id"]
