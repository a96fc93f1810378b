import os
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, ValidationError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged, users
from odoo.tools import mute_logger

from ...models.call import pbx_file
from ...models.call.pbx_folder import ROOT_PARAMETER
from ...tools import folders
from .captures import cdr, expected_calls
from .common import LeadPbxCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestCdrFolder(LeadPbxCommon):
    """CDR files that lie in a folder of the server, grow and are rotated."""

    def setUp(self):
        super().setUp()
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.root = Path(place.name)
        self.folder = self.root / "office"
        self.folder.mkdir()
        self.file = self.folder / "Master.csv"
        self.env["ir.config_parameter"].set_param(ROOT_PARAMETER, str(self.root))
        self.pbx.cdr_folder = str(self.folder)
        self.cron = self.env.ref("lead_communications.lead_pbx_cdr_cron")

    def _append(self, *names, path=None):
        with (path or self.file).open("ab") as file:
            file.write(cdr(*names))

    def _run(self):
        """Run the scheduled job as the scheduler does."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lead.pbx"]._cron_import_cdr_folders()
        self.env.invalidate_all()

    def _failures(self):
        return self.env["lead.communication.failure"].search(
            [("pbx_id", "=", self.pbx.id), ("state", "=", "failed")]
        )

    def _refused(self, folder, words):
        with self.assertRaisesRegex(ValidationError, words):
            self.pbx.cdr_folder = str(folder)

    # ---- TAKING IN ----

    def test_new_rows_are_taken_in_once(self):
        self._append("in_answered", "in_group")
        self._run()
        self.assertEqual(len(self._rows()), 2)
        with patch.object(self.registry["lead.pbx"], "_take_in") as take_in:
            self._run()
        self.assertFalse(take_in.called)
        self._append("out_answered")
        self._run()
        self.assertEqual(len(self._rows()), 3)
        self.assertEqual(int(self.pbx.cdr_file_ids.offset), self.file.stat().st_size)

    def test_decided_calls_stay_decided(self):
        self._append("in_answered")
        self._run()
        self._rows().action_ignore()
        self.pbx.cdr_file_ids.unlink()
        self._run()
        self.assertEqual(self._rows().state, "ignored")

    def test_row_that_is_being_written_waits(self):
        row = cdr("in_answered")
        self.file.write_bytes(cdr("in_busy") + row[:50])
        self._run()
        self.assertEqual(len(self._rows()), 1)
        with self.file.open("ab") as file:
            file.write(row[50:])
        self._run()
        self.assertEqual(len(self._rows()), 2)
        self.assertFalse(self._failures())

    def test_last_row_of_a_finished_file_needs_no_line_end(self):
        self.file.write_bytes(cdr("in_answered").rstrip())
        self._run()
        self.assertFalse(self._rows())
        for age, count in ((600, 0), (601, 1)):
            os.utime(self.file, (1_000_000 - age, 1_000_000 - age))
            with patch.object(pbx_file.time, "time", return_value=1_000_000):
                self._run()
            self.assertEqual(len(self._rows()), count)

    def test_rotated_file_is_read_to_its_end_and_not_again(self):
        self._append("in_answered")
        self._run()
        self._append("in_busy")
        self.file.rename(f"{self.file}.1")
        self._append("in_group")
        self._run()
        self.assertEqual(len(self._rows()), 3)
        self.assertEqual(set(self.pbx.cdr_file_ids.mapped("name")), {"Master.csv.1", "Master.csv"})
        offsets = self.pbx.cdr_file_ids.mapped("offset")
        self.assertEqual(sum(offsets), len(cdr("in_answered", "in_busy", "in_group")))

    def test_file_emptied_in_place_is_read_from_its_start(self):
        self._append()
        self._run()
        rows = len(self._rows())
        self.file.write_bytes(cdr("in_answered").replace(b"1795305367.0", b"1795309999.0"))
        self._run()
        self.assertEqual(len(self._rows()), rows + 1)

    def test_big_files_are_taken_in_by_batches(self):
        self._append()
        self.patch(pbx_file, "BATCH_SIZE", 600)
        self._run()
        self.assertEqual(len(self._rows()), len(expected_calls()))

    def test_rows_keep_their_header(self):
        header = b"src,dst,start,disposition,uniqueid,billsec,dstchannel,lastapp\n"
        rows = b"".join(
            b"+48221234567,+48227001101,2026-11-21 23:56:07,ANSWERED,17953053%02d.0,4,PJSIP/101-1,"
            b"Dial\n" % number
            for number in range(20)
        )
        self.file.write_bytes(header + rows)
        self.patch(pbx_file, "BATCH_SIZE", 300)
        self._run()
        self.assertEqual(len(self._rows()), 20)
        self.assertFalse(self._failures())

    def test_job_goes_on_where_its_time_was_over(self):
        self._append()
        self.patch(pbx_file, "BATCH_SIZE", 600)
        cron = self.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", side_effect=lambda *_a, **_k: 0):
            self._run()
        self.assertLess(len(self._rows()), len(expected_calls()))
        self._run()
        self.assertEqual(len(self._rows()), len(expected_calls()))

    def test_job_leaves_other_files_and_systems_when_its_time_is_over(self):
        self._append("in_answered")
        self._append("in_busy", path=self.folder / "other.csv")
        self._second_system()
        cron = self.registry["ir.cron"]
        for count in (1, 2):
            with patch.object(cron, "_commit_progress", side_effect=lambda *_a, **_k: 0):
                self._run()
            self.assertEqual(len(self._all_rows()), count)
        self._run()
        self.assertEqual(len(self._all_rows()), 3)

    def test_job_leaves_the_next_system_when_its_time_is_over(self):
        self._second_system()
        with patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 0):
            self._run()
        self.assertFalse(self._all_rows())

    def test_scheduler_is_told_how_far_the_job_is(self):
        self._append("in_answered")
        self._second_system()
        told = []

        def progress(_cron, processed, *, remaining):
            told.append((processed, remaining))
            return 1

        with patch.object(self.registry["ir.cron"], "_commit_progress", progress):
            self._run()
        # Of a file that is being read it is not known how much is left.
        self.assertEqual(told, [(1, 1), (1, 1), (1, 1), (1, 0)])
        self.assertEqual(len(self._all_rows()), 2)

    def _second_system(self):
        """Add a system, read after the first one, with a row in its folder."""
        folder = self.root / "branch"
        folder.mkdir()
        self._append("in_group", path=folder / "Master.csv")
        return self.pbx.copy({"name": "Zzz Branch", "cdr_folder": str(folder)})

    def _all_rows(self):
        return self.env["lead.communication"].search([("pbx_id.cdr_folder", "!=", False)])

    @mute_logger("odoo.sql_db")
    def test_transient_errors_of_the_database_are_tried_again(self):
        record = self.registry["lead.communication"]._record_calls
        for count, is_recorded in ((5, False), (4, True)):
            self._append("in_answered")
            errors = [SerializationFailure() for _time in range(count)]

            def fail(*arguments, errors=errors):
                if errors:
                    raise errors.pop()
                return record(*arguments)

            with (
                self.subTest(count=count),
                patch.object(self.registry["lead.communication"], "_record_calls", fail),
                patch.object(pbx_file.time, "sleep") as sleep,
                nullcontext() if is_recorded else self.assertRaises(SerializationFailure),
            ):
                self._run()
            self.assertEqual(len(self._rows()), is_recorded)
            self.assertEqual(sleep.call_count, 4)
            self.assertTrue(0 < sum(call.args[0] for call in sleep.call_args_list) < 1)
        self.assertFalse(self._failures())

    def test_file_that_another_worker_reads_is_left_to_it(self):
        self._append("in_answered")
        files = self.registry["lead.pbx.file"]
        with patch.object(files, "try_lock_for_update", lambda rows, **_options: rows.browse()):
            self._run()
        self.assertFalse(self._rows())
        self._run()
        self.assertEqual(len(self._rows()), 1)

    def test_file_that_was_renamed_meanwhile_waits_for_the_next_run(self):
        self._append("in_answered")
        with patch.object(folders.Folder, "cdr_files", lambda _folder: ["gone.csv", "Master.csv"]):
            self._run()
        self.assertEqual(len(self._rows()), 1)
        self.assertFalse(self._failures())

    def test_only_csv_files_are_read(self):
        for name in ("notes.txt", "Master.csv.gz", "Master.csv-2026.gz", "csv", "Master.csv~"):
            self._append("in_answered", path=self.folder / name)
        (self.folder / "folder.csv").mkdir()
        os.mkfifo(self.folder / "pipe.csv")
        self._run()
        self.assertFalse(self._rows())
        self.assertFalse(self._failures())
        for number, name in enumerate(("a.CSV", "Master.csv.1", "Master.csv-20261121")):
            rows = cdr("in_answered").replace(b"5367.0", b"5367.%d" % number)
            (self.folder / name).write_bytes(rows)
        self._run()
        self.assertEqual(len(self._rows()), 3)

    # ---- FAILURES ----

    def test_broken_rows_are_failures_and_stop_no_other(self):
        self.file.write_bytes(b"broken\n" + cdr("in_answered"))
        self._run()
        self._run()
        self.assertEqual((len(self._rows()), len(self._failures())), (1, 1))

    def test_file_that_is_no_csv_is_one_failure(self):
        self.file.write_bytes(b"PK\x03\x04\n" * 300)
        self.patch(pbx_file, "BATCH_SIZE", 600)
        self._append("in_answered", path=self.folder / "other.csv")
        self._run()
        self._run()
        self.assertEqual((len(self._rows()), len(self._failures())), (1, 1))
        self.assertIn("Master.csv: This is not a CSV file", self._failures().error)

    def test_folder_that_is_gone_is_one_failure_until_it_is_back(self):
        away = self.folder.rename(self.root / "away")
        self._run()
        self._run()
        failure = self._failures()
        self.assertEqual(len(failure), 1)
        self.assertIn("There is no folder", failure.error)
        self.assertEqual(failure.cause, "folder")
        self.assertEqual(failure._raw_bytes(), str(self.folder).encode())
        failure.action_retry()
        self.assertEqual((failure.state, failure.attempts), ("failed", 2))
        self.folder.symlink_to(away)
        self._run()
        self.assertEqual(self._failures(), failure)
        self.assertIn("leads elsewhere", failure.error)
        self.folder.unlink()
        away.rename(self.folder)
        self._append("in_answered")
        self._run()
        self.assertEqual(failure.state, "solved")
        self.assertEqual(len(self._rows()), 1)

    def test_retry_solves_when_the_folder_is_back(self):
        away = self.folder.rename(self.root / "away")
        self._run()
        away.rename(self.folder)
        failure = self._failures()
        failure.action_retry()
        self.assertEqual(failure.state, "solved")

    def test_unreadable_file_stops_no_other(self):
        self._append("in_answered")
        self._append("in_busy", path=self.folder / "other.csv")
        open_file = folders.Folder.open

        def refuse(folder, name):
            if name == "Master.csv":
                raise PermissionError(13, "Permission denied")
            return open_file(folder, name)

        with patch.object(folders.Folder, "open", refuse):
            self._run()
        self.assertEqual(len(self._rows()), 1)
        self.assertEqual(self._failures().error, "Master.csv: Permission denied")

    # ---- WHERE ----

    def test_folder_has_to_be_in_the_allowed_one(self):
        for path in (
            "/",
            "/etc",
            f"{self.root}/../etc",
            f"{self.root}x",
            "office",
            f"{self.root}\0",
        ):
            with self.subTest(path=path):
                self._refused(path, "is not in")
        self._refused(self.root / "nowhere", "There is no folder")
        self._refused(self.root / "office" / "..", "is not in")
        self.pbx.cdr_folder = str(self.root)

    def test_links_are_not_followed(self):
        (self.root / "link").symlink_to("/etc")
        self._refused(self.root / "link", "leads elsewhere")
        self._refused(self.root / "link" / "ssl", "leads elsewhere")
        secret = self.root / "secret.csv"
        secret.write_bytes(cdr("in_answered"))
        self.file.symlink_to(secret)
        self._run()
        self.assertFalse(self._rows())

    def test_file_exchanged_for_a_link_is_not_read(self):
        self.file.symlink_to("/etc/passwd")
        with patch.object(folders.Folder, "cdr_files", lambda _folder: ["Master.csv"]):
            self._run()
        self.assertFalse(self._rows())
        self.assertIn("Master.csv", self._failures().error)

    def test_folder_exchanged_for_a_link_is_not_read(self):
        self._append("in_answered")
        self.folder.rename(self.root / "away")
        self.folder.symlink_to(self.root / "away")
        self._run()
        self.assertFalse(self._rows())
        self.assertIn("leads elsewhere", self._failures().error)

    def test_without_an_allowed_folder_there_is_none(self):
        self.env["ir.config_parameter"].set_param(ROOT_PARAMETER, False)
        self._refused(self.root, "system parameter")
        self._append("in_answered")
        self._run()
        self.assertFalse(self._rows())
        self.assertIn(ROOT_PARAMETER, self._failures().error)

    # ---- WHO AND WHEN ----

    def test_job_runs_as_long_as_a_system_has_a_folder(self):
        self.assertTrue(self.cron.active)
        self.pbx.active = False
        self.assertFalse(self.cron.active)
        self.pbx.active = True
        self.assertTrue(self.cron.active)
        self.pbx.cdr_folder = False
        self.assertFalse(self.cron.active)
        other = self.pbx.copy({"cdr_folder": str(self.root)})
        self.assertTrue(self.cron.active)
        other.unlink()
        self.assertFalse(self.cron.active)

    def test_systems_do_without_the_job(self):
        self.cron.unlink()
        self.pbx.active = False
        self.assertTrue(self.pbx.copy())

    @users("marek_t")
    def test_managers_do_not_see_the_folder(self):
        with self.assertRaises(AccessError):
            self.pbx.with_env(self.env).read(["cdr_folder"])
        with self.assertRaises(AccessError):
            self.env["lead.pbx.file"].search([])

    @users("admin_t")
    def test_administrators_set_the_folder(self):
        self.pbx.with_env(self.env).cdr_folder = str(self.root)
        self._append("in_answered")
        self._run()
        self.assertFalse(self.pbx.with_env(self.env).cdr_file_ids)


@tagged("post_install", "-at_install", "lead_communications")
class TestCdrFolderConcurrency(BaseCase):
    """Several workers at one folder, in transactions of their own."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["ir.config_parameter"].set_param(ROOT_PARAMETER, place.name)
            pbx = env["lead.pbx"].create({"name": "Concurrency", "cdr_folder": place.name})
            self.pbx_id = pbx.id
        self.addCleanup(self._clean_up)

    def _clean_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lead.communication"].search([("pbx_id", "=", self.pbx_id)]).unlink()
            env["lead.communication.failure"].search([("pbx_id", "=", self.pbx_id)]).unlink()
            env["lead.pbx"].browse(self.pbx_id).unlink()
            env["ir.config_parameter"].set_param(ROOT_PARAMETER, False)

    def _import(self, barrier, errors):
        try:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                pbx = env["lead.pbx"].browse(self.pbx_id)
                pbx.name  # noqa: B018 - the snapshot is taken here
                barrier.wait(180)
                pbx._import_cdr_folder()
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)

    @mute_logger("odoo.sql_db")
    def test_four_workers_take_in_each_row_once(self):
        row, count = cdr("in_answered").decode(), 40
        rows = [row.replace("1795305367.0", f"1795305367.{number}") for number in range(count)]
        (self.folder / "Master.csv").write_text("".join(rows))
        barrier, errors = threading.Barrier(4), []
        threads = [
            threading.Thread(target=self._import, args=(barrier, errors)) for _worker in range(4)
        ]
        with patch.object(pbx_file, "BATCH_SIZE", 1000):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(300)
        self.assertFalse(errors)
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            domain = [("pbx_id", "=", self.pbx_id)]
            self.assertEqual(env["lead.communication"].search_count(domain), count)
            self.assertFalse(env["lead.communication.failure"].search(domain))
            files = env["lead.pbx.file"].search(domain)
            self.assertEqual(int(files.offset), (self.folder / "Master.csv").stat().st_size)
