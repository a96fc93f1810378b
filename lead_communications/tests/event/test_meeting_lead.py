from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import LeadCommunicationsCommon

HOUR = timedelta(hours=1)


class MeetingLeadCommon(LeadCommunicationsCommon):
    """A lead of anna's with a contact, and meetings and calls of it in the calendar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.anna | cls.ben).write({"tz": "Europe/Warsaw"})
        cls.customer = cls.env["res.partner"].create({"name": "Ewa", "email": "ewa@customer.test"})
        cls.lead = cls._create_lead(partner_id=cls.customer.id)
        cls.other = cls._create_lead(name="Another house")
        cls.rows = cls.env["lead.communication"]
        cls.start = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) + 72 * HOUR

    def _document(self, record):
        return {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}

    def _meeting(self, user=None, **values):
        user = user or self.anna
        values = {
            "name": "Look at the house",
            "description": "<p>Bring the plans</p>",
            "start": self.start,
            "stop": self.start + 2 * HOUR,
            "user_id": user.id,
            "partner_ids": [Command.set((self.customer | user.partner_id).ids)],
        } | values
        return self.env["calendar.event"].with_user(user).create(values)

    def _rows_of(self, lead):
        return self.rows.search([("lead_id", "=", lead.id)], order="date, id")


@tagged("post_install", "-at_install", "lead_communications")
class TestMeetingLead(MeetingLeadCommon):
    """A meeting is of its opportunity, or of the lead that is its document."""

    def _by_document(self, **values):
        return self._meeting(**self._document(self.lead), **values)

    def test_meeting_by_document_has_its_time_and_people_once(self):
        meeting = self._by_document()
        self.assertFalse(meeting.opportunity_id)
        row = self._rows_of(self.lead)
        self.assertRecordValues(
            row,
            [
                {
                    "type": "meeting",
                    "state": "planned",
                    "subject": "Look at the house",
                    "date": self.start,
                    "date_end": self.start + 2 * HOUR,
                    "user_id": self.anna.id,
                    "participant_ids": self.customer.ids,
                    "calendar_event_id": meeting.id,
                }
            ],
        )
        self.assertEqual(self.lead.activity_ids.calendar_event_id, meeting)

    def test_both_sides_follow(self):
        meeting = self._by_document()
        row = self._rows_of(self.lead)
        meeting.write({"name": "See it", "start": self.start + HOUR, "stop": self.start + 2 * HOUR})
        self.assertEqual((row.subject, row.date), ("See it", self.start + HOUR))
        row.with_user(self.anna).write({"date": self.start, "date_end": self.start + HOUR})
        self.assertEqual((meeting.start, meeting.stop), (self.start, self.start + HOUR))
        meeting.partner_ids = self.anna.partner_id
        self.assertFalse(row.participant_ids)
        row.with_user(self.anna).action_cancel()
        self.assertFalse(meeting.active or self.lead.activity_ids)
        row.with_user(self.anna).action_plan()
        self.assertTrue(meeting.active)
        meeting.action_archive()
        self.assertEqual(row.state, "canceled")
        self.assertFalse(self.lead.activity_ids, "nobody is reminded of what was called off")
        meeting.action_unarchive()
        self.assertEqual(row.state, "planned")
        self.lead.activity_ids.with_user(self.anna).action_feedback()
        self.assertEqual((row.state, meeting.active), ("done", True))

    def test_words_of_a_private_one_are_for_those_who_take_part(self):
        meeting = self._by_document(privacy="private")
        row = self._rows_of(self.lead)
        for _change in range(2):
            self.assertRecordValues(
                row,
                [
                    {
                        "subject": "Private meeting",
                        "description": False,
                        "participant_ids": [],
                        "date": self.start,
                    }
                ],
            )
            reminder = self.lead.activity_ids
            self.assertEqual((reminder.summary, reminder.note), ("Private meeting", False))
            meeting.write({"name": "Only for me", "description": "<p>Secret</p>"})
        meeting.privacy = "public"
        self.assertEqual(row.subject, "Only for me")

    def test_each_occurrence_is_an_event(self):
        meeting = self._by_document(
            recurrency=True,
            rrule_type="daily",
            interval=1,
            end_type="count",
            count=3,
            event_tz="UTC",
        )
        self.assertEqual(
            self._rows_of(self.lead).mapped("date"),
            [self.start + timedelta(days=day) for day in range(3)],
        )
        meeting.write({"recurrence_update": "all_events", "name": "Later"})
        self.assertEqual(self._rows_of(self.lead).mapped("subject"), ["Later"] * 3)

    def test_meeting_of_no_lead_gets_a_document_later(self):
        meeting = self._meeting()
        meeting.write(self._document(self.other))
        self.assertEqual(self._rows_of(self.other).calendar_event_id, meeting)
        meeting.write(self._document(self.lead))
        self.assertEqual(self._rows_of(self.lead).calendar_event_id, meeting)
        self.assertFalse(self._rows_of(self.other))

    def test_opportunity_wins_and_the_document_follows_it(self):
        meeting = self._by_document(opportunity_id=self.other.id)
        row = self._rows_of(self.other)
        self.assertEqual(row.calendar_event_id, meeting)
        meeting.opportunity_id = self.lead
        self.assertEqual((row.lead_id, meeting.res_id), (self.lead, self.lead.id))
        self.assertEqual(self.lead.activity_ids.calendar_event_id, meeting)

    def test_taken_off_the_lead_by_whichever_says_it(self):
        for values in ({"opportunity_id": False}, {"res_id": False, "res_model_id": False}):
            meeting = self._by_document()
            if "opportunity_id" in values:
                meeting.opportunity_id = self.lead
            row = self._rows_of(self.lead).filtered(lambda one: one.state == "planned")
            with self.subTest(values=values):
                meeting.write(dict(values))
                self.assertEqual(row.state, "canceled")
                self.assertFalse(meeting.res_id or self.lead.activity_ids)
                count = len(self._rows_of(self.lead))
                meeting.write({"name": "Of no lead any more"})
                self.assertEqual(len(self._rows_of(self.lead)), count)

    def test_other_documents_and_leads_that_are_gone_are_none(self):
        self._meeting(**self._document(self.customer))
        gone = self._create_lead()
        meeting = self._meeting(**self._document(gone))
        gone.with_user(self.marek).unlink()
        self.assertFalse(meeting.res_id)
        self.env.cr.execute(
            "UPDATE calendar_event SET res_id = %s, res_model_id = %s, res_model = 'crm.lead'"
            " WHERE id = %s",
            (gone.id, self._document(self.lead)["res_model_id"], meeting.id),
        )
        self.env.invalidate_all()
        meeting.write({"name": "Still there"})
        self.assertFalse(self.rows.search([("calendar_event_id", "=", meeting.id)]))

    def test_document_that_the_user_may_not_see_gets_no_meeting(self):
        hidden = self._create_lead(name="Ben's", user_id=self.ben.id)
        meeting = self._meeting()
        meeting.write(self._document(hidden))
        self.assertFalse(self._rows_of(hidden))


@tagged("post_install", "-at_install", "lead_communications")
class TestCallInCalendar(MeetingLeadCommon):
    """A planned call that has a place in the calendar: one thing, wherever it is changed."""

    def setUp(self):
        super().setUp()
        self.activity = self.lead.with_user(self.anna).activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=self.start.date(),
            summary="Ring Ewa",
            automated=False,
            user_id=self.anna.id,
        )
        self.row = self.rows.search([("activity_id", "=", self.activity.id)])
        self.mine = self.row.with_user(self.anna)

    def _place(self, context=None):
        """Give the call its place in the calendar by Odoo's own button."""
        activity = self.activity.with_context(**(context or {}))
        context = activity.action_create_calendar_event()["context"]
        times = {"default_start": self.start, "default_stop": self.start + HOUR}
        form = Form(activity.env["calendar.event"].with_context(**context, **times))
        form.name = "Ring Ewa"
        return form.save()

    def _from_the_lead(self):
        return self._place({"default_res_model": "crm.lead", "default_res_id": self.lead.id})

    def test_place_from_the_lead_and_from_the_list_of_activities(self):
        for place in (self._from_the_lead, self._place):
            with self.subTest(place=place.__name__), self.env.cr.savepoint() as savepoint:
                meeting = place()
                self.assertRecordValues(
                    self._rows_of(self.lead),
                    [
                        {
                            "id": self.row.id,
                            "type": "call",
                            "state": "planned",
                            "date": self.start,
                            "date_end": self.start + HOUR,
                            "calendar_event_id": meeting.id,
                            "activity_id": self.activity.id,
                        }
                    ],
                )
                savepoint.rollback()
            self.env.invalidate_all()

    def test_moved_from_any_side(self):
        meeting = self._from_the_lead()
        meeting.write({"start": self.start + HOUR, "stop": self.start + 2 * HOUR})
        self.assertEqual(self.row.date, self.start + HOUR)
        self.assertEqual(self.row.date_end, self.start + 2 * HOUR)
        self.activity.date_deadline += timedelta(days=1)
        self.assertEqual(self.row.date, self.start + 25 * HOUR)
        self.assertEqual(meeting.start, self.start + 25 * HOUR)
        self.mine.write({"date": self.start, "date_end": self.start + HOUR, "subject": "Ring"})
        self.assertEqual((meeting.start, meeting.stop), (self.start, self.start + HOUR))
        self.assertEqual((meeting.name, self.activity.summary), ("Ring", "Ring"))
        self.assertEqual(self.activity.date_deadline, self.row._local_date().date())

    def test_canceled_from_any_side_and_planned_again(self):
        for cancel in (
            lambda meeting: self.mine.action_cancel(),
            lambda meeting: meeting.action_archive(),
        ):
            meeting = self.row.calendar_event_id.with_user(self.anna) or self._from_the_lead()
            cancel(meeting)
            self.assertEqual((self.row.state, meeting.active), ("canceled", False))
            self.assertFalse(self.lead.activity_ids)
            self.mine.action_plan()
            self.assertTrue(meeting.active)
            reminder = self.lead.activity_ids
            self.assertRecordValues(
                reminder,
                [
                    {
                        "calendar_event_id": meeting.id,
                        "activity_type_id": self.env.ref("mail.mail_activity_data_call").id,
                    }
                ],
            )
            self.assertEqual(self.row.activity_id, reminder)

    def test_canceled_with_its_place_in_the_calendar(self):
        for cancel in ("unlink_w_meeting", "unlink_meeting"):
            with self.subTest(cancel=cancel), self.env.cr.savepoint() as savepoint:
                meeting = self._from_the_lead()
                if cancel == "unlink_meeting":
                    meeting.unlink()
                else:
                    self.activity.unlink_w_meeting()
                self.assertEqual(self.row.state, "canceled")
                self.assertFalse(self.lead.activity_ids or meeting.exists())
                savepoint.rollback()
            self.env.invalidate_all()

    def test_completed_from_any_side_and_taken_back(self):
        meeting = self._from_the_lead()
        for complete in (
            self.mine.action_complete,
            lambda: self.lead.activity_ids.with_user(self.anna).action_feedback(feedback="Yes"),
        ):
            complete()
            self.assertEqual(self.row.state, "done")
            self.assertFalse(self.lead.activity_ids)
            self.assertTrue(meeting.active)
            self.mine.action_undo()
            self.assertEqual(self.row.state, "planned")
            self.assertEqual(self.lead.activity_ids, self.activity)

    def test_completed_by_the_conversation(self):
        self._from_the_lead()
        self.row.create_date -= HOUR
        call = self._create_call(result="answered", duration=60, date=fields.Datetime.now())
        self.mine.write({"date": fields.Datetime.now(), "date_end": False})
        call._decide("attach", self.lead)
        self.assertEqual((self.row.state, self.row.completed_by_id), ("done", call))
        self.assertFalse(self.lead.activity_ids)

    def test_words_of_a_private_place_stay_there(self):
        meeting = self._from_the_lead()
        meeting.privacy = "private"
        meeting.write({"name": "Secret", "description": "<p>Secret</p>"})
        said = [self.row.subject, self.row.description, self.lead.activity_ids.summary]
        self.assertNotIn("Secret", str(said))
        self.mine.action_cancel()
        self.mine.action_plan()
        self.assertNotIn("Secret", str(self.lead.activity_ids.read(["summary", "note"])))

    def test_activity_takes_no_meeting_of_something_else(self):
        """It is enough to name a meeting in one's own activity, which anybody may."""
        of_other = self._meeting(user=self.clara, opportunity_id=self.other.id)
        of_contact = self._meeting(user=self.clara, **self._document(self.customer))
        for meeting in (of_other, of_contact):
            self.activity.calendar_event_id = meeting.id
            self.assertFalse(self.row.calendar_event_id)
            meeting.write({"name": "Other"})
            self.assertFalse(self.row.calendar_event_id)

    def test_two_activities_of_one_meeting_are_one_event(self):
        second = self.activity.copy()
        self._meeting(
            opportunity_id=self.lead.id,
            activity_ids=[Command.set((self.activity | second).ids)],
        )
        placed = self._rows_of(self.lead).filtered("calendar_event_id")
        self.assertEqual(len(placed), 1)

    def test_two_activities_that_name_a_meeting_are_one_event(self):
        second = self.activity.copy()
        for meeting in (self._meeting(opportunity_id=self.lead.id), self._meeting()):
            for activity in (self.activity, second):
                activity.calendar_event_id = meeting.id
            row = self.rows.search([("calendar_event_id", "=", meeting.id)])
            self.assertEqual(len(row), 1)
