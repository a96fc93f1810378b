import importlib.util
import re
import runpy
import tracemalloc
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import file_path, mute_logger

from ...tools.mail import identity
from ...tools.mail.imap import Fetched
from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase
from . import hostile_mail

GATEWAY = (
    "odoo.addons.lead_communications.models.email.mail_thread",
    "odoo.addons.mail.models.mail_thread",
    "odoo.tools.mail",
)
# What a person sees on one line may neither break it nor turn it round.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\ud800-\udfff]")
MEGABYTE = 2**20
# Of these only the text, the sender and the subject can be told. Of all others every part is there.
INCOMPLETE = {
    "deep_multiparts",
    "html_5_mb",
    "html_deep",
    "subject_surrogate",
    "from_no_domain",
    "from_encoded_newline",
    "to_nul",
    "line_of_10_mb",
    "report_empty",
    "report_not_multipart",
}


class PathologicalCommon(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.failures = cls.env["lead.communication.failure"]

    def _take(self, raw):
        """Take a mail in as a folder does; return the rows that are new."""
        rows = self.env["lead.communication"]
        last = rows.search([], order="id desc", limit=1).id or 0
        moved_on = []
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            mailbox = self.mailbox.with_env(self.env(cr=cr))
            mailbox._take(Fetched(raw), "inbox", {}, lambda: moved_on.append(True))
        self.assertTrue(moved_on)
        failures = self.failures.search([("mailbox_id", "=", self.mailbox.id)])
        self.assertFalse(failures, failures[:1].error)
        return rows.search([("id", ">", last)])

    def _take_case(self, name):
        with mute_logger(*GATEWAY):
            return self._take(hostile_mail.CASES[name]())

    def _check(self, raw):
        """Check what is true of every mail, whatever it is; return its row."""
        row = self._take(raw)
        self.assertEqual(len(row), 1)
        self.assertEqual(row._original_bytes(), raw)
        self.assertFalse(self._take(raw), "It came twice")
        for text in (row.subject, row.email_from, row.contact_name, row.email_to, row.preview):
            self.assertFalse(CONTROL.search(text or ""), text)
        self.assertTrue(1990 <= row.date.year <= 2030, row.date)
        self.assertTrue(row.mail_message_id)
        self.assertIsNotNone(row.original if raw else "")
        if row.state == "ignored":
            self.assertTrue(row.rule)
            row.action_reopen()
        # “Create” would first point to the lead of the mail before: all are of one sender. What
        # answers one of them is on its lead already.
        if row.state != "done":
            row.with_user(self.anna)._decide("create")
        self.assertTrue(row.lead_id.name)
        self.assertEqual(row.mail_message_id.res_id, row.lead_id.id)
        return row


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxPathological(PathologicalCommon):
    """Whatever arrives is one row with its original, and a lead can be made of it."""

    def test_each_kind_is_one_row(self):
        incomplete = set()
        for name, make in hostile_mail.CASES.items():
            with self.subTest(name), mute_logger(*GATEWAY):
                row = self._check(make())
                if row.is_incomplete:
                    incomplete.add(name)
                    file = row.attachment_ids
                    # Odoo has lost the text of this one, after it was read
                    if name != "html_deep":
                        self.assertEqual((file.name, file.raw), ("original.eml", make()))
                self.env.invalidate_all()
        self.assertEqual(incomplete, INCOMPLETE)

    def test_mails_of_others(self):
        """The messages that Odoo's tests and the parser's own tests are made of."""
        found = [*_mails_of_host(), *_mails_of_python()]
        # some are copies of others
        mails = {
            (identity.message_id(raw), identity.content_hash(raw)): name for name, raw in found
        }
        self.assertGreater(len(mails), 10)
        for name, raw in found:
            if name not in mails.values():
                continue
            with self.subTest(name), mute_logger(*GATEWAY):
                self._check(raw)

    def test_text_in_any_charset_can_be_read(self):
        for charset, text in hostile_mail.CHARSETS.items():
            for suffix in ("", "_base64"):
                with self.subTest(charset + suffix):
                    row = self._take_case(f"charset_{charset}{suffix}")
                    if (charset, suffix) not in (("utf-16", ""), ("utf-32", "")):
                        self.assertIn(text.strip(), row.body)

    def test_charset_that_does_not_exist_hides_no_text(self):
        for name in ("unknown", "undefined", "rot13", "with_nul", "rfc2231", "quoted_oddly"):
            with self.subTest(name):
                row = self._take_case(f"charset_{name}")
                self.assertIn("Zażółć gęślą jaźń", row.body)
                self.assertFalse(row.is_incomplete)
        row = self._take_case("charset_of_part_unknown")
        self.assertIn("how much is a window", row.body)
        self.assertEqual(row.attachment_ids.name, "a.txt")

    def test_what_the_host_cannot_read_says_so_and_holds_the_original(self):
        row = self._take_case("from_no_domain")
        self.assertTrue(row.is_incomplete)
        self.assertEqual(row.subject, "A question from_no_domain")
        self.assertIn("how much is a window", row.body)
        row.with_user(self.anna).action_create_lead()
        file = row.lead_id.message_ids.attachment_ids
        self.assertEqual(file.raw, hostile_mail.CASES["from_no_domain"]())
        row = self._take_case("html_5_mb")
        self.assertTrue(row.is_incomplete)
        self.assertIn("Windows and doors", row.body)

    def test_error_that_is_not_of_the_mail_is_a_failure(self):
        """It is not tried with a poorer copy of the mail: it can be retried with the whole."""
        with self._failing_automation(), self.assertRaisesRegex(KeyError, "automation"):
            self._receive(subject="It fails")

    def test_mails_that_are_none_are_kept_apart(self):
        rows = [self._take(raw) for raw in (b"", b"\r\n", b"One", b"Two", b"\r\nOne\r\n")]
        self.assertEqual([len(row) for row in rows], [1] * 5)

    def test_file_of_a_kind_that_nobody_knows_is_a_file(self):
        row = self._take_case("file_of_unknown_kind")
        self.assertEqual(set(row.attachment_ids.mapped("name")), {"a.stp", "a.ttf"})
        self.assertEqual(set(row.attachment_ids.mapped("raw")), {b"%PDF-1.4"})

    def test_names_of_files_are_names(self):
        for name in hostile_mail.FILE_NAMES:
            row = self._take_case(f"file_{name}")
            for file in row.attachment_ids:
                with self.subTest(name, file=file.name[:50]):
                    self.assertLessEqual(len(file.name), 250)
                    self.assertFalse(CONTROL.search(file.name))
                    self.assertNotIn("..", file.store_fname)
        self.assertEqual(len(self._take_case("file_same_name").attachment_ids), 5)

    def test_nothing_active_is_in_the_text(self):
        body = self._take_case("html_active").body
        for word in ("<script", "<iframe", "<form", "<meta", "<object", "onload", "onerror"):
            self.assertNotIn(word, body)
        self.assertNotIn("javascript:", body)

    def test_all_of_1000_files_are_there(self):
        self.assertEqual(self._take_case("many_attachments").attachment_count, 1000)

    def test_large_mails_stay_within_the_memory(self):
        for name, limit in (("large_attachment", 350), ("to_5000_named", 50), ("cc_5000", 50)):
            with self.subTest(name), mute_logger(*GATEWAY):
                raw = hostile_mail.CASES[name]()
                tracemalloc.start()
                self.addCleanup(tracemalloc.stop)
                self.mailbox._receive(raw)
                self.env.flush_all()
                peak = tracemalloc.get_traced_memory()[1] / MEGABYTE
                tracemalloc.stop()
                self.assertLess(peak, limit)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxPathologicalFiles(PathologicalCommon, PatientHttpCase):
    """What came with a mail is downloaded, not run on our address."""

    def test_active_files_are_downloads(self):
        files = self._take_case("file_html_and_svg").attachment_ids
        self.assertEqual(len(files), 4)
        self.authenticate("anna_t", "anna_t")
        for file in files:
            with self.subTest(file.name):
                answer = self.url_open(f"/web/content/{file.id}")
                self.assertEqual(answer.status_code, 200)
                disposition = answer.headers["Content-Disposition"]
                policy = answer.headers.get("Content-Security-Policy", "")
                is_harmless = answer.headers["Content-Type"].startswith(("text/plain", "image/png"))
                self.assertTrue(
                    disposition.startswith("attachment")
                    or "default-src 'none'" in policy
                    or is_harmless,
                    dict(answer.headers),
                )
                self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")


def _mails_of_host():
    """Yield the mails that Odoo's own tests are made of."""
    names = runpy.run_path(file_path("test_mail/data/test_mail_data.py"))
    for name, source in names.items():
        if name.startswith("MAIL_") and isinstance(source, str):
            # as they are, with what Odoo's tests fill in left open
            yield name, source.encode()


def _mails_of_python():
    """Yield the messages that the tests of Python's parser are made of, where Python has them."""
    found = importlib.util.find_spec("test.test_email")
    for folder in found.submodule_search_locations if found else ():
        for path in sorted((Path(folder) / "data").glob("*.txt")):
            yield path.name, path.read_bytes()
