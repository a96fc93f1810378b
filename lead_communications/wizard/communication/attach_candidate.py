from odoo import fields, models


class LeadCommunicationAttachCandidate(models.TransientModel):
    """A lead that was found, with the reason and what is needed to tell it from the others."""

    _name = "lead.communication.attach.candidate"
    _description = "Lead Found for Communications"
    _inherit = ["lead.references"]
    _order = "id"

    wizard_id = fields.Many2one(
        comodel_name="lead.communication.attach", required=True, ondelete="cascade"
    )
    lead_id = fields.Many2one(comodel_name="crm.lead", required=True, ondelete="cascade")
    reason = fields.Char(help="Why it was found, in the language of the user.")
    is_exact = fields.Boolean(help="It is a lead of the counterpart, and not only like one.")
    is_open = fields.Boolean(help="It is a lead of the counterpart, and open.")
    contact_date = fields.Datetime(
        string="Last Contact", help="When the last call, email or event on it was."
    )
    partner_id = fields.Many2one(string="Contact", related="lead_id.partner_id")
    partner_name = fields.Char(string="Company", related="lead_id.partner_name")
    stage_id = fields.Many2one(related="lead_id.stage_id")
    user_id = fields.Many2one(string="Salesperson", related="lead_id.user_id")
    won_status = fields.Selection(related="lead_id.won_status")

    def action_attach(self):
        """Put the communications on this lead and open it."""
        self.ensure_one()
        return self.wizard_id._attach(self.lead_id)
