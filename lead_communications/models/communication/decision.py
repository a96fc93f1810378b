from odoo import api, fields, models

# What a decision changes in a row, and Undo gives back.
CHANGED_FIELDS = (
    "state",
    "lead_id",
    "decision_id",
    "user_id",
    "team_id",
    "conversation_ref",
    "exception_id",
    "rule",
    "completed_by_id",
    "decided_date",
    "snoozed_until",
    "snoozed_by_id",
    "snooze_meant_until",
)


class LeadCommunicationDecision(models.Model):
    """One decision: who, when, what, and how the rows were before it."""

    _name = "lead.communication.decision"
    _description = "Decision on Communications"
    _order = "id desc"

    action = fields.Selection(
        selection=[
            ("create", "Create"),
            ("attach", "Attach"),
            ("ignore", "Ignore"),
            ("reopen", "Reopen"),
            ("recreate", "Create another lead"),
            ("move", "Move to another lead"),
            ("plan", "Plan"),
            ("complete", "Complete"),
            ("cancel", "Cancel"),
            ("assign", "Assign"),
            ("snooze", "Snooze"),
            ("wake", "Back from Snooze"),
            ("split", "Take out of the conversation"),
            ("undo", "Undo"),
            ("release", "Lead deleted"),
        ],
        required=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    before = fields.Json(
        required=True,
        readonly=True,
        # Undo alone reads it: there are the leads and conversations of everybody.
        groups=fields.NO_ACCESS,
        help="Communication id: what the decision changed in it, as it was before.",
    )

    @api.model
    def _log(self, action, rows):
        """Record that the user does ``action`` on ``rows``, which are still as they were."""
        # sudo: the log is written for everybody and read by administrators only; so are the
        # rows' earlier values, which go nowhere else.
        before = {row.id: row._changed_values(action) for row in rows.sudo()}
        return self.sudo().create({"action": action, "user_id": self.env.uid, "before": before})
