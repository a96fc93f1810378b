import json
import threading
import time
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from ...telephony import asterisk
from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase
from .captures import cdr, pushes

FORM = "application/x-www-form-urlencoded"


@tagged("post_install", "-at_install", "lead_communications")
class TestPbxController(LeadCommunicationsCommon, PatientHttpCase):
    """What a telephone system is answered, and what was written then."""

    def _post(self, body, signature=None, key=None, content_type=FORM, **kwargs):
        if signature is None:
            signature = asterisk.sign(body, self.pbx._live_secrets()[0], int(time.time()))
        return self.url_open(
            f"/lead_communications/pbx/{key or self.pbx.key}",
            data=body,
            headers={"X-Signature": signature, "Content-Type": content_type, **kwargs},
        )

    def _calls(self):
        return self.env["lead.communication"].search([("pbx_id", "=", self.pbx.id)])

    def _failures(self):
        return self.env["lead.communication.failure"].search([("pbx_id", "=", self.pbx.id)])

    def _assert_refused(self, response, status, code):
        self.assertEqual((response.status_code, response.json()["code"]), (status, code))
        self.assertFalse(self._calls())
        self.assertFalse(self._failures())
        self.assertNotIn("Set-Cookie", response.headers)

    def test_signed_reports_are_recorded(self):
        for body in pushes():
            response = self._post(body)
            self.assertEqual(response.status_code, 200)
            self.assertEqual(response.json(), {"status": "ok", "calls": 1})
            self.assertNotIn("Set-Cookie", response.headers)
        self.assertEqual(len(self._calls()), 13)
        self.assertTrue(self.pbx.last_event_date)

    def test_repeated_report_is_accepted(self):
        for _time in range(3):
            self.assertEqual(self._post(pushes()[0]).json(), {"status": "ok", "calls": 1})
        self.assertEqual(len(self._calls()), 1)

    def test_cdr_file_can_be_posted(self):
        response = self._post(cdr(), content_type="text/csv")
        self.assertEqual(response.json(), {"status": "ok", "calls": 13})
        self.assertEqual(len(self._calls()), 13)

    def test_body_is_verified_byte_for_byte(self):
        body = pushes()[0]
        signature = asterisk.sign(body, self.pbx._live_secrets()[0], int(time.time()))
        for changed in (body + b"&", body.replace(b"%20", b"+"), body.replace(b"101", b"102")):
            self._assert_refused(self._post(changed, signature), 401, "signature_mismatch")

    def test_any_content_type_keeps_the_body(self):
        for content_type in ("text/plain", "application/json", "multipart/form-data; boundary=x"):
            response = self._post(pushes()[0], content_type=content_type)
            self.assertEqual(response.json(), {"status": "ok", "calls": 1})

    def test_wrong_signature_is_refused(self):
        body, now = pushes()[0], int(time.time())
        for signature, code in (
            (asterisk.sign(body, "wrong", now), "signature_mismatch"),
            (asterisk.sign(body, "", now), "signature_mismatch"),
            (asterisk.sign(body, self.pbx._live_secrets()[0], now - 400), "signature_expired"),
            (asterisk.sign(body, self.pbx._live_secrets()[0], now + 400), "signature_expired"),
            ("nonsense", "signature_malformed"),
            ("", "signature_missing"),
        ):
            with self.subTest(code=code):
                self._assert_refused(self._post(body, signature), 401, code)

    def test_secret_of_another_system_is_refused(self):
        other = self.pbx.copy()
        body = pushes()[0]
        signature = asterisk.sign(body, other._live_secrets()[0], int(time.time()))
        self._assert_refused(self._post(body, signature), 401, "signature_mismatch")

    def test_system_without_a_secret_accepts_nothing(self):
        self.pbx._set_secret("")
        for secret in ("", "False"):
            signature = asterisk.sign(pushes()[0], secret, int(time.time()))
            self._assert_refused(self._post(pushes()[0], signature), 401, "signature_mismatch")

    def test_both_live_secrets_are_accepted(self):
        body, first = pushes()[0], self.pbx._live_secrets()[0]
        self.pbx.action_rotate_secret()
        for secret in (first, self.pbx._live_secrets()[0]):
            signature = asterisk.sign(body, secret, int(time.time()))
            self.assertEqual(self._post(body, signature).status_code, 200)
        self.pbx.action_forget_previous_secret()
        signature = asterisk.sign(body, first, int(time.time()))
        self.assertEqual(self._post(body, signature).status_code, 401)

    def test_unknown_and_archived_systems_are_not_found(self):
        body = pushes()[0]
        self._assert_refused(self._post(body, key="nosuchkey"), 404, "unknown_pbx")
        self.pbx.active = False
        self._assert_refused(self._post(body), 404, "unknown_pbx")

    def test_only_post_is_allowed(self):
        self.assertEqual(self.url_open(f"/lead_communications/pbx/{self.pbx.key}").status_code, 405)

    def test_big_body_is_refused(self):
        body = b"x=" + b"1" * (1024 * 1024 - 2)
        self._assert_refused(self._post(body), 400, "no_id")
        self._assert_refused(self._post(body + b"1"), 413, "too_large")

    def test_unreadable_body_is_refused(self):
        for body in (b" ", b"\xff\x00\xfe", b"linkedid=&src=1", b'{"json": 1}'):
            with self.subTest(body=body):
                self._assert_refused(self._post(body), 400, "no_id")

    def test_name_in_an_old_encoding_is_no_reason_to_refuse_the_call(self):
        self.assertEqual(self._post(pushes()[0] + b"&name=J\xf3zef").status_code, 200)
        self.assertEqual(self._calls().contact_name, "Józef")

    def test_reserved_names_of_fields_do_no_harm(self):
        body = pushes()[0] + b"&self=1&key=other&db=other&pbx=1&model=res.users"
        self.assertEqual(self._post(body).status_code, 200)

    @mute_logger("odoo.addons.lead_communications.models.call.pbx_intake")
    def test_call_that_cannot_be_recorded_is_kept(self):
        model = self.env.registry["lead.communication"]
        with patch.object(model, "_report_values", side_effect=ZeroDivisionError):
            response = self._post(pushes()[0])
        self.assertEqual((response.status_code, response.json()["status"]), (200, "kept"))
        self.assertEqual(len(self._failures()), 1)
        self._failures().action_retry()
        self.assertEqual(len(self._calls()), 1)

    @mute_logger("odoo.service.model", "odoo.sql_db")
    def test_call_that_meets_a_busy_database_is_kept_and_retried_by_itself(self):
        model = self.env.registry["lead.communication"]

        def busy(row, *_args):
            row.env.cr.execute("DO $$ BEGIN RAISE 'busy' USING ERRCODE = '40001'; END $$")

        with (
            patch.object(model, "_report_values", busy),
            patch("odoo.service.model.time.sleep"),
        ):
            response = self._post(pushes()[0])
        self.assertEqual((response.status_code, response.json()["status"]), (200, "kept"))
        self.assertTrue(self._failures().is_temporary)
        self.assertEqual(self._failures().cause, "busy")
        self.assertFalse(self._calls())
        self._failures()._retry()
        self.assertEqual(len(self._calls()), 1)

    def test_difference_of_the_clocks_is_noted(self):
        body = pushes()[0]
        self._post(body, asterisk.sign(body, self.pbx._live_secrets()[0], int(time.time()) + 90))
        self.assertAlmostEqual(self.pbx.clock_difference, 90, delta=5)

    def test_nothing_secret_is_logged(self):
        body = pushes()[0]
        signature = asterisk.sign(body, self.pbx._live_secrets()[0], int(time.time()))
        model = self.env.registry["lead.communication"]
        with self.assertLogs("odoo", level="INFO") as logs:
            self._post(body, signature)
            self._post(body + b"x", signature)
            with patch.object(model, "_report_values", side_effect=ZeroDivisionError(body)):
                self._post(body, signature)
        log = "\n".join(logs.output)
        self.assertIn("ZeroDivisionError", log)
        for secret in (
            self.pbx._live_secrets()[0],
            signature,
            signature[-64:],
            "Kowalski",
            "48221234567",
        ):
            self.assertNotIn(secret, log)


@tagged("post_install", "-at_install", "lead_communications")
class TestPbxConcurrency(BaseCase):
    """The same call reported by many requests at once, in transactions of their own."""

    THREADS = 20

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            self.pbx_id = env["lead.pbx"].create({"name": "Concurrency"}).id
        self.addCleanup(self._clean_up)

    def _delete_rows(self):
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lead.communication"].search([("pbx_id", "=", self.pbx_id)]).unlink()

    def _clean_up(self):
        self._delete_rows()
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lead.communication.failure"].search([("pbx_id", "=", self.pbx_id)]).unlink()
            env["lead.pbx"].browse(self.pbx_id).unlink()

    def _run(self, job, barrier, results):
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            pbx = env["lead.pbx"].browse(self.pbx_id)
            pbx.name  # noqa: B018 - a request reads before it writes: the snapshot is taken here
            barrier.wait()
            results.append(retrying(lambda: job(pbx), env))

    def _race(self, bodies, content_type=FORM):
        return self._together(
            [lambda pbx, body=body: pbx._take_in(body, content_type) for body in bodies]
        )

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def _together(self, jobs):
        """Return the results of ``jobs``, each in a transaction of its own, all at once."""
        barrier, results = threading.Barrier(len(jobs)), []
        threads = [threading.Thread(target=self._run, args=(job, barrier, results)) for job in jobs]
        with (
            patch("odoo.service.model.time.sleep"),
            patch.object(self.registry["lead.pbx"], "_touch"),
        ):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        return results

    def _rows(self):
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return env["lead.communication"].search_read(
                [("pbx_id", "=", self.pbx_id)],
                ["result", "duration", "extension", "state"],
                load=None,
            )

    def test_one_event_at_once_is_one_row(self):
        results = self._race([pushes()[0]] * self.THREADS)
        self.assertEqual(len(results), self.THREADS)
        self.assertFalse([result for result in results if result.is_kept])
        self.assertEqual(sum(result.created for result in results), 1)
        self.assertEqual(len(self._rows()), 1)

    def test_reports_of_one_call_at_once_are_one_row(self):
        results = self._race(cdr("in_group").splitlines(), "text/csv")
        self.assertFalse([result for result in results if result.is_kept])
        (row,) = self._rows()
        self.assertEqual((row["result"], row["duration"], row["extension"]), ("answered", 2, "101"))

    # ---- SYSTEMS THAT NAME NO CALL ----

    def _legs(self, *legs):
        """Return the reports of 3CX of telephones that spoke from and until a second."""
        moment = "2026-03-02T10:%02d:%02dZ"
        return [
            json.dumps(
                {
                    "call_type": "Inbound",
                    "number": "600111222",
                    "agent": agent,
                    "duration": f"00:{(end - start) // 60:02d}:{(end - start) % 60:02d}",
                    "started_at": moment % divmod(start, 60),
                    "ended_at": moment % divmod(end, 60),
                }
            ).encode()
            for agent, start, end in legs
        ]

    def _name_no_calls(self):
        with db_connect(get_db_name()).cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["lead.pbx"].browse(self.pbx_id).provider = "threecx"

    def test_legs_of_one_call_at_once_are_one_row(self):
        self._name_no_calls()
        legs = [("102", 0, 20), ("101", 21, 90), ("102", 91, 120), ("103", 121, 130)]
        for order in (legs, legs[::-1]):
            results = self._race(self._legs(*order), "application/json")
            self.assertEqual(len(results), len(legs))
            self.assertFalse([result for result in results if result.is_kept])
            (row,) = self._rows()
            self.assertEqual((row["extension"], row["duration"]), ("103", 127))
            self._delete_rows()

    def test_leg_between_two_rows_while_somebody_decides(self):
        """What was decided stays, nothing of the rest is lost, whoever was first."""
        self._name_no_calls()
        for _time in range(2):
            self._race(self._legs(("102", 0, 20), ("102", 91, 120)), "application/json")
            ids = [row["id"] for row in self._rows()]
            self.assertEqual(len(ids), 2)
            jobs = [
                lambda pbx, body=body: pbx._take_in(body, "application/json")
                for body in self._legs(("101", 21, 90), ("101", 21, 90))
            ]
            decide = lambda pbx: pbx.env["lead.communication"].browse(ids)._decide("ignore")  # noqa: E731, B023
            self.assertEqual(len(self._together([*jobs, decide])), 3)
            rows = self._rows()
            self.assertEqual({row["state"] for row in rows}, {"ignored"})
            # One row if they were joined first, else both, as they were decided.
            self.assertEqual(sum(row["duration"] for row in rows), 118)
            self._delete_rows()
