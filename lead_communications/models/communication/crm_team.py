from odoo import fields, models

DEFAULT_DECIDE_HOURS = 24


class CrmTeam(models.Model):
    _inherit = "crm.team"

    decide_hours = fields.Integer(
        string="Decide within (hours)",
        default=DEFAULT_DECIDE_HOURS,
        help="Calls and emails that wait for longer than this are told to who is responsible by an"
        " activity. 0: nobody is told.",
    )
