from odoo.tests import tagged

from ...tools.mail.junk import KNOWN, MACHINE, PERSON
from ..common import LeadCommunicationsCommon

# No letter of a person
OFFER = "Everything is half the price this summer."


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationRule(LeadCommunicationsCommon):
    """Where an email goes before anybody looks at it."""

    def _leads(self, **values):
        domain = [(name, "=", value) for name, value in values.items()]
        return self.env["crm.lead"].with_context(active_test=False).search(domain)

    def _sent(self, **headers):
        raw = self._mail(**{"from": "Anna <sales@company.test>"} | headers)
        return self.mailbox._receive(raw, role="sent")

    # ---- MODES ----

    def test_manual_mode_waits(self):
        row = self._receive()
        self.assertRecordValues(row, [{"state": "ready", "rule": "manual", "lead_id": False}])

    def test_automatic_mode_creates_a_lead_for_a_new_sender(self):
        self.mailbox.write({"mode": "automatic", "user_id": self.ben.id})
        row = self._receive()
        self.assertRecordValues(row, [{"state": "done", "rule": "automatic_new"}])
        self.assertRecordValues(
            row.lead_id,
            [
                {
                    "name": "A question about windows",
                    "email_from": "jan@customer.test",
                    "contact_name": "Jan Kowalski",
                    "user_id": self.ben.id,
                    "company_id": self.company.id,
                }
            ],
        )
        self.assertEqual(row.mail_message_id.res_id, row.lead_id.id)

    def test_automatic_mode_without_a_salesperson_assigns_nobody(self):
        self.mailbox.write({"mode": "automatic", "team_id": self.team.id})
        lead = self._receive().lead_id
        self.assertFalse(lead.user_id)
        self.assertEqual(lead.team_id, self.team)

    def test_automatic_mode_attaches_to_the_one_open_lead(self):
        self.mailbox.mode = "automatic"
        lead = self._create_lead(email_from="Jan@customer.test")
        self._create_lead(email_from="jan@customer.test").action_set_lost()
        row = self._receive()
        self.assertRecordValues(row, [{"lead_id": lead.id, "rule": "automatic_lead"}])

    def test_automatic_mode_leaves_what_is_unclear(self):
        self.mailbox.mode = "automatic"
        leads = self._create_lead(email_from="jan@customer.test")
        leads |= self._create_lead(email_from="jan@customer.test")
        row = self._receive()
        self.assertRecordValues(row, [{"state": "ready", "rule": "several"}])
        leads.action_set_lost()
        row = self._receive(subject="Another")
        self.assertRecordValues(row, [{"state": "ready", "rule": "closed"}])

    def test_automatic_mode_does_not_see_leads_of_another_company(self):
        self.mailbox.mode = "automatic"
        self._create_lead(
            email_from="jan@customer.test", company_id=self.other_company.id, user_id=False
        )
        row = self._receive()
        self.assertEqual(row.rule, "automatic_new")
        self.assertEqual(row.lead_id.company_id, self.company)

    def test_second_mail_of_a_new_sender_finds_the_lead_of_the_first(self):
        self.mailbox.mode = "automatic"
        first = self._receive()
        second = self._receive(subject="Something else")
        self.assertRecordValues(second, [{"lead_id": first.lead_id.id, "rule": "automatic_lead"}])
        first.lead_id.email_from = "new@customer.test"
        third = self._receive(subject="By the old address")
        self.assertEqual(third.lead_id, first.lead_id)

    def test_sender_whose_lead_was_deleted_is_new_again(self):
        self.mailbox.mode = "automatic"
        first = self._receive()
        first.lead_id.unlink()
        self.assertEqual(first.state, "ready")
        self.assertEqual(self._receive(subject="Again").rule, "automatic_new")

    def test_sender_without_an_address_waits(self):
        self.mailbox.mode = "automatic"
        row = self._receive(**{"from": "Somebody"})
        self.assertRecordValues(row, [{"state": "ready", "rule": "manual"}])

    def test_another_mode_rewrites_nothing(self):
        row = self._receive()
        self.mailbox.mode = "automatic"
        self.mailbox._receive(self._mail())
        self.assertRecordValues(row, [{"state": "ready", "rule": "manual"}])

    # ---- MACHINES ----

    def test_mail_of_machines_is_set_aside_and_never_a_lead(self):
        self.mailbox.mode = "automatic"
        cases = {
            "auto_reply": {"auto_submitted": "auto-replied"},
            "bulk": {
                "from": "news@shop.test",
                "list_unsubscribe": "<mailto:off@shop.test>",
                "body": OFFER,
            },
            "spam": {"x_spam_flag": "YES"},
            "no_reply": {"from": "noreply@shop.test"},
            "notification": {"from": "cron@shop.test", "auto_submitted": "auto-generated"},
        }
        before = self._leads()
        mails = self.env["mail.mail"].search_count([])
        for rule, headers in cases.items():
            with self.subTest(rule=rule):
                row = self._receive(**headers)
                self.assertRecordValues(row, [{"state": "ignored", "rule": rule}])
        row = self.mailbox._receive(self._mail(), role="spam")
        self.assertRecordValues(row, [{"state": "ignored", "rule": "spam_folder"}])
        self.assertEqual(self._leads(), before)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_one_sign_of_a_machine_waits_with_the_reason(self):
        row = self._receive(list_unsubscribe="<mailto:off@customer.test>")
        self.assertRecordValues(
            row,
            [
                {
                    "state": "ready",
                    "rule": "manual",
                    "evidence": "list_unsubscribe personal_name letter",
                    "evidence_text": "it says how to unsubscribe; but the address is made of the"
                    " sender's name; it reads like a letter",
                }
            ],
        )
        self.assertFalse(self._receive().evidence_text)

    def test_every_piece_of_evidence_has_words(self):
        words = self.env["lead.communication"]._evidence_words()
        self.assertEqual(set(words), {*MACHINE, *PERSON, *KNOWN, "nobody_known"})
        self.assertEqual(len(set(words.values())), len(words))

    NEWSLETTER = {
        "from": "news@shop.test",
        "list_unsubscribe": "<mailto:off@shop.test>",
        "feedback_id": "1:2:shop",
        "body": OFFER,
    }

    def test_why_it_is_set_aside_is_told(self):
        row = self._receive(**self.NEWSLETTER)
        self.assertEqual(
            row.evidence_text,
            "it says how to unsubscribe; it is counted like mass mail;"
            " the sender is called like a newsletter; nobody of this address is known",
        )
        self.assertEqual((row.state, row.rule), ("ignored", "bulk"))

    def test_whoever_is_known_is_not_set_aside(self):
        machines = {
            "newsletter": self.NEWSLETTER,
            "program": {"from": "root@shop.test", "auto_submitted": "auto-generated"},
            "spam": {"from": "news@shop.test", "x_spam_flag": "YES", "body": OFFER},
        }
        for address in ("news@shop.test", "root@shop.test"):
            lead = self._create_lead(email_from=address, user_id=self.clara.id)
            lead.action_set_lost()
        for name, headers in machines.items():
            with self.subTest(name=name):
                row = self._receive(**headers)
                self.assertRecordValues(row, [{"state": "ready", "rule": "manual"}])
                self.assertIn("; but this address is known", row.evidence_text)

    def test_the_address_of_a_contact_is_known_but_for_our_own(self):
        self.env["res.partner"].create({"name": "Shop", "email": "news@shop.test"})
        self.assertEqual(self._receive(**self.NEWSLETTER).state, "ready")
        self.clara.partner_id.email = "news@shop.test"
        self.env["res.partner"].search([("name", "=", "Shop")]).unlink()
        self.assertEqual(self._receive(**self.NEWSLETTER).state, "ignored")

    def test_whose_number_is_known_is_not_set_aside(self):
        signed = "I accept the offer.\n\nBest regards\nJan Nowy\ntel. 600 100 201"
        spam = {"from": "Jan Nowy <jan@new.test>", "x_spam_flag": "YES", "body": signed}
        missed = {
            "from": "noreply@telephones.test",
            "auto_submitted": "auto-generated",
            "subject": "Missed call: 600 100 201",
            "body": "Somebody called.",
        }
        newsletter = self.NEWSLETTER | {"x_campaign": "7", "body": signed}
        for headers in (spam, missed, newsletter):
            self.assertEqual(self._receive(**headers).state, "ignored")
        theirs = {"phone": "600100201", "company_id": self.other_company.id, "user_id": False}
        lead = self._create_lead(**theirs)
        for headers in (spam, missed):
            self.assertEqual(self._receive(**headers).state, "ignored", "of another company")
        lead.company_id = self.company
        for headers in (spam, missed):
            row = self._receive(**headers)
            self.assertRecordValues(row, [{"state": "ready", "rule": "manual", "lead_id": False}])
            self.assertIn("the number of who wrote is known", row.evidence_text)
        self.assertEqual(self._receive(**newsletter).rule, "bulk", "the number of an office")
        self.anna.partner_id.phone = "600 100 201"
        self.assertEqual(self._receive(**spam).state, "ignored", "a number of ours")
        self.anna.partner_id.phone = False
        lead.unlink()
        contact = self.env["res.partner"].create({"name": "Jan", "phone": "+48 600 100 201"})
        self.assertEqual(self._receive(**spam).state, "ready")
        contact.company_id = self.other_company
        self.assertEqual(self._receive(**spam).state, "ignored")

    def test_an_open_lead_of_another_company_says_nothing(self):
        self._create_lead(
            email_from="news@shop.test", company_id=self.other_company.id, user_id=False
        )
        self.assertEqual(self._receive(**self.NEWSLETTER).rule, "bulk")

    def test_a_contact_of_another_company_says_nothing(self):
        partner = self.env["res.partner"].create(
            {"name": "Shop", "email": "news@shop.test", "company_id": self.other_company.id}
        )
        self.assertEqual(self._receive(**self.NEWSLETTER).rule, "bulk")
        partner.company_id = self.company
        self.assertEqual(self._receive(**self.NEWSLETTER).rule, "manual")

    def test_an_answer_to_another_company_says_nothing(self):
        lead = self._create_lead(company_id=self.other_company.id, user_id=False)
        sent = lead.message_post(body="Our offer", message_type="comment")
        answer = self.NEWSLETTER | {"in_reply_to": sent.message_id, "x_spam_flag": "YES"}
        self.assertNotIn("ours", self._receive(**answer).evidence_text)

    def test_mail_of_an_open_lead_is_treated_as_any_other(self):
        self.mailbox.mode = "automatic"
        lead = self._create_lead(email_from="news@shop.test")
        row = self._receive(**self.NEWSLETTER)
        self.assertRecordValues(row, [{"lead_id": lead.id, "rule": "automatic_lead"}])
        self.assertIn("this address has an open lead", row.evidence_text)

    def test_spam_of_an_open_lead_is_looked_at_by_a_person(self):
        self.mailbox.mode = "automatic"
        lead = self._create_lead(email_from="jan@customer.test")
        marked = self._receive(x_spam_flag="YES")
        in_folder = self.mailbox._receive(self._mail(), role="spam")
        first = self._receive()
        answer = self._receive(x_spam_flag="YES", in_reply_to=first.message_ref)
        self.assertEqual(first.lead_id, lead)
        for row in (marked, in_folder, answer):
            self.assertRecordValues(row, [{"state": "ready", "rule": "manual"}])
            self.assertIn("; but ", row.evidence_text)
        self.assertIn("a filter marked it as spam", marked.evidence_text)
        self.assertIn("it lay in the spam folder", in_folder.evidence_text)
        self.assertEqual(answer.with_user(self.anna).found_lead_id, lead)

    def _count_queries(self, raw):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self._receive(raw)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_what_a_machine_says_of_a_mail_of_ours_costs_no_query_for_people(self):
        self._receive()
        marked = {"list_unsubscribe": "<mailto:off@customer.test>"}
        self.assertEqual(*(self._count_queries(self._mail(**headers)) for headers in ({}, marked)))

    def test_what_would_be_set_aside_costs_few_queries_more(self):
        self.mailbox.junk_state = "ready"
        person, newsletter = {}, {"list_id": "<shop.test>"}
        for headers in (person, newsletter):
            headers |= {
                "from": "hello@shop.test",
                "list_unsubscribe": "<mailto:off@shop.test>",
                "body": OFFER,
            }
            self._receive(**headers)
        counts = [self._count_queries(self._mail(**headers)) for headers in (person, newsletter)]
        # Who it is from, and their leads; no exception is looked for, and nothing that is put off.
        self.assertEqual(counts[1] - counts[0], 2 - 2)

    # ---- ANSWERS OF MACHINES, AND OF PEOPLE BEHIND THEM ----

    def _row_on_lead(self, **values):
        """Return the row of a mail of ours on a lead of anna's."""
        lead = self._create_lead(email_from="jan@customer.test", **values)
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        message = lead.message_post(
            body="Our offer",
            message_type="comment",
            partner_ids=partner.ids,
            subtype_xmlid="mail.mt_comment",
        )
        return self.env["lead.communication"].search([("mail_message_id", "=", message.id)])

    def test_an_answer_with_the_marks_of_a_machine_notifies_as_any_answer(self):
        ours = self._row_on_lead()
        ours.lead_id.message_subscribe(self.anna.partner_id.ids)
        for headers in (
            {"feedback_id": "::1.zoho.test:ZohoMail"},
            {"feedback_id": "1:zendesk", "auto_submitted": "auto-generated", "precedence": "bulk"},
            {"from": "Acme <notifications@acme.test>", "auto_submitted": "auto-generated"},
            {"from": "noreply@acme.test", "list_unsubscribe": "<mailto:u@acme.test>"},
        ):
            with self.subTest(**headers):
                row = self._receive(
                    subject="Re: Our offer", in_reply_to=ours.message_ref, **headers
                )
                self.assertRecordValues(
                    row, [{"lead_id": ours.lead_id.id, "rule": "answer", "state": "done"}]
                )
                told = row.mail_message_id.notified_partner_ids
                self.assertIn(self.anna.partner_id, told)
                self.assertTrue(row.evidence_text)

    def test_answers_of_machines_lie_on_the_lead_and_ask_nobody(self):
        ours = self._row_on_lead(user_id=self.clara.id)
        for rule, headers in {
            "auto_reply": {"subject": "Odpowiedź automatyczna: Our offer"},
            "bounce": {"from": "MAILER-DAEMON@mx.test", "subject": "Undelivered Mail"},
        }.items():
            with self.subTest(rule=rule):
                row = self._receive(in_reply_to=ours.message_ref, **headers)
                self.assertRecordValues(row, [{"lead_id": ours.lead_id.id, "rule": rule}])
                self.assertFalse(row.answer_activity_id)
                self.assertFalse(row.mail_message_id.notified_partner_ids)

    def test_automatic_answer_of_an_open_lead_waits(self):
        self.mailbox.mode = "automatic"
        self._create_lead(email_from="jan@customer.test")
        row = self._receive(subject="AUTO: Jan is out of the office (returning 12/01/2026)")
        self.assertRecordValues(row, [{"state": "ready", "rule": "auto_reply", "lead_id": False}])

    def test_what_a_person_gives_back_counts_for_a_persons(self):
        row = self._receive(**self.NEWSLETTER)
        report = self._receive(**{"from": "MAILER-DAEMON@mx.test"})
        lead = self._create_lead(user_id=self.clara.id)
        for one in (row, report):
            one.with_user(self.anna).action_reopen()
        self.assertEqual((row.rule, report.rule), ("manual", "bounce"))
        self.assertTrue(row.evidence_text)
        row.with_user(self.anna).action_undo()
        self.assertRecordValues(row, [{"state": "ignored", "rule": "bulk"}])
        row.with_user(self.anna).action_reopen()
        (row | report)._decide("attach", lead)
        self.assertTrue(row.answer_activity_id)
        self.assertFalse(report.answer_activity_id)

    def test_mail_of_machines_waits_where_the_mailbox_says_so(self):
        self.mailbox.write({"mode": "automatic", "junk_state": "ready"})
        row = self._receive(auto_submitted="auto-replied")
        self.assertRecordValues(row, [{"state": "ready", "rule": "auto_reply", "lead_id": False}])

    def test_mail_taken_out_of_the_spam_folder_waits(self):
        raw = self._mail()
        row = self.mailbox._receive(raw, role="spam")
        self.assertEqual(self.mailbox._receive(raw), row)
        self.assertRecordValues(row, [{"state": "ready", "rule": "manual"}])
        row._decide("ignore")
        self.mailbox._receive(raw)
        self.assertEqual(row.state, "ignored")

    def test_automatic_answer_in_a_conversation_goes_on_its_lead_and_mails_nobody(self):
        lead = self._create_lead()
        lead.message_subscribe(
            self.env["res.partner"].create({"name": "Follower", "email": "f@out.test"}).ids
        )
        row = self._receive()
        row._decide("attach", lead)
        mails = self.env["mail.mail"].search_count([])
        answer = self._receive(
            subject="Out of office", auto_submitted="auto-replied", in_reply_to=row.message_ref
        )
        self.assertRecordValues(answer, [{"lead_id": lead.id, "rule": "auto_reply"}])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(answer.answer_activity_id)

    def test_read_receipt_is_set_aside_also_for_a_lead(self):
        row = self._receive()
        row._decide("attach", self._create_lead())
        receipt = (
            f"From: jan@customer.test\r\nTo: sales@company.test\r\nSubject: Read: offer\r\n"
            f"In-Reply-To: {row.message_ref}\r\nMessage-ID: <receipt@customer.test>\r\n"
            "Content-Type: multipart/report; report-type=disposition-notification; boundary=x\r\n"
            "\r\n--x\r\nContent-Type: text/plain\r\n\r\nRead.\r\n"
            "--x\r\nContent-Type: message/disposition-notification\r\n\r\n"
            "Disposition: manual-action/MDN-sent-manually; displayed\r\n--x--\r\n"
        ).encode()
        receipt = self._receive(receipt)
        self.assertRecordValues(receipt, [{"state": "ignored", "rule": "receipt"}])

    # ---- WHO IT IS FROM ----

    def test_reply_to_comes_before_from(self):
        row = self._receive(
            **{"from": "Website <noreply@company.test>"}, reply_to="Ewa Lis <ewa@customer.test>"
        )
        self.assertRecordValues(
            row,
            [
                {
                    "email_normalized": "ewa@customer.test",
                    "contact_name": "Ewa Lis",
                    "email_from": "Ewa Lis <ewa@customer.test>",
                    "state": "ready",
                }
            ],
        )
        self.assertIn("noreply@company.test", row.sent_by)

    def test_mail_forwarded_by_a_colleague_is_from_its_first_sender(self):
        row = self._receive(
            **{"from": f"Ben <{self.ben.email}>"},
            subject="Fwd: Windows",
            body="For you\n\n---------- Forwarded message ---------\n"
            "From: Ewa Lis <ewa@customer.test>\nDate: Mon, 2 Nov 2026\nSubject: Windows\n"
            "To: <ben@company.test>\n\nHow much?",
        )
        self.assertRecordValues(
            row,
            [
                {
                    "email_normalized": "ewa@customer.test",
                    "contact_name": "Ewa Lis",
                    "direction": "incoming",
                }
            ],
        )
        self.assertIn(self.ben.email, row.sent_by)

    def test_everybody_at_the_domain_of_a_mailbox_is_a_colleague(self):
        lead = self._create_lead(email_from="jan@customer.test")
        colleague = {"from": "Not a user <ola@company.test>", "to": "jan@customer.test"}
        row = self._receive(**colleague, cc="sales@company.test")
        self.assertRecordValues(row, [{"direction": "outgoing", "lead_id": lead.id}])
        self.mailbox.address = "company.test@gmail.com"
        row = self._receive(**{"from": "ewa@gmail.com"}, to="company.test@gmail.com")
        self.assertEqual(row.direction, "incoming")

    def test_mail_forwarded_by_a_customer_is_from_the_customer(self):
        row = self._receive(
            subject="Fwd: Offer",
            body="---------- Forwarded message ---------\nFrom: Shop <shop@other.test>\n"
            "Date: Mon, 2 Nov 2026\nSubject: Offer\nTo: <jan@customer.test>\n\nCheap!",
        )
        self.assertEqual(row.email_normalized, "jan@customer.test")
        self.assertFalse(row.sent_by)

    # ---- SENT MAIL ----

    def test_sent_mail_is_history_of_the_lead(self):
        lead = self._create_lead(email_from="jan@customer.test")
        row = self._sent(to="Jan <jan@customer.test>")
        self.assertRecordValues(
            row,
            [
                {
                    "direction": "outgoing",
                    "state": "done",
                    "lead_id": lead.id,
                    "rule": "sent",
                    "email_normalized": "jan@customer.test",
                }
            ],
        )
        self.assertFalse(self.env["mail.mail"].search([("subject", "=", row.subject)]))

    def test_sent_mail_to_no_lead_is_set_aside(self):
        row = self._sent(to="stranger@out.test")
        self.assertRecordValues(row, [{"state": "ignored", "rule": "sent_unknown"}])

    def test_sent_mail_with_several_leads_waits(self):
        for _number in range(2):
            self._create_lead(email_from="jan@customer.test")
        row = self._sent(to="Jan <jan@customer.test>")
        self.assertRecordValues(row, [{"state": "ready", "rule": "several"}])

    def test_mail_of_a_colleague_to_the_customer_with_us_in_copy_is_outgoing(self):
        lead = self._create_lead(email_from="jan@customer.test")
        row = self._receive(
            **{"from": self.ben.email}, to="jan@customer.test", cc="sales@company.test"
        )
        self.assertRecordValues(row, [{"direction": "outgoing", "lead_id": lead.id}])

    def test_answer_of_a_colleague_by_his_own_program_is_outgoing_on_the_lead(self):
        row = self._receive()
        lead = self._create_lead()
        row._decide("attach", lead)
        answer = self._receive(
            **{"from": self.ben.email},
            to="jan@customer.test",
            cc="sales@company.test",
            in_reply_to=row.message_ref,
        )
        self.assertRecordValues(answer, [{"direction": "outgoing", "lead_id": lead.id}])
        self.assertEqual(answer.conversation_ref, row.conversation_ref)

    def test_mail_among_colleagues_waits_like_any_other(self):
        row = self._receive(**{"from": self.ben.email})
        self.assertRecordValues(row, [{"direction": "incoming", "state": "ready"}])

    def test_copy_of_what_was_sent_from_the_lead_is_known(self):
        lead = self._create_lead(email_from="jan@customer.test")
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        message = lead.with_user(self.anna).message_post(
            body="Our offer",
            message_type="comment",
            partner_ids=partner.ids,
            subtype_xmlid="mail.mt_comment",
        )
        row = self._sent(to="jan@customer.test", message_id=message.message_id)
        self.assertEqual(row.mail_message_id, message)
        self.assertEqual(len(lead.email_ids), 1)

    # ---- CONVERSATIONS ----

    def test_conversation_by_references_and_by_subject(self):
        first = self._receive()
        by_reference = self._receive(subject="Other words", references=f"<x@y> {first.message_ref}")
        by_subject = self._receive(subject="Re: A question about windows")
        stranger = self._receive(
            subject="Re: A question about windows", **{"from": "ewa@other.test"}
        )
        new = self._receive(subject="A question about windows")
        self.assertEqual(by_reference.conversation_ref, first.conversation_ref)
        self.assertEqual(by_subject.conversation_ref, first.conversation_ref)
        self.assertNotEqual(stranger.conversation_ref, first.conversation_ref)
        self.assertNotEqual(new.conversation_ref, first.conversation_ref)
        self.assertEqual(first.with_user(self.anna).conversation_count, 3)

    def test_follow_up_of_what_was_ignored_brings_it_back(self):
        first = self._receive()
        first.with_user(self.anna).action_ignore()
        second = self._receive(subject="Re: A question", in_reply_to=first.message_ref)
        self.assertEqual(set((first | second).mapped("state")), {"ready"})

    def test_answer_on_a_closed_lead_waits_and_names_the_lead(self):
        lead = self._create_lead()
        first = self._receive()
        first._decide("attach", lead)
        lead.action_set_lost()
        answer = self._receive(subject="Re: A question", in_reply_to=first.message_ref)
        self.assertRecordValues(answer, [{"state": "ready", "rule": "answer_closed"}])
        self.assertEqual(answer.with_user(self.anna).found_lead_id, lead)

    def test_late_answer_by_subject_proposes_the_lead_of_the_conversation(self):
        lead = self._create_lead()
        first = self._receive()
        first._decide("attach", lead)
        late = self._receive(subject="Odp: A question about windows")
        self.assertEqual(late.lead_id, lead)
