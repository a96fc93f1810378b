from odoo import fields, models


class BenchCall(models.Model):
    """A call as a bare model would keep it: no merging, no line, no state, nothing normalized."""

    _name = "bench.call"
    _description = "Bare Call"

    pbx_id = fields.Many2one(comodel_name="lead.pbx", index=True)
    external_id = fields.Char()
    direction = fields.Char()
    number = fields.Char()
    phone_sanitized = fields.Char(index="btree_not_null")
    contact_name = fields.Char()
    line_number = fields.Char()
    extension = fields.Char()
    result = fields.Char()
    date = fields.Datetime(index=True)
    answer_date = fields.Datetime()
    date_end = fields.Datetime()
    duration = fields.Integer()
    recording = fields.Char()

    _external_id_unique = models.Constraint("UNIQUE (pbx_id, external_id)", "Twice.")
