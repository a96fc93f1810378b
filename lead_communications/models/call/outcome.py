from odoo import fields, models
from odoo.exceptions import UserError


class LeadCallOutcome(models.Model):
    """What may come of a call, in the words of a company: a short list that managers keep."""

    _name = "lead.call.outcome"
    _description = "Outcome of a Call"
    _inherit = ["lead.references"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    activity_type_id = fields.Many2one(
        comodel_name="mail.activity.type",
        string="Next Step",
        ondelete="set null",
        domain="[('res_model', 'in', [False, 'crm.lead'])]",
        help="Proposed as what comes next on the lead.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Without a company it is for all of them.",
    )


class LeadCommunication(models.Model):
    """What came of a call: said by who may see it or, on a lead, by who may change that."""

    _inherit = "lead.communication"

    outcome_id = fields.Many2one(
        comodel_name="lead.call.outcome",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="What came of the call, as a person has noted it.",
    )

    def action_after_call(self):
        """Open the dialog in which outcome, note and next step are entered."""
        self._check_outcome()
        return self.env["lead.communication.after.call"]._open(self)

    def _check_outcome(self):
        """Check that a person may say what came of the call.

        :raise AccessError, UserError: they may not, or there was no call yet
        """
        self.ensure_one()
        self.check_access("read")
        if self.lead_id:
            self.lead_id.check_access("write")
        if self.type != "call" or self.state == "planned":
            raise UserError(self.env._("The outcome is noted once the call has taken place."))

    def _note_outcome(self, outcome, note):
        """Write what came of the call; what is not given stays as it was.

        :param str note: plain text, for the chatter of the call
        """
        self._check_outcome()
        if outcome and outcome != self.outcome_id:
            # sudo: people write no facts of reported calls; that they may say this was checked
            self.sudo().outcome_id = outcome
        if note:
            self.message_post(body=note)
