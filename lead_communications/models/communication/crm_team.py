from odoo import api, fields, models
from odoo.exceptions import ValidationError

DEFAULT_DECIDE_HOURS = 24
LONGEST_DECIDE_HOURS = 366 * 24


class CrmTeam(models.Model):
    _inherit = "crm.team"

    decide_hours = fields.Integer(
        string="Decide within (hours)",
        default=DEFAULT_DECIDE_HOURS,
        help="Whoever is responsible gets an activity about calls and emails that have been "
        "waiting for longer than this. 0: nobody gets one.",
    )

    @api.constrains("decide_hours")
    def _check_decide_hours(self):
        if any(not 0 <= team.decide_hours <= LONGEST_DECIDE_HOURS for team in self):
            raise ValidationError(
                self.env._(
                    "A decision can be asked for within 0 to %(longest)s hours.",
                    longest=LONGEST_DECIDE_HOURS,
                )
            )
