from odoo.fields import Command
from odoo.tests import tagged

from .common_mailbox import MailboxCommon
from .common_samples import SamplesCommon, sample

PAULO = ("pt", "fi", "hu", "tr", "el", "zh", "zhcn", "ja", "ko", "ro")


@tagged("post_install", "-at_install", "lead_communications")
class TestSamples(SamplesCommon):
    """Emails of which people complained that other systems took them wrongly."""

    def _lead_of(self, row):
        row.with_user(self.anna).action_create_lead()
        return row.lead_id

    def test_forwarded_in_many_languages(self):
        for language in PAULO:
            row = self._sample(f"fwd-{language}")
            self.assertEqual(row.email_normalized, f"paulo@fwd-{language}.example")
            self.assertEqual((row.contact_name, row.known_by), ("Paulo Reis", "forwarded"))
            self.assertIn("kasia@seller.example", row.sent_by)

    def test_forwarded_as_an_attached_message(self):
        row = self._sample("fwd-eml-no-mark")
        self.assertEqual(row.email_normalized, "lidia@rossicasa.example")
        self.assertIn("Request.eml", row.attachment_ids.mapped("name"))

    def test_of_two_attached_messages_neither_customer_is_taken(self):
        row = self._sample("fwd-eml-two", self.office)
        self.assertEqual((row.state, row.known_by, row.lead_id.id), ("ready", "nobody", False))

    def test_answers_without_references(self):
        lead = self._lead_of(self._sample("dana-question"))
        for mark in ("RE", "SV", "RES", "YNT"):
            row = self._sample(f"dana-noref-{mark}")
            self.assertEqual((row.lead_id, row.rule), (lead, "answer"), mark)

    def test_domain_in_its_other_spelling(self):
        lead = self._create_lead(email_from="info@müller-fenster.example")
        row = self._sample("idn-punycode")
        self.assertEqual(row.with_user(self.anna).found_lead_id, lead)

    def test_nothing_of_ours_from_a_quotation(self):
        lead = self._lead_of(self._sample("outlook-quote-our-phone"))
        self.assertEqual((lead.phone, lead.partner_name), (False, "Kellerbau"))

    def test_kilograms_are_no_company(self):
        self.assertFalse(self._lead_of(self._sample("signature-kg")).partner_name)

    def test_copies_are_shown_and_answered(self):
        row = self._sample("cc-and-to-people")
        self.assertIn("studio@archistudio.example", row.email_cc)
        self._lead_of(row)
        context = row.with_user(self.anna).action_reply_all()["context"]
        partners = self.env["res.partner"].browse(context["default_partner_ids"])
        self.assertEqual(
            set(partners.mapped("email_normalized")),
            {
                "igor@petrovbau.example",
                "lena@petrovbau.example",
                "studio@archistudio.example",
            },
        )

    def test_headers_of_providers_make_no_machine(self):
        row = self._sample("feedback-id-proton")
        self.assertEqual(
            (row.state, row.email_normalized), ("ready", "jan.morawski@proton.example")
        )

    def test_answer_with_such_a_header_is_told(self):
        told = []
        for header in (b"Feedback-ID", b"X-Other"):
            lead = self._create_lead(email_from="jan.morawski@zoho.example")
            lead.message_subscribe(self.anna.partner_id.ids)
            sent = lead.message_post(
                body="The offer", message_type="comment", subtype_xmlid="mail.mt_comment"
            )
            raw = sample("feedback-id-answer").replace(b"Feedback-ID", header)
            raw = raw.replace(b"<put-the-id-of-our-answer-here>", sent.message_id.encode())
            row = self._receive(raw.replace(b"<fb2@", b"<%s@" % header))
            self.assertEqual((row.lead_id, row.rule), (lead, "answer"))
            self.assertEqual(row.answer_state, "awaiting")
            told.append(row.mail_message_id.notified_partner_ids)
        self.assertEqual(told, [self.anna.partner_id] * 2)

    def test_receipt_of_certified_mail(self):
        row = self._sample("pec-receipt")
        self.assertEqual((row.state, row.rule), ("ignored", "bounce"))

    def test_copy_with_a_banner_is_of_the_same_conversation(self):
        rows = self._sample("copy-plain") | self._sample("copy-with-banner", self.office)
        self.assertTrue(len(rows) == 1 or len(set(rows.mapped("conversation_ref"))) == 1)

    def test_one_company_alone(self):
        box = self.office.copy(
            {
                "address": "sales@beta-trading.example",
                "company_id": self.other_company.id,
                "member_ids": [Command.set(self.otto.ids)],
                "server_id": self.server.copy().id,
                "mode": "manual",
            }
        )
        row = self._sample("beta-only", box)
        self.assertEqual(row.company_id, self.other_company)
        self.assertFalse(row.with_user(self.anna).has_access("read"))


@tagged("post_install", "-at_install", "lead_communications")
class TestDrafts(MailboxCommon):
    def test_drafts_are_left_alone(self):
        self.mailbox.address = "sales@seller.example"
        self._deliver(sample("dana-question"))
        connection = self._imap()
        for name in ("draft", "dana-draft"):
            connection.append("INBOX", "(\\Draft)", None, sample(name))
        self._fetch()
        self.assertEqual(self._subjects(), ["What is your last price?"])
        self.assertFalse(self._rows().responded_date)
