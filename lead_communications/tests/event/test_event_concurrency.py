import threading
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.exceptions import MissingError, RedirectWarning, UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.communication.failure import try_patiently
from ...models.event.sync import SYNC
from ..committed import CommittedCase
from ..forked import Worker

START = datetime(2035, 11, 26, 9)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestEventConcurrency(CommittedCase):
    """Both sides are saved at once, in real transactions: what is made here is committed."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            users = self._create_users(env, 2, tz="Europe/Warsaw")
            lead = env["crm.lead"].create({"name": self.mark, "user_id": users[0].id})
            self.user_ids, self.lead_id = users.ids, lead.id

    def _delete(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
            env["calendar.event"].search([("opportunity_id", "=", self.lead_id)]).unlink()
            env["crm.lead"].browse(self.lead_id).unlink()
            env["lead.communication.decision"].search([("user_id", "in", self.user_ids)]).unlink()
            env["res.users"].browse(self.user_ids).write({"active": False})

    def _plan(self, kind):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[0], {})
            row = env["lead.communication"].create(
                {
                    "type": kind,
                    "subject": self.mark,
                    "lead_id": self.lead_id,
                    "date": START,
                    "date_end": START + timedelta(hours=1),
                }
            )
            return row.id

    def _act(self, user_id, row_id, act, barrier, answers):
        with self.registry.cursor() as cr:
            row = api.Environment(cr, user_id, {})["lead.communication"].browse(row_id)
            row.read(["state", "date"])  # it was on the screen: the snapshot is taken
            sides = (
                row,
                row.sudo().activity_id.sudo(False),
                row.sudo().calendar_event_id.sudo(False),
            )
            barrier.wait(180)
            try:
                retrying(lambda: act(*sides), row.env)
                answers[user_id] = True
            except (UserError, RedirectWarning, MissingError) as refused:
                answers[user_id] = refused

    def _act_together(self, row_id, *acts):
        """Do both at once; return what refused, if something did."""
        barrier, answers = threading.Barrier(2), {}
        threads = [
            threading.Thread(target=self._act, args=(user_id, row_id, act, barrier, answers))
            for user_id, act in zip(self.user_ids, acts, strict=True)
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(300)
        self.assertEqual(len(answers), 2)
        return [answer for answer in answers.values() if answer is not True]

    def _read(self, row_id):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        env = api.Environment(cr, SUPERUSER_ID, {"active_test": False})
        row = env["lead.communication"].browse(row_id)
        self.assertEqual(env["lead.communication"].search([("lead_id", "=", self.lead_id)]), row)
        return row

    def test_call_is_put_off_on_both_sides_at_once(self):
        row_id = self._plan("call")
        times = {"date": START + DAY, "date_end": START + DAY + timedelta(hours=1)}
        refused = self._act_together(
            row_id,
            lambda row, _activity, _meeting: row.write(times),
            lambda _row, activity, _meeting: activity.write({"date_deadline": START + 2 * DAY}),
        )
        self.assertFalse(refused)
        row = self._read(row_id)
        self.assertIn(row.date, (START + DAY, START + 2 * DAY))
        self.assertEqual(row.activity_id.date_deadline, row.date.date())
        self.assertEqual(row.lead_id.activity_ids, row.activity_id)

    def test_meeting_is_moved_on_both_sides_at_once(self):
        row_id = self._plan("meeting")
        times = {"date": START + DAY, "date_end": START + DAY + timedelta(hours=1)}
        refused = self._act_together(
            row_id,
            lambda row, _activity, _meeting: row.write(times),
            lambda _row, _activity, meeting: meeting.write({"start": START + 2 * DAY}),
        )
        self.assertFalse(refused)
        row = self._read(row_id)
        meeting = row.calendar_event_id
        self.assertEqual((meeting.start, meeting.stop), (row.date, row.date_end))
        self.assertEqual(row.lead_id.calendar_event_ids, meeting)

    def test_call_is_finished_on_both_sides_at_once(self):
        row_id = self._plan("call")
        self._act_together(
            row_id,
            lambda row, _activity, _meeting: row.action_complete(),
            lambda _row, activity, _meeting: activity.action_done(),
        )
        row = self._read(row_id)
        self.assertEqual(row.state, "done")
        self.assertFalse(row.activity_id.active)
        said = row.lead_id.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(len(said), 1)

    def test_call_is_completed_while_its_activity_is_deleted(self):
        row_id = self._plan("call")
        self._act_together(
            row_id,
            lambda row, _activity, _meeting: row.action_complete(),
            lambda _row, activity, _meeting: activity.unlink(),
        )
        row = self._read(row_id)
        self.assertIn(row.state, ("done", "canceled"))
        self.assertFalse(row.lead_id.activity_ids.filtered("active"))

    def test_meeting_is_canceled_while_it_is_deleted(self):
        row_id = self._plan("meeting")
        self._act_together(
            row_id,
            lambda row, _activity, _meeting: row.action_cancel(),
            lambda _row, _activity, meeting: meeting.unlink(),
        )
        row = self._read(row_id)
        self.assertEqual(row.state, "canceled")
        self.assertFalse(row.lead_id.activity_ids.filtered("active"))

    # ---- WHAT WAS THERE BEFORE ----

    def _take_over(self, worker):
        with self.registry.cursor() as cr:
            past = worker.env(cr)["lead.past"].search([("kind", "=", "activity")])
            try_patiently(past.env, past._take_batch)
            worker.pause()
            cr.commit()

    def _activities_of_before(self):
        """Return what is to be taken over: activities of the lead alone, which have no rows."""
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            activities = SYNC.on(env["mail.activity"]).create(
                [
                    {
                        "res_model_id": env["ir.model"]._get_id("crm.lead"),
                        "res_id": self.lead_id,
                        "activity_type_id": env.ref("mail.mail_activity_data_call").id,
                        "user_id": self.user_ids[0],
                    }
                    for _number in range(3)
                ]
            )
            env["lead.past"].search([("kind", "=", "activity")]).unlink()
            top = max(activities.ids) + 1
            env["lead.past"].create({"kind": "activity", "top": top, "position": top})
            kinds = env["lead.past"]._kinds()
            mine = SQL("res_model = 'crm.lead' AND res_id = %s", self.lead_id)
            kinds["activity"] = kinds["activity"]._replace(condition=mine)
        self.startPatcher(patch.object(self.registry["lead.past"], "_kinds", lambda _past: kinds))
        return activities.ids

    def _taken_over(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            rows = env["lead.communication"].search([("lead_id", "=", self.lead_id)])
            past = env["lead.past"].search([("kind", "=", "activity")])
            return sorted(rows.activity_id.ids), len(rows), past.taken_count

    def test_taken_over_once_by_two_workers(self):
        ids = self._activities_of_before()
        workers = [Worker(self.registry, self._take_over)]
        workers[0].wait_until_paused()
        self.addCleanup(workers[0].wait)
        # The second one waits for the first one's rows, and finds them.
        workers.append(Worker(self.registry, self._take_over))
        workers[0].go_on()
        workers[1].wait_until_paused()
        workers[1].go_on()
        self.assertEqual([worker.wait() for worker in workers], [0, 0])
        self.assertEqual(self._taken_over(), (ids, 3, 3))

    def test_taken_over_once_after_a_worker_was_killed(self):
        ids = self._activities_of_before()
        worker = Worker(self.registry, self._take_over)
        worker.wait_until_paused()
        worker.kill()
        self.assertEqual(self._taken_over(), ([], 0, 0))
        worker = Worker(self.registry, self._take_over)
        worker.wait_until_paused()
        worker.go_on()
        self.assertEqual(worker.wait(), 0)
        self.assertEqual(self._taken_over(), (ids, 3, 3))
