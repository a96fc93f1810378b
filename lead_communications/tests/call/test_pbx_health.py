from datetime import datetime, timedelta

from odoo.tests import freeze_time, tagged

from ..common import LeadCommunicationsCommon

MONDAY = datetime(2026, 11, 2, 11, 0)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadPbxHealth(LeadCommunicationsCommon):
    """The administrator sees whether the telephone system reports what it should."""

    def _calls(self, weeks, moment=MONDAY - timedelta(minutes=30)):
        for week in weeks:
            self._create_call(date=moment - timedelta(weeks=week))

    def _is_silent(self, now=MONDAY, last=MONDAY - timedelta(hours=20)):
        self.pbx.last_event_date = last
        self.pbx.invalidate_recordset(["is_silent"])
        with freeze_time(now):
            return self.pbx.with_user(self.admin).is_silent

    def test_silence_in_the_usual_hours_warns(self):
        self._calls([1, 2, 3])
        self.assertTrue(self._is_silent())

    def test_a_report_within_the_last_hours_does_not_warn(self):
        self._calls([1, 2, 3])
        self.assertFalse(self._is_silent(last=MONDAY - timedelta(hours=2)))
        self.assertTrue(self._is_silent(last=MONDAY - timedelta(hours=2, seconds=1)))

    def test_usual_is_what_comes_in_three_of_the_last_four_weeks(self):
        for weeks, is_silent in (
            ([1, 2, 3], True),
            ([1, 2, 4], True),
            ([2, 3, 4], True),
            ([0, 1, 2], False),
            ([3, 4, 5], False),
        ):
            with self.subTest(weeks=weeks):
                self.env["lead.communication"].search([("pbx_id", "=", self.pbx.id)]).unlink()
                self._calls(weeks)
                self.assertEqual(self._is_silent(), is_silent)

    def test_usual_hours_are_the_two_before_this_time_of_the_day(self):
        for ago, is_silent in (
            (timedelta(hours=2, seconds=1), False),
            (timedelta(hours=2), True),
            (timedelta(seconds=1), True),
            (timedelta(), False),
        ):
            with self.subTest(ago=ago):
                self.env["lead.communication"].search([("pbx_id", "=", self.pbx.id)]).unlink()
                self._calls([1, 2, 3], moment=MONDAY - ago)
                self.assertEqual(self._is_silent(), is_silent)

    def test_hours_without_usual_calls_do_not_warn(self):
        self._calls([1, 2])
        self.assertFalse(self._is_silent())
        self._calls([3], moment=MONDAY - timedelta(hours=3))
        self.assertFalse(self._is_silent())
        self.assertFalse(self._is_silent(now=MONDAY + timedelta(days=1)))

    def test_many_calls_of_one_week_are_one_week(self):
        self._calls([1] * 5)
        self.assertFalse(self._is_silent())

    def test_hours_around_midnight(self):
        midnight = datetime(2026, 11, 3, 0, 30)
        self._calls([1, 2], moment=midnight - timedelta(minutes=10))
        self._calls([1, 2], moment=midnight - timedelta(minutes=50))
        self.assertFalse(self._is_silent(now=midnight))
        self._calls([3], moment=midnight - timedelta(minutes=50))
        self.assertTrue(self._is_silent(now=midnight))

    def test_midnight_where_the_administrator_is(self):
        self.pbx = self.pbx.with_context(tz="Asia/Tokyo")
        now = datetime(2026, 11, 2, 16, 0)  # 1 o'clock there
        for minutes in (30, 90):
            self._calls([1, 3], moment=now - timedelta(minutes=minutes))
        self.assertFalse(self._is_silent(now=now))
        self._calls([4], moment=now - timedelta(minutes=30))
        self.assertTrue(self._is_silent(now=now))

    def test_new_system_does_not_warn(self):
        self.assertFalse(self._is_silent(last=False))

    def _watch(self, now, last):
        self.pbx.last_event_date = last
        self.pbx.invalidate_recordset(["is_silent"])
        with freeze_time(now):
            self.env["lead.pbx"]._cron_watch_silence()
        return self.pbx.activity_ids

    def test_administrator_is_told_once_of_each_silence(self):
        self._calls([1, 2, 3])
        self.pbx.user_id = self.admin
        last = MONDAY - timedelta(hours=20)
        activity = self._watch(MONDAY, last)
        self.assertRecordValues(
            activity, [{"user_id": self.admin.id, "summary": "No calls are reported"}]
        )
        self.assertIn("2026", activity.note)
        self.assertEqual(self._watch(MONDAY + timedelta(minutes=15), last), activity)
        # Also when nothing usually comes any more; and who said that it is done is not asked again.
        self.assertEqual(self._watch(MONDAY + timedelta(hours=12), last), activity)
        activity.with_user(self.admin).action_feedback(feedback="The provider works on it")
        self.assertFalse(self._watch(MONDAY + timedelta(minutes=30), last))

    def test_activity_is_closed_by_the_next_report(self):
        self._calls([1, 2, 3])
        last = MONDAY - timedelta(hours=20)
        activity = self._watch(MONDAY, last)
        self.assertTrue(activity)
        self.assertFalse(self._watch(MONDAY, MONDAY - timedelta(minutes=1)))
        self.assertFalse(activity.exists())
        self._calls([0, 1, 2, 3], moment=MONDAY + timedelta(hours=3))
        again = self._watch(MONDAY + timedelta(weeks=1, hours=3, minutes=30), MONDAY)
        self.assertEqual(len(again), 1, "The next silence is another one")

    def test_activity_goes_to_somebody_who_can_do_something(self):
        self._calls([1, 2, 3])
        self.pbx.user_id = self.marek  # no administrator any more
        activity = self._watch(MONDAY, MONDAY - timedelta(hours=20))
        self.assertEqual(len(activity), 1)
        self.assertTrue(activity.user_id.has_group("base.group_system"))

    def test_who_is_archived_or_in_another_company_is_not_asked(self):
        self._calls([1, 2, 3])
        self.otto.group_ids += self.env.ref("base.group_system")
        for user, change in (
            (self.otto, {}),
            (self.admin, {"active": False}),
        ):
            with self.subTest(user=user.login):
                user.write(change)
                self.pbx.write({"user_id": user.id, "silence_date": False})
                activity = self._watch(MONDAY, MONDAY - timedelta(hours=20))
                self.assertTrue(activity)
                self.assertNotIn(user, activity.user_id)
                activity.unlink()

    def test_time_is_that_of_the_administrator(self):
        self._calls([1, 2, 3])
        self.pbx.user_id = self.admin
        self.env.user.tz = "Europe/Warsaw"
        for tz, words in (("Asia/Tokyo", "11/02/2026 12:00:00 AM"), (False, "11/01/2026 03:00:00")):
            with self.subTest(tz=tz):
                self.admin.tz = tz
                self.pbx.silence_date = False
                activity = self._watch(MONDAY, MONDAY - timedelta(hours=20))
                self.assertIn(words, activity.note)
                activity.unlink()

    def test_nobody_is_told_while_calls_come(self):
        self._calls([1, 2, 3])
        self.assertFalse(self._watch(MONDAY, MONDAY - timedelta(minutes=30)))
        self.assertFalse(self._watch(MONDAY, False))

    def test_counts(self):
        with freeze_time(MONDAY):
            self._create_call(date=datetime(2026, 11, 2))
            self._create_call(date=datetime(2026, 11, 1, 23, 59, 59))
            other = self.pbx.copy().with_user(self.admin)
            self.env["lead.communication.failure"]._keep(
                type="call", raw=b"x", error="x", pbx=self.pbx
            )
            pbx = self.pbx.with_user(self.admin)
            self.assertEqual((pbx.calls_today, pbx.failure_count), (1, 1))
            self.assertEqual((other.calls_today, other.failure_count), (0, 0))

    def test_today_is_that_of_who_looks(self):
        with freeze_time(MONDAY):  # Tuesday, 0:00, in Auckland, and 3:00 in Los Angeles
            for moment in (datetime(2026, 11, 2, 10, 59), datetime(2026, 11, 2, 11)):
                self._create_call(date=moment)
            self._create_call(date=datetime(2026, 11, 2, 7, 59, 59))
            counts = {}
            for zone in ("Pacific/Auckland", "America/Los_Angeles", "UTC"):
                pbx = self.pbx.with_user(self.admin).with_context(tz=zone)
                counts[zone] = pbx.calls_today
        self.assertEqual(counts, {"Pacific/Auckland": 1, "America/Los_Angeles": 2, "UTC": 3})
