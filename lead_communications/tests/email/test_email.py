import base64

from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ...tools.mail.imap import Fetched
from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationEmail(LeadCommunicationsCommon):
    """An email from the bytes of the server to the lead, and the answers that follow it."""

    def _leads(self):
        return self.env["crm.lead"].with_context(active_test=False).search_count([])

    def test_email_waits_in_the_queue_with_everything(self):
        raw = self._mail(
            html="<p>Good morning, <b>how much</b> is a window?</p>",
            attachments=[("plan.pdf", b"%PDF-1.4")],
        )
        leads = self._leads()
        row = self._receive(raw)
        self.assertRecordValues(
            row,
            [
                {
                    "type": "email",
                    "state": "ready",
                    "direction": "incoming",
                    "subject": "A question about windows",
                    "email_from": "Jan Kowalski <jan@customer.test>",
                    "email_normalized": "jan@customer.test",
                    "contact_name": "Jan Kowalski",
                    "preview": "Good morning, *how much* is a window?",
                    "attachment_count": 1,
                    "mailbox_ids": self.mailbox.ids,
                    "company_id": self.company.id,
                    "lead_id": False,
                }
            ],
        )
        self.assertEqual(str(row.date), "2026-11-02 09:15:00")
        self.assertIn("how much", row.body)
        self.assertEqual(row.attachment_ids.name, "plan.pdf")
        self.assertEqual(base64.b64decode(row.raw), raw)
        self.assertEqual(self._leads(), leads)

    def test_email_costs_few_queries(self):
        self._receive()
        for attachments, count in (([], 19), ([("plan.pdf", b"%PDF-1.4"), ("b.txt", b"b")], 21)):
            with self.subTest(count=count):
                raw = self._mail(attachments=attachments, **{"from": f"new{count}@customer.test"})
                self.env.invalidate_all()
                with self.assertQueryCount(count):
                    self._receive(raw)
                    self.env.cr.precommit.run()

    def test_candidates_of_a_page_cost_what_those_of_one_do(self):
        rows = self.env["lead.communication"]
        for number in range(10):
            address = f"jan@customer{number}.test"
            self._create_lead(email_from=address)
            rows |= self._receive(**{"from": address}, subject=f"Re: offer {number}")
        rows = rows.with_user(self.anna)
        self.env.flush_all()
        self.env.invalidate_all()
        rows[:1]._find_candidates()
        # the rows as they may see them, their account and teams; one for the leads
        for page in (rows[:1], rows):
            self.env.flush_all()
            self.env.invalidate_all()
            with self.subTest(rows=len(page)), self.assertQueryCount(7):
                found = page._find_candidates()
            self.assertEqual({len(candidates) for candidates in found.values()}, {1})

    def test_large_files_are_there_as_they_were_sent(self):
        files = [(f"plan-{number}.pdf", bytes([number]) * 40_000) for number in range(3)]
        raw = self._mail(attachments=files)
        row = self._receive(raw)
        self.assertEqual(base64.b64decode(row.raw), raw)
        self.assertEqual([(one.name, one.raw) for one in row.attachment_ids.sorted("name")], files)

    def test_file_of_who_is_called_like_a_machine_is_there_too(self):
        """Odoo shows the first text of a bounce, and none of what is attached to it."""
        raw = self._mail(
            attachments=[("plan.pdf", b"x" * 40_000)], **{"from": "MAILER-DAEMON@mail.test"}
        )
        row = self._receive(raw)
        self.assertEqual(row.attachment_ids.raw, b"x" * 40_000)
        self.assertIn("how much", row.body)
        self.assertEqual(base64.b64decode(row.raw), raw)

    def test_original_is_kept_once(self):
        row = self._receive(body="A text that would be found by its words")
        original = self.env["ir.attachment"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id), ("res_field", "=", "raw")]
        )
        self.assertEqual(len(original), 1)
        self.assertFalse(original.index_content)
        self.assertFalse(row.attachment_ids)

    def test_message_is_as_the_hosts_gateway_makes_it(self):
        customer = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        row = self._receive(cc="Eva <eva@customer.test>")
        self.assertRecordValues(
            row.mail_message_id,
            [
                {
                    "model": "lead.communication",
                    "res_id": row.id,
                    "message_type": "email",
                    "subtype_id": self.env.ref("mail.mt_comment").id,
                    "message_id": row.message_ref,
                    "author_id": customer.id,
                    "email_from": '"Jan Kowalski" <jan@customer.test>',
                    "incoming_email_to": False,
                    "incoming_email_cc": '"Eva" <eva@customer.test>',
                    "partner_ids": [],
                    "record_company_id": self.company.id,
                }
            ],
        )
        self.assertFalse(row.message_follower_ids)
        self.assertFalse(row.mail_message_id.notification_ids)

    def test_bounces_of_who_writes_again_are_forgotten(self):
        customer = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        lead = self._create_lead(email_from="jan@customer.test")
        (customer.message_bounce, lead.message_bounce) = (3, 2)
        self._receive()
        self.assertEqual((customer.message_bounce, lead.message_bounce), (0, 0))

    def test_same_email_twice_is_one_row(self):
        raw = self._mail()
        self.assertEqual(self._receive(raw), self._receive(raw))

    def test_same_email_in_two_mailboxes_is_one_row_for_both(self):
        other = self._other_mailbox()
        raw = self._mail()
        first = self._receive(b"Delivered-To: sales@company.test\r\n" + raw)
        second = self._receive(b"Delivered-To: info@company.test\r\n" + raw, mailbox=other)
        self.assertEqual(first, second)
        self.assertEqual(first.mailbox_ids, self.mailbox | other)
        self.assertTrue(first.with_user(self.ben).has_access("read"))

    def test_email_without_an_id_is_one_row_however_often_it_comes(self):
        raw = self._mail(message_id=None)
        self.assertEqual(self._receive(raw), self._receive(raw))

    def test_reused_id_with_other_content_is_a_second_row(self):
        first = self._receive(message_id="<same@customer.test>", body="One")
        second = self._receive(message_id="<same@customer.test>", body="Two")
        self.assertNotEqual(first, second)
        self.assertIn("Two", second.body)
        again = self._receive(base64.b64decode(second.raw))
        self.assertEqual(again, second)

    def test_second_email_of_a_conversation_that_waits_is_a_row_of_its_own(self):
        first = self._receive()
        second = self._receive(subject="Re: A question", in_reply_to=first.message_ref)
        self.assertNotEqual(first, second)
        self.assertEqual(second.state, "ready")

    def test_answer_without_references_is_known_by_subject_and_sender(self):
        first = self._receive(subject="What is your  last price?")
        first._decide("attach", self._create_lead())
        for mark in ("RE:", "SV:", "RES:", "YNT:", "Odp:", "回复：", "[EXTERNAL] VS:", "İLT: Ynt:"):
            with self.subTest(mark=mark):
                row = self._receive(subject=f"{mark} What is your last price?")
                self.assertEqual((row.state, row.lead_id), ("done", first.lead_id))
        other = self._receive(subject="What is your last price?")
        self.assertEqual(other.state, "ready", "no mark: a new question")

    def test_answer_without_references_from_the_domain_in_letters(self):
        first = self._receive(subject="Doors", **{"from": "info@xn--mller-kva.test"})
        first._decide("attach", self._create_lead())
        row = self._receive(subject="Re: Doors", **{"from": "info@müller.test"})
        self.assertEqual(row.lead_id, first.lead_id)

    def test_email_to_the_alias_of_a_team_waits_too(self):
        self.env["mail.alias.domain"].create({"name": "company.test"})
        self.team.write({"alias_name": "windows", "use_leads": True})
        leads = self._leads()
        row = self._receive(to="windows@company.test")
        self.assertEqual(row.state, "ready")
        self.assertEqual(self._leads(), leads)

    def test_bounce_is_kept_and_set_aside(self):
        row = self._receive(
            to="sales@company.test",
            **{"from": "MAILER-DAEMON@mail.test"},
            subject="Undelivered Mail Returned to Sender",
        )
        self.assertEqual((row.state, row.rule), ("ignored", "bounce"))

    def test_mails_of_one_sender_in_a_burst_are_all_kept_and_not_answered(self):
        sent = self.env["mail.mail"].search_count([])
        rows = self.env["lead.communication"]
        for number in range(25):
            rows |= self._receive(subject=f"Form {number}")
        self.assertEqual(len(rows), 25)
        self.assertEqual(self.env["mail.mail"].search_count([]), sent)

    def test_impossible_date_is_replaced_by_the_time_of_receipt(self):
        for date in ("Fri, 01 Jan 2100 00:00:00 +0000", "nonsense", None):
            with self.subTest(date=date):
                row = self._receive(date=date)
                self.assertLess(row.date.year, 2100)
                self.assertTrue(row.date)

    def test_hostile_header_is_plain_text(self):
        raw = self._mail(subject="x").replace(
            b"subject: x", b"Subject: =?utf-8?q?one=0D=0Atwo=E2=80=AEthree=00?="
        )
        row = self._receive(raw)
        self.assertEqual(row.subject, "one two three")

    def test_scripts_are_gone_from_the_text(self):
        row = self._receive(html="<p onclick='x()'>Hi</p><script>alert(1)</script>")
        self.assertNotIn("script", row.body)
        self.assertNotIn("onclick", row.body)

    @users("anna_t")
    def test_create_moves_the_message_and_fills_the_lead(self):
        row = self._receive(
            subject="Odp: FW: Windows for a school", attachments=[("plan.pdf", b"%PDF")]
        ).with_env(self.env)
        message = row.sudo().mail_message_id
        row.action_create_lead()
        lead = row.lead_id
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "Windows for a school",
                    "email_from": "jan@customer.test",
                    "contact_name": "Jan Kowalski",
                    "user_id": self.env.uid,
                    "source_id": self.env.ref("lead_communications.utm_source_email").id,
                }
            ],
        )
        self.assertIn("how much is a window", lead.description)
        self.assertIn(message, lead.message_ids.sudo())
        self.assertEqual(row.sudo().mail_message_id, message)
        self.assertRecordValues(
            message.attachment_ids, [{"res_model": "crm.lead", "res_id": lead.id}]
        )
        self.assertEqual(lead.email_ids, row)

    def test_nobody_is_mailed_by_a_decision(self):
        lead = self._create_lead()
        lead.message_subscribe(
            self.env["res.partner"].create({"name": "Follower", "email": "f@out.test"}).ids
        )
        row = self._receive()
        mails = self.env["mail.mail"].search_count([])
        row._decide("attach", lead)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertFalse(row.mail_message_id.notification_ids)

    @users("anna_t")
    def test_reply_reaches_the_lead_by_itself(self):
        row, lead = self._receive().with_env(self.env), self._create_lead()
        row._decide("attach", lead.with_env(self.env))
        reply = self._receive(subject="Re: windows", in_reply_to=row.message_ref)
        self.assertRecordValues(reply, [{"state": "done", "lead_id": lead.id}])
        self.assertIn(reply.sudo().mail_message_id, lead.message_ids)
        self.assertTrue(reply.raw)

    def test_reply_to_a_mail_from_the_lead_reaches_the_lead(self):
        lead = self._create_lead(email_from="jan@customer.test")
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        message = lead.with_user(self.anna).message_post(
            body="Our offer",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=partner.ids,
        )
        reply = self._receive(subject="Re: offer", references=message.message_id)
        self.assertEqual(reply.lead_id, lead)
        self.assertEqual(sorted(lead.email_ids.mapped("direction")), ["incoming", "outgoing"])

    def test_copy_of_our_own_mail_is_not_a_new_row(self):
        lead = self._create_lead()
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        message = lead.with_user(self.anna).message_post(
            body="Our offer",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=partner.ids,
        )
        row = self._receive(message_id=message.message_id, **{"from": "anna@company.test"})
        self.assertEqual(row, lead.email_ids)
        self.assertEqual(row.direction, "outgoing")

    def test_reply_to_a_lead_that_is_gone_waits(self):
        lead = self._create_lead()
        row = self._receive()
        row._decide("attach", lead)
        lead.unlink()
        reply = self._receive(in_reply_to=row.message_ref)
        self.assertEqual(reply.state, "ready")

    def test_answer_to_the_customer_names_his_mail_in_references(self):
        row, lead = self._receive(), self._create_lead(email_from="jan@customer.test")
        row._decide("attach", lead)
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        lead.message_post(
            body="Our offer",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=partner.ids,
        )
        mail = self.env["mail.mail"].search([("res_id", "=", lead.id)], limit=1)
        self.assertIn(row.message_ref, mail.references)

    def test_internal_note_is_not_an_email(self):
        lead = self._create_lead()
        lead.message_post(body="Only for us")
        self.assertFalse(lead.email_ids)

    def test_reopen_takes_the_message_back(self):
        row, lead = self._receive(attachments=[("plan.pdf", b"%PDF")]), self._create_lead()
        row._decide("attach", lead)
        row.with_user(self.anna).action_reopen()
        self.assertNotIn(row.mail_message_id, lead.message_ids)
        self.assertRecordValues(
            row.mail_message_id, [{"model": "lead.communication", "res_id": row.id}]
        )
        self.assertEqual(row.attachment_ids.res_id, row.id)

    def test_answer_to_a_note_is_a_comment_once_a_person_decided(self):
        lead, other = self._create_lead(), self._create_lead()
        note = lead.message_post(body="Only for us")
        row = self._receive(in_reply_to=note.message_id)
        self.assertEqual(row.mail_message_id.subtype_id, self.env.ref("mail.mt_note"))
        row.action_reopen()
        row._decide("attach", other)
        self.assertEqual(row.mail_message_id.subtype_id, self.env.ref("mail.mt_comment"))

    def test_mail_written_from_a_lead_cannot_wait(self):
        lead = self._create_lead()
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        lead.message_post(
            body="Our offer",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=partner.ids,
        )
        with self.assertRaisesRegex(Exception, "Only what was received"):
            lead.email_ids.action_reopen()

    def _other_mailbox(self):
        return self.env["lead.mailbox"].create(
            {
                "name": "Info",
                "address": "info@company.test",
                "member_ids": self.ben.ids,
                "server_id": self.server.copy().id,
            }
        )

    @mute_logger("odoo.addons.lead_communications.models.email.mailbox_fetch")
    def test_email_that_fails_is_kept_raw_and_can_be_retried(self):
        raw = self._mail(subject="It fails")
        automation = self._failing_automation()
        self.startPatcher(automation)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            mailbox = self.mailbox.with_env(self.env(cr=cr))
            mailbox._take(Fetched(raw), "inbox", {}, lambda: None)
        failure = self.env["lead.communication.failure"].search(
            [("mailbox_id", "=", self.mailbox.id)]
        )
        self.assertEqual(base64.b64decode(failure.raw), raw)
        self.assertIn("automation", failure.error)
        self.assertTrue(failure.with_user(self.anna).has_access("read"))
        self.assertFalse(failure.with_user(self.ben).has_access("read"))
        self.assertFalse(failure.with_user(self.admin).has_access("read"))
        failure.with_user(self.anna).action_retry()
        self.assertEqual((failure.state, failure.attempts), ("failed", 2))
        automation.stop()
        failure.with_user(self.anna).action_retry()
        self.assertEqual(failure.state, "solved")
        row = self.env["lead.communication"].search([("subject", "=", "It fails")])
        self.assertEqual(base64.b64decode(row.raw), raw)
