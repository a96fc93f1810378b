from odoo import models


class ResUsers(models.Model):
    """A person who is gone has no calls any more: line, team and system take over."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env.registry.clear_cache()  # of lead.pbx._switchboard()
            self.filtered(lambda user: not user.active)._release_calls()
        return result

    def _release_calls(self):
        """Give the calls that wait for people who are gone to those of the line, or to the team."""
        if not self:
            return
        # sudo: lead.communication - whoever may archive the person hands over what waits for them
        waiting = self.env["lead.communication"].sudo()
        waiting = waiting.search(
            [("type", "=", "call"), ("state", "=", "ready"), ("user_id", "in", self.ids)]
        )
        for line, calls in waiting.grouped("line_id").items():
            calls.user_id = line.user_id.filtered("active")
