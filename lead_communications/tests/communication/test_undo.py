from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationUndo(LeadCommunicationsCommon):
    """Conversations as a whole, one of their emails alone, another lead, and back again."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead, cls.other_lead = cls._create_lead(), cls._create_lead(name="A door")
        cls.first = cls._receive(attachments=[("plan.pdf", b"%PDF")])
        cls.second = cls._receive(subject="Re: A question", in_reply_to=cls.first.message_ref)
        cls.rows = cls.first | cls.second

    def _wizard(self, row, **values):
        action = row.action_attach() if row.state == "ready" else row.action_move()
        wizard = self.env["lead.communication.attach"].browse(action["res_id"])
        wizard.write(values)
        return wizard

    def _place_of(self, row):
        message = row.sudo().mail_message_id
        attachments = message.attachment_ids
        return {
            (record.res_model if record._name == "ir.attachment" else record.model, record.res_id)
            for record in (message, *attachments)
        }

    @users("anna_t")
    def test_create_takes_the_conversation(self):
        row = self.first.with_env(self.env)
        row.action_create_lead()
        self.assertEqual(self.second.lead_id, row.lead_id)
        self.assertEqual(self.second.decision_id, self.first.decision_id)
        self.assertEqual(row.lead_id.name, "A question about windows")

    @users("anna_t")
    def test_create_from_this_email_alone(self):
        row = self.second.with_env(self.env)
        row.action_create_lead_from_this()
        self.assertEqual(row.state, "done")
        self.assertEqual(self.first.state, "ready")
        self.assertNotEqual(self.first.conversation_ref, self.second.conversation_ref)
        reply = self._receive(subject="Re: more", in_reply_to=self.second.message_ref)
        self.assertEqual(reply.lead_id, row.lead_id)
        self.assertEqual(self.first.state, "ready")

    @users("anna_t")
    def test_attach_by_the_dialog_takes_the_conversation_or_only_this(self):
        third = self._receive(subject="Re: Re: A question", in_reply_to=self.first.message_ref)
        wizard = self._wizard(third.with_env(self.env), lead_id=self.lead.id, scope="message")
        self.assertEqual(wizard.other_count, 2)
        wizard.action_attach()
        self.assertEqual((third.lead_id, set(self.rows.mapped("state"))), (self.lead, {"ready"}))
        self._wizard(self.first.with_env(self.env), lead_id=self.other_lead.id).action_attach()
        self.assertEqual(self.rows.lead_id, self.other_lead)
        self.assertEqual(third.lead_id, self.lead)

    @users("anna_t")
    def test_emails_of_a_mailbox_of_others_stay_where_they_are(self):
        server = self.server.sudo().copy()
        other = self.mailbox.sudo().copy({"server_id": server.id, "member_ids": [(6, 0, [])]})
        hidden = self._receive(mailbox=other.sudo(), in_reply_to=self.first.message_ref)
        self.first.with_env(self.env).action_create_lead()
        self.assertEqual(hidden.state, "ready")

    @users("anna_t")
    def test_move_takes_the_conversation_and_its_mail(self):
        self.first.with_env(self.env)._decide(
            "attach", self.lead.with_env(self.env), others=self.second
        )
        wizard = self._wizard(self.second.with_env(self.env), lead_id=self.other_lead.id)
        self.assertTrue(wizard.is_move)
        wizard.action_attach()
        self.assertEqual(self.rows.lead_id, self.other_lead)
        self.assertEqual(self._place_of(self.first), {("crm.lead", self.other_lead.id)})
        reply = self._receive(subject="Re: again", in_reply_to=self.first.message_ref)
        self.assertEqual(reply.lead_id, self.other_lead)
        with self.assertRaisesRegex(UserError, "already"):
            self.first.with_env(self.env)._decide("move", self.other_lead.with_env(self.env))

    def test_move_needs_both_leads(self):
        ben_lead = self._create_lead(name="Ben's", user_id=self.ben.id)
        self.first._decide("attach", self.lead)
        with self.assertRaises(AccessError):
            self.first.with_user(self.anna)._decide("move", ben_lead.with_user(self.anna))
        self.second._decide("attach", ben_lead)
        with self.assertRaises(AccessError):
            self.second.with_user(self.anna)._decide("move", self.lead.with_user(self.anna))

    @users("anna_t")
    def test_split_takes_one_email_out(self):
        row = self.second.with_env(self.env)
        row.action_split()
        self.assertEqual((row.conversation_count, row.state), (1, "ready"))
        with self.assertRaisesRegex(UserError, "only email"):
            row.action_split()
        row.action_undo()
        self.assertEqual(row.conversation_ref, self.first.conversation_ref)

    @users("anna_t")
    def test_undo_of_create_removes_the_lead_and_gives_everything_back(self):
        row = self.first.with_env(self.env)
        row.action_create_lead()
        lead = row.lead_id
        self.env.flush_all()
        row.action_undo()
        self.assertFalse(lead.exists())
        self.assertRecordValues(
            self.rows, [{"state": "ready", "lead_id": False, "decision_id": False}] * 2
        )
        self.assertEqual(self._place_of(self.first), {("lead.communication", self.first.id)})
        self.assertEqual(self._place_of(self.second), {("lead.communication", self.second.id)})
        self.assertIn("how much", row.body)
        self.assertFalse(self.first.user_id)

    @users("anna_t")
    def test_undo_of_create_keeps_a_lead_that_was_worked_on(self):
        row = self.first.with_env(self.env)
        row.action_create_lead()
        lead = row.lead_id
        lead.activity_schedule("mail.mail_activity_data_todo", summary="Measure the windows")
        notice = row.action_undo()
        self.assertTrue(lead.exists())
        self.assertIn(lead.name, notice["params"]["message"])
        self.assertEqual(row.state, "ready")

    @users("anna_t")
    def test_undo_takes_back_the_decision_that_was_seen(self):
        row, lead = self.first.with_env(self.env), self._create_lead()
        row._decide("attach", lead)
        # as the form reads it: nobody but administrators may read the decision itself
        [values] = row.web_read({"decision_id": {"fields": {"display_name": {}}}})
        seen = values["decision_id"]["id"]
        row.with_user(self.clara)._decide("move", self._create_lead())
        with self.assertRaisesRegex(RedirectWarning, "Clara was first"):
            row.with_context(undo_decision_id=seen).action_undo()
        newer = row.sudo().decision_id.id
        row.with_context(undo_decision_id=newer).action_undo()
        self.assertEqual(row.lead_id, lead)

    @users("anna_t")
    def test_undo_of_create_keeps_a_lead_that_it_did_not_create(self):
        row = self.first.with_env(self.env)
        row.action_create_lead()
        lead = row.lead_id
        self.env.flush_all()
        self.cr.execute(
            "UPDATE crm_lead SET create_date = create_date - interval '1 day',"
            " write_date = write_date - interval '1 day' WHERE id = %s",
            [lead.id],
        )
        lead.invalidate_recordset()
        row.action_undo()
        self.assertTrue(lead.exists())
        self.assertEqual(row.state, "ready")

    @users("anna_t")
    def test_undo_goes_back_one_decision_at_a_time(self):
        row = self.first.with_env(self.env)
        row._decide("attach", self.lead.with_env(self.env))
        row._decide("move", self.other_lead.with_env(self.env))
        row.action_undo()
        self.assertEqual(row.lead_id.id, self.lead.id)
        self.assertEqual(self._place_of(self.first), {("crm.lead", self.lead.id)})
        row.action_undo()
        self.assertEqual(row.state, "ready")
        with self.assertRaisesRegex(UserError, "Nobody has decided"):
            row.action_undo()

    @users("anna_t")
    def test_undo_of_a_bulk_decision_gives_all_of_it_back(self):
        calls = self._create_call() | self._create_call()
        calls.with_env(self.env).action_ignore()
        calls[1].with_env(self.env).action_reopen()
        calls[0].with_env(self.env).action_undo()
        self.assertEqual(calls.mapped("state"), ["ready", "ready"])
        self.assertEqual(calls[1].decision_id.action, "reopen")

    @users("anna_t")
    def test_undo_onto_a_lead_that_is_gone_waits_for_a_decision(self):
        row = self.first.with_env(self.env)
        row._decide("attach", self.lead.with_env(self.env))
        row._decide("move", self.other_lead.with_env(self.env))
        self.lead.sudo().unlink()
        row.action_undo()
        self.assertRecordValues(row, [{"state": "ready", "lead_id": False}])

    def test_undo_needs_the_rights_of_the_decision(self):
        ben_lead = self._create_lead(name="Ben's", user_id=self.ben.id)
        self.first._decide("attach", ben_lead)
        with self.assertRaises(AccessError):
            self.first.with_user(self.anna).action_undo()
        self.second.with_user(self.anna)._decide("attach", self.lead.with_user(self.anna))
        with self.assertRaises(AccessError):
            self.second.with_user(self.otto).action_undo()
        self.assertEqual(self.second.lead_id, self.lead)

    @users("anna_t")
    def test_every_step_is_logged(self):
        row = self.first.with_env(self.env)
        row.action_ignore()
        row.action_undo()
        log = self.env["lead.communication.decision"].sudo().search([], limit=2)
        self.assertEqual(log.mapped("action"), ["undo", "ignore"])
        self.assertEqual(log.user_id, self.env.user)
        self.assertEqual(log[0].before[str(row.id)]["state"], "ignored")
