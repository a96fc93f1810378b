from datetime import timedelta

from odoo import fields, models

# A call that was planned for tomorrow may be made today; one that is overdue is still owed.
EARLY = timedelta(days=1)


class LeadCommunication(models.Model):
    """A planned call is completed by the conversation that was meant."""

    _inherit = "lead.communication"

    completed_by_id = fields.Many2one(
        comodel_name="lead.communication",
        string="Completed by Call",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The call that the telephone system reported.",
    )

    def _settle_planned_calls(self, action):
        if action in ("move", "reopen", "undo", "release"):
            self._reopen_planned_calls()
        if action in ("create", "attach", "move"):
            self._complete_planned_calls()

    def _complete_planned_calls(self):
        """Complete what was planned on the leads of ``self``: by each conversation one call."""
        # sudo: the rights on the lead were checked by the decision; only its own rows are touched
        calls = self.sudo().filtered(lambda row: row.type == "call" and row.result == "answered")
        # What lasted no second was no conversation, unless a person wrote it down.
        calls = calls.filtered(lambda row: row.duration or not row.pbx_id)
        if not calls:
            return
        planned = calls.search(
            [("lead_id", "in", calls.lead_id.ids), ("type", "=", "call"), ("state", "=", "planned")]
        )
        for call in calls.sorted("date"):
            meant = planned.filtered(lambda row, call=call: row._is_meant(call)).sorted("date")[:1]
            if meant:
                planned -= meant
                meant._decide("complete", completed_by_id=call.id)

    def _is_meant(self, call):
        """Tell whether ``call`` is the conversation that this planned call was about."""
        return (
            self.lead_id == call.lead_id
            and self.date <= call.date + EARLY
            # What is planned while talking is the next call.
            and self.create_date <= call.date
            and (not self.user_id or not call.user_id or self.user_id == call.user_id)
        )

    def _reopen_planned_calls(self):
        """Plan again what was completed by calls that left the lead."""
        # sudo: as above
        calls = self.sudo().filtered(lambda row: row.type == "call" and row.result)
        if not calls:
            return
        owed = calls.search([("completed_by_id", "in", calls.ids), ("state", "=", "done")])
        owed = owed.filtered(lambda row: row.lead_id != row.completed_by_id.lead_id)
        if owed:
            owed._plan_again(completed_by_id=False)
