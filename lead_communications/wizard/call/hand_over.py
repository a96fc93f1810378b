from odoo import models


class LeadCommunicationHandOverLine(models.TransientModel):
    """The extensions and own numbers of somebody: from the next day on they are another's."""

    _inherit = "lead.communication.hand.over.line"

    def _find_line(self, user):
        # sudo: lead.pbx.line - counted; what is handed over is asked for with the user's rights
        lines = self.env["lead.pbx.line"].sudo()
        last_day = self.hand_over_id.last_day
        return lines.search(
            [
                ("user_id", "=", user.id),
                "|",
                ("date_until", "=", False),
                ("date_until", ">", last_day),
            ]
        )

    def _give_line(self, lines, successor, team):
        lines._pass_on(successor, team, self.hand_over_id.last_day)
