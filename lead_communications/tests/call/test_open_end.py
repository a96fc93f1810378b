from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import permutations

from odoo.tests import freeze_time, tagged

from ...telephony.call_event import CallEvent
from .common import LeadPbxCommon

START = datetime(2026, 11, 2, 15, 0)
MINUTE = timedelta(minutes=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestOpenEnd(LeadPbxCommon):
    """Calls of which the end is never reported."""

    def _event(self, name="C-1", **values):
        defaults = {"direction": "incoming", "number": "+48600100200", "start": START}
        return CallEvent(external_id=name, **(defaults | values))

    def _record(self, *events):
        created, updated = self.pbx._record(events)
        return created | updated

    def _close(self, after):
        cron = self.env.ref("lead_communications.lead_communication_open_end_cron")
        with freeze_time(START + after), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def test_call_that_rings_for_ever_ends(self):
        with freeze_time(START):
            call = self._record(self._event(extension="101"))
            self.assertTrue(call.ringing_user_ids)
        self._close(after=59 * MINUTE)
        self.assertFalse(call.result or call.is_end_unknown)
        self._close(after=61 * MINUTE)
        self.assertRecordValues(
            call,
            [
                {
                    "result": "unknown",
                    "is_end_unknown": True,
                    "state": "ready",
                    "date_end": False,
                    "duration": 0,
                    "ringing_user_ids": False,
                    "callback_activity_id": False,
                }
            ],
        )

    def test_conversation_may_last_longer(self):
        answered = {"answer": START + MINUTE, "extension": "101"}
        calls = self._record(
            self._event("going", **answered), self._event("talks", result="answered", **answered)
        )
        self._close(after=240 * MINUTE)
        self.assertEqual(calls.mapped("is_end_unknown"), [False, False])
        self._close(after=242 * MINUTE)
        self.assertEqual(calls.mapped("is_end_unknown"), [True, True])
        self.assertEqual(calls.mapped("result"), ["unknown", "answered"])

    def test_provider_that_ends_calls_itself_is_waited_for_no_longer(self):
        self.pbx.provider = "vonage"
        call = self._record(self._event(answer=START + MINUTE))
        self._close(after=120 * MINUTE)
        self.assertFalse(call.is_end_unknown)
        self._close(after=122 * MINUTE)
        self.assertTrue(call.is_end_unknown)

    def test_what_ended_is_left_alone(self):
        calls = self._record(
            self._event("missed", result="missed"),
            self._event("short", result="answered", end=START + MINUTE),
            self._event("long", result="answered", talk_seconds=60),
        )
        calls |= self._create_call(date=START, pbx_id=False, result=False)
        self._close(after=timedelta(days=2))
        self.assertFalse(any(calls.mapped("is_end_unknown")))

    def test_later_reports_complete_it_in_any_order(self):
        end = START + 300 * MINUTE
        going = self._event(extension="101")
        answered = self._event(answer=START + MINUTE, extension="101", result="answered")
        over = self._event(end=end, talk_seconds=600, extension="101", result="answered")
        facts = None
        for number, events in enumerate(permutations((going, answered, over))):
            for closed_after in (1, 2):
                with self.subTest(order=number, closed_after=closed_after), self._undone():
                    for count, event in enumerate(events, 1):
                        call = self._record(event) or self._rows()
                        if count == closed_after:
                            self._close(after=timedelta(days=1))
                    self.assertFalse(call.is_end_unknown)
                    facts = facts or self._facts()
                    self.assertEqual(self._facts(), facts)
        self.assertEqual((facts[0]["result"], facts[0]["date_end"]), ("answered", str(end)))

    @contextmanager
    def _undone(self):
        """Take back all that is done within it."""
        with self.env.cr.savepoint() as savepoint:
            yield
            self.env.flush_all()
            savepoint.rollback()
        self.env.invalidate_all()

    def test_report_that_tells_no_end_leaves_it_unknown(self):
        call = self._record(self._event())
        self._close(after=timedelta(days=1))
        self._record(self._event(contact_name="Jan"))
        self.assertRecordValues(
            call, [{"result": "unknown", "is_end_unknown": True, "contact_name": "Jan"}]
        )
        self._record(self._event(answer=START + MINUTE, result="answered"))
        self.assertRecordValues(call, [{"result": "answered", "is_end_unknown": True}])
        self._record(self._event(result="missed", end=START + MINUTE))
        self.assertRecordValues(call, [{"result": "answered", "is_end_unknown": False}])

    def test_decision_stays(self):
        call = self._record(self._event())
        lead = self._create_lead()
        call._decide("attach", lead)
        self._close(after=timedelta(days=1))
        self.assertRecordValues(call, [{"lead_id": lead.id, "state": "done"}])
        self._record(self._event(result="missed", end=START + MINUTE))
        self.assertRecordValues(call, [{"lead_id": lead.id, "result": "missed"}])

    def test_as_many_queries_for_many_calls(self):
        self._record(*(self._event(f"first-{number}") for number in range(2)))
        self._close(after=timedelta(days=1))
        counts = []
        for size in (2, 20):
            self._record(*(self._event(f"{size}-{number}") for number in range(size)))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._close(after=timedelta(days=1))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
