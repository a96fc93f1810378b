from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestPast(LeadCommunicationsCommon):
    """What took place or was called off stays as it was, whatever happens in the calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Ewa", "email": "ewa@customer.test"})
        cls.lead = cls._create_lead(partner_id=cls.customer.id)
        cls.now = fields.Datetime.now().replace(minute=0, second=0, microsecond=0)

    def _meeting(self, **values):
        values = {
            "name": "Look at the house",
            "start": self.now + DAY,
            "stop": self.now + DAY + HOUR,
            "opportunity_id": self.lead.id,
            "user_id": self.anna.id,
            "partner_ids": [Command.set((self.customer | self.anna.partner_id).ids)],
        } | values
        return self.env["calendar.event"].with_user(self.anna).create(values)

    def _series(self, past=3, count=6):
        start = self.now - past * DAY
        return self._meeting(
            start=start,
            stop=start + HOUR,
            recurrency=True,
            rrule_type="daily",
            interval=1,
            end_type="count",
            count=count,
            event_tz="UTC",
        )

    def _rows(self):
        return self.env["lead.communication"].search(
            [("lead_id", "=", self.lead.id), ("type", "=", "meeting")], order="date, id"
        )

    def _over(self):
        """Return what is over: ``{id: (state, subject, minutes, start, end)}``."""
        return {
            row.id: (row.state, row.subject, str(row.description), row.date, row.date_end)
            for row in self._rows()
            if row.state != "planned"
        }

    def _hold(self, row, minutes="<p>They want oak</p>"):
        """Anna completes a meeting and writes the minutes."""
        row = row.with_user(self.anna)
        row.action_complete()
        row.description = minutes

    # ---- ONE MEETING ----

    def test_minutes_stay_when_the_calendar_says_something_else(self):
        meeting = self._meeting(start=self.now + HOUR, stop=self.now + 2 * HOUR)
        self._hold(self._rows())
        for values in (
            {"description": "<p>Bring the plans</p>"},
            {"name": "Another house"},
            {"user_id": self.ben.id},
            {"start": self.now + DAY, "stop": self.now + DAY + HOUR},
            {"partner_ids": [Command.set(self.anna.partner_id.ids)]},
        ):
            before = self._over()
            people = self._rows().participant_ids
            with self.subTest(values=list(values)):
                meeting.sudo().write(values)
                self.assertEqual(self._over(), before)
                self.assertEqual(self._rows().participant_ids, people)
                self.assertEqual(self._rows().user_id, self.anna)

    def test_difference_is_noted(self):
        meeting = self._meeting(start=self.now + HOUR, stop=self.now + 2 * HOUR)
        self._hold(self._rows())
        meeting.name = "Another house"
        self.assertIn("left here as it was: Subject", self._rows().message_ids[0].body)

    def test_what_changes_nothing_is_not_noted(self):
        meeting = self._meeting(start=self.now + HOUR, stop=self.now + 2 * HOUR)
        self._rows().with_user(self.anna).action_complete()
        notes = self._rows().message_ids
        meeting.name = "Look at the house"
        self.assertEqual(self._rows().message_ids, notes)

    def test_canceled_meeting_keeps_its_text(self):
        meeting = self._meeting()
        row = self._rows().with_user(self.anna)
        row.action_cancel()
        meeting.write({"name": "Another house", "active": False})
        self.assertEqual((row.state, row.subject), ("canceled", "Look at the house"))

    def test_deleted_meeting_leaves_what_took_place(self):
        meeting = self._meeting()
        self._hold(self._rows())
        before = self._over()
        meeting.unlink()
        self.assertEqual(self._over(), before)

    # ---- SERIES ----

    def test_nothing_of_a_series_is_completed_by_itself(self):
        self._series()
        self.assertEqual(self._rows().mapped("state"), ["planned"] * 6)

    def test_minutes_stay_when_the_rest_of_the_series_is_changed(self):
        self._series()
        self._hold(self._rows()[0])
        self._rows()[1].with_user(self.anna).action_cancel()
        before = self._over()
        later = self._rows()[3].calendar_event_id.with_user(self.anna)
        later.write({"recurrence_update": "future_events", "name": "Later", "description": "<p/>"})
        self.assertEqual(self._over(), before)
        self.assertEqual(self._rows().mapped("subject"), ["Look at the house"] * 3 + ["Later"] * 3)

    def test_minutes_stay_when_the_whole_series_is_moved(self):
        meeting = self._series()
        self._hold(self._rows()[0])
        self._hold(self._rows()[1], "<p>They want pine</p>")
        self._rows()[2].with_user(self.anna).action_cancel()
        before = self._over()
        meeting.write(
            {
                "recurrence_update": "all_events",
                "start": meeting.start + 2 * HOUR,
                "stop": meeting.stop + 2 * HOUR,
            }
        )
        self.assertEqual(self._over(), before)
        planned = self._rows().filtered(lambda row: row.state == "planned")
        self.assertEqual(planned.mapped("date"), [self.now + n * DAY + 2 * HOUR for n in range(3)])
        self.assertEqual(len(self._rows()), 6)

    def test_series_that_is_cut_leaves_what_took_place(self):
        meeting = self._series()
        self._hold(self._rows()[2])
        before = self._over()
        meeting.write({"recurrence_update": "all_events", "count": 2})
        self.assertEqual(self._over(), before)
