from datetime import timedelta

from hypothesis import example, given, note, settings
from hypothesis import strategies as some

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAILY = {
    "recurrency": True,
    "rrule_type": "daily",
    "interval": 1,
    "end_type": "count",
    "count": 4,
    "event_tz": "UTC",
}


def moved(event, start, stop=None):
    """Return the values of ``event`` when it starts and ends later by so much."""
    stop = start if stop is None else stop
    if event.allday:
        days = {"start_date": event.start_date + start, "stop_date": event.stop_date + stop}
        return days if days["start_date"] <= days["stop_date"] else {}
    return {"start": event.start + start, "stop": event.stop + stop}


# What people do to a series: (what, which occurrence, in which scope).
CHANGES = {
    "renamed": lambda event: {"name": "Other name"},
    "described": lambda event: {"description": "<p>Agenda</p>"},
    "later": lambda event: moved(event, HOUR),
    "earlier": lambda event: moved(event, -3 * HOUR),
    "another day": lambda event: moved(event, DAY),
    "longer": lambda event: moved(event, 0 * HOUR, 2 * HOUR),
    "whole days": lambda event: {
        "allday": True,
        "start_date": event.start.date(),
        "stop_date": event.start.date(),
    },
    "of another": lambda event: {"user_id": event.env.ref("base.user_admin").id},
    "private": lambda event: {"privacy": "private"},
    "of another lead": lambda event: {"opportunity_id": event.env.context["other_lead_id"]},
}
RULES = {
    "shorter": {"end_type": "count", "count": 2},
    "more of them": {"end_type": "count", "count": 8},
    "every second day": {"rrule_type": "daily", "interval": 2},
    "weekly": {"rrule_type": "weekly", "mon": True, "thu": True},
    "weekly on another day": {"rrule_type": "weekly"},
    "no series any more": {"recurrency": False},
}
DELETIONS = ("deleted", "archived", "these deleted")
SCOPES = ("self_only", "future_events", "all_events")
EDITS = some.tuples(
    some.sampled_from((*CHANGES, *RULES, *DELETIONS)),
    some.integers(0, 7),
    some.sampled_from(SCOPES),
)
EXAMPLES = 10
MARKS = some.sampled_from(("held", "called off", "untouched"))


@tagged("post_install", "-at_install", "lead_communications")
class TestSeries(LeadCommunicationsCommon):
    """Whatever is done to a series, what took place or was called off says what it said before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead()
        cls.other = cls._create_lead()
        cls.anna.tz = cls.env.user.tz = "UTC"
        cls.now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)
        # Nobody is written to: that is Odoo's, and slow.
        quiet = {"no_mail_to_attendees": True, "dont_notify": True}
        cls.events = cls.env["calendar.event"].with_user(cls.anna).with_context(**quiet)
        cls.events = cls.events.with_context(other_lead_id=cls.other.id)

    def _series(self, past, count, is_series=True):
        start = self.now - past * DAY
        self.events.create(
            {
                "name": "Look at the house",
                "start": start,
                "stop": start + HOUR,
                "opportunity_id": self.lead.id,
                "user_id": self.anna.id,
                "partner_ids": [Command.set(self.anna.partner_id.ids)],
            }
            | (DAILY | {"count": count} if is_series else {})
        )

    def _rows(self):
        leads = self.lead | self.other
        return self.env["lead.communication"].search(
            [("lead_id", "in", leads.ids), ("type", "=", "meeting")], order="date, id"
        )

    def _mark(self, marks):
        """Let the occurrences be held, with minutes, or called off, or leave them as they are."""
        for number, (row, mark) in enumerate(zip(self._rows(), marks, strict=False)):
            row = row.with_user(self.anna)
            if mark == "held":
                row.state = "done"
                row.description = f"<p>Minutes {number}</p>"
            elif mark == "called off":
                row.action_cancel()

    def _over(self):
        """Return what is over: ``{id: (state, subject, start, end, whose, people, minutes)}``."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = ("state", "subject", "date", "date_end", "user_id", "participant_ids")
        return {
            row.id: (*(row[name] for name in names), str(row.description))
            for row in self._rows()
            if row.state != "planned"
        }

    def _edit(self, what, number, scope):
        """Do what a person does in the calendar to one of the meetings that are there."""
        meetings = self.events.search([("opportunity_id", "in", (self.lead | self.other).ids)])
        if not meetings:
            return
        event = meetings.sorted("start")[number % len(meetings)]
        if not event.recurrence_id:
            scope = None
        if what == "no series any more" and not scope:
            return
        if what in DELETIONS:
            self._delete(event, what, scope)
            return
        values = RULES[what] if what in RULES else CHANGES[what](event)
        if what == "weekly on another day":
            values = values | {WEEKDAYS[(event.start + DAY).weekday()]: True}
        if what in RULES and scope in (None, "self_only"):
            # Odoo takes a rule for all, or makes a series of what is none.
            values = DAILY | values if scope is None else values
            scope = scope and "all_events"
        if scope:
            values = {**values, "recurrence_update": scope}
        event.write(values)

    def _delete(self, event, what, scope):
        if what == "these deleted" and scope not in (None, "self_only"):
            event.action_mass_deletion(scope)
        elif what == "archived":
            event.action_archive()
        else:
            event.unlink()

    def _check_all_has_its_place(self):
        rows = self._rows()
        meetings = rows.calendar_event_id
        self.assertEqual(len(meetings), len(rows.filtered("calendar_event_id")), "stands twice")
        of_leads = self.events.search([("opportunity_id", "in", (self.lead | self.other).ids)])
        self.assertLessEqual(of_leads, meetings.with_env(of_leads.env), "stands nowhere")
        planned = rows.filtered(lambda row: row.state == "planned")
        for row in planned:
            self.assertTrue(row.calendar_event_id.active, "planned for no meeting")
            self.assertEqual(row.date, row.calendar_event_id._event_times()[0])

    # How fast the machine is at the moment says nothing about the code.
    @settings(max_examples=EXAMPLES, deadline=None)
    @given(
        past=some.integers(0, 4),
        marks=some.lists(MARKS, min_size=3, max_size=6),
        edits=some.lists(EDITS, min_size=1, max_size=3),
        is_series=some.sampled_from((True, True, True, False)),
    )
    @example(0, ["untouched"] * 3, [("weekly on another day", 0, "all_events")], False)
    @example(2, ["held", "called off"] * 3, [("later", 4, "all_events")], True)
    @example(4, ["held", "untouched"] * 3, [("shorter", 4, "all_events")], True)
    def test_what_took_place_is_the_same_after(self, past, marks, edits, is_series):
        with self.env.cr.savepoint() as savepoint:
            self._series(past, len(marks), is_series)
            self._mark(marks)
            for edit in edits:
                before = self._over()
                note(f"{edit}: {before}")
                self._edit(*edit)
                after = self._over()
                self.assertEqual({key: after.get(key) for key in before}, before)
                fresh = {after[key][0] for key in after.keys() - before.keys()}
                self.assertLessEqual(fresh, {"canceled"} if edit[0] in DELETIONS else set())
                self._check_all_has_its_place()
            savepoint.rollback()
        self.env.invalidate_all()
