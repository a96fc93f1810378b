from odoo import api, models


class LeadCommunicationHandOverLine(models.TransientModel):
    """What somebody has planned on leads, and what nobody does since they are archived."""

    _inherit = "lead.communication.hand.over.line"

    @api.model
    def _find_event(self, user):
        # An email that is planned goes out by itself, in the name of who wrote it.
        return self.env["lead.communication"]._planned(
            ("type", "!=", "email"),
            "|",
            ("user_id", "=", user.id),
            "&",
            ("former_user_id", "=", user.id),
            ("user_id", "=", False),
        )

    @api.model
    def _give_event(self, events, successor, team):
        leads = events.lead_id
        # sudo: as whoever hands over a lead; that the user may change these was checked
        events.sudo()._give_to(
            successor, former_user_id=False, **({"team_id": team.id} if team else {})
        )
        return leads

    @api.model
    def _other_activities(self, activities):
        events = self._rows().search([("activity_id", "in", activities.ids)])
        return super()._other_activities(activities) | events.activity_id
