import itertools
import json
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon

START = datetime(2026, 3, 2, 10, 15)


@tagged("post_install", "-at_install", "lead_communications")
class TestJoinedReports(LeadCommunicationsCommon):
    """3CX names no call: the reports of a group that rang, and of a transfer, are one call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cx = cls.pbx.copy({"name": "3CX", "provider": "threecx"})
        cls.cx.line_ids = [
            Command.clear(),
            Command.create({"extension": "101", "user_id": cls.anna.id}),
            Command.create({"extension": "102", "user_id": cls.ben.id}),
        ]

    def _report(self, agent, start, end, kind="Inbound", number="600111222", talk=None):
        def moment(seconds):
            return (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")

        talk = end - start if talk is None else talk
        is_answered = kind in ("Inbound", "Outbound")
        fields = {
            "call_type": kind,
            "number": number,
            "agent": agent,
            "duration": str(timedelta(seconds=talk)).zfill(8) if is_answered else "00:00:00",
            "started_at": moment(start),
            "answered_at": moment(end - talk) if is_answered else "",
            "ended_at": moment(end),
        }
        return json.dumps(fields).encode()

    def _take_in(self, *reports):
        for body in reports:
            self.cx._receive(body, "application/json")
        return self.env["lead.communication"].search([("pbx_id", "=", self.cx.id)])

    def _all_orders(self, *reports):
        """Return the one call that the reports become, after all orders of them."""
        seen = []
        for order in itertools.permutations(reports):
            rows = self._take_in(*order, order[0])
            self.assertEqual(len(rows), 1)
            seen.append(
                (rows.user_id, rows.extension, rows.result, rows.duration, rows.date, rows.date_end)
            )
            last = rows.agent_ids.mapped(lambda agent: (agent.extension, agent.duration))
            rows.unlink()
        self.assertEqual(len(set(seen)), 1)
        return [*seen[0], sorted(last)]

    def test_group_that_rang_is_one_call(self):
        user, extension, result, duration, *_times, spoke = self._all_orders(
            self._report("101", 0, 20, "Missed"),
            self._report("103", 1, 20, "Missed"),
            self._report("102", 1, 80, talk=60),
        )
        self.assertEqual((user, extension), (self.ben, "102"))
        self.assertEqual((result, duration), ("answered", 60))
        self.assertEqual(spoke, [("102", 60)])

    def test_transferred_call_is_one(self):
        user, extension, _result, duration, start, end, spoke = self._all_orders(
            self._report("102", 0, 20, talk=15),
            self._report("101", 21, 90, talk=60),
            self._report("102", 91, 120, talk=25),
        )
        self.assertEqual((user, extension, duration), (self.ben, "102", 100))
        self.assertEqual((start, end), (START, START + timedelta(seconds=120)))
        self.assertEqual(spoke, [("101", 60), ("102", 40)])

    def test_other_calls_stay_apart(self):
        rows = self._take_in(
            self._report("101", 0, 20, "Missed"),
            # Of another party, in the other direction, later; the same telephone again
            self._report("102", 1, 80, number="600111223"),
            self._report("102", 1, 80, "Outbound"),
            self._report("102", 100, 130),
            self._report("101", 20, 40, "Missed"),
            self._report("102", 1, 80, number="anonymous"),
            self._report("101", 1, 80, number="anonymous"),
        )
        self.assertEqual(len(rows), 7)

    def test_call_that_was_decided_is_not_taken_away(self):
        rows = self._take_in(self._report("102", 0, 20), self._report("102", 91, 120))
        rows.with_user(self.ben)._decide("ignore")
        self.assertEqual(self._take_in(self._report("101", 21, 90)), rows)
        self.assertEqual(set(rows.mapped("state")), {"ignored"})

    def test_systems_that_name_their_calls_are_not_asked(self):
        before = self.cr.sql_log_count
        calls = self.env["lead.communication"]._joined_calls(self.pbx, {})
        self.assertEqual((calls, self.cr.sql_log_count), ({}, before))
