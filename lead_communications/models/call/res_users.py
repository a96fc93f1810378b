from odoo import models


class ResUsers(models.Model):
    """A person who is gone has no calls any more: line, team and system take over."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env.registry.clear_cache()  # of lead.pbx._switchboard()
        return result

    def _hand_over(self):
        self._release_calls()  # before it is asked who may see them
        return super()._hand_over()

    def _release_calls(self):
        """Give the calls that wait for people who leave to those of the line, or to the team."""
        # sudo: lead.communication - whoever may archive the person hands over what waits for them
        waiting = self.env["lead.communication"].sudo()
        waiting = waiting.search(
            [("type", "=", "call"), ("state", "=", "ready"), ("user_id", "in", self.ids)]
        )
        for line, calls in waiting.grouped("line_id").items():
            calls.user_id = line.user_id.filtered("active") - self


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    def _asking_fields(self):
        return [*super()._asking_fields(), "callback_activity_id"]

    def _heirs(self):
        return self.line_id.user_id | super()._heirs() | self.pbx_id.team_id.user_id
