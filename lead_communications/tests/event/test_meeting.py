from datetime import date, datetime, timedelta

from markupsafe import Markup

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from ...models.event.sync import SYNC
from ..common import LeadCommunicationsCommon

START = datetime(2026, 11, 30, 9)
HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestEventMeeting(LeadCommunicationsCommon):
    """A planned meeting is in the calendar, and a meeting in the calendar is an event."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.anna | cls.ben).write({"tz": "Europe/Warsaw"})
        cls.customer, cls.expert = cls.env["res.partner"].create(
            [
                {"name": "Ewa Nowak", "email": "ewa@customer.test"},
                {"name": "An Expert", "email": "expert@customer.test"},
            ]
        )
        cls.lead = cls._create_lead(partner_id=cls.customer.id)
        cls.rows = cls.env["lead.communication"]
        # Odoo sends nothing for what is past.
        cls.start = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) + 72 * HOUR

    def _event(self, user=None, **values):
        values = {
            "type": "meeting",
            "subject": "Look at the house",
            "description": "<p>Bring the plans</p>",
            "lead_id": self.lead.id,
            "date": self.start,
            "date_end": self.start + 2 * HOUR,
            "participant_ids": [Command.set(self.customer.ids)],
        } | values
        return self.rows.with_user(user or self.anna).create(values)

    def _meeting(self, user=None, **values):
        """Return a meeting that somebody made in the calendar."""
        values = {
            "name": "Look at the house",
            "description": "<p>Bring the plans</p>",
            "start": self.start,
            "stop": self.start + 2 * HOUR,
            "opportunity_id": self.lead.id,
            "user_id": (user or self.anna).id,
            "partner_ids": [Command.set((self.customer | (user or self.anna).partner_id).ids)],
        } | values
        return self.env["calendar.event"].with_user(user or self.anna).create(values)

    def _row_of(self, meeting):
        return self.rows.search([("calendar_event_id", "in", meeting.ids)])

    def _mails(self):
        """Return to whom Odoo wrote about meetings since the last time."""
        self.env.flush_all()
        domain = [("model", "=", "calendar.event"), ("id", ">", getattr(self, "last_mail", 0))]
        messages = self.env["mail.message"].search(domain)
        self.last_mail = max(messages.ids, default=getattr(self, "last_mail", 0))
        return sorted(messages.notified_partner_ids.mapped("name"))

    # ---- THE EVENT FIRST ----

    def test_planned_meeting_is_in_the_calendar(self):
        row = self._event()
        meeting = row.sudo().calendar_event_id
        self.assertRecordValues(
            meeting,
            [
                {
                    "name": "Look at the house",
                    "description": Markup("<p>Bring the plans</p>"),
                    "start": self.start,
                    "stop": self.start + 2 * HOUR,
                    "allday": False,
                    "opportunity_id": self.lead.id,
                    "user_id": self.anna.id,
                    "partner_ids": (self.customer | self.anna.partner_id).ids,
                }
            ],
        )
        self.assertEqual(meeting.attendee_ids.partner_id, self.customer | self.anna.partner_id)
        self.assertEqual(self._row_of(meeting), row)
        self.assertEqual(self.lead.calendar_event_ids, meeting)

    def test_it_is_reminded_of_by_the_hosts_own_activity_once(self):
        late = datetime.combine(self.start.date(), datetime.min.time()) + timedelta(hours=23.5)
        row = self._event(date=late, date_end=late + HOUR)
        activity = self.lead.activity_ids
        self.assertEqual(activity.calendar_event_id, row.sudo().calendar_event_id)
        self.assertFalse(row.activity_id)
        self.assertEqual(activity.activity_type_id.category, "meeting")
        # tomorrow on the clock of Warsaw
        self.assertEqual(activity.date_deadline, late.date() + timedelta(days=1))

    def test_meeting_without_an_end(self):
        row = self._event(date_end=False)
        meeting = row.sudo().calendar_event_id
        self.assertEqual(meeting.stop, row.date_end)
        row.date_end = False
        self.assertEqual(meeting.stop, self.start + HOUR)

    def test_completed_and_canceled_meetings_are_not_put_in_the_calendar(self):
        for state in ("done", "canceled"):
            self.assertFalse(self._event(state=state).is_in_calendar)
        self.assertFalse(self.lead.calendar_event_ids)

    def test_meeting_follows_the_event(self):
        row = self._event()
        meeting = row.sudo().calendar_event_id
        row.write(
            {
                "subject": "See the house",
                "description": "<p>No plans</p>",
                "date": self.start + 24 * HOUR,
                "date_end": self.start + 25 * HOUR,
                "user_id": self.ben.id,
                "participant_ids": [Command.set(self.expert.ids)],
            }
        )
        self.assertRecordValues(
            meeting,
            [
                {
                    "name": "See the house",
                    "description": Markup("<p>No plans</p>"),
                    "start": self.start + 24 * HOUR,
                    "stop": self.start + 25 * HOUR,
                    "user_id": self.ben.id,
                    "partner_ids": (self.expert | self.ben.partner_id).ids,
                }
            ],
        )
        self.assertEqual(meeting.attendee_ids.partner_id, self.expert | self.ben.partner_id)
        self.assertEqual(self.lead.activity_ids.user_id, self.ben)
        self.assertEqual(len(self.lead.calendar_event_ids), 1)

    def test_people_are_written_to_as_by_the_host_and_once(self):
        self.env["mail.message"].flush_model()
        self._mails()
        row = self._event()
        self.assertEqual(self._mails(), ["Ewa Nowak"])
        row.write({"priority": "2", "subject": "See the house"})
        self.assertEqual(self._mails(), [])
        row.write({"date": self.start + HOUR})
        self.assertEqual(self._mails(), ["Ewa Nowak"])
        row.participant_ids = [Command.link(self.expert.id)]
        self.assertEqual(self._mails(), ["An Expert"])
        row.action_cancel()
        row.write({"state": "planned"})
        row.action_complete()
        self.assertEqual(self._mails(), [])

    def test_completing_the_event_finishes_the_reminder_and_keeps_the_meeting(self):
        row = self._event()
        meeting = row.sudo().calendar_event_id
        row.action_complete()
        self.assertTrue(meeting.active)
        self.assertFalse(self.lead.activity_ids)
        row.write({"date": row.date - HOUR})
        self.assertEqual(meeting.stop, self.start + 2 * HOUR)
        row.action_undo()
        self.assertEqual((row.state, row.date), ("planned", self.start))
        self.assertEqual(self.lead.activity_ids.calendar_event_id, meeting)

    def test_canceling_the_event_archives_the_meeting(self):
        row = self._event()
        meeting = row.sudo().calendar_event_id
        row.action_cancel()
        self.assertFalse(meeting.active)
        self.assertFalse(self.lead.activity_ids)
        row.write({"state": "planned", "date": self.start + HOUR})
        self.assertTrue(meeting.active)
        self.assertEqual(meeting.start, self.start + HOUR)
        self.assertEqual(self.lead.activity_ids.calendar_event_id, meeting)

    def test_moved_event_takes_its_meeting_along(self):
        other = self._create_lead(name="Another house")
        row = self._event()
        row._decide("move", other.with_user(self.anna))
        self.env.invalidate_all()
        self.assertEqual(other.calendar_event_ids, row.sudo().calendar_event_id)
        self.assertEqual(other.activity_ids.calendar_event_id, row.sudo().calendar_event_id)
        self.assertFalse(self.lead.activity_ids)

    def test_twenty_at_once(self):
        def plan(number):
            values = {"type": "meeting", "lead_id": self.lead.id, "date": self.start}
            many = [
                values | {"subject": str(n), "date_end": self.start + HOUR} for n in range(number)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows.with_user(self.anna).create(many)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        def host(number):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            model = self.env["ir.model"]._get_id("crm.lead")
            SYNC.on(self.env["calendar.event"].with_user(self.anna)).create(
                [
                    {
                        "name": str(n),
                        "start": self.start,
                        "stop": self.start + HOUR,
                        "opportunity_id": self.lead.id,
                        "res_model_id": model,
                        "res_id": self.lead.id,
                        "user_id": self.anna.id,
                        "partner_ids": [Command.set(self.anna.partner_id.ids)],
                    }
                    for n in range(number)
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plan(1), host(1)
        price = {number: plan(number) - host(number) for number in (1, 20)}
        # The lead of each is looked at.
        self.assertLessEqual(price[20], price[1] + 19 + 3, price)

    # ---- THE CALENDAR FIRST ----

    def test_meeting_of_a_lead_is_an_event(self):
        meeting = self._meeting()
        row = self._row_of(meeting)
        self.assertRecordValues(
            row,
            [
                {
                    "type": "meeting",
                    "state": "planned",
                    "lead_id": self.lead.id,
                    "subject": "Look at the house",
                    "date": self.start,
                    "date_end": self.start + 2 * HOUR,
                    "user_id": self.anna.id,
                    "participant_ids": self.customer.ids,
                    "priority": "1",
                }
            ],
        )
        self.assertIn("Bring the plans", row.description)
        self.assertTrue(row.with_user(self.anna).has_access("write"))

    @users("anna_t")
    def test_meeting_from_the_button_of_the_lead(self):
        action = self.lead.with_env(self.env).action_schedule_meeting()
        form = Form(self.env["calendar.event"].with_context(**action["context"]))
        form.name = "From the lead"
        meeting = form.save()
        row = self._row_of(meeting)
        self.assertEqual((row.lead_id, row.state), (self.lead, "planned"))
        self.assertEqual(self.lead.activity_ids.calendar_event_id, meeting)

    @users("anna_t")
    def test_meeting_planned_as_an_activity_and_then_in_the_calendar(self):
        lead = self.lead.with_env(self.env)
        activity = lead.activity_schedule(
            "mail.mail_activity_data_meeting",
            date_deadline=self.start.date(),
            summary="Meet",
            automated=False,
            user_id=self.env.uid,
        )
        row = self.rows.search([("activity_id", "=", activity.id)])
        self.assertFalse(row.calendar_event_id)
        action = activity.with_context(
            default_res_model="crm.lead", default_res_id=lead.id
        ).action_create_calendar_event()
        context = dict(action["context"], default_start=self.start, default_stop=self.start + HOUR)
        form = Form(self.env["calendar.event"].with_context(**context))
        form.name = "Meet at ten"
        meeting = form.save()
        self.assertEqual(self._row_of(meeting), row)
        self.assertEqual((row.date, row.subject), (self.start, "Meet at ten"))
        self.assertEqual(self.rows.search_count([("lead_id", "=", lead.id)]), 1)
        self.assertEqual(lead.activity_ids, activity)

    @users("anna_t")
    def test_meeting_planned_as_an_activity_gets_its_time_in_the_event(self):
        lead = self.lead.with_env(self.env)
        activity = lead.activity_schedule(
            "mail.mail_activity_data_meeting", automated=False, user_id=self.env.uid
        )
        row = self.rows.with_env(self.env).search([("activity_id", "=", activity.id)])
        row.write({"subject": "Meet"})
        self.assertFalse(row.is_in_calendar)
        row.write({"date": self.start, "date_end": self.start + HOUR})
        meeting = row.sudo().calendar_event_id
        self.assertEqual(meeting.start, self.start)
        self.assertEqual(meeting.activity_ids, activity)
        self.assertEqual(activity.date_deadline, row._local_date().date())
        self.assertEqual(lead.activity_ids, activity)

    def test_meetings_that_belong_to_no_lead_are_no_events(self):
        meeting = self._meeting(opportunity_id=False)
        self.assertFalse(self._row_of(meeting))

    def test_meeting_written_down_afterwards_took_place(self):
        past = fields.Datetime.now() - 48 * HOUR
        row = self._row_of(self._meeting(start=past, stop=past + HOUR))
        self.assertEqual(row.state, "done")

    def test_event_follows_the_meeting(self):
        meeting = self._meeting()
        row = self._row_of(meeting)
        row.with_user(self.anna).write({"priority": "2"})
        meeting.write(
            {
                "name": "See the house",
                "description": "<p>No plans</p>",
                "start": self.start + 24 * HOUR,
                "stop": self.start + 25 * HOUR,
                "user_id": self.ben.id,
                "partner_ids": [Command.set((self.expert | self.ben.partner_id).ids)],
            }
        )
        self.assertRecordValues(
            row,
            [
                {
                    "subject": "See the house",
                    "description": Markup("<p>No plans</p>"),
                    "date": self.start + 24 * HOUR,
                    "date_end": self.start + 25 * HOUR,
                    "user_id": self.ben.id,
                    "participant_ids": self.expert.ids,
                    "priority": "2",
                }
            ],
        )

    def test_dragged_longer_and_moved_by_the_activity(self):
        row = self._event()
        meeting = row.sudo().calendar_event_id.with_user(self.anna)
        meeting.duration = 4
        self.assertEqual(row.date_end, self.start + 4 * HOUR)
        self.lead.activity_ids.date_deadline += timedelta(days=2)
        self.assertEqual(row.date, self.start + 48 * HOUR)
        self.assertEqual(row.date_end, self.start + 52 * HOUR)

    def test_what_is_said_on_finishing_stays_inside(self):
        """Feedback is not in the description that the participants are sent."""
        row = self._event()
        meeting = row.sudo().calendar_event_id
        self.lead.activity_ids.with_user(self.anna).action_feedback(feedback="They have no money")
        self.assertEqual(row.state, "done")
        self.assertIn("no money", row.description)
        row.action_undo()
        row.write({"subject": "Once more"})
        self.assertNotIn("no money", meeting.description)

    def test_deleted_meeting_cancels_the_event(self):
        for way in ("unlink", "action_archive", "unlink_w_meeting", "unlinked_in_the_calendar"):
            with self.subTest(way=way):
                row = self._event()
                meeting = row.sudo().calendar_event_id.with_user(self.anna)
                if way == "unlink_w_meeting":
                    meeting.activity_ids.unlink_w_meeting()
                elif way == "unlinked_in_the_calendar":
                    meeting.action_mass_deletion("all_events")
                    meeting.unlink()
                else:
                    getattr(meeting, way)()
                self.assertEqual(row.state, "canceled")
                row.write({"subject": "Still here"})

    def test_meeting_that_took_place_is_deleted(self):
        row = self._event()
        row.action_complete()
        row.sudo().calendar_event_id.unlink()
        self.assertEqual(row.state, "done")
        self.assertFalse(row.is_in_calendar)

    def test_unarchived_meeting_is_planned_again(self):
        row = self._event()
        meeting = row.sudo().calendar_event_id
        meeting.action_archive()
        meeting.action_unarchive()
        self.assertEqual(row.state, "planned")

    def test_only_its_activity_is_deleted(self):
        row = self._event()
        self.lead.activity_ids.unlink()
        self.assertEqual(row.state, "planned")
        row.write({"subject": "Still planned"})
        self.assertFalse(self.lead.activity_ids)

    def test_meeting_goes_to_another_lead_and_to_none(self):
        other = self._create_lead(name="Another house")
        meeting = self._meeting()
        row = self._row_of(meeting)
        meeting.opportunity_id = other.id
        self.assertEqual((row.lead_id, row.state), (other, "planned"))
        meeting.opportunity_id = False
        self.assertEqual((row.lead_id, row.state), (other, "canceled"))
        self.assertFalse(self._row_of(meeting))
        meeting.opportunity_id = self.lead.id
        self.assertEqual(self._row_of(meeting).lead_id, self.lead)

    def test_lead_that_the_user_may_not_read_gets_no_meeting(self):
        hidden = self._create_lead(name="Ben's", user_id=self.ben.id)
        meeting = self._meeting()
        row = self._row_of(meeting)
        meeting.write({"opportunity_id": hidden.id})
        self.assertEqual(row.state, "canceled")
        self.assertFalse(self.rows.search([("lead_id", "=", hidden.id)]))

    def test_participant_who_does_not_see_the_lead_moves_the_meeting(self):
        meeting = self._meeting(partner_ids=[Command.set(self.ben.partner_id.ids)])
        row = self._row_of(meeting)
        meeting.with_user(self.ben).write(
            {"start": self.start + HOUR, "stop": self.start + 2 * HOUR}
        )
        self.assertEqual(row.date, self.start + HOUR)

    # ---- WHOLE DAYS, PRIVATE ONES, SERIES ----

    def test_whole_day(self):
        day = date(2026, 12, 1)
        meeting = self._meeting(
            allday=True, start="2026-12-01 08:00:00", stop="2026-12-01 18:00:00"
        )
        row = self._row_of(meeting)
        # eight to six in Warsaw
        self.assertEqual(row.date, datetime(2026, 12, 1, 7))
        self.assertEqual(row.date_end, datetime(2026, 12, 1, 17))
        row.with_user(self.anna).write({"subject": "Fair", "date_end": row.date_end})
        self.assertTrue(meeting.allday)
        meeting.write({"start_date": "2026-12-02", "stop_date": "2026-12-03"})
        self.assertEqual(row.date, datetime(2026, 12, 2, 7))
        self.assertEqual(row.date_end, datetime(2026, 12, 3, 17))
        start = datetime.combine(day, datetime.min.time()) + timedelta(hours=9.5)
        row.with_user(self.anna).write({"date": start, "date_end": start + HOUR})
        self.assertFalse(meeting.allday)
        self.assertEqual((meeting.start, meeting.stop), (start, start + HOUR))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_private_meeting_shows_its_time_only(self):
        meeting = self._meeting(privacy="private")
        row = self._row_of(meeting)
        self.assertEqual((row.date, row.user_id), (self.start, self.anna))
        self.assertEqual(row.subject, "Private meeting")
        self.assertFalse(row.description)
        self.assertFalse(row.participant_ids)
        # Nothing of that goes back.
        row.with_user(self.anna).write(
            {"date": self.start + HOUR, "date_end": self.start + 2 * HOUR}
        )
        self.assertEqual(meeting.start, self.start + HOUR)
        self.assertEqual(meeting.name, "Look at the house")
        self.assertIn(self.customer, meeting.partner_ids)
        with self.assertRaises(AccessError):
            row.with_user(self.marek).write({"date": self.start + 2 * HOUR})
        meeting.privacy = "public"
        self.assertEqual(row.subject, "Look at the house")
        self.assertEqual(row.participant_ids, self.customer)
        meeting.privacy = "private"
        self.assertFalse(row.participant_ids)

    def test_private_calendar(self):
        self.anna.with_user(self.anna).calendar_default_privacy = "private"
        self.assertEqual(self._row_of(self._meeting()).subject, "Private meeting")

    def test_private_calendar_keeps_what_was_written_on_the_lead(self):
        """Who has a private calendar plans on the lead like everybody else."""
        self.anna.with_user(self.anna).calendar_default_privacy = "private"
        row = self._event()
        meeting = row.sudo().calendar_event_id
        row.write({"subject": "See it", "participant_ids": [Command.set(self.expert.ids)]})
        self.assertEqual(meeting.name, "See it")
        self.assertEqual(meeting.partner_ids, self.expert | self.anna.partner_id)
        meeting.with_user(self.anna).write(
            {"name": "Only for me", "start": self.start + HOUR, "stop": self.start + 2 * HOUR}
        )
        self.assertEqual((row.subject, row.date), ("See it", self.start + HOUR))
        self.assertFalse(row.is_private)
        meeting.with_user(self.anna).privacy = "private"
        self.assertEqual(row.subject, "Private meeting")
        self.assertTrue(row.is_private)

    def test_meeting_is_opened_from_the_event(self):
        row = self._event()
        action = row.action_open_meeting()
        self.assertEqual(action["res_id"], row.sudo().calendar_event_id.id)
        row.sudo().calendar_event_id.unlink()
        with self.assertRaisesRegex(UserError, "calendar"):
            row.action_open_meeting()

    def _series(self, **values):
        return self._meeting(
            recurrency=True,
            rrule_type="daily",
            interval=1,
            end_type="count",
            count=4,
            event_tz="UTC",
            **values,
        )

    def test_each_occurrence_is_an_event(self):
        meeting = self._series()
        meetings = meeting.recurrence_id.calendar_event_ids
        rows = self._row_of(meetings)
        self.assertEqual(len(rows), 4)
        self.assertEqual(sorted(rows.mapped("date")), sorted(meetings.mapped("start")))
        rows.sorted("date")[1].with_user(self.anna).action_cancel()
        self.assertEqual(len(meeting.recurrence_id.calendar_event_ids), 3)

    def test_series_that_is_written_anew_leaves_nothing_behind(self):
        meeting = self._series()
        row = self._row_of(meeting)
        row.priority = "2"
        meeting.write(
            {
                "recurrence_update": "all_events",
                "start": self.start + HOUR,
                "stop": self.start + 2 * HOUR,
            }
        )
        rows = self.rows.search([("lead_id", "=", self.lead.id)], order="date")
        self.assertEqual(set(rows.mapped("state")), {"planned"})
        self.assertEqual(
            rows.mapped("date"), [self.start + HOUR + timedelta(days=n) for n in range(4)]
        )
        self.assertEqual(rows[0].priority, "2")
        self.assertEqual(rows.calendar_event_id, self.lead.calendar_event_ids)

    def test_rest_of_a_series_is_written_anew(self):
        meeting = self._series()
        second = meeting.recurrence_id.calendar_event_ids.sorted("start")[1]
        second.write({"recurrence_update": "future_events", "name": "Later ones"})
        rows = self.rows.search([("lead_id", "=", self.lead.id)], order="date")
        self.assertEqual(
            rows.mapped("subject"), ["Look at the house", "Later ones", "Later ones", "Later ones"]
        )
        self.assertEqual(set(rows.mapped("state")), {"planned"})

    def test_deleted_series_is_canceled(self):
        meeting = self._series()
        meeting.action_mass_deletion("all_events")
        rows = self.rows.search([("lead_id", "=", self.lead.id)])
        self.assertEqual(rows.mapped("state"), ["canceled"] * 4)
