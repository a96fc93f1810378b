from datetime import timedelta

from odoo import fields, models

# A call that started longer ago is no news: its report is late, or a file of old calls.
RINGING_TIME = timedelta(minutes=2)
RINGING_LEADS = 5
LEAD_FIELDS = ["display_name", "partner_name", "partner_id", "stage_id", "user_id"]


class LeadCommunication(models.Model):
    """A call that rings is shown to whom it is for, at once.

    A popup goes to its one reader by Odoo's bus, and holds what that reader may read.
    """

    _inherit = "lead.communication"

    ringing_user_ids = fields.Json(
        readonly=True, copy=False, help="The ids of the users who were told that the call rings."
    )

    def _announce_report(self):
        """Tell open lists that there is something new, and whom the calls are for."""
        self._announce_changes()
        ringing = self.filtered(lambda row: row._is_ringing())
        for row in ringing:
            row._ring()
        (self - ringing)._stop_ringing()

    def _end_ringing(self, _action):
        # sudo: whose popup is to be closed is nothing that the user is shown
        self.sudo().with_context(tracking_disable=True)._stop_ringing()

    def _is_ringing(self):
        """Tell whether the telephone rings at this moment, as far as it was reported."""
        self.ensure_one()
        is_going = not (self.result or self.answer_date or self.date_end)
        return (
            is_going
            and self.type == "call"
            and self.direction == "incoming"
            and self.state == "ready"
            and self.date > fields.Datetime.now() - RINGING_TIME
        )

    def _ring(self):
        """Tell each user once that the call is for them."""
        self.ensure_one()
        told = self.ringing_user_ids or []
        users = self._ringing_users().filtered(lambda user: user.id not in told)
        for user in users:
            user._bus_send("lead_communications/ringing", self._ringing_message(user))
        if users:
            self.ringing_user_ids = told + users.ids

    def _stop_ringing(self):
        """Take back the popups of ``self``."""
        for row in self.filtered("ringing_user_ids"):
            users = self.env["res.users"].browse(row.ringing_user_ids).exists()
            users._bus_send("lead_communications/ringing_over", {"id": row.id})
            row.ringing_user_ids = False

    def _ringing_users(self):
        """Return whom the call is for: its salesperson, else who sits where it rings and the team.

        Users who may not read the call are left out.
        """
        users = self.user_id
        if not users:
            users = self.agent_ids.user_id | self.team_id.member_ids
        return users.filtered(lambda user: user.active and self._as_reader(user).has_access("read"))

    def _ringing_message(self, user):
        """Return what ``user`` is shown of the call; leads that they may not read stay hidden."""
        row = self._as_reader(user)
        candidates = row._find_candidates().get(row.id, [])
        leads = row.env["crm.lead"].browse(lead.lead_id for lead in candidates[:RINGING_LEADS])
        return {
            "id": row.id,
            "number": row._lead_phone() or "",
            "contact_name": row.contact_name or "",
            "line": row.line_number or "",
            "lead_count": len(candidates),
            "leads": [_describe_lead(lead) for lead in leads.read(LEAD_FIELDS)],
        }


def _describe_lead(values):
    """Return how a popup names a lead, of which ``values`` were read by the user's own rights."""
    return {
        "id": values["id"],
        "name": values["display_name"],
        "partner": values["partner_name"] or (values["partner_id"] or ("", ""))[1],
        "stage": (values["stage_id"] or ("", ""))[1],
        "salesperson": (values["user_id"] or ("", ""))[1],
    }
