import base64
import importlib.util
import re
import runpy
from datetime import datetime
from pathlib import Path

from odoo.tests import tagged
from odoo.tools import file_path, mute_logger
from odoo.tools.mail import html2plaintext

from ...tools.mail import original
from ...tools.mail.html import html_to_text
from ..common import LeadCommunicationsCommon
from . import hostile_mail

SAMPLES = Path(__file__).parent / "samples"
NOISE = (
    "odoo.addons.lead_communications.models.email.mail_thread",
    "odoo.addons.mail.models.mail_thread",
    "odoo.tools.mail",
)
WORD = re.compile(r"\w{2,}")


@tagged("post_install", "-at_install", "lead_communications")
class TestReading(LeadCommunicationsCommon):
    """What an email says is on its row, in the chatter, on the lead and in the original alike."""

    def _sample(self, name, **values):
        raw = (SAMPLES / f"{name}.eml").read_bytes()
        return self.mailbox._receive(raw, **values)

    def _text(self, row):
        return " ".join(html2plaintext(row.body or "", include_references=False).split())

    def test_charsets(self):
        for name, text in {
            "iso2022jp-no-charset": "お世話になっております",
            "gb2312-declared-gbk": "您好，我們需要朱镕基大厦的窗户报价，囍字花纹",
            "latin1-is-cp1252": "500 €, c’est tout – merci",
            "ascii-is-utf8": "Proszę o wycenę łazienki",
            "utf8-is-cp1252": "Preis für 3 Türen, 500 € – Grüße",
            "shiftjis-is-cp932": "㈱佐藤工務店です。①窓 ②扉",
            "ksc5601-is-cp949": "뷁 창문 견적 부탁드립니다. 똠방",
            "no-content-type-utf8": "Zażółć gęślą jaźń",
        }.items():
            with self.subTest(name):
                row = self._sample(name)
                for place in (row.body, row.preview, row.original["text"]):
                    self.assertIn(text, place)
                self.assertFalse(row.is_incomplete)

    def test_headers(self):
        row = self._sample("raw-subject-cp1250")
        self.assertEqual(row.subject, "Poptávka: okna, rozměry v příloze")
        self.assertEqual(row.contact_name, "Josef Kříž")
        self.assertEqual(row.email_from, "Josef Kříž <josef@kriz.example>")
        self.assertEqual(row.mail_message_id.subject, row.subject)
        self.assertEqual(row.mail_message_id.email_from, '"Josef Kříž" <josef@kriz.example>')
        row = self._sample("gb2312-declared-gbk")
        self.assertIn("镕", row.subject)
        self.assertIn("镕", row.contact_name)
        self.assertIn("镕", row.mail_message_id.email_from)

    def test_names_with_commas_stay_one_name(self):
        row = self._receive(
            b"From: =?iso-8859-2?q?=AFak=2C_Jan?= <jan@customer.test>\r\nTo: sales@company.test\r\n"
            b"Subject: x\r\n\r\nx"
        )
        self.assertEqual(row.contact_name, "Żak, Jan")
        self.assertEqual(row.email_normalized, "jan@customer.test")

    def test_structures(self):
        for name, text, files in (
            ("html-part-empty", "Please quote 20 doors", []),
            ("smime-opaque", "Please quote 7 windows", ["smime.p7m"]),
            ("boundary-unquoted", "The drawing is attached.", ["drawing.pdf"]),
            ("boundary-wrong", "I need twelve handles.", []),
            ("only-a-csv", "", ["windows.csv"]),
            ("apple-mail-mixed", "FIRST: the living room, see the drawing.", ["drawing.png"]),
            ("pec-message", "Chiediamo offerta per 40 finestre.", ["postacert.eml"]),
            (
                "file-names",
                "See files.",
                ["no quotes here.pdf", "oferté 2.pdf", "rysunek łazienki.pdf", "zażółć.pdf"],
            ),
        ):
            with self.subTest(name):
                row = self._sample(name)
                self.assertIn(text, self._text(row))
                self.assertEqual(sorted(row.attachment_ids.mapped("name")), files)
                self.assertEqual(row.attachment_count, len(files))
        self.assertIn("SECOND: the bathroom", self._text(self._sample("apple-mail-mixed")))

    def test_pictures_of_one_name_are_two(self):
        row = self._sample("inline-images-same-name")
        images = set(re.findall(r"/web/image/(\d+)", row.body))
        self.assertEqual(images, {str(one) for one in row.attachment_ids.ids})
        self.assertEqual(len(images), 2)

    def test_file_keeps_its_bytes(self):
        self.assertEqual(
            self._sample("only-a-csv").attachment_ids.raw.split(), [b"width;height", b"1200;800"]
        )

    def test_encrypted_mail_says_so(self):
        row = self._receive(hostile_mail.CASES["pgp"]())
        self.assertIn("This email is encrypted", row.preview)
        self.assertIn("This email is encrypted", row.mail_message_id.body)
        self.assertEqual(row.protection, "encrypted")
        self.assertTrue(row.attachment_ids)

    def test_signed_mail_says_so(self):
        self.assertEqual(self._sample("smime-opaque").protection, "signed")
        self.assertFalse(self._receive().protection)

    def test_notices_are_in_the_language_of_the_company(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.company.partner_id.lang = "pl_PL"
        row = self._receive(hostile_mail.CASES["calendar"]())
        self.assertIn("Zdarzenie: Measuring", self._text(row))

    def test_invitation_shows_the_event(self):
        row = self._receive(hostile_mail.CASES["calendar"]())
        text = self._text(row)
        for line in ("Event: Measuring", "When: 2026-11-03 10:00 (UTC)", "Organizer: jan@"):
            self.assertIn(line, text)
        self.assertEqual(row.attachment_ids.name, "invite.ics")
        self.assertIn("Please ring at the back door", self._text(self._sample("calendar-reply")))

    # ---- DATES ----

    def test_dates_that_cannot_be_true_are_those_of_the_receipt(self):
        received = datetime(2026, 11, 27, 10, 30)
        for name in ("clock-past", "year-three-digits"):
            with self.subTest(name):
                row = self._sample(name, received_date=received)
                self.assertEqual(row.date, received)
                self.assertEqual(row.mail_message_id.date, received)
                self.assertEqual(row.state, "ready")

    def test_old_mail_keeps_its_date(self):
        old = datetime(2015, 6, 5, 8, 0)
        raw = self._mail(date="Fri, 05 Jun 2015 09:59:00 +0200")
        self.assertEqual(str(self.mailbox._receive(raw, old).date), "2015-06-05 07:59:00")
        sent = self._mail(date="Fri, 05 Jun 2015 09:59:00 +0200", **{"from": "sales@company.test"})
        row = self.mailbox._receive(sent, datetime(2026, 11, 27), role="sent")
        self.assertEqual(str(row.date), "2015-06-05 07:59:00")

    # ---- THE LEAD ----

    def test_description_holds_what_is_new(self):
        row = self._receive(
            subject="Re: Doors",
            body="Two doors, please.\n\nOn Fri, 27 Nov 2026 at 10:13, Anna <anna@company.test>"
            " wrote:\n> We offer one door.\n",
            html="<p>Two doors, please.</p><div>On Fri, 27 Nov 2026 at 10:13, Anna"
            " &lt;anna@company.test&gt; wrote:<br><blockquote type='cite'><p>We offer one door.</p>"
            "</blockquote></div>",
        )
        row.with_user(self.anna).action_create_lead()
        self.assertIn("Two doors, please.", row.lead_id.description)
        self.assertNotIn("one door", row.lead_id.description)
        self.assertNotIn("wrote", row.lead_id.description)
        self.assertIn("one door", row.body)

    def test_description_holds_what_is_passed_on(self):
        for subject in ("Fwd: Doors", "Doors"):
            row = self._receive(
                subject=subject,
                body="See below.\n\n---------- Forwarded message ----------\n"
                "From: Eva <eva@other.test>\nDate: today\nSubject: Doors\n\nOne door, please.",
            )
            row.with_user(self.anna)._decide("create")
            self.assertIn("One door, please.", row.lead_id.description)

    # ---- NOTHING IS MISSING ----

    def _unsaid(self, row):
        """Return the words that the original has and the row has not."""
        raw = row._original_bytes()
        found = WORD.findall(self._text(row))
        # of alternatives one is shown
        texts = [original.text(raw) or "", html_to_text(original.html(raw) or "")]
        return min((set(WORD.findall(text)) - set(found) for text in texts if text), default=set())

    def test_all_that_the_original_shows_is_on_the_row(self):
        mails = [(path.stem, path.read_bytes()) for path in sorted(SAMPLES.glob("*.eml"))]
        mails += [*_mails_of_python(), *_mails_of_host()]
        self.assertGreater(len(mails), 40)
        for name, raw in mails:
            with self.subTest(name), mute_logger(*NOISE):
                row = self.mailbox._receive(raw)
                if row:
                    self.assertTrue(row.is_incomplete or not self._unsaid(row), self._unsaid(row))

    def test_what_is_lost_on_the_way_to_the_row_is_told(self):
        """Whatever the reason: here HTML that is too deep for the parser of the host."""
        row = self._receive(hostile_mail.CASES["html_deep"]())
        self.assertNotIn("Hi", row.body)
        self.assertIn("Hi", original.html(row._original_bytes()))
        self.assertTrue(row.is_incomplete)
        self.assertFalse(self._receive(html="<p>Hello there</p>").is_incomplete)

    def test_text_above_the_limit_is_told_and_there(self):
        row = self._receive(body="word " * 450_000)
        self.assertTrue(row.is_incomplete)
        self.assertEqual(row.attachment_ids.name, "original.eml")
        self.assertEqual(row.attachment_ids.raw, base64.b64decode(row.raw))


def _mails_of_host():
    """Yield the mails that Odoo's own tests are made of."""
    for name, source in runpy.run_path(file_path("test_mail/data/test_mail_data.py")).items():
        if name.startswith("MAIL_") and isinstance(source, str):
            yield name, source.encode()


def _mails_of_python():
    """Yield the messages that the tests of Python's parser are made of, where Python has them."""
    found = importlib.util.find_spec("test.test_email")
    for folder in found.submodule_search_locations if found else ():
        for path in sorted((Path(folder) / "data").glob("*.txt")):
            yield path.name, path.read_bytes()
