from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools.mail import plaintext2html


class LeadCommunicationAssign(models.TransientModel):
    """The dialog in which what waits is given to a colleague or a team, with a note."""

    _name = "lead.communication.assign"
    _description = "Assign Communications"
    _inherit = ["lead.references"]

    communication_ids = fields.Many2many(
        comodel_name="lead.communication", string="Communications", readonly=True
    )
    count = fields.Integer(compute="_compute_count")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Colleague", domain="[('id', 'in', allowed_user_ids)]"
    )
    allowed_user_ids = fields.Many2many(
        comodel_name="res.users", compute="_compute_allowed_user_ids"
    )
    team_id = fields.Many2one(comodel_name="crm.team", string="Sales Team")
    note = fields.Text(help="Stays inside: no mail is sent.")

    @api.depends("communication_ids")
    def _compute_count(self):
        for wizard in self:
            wizard.count = len(wizard.communication_ids)

    @api.depends("communication_ids")
    def _compute_allowed_user_ids(self):
        """Offer salespeople; for emails, those who are members of all of their mailboxes."""
        salesman = self.env["ir.model.data"]._xmlid_to_res_id("sales_team.group_sale_salesman")
        for wizard in self:
            rows = wizard.communication_ids._filtered_access("read")
            people = self.env["res.users"].search(
                Domain("share", "=", False)
                & Domain("all_group_ids", "in", salesman)
                & Domain("company_ids", "in", rows.company_id.ids)
            )
            # sudo: lead.mailbox - who the other members are, for a member
            for mailbox in rows.sudo().mailbox_ids:
                people = people.filtered(lambda user, box=mailbox: user in box.member_ids)
            wizard.allowed_user_ids = people

    @api.model
    def _open(self, rows):
        """Return the action that opens the dialog for ``rows``."""
        wizard = self.create({"communication_ids": rows.ids})
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_assign_action"
        )
        return dict(action, res_id=wizard.id)

    def action_assign(self):
        """Give the communications away, and say to whom."""
        self.ensure_one()
        if not self.user_id and not self.team_id:
            raise UserError(self.env._("Choose a colleague or a team."))
        note = plaintext2html(self.note) if self.note else ""
        asked = self.communication_ids
        rows = asked._assign(self.user_id, self.team_id, note)
        return rows._assigned_notice(self.user_id or self.team_id, len(asked))
