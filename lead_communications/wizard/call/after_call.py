from odoo import api, fields, models
from odoo.exceptions import UserError


class LeadCommunicationAfterCall(models.TransientModel):
    """The small form after a call: what came of it, a note, and what comes next."""

    _name = "lead.communication.after.call"
    _description = "After the Call"
    _inherit = ["lead.next.step", "lead.references"]

    communication_id = fields.Many2one(
        comodel_name="lead.communication",
        string="Call",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    # Computed, not related: a related field reads what the user may not.
    has_lead = fields.Boolean(compute="_compute_has_lead")
    note = fields.Text()

    @api.depends("communication_id")
    def _compute_has_lead(self):
        for form in self:
            form.has_lead = bool(form.communication_id._filtered_access("read").lead_id)

    @api.model
    def _open(self, call):
        """Return the action that opens the form for ``call``."""
        form = self.create({"communication_id": call.id, "outcome_id": call.outcome_id.id})
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_after_call_action"
        )
        return dict(action, res_id=form.id)

    def action_save(self):
        """Note the outcome and plan the next step; all of it or nothing."""
        self.ensure_one()
        if not (self.outcome_id or self.note or self.activity_type_id):
            raise UserError(self.env._("Choose what came of the call, or what comes next."))
        call = self.communication_id
        call._note_outcome(self.outcome_id, self.note)
        self._plan_next_step(call.lead_id)
        return {"type": "ir.actions.act_window_close"}
