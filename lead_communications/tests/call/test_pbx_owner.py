from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .captures import call_file
from .common import CSV, FORM, LeadPbxCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestCallOwner(LeadPbxCommon):
    """Whose a call is when lines and people change."""

    def _import(self):
        self.pbx._receive(call_file("import_before_lines.csv"), CSV)
        return self._rows()

    def _add_lines(self):
        self.pbx.line_ids = [
            Command.create({"extension": "301", "user_id": self.anna.id}),
            Command.create({"number": "22 200 30 00", "team_id": self.line_team.id}),
        ]

    def test_lines_that_are_added_later_fill_in_the_owner(self):
        rows = self._import()
        self.assertFalse(rows.user_id)
        self._add_lines()
        self.assertEqual(self._import(), rows)
        self.assertEqual(rows.mapped("user_id"), self.anna)
        self.assertEqual(rows.filtered("line_id").team_id, self.line_team)

    def test_owner_whom_a_person_chose_stays(self):
        rows = self._import()
        rows._assign(self.ben, self.env["crm.team"])
        self._add_lines()
        self._import()
        self.assertEqual(rows.user_id, self.ben)

    def test_call_that_was_decided_keeps_its_owner(self):
        rows = self._import()
        rows[0].action_ignore()
        self._add_lines()
        self._import()
        self.assertFalse(rows[0].user_id)
        self.assertEqual(rows[1].user_id, self.anna)

    def test_call_of_a_person_who_is_gone_is_the_lines(self):
        self.anna.action_archive()
        self._push(did="22%20700%2019%2000", peer="101", dialstatus="ANSWER", answered="5")
        self.assertFalse(self._rows().user_id)
        self.assertEqual(self._rows().team_id, self.line_team)

    def test_line_of_a_person_who_is_gone_is_the_teams(self):
        self.pbx.team_id = self.line_team
        self.pbx.line_ids.filtered("number").write({"user_id": self.ben.id, "team_id": False})
        self.ben.action_archive()
        self._push(did="22%20700%2019%2000", dialstatus="NOANSWER")
        self.assertFalse(self._rows().user_id)
        self.assertEqual(self._rows().team_id, self.line_team)

    def test_what_waits_for_a_person_who_leaves_goes_to_the_line(self):
        line = self.pbx.line_ids.filtered("number")
        line.user_id = self.ben
        self._push(did="22%20700%2019%2000", peer="101", dialstatus="ANSWER", answered="5")
        row = self._rows()
        self.assertEqual(row.user_id, self.anna)
        self.anna.action_archive()
        self.assertEqual(row.user_id, self.ben)
        self.ben.action_archive()
        self.assertFalse(row.user_id)

    def test_call_in_the_future_began_when_it_was_received(self):
        now = datetime(2026, 11, 2, 12, 0)
        ahead = now + timedelta(hours=5)
        with freeze_time(now):
            for _once_more in range(2):
                self.pbx._receive(self._future_push(ahead), FORM)
                row = self._rows()
                self.assertEqual(row.date_end, now)
                self.assertEqual(row.date, now - timedelta(seconds=60))

    def test_same_report_later_moves_no_call(self):
        now = datetime(2026, 11, 2, 12, 0)
        body = self._future_push(now + timedelta(hours=5))
        for later in (0, 60):
            with freeze_time(now + timedelta(minutes=later)):
                self.pbx._receive(body, FORM)
        self.assertEqual(self._rows().date_end, now)

    def _future_push(self, start):
        epoch = int((start - datetime(1970, 1, 1)).total_seconds())
        return (
            f"event=hangup&direction=inbound&linkedid={epoch}.7&src=600100200&did=227001900"
            f"&dialstatus=NOANSWER&start={epoch}&end={epoch + 60}"
        ).encode()
