from odoo import models
from odoo.exceptions import UserError

# In the context: what was answered, "all" or "one".
SCOPE = "lead_create_scope"


class LeadCommunication(models.Model):
    """Create on the card of what is on a lead already: another lead, to which it goes."""

    _inherit = "lead.communication"

    def action_create_another(self):
        """Ask first; then create another lead from what is on one, put it there and open that.

        The rest of its conversation goes along if the user wants it to. Undo gives all back.

        :raise UserError: nobody waits for it: it did not come in, or is on no lead any more.
        :raise AccessError: the user may not change the lead that it is on.
        """
        self.ensure_one()
        self.check_access("read")
        if not (self.lead_id and self._is_received()):
            raise UserError(self.env._("Only what came in and is on a lead can get another one."))
        self.lead_id.check_access("write")
        others = self._decided_along()
        scope = self.env.context.get(SCOPE)
        if scope not in ("all", "one"):
            return self._another_question(others)
        if scope == "all":
            rows = self._decide("recreate", others=others)
        else:
            rows = self._decide("recreate", **(self._split_values() if others else {}))
        return rows._decided_notice(self, next_action=self.action_open_lead())

    def _another_question(self, others):
        kept = {key: True for key in ("lead_stay",) if self.env.context.get(key)}
        labels = [("one", self.env._("Create"))]
        if others:
            this = self.env._("Only This Email")
            whole = self.env._("Whole Conversation (%s)", len(self | others))
            labels = [("one", this), ("all", whole)]
        return {
            "type": "ir.actions.client",
            "tag": "lead_communications.ask_first",
            "params": {
                "title": self.env._("Create Another Lead?"),
                "message": self._another_message(),
                "model": self._name,
                "method": "action_create_another",
                "choices": [
                    {"label": label, "ids": self.ids, "context": {SCOPE: scope}}
                    for scope, label in labels
                ],
                "context": kept,
            },
        }

    def _another_message(self):
        lead = self.lead_id.display_name
        if self.type == "call":
            return self.env._(
                "This call is on “%(lead)s” already. It goes to the lead that is created.",
                lead=lead,
            )
        return self.env._(
            "This email is on “%(lead)s” already. It goes to the lead that is created.", lead=lead
        )
