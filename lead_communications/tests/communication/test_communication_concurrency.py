import json
import logging
import os
import threading
import time
from datetime import datetime
from functools import partial
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import RedirectWarning, UserError
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...telephony.call_event import CallEvent
from ..committed import CommittedCase
from ..forked import Worker

PEOPLE = 10
WORKERS = 4


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationConcurrency(CommittedCase):
    """Real transactions on a real database: what is made here is committed, then deleted."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            users = self._create_users(env, PEOPLE)
            pbx = env["lead.pbx"].create({"name": self.mark, "provider": "asterisk"})
            row = env["lead.communication"].create(
                {
                    "type": "call",
                    "direction": "incoming",
                    "number": "+48221234567",
                    "phone_sanitized": "+48221234567",
                    "contact_name": self.mark,
                    "pbx_id": pbx.id,
                    "external_id": self.mark,
                }
            )
            self.user_ids, self.row_id, self.pbx_id = users.ids, row.id, pbx.id

    def _delete(self):
        with self._env() as env:
            leads = env["crm.lead"].search([("contact_name", "=", self.mark)])
            leads.unlink()
            env["lead.communication"].search([("contact_name", "=", self.mark)]).unlink()
            env["lead.pbx"].browse(self.pbx_id).unlink()
            env["lead.communication.decision"].search([("user_id", "in", self.user_ids)]).unlink()
            env["res.users"].browse(self.user_ids).write({"active": False})

    def _press(self, user_id, button, barrier, answers):
        """Press a button as the web client does: one request, run again by Odoo if need be.

        :param button: a method of the row, or a function of the row that returns one.
        """
        with self.registry.cursor() as cr:
            env = api.Environment(cr, user_id, {})
            row = env["lead.communication"].browse(self.row_id)
            row.read(["state"])  # the list was on the screen: the snapshot is taken
            method = button(row) if callable(button) else getattr(row, button)
            barrier.wait(180)
            try:
                answers[user_id] = retrying(method, env)
            except (UserError, RedirectWarning) as refused:
                answers[user_id] = refused

    def _press_together(self, *buttons):
        barrier, answers = threading.Barrier(len(buttons)), {}
        threads = [
            threading.Thread(target=self._press, args=(user_id, button, barrier, answers))
            for user_id, button in zip(self.user_ids, buttons, strict=False)
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(300)
        self.assertEqual(len(answers), len(buttons))
        return list(answers.values())

    def test_two_people_are_on_it_and_one_is_told_who_was_first(self):
        answers = self._press_together("action_claim", "action_claim")
        refused = [answer for answer in answers if isinstance(answer, UserError)]
        self.assertEqual(len(refused), 1)
        with self._env() as env:
            row = env["lead.communication"].browse(self.row_id)
            self.assertIn(f"{row.claim_user_id.name} has been on it", str(refused[0]))

    def test_who_comes_second_is_no_error_in_the_log(self):
        with self.registry.cursor() as cr:
            row = api.Environment(cr, self.user_ids[0], {})["lead.communication"].browse(
                self.row_id
            )
            row.read(["state"])  # the snapshot is taken
            with self._env() as other:
                other["lead.communication"].browse(self.row_id).action_ignore()
            with self.assertNoLogs("odoo.sql_db"), self.assertRaises(SerializationFailure):
                row.action_ignore()

    def test_four_people_press_create_and_one_lead_is_made(self):
        made = []
        create_lead = self.registry["lead.communication"]._create_lead

        def count(row):
            made.append(row.env.uid)
            return create_lead(row)

        with patch.object(self.registry["lead.communication"], "_create_lead", count):
            answers = self._press_together(*["action_create_lead"] * 4)
        # The others waited at the lock: no lead of theirs was made and rolled back.
        self.assertEqual(len(made), 1)
        with self._env() as env:
            lead = env["crm.lead"].search([("contact_name", "=", self.mark)])
            row = env["lead.communication"].browse(self.row_id)
            self.assertEqual(len(lead), 1)
            self.assertEqual((row.state, row.lead_id), ("done", lead))
            winner = row.decision_user_id.name
            lead_id = lead.id
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        self.assertEqual(len(refused), 3)
        for error in refused:
            self.assertIsInstance(error, RedirectWarning)
            message, action = error.args[:2]
            self.assertIn(f"{winner} was first", message)
            self.assertEqual((action["res_model"], action["res_id"]), ("crm.lead", lead_id))

    def test_ten_people_in_four_workers_make_one_lead(self):
        """As on a server: processes with connections of their own, some with several people."""
        parts = [self.user_ids[number::WORKERS] for number in range(WORKERS)]
        ends = [os.pipe() for _part in parts]
        workers = [
            Worker(self.registry, partial(self._work, user_ids, end))
            for user_ids, (_reading, end) in zip(parts, ends, strict=True)
        ]
        for worker in workers:
            worker.wait_until_paused()  # everybody has the row on the screen
        for worker in workers:
            worker.go_on()
        self.assertEqual([worker.wait() for worker in workers], [0] * WORKERS)
        answers = {}
        for reading, end in ends:
            os.close(end)
            with os.fdopen(reading) as told:
                answers |= json.load(told)
        self.assertEqual(len(answers), PEOPLE)
        with self._env() as env:
            row = env["lead.communication"].browse(self.row_id)
            lead = env["crm.lead"].search([("contact_name", "=", self.mark)])
            self.assertEqual(len(lead), 1)
            self.assertEqual((row.state, row.lead_id), ("done", lead))
            decisions = env["lead.communication.decision"].search(
                [("user_id", "in", self.user_ids)]
            )
            self.assertEqual(decisions, row.decision_id)
            self.assertIn(lead.user_id, decisions.user_id)
            first, lead_id = decisions.user_id, lead.id
            self.assertEqual(answers.pop(str(first.id)), "lead_communications.decided")
            for told in answers.values():
                self.assertIn(f"{first.name} was first", told["message"])
                self.assertEqual(told["lead_id"], lead_id)

    def _work(self, user_ids, end, worker):
        """Let some of the people press Create, each in a thread of this process; tell the rest."""
        ready, answers = threading.Barrier(len(user_ids) + 1), {}
        threads = [
            threading.Thread(
                target=self._press, args=(user_id, "action_create_lead", ready, answers)
            )
            for user_id in user_ids
        ]
        logging.disable(logging.CRITICAL)  # of transactions that are run again
        for thread in threads:
            thread.start()
        while ready.n_waiting < len(user_ids):
            time.sleep(0.01)
        worker.pause()
        ready.wait(180)
        for thread in threads:
            thread.join(300)
        with os.fdopen(end, "w") as told:
            json.dump({user_id: _told(answer) for user_id, answer in answers.items()}, told)

    def test_create_and_ignore_together_have_one_effect(self):
        answers = self._press_together("action_create_lead", "action_ignore")
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        self.assertEqual(len(refused), 1)
        with self._env() as env:
            leads = env["crm.lead"].search_count([("contact_name", "=", self.mark)])
            state = env["lead.communication"].browse(self.row_id).state
        self.assertEqual((state, leads) in (("done", 1), ("ignored", 0)), True)

    def test_ignore_always_together_makes_one_exception(self):
        """Also by people who have different calls of the number before them."""
        with self._env() as env:
            rows = env["lead.communication"].browse(self.row_id)
            for number in range(3):
                rows += rows[0].copy({"external_id": f"{self.mark}-{number}"})
            rows.write({"contact_name": self.mark})
            ids = rows.ids
        self.addCleanup(self._delete_exceptions)
        mine = iter(ids)

        def ignore_always(row):
            call = row.browse(next(mine))
            wizard = call.env["lead.communication.ignore"]
            wizard = wizard.browse(call.action_ignore_always()["res_id"])
            wizard.apply_to_others = False
            call.env.cr.commit()  # the dialog was opened by an earlier request
            call.read(["state"])
            return wizard.action_ignore_always

        answers = self._press_together(*[ignore_always] * 4)
        self.assertFalse([answer for answer in answers if isinstance(answer, Exception)])
        with self._env() as env:
            rows = env["lead.communication"].browse(ids)
            self.assertEqual(set(rows.mapped("state")), {"ignored"})
            self.assertEqual(len(rows.exception_id), 1)
            self.assertEqual(rows.exception_id.hit_count, 4)

    def test_workers_ignore_calls_of_one_number_without_waiting_for_each_other(self):
        self.addCleanup(self._delete_exceptions)
        with self._env() as env:
            pbx = env["lead.pbx"].browse(self.pbx_id)
            env["lead.communication"].browse(self.row_id).unlink()
            exception = env["lead.communication.exception"].create({"value": "+48221234567"})
            exception_id = exception.id
        with self.registry.cursor() as one, self.registry.cursor() as two:
            for number, cr in enumerate((one, two)):
                cr.execute("SET LOCAL lock_timeout = '3s'")
                env = api.Environment(cr, SUPERUSER_ID, {})
                event = CallEvent(
                    external_id=f"{self.mark}-{number}",
                    direction="incoming",
                    number="+48221234567",
                    contact_name=self.mark,
                    start=datetime.now().replace(microsecond=0),
                )
                env["lead.communication"]._record_calls(pbx.with_env(env), [event])
            # Neither is over while the other one is at work.
            two.commit()
            one.commit()
        with self._env() as env:
            exception = env["lead.communication.exception"].browse(exception_id)
            self.assertEqual(exception.hit_count, 2)

    def _delete_exceptions(self):
        with self._env() as env:
            exceptions = env["lead.communication.exception"].with_context(active_test=False)
            exceptions.search([("value_normalized", "=", "+48221234567")]).unlink()


def _told(answer):
    """Return what the person sees after the button."""
    if isinstance(answer, RedirectWarning):
        message, action = answer.args[:2]
        return {"message": message, "lead_id": action["res_id"]}
    return str(answer) if isinstance(answer, Exception) else answer["tag"]
