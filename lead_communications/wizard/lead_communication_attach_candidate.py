from odoo import api, fields, models


class LeadCommunicationAttachCandidate(models.TransientModel):
    """A lead that was found, with the reason and what is needed to tell it from the others."""

    _name = "lead.communication.attach.candidate"
    _description = "Lead Found for Communications"
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="lead.communication.attach", required=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(comodel_name="crm.lead", required=True, ondelete="cascade")
    by_phone = fields.Boolean()
    by_email = fields.Boolean()
    by_contact = fields.Boolean()
    by_conversation = fields.Boolean()
    reason = fields.Char(compute="_compute_reason")
    partner_id = fields.Many2one(string="Contact", related="lead_id.partner_id")
    stage_id = fields.Many2one(related="lead_id.stage_id")
    user_id = fields.Many2one(string="Salesperson", related="lead_id.user_id")
    won_status = fields.Selection(related="lead_id.won_status")
    lead_date = fields.Datetime(string="Last Change", related="lead_id.write_date")

    @api.depends("by_phone", "by_email", "by_contact", "by_conversation")
    def _compute_reason(self):
        for candidate in self:
            reasons = (
                (candidate.by_conversation, self.env._("same conversation")),
                (candidate.by_phone, self.env._("same number")),
                (candidate.by_email, self.env._("same address")),
                (candidate.by_contact, self.env._("same contact")),
            )
            candidate.reason = ", ".join(text for holds, text in reasons if holds)

    def action_attach(self):
        """Put the communications on this lead and open it."""
        self.ensure_one()
        return self.wizard_id._attach(self.lead_id)
