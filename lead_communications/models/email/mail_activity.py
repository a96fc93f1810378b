from odoo import models


class MailActivity(models.Model):
    """What asked for an answer tells nothing of the email any more once it is done.

    The note in the lead's chatter that it is done stays, and the lead may get a contact later.
    """

    _inherit = "mail.activity"

    def _action_done(self, feedback=False, attachment_ids=None):
        self._forget_answered()
        return super()._action_done(feedback=feedback, attachment_ids=attachment_ids)

    def _forget_answered(self):
        # sudo: rows are written by the system alone, and these activities are the system's
        emails = self.env["lead.communication"].sudo()
        for row in emails.search([("answer_activity_id", "in", self.ids)]):
            activity = row.answer_activity_id
            quiet = activity.with_context(
                mail_activity_quick_update=True, lang=activity.user_id.lang
            )
            quiet.write({"summary": quiet.env._("Answer the email"), "note": False})
