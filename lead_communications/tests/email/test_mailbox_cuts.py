from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mailbox import MailboxCommon
from .cutting_proxy import CuttingProxy

SERVER = "odoo.addons.lead_communications.models.email.fetchmail_server"
FOLDER = "odoo.addons.lead_communications.models.email.mailbox_folder"
SESSION = "odoo.addons.lead_communications.models.email.mail_session"
FETCHING = "odoo.addons.lead_communications.models.email.mailbox_fetch"


class CutsCommon(MailboxCommon):
    """Between the mailbox and its server stands a proxy that cuts at every step, in three ways."""

    def setUp(self):
        super().setUp()
        self.proxy = CuttingProxy(self._port())
        self.addCleanup(self.proxy.close)
        self.delivered = []

    def _deliver_two(self):
        """Deliver a mail with a Message-ID and one without, longer than one packet."""
        for message_id in (f"<{len(self.delivered)}@customer.test>", None):
            subject = f"Mail {len(self.delivered)}"
            self._deliver(subject=subject, message_id=message_id, body="long line\n" * 9000)
            self.delivered.append(subject)

    def _fetch_through(self, at=0, when=None):
        self.proxy.cut(at, when)
        self.server.port = self.proxy.port
        try:
            return self._fetch()
        finally:
            self.server.port = self._port()

    def _commands(self):
        """Return the commands of a whole session that takes in two messages."""
        self._deliver_two()
        self.assertIsNone(self._fetch_through())
        return list(self.proxy.commands)

    def _cut_everywhere(self):
        commands = self._commands()
        for at, command in enumerate(commands, start=1):
            for when in ("before", "answer", "after"):
                with self.subTest(command=command, when=when):
                    self._deliver_two()
                    with mute_logger(SERVER, FETCHING, FOLDER, SESSION, f"{FOLDER}_imap"):
                        self._fetch_through(at, when)
                    self.assertTrue(self.proxy.is_cut)
                    self.assertIsNone(self._fetch())
                    self.assertEqual(self._subjects(), sorted(self.delivered))
                    self.assertFalse(self._failures())
        return b" ".join(commands)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxCuts(CutsCommon):
    """IMAP: nothing is lost and nothing comes twice, wherever the connection breaks."""

    def test_mail_that_is_left_alone(self):
        commands = self._cut_everywhere()
        for command in (b"LOGIN", b"EXAMINE", b"SEARCH", b"RFC822.SIZE", b"BODY.PEEK[]", b"LOGOUT"):
            self.assertIn(command, commands)

    def test_mail_that_is_moved(self):
        self._imap().create("Done")
        self._press("action_choose_folders")
        done = self.mailbox.folder_ids.filtered(lambda folder: folder.name == "Done")
        self.mailbox.write({"after_fetch": "move", "move_folder_id": done.id})
        self.assertIn(b"UID MOVE", self._cut_everywhere())
        self.assertEqual(self._imap().search(None, "ALL")[1], [b""])
        moved = self._imap("Done").search(None, "ALL")[1][0].split()
        self.assertEqual(len(moved), len(self.delivered))

    def test_a_message_at_which_the_connection_always_breaks_is_passed_over(self):
        at = next(
            number
            for number, command in enumerate(self._commands(), start=1)
            if b"BODY.PEEK[]" in command
        )
        self._deliver_two()
        with mute_logger(SERVER, FETCHING, FOLDER):
            self.assertIsNone(self._fetch_through(at, "answer"))
            self.assertEqual(self._subjects(), sorted(self.delivered), "the second try succeeds")
        self._deliver_two()
        self.proxy.is_deadly = lambda line: b" 5 " in line and b"BODY.PEEK[]" in line
        with mute_logger(SERVER, FETCHING, FOLDER):
            self.assertIsNone(self._fetch_through())
        self.assertEqual(self._subjects(), ["Mail 0", "Mail 1", "Mail 2", "Mail 3", "Mail 5"])
        self.proxy.is_deadly = None
        failure = self._failures()
        self.assertTrue(failure.is_temporary)
        self.assertIn("connection breaks", failure.error)
        failure.action_retry()
        self.assertEqual(failure.state, "solved")
        self.assertEqual(self._subjects(), self.delivered)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxPopCuts(CutsCommon):
    """POP3: nothing is lost and nothing comes twice, wherever the connection breaks."""

    protocol = "pop"

    def test_mail_that_stays(self):
        commands = self._cut_everywhere()
        for command in (b"PASS", b"LIST", b"UIDL", b"TOP", b"RETR", b"QUIT"):
            self.assertIn(command, commands)

    def test_mail_that_is_deleted(self):
        self.mailbox.pop_delete = True
        self.assertIn(b"DELE", self._cut_everywhere())
        self.assertEqual(self._imap().search(None, "ALL")[1], [b""])
