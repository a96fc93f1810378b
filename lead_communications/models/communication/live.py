from datetime import timedelta

from odoo import api, fields, models

# A call that started longer ago is no news: its report is late, or a file of old calls.
RINGING_TIME = timedelta(minutes=2)
RINGING_LEADS = 5
# What changed, and whose lists show it.
TYPE_GROUPS = {
    "call": "lead_communications.group_calls",
    "email": "lead_communications.group_emails",
}
LEAD_FIELDS = ["display_name", "partner_name", "partner_id", "stage_id", "user_id"]
CHANGED = "lead_communications.changed"


class LeadCommunication(models.Model):
    """What open screens are told at once: a call that rings, and that a list has changed.

    Messages go to users and groups of the host's bus, which nobody else can listen to. A popup
    holds what its one reader may read; the word that a list changed holds nothing.
    """

    _inherit = "lead.communication"

    ringing_user_ids = fields.Json(
        readonly=True, copy=False, help="The ids of the users who were told that the call rings."
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._announce_changes()
        return rows

    def write(self, vals):
        result = super().write(vals)
        self._announce_changes()
        return result

    def _after_decision(self, action):
        result = super()._after_decision(action)
        # sudo: whose popup is to be closed is nothing that the user is shown
        self.sudo().with_context(tracking_disable=True)._stop_ringing()
        return result

    def _after_report(self):
        result = super()._after_report()
        self._announce_changes()
        ringing = self.filtered(lambda row: row._is_ringing())
        for row in ringing:
            row._ring()
        (self - ringing)._stop_ringing()
        return result

    @api.model
    def _new_call_values(self):
        return super()._new_call_values() | {"ringing_user_ids": None}

    # ---- LISTS ----

    def _announce_changes(self):
        """Tell open lists, once per transaction and when it is over, that they are out of date."""
        # sudo: lead.communication - only which kinds of rows changed
        types = TYPE_GROUPS.keys() & set(self.sudo().mapped("type"))
        if not types:
            return
        precommit = self.env.cr.precommit
        if CHANGED not in precommit.data:
            precommit.data[CHANGED] = set()
            precommit.add(self.browse()._send_changes)
        precommit.data[CHANGED] |= types

    @api.model
    def _send_changes(self):
        for name in sorted(self.env.cr.precommit.data.pop(CHANGED, ())):
            # Unlike env.ref() this costs no query once it is known.
            group_id = self.env["ir.model.data"]._xmlid_to_res_id(
                TYPE_GROUPS[name], raise_if_not_found=False
            )
            self.env["res.groups"].browse(group_id or [])._bus_send(
                "lead_communications/changed", {"types": [name]}
            )

    # ---- POPUP ----

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
        """Tell each user once that the call is for him or her."""
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
            lines = self.pbx_id.line_ids.filtered("extension")
            agents = lines.filtered(lambda line: line.extension == self.extension).user_id
            users = agents | self.team_id.member_ids
        return users.filtered(lambda user: user.active and self._as_reader(user).has_access("read"))

    def _as_reader(self, user):
        """Return ``self`` with the rights, in the companies and in the language of ``user``."""
        return self.with_user(user).with_context(
            lang=user.lang, tz=user.tz, allowed_company_ids=user.company_ids.ids
        )

    def _ringing_message(self, user):
        """Return what ``user`` is shown of the call; leads that he may not read stay hidden."""
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
