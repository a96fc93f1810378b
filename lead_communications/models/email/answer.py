from markupsafe import escape

from odoo import api, fields, models
from odoo.fields import Domain

from ..communication.rule import JUNK_RULES


class LeadCommunication(models.Model):
    """Whose turn it is: an email on a lead is the business of the lead's salesperson.

    When a colleague or a rule puts it there, they are asked to answer by an activity, which the
    next mail from the lead closes. An answer that Odoo puts there is told to the followers.
    """

    _inherit = "lead.communication"

    answer_activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The open activity to answer this email; one email of a lead has it.",
    )

    def _follow_responsible(self, action):
        """Let the responsible of emails be that of their lead; what waits again is nobody's.

        What was assigned, and what Undo gives back, is whose it was.
        """
        # sudo: rows are written by the system alone
        rows = self.sudo()
        if action not in ("ignore", "reopen", "release"):
            rows = rows.filtered("lead_id")
        rows._sync_responsible()

    def _sync_responsible(self):
        """The responsible of an email that came in is that of its lead."""
        for row in self.filtered(lambda row: row.type == "email" and row.direction == "incoming"):
            if row.user_id != row.lead_id.user_id:
                row.user_id = row.lead_id.user_id

    @api.model
    def _customer_domain(self):
        # What is told of an email depends on whether its lead has a contact.
        return super()._customer_domain() | Domain("answer_activity_id", "!=", False)

    def _tell_of_answers(self, _customers):
        self.filtered("answer_activity_id.active")._retell_answers()

    def _tell_merged_emails(self, _former):
        """Let the emails of leads that were merged be those of the lead that is left."""
        self._sync_responsible()
        self.filtered(lambda row: row.type == "email")._retell_answers()

    def _ask_for_answers(self, action):
        """Ask for an answer to what came to a lead; no more for what was answered, or left it."""
        # sudo: activities on leads of others; the rights were checked by the decision
        rows = self.sudo().filtered(lambda row: row.type == "email")
        rows._withdraw_answer()
        for lead, emails in rows.filtered("lead_id").grouped("lead_id").items():
            if emails.filtered(lambda row: row.direction == "outgoing" and row.state == "done"):
                lead._settle_answers()
            elif action in ("create", "attach", "move"):
                emails._request_answer(lead)

    def _withdraw_answer(self):
        """Take back the question about emails that have gone elsewhere."""
        asking = self.filtered("answer_activity_id")
        asking.answer_activity_id.with_context(mail_activity_quick_update=True).unlink()

    def _request_answer(self, lead):
        """Ask the salesperson of ``lead``, once, to answer; not whoever has just put it there."""
        user = lead.user_id
        people = self.filtered(lambda row: row.rule not in JUNK_RULES)
        if not people or not user.active or user == self.env.user or lead._answers_asked():
            return
        quiet = lead.with_context(mail_activity_quick_update=True, lang=user.lang)
        people[0].answer_activity_id = quiet.activity_schedule(
            "mail.mail_activity_data_email",
            date_deadline=user._own_today(),
            user_id=user.id,
            **people[0]._answer_words(quiet),
        )

    def _retell_answers(self):
        """Let the open activities tell what the readers of the lead may know now."""
        for row in self.filtered("answer_activity_id"):
            activity = row.answer_activity_id
            lead = row.lead_id.with_context(
                mail_activity_quick_update=True, lang=activity.user_id.lang
            )
            activity.with_env(lead.env).write(row._answer_words(lead))

    def _answer_words(self, lead):
        """Return what the activity on ``lead``, in the language of its context, tells of the email.

        The activities of a lead are read by its readers, its emails by those of the contact too.
        """
        if lead.partner_id:
            return {"summary": lead.env._("Answer the email"), "note": False}
        summary = lead.env._("Answer %(party)s", party=self._counterpart_label())
        return {"summary": summary, "note": escape(self.subject or "")}
