from odoo import fields, models

from ...tools import ranking
from .claim_question import asks_first


class LeadCommunication(models.Model):
    """The obvious decision about what waits: offered first, and by one key where it is sure."""

    _inherit = "lead.communication"

    suggestion = fields.Selection(
        selection=[
            ("attach", "Attach to the lead found"),
            ("choose", "Choose a lead"),
            ("create", "Create a lead"),
        ],
        compute="_compute_found_lead_id",
        help="What is to be done, as far as the data can tell: attach to the only open lead of the"
        " other party, choose among several, or create the first one.",
    )

    def _suggest(self, leads):
        """Return what is to be done with this row, of which ``leads`` were found, a ``Found``."""
        if self.state != "ready":
            return False
        if ranking.sure(leads.candidates):
            # The best of all: it is exact and open, and the only one.
            return "attach"
        return "choose" if ranking.has_choice(leads.candidates) else "create"

    @asks_first
    def action_attach_suggested(self):
        """Put the communication on the lead that was suggested for it.

        The context key ``suggested_lead_id`` says on which one: what the button said. If that is
        not what is suggested by now, nothing is decided, and the dialog asks for the lead.
        """
        self.ensure_one()
        lead_id = self.env.context.get("suggested_lead_id")
        lead = self.env["crm.lead"].browse(lead_id if type(lead_id) is int else [])
        # Who may not see it, or comes too late, is told so by the decision.
        may_ask = self.has_access("read") and self.state == "ready"
        if may_ask and (self.suggestion != "attach" or self.found_lead_id != lead):
            return self.env["lead.communication.attach"]._open(self, is_changed=True)
        return self._attach_along(lead)
