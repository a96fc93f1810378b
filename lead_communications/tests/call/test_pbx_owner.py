from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

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

    def test_call_back_of_a_person_who_leaves_is_asked_of_another(self):
        line = self.pbx.line_ids.filtered("number")
        line.user_id = self.anna
        now = datetime(2026, 11, 2, 12, 0)
        with freeze_time(now):
            body = self._future_push(now - timedelta(minutes=5))
            self.pbx._receive(body, FORM)
            row = self._rows()
            activity = row.callback_activity_id
            self.assertEqual((row.user_id, activity.user_id), (self.anna, self.anna))
            self.line_team.user_id = self._create_user("eve_t", "base.group_user")
            self.assertFalse(row._heir(self.anna), "who may not see it is not asked")
            self.line_team.write({"user_id": self.marek.id, "member_ids": self.marek.ids})
            self.anna.action_archive()
            self.assertFalse(row.user_id)
            self.assertEqual(row.callback_activity_id.user_id, self.marek)
            self.marek.action_archive()
            self.assertTrue(row.callback_activity_id.active, "nobody is left, it is not forgotten")
            self.assertFalse(row.callback_activity_id.user_id)

    # ---- LINES FOR SOME DAYS ----

    def _handed_on(self):
        """Let the telephone 101 pass from anna to ben on the 10th of November."""
        line = self.pbx.line_ids.filtered(lambda one: one.extension == "101")
        line.date_until = "2026-11-09"
        self.pbx.line_ids = [
            Command.create({"extension": "101", "user_id": self.ben.id, "date_from": "2026-11-10"})
        ]
        return line

    def test_telephone_that_passes_on_keeps_its_history(self):
        self.pbx.tz = "Europe/Warsaw"
        self._handed_on()
        days = {
            datetime(2026, 11, 2, 12): self.anna,
            # In Warsaw it is the tenth already.
            datetime(2026, 11, 9, 22, 59): self.anna,
            datetime(2026, 11, 9, 23, 1): self.ben,
            datetime(2026, 11, 20, 12): self.ben,
        }
        for start, user in days.items():
            epoch = int((start - datetime(1970, 1, 1)).total_seconds())
            self._push(
                linkedid=f"{epoch}.1",
                start=str(epoch),
                end=str(epoch + 60),
                peer="101",
                dialstatus="ANSWER",
                answered="30",
            )
            row = self._rows().filtered(lambda one, name=f"{epoch}.1": one.external_id == name)
            self.assertEqual(row.user_id, user, start)
            self.assertEqual(row.agent_ids.user_id, user, start)

    def test_line_is_there_once_on_a_day(self):
        line = self._handed_on()
        for values in (
            {"date_from": "2026-11-09"},
            {"date_from": "2026-11-01", "date_until": "2026-11-30"},
            {"date_until": "2026-11-01"},
        ):
            with self.subTest(**values), self.assertRaises(ValidationError):
                self.pbx.line_ids = [Command.create({"extension": "101"} | values)]
        self.pbx.line_ids = [Command.create({"extension": "101", "user_id": self.clara.id})]
        with self.assertRaises(ValidationError):
            line.date_until = "2026-11-10"
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            line.date_from = "2026-11-10"
            line.flush_recordset()

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
