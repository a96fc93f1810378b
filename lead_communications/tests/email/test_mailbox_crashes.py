import base64
import imaplib
import random
import time
import uuid
from collections import Counter
from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, tagged
from odoo.tests.common import get_db_name

from ...tools.mail import imap, pop
from ..committed import committed_env
from ..common import LeadCommunicationsCommon
from ..forked import Worker
from .dovecot import PASSWORD, Dovecot

MAILS = 500
KILLS = 20


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxCrashes(BaseCase):
    """Real processes on a real database: what is made here is committed, then deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dovecot = Dovecot().start()
        cls.addClassCleanup(cls.dovecot.stop)
        cls.registry = Registry(get_db_name())

    def setUp(self):
        super().setUp()
        self.mark = uuid.uuid4().hex[:12]
        self.mailbox_ids, self.logins = [], {}
        self.addCleanup(self._delete)

    # ---- THE SMALL WORLD ----

    def _env(self):
        return committed_env(self.registry)

    def _create_mailbox(self, login, protocol="imap", **values):
        """Return the id of a committed mailbox on the mail server."""
        port = self.dovecot.pop_port if protocol == "pop" else self.dovecot.imap_port
        with self._env() as env:
            server = env["fetchmail.server"].create(
                {
                    "name": self.mark,
                    "server_type": protocol,
                    "server": "127.0.0.1",
                    "port": port,
                    "user": login,
                    "password": PASSWORD,
                    "state": "done",
                }
            )
            mailbox = env["lead.mailbox"].create(
                {
                    "name": self.mark,
                    "address": f"{login}@company.test",
                    "server_id": server.id,
                    "fetch_since": "2020-01-01",
                    "member_ids": [Command.set(env.user.ids)],
                }
                | values
            )
            self.mailbox_ids.append(mailbox.id)
            self.logins[mailbox.id] = login
        return mailbox.id

    def _delete(self):
        with self._env() as env:
            mailboxes = env["lead.mailbox"].browse(self.mailbox_ids)
            rows = env["lead.communication"].search([("mailbox_ids", "in", mailboxes.ids)])
            rows.mail_message_id.unlink()
            rows.unlink()
            env["lead.communication.failure"].search([("mailbox_id", "in", mailboxes.ids)]).unlink()
            servers = mailboxes.server_id
            mailboxes.unlink()
            servers.unlink()

    def _mails(self, count):
        """Return mails of which every second one has no Message-ID."""
        return [
            LeadCommunicationsCommon._mail(
                subject=f"{self.mark} {number}",
                message_id=f"<{number}@{self.mark}.test>" if number % 2 else None,
            )
            for number in range(count)
        ]

    def _deliver(self, count, *logins):
        raws = self._mails(count)
        for login in logins:
            self.dovecot.deliver_all(raws, login)

    def _raws(self, mailbox_id):
        """Return the bytes of the messages that are here, and how often."""
        with self._env() as env:
            rows = env["lead.communication"].search([("mailbox_ids", "in", [mailbox_id])])
            self.assertFalse(
                env["lead.communication.failure"].search_count([("mailbox_id", "=", mailbox_id)])
            )
            return Counter(base64.b64decode(row.raw) for row in rows)

    def _count(self, mailbox_id):
        with self._env() as env:
            return env["lead.communication"].search_count([("mailbox_ids", "in", [mailbox_id])])

    def _raws_on_server(self, mailbox_id, folder="INBOX"):
        connection = imaplib.IMAP4("127.0.0.1", self.dovecot.imap_port)
        connection.login(self.logins[mailbox_id], PASSWORD)
        connection.select(folder, readonly=True)
        _status, data = connection.uid("FETCH", "1:*", "(BODY.PEEK[])")
        connection.logout()
        return Counter(part[1] for part in data if isinstance(part, tuple))

    # ---- TASKS OF WORKERS ----

    def _fetch_task(self, mailbox_id, prepare=None, is_patient=True):
        """Return a task that fetches, as the scheduler does, until nothing is left.

        :param is_patient: wait while another worker has the mailbox; one that was killed has it
            until PostgreSQL notices.
        """

        def task(worker):
            if prepare:
                prepare(worker)
            left = 1
            while left:
                with worker.registry.cursor() as cr:
                    env = worker.env(cr, **_as_scheduled(worker.env(cr)))
                    server = env["lead.mailbox"].browse(mailbox_id).server_id
                    if is_patient and not server.try_lock_for_update(allow_referencing=True):
                        time.sleep(0.02)
                        continue
                    error, left = server._fetch_lead_mailbox(50)
                    if error:
                        raise error

        return task

    def _fetch(self, mailbox_id):
        self.assertEqual(Worker(self.registry, self._fetch_task(mailbox_id)).wait(), 0)

    # ---- TESTS ----

    def test_killed_at_random_moments_over_many_mails(self):
        mailbox_id = self._create_mailbox(f"many-{self.mark}")
        self._deliver(MAILS, self.logins[mailbox_id])
        moments = random.Random(self.mark)
        for _kill in range(KILLS):
            wanted = self._count(mailbox_id) + moments.randrange(15)
            self._fetch_and_kill(mailbox_id, wanted, moments.uniform(0, 0.03))
        self.assertLess(self._count(mailbox_id), MAILS)
        self._fetch_and_kill(mailbox_id, MAILS)
        self.assertEqual(self._raws(mailbox_id), self._raws_on_server(mailbox_id))

    def _fetch_and_kill(self, mailbox_id, wanted, delay=0):
        """Kill a worker that fetches and fetches, ``delay`` seconds after the wanted mails."""
        fetch = self._fetch_task(mailbox_id)

        def fetch_on(worker):
            while True:
                fetch(worker)

        worker = Worker(self.registry, fetch_on)
        while self._count(mailbox_id) < wanted:
            self.assertIsNone(worker.ended(), f"Ended by itself, seed {self.mark}")
            time.sleep(0.005)
        time.sleep(delay)
        self.assertEqual(worker.kill(), -9, f"Not killed at work, seed {self.mark}")

    def test_killed_in_each_window(self):
        windows = {
            "after fetching": (imap.Folder, "fetch", "after"),
            "before the commit": (self.registry["ir.cron"], "_commit_progress", "before"),
            "after the commit": (self.registry["ir.cron"], "_commit_progress", "after"),
            "before the flag": (imap.Folder, "mark_as_read", "before"),
            "after the flag": (imap.Folder, "mark_as_read", "after"),
        }
        mailbox_id = self._create_mailbox(f"windows-{self.mark}", after_fetch="read")
        self._kill_in(windows, mailbox_id)
        self.assertEqual(self._raws(mailbox_id), self._raws_on_server(mailbox_id))

    def test_killed_in_each_window_of_pop(self):
        windows = {
            "after fetching": (pop.Maildrop, "fetch", "after"),
            "before the commit": (self.registry["ir.cron"], "_commit_progress", "before"),
            "after the commit": (self.registry["ir.cron"], "_commit_progress", "after"),
            "before deleting": (pop.Maildrop, "delete", "before"),
            "after deleting": (pop.Maildrop, "delete", "after"),
        }
        mailbox_id = self._create_mailbox(f"pop-{self.mark}", "pop", pop_delete=True)
        self._kill_in(windows, mailbox_id)
        self.assertFalse(self._raws_on_server(mailbox_id))

    def _kill_in(self, windows, mailbox_id):
        """Kill a worker in each window, and see that all mail is here after the next fetch."""
        delivered = 0
        for name, (owner, method, moment) in windows.items():
            with self.subTest(window=name):
                self._deliver(2, self.logins[mailbox_id])
                self.mark += "x"  # other mails each time
                delivered += 2
                worker = Worker(
                    self.registry,
                    self._fetch_task(mailbox_id, _kill_at(owner, method, moment)),
                )
                self.assertEqual(worker.wait(), -9)
                self._fetch(mailbox_id)
                raws = self._raws(mailbox_id)
                self.assertEqual((raws.total(), len(raws)), (delivered, delivered))

    def test_two_workers_fetch_two_mailboxes_with_the_same_mails(self):
        first, second = (self._create_mailbox(f"{name}-{self.mark}") for name in ("one", "two"))
        self._deliver(30, self.logins[first], self.logins[second])
        workers = [
            Worker(self.registry, self._fetch_task(mailbox_id, Worker.pause))
            for mailbox_id in (first, second)
        ]
        for worker in workers:
            worker.wait_until_paused()
        for worker in workers:
            worker.go_on()
        self.assertEqual([worker.wait() for worker in workers], [0, 0])
        with self._env() as env:
            rows = env["lead.communication"].search([("mailbox_ids", "in", [first, second])])
            self.assertEqual(len(rows), 30)
            self.assertEqual({tuple(row.mailbox_ids.ids) for row in rows}, {(first, second)})

    def test_a_mailbox_does_not_wait_for_another(self):
        slow, quick = (self._create_mailbox(f"{name}-{self.mark}") for name in ("slow", "quick"))
        self._deliver(1, self.logins[slow])
        self.mark += "x"
        self._deliver(1, self.logins[quick])
        worker = self._start_and_hold(slow)
        self._fetch(quick)
        self.assertEqual(self._raws(quick).total(), 1)
        self.assertFalse(self._raws(slow))
        worker.go_on()
        self.assertEqual(worker.wait(), 0)
        self.assertEqual(self._raws(slow).total(), 1)

    def test_a_mailbox_that_is_being_fetched_is_left_to_that_worker(self):
        mailbox_id = self._create_mailbox(f"busy-{self.mark}")
        self._deliver(3, self.logins[mailbox_id])
        worker = self._start_and_hold(mailbox_id)
        other = Worker(self.registry, self._fetch_task(mailbox_id, is_patient=False))
        self.assertEqual(other.wait(), 0)
        self.assertFalse(self._raws(mailbox_id))
        with self._env() as env, self.assertRaisesRegex(Exception, "being fetched at this moment"):
            env["lead.mailbox"].browse(mailbox_id).action_fetch()
        worker.go_on()
        self.assertEqual(worker.wait(), 0)
        self.assertEqual(self._raws(mailbox_id).total(), 3)

    def test_the_scheduled_job_comes_back_for_what_is_left(self):
        mailbox_id = self._create_mailbox(f"job-{self.mark}")
        self._deliver(53, self.logins[mailbox_id])

        def task(worker):
            with worker.registry.cursor() as cr:
                env = worker.env(cr, **_as_scheduled(worker.env(cr)))
                env["fetchmail.server"]._fetch_mails()
                progress = env["ir.cron.progress"].browse(env.context["ir_cron_progress_id"])
                assert (progress.done, progress.remaining) == (50, 3), progress.read()

        self.assertEqual(Worker(self.registry, task).wait(), 0)
        self.assertEqual(self._raws(mailbox_id).total(), 50)

    def test_stop_is_pressed_while_a_worker_fetches(self):
        mailbox_id = self._create_mailbox(f"stop-{self.mark}")
        self._deliver(5, self.logins[mailbox_id])
        worker = self._start_and_hold(mailbox_id)
        with self._env() as env:
            mailbox = env["lead.mailbox"].browse(mailbox_id)
            mailbox.action_pause()
            # What else an administrator may do meanwhile.
            mailbox.write({"name": f"{self.mark} renamed", "size_limit_mb": 5})
            mailbox.folder_ids.role = "inbox"
        worker.go_on()
        self.assertEqual(worker.wait(), 0)
        self.assertEqual(self._raws(mailbox_id).total(), 1)
        with self._env() as env:
            env["lead.mailbox"].browse(mailbox_id).is_paused = False
        self._fetch(mailbox_id)
        self.assertEqual(self._raws(mailbox_id).total(), 5)

    def test_the_server_is_edited_while_a_worker_fetches(self):
        """The edit waits until the batch is over, and both of them are written."""
        mailbox_id = self._create_mailbox(f"edit-{self.mark}")
        self._deliver(2, self.logins[mailbox_id])
        worker = self._start_and_hold(mailbox_id)

        def edit(other):
            with other.registry.cursor() as cr:
                env = other.env(cr)
                server = env["lead.mailbox"].browse(mailbox_id).server_id
                server.read(["name"])  # the form was on the screen: the snapshot is taken
                other.pause()
                retrying(lambda: server.write({"priority": 7}), env)

        editor = Worker(self.registry, edit)
        editor.wait_until_paused()
        editor.go_on()
        worker.go_on()
        self.assertEqual((worker.wait(), editor.wait()), (0, 0))
        self.assertEqual(self._raws(mailbox_id).total(), 2)
        with self._env() as env:
            server = env["lead.mailbox"].browse(mailbox_id).server_id
            self.assertEqual((server.priority, bool(server.date)), (7, True))

    def _start_and_hold(self, mailbox_id):
        """Return a worker that waits in the middle of its first message."""

        def prepare(worker):
            Mailbox = worker.registry["lead.mailbox"]
            receive = Mailbox._receive
            held = []

            def hold(mailbox, *args, **kwargs):
                if not held:
                    held.append(True)
                    worker.pause()
                return receive(mailbox, *args, **kwargs)

            patch.object(Mailbox, "_receive", hold).start()

        worker = Worker(self.registry, self._fetch_task(mailbox_id, prepare))
        worker.wait_until_paused()
        return worker


def _as_scheduled(env):
    """Return the context in which Odoo runs a scheduled job."""
    cron = env.ref("mail.ir_cron_mail_gateway_action")
    progress = env["ir.cron.progress"].create({"cron_id": cron.id, "remaining": 0, "done": 0})
    env.cr.commit()
    return {
        "cron_id": cron.id,
        "ir_cron_progress_id": progress.id,
        "cron_end_time": time.monotonic() + 60,
        "lastcall": fields.Datetime.now(),
    }


def _kill_at(owner, method, moment):
    """Return what lets a worker die at a call of ``method``, before it or after it.

    Of the commits it is the one of the first message.
    """

    def prepare(worker):
        original = getattr(owner, method)

        def deadly(self, *args, **kwargs):
            is_it = method != "_commit_progress" or args == (1,)
            if is_it and moment == "before":
                worker.die()
            result = original(self, *args, **kwargs)
            if is_it:
                worker.die()
            return result

        patch.object(owner, method, deadly).start()

    return prepare
