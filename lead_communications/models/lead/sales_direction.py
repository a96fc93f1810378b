from odoo import fields, models


class LeadSalesDirection(models.Model):
    """A line of business that leads belong to. As soon as there is one, leads are asked for it."""

    _name = "lead.sales.direction"
    _description = "Sales Direction"
    _inherit = ["lead.references"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        comodel_name="res.company",
        index="btree_not_null",
        ondelete="cascade",
        help="Without a company it is for all of them.",
    )
