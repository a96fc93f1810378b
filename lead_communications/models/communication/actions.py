from odoo import models
from odoo.exceptions import UserError

from .claim_question import asks_first
from .decide import TRANSITIONS


class LeadCommunication(models.Model):
    """What the buttons of rows and cards do."""

    _inherit = "lead.communication"

    @asks_first
    def action_create_lead(self):
        """Create a lead from the communication and open its card to be completed.

        While a lead of the counterpart is open, that is said first and Attach is offered. From the
        Inbox (``lead_stay`` in the context) the card is offered, from Calls and Email it opens.
        """
        self.ensure_one()
        row = self
        if self.env.context.get("lead_open_created"):
            row = self.with_context(lead_stay=False)
        if row._has_open_lead():
            row._check_claims("create")
            return (
                self.env["lead.communication.attach"].with_env(row.env)._open(row, is_create=True)
            )
        rows = row._decide("create", others=row._decided_along())
        return rows._decided_notice(row, next_action=row.action_open_lead())

    @asks_first
    def action_attach(self):
        """Open the dialog in which the lead is chosen."""
        self.check_access("read")
        self._check_claims("attach")
        return self.env["lead.communication.attach"]._open(self)

    @asks_first
    def action_ignore(self):
        """Set aside what needs no lead."""
        return self._decide("ignore")._decided_notice(self)

    def action_reopen(self):
        """Give it back to the queue: the decision was wrong, or it is put off no longer.

        Of several, what waits already and what was not received stays as it is.
        """
        snoozed = self.filtered(lambda row: row.state == "ready" and row.is_snoozed)
        others = self - snoozed
        # sudo: what the rows are; the rights on them are checked by the decision
        received = others.sudo().filtered(
            lambda row: row.state in TRANSITIONS["reopen"][0] and row._is_received()
        )
        rows = snoozed._wake() if snoozed else self.browse()
        if received or not snoozed:
            rows |= (received.sudo(self.env.su) or others)._decide("reopen")
        return rows._decided_notice()

    def action_move(self):
        """Open the dialog in which another lead is chosen."""
        self.check_access("read")
        return self.env["lead.communication.attach"]._open(self, is_move=True)

    def action_open_lead(self):
        """Open the lead of the communication or, while it has none, the best candidate."""
        self.ensure_one()
        self.check_access("read")
        lead = self.lead_id or self.found_lead_id
        if not lead:
            raise UserError(self.env._("No lead was found for this communication yet."))
        return lead.redirect_lead_opportunity_view()
