from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxNotification(LeadCommunicationsCommon):
    """Who is mailed when mail comes in: nobody outside, but followers of a lead by Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"]
        cls.jan = partners.create({"name": "Jan", "email": "jan@customer.test"})
        cls.follower = partners.create({"name": "Follower", "email": "follower@out.test"})
        cls.env["mail.alias.domain"].create({"name": "company.test"})

    def setUp(self):
        super().setUp()
        self.last_mail = self.env["mail.mail"].search([], order="id desc", limit=1).id or 0
        self.last_message = self.env["mail.message"].search([], order="id desc", limit=1).id

    def _mailed(self):
        """Return the partners and the addresses of the emails that were made meanwhile."""
        mails = self.env["mail.mail"].search([("id", ">", self.last_mail)])
        addresses = {mail.email_to for mail in mails if mail.email_to}
        return addresses | set(mails.recipient_ids.mapped("email"))

    def _notified(self):
        messages = self.env["mail.message"].search([("id", ">", self.last_message)])
        return messages.notification_ids.res_partner_id

    def _create_followed_lead(self, **values):
        lead = self._create_lead(**values)
        lead.message_subscribe(self.follower.ids)
        return lead

    def _create_linked_row(self):
        row = self._receive()
        row._decide("attach", self._create_followed_lead())
        return row

    def test_what_waits_is_told_to_nobody(self):
        self._receive()
        self._receive(cc="jan@customer.test, follower@out.test")
        self.assertFalse(self._mailed())
        self.assertFalse(self._notified())

    def test_attach_create_move_and_undo_mail_nobody_outside(self):
        row = self._receive()
        row.with_user(self.anna)._decide("attach", self._create_followed_lead())
        row.with_user(self.anna)._decide("move", self._create_followed_lead())
        row.with_user(self.anna).action_undo()
        row.with_user(self.anna).action_reopen()
        row.with_user(self.anna).action_create_lead()
        self.assertFalse(self._mailed())
        self.assertFalse(self._notified() & (self.jan | self.follower))

    def test_automatic_attach_mails_nobody_outside(self):
        self.mailbox.mode = "automatic"
        lead = self._create_followed_lead(email_from="jan@customer.test")
        row = self._receive()
        self.assertEqual((row.lead_id, row.rule), (lead, "automatic_lead"))
        new = self._receive(**{"from": "eva@customer.test"})
        self.assertEqual(new.rule, "automatic_new")
        self.assertFalse(self._mailed() & {"jan@customer.test", "follower@out.test"})
        self.assertFalse(self._mailed() & {"eva@customer.test"})

    def test_native_reply_goes_to_the_followers_as_the_host_has_it(self):
        row = self._create_linked_row()
        reply = self._receive(subject="Re: windows", in_reply_to=row.message_ref)
        self.assertEqual(reply.rule, "answer")
        mailed = self._mailed()
        self.assertIn("follower@out.test", " ".join(mailed))
        self.assertNotIn("jan@customer.test", " ".join(mailed))

    def test_reply_to_a_note_stays_internal(self):
        lead = self._create_followed_lead()
        note = lead.message_post(body="Only for us")
        row = self._receive(subject="Re: note", in_reply_to=note.message_id)
        self.assertEqual(row.lead_id, lead)
        self.assertTrue(row.mail_message_id.is_internal)
        self.assertEqual(row.mail_message_id.subtype_id, self.env.ref("mail.mt_note"))
        self.assertFalse(self._mailed())

    def test_mail_of_machines_is_answered_by_nobody(self):
        linked = self._create_linked_row()
        report = {"from": "MAILER-DAEMON@mx.test", "subject": "Undelivered Mail Returned to Sender"}
        for headers in (
            {"auto_submitted": "auto-replied"},
            {"precedence": "bulk", "list_id": "<news.customer.test>"},
            {"x_spam_flag": "YES"},
            {"from": "no-reply@customer.test"},
            report,
            report | {"in_reply_to": linked.message_ref},
            {"to": "nobody-knows-this@company.test"},
            {"to": "catchall@company.test"},
            {"to": "bounce@company.test"},
            {"from": "sales@company.test", "to": "sales@company.test"},
        ):
            with self.subTest(**headers):
                self.assertEqual(len(self._receive(**headers)), 1)
                self.assertFalse(self._mailed())

    def test_burst_and_broken_mail_bounce_to_nobody(self):
        for number in range(30):
            self._receive(subject=f"Form {number}")
        self._receive(**{"from": None})
        self._receive(b"")
        self.assertFalse(self._mailed())

    def test_sent_mail_is_sent_once(self):
        lead = self._create_followed_lead(email_from="jan@customer.test")
        raw = self._mail(**{"from": "anna_t@company.test", "to": "jan@customer.test"})
        row = self.mailbox._receive(raw, role="sent")
        self.assertEqual((row.lead_id, row.direction, row.rule), (lead, "outgoing", "sent"))
        self.assertFalse(self._mailed())
        self.assertFalse(self._notified() & (self.jan | self.follower))
