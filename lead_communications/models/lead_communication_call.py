from odoo import api, fields, models
from odoo.tools import SQL

from ..telephony.call_event import CallEvent, merge, merge_all
from ..tools.phone import normalize

# The event's fields and the columns that hold them; an empty text is stored as NULL.
EVENT_COLUMNS = {
    "direction": "direction",
    "number": "number",
    "contact_name": "contact_name",
    "line_number": "line_number",
    "extension": "extension",
    "result": "result",
    "start": "date",
    "answer": "answer_date",
    "end": "date_end",
    "talk_seconds": "duration",
    "recording": "recording",
}
TEXTS = ("number", "contact_name", "line_number", "extension", "result", "recording")


class LeadCommunication(models.Model):
    """Calls: what a telephone system reported, and the recording of its reports.

    The columns hold the merged :class:`CallEvent` and nothing else about the call: a later report
    of the same call is merged with what is stored (see :func:`merge`).
    """

    _inherit = "lead.communication"

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx",
        string="Telephone System",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    external_id = fields.Char(
        string="Call ID", readonly=True, copy=False, help="What the telephone system calls it."
    )
    line_id = fields.Many2one(
        comodel_name="lead.pbx.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    line_number = fields.Char(readonly=True, help="The own number that was called.")
    extension = fields.Char(readonly=True)
    result = fields.Selection(
        selection=[
            ("answered", "Answered"),
            ("voicemail", "Voicemail"),
            ("missed", "Missed"),
            ("no_answer", "No Answer"),
            ("busy", "Busy"),
            ("rejected", "Rejected"),
            ("canceled", "Canceled"),
            ("failed", "Failed"),
        ],
        readonly=True,
        help="Empty while the call goes on.",
    )
    answer_date = fields.Datetime(string="Answered on", readonly=True)
    duration = fields.Integer(
        string="Duration (s)", readonly=True, help="Seconds of conversation, without the ringing."
    )
    talk_time = fields.Float(
        string="Duration", compute="_compute_talk_time", help="Hours of conversation."
    )
    ring_seconds = fields.Integer(
        string="Ringing (s)",
        compute="_compute_ring_seconds",
        help="Seconds until the call was answered or given up.",
    )
    recording = fields.Char(
        readonly=True, help="What the telephone system calls the recording of the conversation."
    )

    _pbx_external_id_unique = models.UniqueIndex(
        "(pbx_id, external_id) WHERE external_id IS NOT NULL",
        "This call is recorded already.",
    )
    _duration_check = models.Constraint(
        "CHECK (duration >= 0)", "The duration of a call cannot be negative."
    )

    @api.depends("duration")
    def _compute_talk_time(self):
        for communication in self:
            communication.talk_time = communication.duration / 3600

    @api.depends("date", "answer_date", "date_end")
    def _compute_ring_seconds(self):
        for communication in self:
            until = communication.answer_date or communication.date_end or communication.date
            communication.ring_seconds = round((until - communication.date).total_seconds())

    # ---- RECORDING ----

    @api.model
    def _record_calls(self, pbx, events):
        """Record what ``events`` report about calls of ``pbx``, with a fixed number of queries.

        Each call is one row, however often and in whatever order it is reported. What was decided
        about a call stays as it is: later reports change facts only. Of two requests that report
        the same new call at once, one ends in a serialization error, and the host runs it again.

        :param events: :class:`CallEvent` objects, several of one call as well.
        :return: the communications that were created, those that were changed.
        """
        calls = merge_all(events)
        # sudo: telephone systems report calls for people who hold no right to create any
        communications = self.sudo().with_context(tracking_disable=True)
        created_ids = communications._insert_calls(pbx, calls.values())
        rows = communications.search([("pbx_id", "=", pbx.id), ("external_id", "in", list(calls))])
        lines = pbx._lines_by_address()
        created, updated = communications.browse(), communications.browse()
        for row in rows:
            is_new = row.id in created_ids
            if values := row._report_values(calls[row.external_id], lines, is_new):
                row.write(values)
                if not is_new:
                    updated += row
            if is_new:
                created += row
        (created | updated)._after_report()
        self.env.flush_all()
        return created, updated

    def _after_report(self):
        """Do what follows from calls that were created or changed by a report; for extension."""

    def _insert_calls(self, pbx, events):
        """Insert a bare row for each call that has none; return the ids of the new rows."""
        if not events:
            return set()
        now = fields.Datetime.now()
        rows = [
            SQL(
                "(%s, %s, %s, 'call', 'ready', %s, %s, 0, %s, %s, %s, %s)",
                pbx.id,
                event.external_id,
                pbx.company_id.id,
                event.direction,
                event.start or now,
                self.env.uid,
                now,
                self.env.uid,
                now,
            )
            for event in events
        ]
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO lead_communication (
                    pbx_id, external_id, company_id, type, state, direction, date, duration,
                    create_uid, create_date, write_uid, write_date
                )
                VALUES %s
                ON CONFLICT (pbx_id, external_id) WHERE external_id IS NOT NULL DO NOTHING
                RETURNING id
                """,
                SQL(", ").join(rows),
            )
        )
        return {row_id for (row_id,) in inserted}

    def _report_values(self, event, lines, is_new):
        """Return what ``event`` changes in this row; nothing if it says what is known already."""
        self.ensure_one()
        stored = self._call_event()
        merged = merge(stored, event)
        values = self._event_values(merged)
        values["phone_sanitized"] = normalize(merged.number, self.pbx_id.country_id.code) or False
        values |= self._assignment_values(stored, merged, lines, is_new)
        values |= self._internal_values(merged)
        return {
            name: value
            for name, value in values.items()
            if self._fields[name].convert_to_write(self[name], self) != value
        }

    def _call_event(self):
        """Return the call as it is stored."""
        values = {name: self[column] or None for name, column in EVENT_COLUMNS.items()}
        for name in TEXTS:
            values[name] = values[name] or ""
        values["talk_seconds"] = values["talk_seconds"] or 0
        return CallEvent(external_id=self.external_id, **values)

    @api.model
    def _event_values(self, event):
        """Return the columns that hold ``event``."""
        values = {column: getattr(event, name) for name, column in EVENT_COLUMNS.items()}
        return {column: value if value else False for column, value in values.items()} | {
            "duration": event.talk_seconds
        }

    def _assignment_values(self, stored, merged, lines, is_new):
        """Return who is responsible for the call by what is known of it now.

        What a person chose stays: only what the reports before this one led to is replaced.
        """
        before = self._assignment(stored, lines)
        after = self._assignment(merged, lines)
        values = {"line_id": after["line_id"]}
        for name in ("user_id", "team_id", "company_id"):
            if is_new or (self.state == "ready" and self[name].id == (before[name] or False)):
                values[name] = after[name]
        return values

    def _assignment(self, event, lines):
        """Return the line, salesperson, team and company of a call, as ids or False.

        Who answered is responsible. A call that nobody answered belongs to the salesperson or the
        team of its line, if it has any: the telephone that happened to ring is nobody's choice.
        """
        line = lines["number"].get(self.pbx_id._line_key(event.line_number))
        agent = lines["extension"].get(event.extension)
        user = agent.user_id if agent else self.env["res.users"]
        if line:
            is_missed = event.direction == "incoming" and event.result != "answered"
            if not user or (is_missed and (line.user_id or line.team_id)):
                user = line.user_id
        team = (line.team_id if line else False) or self.pbx_id.team_id
        return {
            "line_id": line.id if line else False,
            "user_id": user.id,
            "team_id": team.id,
            "company_id": (line.company_id if line else self.pbx_id.company_id).id,
        }

    def _internal_values(self, event):
        """Return the state of a call that nobody decided about: one among colleagues needs no lead.

        An internal leg may be reported before the leg that shows that the call went outside.
        """
        if self.decision_id or self.state not in ("ready", "ignored"):
            return {}
        if event.direction == "internal":
            return {"state": "ignored", "reason": self.env._("Internal call")}
        if self.state == "ignored" and self.direction == "internal":
            return {"state": "ready", "reason": False}
        return {}
