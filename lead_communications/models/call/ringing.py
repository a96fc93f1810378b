from datetime import timedelta

from odoo import api, fields, models

# A call that started longer ago is no news: its report is late, or a file of old calls.
RINGING_TIME = timedelta(minutes=2)
RINGING_LEADS = 5
LEAD_FIELDS = ["display_name", "partner_name", "partner_id", "stage_id", "user_id"]


class LeadCommunication(models.Model):
    """A call that rings is shown to whom it is for, at once.

    Odoo's bus tells them the id of the call alone: the same effort for one and for many. What the
    popup shows each of them asks for by their own rights, after the report is answered.
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
        if users:
            users._bus_send("lead_communications/ringing", {"id": self.id})
            self.ringing_user_ids = told + users.ids

    def _stop_ringing(self):
        """Take back the popups of ``self``."""
        for row in self.filtered("ringing_user_ids"):
            users = self.env["res.users"].browse(row.ringing_user_ids).exists()
            users._bus_send("lead_communications/ringing_over", {"id": row.id})
            row.ringing_user_ids = False

    def _ringing_users(self):
        """Return whom the call is for: its salesperson, else who sits where it rings and the team.

        Who is not of the company, or has no calls at all, is left out. The rest is asked for them
        by their own rights.
        """
        users = self.user_id
        if not users:
            lines = self.pbx_id.line_ids.filtered("extension")
            agents = lines.filtered(lambda line: line.extension == self.extension).user_id
            users = agents | self.team_id.member_ids
        return users.filtered(
            lambda user: user.active
            and self.company_id in user.company_ids
            and self.with_user(user).browse().has_access("read")
        )

    @api.readonly
    def get_ringing_message(self):
        """Return what the popup shows the user of a call that rings for them, in their own rights.

        :return: a dictionary of ``id``, ``number``, ``contact_name``, ``line``, ``lead_count`` and
            ``leads``; False if they may not read the call, or it rings no more.
        """
        self.ensure_one()
        row = self._as_reader(self.env.user).exists()
        if not row.has_access("read") or self.env.uid not in (row.ringing_user_ids or []):
            return False
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
