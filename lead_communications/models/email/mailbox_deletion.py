from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class LeadMailbox(models.Model):
    """A mailbox that holds emails is archived, not deleted.

    Whose they are is said by the mailbox alone: without it they would be taken from its members,
    and be shown to those who look after what came in by no mailbox.
    """

    _inherit = "lead.mailbox"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_holding(self):
        for mailbox in self:
            if mailbox._is_holding():
                raise UserError(
                    self.env._(
                        "“%(mailbox)s” has received emails, so it cannot be deleted. Archive it"
                        " instead: its members, and nobody else, still see and decide what waits.",
                        mailbox=mailbox.name,
                    )
                )

    def _is_holding(self):
        """Tell whether there are emails of the mailbox, or failures that became none yet.

        What retention has deleted is nobody's any more.
        """
        # sudo: that there are some; that much waits and fails is shown to administrators
        emails = self.env["lead.communication"].sudo()
        failures = self.env["lead.communication.failure"].sudo()
        held = Domain("mailbox_ids", "in", self.ids) & Domain("is_purged", "=", False)
        failed = Domain("mailbox_id", "in", self.ids) & Domain("state", "=", "failed")
        return bool(emails.search_count(held, limit=1) or failures.search_count(failed, limit=1))
