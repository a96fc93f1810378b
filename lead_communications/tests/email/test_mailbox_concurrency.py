import threading
import time
import uuid
from unittest.mock import patch

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, api
from odoo.exceptions import RedirectWarning, UserError
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name
from odoo.tools import mute_logger

from ...tools.mail.imap import Fetched
from ..committed import committed_env
from ..common import LeadCommunicationsCommon

FETCHING = "odoo.addons.lead_communications.models.email.mailbox_fetch"


class _Passed:
    """A barrier that everybody has passed."""

    wait = staticmethod(lambda _seconds: None)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxConcurrency(BaseCase):
    """Real transactions on a real database: what is made here is committed, then deleted."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.mark = f"mail-{uuid.uuid4().hex[:12]}"
        self.sender = f"{self.mark}@customer.test"
        self.addCleanup(self._delete)
        with self._env() as env:
            salesman = env.ref("sales_team.group_sale_salesman_all_leads")
            users = env["res.users"].with_context(no_reset_password=True)
            users = users.create(
                [
                    {
                        "name": f"User {number}",
                        "login": f"{self.mark}-{number}",
                        "group_ids": [Command.set(salesman.ids)],
                    }
                    for number in range(4)
                ]
            )
            self.user_ids = users.ids
        self.mailbox_id = self._create_mailbox("sales")

    def _env(self):
        return committed_env(self.registry)

    def _create_mailbox(self, name, **values):
        with self._env() as env:
            server = env["fetchmail.server"].create(
                {"name": self.mark, "server_type": "imap", "server": "127.0.0.1"}
            )
            return (
                env["lead.mailbox"]
                .create(
                    {
                        "name": self.mark,
                        "address": f"{name}-{self.mark}@company.test",
                        "server_id": server.id,
                        "member_ids": [Command.set(self.user_ids)],
                    }
                    | values
                )
                .id
            )

    def _create_lead(self):
        with self._env() as env:
            return env["crm.lead"].create({"name": self.mark, "user_id": self.user_ids[0]}).id

    def _delete(self):
        with self._env() as env:
            env["crm.lead"].with_context(active_test=False).search(
                ["|", ("name", "like", self.mark), ("email_from", "=", self.sender)]
            ).unlink()
            mailboxes = env["lead.mailbox"].search([("name", "=", self.mark)])
            self._rows(env).unlink()
            env["lead.communication.failure"].search([("mailbox_id", "in", mailboxes.ids)]).unlink()
            servers = mailboxes.server_id
            mailboxes.unlink()
            servers.unlink()
            env["lead.communication.decision"].search([("user_id", "in", self.user_ids)]).unlink()
            env["res.users"].browse(self.user_ids).write({"active": False})

    def _rows(self, env):
        return env["lead.communication"].search([("email_normalized", "=", self.sender)])

    def _mail(self, number, **headers):
        defaults = {
            "from": f"Jan <{self.sender}>",
            "subject": f"{self.mark} {number}",
            "message_id": f"<{self.mark}-{number}@customer.test>",
        }
        return LeadCommunicationsCommon._mail(**(defaults | headers))

    def _take(self, mailbox_id, raws, barrier=None):
        """Take mails in as the fetching of a folder does: each in a transaction of its own."""
        if barrier:
            barrier.wait(180)
        for raw in raws:
            with self._env() as env:
                mailbox = env["lead.mailbox"].browse(mailbox_id)
                mailbox._take(Fetched(raw), "inbox", {}, lambda: None)

    def _together(self, *functions):
        """Run the functions at once, each with what lets it wait for the others."""
        barrier, errors = threading.Barrier(len(functions)), []

        def run(function):
            try:
                function(barrier)
            except Exception as error:  # noqa: BLE001 - shown by the test
                errors.append(error)

        threads = [threading.Thread(target=run, args=(function,)) for function in functions]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(300)
        self.assertFalse(errors)

    def _press_together(self, *presses):
        """Run requests of the web client at once: ``(user id, function of the environment)``.

        :return: what each function answered, in order; the error by which it was refused.
        """
        answers = [None] * len(presses)

        def press(number):
            user_id, function = presses[number]

            def request(barrier):
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, user_id, {})
                    # the list was on the screen: the snapshot is taken
                    env["lead.communication"].search([], limit=1).read(["state"])
                    barrier.wait(180)
                    try:
                        answers[number] = retrying(lambda: function(env), env)
                    except (UserError, RedirectWarning) as refused:
                        answers[number] = refused

            return request

        self._together(*map(press, range(len(presses))))
        return answers

    def _check_no_failure(self, env):
        failures = env["lead.communication.failure"].search([("mailbox_id.name", "=", self.mark)])
        self.assertFalse(failures, failures[:1].error)

    def _refused(self, answers):
        return [answer for answer in answers if isinstance(answer, Exception)]

    # ---- TAKING MAIL IN ----

    def test_replies_arrive_while_somebody_works_on_the_lead(self):
        self._take(self.mailbox_id, [self._mail(0)])
        lead_id = self._create_lead()
        with self._env() as env:
            self._rows(env)._decide("attach", env["crm.lead"].browse(lead_id))
        replies = [
            self._mail(number, in_reply_to=f"<{self.mark}-0@customer.test>")
            for number in range(1, 101)
        ]
        done, writes = threading.Event(), []

        def write(barrier):
            barrier.wait(180)
            while not done.is_set():
                with self.registry.cursor() as cr:
                    env = api.Environment(cr, SUPERUSER_ID, {})
                    lead = env["crm.lead"].browse(lead_id)
                    values = {"priority": str(len(writes) % 3), "city": str(len(writes))}
                    retrying(lambda: lead.write(values), env)  # noqa: B023 - called at once
                writes.append(1)
                time.sleep(0.01)

        def receive(barrier):
            try:
                self._take(self.mailbox_id, replies, barrier)
            finally:
                done.set()

        self._together(write, receive)
        self.assertGreater(len(writes), 20)
        with self._env() as env:
            self._check_no_failure(env)
            lead = env["crm.lead"].browse(lead_id)
            self.assertEqual(len(lead.email_ids), 101)
            self.assertEqual(set(lead.email_ids.mapped("state")), {"done"})
            self.assertLessEqual(set(lead.email_ids.mail_message_id.ids), set(lead.message_ids.ids))

    def _attached(self):
        """Return the id of a lead that has been answered from, and ten answers to it."""
        self._take(self.mailbox_id, [self._mail(0)])
        lead_id = self._create_lead()
        with self._env() as env:
            self._rows(env)._decide("attach", env["crm.lead"].browse(lead_id))
        parent = f"<{self.mark}-0@customer.test>"
        return lead_id, [self._mail(number, in_reply_to=parent) for number in range(1, 11)]

    def test_replies_arrive_at_a_lead_that_somebody_always_holds(self):
        lead_id, replies = self._attached()
        done, writes = threading.Event(), []

        def write(barrier):
            barrier.wait(180)
            while not done.is_set():
                with self.registry.cursor() as cr:
                    # Held most of the time, and let go of for a moment.
                    cr.execute("UPDATE crm_lead SET city = 'x' WHERE id = %s", [lead_id])
                    time.sleep(0.03)
                writes.append(1)
                time.sleep(0.002)

        def receive(barrier):
            try:
                self._take(self.mailbox_id, replies, barrier)
            finally:
                done.set()

        def patiently(barrier):
            while not done.is_set():
                try:
                    return write(barrier)
                except OperationalError:
                    barrier = _Passed  # it lost a race itself

        self._together(patiently, receive)
        self.assertGreater(len(writes), 10)
        with self._env() as env:
            self._check_no_failure(env)
            self.assertEqual(len(env["crm.lead"].browse(lead_id).email_ids), 11)

    def test_a_lead_that_is_locked_for_long_holds_up_no_other_mail(self):
        lead_id, replies = self._attached()
        other = self._mail(11, references=None)
        with (
            self.registry.cursor() as holder,
            patch(f"{FETCHING}.PATIENCE", 0.2),
            patch(f"{FETCHING}.LOCK_TIMEOUT", "50ms"),
            mute_logger("odoo.sql_db", FETCHING),
        ):
            holder.execute("SELECT id FROM crm_lead WHERE id = %s FOR UPDATE", [lead_id])
            started = time.monotonic()
            self._take(self.mailbox_id, [replies[0], other])
            self.assertLess(time.monotonic() - started, 20)
        with self._env() as env:
            failure = env["lead.communication.failure"].search(
                [("mailbox_id.name", "=", self.mark)]
            )
            self.assertEqual((failure.cause, failure.is_temporary), ("busy", True))
            soon = failure.next_attempt_date - failure.create_date
            self.assertLess(soon.total_seconds(), 60)
            cron = env.ref("lead_communications.lead_communication_failure_cron")
            triggers = env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
            self.assertIn(failure.next_attempt_date, triggers.mapped("call_at"))
            self.assertEqual(len(self._rows(env)), 2)
            failure.next_attempt_date = failure.create_date
        with self._env() as env:
            env["lead.communication.failure"]._cron_retry()
        with self._env() as env:
            self.assertEqual(len(env["crm.lead"].browse(lead_id).email_ids), 2)

    def test_two_mailboxes_receive_the_same_mails_at_once(self):
        other_id = self._create_mailbox("info")
        raws = [self._mail(number) for number in range(20)]
        self._together(
            lambda barrier: self._take(self.mailbox_id, raws, barrier),
            lambda barrier: self._take(other_id, raws, barrier),
        )
        with self._env() as env:
            self._check_no_failure(env)
            rows = self._rows(env)
            self.assertEqual(len(rows), 20)
            for row in rows:
                self.assertEqual(set(row.mailbox_ids.ids), {self.mailbox_id, other_id})
                self.assertTrue(row.mail_message_id)
                self.assertTrue(row._original_bytes())

    def test_four_workers_receive_mails_of_one_new_sender(self):
        with self._env() as env:
            env["lead.mailbox"].browse(self.mailbox_id).mode = "automatic"
        raws = [self._mail(number) for number in range(8)]

        def work(number):
            return lambda barrier: self._take(self.mailbox_id, raws[number::4], barrier)

        self._together(*map(work, range(4)))
        with self._env() as env:
            self._check_no_failure(env)
            rows = self._rows(env)
            self.assertEqual(len(rows), 8)
            self.assertEqual(set(rows.mapped("state")), {"done"})
            self.assertEqual(len(rows.lead_id), 1)
            self.assertEqual(
                sorted(rows.mapped("rule")), ["automatic_lead"] * 7 + ["automatic_new"]
            )
            leads = env["crm.lead"].search([("email_normalized", "=", self.sender)])
            self.assertEqual(leads, rows.lead_id)

    # ---- DECISIONS ----

    def _take_conversation(self):
        """Return the ids of two emails of one conversation."""
        answer = self._mail(1, in_reply_to=f"<{self.mark}-0@customer.test>")
        self._take(self.mailbox_id, [self._mail(0), answer])
        with self._env() as env:
            rows = self._rows(env)
            self.assertEqual((len(rows), len(set(rows.mapped("conversation_ref")))), (2, 1))
            return rows.ids

    def test_four_people_press_create_on_two_emails_of_one_conversation(self):
        ids = self._take_conversation()

        def create(row_id):
            return lambda env: env["lead.communication"].browse(row_id).action_create_lead()

        answers = self._press_together(
            *[(user_id, create(ids[n % 2])) for n, user_id in enumerate(self.user_ids)]
        )
        self.assertEqual(len(self._refused(answers)), 3)
        with self._env() as env:
            rows = env["lead.communication"].browse(ids)
            self.assertEqual(len(rows.lead_id), 1)
            self.assertEqual(
                env["crm.lead"].search([("email_normalized", "=", self.sender)]), rows.lead_id
            )
            self.assertEqual(set(rows.mapped("state")), {"done"})

    def test_two_people_attach_one_conversation_to_two_leads(self):
        ids = self._take_conversation()
        lead_ids = [self._create_lead(), self._create_lead()]

        def attach(row_id, lead_id):
            def press(env):
                row = env["lead.communication"].browse(row_id)
                others = row._decided_along()
                return row._decide("attach", env["crm.lead"].browse(lead_id), others=others).ids

            return press

        answers = self._press_together(
            *[
                (user_id, attach(row_id, lead_id))
                for user_id, row_id, lead_id in zip(self.user_ids, ids, lead_ids, strict=False)
            ]
        )
        self.assertEqual(len(self._refused(answers)), 1)
        self.assertIn("was first", str(self._refused(answers)[0]))
        with self._env() as env:
            rows = env["lead.communication"].browse(ids)
            self.assertEqual(len(rows.lead_id), 1)
            self.assertEqual(set(rows.mail_message_id.mapped("res_id")), set(rows.lead_id.ids))

    def test_undo_and_move_at_once_have_one_effect(self):
        ids = self._take_conversation()
        lead_ids = [self._create_lead(), self._create_lead()]
        with self._env() as env:
            rows = env["lead.communication"].browse(ids)
            rows._decide("attach", env["crm.lead"].browse(lead_ids[0]))
            decision_id = rows.decision_id.id

        def undo(env):
            row = env["lead.communication"].browse(ids[0])
            return row.with_context(undo_decision_id=decision_id).action_undo()

        def move(env):
            rows = env["lead.communication"].browse(ids)
            return rows._decide("move", env["crm.lead"].browse(lead_ids[1])).ids

        answers = self._press_together((self.user_ids[0], undo), (self.user_ids[1], move))
        self.assertEqual(len(self._refused(answers)), 1)
        with self._env() as env:
            rows = env["lead.communication"].browse(ids)
            if isinstance(answers[0], Exception):
                self.assertEqual(rows.lead_id.ids, lead_ids[1:])
                self.assertIn("User 1 was first", str(answers[0]))
            else:
                self.assertEqual(set(rows.mapped("state")), {"ready"})
