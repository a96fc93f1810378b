from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged
from odoo.tools import mute_logger

from ...models.call import recording as recording_model
from ...tools import remote_file
from ...tools.remote_file import connection
from ..patience import PatientHttpCase
from .recordings import PASSWORD, SOUND, RecordingCommon

MODEL_LOG = "odoo.addons.lead_communications.models.call.recording"
CONTROLLER_LOG = "odoo.addons.lead_communications.controllers.recording"


@tagged("post_install", "-at_install", "lead_communications")
class TestRecordingController(RecordingCommon, PatientHttpCase):
    """Who hears which recording, and what they are answered otherwise."""

    def _play(self, call, user=None, **headers):
        self.authenticate(*([user.login] * 2 if user else (None, None)))
        call_id = call if isinstance(call, int) else call.id
        return self.url_open(
            f"/lead_communications/recording/{call_id}", headers=headers, allow_redirects=False
        )

    @contextmanager
    def _quiet(self):
        """Run, and check that nothing secret is in the answers that are added, or logged."""
        answers = []
        with self.assertLogs("odoo", level="INFO") as logs:
            yield answers
        for text in [*logs.output, *(f"{answer.headers} {answer.text}" for answer in answers)]:
            for secret in (PASSWORD, "b2Rvb", self.server.name, "monitor", "pbx.internal", "tok3n"):
                self.assertNotIn(secret, text)

    def _assert_error(self, response, status, code):
        self.assertEqual((response.status_code, response.json()["code"]), (status, code))
        self.assertTrue(response.json()["message"])
        self._assert_safe(response)
        self.assertEqual(response.headers["Content-Type"], "application/json; charset=utf-8")

    def _assert_safe(self, response):
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(response.headers["Content-Security-Policy"], "default-src 'none'")
        self.assertEqual(response.headers["Cache-Control"], "private, no-store")

    def test_recording_is_played_through_the_proxy(self):
        call = self._recorded_call()
        self.assertEqual(
            call.with_user(self.anna).recording_url, f"/lead_communications/recording/{call.id}"
        )
        with self.assertNoLogs("odoo", level="INFO"):
            response = self._play(call, self.anna)
        self.assertEqual((response.status_code, response.content), (200, SOUND))
        self.assertEqual(response.headers["Content-Type"], "audio/wav")
        self.assertEqual(response.headers["Content-Length"], str(len(SOUND)))
        self.assertEqual(
            response.headers["Content-Disposition"], f"inline; filename*=UTF-8''call-{call.id}.wav"
        )
        self._assert_safe(response)
        self.assertEqual(self.server.paths, ["/monitor/2026/11/out-1.wav"])
        self.assertEqual(self.server.authorizations, ["Basic b2RvbzpwYXNzLXdvcmQtMQ=="])

    def test_part_of_a_recording(self):
        call = self._recorded_call()
        for is_stored in (False, True):
            with self.subTest(is_stored=is_stored):
                if is_stored:
                    self._fetch(call)
                    self.server.status = 500
                response = self._play(call, self.anna, Range="bytes=100-199")
                self.assertEqual((response.status_code, response.content), (206, SOUND[100:200]))
                self.assertEqual(response.headers["Content-Range"], f"bytes 100-199/{len(SOUND)}")
                self.assertEqual(response.headers["Accept-Ranges"], "bytes")
                self._assert_safe(response)

    def test_stored_recording_is_played_from_here(self):
        call = self._recorded_call()
        self._fetch(call)
        self.server.status = 500
        self.pbx.recording_url = False
        response = self._play(call, self.anna)
        self.assertEqual((response.status_code, response.content), (200, SOUND))
        self.assertEqual(response.headers["Content-Type"], "audio/wav")
        self.assertEqual(
            response.headers["Content-Disposition"], f"inline; filename=call-{call.id}.wav"
        )
        self._assert_safe(response)
        self.assertEqual(len(self.server.paths), 1)

    def test_rights(self):
        ben_lead = self._create_lead(user_id=self.ben.id)
        free_lead = self._create_lead(user_id=False, team_id=False)
        calls = {
            "of anna": self._recorded_call(),
            "of ben": self._recorded_call(user_id=self.ben.id),
            "of her team": self._recorded_call(user_id=False, team_id=self.team.id),
            "on a lead of ben": self._recorded_call(lead_id=ben_lead.id, state="done"),
            "on a free lead": self._recorded_call(
                user_id=self.ben.id, lead_id=free_lead.id, state="done"
            ),
        }
        stored = self._recorded_call(user_id=self.ben.id)
        self._fetch(stored)
        calls["of ben, stored"] = stored
        employee = self._create_user("employee_t", "base.group_user")
        portal = self.env["res.users"].create(
            {
                "name": "Portal",
                "login": "portal_t",
                "password": "portal_t",
                "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
            }
        )
        for user, heard in (
            (self.anna, {"of anna", "of her team", "on a free lead"}),
            (self.ben, {"of ben", "on a lead of ben", "on a free lead", "of ben, stored"}),
            (self.clara, set(calls)),
            (self.otto, {"on a free lead"}),
            (employee, set()),
            (portal, set()),
        ):
            self.server.paths.clear()
            for name, call in calls.items():
                with self.subTest(user=user.login, call=name):
                    response = self._play(call, user)
                    if name in heard:
                        self.assertEqual((response.status_code, response.content), (200, SOUND))
                    else:
                        self._assert_error(response, 404, "not_found")
            proxied = heard - {"of ben, stored"}
            self.assertEqual(len(self.server.paths), len(proxied), "Nothing is asked in vain")

    def test_hidden_and_missing_calls_are_answered_alike(self):
        hidden = self._recorded_call(user_id=self.ben.id)
        missing = self._recorded_call()
        missing.unlink()
        first, second = (self._play(call_id, self.anna) for call_id in (hidden.id, missing.id))
        self.assertEqual(first.content, second.content)
        self.assertEqual(first.status_code, second.status_code)

    def test_public_has_to_log_in(self):
        call = self._recorded_call()
        response = self._play(call)
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])
        self.assertFalse(self.server.paths)

    def test_call_without_a_recording(self):
        self._assert_error(self._play(self._create_call(), self.anna), 404, "no_recording")
        call = self._recorded_call()
        self.pbx.recording_url = False
        self.assertFalse(call.with_user(self.anna).recording_url)
        self._assert_error(self._play(call, self.anna), 404, "no_recording")

    def test_only_get_is_allowed(self):
        self.authenticate(self.anna.login, self.anna.login)
        url = f"/lead_communications/recording/{self._recorded_call().id}"
        self.assertEqual(self.url_open(url, data={"x": "1"}).status_code, 405)

    def test_what_the_server_answers_instead(self):
        call = self._recorded_call()
        for status, headers, expected in (
            (404, {}, (404, "missing")),
            (403, {}, (502, "denied")),
            (401, {"WWW-Authenticate": "Basic"}, (502, "denied")),
            (500, {}, (502, "failed")),
            (416, {}, (416, "bad_range")),
            (200, {"Content-Type": "text/html"}, (502, "wrong_type")),
            (200, {"Content-Type": "image/svg+xml"}, (502, "wrong_type")),
            (200, {"Content-Length": str(2**40)}, (502, "too_large")),
            (302, {"Location": "http://pbx.internal/tok3n"}, (502, "host_refused")),
            (302, {"Location": "http://169.254.169.254/"}, (502, "host_refused")),
        ):
            with self.subTest(status=status, code=expected[1]), self._quiet() as answers:
                self.server.status = status
                self.server.headers = {"Content-Type": "audio/wav"} | headers
                response = self._play(call, self.anna)
                answers.append(response)
                self._assert_error(response, *expected)
                self.assertNotIn("Location", response.headers)
                self.assertNotIn("WWW-Authenticate", response.headers)

    @mute_logger(CONTROLLER_LOG)
    def test_message_is_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.anna.lang = "pl_PL"
        self.server.status = 404
        field = self.env["ir.model.fields"]._get("lead.communication", "recording_error")
        selection = field.selection_ids.filtered(lambda one: one.value == "missing")
        selection.with_context(lang="pl_PL").name = "Nie ma nagrania."
        response = self._play(self._recorded_call(), self.anna)
        self.assertEqual(response.json()["message"], "Nie ma nagrania.")

    def test_server_that_does_not_answer(self):
        call = self._recorded_call()
        with (
            patch.object(connection.Connection, "request", side_effect=TimeoutError),
            self._quiet() as answers,
        ):
            response = self._play(call, self.anna)
            answers.append(response)
        self._assert_error(response, 504, "timeout")

    def test_page_is_no_recording(self):
        self.server.body = b"<html><script>alert(1)</script></html>"
        with mute_logger(CONTROLLER_LOG):
            self._assert_error(self._play(self._recorded_call(), self.anna), 502, "wrong_type")

    def test_pushed_addresses_lead_nowhere(self):
        """What a telephone system, or who has its secret, can make this server ask for."""
        attempts = {
            "http://169.254.169.254/latest/meta-data/": "host_refused",
            "http://127.0.0.1:8069/web/database/manager": "host_refused",
            "http://localhost/": "host_refused",
            "http://[::1]/": "host_refused",
            "http://pbx.internal/tok3n": "host_refused",
            f"http://{self.server.name}@pbx.internal/": "bad_url",
            f"http://user:tok3n@{self.server.name}/": "bad_url",
            f"http://{self.server.name}\\@pbx.internal/": "bad_url",
            "file:///etc/passwd": "bad_url",
            "gopher://127.0.0.1/": "bad_url",
            "../../../etc/passwd": "bad_url",
            "a/../../b": "bad_url",
            "..": "bad_url",
            "..\\..\\b": "bad_url",
        }
        for number, (recording, code) in enumerate(attempts.items(), 1):
            with self.subTest(recording=recording), self._quiet() as answers:
                call = self._push(recording, number)
                self.assertEqual(call.recording, recording)
                response = self._play(call, self.clara)
                answers.append(response)
                self._assert_error(response, 502, code)
        self.assertFalse(self.server.paths)

    def test_odd_names_stay_names(self):
        for number, (recording, path) in enumerate(
            {
                "a\r\nX-Injected: 1.wav": "/monitor/a%20X-Injected%3A%201.wav",
                "a\x00b.wav": "/monitor/ab.wav",
                "a?b=c#d.wav": "/monitor/a%3Fb%3Dc%23d.wav",
                "//pbx.internal/a.wav": "/monitor/pbx.internal/a.wav",
                "%2e%2e/%2e%2e/a": "/monitor/%252e%252e/%252e%252e/a",
                "ż ó.wav": "/monitor/%C5%BC%20%C3%B3.wav",
                "x" * 5000: "/monitor/" + "x" * 2000,
            }.items(),
            1,
        ):
            with self.subTest(recording=recording[:30]):
                response = self._play(self._push(recording, number), self.clara)
                self.assertEqual(response.status_code, 200)
                self.assertEqual(self.server.paths.pop(), path)

    def test_private_address_has_to_be_allowed(self):
        self.pbx.allow_private_hosts = False
        with mute_logger(CONTROLLER_LOG):
            response = self._play(self._recorded_call(), self.anna)
        self._assert_error(response, 502, "address_refused")
        self.assertFalse(self.server.paths)

    def test_other_allowed_host_gets_no_password(self):
        self.pbx.write(
            {"recording_url": "https://pbx.test/{recording}", "recording_hosts": self.server.name}
        )
        call = self._recorded_call(recording=f"http://{self.server.name}/x.wav?tok3n=1")
        self.assertEqual(self._play(call, self.anna).content, SOUND)
        self.assertEqual(self.server.authorizations, [None])

    def test_stored_page_would_not_be_executed(self):
        """Even by the host's own route to binary fields."""
        call = self._recorded_call()
        self._fetch(call)
        self.authenticate(self.anna.login, self.anna.login)
        response = self.url_open(f"/web/content/lead.communication/{call.id}/recording_file")
        self.assertEqual(response.headers["Content-Type"], "audio/wav")
        self.authenticate(self.ben.login, self.ben.login)
        response = self.url_open(f"/web/content/lead.communication/{call.id}/recording_file")
        self.assertEqual(response.status_code, 404)

    def test_expired_recording_is_not_played(self):
        call = self._recorded_call(date=fields.Datetime.now() - timedelta(days=31))
        self.pbx.recording_days = 30
        self._assert_error(self._play(call, self.anna), 404, "no_recording")


@tagged("post_install", "-at_install", "lead_communications")
class TestRecording(RecordingCommon):
    """Settings, fetching and forgetting."""

    def _attachments(self, call):
        return self.env["ir.attachment"].search(
            [("res_model", "=", call._name), ("res_field", "!=", False), ("res_id", "=", call.id)]
        )

    # ---- SETTINGS ----

    def test_settings_are_checked(self):
        for values in (
            {"recording_url": "https://pbx.test/"},
            {"recording_url": "ftp://pbx.test/{recording}"},
            {"recording_url": "https://{recording}/"},
            {"recording_url": "https://odoo:secret@pbx.test/{recording}"},
            {"recording_hosts": "pbx.test/folder"},
            {"recording_hosts": "*.test"},
            {"recording_user": "odoo:x"},
            {"recording_user": "odoo\nx"},
        ):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                self.pbx.write(values)

    def test_password_is_written_and_never_read(self):
        pbx = self.pbx.with_user(self.admin)
        self.assertFalse(pbx.recording_password)
        self.assertNotIn(PASSWORD, str(pbx.read()))
        with self.assertRaises(AccessError):
            pbx.read(["recording_secret"])
        with self.assertRaises(AccessError):
            pbx.search([("recording_secret", "=like", "p%")])
        with Form(pbx) as form:
            form.name = "Renamed"
        self.assertEqual(self.pbx.recording_secret, PASSWORD)
        with Form(pbx) as form:
            form.recording_password = "another"
        self.assertEqual(self.pbx.recording_secret, "another")
        pbx.recording_user = False
        self.assertFalse(self.pbx.recording_secret)

    def test_users_read_neither_the_settings_nor_the_reference(self):
        call = self._recorded_call(recording="https://pbx.test/x?tok3n=1")
        for name in ("recording", "recording_asked"):
            with self.assertRaises(AccessError):
                call.with_user(self.anna).read([name])
            with self.assertRaises(AccessError):
                call.with_user(self.anna).search([(name, "like", "tok3n")])
        self.assertNotIn("tok3n", str(call.with_user(self.anna).read()))

    def test_copied_system_has_no_password(self):
        self.pbx.recording_hosts = "media.test"
        copy = self.pbx.copy()
        self.assertFalse(copy.recording_secret or copy.recording_user or copy.recording_url)
        self.assertFalse(copy.recording_hosts or copy.allow_private_hosts)

    # ---- FETCHING ----

    def test_nothing_is_fetched_unless_configured(self):
        call = self._push("a.wav")
        self.assertFalse(call.recording_fetch_date)
        self._run_cron()
        self.assertFalse(self.server.paths)
        self.assertFalse(call.is_recording_stored)

    def test_reported_recording_is_fetched_by_the_cron_alone(self):
        self.pbx.fetch_recordings = True
        cron = self.env.ref("lead_communications.lead_communication_recording_cron")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        call = self._push("a.wav")
        self.assertEqual(self.env["ir.cron.trigger"].search_count(triggers), before + 1)
        self.assertFalse(self.server.paths, "The telephone system is not kept waiting")
        self._run_cron()
        self.assertTrue(call.is_recording_stored)
        self.assertEqual(call.recording, "a.wav", "The reference stays")
        attachment = self._attachments(call)
        self.assertEqual((attachment.raw, attachment.mimetype), (SOUND, "audio/wav"))
        self.assertFalse(call.recording_fetch_date or call.recording_error)

    def test_repeated_report_fetches_nothing_again(self):
        self.pbx.fetch_recordings = True
        call = self._push("a.wav")
        self._run_cron()
        self._push("a.wav")
        call._run_steps("after_report")  # as by a report that changes something else
        self.assertFalse(call.recording_fetch_date)
        self._run_cron()
        self.assertEqual(len(self.server.paths), 1)

    def test_fuller_name_is_fetched_again(self):
        self.pbx.fetch_recordings = True
        call = self._push("a.wav")
        self._run_cron()
        self.server.body = SOUND + b"more"
        self._push("a-longer.wav")
        self._run_cron()
        self.assertEqual(self._attachments(call).raw, SOUND + b"more")
        self.assertEqual(self.server.paths, ["/monitor/a.wav", "/monitor/a-longer.wav"])

    def test_failure_is_retried_later_and_given_up_visibly(self):
        call = self._recorded_call()
        self.server.status = 404
        now = fields.Datetime.now()
        with freeze_time(now), mute_logger(MODEL_LOG):
            self._fetch(call)
            self.assertEqual(call.recording_fetch_date, now + timedelta(minutes=2))
            self._run_cron()
        self.assertEqual(len(self.server.paths), 1, "It is not due")
        self.assertEqual(call.recording_error, "missing")
        for attempt, minutes in enumerate((4, 8, 16, 32, 64, 128, 256, 512), start=2):
            moment = now + timedelta(days=attempt)
            with freeze_time(moment), mute_logger(MODEL_LOG):
                self._run_cron()
            self.assertEqual(call.recording_fetch_date, moment + timedelta(minutes=minutes))
        with freeze_time(now + timedelta(days=10)), self.assertLogs(MODEL_LOG) as logs:
            self._run_cron()
        self.assertIn("(attempt 10, given up)", logs.output[0])
        with freeze_time(now + timedelta(days=20)):
            self._run_cron()
        self.assertEqual(len(self.server.paths), 10)
        self.assertFalse(call.recording_fetch_date)
        self.assertEqual(call.with_user(self.anna).recording_error, "missing")
        pbx = self.pbx.with_user(self.admin)
        self.assertEqual(pbx.failed_recording_count, 1)
        self.assertEqual(self.pbx.copy().failed_recording_count, 0)
        self.server.status = 200
        pbx.action_fetch_failed_recordings()
        self._run_cron()
        pbx.invalidate_recordset()
        self.assertEqual((call.is_recording_stored, pbx.failed_recording_count), (True, 0))
        with self.assertRaises(UserError):
            pbx.action_fetch_failed_recordings()
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.marek).action_fetch_failed_recordings()

    def test_success_after_a_failure(self):
        call = self._recorded_call()
        self.server.status = 500
        with mute_logger(MODEL_LOG):
            self._fetch(call)
        self.server.status = 200
        with freeze_time(fields.Datetime.now() + timedelta(minutes=3)):
            self._run_cron()
        self.assertEqual((call.is_recording_stored, call.recording_error), (True, False))

    def test_one_failure_stops_no_other(self):
        bad = self._recorded_call(recording="..")
        good = self._recorded_call()
        with mute_logger(MODEL_LOG):
            self._fetch(bad | good)
        self.assertEqual((bad.recording_error, good.is_recording_stored), ("bad_url", True))

    def test_server_in_trouble_is_spared(self):
        calls = self._recorded_call() | self._recorded_call()
        with (
            patch.object(connection.Connection, "request", side_effect=TimeoutError) as request,
            mute_logger(MODEL_LOG),
        ):
            self._fetch(calls)
        self.assertEqual(request.call_count, 1)
        self.assertEqual(sum(calls.mapped("recording_attempts")), 1)
        self.assertEqual(len(set(calls.mapped("recording_fetch_date"))), 1)

    def test_attempt_counts_before_it_begins(self):
        """A file that brings the worker down is not fetched for ever."""
        call = self._recorded_call()
        with (
            patch.object(recording_model, "open_remote", side_effect=ZeroDivisionError),
            mute_logger("odoo.addons.base.models.ir_cron"),
        ):
            self._fetch(call)
        self.assertEqual(call.recording_attempts, 1)
        self.assertGreater(call.recording_fetch_date, fields.Datetime.now())

    def test_file_that_always_brings_the_worker_down_is_given_up_visibly(self):
        for before, after in ((False, "failed"), ("missing", "missing")):
            with self.subTest(before=before):
                call = self._recorded_call()
                call._enqueue_recording()
                call.write({"recording_attempts": 9, "recording_error": before})
                with (
                    patch.object(recording_model, "open_remote", side_effect=ZeroDivisionError),
                    mute_logger("odoo.addons.base.models.ir_cron"),
                ):
                    self._run_cron()
                self.assertEqual((call.recording_error, call.recording_attempts), (after, 10))
                self.assertFalse(call.recording_fetch_date)

    def test_last_attempt_of_one_recording_gives_up_no_other(self):
        calls = self._recorded_call() | self._recorded_call()
        calls._enqueue_recording()
        calls[0].recording_attempts = 9
        with (
            patch.object(connection.Connection, "request", side_effect=TimeoutError),
            mute_logger(MODEL_LOG),
        ):
            self._run_cron()
        self.assertFalse(calls[0].recording_fetch_date)
        self.assertTrue(calls[1].recording_fetch_date)

    def test_scheduler_is_told_how_far_it_is_and_ends_the_job(self):
        calls = self._recorded_call() | self._recorded_call()
        calls._enqueue_recording()
        told = []

        def progress(_cron, processed=0, *, remaining=None):
            told.append((processed, remaining))
            return 1 if len(told) < 5 else 0

        with patch.object(self.registry["ir.cron"], "_commit_progress", progress):
            self.env["lead.communication"]._cron_fetch_recordings()
        self.assertEqual(told, [(0, 2), (0, None), (1, None), (0, None), (1, None)])
        calls._enqueue_recording()
        told[:] = told[:1] * 3
        with patch.object(self.registry["ir.cron"], "_commit_progress", progress):
            self.env["lead.communication"]._cron_fetch_recordings()
        self.assertEqual(len(calls.filtered("recording_fetch_date")), 1, "Its time was over")

    def test_recording_that_changed_meanwhile_is_not_stored(self):
        call = self._recorded_call()

        def change(*args, **kwargs):
            call.recording = "other.wav"
            call.flush_recordset()
            return remote_file.open_remote(*args, **kwargs)

        with patch.object(recording_model, "open_remote", change):
            self._fetch(call)
        self.assertFalse(call.is_recording_stored)

    def test_too_large_and_broken_files_are_not_stored(self):
        for headers, code in (
            ({"Content-Length": str(2**40)}, "too_large"),
            ({"Content-Length": str(2 * len(SOUND))}, "incomplete"),
            ({"Content-Type": "text/html"}, "wrong_type"),
        ):
            with self.subTest(code=code), mute_logger(MODEL_LOG):
                call = self._recorded_call()
                self.server.headers = {"Content-Type": "audio/wav"} | headers
                self._fetch(call)
                self.assertEqual((call.recording_error, call.is_recording_stored), (code, False))
                self.assertFalse(self._attachments(call))

    def test_log_names_no_address(self):
        call = self._recorded_call(recording="http://pbx.internal/tok3n")
        with self.assertLogs("odoo", level="INFO") as logs:
            self._fetch(call)
        log = "\n".join(logs.output)
        self.assertIn("host_refused", log)
        for secret in ("pbx.internal", "tok3n", PASSWORD, self.server.name):
            self.assertNotIn(secret, log)

    def test_file_goes_with_its_call(self):
        call = self._recorded_call()
        self._fetch(call)
        attachment = self._attachments(call)
        call.unlink()
        self.assertFalse(attachment.exists())

    def test_who_reads_the_file(self):
        call = self._recorded_call()
        self._fetch(call)
        attachment = self._attachments(call)
        self.assertTrue(attachment.with_user(self.anna).has_access("read"))
        self.assertFalse(attachment.with_user(self.ben).has_access("read"))

    # ---- RETENTION ----

    def test_old_recordings_are_forgotten(self):
        now = fields.Datetime.now()
        old = self._recorded_call(date=now - timedelta(days=31))
        stored = self._recorded_call(date=now - timedelta(days=31))
        recent = self._recorded_call(date=now - timedelta(days=29))
        self._fetch(stored | recent)
        files = self._attachments(stored)
        self._run_cron("lead_communication_recording_expiry_cron")
        self.assertTrue(old.recording, "0 days are for ever")
        self.pbx.recording_days = 30
        with patch.object(recording_model, "BATCH_SIZE", 1):
            self._run_cron("lead_communication_recording_expiry_cron")
        self.assertFalse(old.recording or stored.recording or files.exists())
        self.assertFalse(stored.is_recording_stored or stored.recording_url)
        self.assertEqual(
            (recent.recording, recent.is_recording_stored), ("2026/11/out-1.wav", True)
        )
        self.assertEqual(self._attachments(recent).raw, SOUND)

    def test_archived_system_still_forgets(self):
        call = self._recorded_call(date=fields.Datetime.now() - timedelta(days=31))
        self.pbx.write({"recording_days": 30, "active": False})
        self._run_cron("lead_communication_recording_expiry_cron")
        self.assertFalse(call.recording)

    def test_recording_may_be_heard_until_its_days_are_over(self):
        now = datetime(2026, 11, 2, 12, 0)
        with freeze_time(now):
            last = self._recorded_call(date=now - timedelta(days=1))
            expired = self._recorded_call(date=now - timedelta(days=1, seconds=1))
            self.pbx.recording_days = 1
            self.assertTrue(last.recording_url)
            self.assertFalse(expired.recording_url)
            expired.write({"recording_asked": "a.wav", "recording_fetch_date": now})
            self._run_cron("lead_communication_recording_expiry_cron")
        self.assertTrue(last.recording)
        for name in ("recording", "recording_asked", "recording_fetch_date"):
            self.assertFalse(expired[name], name)

    def test_expired_recording_is_not_fetched(self):
        self.pbx.write({"recording_days": 1, "fetch_recordings": True})
        with freeze_time("2099-01-01"):
            call = self._push("a.wav")
        self.assertFalse(call.recording_fetch_date)
