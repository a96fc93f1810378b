import base64

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...tools.mail import imap
from .common_mailbox import MailboxCommon

LARGE = [("plan.pdf", b"x" * 1_200_000)]


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationHeaderOnly(MailboxCommon):
    """Of a mail that is too large only the header comes, and the rest when somebody asks."""

    def setUp(self):
        super().setUp()
        self.mailbox.size_limit_mb = 1

    def _deliver_large(self, **headers):
        raw = self._deliver(attachments=LARGE, **headers)
        self._fetch()
        return raw

    def _complete(self, row=None, user=None):
        return self._press("action_fetch_whole", row or self._rows(), user or self.anna)

    def _assert_complete(self, row, raw):
        self.assertFalse(row.is_header_only)
        body = base64.b64decode(row.raw).partition(b"\r\n\r\n")[2]
        sent = raw.partition(b"\n\n")[2].replace(b"\n", b"\r\n")
        self.assertEqual(body.rstrip(), sent.rstrip())
        self.assertIn("how much is a window", row.body)
        self.assertIn("how much is a window", row.preview)
        self.assertEqual(row.attachment_ids.mapped("name"), ["plan.pdf"])
        self.assertEqual(row.attachment_count, 1)
        self.assertEqual(row.attachment_ids.res_model, row.mail_message_id.model)
        self.assertEqual(row.attachment_ids.res_id, row.mail_message_id.res_id)

    def test_only_the_header_comes(self):
        self._deliver_large(subject="A big plan")
        row = self._rows()
        self.assertEqual((row.subject, row.email_normalized), ("A big plan", "jan@customer.test"))
        self.assertEqual((row.state, row.is_header_only), ("ready", True))
        self.assertTrue(row.received_date)
        self.assertGreater(row.header_size, 1_200_000)
        self.assertTrue(row.header_size_text)
        self.assertLess(len(base64.b64decode(row.raw)), 5000)
        self.assertFalse(row.attachment_ids)

    def test_without_a_limit_all_of_it_comes(self):
        self.mailbox.size_limit_mb = 0
        raw = self._deliver_large()
        self._assert_complete(self._rows(), raw)

    def test_the_rest_comes_on_request_once(self):
        raw = self._deliver_large()
        row = self._rows()
        self._complete()
        self._assert_complete(row, raw)
        with self.assertRaisesRegex(UserError, "already here"):
            self._complete()
        self.assertEqual(len(self._rows()), 1)

    def test_the_rest_goes_to_the_lead_on_which_the_email_is_meanwhile(self):
        raw = self._deliver_large()
        row = self._rows()
        lead = self._create_lead()
        row.with_user(self.anna)._decide("attach", lead)
        self._complete()
        self._assert_complete(row, raw)
        self.assertEqual(row.mail_message_id.res_id, lead.id)
        self.assertIn(row.mail_message_id, lead.message_ids)

    def test_an_answer_on_a_lead_is_on_the_lead_before_and_after(self):
        first = self._receive()
        first._decide("attach", self._create_lead())
        raw = self._deliver_large(in_reply_to=first.message_ref)
        row = self._rows().filtered("is_header_only")
        self.assertEqual(row.lead_id, first.lead_id)
        self._complete(row)
        self._assert_complete(row, raw)

    def test_mail_of_any_structure(self):
        self._deliver(self._pdf_alone())
        self._fetch()
        self.assertFalse(self._rows().attachment_ids)
        self._complete()
        self.assertEqual(self._rows().attachment_ids.mapped("name"), ["scan.pdf"])

    def _pdf_alone(self):
        header = self._mail(body="").partition(b"Content-Type")[0]
        content = base64.encodebytes(b"y" * 900_000)
        return (
            header + b"Content-Type: application/pdf; name=scan.pdf\nMIME-Version: 1.0\n"
            b"Content-Disposition: attachment; filename=scan.pdf\n"
            b"Content-Transfer-Encoding: base64\n\n" + content
        )

    def test_it_is_not_doubled_when_the_mailbox_is_read_anew(self):
        for message_id in ("<known@customer.test>", None):
            with self.subTest(message_id=message_id):
                before = len(self._rows())
                self._deliver_large(message_id=message_id, subject=f"Plan {message_id}")
                self.assertEqual(len(self._rows()), before + 1)
                self.inbox.uid_validity = "1"
                self._fetch()
                self.assertEqual(len(self._rows()), before + 1)
                self._complete(self._rows().filtered("is_header_only"))
                self.inbox.uid_validity = "1"
                self._fetch()
                self.mailbox.size_limit_mb = 0
                self.inbox.uid_validity = "1"
                self._fetch()
                self.assertEqual(len(self._rows()), before + 1)
                self.mailbox.size_limit_mb = 1

    def test_a_whole_copy_from_another_mailbox_completes_it(self):
        for message_id in ("<known@customer.test>", None):
            with self.subTest(message_id=message_id):
                raw = self._deliver_large(message_id=message_id, subject=f"Plan {message_id}")
                row = self._rows().filtered("is_header_only")
                other = self.mailbox.copy({"server_id": self.server.copy().id, "name": "Other"})
                self.assertEqual(other._receive(raw), row)
                self._assert_complete_content(row)
                self.assertEqual(row.mailbox_ids, self.mailbox | other)

    def _assert_complete_content(self, row):
        self.assertFalse(row.is_header_only)
        self.assertEqual(row.attachment_ids.mapped("name"), ["plan.pdf"])

    def test_the_header_of_a_mail_that_is_here_is_the_same_row(self):
        raw = self._mail(attachments=LARGE)
        other = self.mailbox.copy({"server_id": self.server.copy().id, "name": "Other"})
        row = other._receive(raw)
        self._deliver(raw)
        self._fetch()
        self.assertEqual(self._rows(), row)
        self.assertFalse(row.is_header_only)

    def test_another_mail_with_the_same_id_is_another_row(self):
        self._deliver_large(message_id="<same@customer.test>", subject="One")
        self._deliver(message_id="<same@customer.test>", subject="Two")
        self._fetch()
        self.assertEqual(self._subjects(), ["One", "Two"])
        self.assertEqual(len(self._rows().filtered("is_header_only")), 1)

    def test_it_is_found_by_its_id_when_it_was_moved(self):
        raw = self._deliver_large()
        self._press("action_choose_folders")
        connection = self._imap()
        connection.create("Archive")
        self._press("action_choose_folders")
        connection.copy("1", "Archive")
        connection.store("1", "+FLAGS", "\\Deleted")
        connection.expunge()
        self._complete()
        self._assert_complete(self._rows(), raw)

    def test_another_message_under_the_same_uid_is_not_taken_for_it(self):
        self._deliver_large(subject="Wanted")
        row = self._rows()
        self._deliver(subject="Another")
        row.sudo().header_uid = "2"
        self._complete(row)
        self.assertEqual(row.subject, "Wanted")
        self._assert_complete_content(row)

    def test_it_is_told_when_it_is_gone(self):
        self._deliver_large()
        connection = self._imap()
        connection.store("1", "+FLAGS", "\\Deleted")
        connection.expunge()
        with self.assertRaisesRegex(UserError, "no longer on the mail server"):
            self._complete()
        self.assertTrue(self._rows().is_header_only)

    @mute_logger("odoo.addons.lead_communications.models.email.mailbox_fetch")
    def test_it_is_told_when_the_server_cannot_be_reached(self):
        self._deliver_large()
        self.server.password = "wrong"
        with self.assertRaisesRegex(UserError, "user name or the password"):
            self._complete()

    def test_only_members_may_ask_for_it(self):
        self._deliver_large()
        for user in (self.ben, self.marek, self.admin, self.otto):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._complete(user=user)
        row = self._rows()
        row._decide("attach", self._create_lead(user_id=self.ben.id))
        with self.assertRaisesRegex(AccessError, "members of the mailbox"):
            self._complete(user=self.ben)

    def test_where_it_lies_is_not_shown(self):
        self._deliver_large()
        row = self._rows().with_user(self.anna)
        with self.assertRaises(AccessError):
            row.read(["header_uid"])

    def test_it_is_not_marked_or_moved_before_the_rest_is_here(self):
        self.mailbox.after_fetch = "read"
        self._deliver_large()
        self._deliver(subject="Small")
        self._fetch()
        self.assertEqual(self._imap().search(None, "UNSEEN")[1], [b"1"])
        self._complete(self._rows().filtered("is_header_only"))
        self._fetch()
        self.assertEqual(self._imap().search(None, "UNSEEN")[1], [b""])

    @mute_logger("odoo.addons.lead_communications.models.email.mailbox_fetch")
    def test_a_header_that_fails_is_retried_as_a_header(self):
        place = {"folder_id": self.inbox.id, "uid": "7", "uid_validity": "1"}
        message = imap.Fetched(self._mail().partition(b"\n\n")[0], None, 2_000_000, False)
        self.mailbox._keep_failure(message, "inbox", place, ValueError("not now"))
        failure = self._failures()
        failure.action_retry()
        self.assertEqual(failure.state, "solved")
        row = self._rows()
        self.assertTrue(row.is_header_only)
        self.assertEqual((row.header_uid, row.header_size), ("7", 2_000_000))
