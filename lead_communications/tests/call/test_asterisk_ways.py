import random
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger, split_every

from ...telephony.asterisk_ami import CONTENT_TYPE as AMI
from .captures import ami_events, cdr, expected_calls, pushes
from .common import CSV, FORM

FACTS = (
    "direction",
    "phone_sanitized",
    "contact_name",
    "line_number",
    "extension",
    "result",
    "date",
    "answer_date",
    "date_end",
    "duration",
    "recording",
    "state",
)
WORKERS = 4


@tagged("post_install", "-at_install", "lead_communications")
class TestAsteriskWays(BaseCase):
    """The captured calls by all three ways at once, in real transactions of several workers."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._env() as env:
            pbx = env["lead.pbx"].create(
                {
                    "name": "All Ways",
                    "country_id": env.ref("base.pl").id,
                    "tz": "UTC",
                    "line_ids": [
                        Command.create(
                            {"extension": "101", "user_id": env.ref("base.user_admin").id}
                        )
                    ],
                }
            )
            self.pbx_id = pbx.id
        self.addCleanup(self._clean_up)

    @contextmanager
    def _env(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _clean_up(self):
        with self._env() as env:
            rows = env["lead.communication"].search([("pbx_id", "=", self.pbx_id)])
            leads = rows.lead_id
            rows.unlink()
            leads.unlink()
            env["lead.communication.failure"].search([("pbx_id", "=", self.pbx_id)]).unlink()
            env["lead.pbx"].browse(self.pbx_id).unlink()

    # ---- WHAT IS REPORTED ----

    def _reports(self, chance, repeats=10):
        """Return all reports of all calls, cut and repeated at random: body and content type."""
        rows = [(line + b"\n", CSV) for line in cdr().splitlines()]
        events = ami_events()
        size = chance.randint(1, 400)
        reports = [(body, FORM) for body in pushes()] + rows
        reports += [(b"\n".join(chunk), AMI) for chunk in split_every(size, events)]
        reports = [report for report in reports for _time in range(chance.randint(1, repeats))]
        chance.shuffle(reports)
        return reports

    def _report(self, reports):
        """Take reports from the common list until it is empty, each in a transaction."""
        while True:
            try:
                body, content_type = reports.pop()
            except IndexError:
                return
            with self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                pbx = env["lead.pbx"].browse(self.pbx_id)
                taken = retrying(lambda: pbx._take_in(body, content_type), env)  # noqa: B023
                self.kept += taken.is_kept or taken.broken

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def _report_together(self, reports):
        self.kept, self.errors = 0, []
        threads = [
            threading.Thread(target=self._work, args=(reports,)) for _worker in range(WORKERS)
        ]
        with patch("odoo.service.model.time.sleep"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(300)
        self.assertFalse(self.errors)
        self.assertFalse(self.kept)

    def _work(self, reports):
        try:
            self._report(reports)
        except Exception as error:  # noqa: BLE001 - shown by the test
            self.errors.append(error)

    # ---- WHAT BECAME OF IT ----

    def _facts(self):
        """Return the rows by the name of the call, and check that each call is one row."""
        names = {
            body.split(b"linkedid=")[1].split(b"&")[0].decode(): call["call"]
            for body, call in zip(pushes(), expected_calls(), strict=True)
        }
        with self._env() as env:
            rows = env["lead.communication"].search([("pbx_id", "=", self.pbx_id)])
            self.assertFalse(
                env["lead.communication.failure"].search([("pbx_id", "=", self.pbx_id)])
            )
            self.assertEqual(sorted(rows.mapped("external_id")), sorted(names))
            return {names[row.external_id]: {name: row[name] for name in FACTS} for row in rows}

    def _check_expected(self, facts):
        for call in expected_calls():
            row = facts[call["call"]]
            with self.subTest(call=call["call"]):
                self.assertEqual(row["direction"], call["direction"])
                self.assertEqual(row["phone_sanitized"] or "", call["counterpart"])
                self.assertEqual(row["line_number"] or "", call["line"])
                self.assertEqual(row["extension"], call["agent"])
                self.assertEqual(row["result"], call["result"])
                self.assertEqual(row["duration"], int(call["talk_seconds"]))

    def _rows(self, env, *names):
        ids = {
            call["call"]: body.split(b"linkedid=")[1].split(b"&")[0].decode()
            for body, call in zip(pushes(), expected_calls(), strict=True)
        }
        return env["lead.communication"].search(
            [("pbx_id", "=", self.pbx_id), ("external_id", "in", [ids[name] for name in names])]
        )

    # ---- TESTS ----

    def test_shuffled_and_repeated_the_rows_are_the_expected_ones(self):
        found = []
        for seed in range(3):
            self.kept = 0
            self._report(self._reports(random.Random(seed), repeats=4))
            self.assertFalse(self.kept)
            found.append(self._facts())
            self._check_expected(found[-1])
            with self._env() as env:
                env["lead.communication"].search([("pbx_id", "=", self.pbx_id)]).unlink()
        # In every detail, not only in what is expected.
        self.assertEqual(found[0], found[1])
        self.assertEqual(found[0], found[2])

    def test_four_workers_at_once_make_the_expected_rows(self):
        self._report_together(self._reports(random.Random(11)))
        facts = self._facts()
        self._check_expected(facts)
        with self._env() as env:
            env["lead.communication"].search([("pbx_id", "=", self.pbx_id)]).unlink()
        self.kept = 0
        self._report(self._reports(random.Random(12), repeats=1))
        self.assertEqual(self._facts(), facts)

    def test_what_was_decided_stays(self):
        """Somebody decides while the calls are still being reported, some of them ringing."""
        events = [event for event in ami_events() if b'"DialBegin"' in event]
        self.kept = 0
        self._report([(b"\n".join(events), AMI), (pushes()[0], FORM)])
        with self._env() as env:
            self._rows(env, "in_answered", "in_noanswer").action_ignore()
            self._rows(env, "in_group").action_create_lead()
            lead = self._rows(env, "in_group").lead_id
            self._rows(env, "in_queue").user_id = env.ref("base.user_root")
        self._report_together(self._reports(random.Random(13)))
        self._check_expected(self._facts())
        with self._env() as env:
            ignored = self._rows(env, "in_answered", "in_noanswer")
            self.assertEqual(set(ignored.mapped("state")), {"ignored"})
            created = self._rows(env, "in_group")
            self.assertEqual((created.state, created.lead_id), ("done", lead))
            self.assertEqual(self._rows(env, "in_queue").user_id, env.ref("base.user_root"))
            ready = self._rows(env, "in_busy", "out_answered", "in_queue")
            self.assertEqual(set(ready.mapped("state")), {"ready"})
