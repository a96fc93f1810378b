import base64
import poplib
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.mail.models.fetchmail import OdooPOP3

from .common_mailbox import MailboxCommon
from .dovecot import PASSWORD

FOLDER = "odoo.addons.lead_communications.models.email.mailbox_folder"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxPop(MailboxCommon):
    """A mailbox on a real POP3 server: by unique ids, and deleted only when asked."""

    protocol = "pop"

    def _on_server(self):
        """Return how many messages the server holds."""
        connection = poplib.POP3("127.0.0.1", self.dovecot.pop_port)
        connection.user(self.login)
        connection.pass_(PASSWORD)
        count, _size = connection.stat()
        connection.quit()
        return count

    def _seen(self):
        return self.env["lead.mailbox.pop.message"].search([("mailbox_id", "=", self.mailbox.id)])

    def test_each_mail_comes_once_and_stays_on_the_server(self):
        self._deliver(subject="One")
        self._deliver(subject="Two", message_id=None)
        self.assertIsNone(self._fetch())
        self._deliver(subject="Three")
        self._fetch()
        self._fetch()
        self.assertEqual(self._subjects(), ["One", "Three", "Two"])
        self.assertEqual(self._on_server(), 3)
        self.assertTrue(all(self._rows().mapped("received_date")))

    def test_original_is_byte_exact(self):
        self._deliver(body=".\n..two dots\nZażółć", attachments=[("a.bin", bytes(range(256)))])
        self._fetch()
        connection = self._imap()
        _status, data = connection.fetch("1", "(BODY.PEEK[])")
        self.assertEqual(base64.b64decode(self._rows().raw), data[0][1])

    def test_fetched_mail_is_deleted_when_asked(self):
        self._deliver()
        self._fetch()
        self.mailbox.pop_delete = True
        self._deliver()
        self._fetch()
        self.assertEqual(self._on_server(), 0)
        self._fetch()
        self.assertFalse(self._seen(), "What is gone from the server need not be remembered.")
        self.assertEqual(len(self._rows()), 2)

    @mute_logger("odoo.addons.lead_communications.models.email.fetchmail_server")
    def test_a_mail_is_not_deleted_before_its_row_is_committed(self):
        self.mailbox.pop_delete = True
        self._deliver()
        broken = patch.object(
            self.registry["ir.cron"], "_commit_progress", side_effect=SystemError("power cut")
        )
        with broken, self.assertRaises(SystemError):
            self._fetch()
        self.assertEqual(self._on_server(), 1)

    def test_a_batch_leaves_the_rest_for_the_next(self):
        for number in range(5):
            self._deliver(subject=f"Mail {number}")
        self._fetch(batch_limit=2)
        self.assertEqual(self._subjects(), ["Mail 0", "Mail 1"])
        self.assertEqual((self.mailbox.sync_done, self.mailbox.sync_total), (2, 5))
        self._fetch()
        self.assertEqual(len(self._rows()), 5)

    def test_a_line_of_any_length_is_fetched(self):
        """poplib gives up at lines of 64 KB, and so would the mails behind."""
        long_line = b"x" * 200_000
        raw = self._mail(subject="Long").replace(b"how much", long_line)
        self._deliver(raw)
        self._deliver(subject="After it")
        self.assertIsNone(self._fetch())
        self.assertEqual(self._subjects(), ["After it", "Long"])
        row = self._rows().filtered(lambda one: one.subject == "Long")
        self.assertIn(long_line, base64.b64decode(row.raw))

    def test_mail_from_before_the_start_date_is_left_alone(self):
        self.mailbox.fetch_since = "2100-01-01"
        self.mailbox.pop_delete = True
        self._deliver()
        self._fetch()
        self.assertFalse(self._rows())
        self.assertEqual(len(self._seen()), 1)
        self.assertEqual(self._on_server(), 1)

    def test_a_server_without_top_is_read_as_well(self):
        self._deliver()
        refuse = poplib.error_proto("-ERR Unknown command")
        shortcmd = OdooPOP3._shortcmd

        def no_top(connection, line):
            if line.startswith("TOP"):
                raise refuse
            return shortcmd(connection, line)

        with patch.object(OdooPOP3, "_shortcmd", no_top):
            self.assertIsNone(self._fetch())
        self.assertEqual(len(self._rows()), 1)

    @mute_logger(FOLDER)
    def test_a_server_without_unique_ids_is_told(self):
        self._deliver()
        refuse = poplib.error_proto("-ERR Unknown command")
        with patch.object(OdooPOP3, "uidl", side_effect=refuse):
            self._fetch()
        self.assertFalse(self._rows())
        self.assertIn("UIDL", self.mailbox.error_message)

    @mute_logger("odoo.addons.lead_communications.models.email.mailbox_fetch")
    def test_a_mail_that_fails_is_kept_and_the_next_one_arrives(self):
        self._deliver(subject="It fails")
        self._deliver(subject="After it")
        with self._failing_automation():
            self._fetch()
            self._fetch()
        self.assertEqual(self._subjects(), ["After it"])
        self.assertEqual(len(self._failures()), 1)

    def test_folders_are_refused_in_words(self):
        with self.assertRaisesRegex(UserError, "no folders"):
            self._press("action_choose_folders")

    @mute_logger("odoo.addons.lead_communications.models.email.fetchmail_server")
    def test_wrong_password_is_told(self):
        self.server.password = "wrong"
        self.assertTrue(self._fetch())
        self.assertIn("user name or the password", self.mailbox.error_message)

    def test_a_large_mail_is_fetched_when_somebody_asks(self):
        self.mailbox.write({"size_limit_mb": 1, "pop_delete": True})
        raw = self._deliver(attachments=[("plan.pdf", b"x" * 1_200_000)])
        self._deliver(subject="Small")
        self._fetch()
        row = self._rows().filtered("is_header_only")
        self.assertEqual(self._on_server(), 1)
        self._press("action_fetch_whole", row, self.anna)
        self.assertFalse(row.is_header_only)
        self.assertEqual(row.attachment_ids.mapped("name"), ["plan.pdf"])
        self.assertIn(raw[-500:].replace(b"\n", b"\r\n"), base64.b64decode(row.raw))
        self._fetch()
        self.assertEqual(self._on_server(), 0)
        self.assertEqual(len(self._rows()), 2)
