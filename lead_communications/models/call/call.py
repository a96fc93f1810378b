import json
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...telephony.call_event import CallEvent, merge, merge_all
from ...telephony.leg import pack, unpack
from .open_end import UNKNOWN

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
    "proof": "report_proof",
    "is_first": "is_direction_known",
}
# What is known of a new call without asking the database.
EMPTY_COLUMNS = (
    "called_back_date",
    "callback_activity_id",
    "decision_id",
    "email_normalized",
    "is_purged",
    "lead_id",
    "recording_asked",
    "ringing_user_ids",
)
# So far clocks of telephone systems differ without being wrong by a day or an hour.
CLOCK_TOLERANCE = timedelta(minutes=10)
TEXTS = ("number", "contact_name", "line_number", "extension", "result", "recording", "proof")


class LeadCommunication(models.Model):
    """Calls: what a telephone system reported, and the recording of its reports.

    The columns hold the merged :class:`CallEvent` and nothing else about the call: a later report
    of the same call is merged with what is stored (see :func:`merge`). Who spoke is kept beside it
    in ``agent_ids``.
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
    extension = fields.Char(
        readonly=True,
        help="The telephone of who spoke last; of a call that nobody answered the only one that"
        " rang.",
    )
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
            ("unknown", "Unknown"),
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
        aggregator="avg",
        help="Seconds until the call was answered or given up.",
    )
    recording = fields.Char(
        readonly=True, help="What the telephone system calls the recording of the conversation."
    )

    is_direction_known = fields.Boolean(
        readonly=True,
        copy=False,
        help="The leg that the call began with was reported, which says who called.",
    )
    legs = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What was reported of the legs of the call, where the columns do not say it all.",
    )
    report_proof = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What the telephone system has signed of the call, where that is not its id.",
    )

    _pbx_external_id_unique = models.UniqueIndex(
        "(pbx_id, external_id) WHERE external_id IS NOT NULL",
        "This call is recorded already.",
    )
    _report_proof_unique = models.UniqueIndex(
        "(pbx_id, report_proof) WHERE report_proof IS NOT NULL",
        "This call is recorded already, under another id.",
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

    def _lead_source(self):
        # sudo: lead.pbx.line - what the number that was called stands for
        return self.line_id.sudo().source_id or super()._lead_source()

    @api.model
    def _own_phones(self):
        # sudo: lead.pbx.line - compared only; nothing is shown
        lines = self.env["lead.pbx.line"].sudo().search([("number_sanitized", "!=", False)])
        return super()._own_phones() | set(lines.mapped("number_sanitized"))

    # ---- RECORDING ----

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
            | self._report_values(_not_in_future(event), switchboard)
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
        self._remember(created, [row for row in rows if row["external_id"] in ids])
        return created

    @api.model
    def _new_call_values(self):
        """Return the columns of a new call that no report fills; for extension."""
        return dict.fromkeys(EMPTY_COLUMNS) | {"type": "call", "is_callback_requested": False}

    @api.model
    def _remember(self, created, rows):
        """Put into the cache what was written, so that it is not read back from the database.

        :param rows: the columns of ``created``, in the same order.
        """
        for name in rows[0] if rows else ():
            self._fields[name]._insert_cache(created, [row[name] for row in rows])
        created.modified(rows[0] if rows else (), create=True)

    def _known_calls(self, pbx, calls):
        """Return what is known of calls: the columns, the call in them, and it with what is new."""
        known = []
        for stored in self._stored_calls(pbx, calls):
            before = _stored_event(stored)
            event = _not_in_future(calls[stored["external_id"]], before)
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

    @api.model
    def _report_columns(self):
        """Return the columns that a report may change; for extension."""
        assigned = ["phone_sanitized", "line_id", "user_id", "team_id", "company_id"]
        decided = ["state", "rule", "exception_id"]
        return [*EVENT_COLUMNS.values(), "legs", "is_end_unknown", *assigned, *decided]

    @api.model
    def _report_values(self, merged, switchboard, before=None, stored=None):
        """Return the columns that a report may change, as they are after it.

        :param merged: all that is known of the call.
        :param before: what was known of it; None for a new call.
        :param stored: these columns as they are, and ``decision_id``; None for a new call.
        """
        values = _event_values(merged)
        return (
            values
            | self._open_end_values(values, stored)
            | {"extension": switchboard.agent(merged) or None}
            | {"phone_sanitized": switchboard.phone(merged.number)}
            | self._assignment_values(merged, switchboard, before, stored)
            | self._internal_values(merged, stored)
        )

    @api.model
    def _assignment_values(self, merged, switchboard, before, stored):
        """Return who is responsible for the call by what is known of it now.

        What a person chose stays: only what the reports before this one led to is replaced, or what
        was left to the system because the line was not known yet. An internal leg may end before
        the one to the customer: that it was set aside for that chose nobody.
        """
        values = switchboard.assignment(merged)
        if not stored:
            return values
        is_open = stored["state"] in ("ready", "ignored") and not stored["decision_id"]
        led_to, nobody = switchboard.assignment(before), switchboard.unassigned()
        for name in ("user_id", "team_id", "company_id"):
            known = {led_to[name], nobody[name]}
            if name == "user_id" and stored["is_callback_requested"] and merged.is_spoken:
                known.add(stored[name])  # who was to call back, before it was known who answered
            if not is_open or stored[name] not in known:
                values[name] = stored[name]
        return values

    @api.model
    def _internal_values(self, event, stored):
        """Return the state of a call that nobody decided about: one among colleagues needs no lead.

        An internal leg may be reported before the leg that shows that the call went outside.
        """
        state, rule = (stored["state"], stored["rule"]) if stored else ("ready", None)
        if not (stored and stored["decision_id"]):
            if event.direction == "internal" and state in ("ready", "ignored"):
                state, rule = "ignored", "internal"
            elif event.direction != "internal" and state == "ignored":
                if stored["direction"] == "internal":
                    state, rule = "ready", None
        exception_id = stored["exception_id"] if stored and stored["rule"] == rule else None
        return {"state": state, "rule": rule, "exception_id": exception_id}


def _not_in_future(event, before=None):
    """Return ``event`` with times that can be true: a call in the future began as it was received.

    :param before: what is known of the call: the same report once more changes nothing.
    """
    now = fields.Datetime.now()
    if not event.start or event.start <= now + CLOCK_TOLERANCE:
        return event
    length = (event.end or event.start) - event.start
    start = before.start if before and before.start else now - length
    shift = start - event.start
    return event.rewritten(
        lambda leg: leg.moved(shift), start=start, end=event.end and event.end + shift
    )


def _as_table(rows):
    """Return ``rows``, dictionaries of columns, as a table of a query."""
    return SQL(
        "jsonb_populate_recordset(NULL::lead_communication, %s)", json.dumps(rows, default=str)
    )


def _stored_event(stored):
    """Return the call whose columns are ``stored``."""
    values = {name: stored[column] or None for name, column in EVENT_COLUMNS.items()}
    for name in TEXTS:
        values[name] = values[name] or ""
    if values["result"] == UNKNOWN:
        values["result"] = ""
    values["talk_seconds"] = values["talk_seconds"] or 0
    values["is_first"] = bool(values["is_first"])
    legs = unpack(stored["legs"])
    return CallEvent(external_id=stored["external_id"], legs=legs, **values)


def _event_values(event):
    """Return the columns that hold ``event``."""
    values = {column: getattr(event, name) or None for name, column in EVENT_COLUMNS.items()}
    values["date"] = values["date"] or fields.Datetime.now()
    values["duration"] = event.talk_seconds
    values["is_direction_known"] = event.is_first
    values["legs"] = pack(event.legs)
    return values
