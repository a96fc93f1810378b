import ast
from datetime import datetime, timedelta
from email.utils import format_datetime

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.fields import Command, Domain
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon

NUMBER = "+48221234567"
TZ = "Europe/Warsaw"
HOUR = timedelta(hours=1)


class SnoozeCommon(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.anna | cls.ben | cls.clara).tz = TZ
        cls.now = fields.Datetime.now()

    def _snooze(self, rows, user=None, **delay):
        """Put ``rows`` off, for an hour if nothing else is said."""
        until = fields.Datetime.now() + timedelta(**(delay or {"hours": 1}))
        return rows.with_user(user or self.anna)._snooze(until)

    def _later(self, **delay):
        """Let time go on: a context manager. What was read is read again."""
        self.env.invalidate_all()
        return freeze_time(fields.Datetime.now() + timedelta(**delay))

    def _is_waiting(self, row, user=None):
        """Tell whether the row is in Ready, as the filter of the lists finds it."""
        rows = self.env["lead.communication"].with_user(user or self.anna)
        found = {name: self._found_by(name, rows, row) for name in ("ready", "snoozed")}
        self.assertEqual(found, {"ready": not row.is_snoozed, "snoozed": row.is_snoozed})
        return found["ready"]

    def _found_by(self, name, rows, row):
        search = self.env.ref("lead_communications.lead_communication_view_search_inbox")
        (node,) = search._get_combined_arch().xpath(f"//filter[@name='filter_{name}']")
        domain = Domain(ast.literal_eval(node.get("domain")))
        return bool(rows.search(domain & Domain("id", "=", row.id)))


@tagged("post_install", "-at_install", "lead_communications")
class TestSnoozeTimes(SnoozeCommon):
    """Until when, by the clock and the calendar of who puts it off."""

    def _times(self, moment, user=None):
        """Return the times that are offered at ``moment``, by the clock of the user."""
        rows = self.env["lead.communication"].with_user(user or self.anna)
        with freeze_time(moment):
            times = rows._snooze_times()
            local = rows.with_context(tz=(user or self.anna).tz)
            return {
                name: f"{fields.Datetime.context_timestamp(local, time):%a %d %H:%M}"
                for name, time in times.items()
            }

    def test_morning_of_a_working_day(self):
        for moment, tomorrow, monday, week in (
            ("2026-11-25 10:00", "Thu 26", "Mon 30", "Wed 02"),  # a Wednesday
            ("2026-11-27 10:00", "Mon 30", "Mon 30", "Fri 04"),  # Friday: nobody works tomorrow
            ("2026-11-28 10:00", "Mon 30", "Mon 30", "Mon 07"),  # Saturday
            ("2026-11-29 10:00", "Mon 30", "Mon 30", "Mon 07"),  # Sunday
            ("2026-11-30 10:00", "Tue 01", "Mon 07", "Mon 07"),  # on a Monday it is the next one
            ("2026-11-30 07:00", "Tue 01", "Mon 07", "Mon 07"),  # before nine, too
        ):
            with self.subTest(moment=moment):
                expected = {"tomorrow": tomorrow, "monday": monday, "week": week}
                self.assertEqual(
                    self._times(moment), {name: f"{day} 09:00" for name, day in expected.items()}
                )

    def test_it_is_the_day_of_the_person(self):
        # 23:30 on Tuesday in Warsaw, Wednesday in Tokyo
        self.assertEqual(self._times("2026-11-24 22:30")["tomorrow"], "Wed 25 09:00")
        self.anna.tz = "Asia/Tokyo"
        self.assertEqual(self._times("2026-11-24 22:30")["tomorrow"], "Thu 26 09:00")
        self.anna.tz = False
        self.assertEqual(self._times("2026-11-24 22:30")["tomorrow"], "Wed 25 09:00")

    def test_summer_time_begins_and_ends(self):
        rows = self.env["lead.communication"].with_user(self.anna)
        for moment, utc in (
            ("2026-03-27 12:00", datetime(2026, 3, 30, 7)),  # it begins on Sunday the 29th
            ("2026-10-23 12:00", datetime(2026, 10, 26, 8)),  # it ended on Sunday the 25th
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertEqual(rows._snooze_times()["monday"], utc)

    def test_holidays_are_no_working_days(self):
        calendar = self.env.company.resource_calendar_id
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": calendar.id,
                "company_id": self.company.id,
                "date_from": "2026-11-29 00:00:00",
                "date_to": "2026-11-30 23:00:00",
            }
        )
        self.assertEqual(self._times("2026-11-27 10:00")["monday"], "Tue 01 09:00")

    def test_who_works_on_other_days(self):
        shop = self.env["resource.calendar"].create(
            {
                "name": "Tuesday to Saturday",
                "tz": TZ,
                "company_id": self.company.id,
                "attendance_ids": [
                    Command.create(
                        {"name": "Day", "dayofweek": day, "hour_from": 10, "hour_to": 18}
                    )
                    for day in "12345"
                ],
            }
        )
        self.company.resource_calendar_id = shop
        times = self._times("2026-11-27 10:00")
        self.assertEqual((times["tomorrow"], times["monday"]), ("Sat 28 09:00", "Tue 01 09:00"))
        self.company.resource_calendar_id = False
        self.assertEqual(self._times("2026-11-27 10:00")["tomorrow"], "Sat 28 09:00")

    def test_times_that_are_none(self):
        call = self._create_call().with_user(self.anna)
        for until, message in (
            (False, "until when"),
            (fields.Datetime.now(), "past"),
            (fields.Datetime.now() - timedelta(days=2), "past"),
            (fields.Datetime.now() + timedelta(days=367), "a year at most"),
        ):
            with self.subTest(until=until), self.assertRaisesRegex(UserError, message):
                call._snooze(until)
        self.assertFalse(call.snoozed_until)


@tagged("post_install", "-at_install", "lead_communications")
class TestSnooze(SnoozeCommon):
    """What is put off is out of Ready until then, for everybody, and comes back by itself."""

    def test_it_comes_back_with_the_time_and_says_so(self):
        call = self._create_call()
        self._snooze(call)
        self.assertFalse(self._is_waiting(call))
        self.assertFalse(self._is_waiting(call, self.clara))
        self.assertEqual((call.state, call.snoozed_by_id), ("ready", self.anna))
        with self._later(minutes=59):
            self.assertFalse(self._is_waiting(call))
        with self._later(minutes=61):
            self.assertTrue(self._is_waiting(call))
            self.assertTrue(self._is_waiting(call, self.clara))

    def test_the_mark_says_until_when(self):
        call = self._create_call().with_user(self.anna).with_context(lang="en_US", tz=TZ)
        with freeze_time("2026-11-25 10:00"):
            call._snooze(datetime(2026, 11, 26, 8))
        for moment, note in (
            ("2026-11-25 10:00", "Snoozed until tomorrow, 9:00 AM"),
            ("2026-11-25 23:30", "Snoozed until today, 9:00 AM"),  # after midnight in Warsaw
            ("2026-11-26 09:00", "Snoozed until today, 9:00 AM"),
            ("2026-11-27 09:00", "Snoozed until yesterday, 9:00 AM"),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                call.invalidate_recordset()
                self.assertEqual(call.snooze_note.replace("\u202f", " "), note)
        with freeze_time("2026-11-29 09:00"):
            call.invalidate_recordset()
            self.assertIn("Thu, Nov 26", call.snooze_note)
            call._decide("ignore")
            self.assertFalse(call.snooze_note)

    def test_counter_counts_what_waits_now_and_the_rest_apart(self):
        rows = self.env["lead.communication"].with_user(self.anna)
        before = rows.count_ready()
        self.assertNotIn("snoozed", before)
        calls = self._create_call() | self._create_call(user_id=self.clara.id)
        self._snooze(calls[0])
        self._snooze(calls[1], self.clara, minutes=30)
        counts = rows.count_ready()
        self.assertEqual(counts.pop("snoozed"), 1)
        self.assertAlmostEqual(counts.pop("wake_in"), 3600, delta=60)
        self.assertEqual(counts, before)
        # Clara sees both in her lists, and her counter counts her own.
        of_clara = rows.with_user(self.clara).count_ready()
        self.assertEqual(of_clara["snoozed"], 1)
        self.assertLess(of_clara["wake_in"], 1801)
        with self._later(hours=2):
            self.assertEqual(rows.count_ready(), before | {"call": before.get("call", 0) + 1})

    def test_changing_the_time(self):
        call = self._create_call()
        self._snooze(call)
        self._snooze(call, self.clara, hours=3)
        self.assertEqual(call.snoozed_by_id, self.clara)
        with self._later(hours=2):
            self.assertFalse(self._is_waiting(call))

    def test_back_to_ready_before_the_time(self):
        call = self._create_call()
        self._snooze(call)
        call.with_user(self.clara).action_reopen()
        self.assertTrue(self._is_waiting(call))
        self.assertFalse(call.snooze_note)
        with self.assertRaises(UserError):
            call.with_user(self.anna).action_reopen()

    def test_back_to_ready_of_what_was_put_off_and_what_was_ignored(self):
        snoozed, ignored = self._create_call(), self._create_call()
        self._snooze(snoozed)
        ignored.with_user(self.anna).action_ignore()
        (snoozed | ignored).with_user(self.anna).action_reopen()
        self.assertTrue(self._is_waiting(snoozed))
        self.assertTrue(self._is_waiting(ignored))

    def test_the_conversation_is_put_off_as_a_whole(self):
        first = self._receive()
        second = self._receive(subject="Re: A question", in_reply_to=first.message_ref)
        self._snooze(second)
        self.assertTrue(first.is_snoozed)
        second.with_user(self.anna).action_undo()
        self.assertFalse((first | second).filtered("is_snoozed"))

    # ---- WHO ----

    def test_who_may_decide_may_snooze(self):
        call = self._create_call()
        with self.assertRaises(AccessError):
            self._snooze(call, self.ben)
        with self.assertRaises(AccessError):
            call.with_user(self.ben).action_snooze()
        with self.assertRaises(AccessError):
            call.with_user(self.anna).write({"snoozed_until": self.now + HOUR})
        self._snooze(call, self.clara)
        with self.assertRaises(AccessError):
            call.with_user(self.ben).action_reopen()
        self.assertTrue(call.is_snoozed)

    def test_of_a_mixed_set_nothing_is_put_off(self):
        calls = self._create_call() | self._create_call(user_id=self.ben.id)
        with self.assertRaises(AccessError):
            self._snooze(calls)
        self.assertFalse(calls.filtered("snoozed_until"))

    @users("anna_t")
    def test_what_is_decided_meanwhile_is_left(self):
        calls = (self._create_call() | self._create_call()).with_env(self.env)
        calls[0]._decide("ignore")
        self.assertEqual(self._snooze(calls), calls[1])
        with self.assertRaisesRegex((UserError, RedirectWarning), "was first"):
            self._snooze(calls[0])

    # ---- THE DIALOG ----

    def _dialog(self, rows, user=None):
        action = rows.with_user(user or self.anna).action_snooze()
        return (
            self.env["lead.communication.snooze"]
            .with_user(user or self.anna)
            .browse(action["res_id"])
        )

    def test_dialog_puts_off_until_what_it_showed(self):
        calls = self._create_call() | self._create_call()
        dialog = self._dialog(calls)
        monday = dialog.monday
        with self._later(days=1):
            dialog.with_context(lead_snooze="monday").action_snooze()
        self.assertEqual(set(calls.mapped("snoozed_until")), {monday})
        with self._later(days=30), self.assertRaisesRegex(UserError, "past"):
            dialog.with_context(lead_snooze="tomorrow").action_snooze()

    def test_dialog_takes_a_time_and_tells_it(self):
        call = self._create_call()
        dialog = self._dialog(call)
        with self.assertRaisesRegex(UserError, "until when"):
            dialog.action_snooze()
        for preset in ("until", "communication_ids", "create_date", 7):
            with self.assertRaises(UserError):
                dialog.with_context(lead_snooze=preset).action_snooze()
        dialog.until = self.now + 2 * HOUR
        notice = dialog.action_snooze()
        self.assertIn("Snoozed until", notice["params"]["message"])
        self.assertEqual(call.snoozed_until, dialog.until)

    def test_dialog_is_for_what_one_may_see(self):
        hidden = self._create_call(user_id=self.ben.id)
        with self.assertRaises(AccessError):
            self.env["lead.communication.snooze"].with_user(self.anna).create(
                {"communication_ids": hidden.ids, "until": self.now + HOUR}
            )

    def test_dialog_says_that_a_colleague_is_on_it(self):
        call = self._create_call()
        call.with_user(self.clara).action_claim()
        self.assertEqual(self._dialog(call).others_on_it, "Clara")
        self.assertFalse(self._dialog(call, self.clara).others_on_it)

    def test_the_rest_of_the_party_is_put_off_until_then(self):
        calls = self._create_call() | self._create_call()
        notice = self._snooze(calls[0])._decided_notice()
        self.assertTrue(notice["params"]["others"])
        calls[0].with_user(self.anna).action_decide_others()
        self.assertEqual(calls[1].snoozed_until, calls[0].snoozed_until)
        self.assertEqual(calls[1].state, "ready")

    # ---- WHAT ENDS IT ----

    def test_a_decision_ends_it_and_undo_gives_it_back(self):
        call = self._create_call()
        self._snooze(call)
        until = call.snoozed_until
        call.with_user(self.clara).action_ignore()
        self.assertFalse(call.is_snoozed)
        self.assertLessEqual(call.snoozed_until, fields.Datetime.now())
        call.with_user(self.clara).action_undo()
        self.assertRecordValues(
            call, [{"snoozed_until": until, "snoozed_by_id": self.anna.id, "is_snoozed": True}]
        )
        call.with_user(self.clara).action_ignore()
        call.with_user(self.clara).action_reopen()
        self.assertRecordValues(call, [{"snoozed_until": False, "snoozed_by_id": False}])

    def test_undo_of_a_snooze_and_of_its_end(self):
        call = self._create_call()
        self._snooze(call)
        until = call.snoozed_until
        call.with_user(self.anna).action_reopen()
        call.with_user(self.anna).action_undo()
        self.assertEqual(call.snoozed_until, until)
        call.with_user(self.anna).action_undo()
        self.assertFalse(call.snoozed_until)
        self.assertTrue(self._is_waiting(call))

    def test_undo_of_what_was_decided_before_there_was_a_snooze(self):
        call = self._create_call()
        call.with_user(self.anna).action_ignore()
        decision = call.decision_id
        decision.before = {
            row: {name: value for name, value in values.items() if "snooze" not in name}
            for row, values in decision.before.items()
        }
        call.with_user(self.anna).action_undo()
        self.assertTrue(self._is_waiting(call))

    def test_assigning_ends_it(self):
        call = self._create_call()
        self._snooze(call)
        call.with_user(self.anna)._assign(self.clara, self.env["crm.team"])
        self.assertTrue(self._is_waiting(call, self.clara))
        call.with_user(self.anna).action_undo()
        self.assertTrue(call.is_snoozed)

    def test_being_on_it_ends_it_and_snoozing_leaves_it(self):
        call = self._create_call()
        self._snooze(call)
        call.with_user(self.clara).action_claim()
        self.assertTrue(self._is_waiting(call))
        self._snooze(call, self.clara)
        self.assertFalse(call.claimed_by_id)

    def test_who_was_asked_is_asked_when_it_is_back(self):
        call = self._create_call(user_id=False, team_id=self.team.id)
        call.with_user(self.anna)._assign(self.clara, self.env["crm.team"])
        activity = call.assign_activity_id
        today = activity.date_deadline
        self._snooze(call, self.clara, days=3)
        self.assertEqual(call.assign_activity_id, activity)
        self.assertEqual((activity.date_deadline - today).days, 3)
        call.with_user(self.clara).action_undo()
        self.assertEqual((call.assign_activity_id, activity.date_deadline), (activity, today))
        call.with_user(self.anna).action_undo()  # of the assignment
        self.assertFalse(activity.exists())

    # ---- THE PARTY IS IN TOUCH ----

    def _report(self, **values):
        """Let the telephone system report a call, begun a moment after what was decided."""
        call = self._create_call(
            **{"date": fields.Datetime.now() + timedelta(seconds=1), "result": "missed"} | values
        )
        call.sudo()._run_steps("after_report")
        return call

    def test_a_call_of_the_same_number_brings_it_back(self):
        call = self._create_call()
        self._snooze(call)
        until = call.snoozed_until
        self._report()
        self.assertTrue(self._is_waiting(call))
        self.assertEqual(call.snooze_meant_until, until)
        self.assertIn("in touch again", call.snooze_note)
        self.assertEqual(self._dialog(call).former, until)
        self._snooze(call)
        self.assertFalse(call.snooze_meant_until)

    def test_calls_that_bring_nothing_back(self):
        call = self._create_call()
        self._snooze(call)
        self._report(phone_sanitized="+48221234568")
        self._report(direction="internal")
        self._report(direction="outgoing", result="no_answer")
        self._report(phone_sanitized=False, number="anonymous")
        self._report(company_id=self.other_company.id, pbx_id=False)
        self._report(date=self.now - timedelta(days=3))  # a file of last week
        self._report(state="ignored", rule="exception")
        call._run_steps("after_report")  # more is reported of it
        self.assertFalse(self._is_waiting(call))
        self._report(direction="outgoing", result="answered")
        self.assertTrue(self._is_waiting(call))

    def test_what_is_written_down_brings_back_what_one_sees(self):
        call, hidden = self._create_call(), self._create_call(user_id=self.ben.id)
        self._snooze(call)
        self._snooze(hidden, self.ben)
        log = self._create_call(
            pbx_id=False, external_id=False, date=fields.Datetime.now() + timedelta(seconds=1)
        )
        log.with_user(self.anna).sudo()._run_steps("after_report")
        self.assertFalse(call.is_snoozed)
        self.assertTrue(hidden.is_snoozed)

    def _write(self, **headers):
        return self._receive(**{"date": format_datetime(fields.Datetime.now())} | headers)

    def test_an_email_brings_back_what_is_of_its_party_or_conversation(self):
        mail = self._receive()
        others = self._receive(**{"from": "Eva <eva@other.test>"})
        for headers in (
            {"subject": "Something else"},
            {"from": "A colleague <colleague@customer.test>", "in_reply_to": mail.message_ref},
        ):
            with self.subTest(headers=headers):
                self._snooze(mail | others)
                self._write(**headers)
                self.assertFalse(mail.is_snoozed)
                self.assertTrue(others.is_snoozed)

    def test_an_answer_on_a_lead_brings_it_back(self):
        mail, on_lead = self._receive(), self._receive(subject="Doors")
        on_lead._decide("attach", self._create_lead())
        self._snooze(mail)
        answer = self._write(subject="Re: Doors", in_reply_to=on_lead.message_ref)
        self.assertEqual(answer.lead_id, on_lead.lead_id)
        self.assertFalse(mail.is_snoozed)

    def test_programs_and_old_mail_bring_nothing_back(self):
        mail = self._receive()
        self._snooze(mail)
        self._write(auto_submitted="auto-replied", subject="Out of office")
        self._receive(subject="Last year")
        self.assertTrue(mail.is_snoozed)

    # ---- WHAT COUNTS FROM ITS END ----

    def test_reminder_counts_from_its_end(self):
        self.env["lead.communication"].search([]).unlink()  # of the demo
        call = self._create_call(team_id=self.team.id)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_communication SET create_date = %s WHERE id = %s",
            (self.now - timedelta(hours=30), call.id),
        )
        rows = self.env["lead.communication"]
        self.assertIn(self.anna, rows._overdue_by_user())
        rows._cron_remind_overdue()
        asked = [("user_id", "=", self.anna.id)]
        asked.append(
            (
                "activity_type_id",
                "=",
                self.env.ref("lead_communications.mail_activity_type_decide").id,
            )
        )
        self.assertTrue(self.env["mail.activity"].search(asked))
        self.env.invalidate_all()
        self._snooze(call)
        self.assertFalse(self.env["mail.activity"].search(asked))
        for hours, is_overdue in ((0.5, False), (2, False), (24, False), (26, True)):
            with self.subTest(hours=hours), self._later(hours=hours):
                self.assertEqual(self.anna in rows._overdue_by_user(), is_overdue)

    def test_time_to_decision_counts_from_its_end(self):
        call = self._create_call()
        self._snooze(call, hours=5)
        with self._later(hours=7):
            call.with_user(self.anna).action_ignore()
            self.env.flush_all()
        self.assertAlmostEqual(call.decision_hours, 2, places=2)
        [(average,)] = self.env["lead.communication"]._read_group(
            [("id", "=", call.id)], [], ["decision_hours:avg"]
        )
        self.assertAlmostEqual(average, 2, places=2)

    def test_decided_before_its_end_it_did_not_wait(self):
        call = self._create_call()
        self._snooze(call, hours=5)
        with self._later(hours=1):
            call.with_user(self.anna).action_ignore()
            self.assertAlmostEqual(call.decision_hours, 0, places=2)

    def test_who_has_put_off_how_much(self):
        calls = self._create_call() | self._create_call() | self._create_call()
        self._snooze(calls[:2])
        self._snooze(calls[2], self.clara)
        rows = self.env["lead.communication"].with_user(self.marek)
        domain = [("is_snoozed", "=", True), ("id", "in", calls.ids)]
        self.assertEqual(
            dict(rows._read_group(domain, ["snoozed_by_id"], ["__count"])),
            {self.anna: 2, self.clara: 1},
        )

    def test_nothing_is_told_to_anybody_outside_or_twice(self):
        mails = self.env["mail.mail"].search_count([])
        messages = self.env["mail.message"].search_count([])
        call = self._create_call()
        self._snooze(call)
        with self._later(hours=2):
            self.env["lead.communication"].with_user(self.anna).count_ready()
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(self.env["mail.message"].search_count([]), messages)

    # ---- COSTS ----

    def _queries(self, method):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        method()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_costs_do_not_grow(self):
        counts = []
        for number in (2, 2, 20):  # the first one fills what is cached
            calls = self.env["lead.communication"].concat(
                *(self._create_call() for _one in range(number))
            )
            snoozing = self._queries(lambda calls=calls: self._snooze(calls))
            call = self._create_call(date=fields.Datetime.now() + timedelta(seconds=1))
            waking = self._queries(call._wake_reported)
            self.assertFalse(calls.filtered("is_snoozed"))
            nothing = self._queries(call._wake_reported)
            counts.append((snoozing, waking, nothing))
        self.assertEqual(counts[1], counts[2])
