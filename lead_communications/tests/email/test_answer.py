from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationAnswer(LeadCommunicationsCommon):
    """An email on a lead is the business of its salesperson, and the answer comes from there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(email_from="jan@customer.test", user_id=cls.ben.id)
        cls.row = cls._receive()

    def _asked(self):
        return self.lead.activity_ids.filtered(lambda one: "Answer" in (one.summary or ""))

    def _write_from_lead(self):
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        return self.lead.with_user(self.ben).message_post(
            body="Our offer",
            message_type="comment",
            partner_ids=partner.ids,
            subtype_xmlid="mail.mt_comment",
        )

    def test_salesperson_is_asked_once_and_nobody_is_mailed(self):
        mails = self.env["mail.mail"].search_count([])
        self.row.with_user(self.anna).sudo()._decide("attach", self.lead)
        second = self._receive(subject="More")
        second._decide("attach", self.lead)
        self.assertRecordValues(self._asked(), [{"user_id": self.ben.id}])
        self.assertIn("Jan Kowalski", self._asked().summary)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_lead_with_a_contact_does_not_tell_who_wrote_and_what(self):
        self.lead.partner_id = self.env["res.partner"].create({"name": "Jan"})
        self.row._decide("attach", self.lead)
        asked = self._asked()
        self.assertRecordValues(asked, [{"summary": "Answer the email", "user_id": self.ben.id}])
        self.assertFalse(asked.note)

    def test_words_follow_the_contact(self):
        self.row._decide("attach", self.lead)
        asked = self._asked()
        self.lead.with_user(self.ben).partner_id = self.env["res.partner"].create({"name": "Jan"})
        self.assertRecordValues(asked, [{"summary": "Answer the email", "note": False}])
        self.lead.partner_id = self.env["res.partner"].create({"name": "Ola"})
        self.assertRecordValues(asked, [{"summary": "Answer the email", "note": False}])
        self.lead.partner_id = False
        self.assertIn("Jan Kowalski", asked.summary)
        self.assertIn("A question about windows", asked.note)

    def test_words_follow_to_a_merged_lead_with_a_contact(self):
        contact = self.env["res.partner"].create({"name": "Jan"})
        head = self._create_lead(partner_id=contact.id, user_id=self.ben.id, probability=99)
        self.row._decide("attach", self.lead)
        asked = self._asked()
        self.assertEqual((head | self.lead).merge_opportunity(auto_unlink=False), head)
        self.assertEqual(asked.res_id, head.id)
        self.assertRecordValues(asked, [{"summary": "Answer the email", "note": False}])

    def test_what_was_done_tells_nothing(self):
        """The lead may get a contact later, and the note that it is done stays in its chatter."""
        self.row._decide("attach", self.lead)
        asked = self._asked()
        asked.with_user(self.ben).action_feedback()
        second = self._receive(subject="Another question")
        second._decide("attach", self.lead)
        self._write_from_lead()
        notes = self.lead.message_ids.filtered("mail_activity_type_id")
        self.assertEqual(len(notes), 2)
        for text in (asked.summary, asked.note or "", *notes.mapped("body")):
            self.assertNotIn("Kowalski", text)
            self.assertNotIn("question", text)

    def test_whoever_decides_for_himself_is_not_asked(self):
        self.mailbox.member_ids = self.ben
        self.row.with_user(self.ben)._decide("attach", self.lead.with_user(self.ben))
        self.assertFalse(self._asked())

    def test_answer_closes_the_question(self):
        self.row._decide("attach", self.lead)
        asked = self._asked()
        self._write_from_lead()
        self.assertFalse(self._asked())
        self.assertFalse(asked.active)

    def test_question_goes_with_the_email(self):
        self.row._decide("attach", self.lead)
        self.row.action_undo()
        self.assertFalse(self._asked())

    def test_responsible_is_that_of_the_lead(self):
        self.row._decide("attach", self.lead)
        self.assertEqual(self.row.user_id, self.ben)
        self.lead.user_id = self.anna
        self.env.cr.precommit.run()
        self.assertEqual(self.row.user_id, self.anna)
        reply = self._receive(subject="Re: A question", in_reply_to=self.row.message_ref)
        self.assertEqual(reply.user_id, self.anna)
        self.row._decide("reopen")
        self.assertFalse(self.row.user_id)

    def test_responsible_of_many_leads_follows_by_one_query_at_the_end(self):
        leads = self.env["crm.lead"]
        for number in range(5):
            lead = self._create_lead(user_id=False)
            self._receive(subject=f"Question {number}")._decide("attach", lead)
            leads |= lead
        self.env.flush_all()
        self.env.cr.precommit.run()
        for lead in leads:  # as Odoo assigns them
            lead.user_id = self.clara
        self.env.flush_all()
        with self.assertQueryCount(2):  # finds them, reads them
            leads._sync_pending_responsible()
        self.assertEqual(leads.email_ids.user_id, self.clara)

    def test_nobody_is_asked_for_an_account_again(self):
        mailboxes = self.env["lead.mailbox"]
        self.assertEqual(mailboxes._of_address("Ben <Sales@company.test>"), self.mailbox)
        with self.assertQueryCount(0):
            self.assertFalse(mailboxes._of_address("other@company.test"))
        self.mailbox.address = "other@company.test"
        self.assertEqual(mailboxes._of_address("other@company.test"), self.mailbox)
        self.env["lead.mailbox"].search([]).mode = "off"
        self.assertFalse(mailboxes._of_address("other@company.test"))
        self.env.cr.flush()  # which empties caches because of the mode
        mailboxes._account_ids()
        with self.assertQueryCount(0):
            self.assertFalse(self.lead._answering_mailboxes())

    def test_next_mail_comes_back_to_the_mailbox(self):
        self.row._decide("attach", self.lead)
        message = self._write_from_lead()
        self.assertIn("sales@company.test", message.reply_to)
        self.mailbox.mode = "off"
        message = self._write_from_lead()
        self.assertNotIn("sales@company.test", message.reply_to or "")

    def test_answer_goes_out_under_the_mailbox_where_we_can_send_for_it(self):
        self.row._decide("attach", self.lead)
        self.mailbox.member_ids = self.ben
        self.assertIn(self.ben.email_normalized, self._write_from_lead().email_from)
        self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "localhost", "from_filter": "company.test"}
        )
        message = self._write_from_lead()
        self.assertEqual(message.email_from, '"Ben" <sales@company.test>')
        self.assertEqual(message.author_id, self.ben.partner_id)
        self.mailbox.member_ids = self.anna
        self.assertIn(self.ben.email_normalized, self._write_from_lead().email_from)

    def test_answer_of_the_customer_to_ours_threads_by_reference(self):
        self.row._decide("attach", self.lead)
        message = self._write_from_lead()
        mail = self.env["mail.mail"].search([("mail_message_id", "=", message.id)])
        self.assertIn(self.row.message_ref, mail.references or "")
        reply = self._receive(subject="Re: offer", in_reply_to=message.message_id)
        self.assertEqual(reply.lead_id, self.lead)
        self.assertEqual(reply.conversation_ref, self.row.conversation_ref)
