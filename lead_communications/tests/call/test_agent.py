import itertools
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ...telephony.call_event import CallEvent
from .captures import call_file
from .common import CSV, LeadPbxCommon

COLUMNS = [
    *("direction", "number", "phone_sanitized", "contact_name", "line_number", "line_id"),
    *("extension", "result", "date", "answer_date", "date_end", "duration", "recording"),
    *("user_id", "team_id", "company_id", "state", "rule", "legs"),
]


@tagged("post_install", "-at_install", "lead_communications")
class TestCallAgents(LeadPbxCommon):
    """Everybody who spoke is kept, sees the call, and has it in their reports."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.began = fields.Datetime.now().replace(microsecond=0) - timedelta(hours=2)
        cls.pbx.line_ids = [
            Command.create({"extension": "205", "user_id": cls.anna.id}),
            Command.create({"extension": "206", "user_id": cls.ben.id}),
        ]

    def _event(self, name="one", **values):
        values = {"direction": "incoming", "number": "+48600600001", "external_id": name} | values
        return CallEvent(**values)

    def _leg(self, extension, answer, talk, name="one", **values):
        start = self._at(0)
        return self._event(
            name,
            extension=extension,
            result="answered",
            start=start,
            answer=self._at(answer),
            end=self._at(answer + talk),
            talk_seconds=talk,
            **values,
        )

    def _at(self, seconds):
        return self.began + timedelta(seconds=seconds)

    def _record(self, *events):
        self.env["lead.communication"]._record_calls(self.pbx, events)
        return self._rows()

    def _spoke(self, row):
        return [
            (agent.extension, agent.user_id, agent.duration)
            for agent in row.agent_ids.sorted("answer_date")
        ]

    # ---- FILES ----

    def test_transferred_calls_of_a_file(self):
        for _once_more in range(2):
            self.pbx._receive(call_file("transfer.csv"), CSV)
            rows = self._rows()
            self.assertEqual(rows.mapped("extension"), ["205", "206", "205"])
            self.assertEqual([row.user_id for row in rows], [self.anna, self.ben, self.anna])
            self.assertEqual(rows.mapped("duration"), [615] * 3)
            self.assertEqual(
                [self._spoke(row) for row in rows],
                [
                    [("100", self.env["res.users"], 15), ("205", self.anna, 600)],
                    [("205", self.anna, 15), ("206", self.ben, 600)],
                    [("206", self.ben, 15), ("205", self.anna, 600)],
                ],
            )

    def test_row_by_row_in_another_order_it_is_the_same(self):
        lines = call_file("transfer.csv").splitlines(keepends=True)
        for line in (*reversed(lines), *lines):
            self.pbx._receive(line, CSV)
        self.assertEqual(self._rows().mapped("extension"), ["205", "206", "205"])
        self.assertEqual(self._rows().mapped("duration"), [615] * 3)

    # ---- ORDER ----

    def test_any_order_of_reports_ends_in_the_same_row(self):
        """With lines, teams and people set up; an internal leg may end first."""
        ringing = self._event(
            line_number="22 700 19 00", start=self._at(0), extension="205", is_first=True
        )
        reports = [
            ringing,
            self._event(direction="internal", number="", start=self._at(1), end=self._at(20)),
            self._leg("205", 5, 15, direction="internal", number=""),
            self._leg("206", 25, 60),
            self._event(
                line_number="22 700 19 00",
                result="missed",
                start=self._at(0),
                end=self._at(85),
                is_first=True,
            ),
        ]
        seen = []
        for number, order in enumerate(itertools.permutations(reports)):
            if number % 5:
                continue
            for event in order:
                row = self._record(event)
            seen.append([row[name] for name in COLUMNS] + [self._spoke(row)])
            row.unlink()
        self.assertTrue(all(found == seen[0] for found in seen))
        values = dict(zip(COLUMNS, seen[0], strict=False))
        self.assertEqual(values["user_id"], self.ben)
        self.assertEqual(values["team_id"], self.line_team)
        self.assertEqual((values["state"], values["duration"]), ("ready", 75))

    def test_missed_before_it_was_answered_is_whose_it_is_in_the_end(self):
        """That somebody was asked to call back chose nobody."""
        self._create_lead(phone="+48600600001", user_id=self.clara.id)
        missed = self._event(result="missed", start=self._at(0), end=self._at(20))
        row = self._record(missed)
        self.assertEqual(row.user_id, self.clara)
        self.assertEqual(self._record(missed).user_id, self.clara)
        self._record(self._leg("206", 25, 60))
        self.assertEqual(row.user_id, self.ben)

    def test_whom_a_person_chose_stays_also_if_it_was_the_same(self):
        row = self._record(self._leg("205", 5, 15))
        row.with_user(self.marek)._assign(self.anna, self.env["crm.team"])
        self._record(self._leg("206", 25, 60))
        self.assertEqual((row.user_id, row.extension), (self.anna, "206"))
        self.assertEqual(len(row.agent_ids), 2)

    # ---- WHO SPOKE ----

    def test_who_spoke_sees_the_call_and_who_did_not_does_not(self):
        row = self._record(self._leg("205", 5, 15), self._leg("206", 25, 60))
        self.assertEqual(row.user_id, self.ben)
        for user in (self.anna, self.ben):
            mine = row.with_user(user)
            self.assertTrue(mine.has_access("read"))
            self.assertEqual(mine.search([("id", "=", row.id)]), mine)
            self.assertEqual(len(mine.agent_ids), 2)
        other = self._record(self._leg("206", 5, 15, "two")) - row
        self.assertFalse(other.with_user(self.anna).has_access("read"))
        self.assertFalse(other.with_user(self.anna).search([("id", "=", other.id)]))

    def test_who_spoke_is_told_to_those_only_who_may_see_the_call(self):
        self._record(self._leg("205", 5, 15), self._leg("206", 25, 60))
        self._record(self._leg("206", 5, 15, "two"))
        agents = self.env["lead.communication.agent"].search([])
        mine = self.env["lead.communication.agent"].with_user(self.anna)
        self.assertEqual(mine.search([]).mapped("communication_id.external_id"), ["one"])
        hidden = agents.filtered(lambda agent: agent.communication_id.external_id == "two")
        self.assertFalse(hidden.with_user(self.anna).has_access("read"))
        self.assertEqual(agents.with_user(self.anna)._filtered_access("read"), agents - hidden)
        for operation in ("write", "create", "unlink"):
            self.assertFalse(mine.browse(agents.ids).has_access(operation))

    def test_report_counts_everybodys_own_seconds(self):
        self._record(self._leg("205", 5, 15), self._leg("206", 25, 60))
        agents = self.env["lead.communication.agent"].with_user(self.anna)
        found = agents._read_group([], ["user_id"], ["__count", "duration:sum", "talk_time:sum"])
        self.assertEqual(
            sorted((user.login, count, seconds) for user, count, seconds, _hours in found),
            sorted([(self.anna.login, 1, 15), (self.ben.login, 1, 60)]),
        )
        self.assertAlmostEqual(sum(hours for *_found, hours in found), 75 / 3600)

    def test_whose_a_telephone_was_stays_when_it_passes_to_another(self):
        row = self._record(self._leg("205", 5, 15))
        self.pbx.line_ids.filtered(lambda line: line.extension == "205").user_id = self.clara
        self._record(self._leg("205", 5, 15))
        self.assertEqual(row.agent_ids.user_id, self.anna)

    def test_who_is_no_longer_said_to_have_spoken_is_forgotten(self):
        weak = {"is_by_person": False, "is_exact": False}
        row = self._record(self._leg("205", 5, 15, direction="outgoing", **weak))
        self.assertEqual(row.agent_ids.extension, "205")
        child = self._event(
            direction="outgoing", result="no_answer", start=self._at(0), end=self._at(20)
        )
        self._record(child)
        self.assertEqual((row.result, row.duration), ("no_answer", 0))
        self.assertFalse(row.agent_ids)
