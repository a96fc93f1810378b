from datetime import timedelta

from odoo import fields
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon

HOUR = timedelta(hours=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestEventHistory(LeadCommunicationsCommon):
    """Whatever becomes of a lead, its events, activities and meetings stay in step."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["lead.communication"]
        cls.start = fields.Datetime.now().replace(minute=0, second=0, microsecond=0) + 72 * HOUR
        cls.lead = cls._create_lead(name="First", type="lead")
        cls.other = cls._create_lead(name="Second")

    def _plan(self, lead, kind="call", **values):
        values = {
            "type": kind,
            "subject": f"{kind} of {lead.name}",
            "lead_id": lead.id,
            "date": self.start,
            "date_end": self.start + HOUR,
        } | values
        return self.rows.with_user(self.anna).create(values).sudo()

    def _rows_of(self, lead):
        return self.rows.search([("lead_id", "=", lead.id)])

    def _fresh(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def test_merged_leads(self):
        """All rows, activities and meetings are on the lead that is left, each once."""
        calls = self._plan(self.lead) | self._plan(self.other)
        meetings = self._plan(self.lead, "meeting") | self._plan(self.other, "meeting")
        done = self._plan(self.lead)
        done.with_user(self.anna).action_complete()
        canceled = self._plan(self.other)
        canceled.with_user(self.anna).action_cancel()
        activities = (self.lead | self.other).activity_ids
        events = meetings.calendar_event_id
        head = (self.lead | self.other).with_user(self.marek).merge_opportunity().sudo()
        self._fresh()
        self.assertEqual(self._rows_of(head), calls | meetings | done | canceled)
        self.assertEqual(set((calls | meetings).mapped("state")), {"planned"})
        self.assertEqual((done.state, canceled.state), ("done", "canceled"))
        self.assertEqual(head.activity_ids, activities)
        self.assertEqual(
            calls.activity_id, activities.filtered(lambda one: one in calls.activity_id)
        )
        self.assertEqual(head.calendar_event_ids, events)
        # They still are one with their events.
        calls[0].with_user(self.anna).action_complete()
        self.assertEqual(len(head.activity_ids), 3)
        events[0].with_user(self.anna).unlink()
        self.assertEqual(meetings.sorted("id").mapped("state").count("canceled"), 1)
        # No decision of its own for each row.
        self.assertFalse(meetings.decision_id.filtered(lambda one: one.action == "move"))

    def test_lead_becomes_an_opportunity(self):
        call, meeting = self._plan(self.lead), self._plan(self.lead, "meeting")
        activities, events = self.lead.activity_ids, self.lead.calendar_event_ids
        self.lead.with_user(self.anna).convert_opportunity(self.env["res.partner"])
        self._fresh()
        self.assertEqual(self.lead.type, "opportunity")
        self.assertEqual(self._rows_of(self.lead), call | meeting)
        self.assertEqual(self.lead.activity_ids, activities)
        self.assertEqual(self.lead.calendar_event_ids, events)

    def test_converted_and_merged_by_the_hosts_dialog(self):
        self.lead.email_from = self.other.email_from = "jan@customer.test"
        rows = self._plan(self.lead) | self._plan(self.other, "meeting")
        dialog = (
            self.env["crm.lead2opportunity.partner"]
            .with_user(self.marek)
            .with_context(active_model="crm.lead", active_id=self.lead.id, active_ids=self.lead.ids)
            .create({"name": "merge"})
        )
        dialog.duplicated_lead_ids = self.lead | self.other
        dialog.action_apply()
        left = (self.lead | self.other).exists()
        self.assertEqual(len(left), 1)
        self.assertEqual(self._rows_of(left), rows)

    def test_lost_and_restored(self):
        """Odoo keeps what is planned on a lost lead, so it stays planned."""
        call, meeting = self._plan(self.lead), self._plan(self.lead, "meeting")
        self.lead.with_user(self.anna).action_set_lost()
        self._fresh()
        self.assertFalse(self.lead.active)
        self.assertEqual((call.state, meeting.state), ("planned", "planned"))
        self.assertTrue(call.activity_id.active)
        self.assertTrue(meeting.calendar_event_id.active)
        # Both sides work on a lost lead.
        call.activity_id.with_user(self.anna).action_feedback()
        self.assertEqual(call.state, "done")
        meeting.with_user(self.anna).action_cancel()
        self.assertFalse(meeting.calendar_event_id.active)
        self.lead.with_user(self.anna).action_restore()
        self.assertEqual(self._rows_of(self.lead), call | meeting)
        self.assertEqual((call.state, meeting.state), ("done", "canceled"))

    def test_archived(self):
        call = self._plan(self.lead)
        self.lead.with_user(self.anna).action_archive()
        self.assertEqual(call.state, "planned")
        call.with_user(self.anna).write({"subject": "Still"})
        self.assertEqual(call.activity_id.summary, "Still")
        self.lead.with_user(self.anna).action_unarchive()
        self.assertEqual(self._rows_of(self.lead), call)

    def test_deleted_lead(self):
        """What was planned goes with the lead; a meeting stays in the calendars, as in Odoo."""
        rows = self._plan(self.lead) | self._plan(self.lead, "meeting")
        rows |= self._plan(self.lead, "note", state="done")
        event, activities = rows.calendar_event_id, self.lead.activity_ids
        received = self._create_call()
        received._decide("attach", self.lead)
        self.lead.with_user(self.marek).unlink()
        self.assertFalse(rows.exists())
        self.assertFalse(activities.exists())
        self.assertTrue(event.active)
        self.assertFalse(event.opportunity_id)
        self.assertEqual(received.state, "ready")
        event.write({"name": "Without a lead"})
        event.unlink()

    def test_deleted_lead_with_its_meetings(self):
        meeting = self._plan(self.lead, "meeting")
        events = meeting.calendar_event_id
        (events | self.lead.calendar_event_ids).unlink()
        self.assertEqual(meeting.state, "canceled")
        self.lead.with_user(self.marek).unlink()
        self.assertFalse(meeting.exists())

    @users("anna_t")
    def test_each_side_in_turn_without_an_echo(self):
        """Writing on one side writes once on the other, and nothing comes back."""
        row = self._plan(self.lead).with_env(self.env)
        meeting = self._plan(self.lead, "meeting").with_env(self.env)
        writes = []
        for name in ("lead.communication", "mail.activity", "calendar.event"):
            self._count_writes(name, writes)
        turns = {
            lambda: row.write({"subject": "A"}): {"lead.communication": 1, "mail.activity": 1},
            lambda: row.sudo().activity_id.sudo(False).write({"summary": "B"}): {
                "mail.activity": 1,
                "lead.communication": 1,
            },
            lambda: meeting.write({"subject": "C"}): {
                "lead.communication": 1,
                "calendar.event": 1,
                "mail.activity": 1,
            },
            lambda: meeting.sudo().calendar_event_id.with_env(meeting.env).write({"name": "D"}): {
                "calendar.event": 1,
                "mail.activity": 1,
                "lead.communication": 1,
            },
        }
        for turn, expected in turns.items():
            writes.clear()
            turn()
            self.assertEqual({name: writes.count(name) for name in writes}, expected)

    def _count_writes(self, name, writes):
        Model = self.registry[name]
        write = Model.write

        def counted(records, vals):
            writes.append(name)
            return write(records, vals)

        self.patch(Model, "write", counted)
