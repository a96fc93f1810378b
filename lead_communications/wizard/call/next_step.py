from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LeadNextStep(models.AbstractModel):
    """What came of a call and what comes next on its lead: for the dialogs that ask for both."""

    _name = "lead.next.step"
    _description = "Outcome and Next Step"

    outcome_id = fields.Many2one(comodel_name="lead.call.outcome")
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Next Step",
        domain="[('res_model', 'in', [False, 'crm.lead'])]",
    )
    date_deadline = fields.Date(
        string="On",
        compute="_compute_date_deadline",
        store=True,
        readonly=False,
        help="The day on which the next step is due.",
    )
    step_summary = fields.Char(string="What Is to Be Done")

    @api.depends("activity_type_id")
    def _compute_date_deadline(self):
        for step in self:
            kind = step.activity_type_id
            step.date_deadline = kind and kind._get_date_deadline()

    @api.onchange("outcome_id")
    def _onchange_outcome_id(self):
        if self.outcome_id.activity_type_id:
            self.activity_type_id = self.outcome_id.activity_type_id

    @api.constrains("date_deadline")
    def _check_date_deadline(self):
        for step in self:
            today = fields.Date.context_today(step)
            if step.activity_type_id and step.date_deadline and step.date_deadline < today:
                raise ValidationError(self.env._("The next step can't be due in the past."))

    def _plan_next_step(self, lead):
        """Plan what comes next on the lead, if anything, for the user."""
        if not self.activity_type_id:
            return
        if not lead:
            raise ValidationError(
                self.env._("The next step is planned on a lead: create or attach one first.")
            )
        lead.activity_schedule(
            activity_type_id=self.activity_type_id.id,
            date_deadline=self.date_deadline,
            summary=self.step_summary or "",
            user_id=self.env.uid,
            automated=False,
        )
