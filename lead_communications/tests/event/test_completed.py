from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged, users
from odoo.tools.safe_eval import safe_eval

from ..common import LeadCommunicationsCommon

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestCompleted(LeadCommunicationsCommon):
    """What is planned is no call yet, and what took place is never in the future."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.startClassPatcher(freeze_time(cls.now))
        cls.tomorrow = cls.now + DAY
        cls.lead = cls._create_lead()
        cls.planned = cls._plan()

    @classmethod
    def _plan(cls, **values):
        rows = cls.env["lead.communication"].with_user(cls.anna)
        values = {"type": "call", "subject": "Agree", "date": cls.tomorrow} | values
        return rows.create({"lead_id": cls.lead.id} | values)

    def _assert_done_now(self, event):
        self.assertEqual(event.state, "done")
        self.assertEqual((event.date, event.date_end), (self.now, self.now))

    # ---- COMPLETED EARLY ----

    def test_by_the_button_and_taken_back(self):
        before = self.planned.date, self.planned.date_end
        self.planned.action_complete()
        self._assert_done_now(self.planned)
        self.planned.action_undo()
        self.assertEqual((self.planned.state, self.planned.date), ("planned", before[0]))
        self.assertEqual(self.planned.date_end, before[1])

    def test_by_its_activity_and_opened_again(self):
        activity = self.planned.activity_id
        activity.action_feedback()
        self._assert_done_now(self.planned)
        activity.action_unarchive()
        self.assertEqual((self.planned.state, self.planned.date), ("planned", self.tomorrow))

    def test_a_meeting_by_the_reminder_in_the_calendar(self):
        meeting = self._plan(type="meeting", date_end=self.tomorrow + HOUR)
        event = meeting.sudo().calendar_event_id
        event.activity_ids.action_feedback()
        self._assert_done_now(meeting)
        # Nobody is told that the meeting was moved: the calendar says when it was to be.
        self.assertEqual(event.start, self.tomorrow)

    def test_by_the_form_the_list_and_an_import(self):
        more = self._plan() | self._plan()
        self.planned.write({"state": "done"})
        more.write({"state": "done", "date": self.tomorrow + DAY})
        for event in self.planned | more:
            self._assert_done_now(event)
        new = self._plan(state="done")
        self._assert_done_now(new)
        self.env["lead.communication"].with_user(self.anna).load(
            ["type", "lead_id/.id", "subject", "date", "state"],
            [["Call", str(self.lead.id), "Imported", str(self.tomorrow), "Completed"]],
        )
        imported = self.lead.latest_event_ids.filtered(lambda row: row.subject == "Imported")
        self._assert_done_now(imported)

    def test_the_form_shows_it_at_once(self):
        context = self.lead.with_user(self.anna)._new_event_context("call")
        rows = self.env["lead.communication"].with_user(self.anna).with_context(**context)
        with Form(rows, "lead_communications.lead_communication_view_form_event_dialog") as form:
            form.subject = "Agree"
            form.state = "done"
            self.assertEqual(form.date, self.now)
        self._assert_done_now(form.record)

    def test_by_the_call_that_was_meant_and_not_any_more(self):
        start, soon = self.now - 2 * HOUR, self.now + HOUR
        self.planned.date = soon
        self.planned.flush_recordset()
        # What is planned while talking is the next call.
        self.env.cr.execute(
            "UPDATE lead_communication SET create_date = %s WHERE id = %s",
            (self.now - DAY, self.planned.id),
        )
        self.env.invalidate_all()
        call = self._create_call(
            date=start, date_end=start + HOUR, duration=60, result="answered"
        ).with_user(self.anna)
        call._decide("attach", self.lead.with_user(self.anna))
        self.assertEqual((self.planned.state, self.planned.date), ("done", start))
        self.assertEqual(self.planned.date_end, start + HOUR)
        call.action_reopen()
        self.assertEqual((self.planned.state, self.planned.date), ("planned", soon))

    def test_what_is_late_or_going_on_begins_when_it_was_planned(self):
        late = self._plan(date=self.now - DAY)
        going = self._plan(type="meeting", date=self.now - HOUR, date_end=self.now + HOUR)
        end = late.date_end
        (late | going).action_complete()
        self.assertEqual((late.date, late.date_end), (self.now - DAY, end))
        self.assertEqual((going.date, going.date_end), (self.now - HOUR, self.now))

    def test_what_took_place_is_not_put_into_the_future(self):
        self.planned.action_complete()
        open_one = self._plan()
        for values in ({"date": self.tomorrow}, {"date_end": self.tomorrow}):
            with self.subTest(values=values), self.assertRaisesRegex(ValidationError, "future"):
                (self.planned | open_one).write(values)
        open_one.write({"date": self.tomorrow + DAY})
        self.planned.write({"date": self.now - DAY})
        self.assertEqual(self.planned.date, self.now - DAY)

    @users("anna_t")
    def test_planned_again_it_has_its_time(self):
        event = self.planned.with_env(self.env)
        event.action_complete()
        event.write({"state": "planned"})
        self.assertEqual(event.date, self.tomorrow)
        event.action_complete()
        event.write({"state": "planned", "date": self.tomorrow + DAY})
        self.assertEqual(event.date, self.tomorrow + DAY)

    # ---- WHAT IS COUNTED ----

    def test_what_is_planned_or_canceled_is_counted_nowhere(self):
        canceled = self._plan()
        canceled.action_cancel()
        lead = self.lead.with_user(self.anna)
        self.assertEqual((lead.call_count, lead.latest_call_ids.ids), (0, []))
        self.assertEqual(lead.event_count, 2)
        actions = (
            "inbox",
            "call",
            "email",
            "report",
            "report_missed",
            "report_decision",
            "report_waiting",
        )
        rows = self.env["lead.communication"].with_user(self.anna)
        for name in actions:
            with self.subTest(action=name):
                xmlid = f"lead_communications.lead_communication_{name}_action"
                domain = Domain(safe_eval(self.env.ref(xmlid).domain))
                found = rows.search(domain & Domain("lead_id", "=", lead.id))
                self.assertFalse(found)
        calls = lead.action_open_calls()
        self.assertFalse(rows.search(calls["domain"]))
        self.planned.action_complete()
        lead.invalidate_recordset()
        self.assertEqual((lead.call_count, lead.latest_call_ids), (1, self.planned))
        self.assertEqual(rows.search(calls["domain"]), self.planned)
