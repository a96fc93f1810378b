import base64
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged, users

from ...models.call import pbx_upload, pbx_upload_report
from ...wizard.call import pbx_import
from .captures import cdr
from .common import LeadPbxCommon

HEADINGS = "start,src,dst,dstchannel,lastapp,billsec,disposition,uniqueid"


def rows(count, first=0):
    return "".join(
        f"2026-11-21 10:{number // 60:02d}:{number % 60:02d},+48221234567,+48227001101,PJSIP/101-1,"
        f"Dial,4,ANSWERED,1795305{number:03d}.0\n"
        for number in range(first, first + count)
    )


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadPbxUpload(LeadPbxCommon):
    """Files that are too large to be taken in while somebody waits."""

    def setUp(self):
        super().setUp()
        self.patch(pbx_import, "AT_ONCE", 300)
        self.patch(pbx_upload, "BATCH_SIZE", 600)

    def _import(self, *contents, pbx=None):
        files = [
            Command.create({"name": f"{number}.csv", "datas": base64.b64encode(content.encode())})
            for number, content in enumerate(contents)
        ]
        wizard = self.env["lead.pbx.import"].create(
            {"pbx_id": (pbx or self.pbx).id, "attachment_ids": files}
        )
        return wizard.action_import()["params"]

    def _start(self, content):
        self._import(content)
        return self.env["lead.pbx.upload"].search([], limit=1)

    @contextmanager
    def _job(self):
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})["lead.pbx.upload"]
        self.env.invalidate_all()

    def _run(self):
        """Run the scheduled job as the scheduler does."""
        with self._job() as uploads:
            uploads._cron_take_in()

    @contextmanager
    def _only(self, batches):
        """Let the time of the job be over after some batches."""
        left = iter([1.0] * (batches + 1))
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *_args, **_kw: next(left, 0.0)
        ):
            yield

    # ---- TAKING IN ----

    @users("admin_t")
    def test_large_file_is_taken_in_later(self):
        params = self._import(f"{HEADINGS}\n{rows(20)}")
        self.assertIn("0.csv: importing in the background.", params["message"])
        self.assertFalse(self._rows())
        upload = self.env["lead.pbx.upload"].search([])
        self.assertEqual((upload.progress, upload.row_count, upload.state), (0, 20, "running"))
        cron = self.env.ref("lead_communications.lead_pbx_upload_cron").sudo()
        self.assertTrue(self.env["ir.cron.trigger"].sudo().search([("cron_id", "=", cron.id)]))
        self._run()
        self.assertEqual(len(self._rows()), 20)
        self.assertEqual((upload.progress, upload.created_count, upload.state), (100, 20, "done"))
        content = [("res_model", "=", "lead.pbx.upload"), ("res_field", "=", "content")]
        self.assertFalse(self.env["ir.attachment"].sudo().search(content))

    @users("admin_t")
    def test_job_goes_on_where_its_time_was_over(self):
        upload = self._start(f"{HEADINGS}\n{rows(20)}")
        with self._only(1):
            self._run()
        taken = len(self._rows())
        self.assertTrue(0 < taken < 20)
        self.assertTrue(0 < upload.progress < 100)
        self._run()
        self.assertEqual((len(self._rows()), upload.created_count), (20, 20))

    @users("admin_t")
    def test_killed_within_a_batch_nothing_is_lost_or_doubled(self):
        upload = self._start(f"{HEADINGS}\n{rows(20)}")
        finish = self.registry["lead.pbx.upload"]._take_rows

        def killed(self, part):
            finish(self, part)
            raise KeyboardInterrupt

        with self._only(1):
            self._run()
        self.assertTrue(0 < len(self._rows()) < 20)
        with (
            self.assertRaises(KeyboardInterrupt),
            patch.object(self.registry["lead.pbx.upload"], "_take_rows", killed),
            self.env.cr.savepoint(),
        ):
            upload.sudo()._take_batch(upload.sudo()._content())
        self._run()
        self.assertEqual((len(self._rows()), upload.created_count), (20, 20))

    @users("admin_t")
    def test_batch_that_another_worker_took_is_not_taken_twice(self):
        upload = self._start(f"{HEADINGS}\n{rows(20)}").sudo()
        content = upload._content()
        take, calls = self.registry["lead.pbx.upload"]._take_batch, []

        def beaten(self, content):
            calls.append(1)
            if len(calls) == 1:
                # What PostgreSQL says to who comes second.
                raise SerializationFailure
            return take(self, content)

        with (
            self._job() as uploads,
            patch.object(self.registry["lead.pbx.upload"], "_take_batch", beaten),
        ):
            uploads.browse(upload.id)._take_rest()
        self.assertEqual((len(self._rows()), upload.state), (20, "done"))
        self.assertFalse(upload._take_batch(content))

    # ---- TWICE, CANCELED ----

    @users("admin_t")
    def test_same_file_once_more_is_the_same_import(self):
        for _time in range(2):
            self._import(f"{HEADINGS}\n{rows(20)}")
        upload = self.env["lead.pbx.upload"].search([])
        self.assertEqual(len(upload), 1)
        self._run()
        self._start(f"{HEADINGS}\n{rows(20)}")
        self._run()
        again = self.env["lead.pbx.upload"].search([]) - upload
        self.assertEqual((again.state, again.created_count, len(self._rows())), ("done", 0, 20))

    @users("admin_t")
    def test_cancel_keeps_what_was_taken_in(self):
        upload = self._start(f"{HEADINGS}\n{rows(20)}")
        with self._only(1):
            self._run()
        taken = len(self._rows())
        message = upload.action_cancel()["params"]["message"]
        self.assertIn(f"{taken} of them are new", message)
        self._run()
        self.assertEqual((upload.state, len(self._rows())), ("canceled", taken))
        self.assertFalse(upload.sudo()._content())
        self.assertIsNone(upload.action_cancel())

    @users("admin_t")
    def test_what_came_of_it_is_forgotten_in_time(self):
        running, done = (self._start(f"{HEADINGS}\n{rows(20, first)}").sudo() for first in (0, 50))
        done.action_cancel()
        for days, is_there in ((89, True), (91, False)):
            date = fields.Datetime.now() - timedelta(days=days)
            self.env.flush_all()
            self.env.cr.execute("UPDATE lead_pbx_upload SET write_date = %s", [date])
            self.env.invalidate_all()
            self.env["lead.pbx.upload"].sudo()._gc_finished()
            self.assertEqual(bool(done.exists()), is_there)
        self.assertTrue(running.exists())

    # ---- BROKEN ROWS ----

    @users("admin_t")
    def test_broken_rows_are_reported_and_corrected(self):
        text = rows(20).replace("ANSWERED,1795305007", "LOST,1795305007")
        upload = self._start(f"{HEADINGS}\n{text}")
        self._run()
        self.assertEqual((len(self._rows()), upload.broken_count), (19, 1))
        self.assertEqual(upload.broken_reasons, "9: Unknown disposition 'LOST'.")
        report = base64.b64decode(upload.report).decode("utf-8-sig")
        self.assertIn("uniqueid,Row Number,Reason\n", report)
        self.assertIn("LOST,1795305007.0,9,", report)
        self.assertFalse(
            self.env["lead.communication.failure"].search([("pbx_id", "=", self.pbx.id)])
        )
        self._import(report.replace("LOST", "ANSWERED", 1))
        self.assertEqual(len(self._rows()), 20)

    @users("admin_t")
    def test_very_many_broken_rows_are_counted(self):
        self.patch(pbx_upload_report, "MOST_ROWS", 3)
        self.patch(pbx_upload_report, "MOST_REASONS", 2)
        upload = self._start(f"{HEADINGS}\n{rows(20)}".replace("ANSWERED", "LOST"))
        self._run()
        self.assertEqual((upload.broken_count, len(upload.broken_rows)), (20, 3))
        self.assertEqual(len(upload.broken_reasons.split("\n")), 3)

    @users("admin_t")
    def test_file_that_is_none_is_refused_at_once(self):
        with self.assertRaisesRegex(UserError, "0.csv: .*not a CSV file.*Nothing was imported"):
            self._import("PK\x03\x04" + "x" * 400)
        self.assertFalse(self.env["lead.pbx.upload"].search([]))

    @users("admin_t")
    def test_files_without_headings(self):
        upload = self._start((cdr() + b"broken\n").decode())
        self._run()
        self.assertEqual((len(self._rows()), upload.broken_count), (13, 1))
        self.assertEqual(base64.b64decode(upload.report).decode("utf-8-sig"), "broken\n")

    # ---- TELLING, RIGHTS ----

    @users("admin_t")
    def test_who_imported_is_told_what_came_of_it(self):
        self._start(f"{HEADINGS}\n{rows(20)}")
        user = self.env.user
        with patch.object(self.registry["res.users"], "_bus_send", autospec=True) as send:
            self._run()
        (told, kind, values), _kwargs = send.call_args
        self.assertEqual((told, kind), (user, "simple_notification"))
        self.assertEqual(values["message"], "0.csv was imported: 20 rows, 20 new calls.")

    def test_only_administrators_of_the_company_see_imports(self):
        upload = self._start(f"{HEADINGS}\n{rows(20)}")
        for user in (self.anna, self.ben):
            with self.assertRaises(AccessError):
                upload.with_user(user).read(["name"])
        self.pbx.line_ids.unlink()
        self.pbx.company_id = self.env["res.company"].create({"name": "Other"})
        hidden = upload.with_user(self.admin)
        self.assertFalse(hidden.search([]))
        with self.assertRaises(AccessError):
            (hidden | hidden.browse()).action_cancel()
        with self.assertRaises(AccessError):
            hidden.write({"offset": 0})
