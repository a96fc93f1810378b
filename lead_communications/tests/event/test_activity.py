from datetime import date, datetime, timedelta

from freezegun import freeze_time
from markupsafe import Markup

from odoo import fields
from odoo.tests import Form, new_test_user, tagged, users
from odoo.tools import mute_logger

from ...models.event.sync import SYNC
from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestEventActivity(LeadCommunicationsCommon):
    """A planned call is an activity of the lead, and an activity is a planned call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_type = cls.env.ref("mail.mail_activity_data_call")
        cls.todo_type = cls.env.ref("mail.mail_activity_data_todo")
        cls.meeting_type = cls.env.ref("mail.mail_activity_data_meeting")
        cls.email_type = cls.env.ref("mail.mail_activity_data_email")
        cls.anna.tz = cls.ben.tz = "Europe/Warsaw"
        cls.lead = cls._create_lead()
        cls.rows = cls.env["lead.communication"]

    def _event(self, user=None, **values):
        values = {
            "type": "call",
            "subject": "Ring about the date",
            "lead_id": self.lead.id,
            "date": "2026-11-30 09:00:00",
        } | values
        return self.rows.with_user(user or self.anna).create(values)

    def _activity(self, user=None, **values):
        lead = self.lead.with_user(user or self.anna)
        values = {
            "activity_type_id": self.call_type.id,
            "summary": "Ring Jan",
            "date_deadline": date(2026, 11, 30),
            "user_id": self.anna.id,
            "automated": False,
        } | values
        return lead.activity_schedule(**values)

    def _row_of(self, activity):
        return self.rows.search([("activity_id", "=", activity.id)])

    # ---- THE EVENT FIRST ----

    def test_planned_event_is_an_activity(self):
        """A planned call, message and note are activities with the same facts."""
        for kind, activity_type in (
            ("call", self.call_type),
            ("message", self.todo_type),
            ("note", self.todo_type),
        ):
            with self.subTest(type=kind):
                row = self._event(type=kind, state="planned", description="<p>Windows</p>")
                self.assertRecordValues(
                    row.sudo().activity_id,
                    [
                        {
                            "res_model": "crm.lead",
                            "res_id": self.lead.id,
                            "activity_type_id": activity_type.id,
                            "summary": "Ring about the date",
                            "note": Markup("<p>Windows</p>"),
                            "user_id": self.anna.id,
                            "date_deadline": date(2026, 11, 30),
                            "automated": False,
                        }
                    ],
                )
        self.assertEqual(len(self.lead.activity_ids), 3)
        self.assertEqual(self.rows.search_count([("lead_id", "=", self.lead.id)]), 3)

    def test_completed_and_canceled_events_are_no_activities(self):
        for state in ("done", "canceled"):
            self._event(state=state)
        self.assertFalse(self.lead.activity_ids)

    def test_deadline_is_the_day_of_the_responsible(self):
        late = self._event(date="2026-11-30 23:30:00").sudo()
        self.assertEqual(late.activity_id.date_deadline, date(2026, 12, 1))
        self.ben.tz = "America/New_York"
        self.assertEqual(
            self._event(user=self.marek, date="2026-11-30 02:00:00", user_id=self.ben.id)
            .sudo()
            .activity_id.date_deadline,
            date(2026, 11, 29),
        )

    def test_activity_follows_the_event(self):
        row = self._event()
        activity = row.sudo().activity_id
        row.write(
            {
                "date": "2026-12-02 09:00:00",
                "date_end": "2026-12-02 09:30:00",
                "subject": "Ring again",
                "description": "<p>New</p>",
                "user_id": self.ben.id,
            }
        )
        self.assertRecordValues(
            activity,
            [
                {
                    "date_deadline": date(2026, 12, 2),
                    "summary": "Ring again",
                    "note": Markup("<p>New</p>"),
                    "user_id": self.ben.id,
                }
            ],
        )
        self.assertEqual(len(self.lead.activity_ids), 1)

    def test_completing_the_event_finishes_the_activity_once(self):
        row = self._event()
        activity = row.sudo().activity_id
        before = len(self.lead.message_ids)
        row.action_complete()
        self.assertFalse(activity.active)
        self.assertEqual(len(self.lead.message_ids) - before, 1)
        self.assertEqual(self.lead.message_ids[0].mail_activity_type_id, self.call_type)
        self.assertEqual(row.state, "done")

    def test_activity_that_becomes_a_to_do_is_no_event_any_more(self):
        to_do = self.env.ref("mail.mail_activity_data_todo")
        row = self._event()
        note = self._event(type="note", subject="Remember")
        activity = row.sudo().activity_id.with_user(self.anna)
        activity.activity_type_id = to_do
        self.assertFalse(row.exists())
        self.assertTrue(activity.active)
        note.sudo().activity_id.with_user(self.anna).activity_type_id = to_do
        self.assertEqual(note.state, "planned", "a note is a To-Do all the time")
        activity.activity_type_id = self.call_type
        again = self.env["lead.communication"].search([("activity_id", "=", activity.id)])
        self.assertEqual((again.type, again.state), ("call", "planned"))

    def test_canceling_the_event_takes_the_activity_away(self):
        row = self._event()
        activity = row.sudo().activity_id
        before = len(self.lead.message_ids)
        row.action_cancel()
        self.assertFalse(activity.exists())
        self.assertEqual(row.state, "canceled")
        self.assertEqual(len(self.lead.message_ids), before)

    def test_planned_again_is_an_activity_again(self):
        row = self._event()
        row.action_cancel()
        times = {"date": "2026-12-03 09:00:00", "date_end": "2026-12-03 09:30:00"}
        row.write(times | {"state": "planned"})
        activity = row.sudo().activity_id
        self.assertEqual(activity.date_deadline, date(2026, 12, 3))
        row.action_complete()
        row.action_undo()
        self.assertEqual(row.state, "planned")
        self.assertEqual(row.sudo().activity_id, activity)
        self.assertTrue(activity.active)

    def test_moved_event_takes_its_activity_along(self):
        other = self._create_lead(name="Another house")
        row = self._event()
        row._decide("move", other.with_user(self.anna))
        self.assertEqual(row.sudo().activity_id.res_id, other.id)
        self.assertFalse(self.lead.activity_ids)
        row.action_undo()
        self.assertEqual(row.sudo().activity_id.res_id, self.lead.id)

    def test_defaults_of_the_dialog_are_not_the_activitys(self):
        """The dialog of a new event is opened with defaults that activities know too."""
        action = self.lead.with_user(self.anna).with_context(event_type="call").action_new_event()
        form = Form(
            self.rows.with_user(self.anna).with_context(
                **action["context"], default_note="Not this", default_res_id=1
            ),
            view="lead_communications.lead_communication_view_form_event_dialog",
        )
        form.subject = "Ring"
        activity = form.save().sudo().activity_id
        self.assertEqual((activity.res_id, activity.note), (self.lead.id, False))

    # ---- THE ACTIVITY FIRST ----

    def test_planned_activity_is_an_event(self):
        for activity_type, kind in (
            (self.call_type, "call"),
            (self.meeting_type, "meeting"),
            (self.email_type, "email"),
        ):
            with self.subTest(type=kind):
                activity = self._activity(activity_type_id=activity_type.id, note="<p>Why</p>")
                self.assertRecordValues(
                    self._row_of(activity),
                    [
                        {
                            "type": kind,
                            "state": "planned",
                            "lead_id": self.lead.id,
                            "subject": "Ring Jan",
                            "description": Markup("<p>Why</p>"),
                            "user_id": self.anna.id,
                            # nine o'clock in Warsaw
                            "date": datetime(2026, 11, 30, 8),
                            "priority": "1",
                        }
                    ],
                )
        self.assertEqual(len(self.lead.activity_ids), 3)

    def test_activity_of_today_starts_soon(self):
        """What is planned for today is not overdue at once."""
        for now, start in (
            ("2026-11-30 05:10:00", datetime(2026, 11, 30, 8)),
            ("2026-11-30 10:10:00", datetime(2026, 11, 30, 10, 30)),
            ("2026-11-30 10:31:00", datetime(2026, 11, 30, 11)),
            ("2026-11-30 22:50:00", datetime(2026, 11, 30, 22, 30)),
        ):
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(self._row_of(self._activity()).date, start)

    @users("anna_t")
    def test_activity_planned_in_the_hosts_dialog(self):
        dialog = Form(
            self.env["mail.activity.schedule"].with_context(
                active_model="crm.lead", active_ids=self.lead.ids, active_id=self.lead.id
            )
        )
        dialog.activity_type_id = self.call_type.with_env(self.env)
        dialog.summary = "From the chatter"
        dialog.save().action_schedule_activities()
        row = self.rows.search([("lead_id", "=", self.lead.id)])
        self.assertEqual((row.type, row.state), ("call", "planned"))
        self.assertEqual(row.subject, "From the chatter")

    def test_other_activities_are_no_events(self):
        upload = self.env.ref("mail.mail_activity_data_upload_document")
        self._activity(activity_type_id=self.todo_type.id)
        self._activity(activity_type_id=upload.id)
        self._activity(automated=True)
        self.env.user.partner_id.activity_schedule("mail.mail_activity_data_call", automated=False)
        self.assertFalse(self.rows.search([("lead_id", "=", self.lead.id)]))
        self.assertFalse(self._row_of(self.env.user.partner_id.activity_ids))

    def test_what_the_system_asks_for_is_no_event(self):
        """The activities to answer an email and to call back make no planned events."""
        call = self._create_call(
            result="missed", date=fields.Datetime.now() - timedelta(hours=1), state="ready"
        )
        call._run_steps("after_report")
        self.assertTrue(call.callback_activity_id)
        call.with_user(self.anna)._decide("attach", self.lead)
        mail = self._receive()
        self.lead.user_id = self.ben
        mail.with_user(self.admin).sudo()._decide("attach", self.lead)
        self.assertTrue(mail.answer_activity_id)
        self.assertEqual(call.callback_activity_id.res_id, self.lead.id)
        self.assertEqual(len(self.lead.activity_ids), 2)
        self.assertEqual(
            self.rows.search([("lead_id", "=", self.lead.id)]).sorted("id"), call | mail
        )

    def test_event_follows_the_activity(self):
        activity = self._activity()
        row = self._row_of(activity)
        row.with_user(self.anna).write({"date_end": "2026-11-30 08:30:00", "priority": "2"})
        activity.with_user(self.anna).write(
            {
                "date_deadline": date(2026, 12, 7),
                "summary": "Ring on Monday",
                "note": "<p>About the price</p>",
                "user_id": self.ben.id,
            }
        )
        self.assertRecordValues(
            row,
            [
                {
                    "date": datetime(2026, 12, 7, 8),
                    "date_end": datetime(2026, 12, 7, 8, 30),
                    "subject": "Ring on Monday",
                    "description": Markup("<p>About the price</p>"),
                    "user_id": self.ben.id,
                    "priority": "2",
                }
            ],
        )
        self.assertEqual(activity.date_deadline, date(2026, 12, 7))

    def test_another_day_keeps_the_hour_of_the_clock(self):
        """From summer time to winter time, ten o'clock stays ten o'clock."""
        row = self._event(date="2026-10-23 08:00:00")
        row.sudo().activity_id.with_user(self.anna).date_deadline = date(2026, 10, 26)
        self.assertEqual(row.date, datetime(2026, 10, 26, 9))

    @users("anna_t")
    def test_finished_activity_completes_the_event(self):
        ways = {
            "action_feedback": lambda one: one.action_feedback(feedback="Agreed"),
            "action_done": lambda one: one.action_done(),
            "schedule_next": lambda one: one.action_feedback_schedule_next(feedback="Agreed"),
            "archive": lambda one: one.action_archive(),
        }
        for name, finish in ways.items():
            with self.subTest(way=name):
                activity = self._activity(note="<p>Price?</p>").with_env(self.env)
                row = self._row_of(activity)
                before = len(self.lead.message_ids)
                finish(activity)
                self.assertEqual(row.state, "done")
                self.assertEqual(row.decision_user_id, self.env.user)
                self.assertIn("Price?", row.description)
                if name in ("action_feedback", "schedule_next"):
                    self.assertIn("Agreed", row.description)
                if name != "archive":
                    self.assertEqual(len(self.lead.message_ids) - before, 1)

    @users("anna_t")
    def test_finished_in_bulk(self):
        activities = self.env["mail.activity"].union(
            *(self._activity(summary=str(number)).with_env(self.env) for number in range(3))
        )
        rows = self._row_of(activities[0]).union(*(self._row_of(one) for one in activities))
        activities.action_feedback(feedback="<b>All</b> done")
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertIn("&lt;b&gt;All&lt;/b&gt; done", rows[2].description)

    def test_next_activity_of_a_chain_is_planned(self):
        self.call_type.write(
            {"chaining_type": "trigger", "triggered_next_type_id": self.call_type.id}
        )
        for finish in ("event", "activity"):
            with self.subTest(finished=finish):
                lead = self._create_lead()
                row = self._event(lead_id=lead.id)
                if finish == "event":
                    row.action_complete()
                else:
                    row.sudo().activity_id.with_user(self.anna).action_feedback()
                rows = self.rows.search([("lead_id", "=", lead.id)], order="id")
                self.assertEqual(rows.mapped("state"), ["done", "planned"])
                self.assertEqual(rows[1].activity_id, lead.activity_ids)

    @users("anna_t")
    def test_deleted_activity_cancels_the_event(self):
        for way in ("unlink", "action_cancel"):
            with self.subTest(way=way):
                activity = self._activity().with_env(self.env)
                row = self._row_of(activity)
                getattr(activity, way)()
                self.assertEqual(row.state, "canceled")
                self.assertFalse(row.activity_id)

    def test_deleting_what_is_finished_changes_nothing(self):
        row = self._event()
        row.action_complete()
        row.sudo().activity_id.unlink()
        self.assertEqual(row.state, "done")

    def test_opened_again(self):
        activity = self._activity()
        row = self._row_of(activity)
        activity.action_feedback()
        activity.action_unarchive()
        self.assertEqual(row.state, "planned")

    def test_type_of_the_activity_is_changed(self):
        activity = self._activity(activity_type_id=self.todo_type.id)
        activity.activity_type_id = self.call_type
        row = self._row_of(activity)
        self.assertEqual((row.type, row.state), ("call", "planned"))
        activity.activity_type_id = self.meeting_type
        self.assertEqual(row.type, "meeting")
        self.assertEqual(self._row_of(activity), row)

    def test_planned_before_the_addon_was_there(self):
        """An activity that is older than the addon is an event once somebody changes it."""
        quiet = SYNC.on(self.lead)
        activity = quiet.activity_schedule(
            "mail.mail_activity_data_call", automated=False, user_id=self.anna.id
        ).with_env(self.env)
        self.assertFalse(self._row_of(activity))
        activity.with_user(self.anna).date_deadline = date(2026, 12, 7)
        self.assertEqual(self._row_of(activity).date, datetime(2026, 12, 7, 8))

    def test_activities_of_other_documents_cost_nothing(self):
        contact = self.env["res.partner"].create({"name": "Jan"})
        activity = contact.activity_schedule("mail.mail_activity_data_call", automated=False)
        activity.flush_recordset()
        activity.read(["res_model", "calendar_event_id"])
        with self.assertQueryCount(0):
            self.assertFalse(activity._events())

    def test_activity_of_a_person_who_does_not_see_the_lead(self):
        """Ben is asked to ring on a lead that they may not read; they finish it."""
        activity = self._activity(user_id=self.ben.id)
        row = self._row_of(activity)
        with mute_logger("odoo.addons.base.models.ir_rule"):
            self.assertFalse(self.lead.with_user(self.ben).has_access("read"))
        activity.with_user(self.ben).action_feedback(feedback="Done")
        self.assertEqual(row.state, "done")
        self.assertEqual(row.decision_user_id, self.ben)

    def test_portal_user_is_not_responsible(self):
        portal = new_test_user(self.env, "pola_t", "base.group_portal")
        row = self._row_of(self._activity(user_id=portal.id))
        self.assertFalse(row.user_id)

    def test_the_other_side_is_gone(self):
        row = self._event()
        activity = row.sudo().activity_id
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", [activity.id])
        self.env.invalidate_all()
        row.subject = "Still here"
        row.action_complete()
        self.assertEqual(row.state, "done")

    def test_twenty_at_once(self):
        """Twenty planned activities cost as many queries more as one does."""
        leads = self.lead.union(*(self._create_lead(name=str(n)) for n in range(19)))

        def plan(some, automated):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.anna).activity_schedule(
                activity_type_id=self.call_type.id, automated=automated, user_id=self.anna.id
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        plan(leads, True)
        price = {len(some): plan(some, False) - plan(some, True) for some in (leads[0], leads)}
        self.assertLessEqual(price[20], price[1] + 2, price)
        self.assertLessEqual(price[20], 20, price)
        self.assertEqual(self.rows.search_count([("lead_id", "in", leads.ids)]), 21)

    def test_twenty_events_at_once(self):
        def write_down(number, state):
            values = [
                {"type": "call", "subject": str(n), "lead_id": self.lead.id, "state": state}
                for n in range(number)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.rows.with_user(self.anna).create(values)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        write_down(1, "planned")
        price = {n: write_down(n, "planned") - write_down(n, "done") for n in (1, 20)}
        self.assertLessEqual(price[20], price[1] + 2, price)
        self.assertLessEqual(price[20], 15, price)
        self.assertEqual(len(self.lead.activity_ids), 22)
