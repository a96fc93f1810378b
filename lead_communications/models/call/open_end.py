import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ... import telephony
from ..communication.backlog import work_off

BATCH_SIZE = 500
# Who waits in a queue that long has given up.
LONGEST_WAIT = timedelta(hours=1)
# The result of a call of which nothing more was reported: to every report it is none.
UNKNOWN = "unknown"


class LeadCommunication(models.Model):
    """Calls of which the end was never reported: they do not go on for ever.

    No end is made up. A report that comes later after all completes the call as if nothing had
    been said in between.
    """

    _inherit = "lead.communication"

    is_end_unknown = fields.Boolean(
        string="End Not Reported",
        readonly=True,
        copy=False,
        help="The telephone system has not reported how the call ended.",
    )

    _going_call_idx = models.Index(
        """(date) WHERE type = 'call' AND pbx_id IS NOT NULL AND date_end IS NULL
        AND is_end_unknown IS NOT TRUE
        AND (result IS NULL OR (result = 'answered' AND duration = 0))"""
    )

    def _cron_end_silent_calls(self):
        """End the calls about which nothing was said for longer than their system is silent."""
        work_off(self.env, self._silent_calls, lambda calls: calls._end_silently())

    def _silent_calls(self):
        """Return some calls that go on, as far as was reported, for too long; the oldest first.

        Locked: what is reported at this moment waits for it, or is left for the next time.
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        quiet = {
            key: telephony.quiet_time(key).total_seconds() for key, _label in telephony.selection()
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT call.id
                  FROM lead_communication call
                  JOIN lead_pbx pbx ON pbx.id = call.pbx_id
                 WHERE call.type = 'call' AND call.pbx_id IS NOT NULL AND call.date_end IS NULL
                   AND call.is_end_unknown IS NOT TRUE
                   AND (call.result IS NULL OR (call.result = 'answered' AND call.duration = 0))
                   AND call.date < %(waited)s
                   AND CASE WHEN call.result IS NULL AND call.answer_date IS NULL THEN TRUE
                       ELSE COALESCE(call.answer_date, call.date) < %(now)s - make_interval(
                           secs => (%(quiet)s::jsonb ->> pbx.provider)::double precision
                       ) END
                 ORDER BY call.date
                 LIMIT %(limit)s
                   FOR UPDATE OF call SKIP LOCKED
                """,
                waited=now - LONGEST_WAIT,
                now=now,
                quiet=json.dumps(quiet),
                limit=BATCH_SIZE,
            )
        )
        return self.browse(row_id for (row_id,) in rows)

    def _end_silently(self):
        """Note that the end of ``self`` is not known; what was known stays."""
        calls = self.with_context(tracking_disable=True)
        calls.is_end_unknown = True
        calls.filtered(lambda call: not call.result).result = UNKNOWN
        calls._run_steps("after_report")

    # ---- WHAT IS REPORTED LATER ----

    @api.model
    def _open_end_values(self, values, stored):
        """Return the columns that say whether the end of a call is known by now.

        :param values: the other columns, as a report leaves them.
        :param stored: the columns as they were, None for a new call.
        """
        is_over = values["date_end"] or values["duration"]
        is_closed = bool(stored and stored["is_end_unknown"])
        if not is_closed or is_over or values["result"] not in (None, "answered"):
            return {"is_end_unknown": None}
        return {"is_end_unknown": True, "result": values["result"] or UNKNOWN}
