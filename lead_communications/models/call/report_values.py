from datetime import timedelta

from odoo import api, fields, models

from ...telephony.call_event import CallEvent
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
    """What the columns of a call are, after what was reported of it.

    They hold the merged :class:`CallEvent` and nothing else about the call: a later report of the
    same call is merged with what is stored (see :func:`~.telephony.call_event.merge`).
    """

    _inherit = "lead.communication"

    @api.model
    def _new_call_values(self):
        """Return the columns of a new call that no report fills; for extension."""
        return dict.fromkeys(EMPTY_COLUMNS) | {"type": "call", "is_callback_requested": False}

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


def not_in_future(event, before=None):
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


def stored_event(stored):
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
