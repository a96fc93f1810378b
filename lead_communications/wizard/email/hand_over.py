from odoo import api, models
from odoo.fields import Command


class LeadCommunicationHandOverLine(models.TransientModel):
    """The mailboxes of which somebody is a member, or whose new leads are theirs."""

    _inherit = "lead.communication.hand.over.line"

    @api.model
    def _find_mailbox(self, user):
        # sudo: lead.mailbox - counted; what is handed over is asked for with the user's rights
        mailboxes = self.env["lead.mailbox"].sudo().with_context(active_test=False)
        theirs = ["|", ("member_ids", "in", user.ids), ("user_id", "=", user.id)]
        return mailboxes.search([("active", "=", True), *theirs])

    def _give_mailbox(self, mailboxes, successor, team):
        """Let the successor be a member instead; without one the last member stays."""
        user = self.hand_over_id.user_id
        # Who is archived is a member still.
        for mailbox in mailboxes.with_context(active_test=False):
            others = mailbox.member_ids.filtered("active") - user
            values = {"user_id": successor.id} if mailbox.user_id == user else {}
            if user in mailbox.member_ids and (successor or others):
                added = [Command.link(successor.id)] if successor else []
                values["member_ids"] = [Command.unlink(user.id), *added]
            mailbox.write(values)
