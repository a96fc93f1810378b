from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .communication.claim import CLAIM_MINUTES, DEFAULT_CLAIM_MINUTES
from .communication.counterpart import DECIDE_ALL
from .communication.crm_team import DEFAULT_DECIDE_HOURS
from .communication.reminder import DECIDE_HOURS
from .lead.required import DATA_REQUIRED


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_decide_counterpart = fields.Boolean(
        string="Decide about all that waits of the same party",
        config_parameter=DECIDE_ALL,
        help="A decision about a call or an email counts for everything else that waits of the"
        " same number or address. Otherwise that is offered after each decision.",
    )
    lead_claim_minutes = fields.Integer(
        string="“I am on it” expires after",
        config_parameter=CLAIM_MINUTES,
        default=DEFAULT_CLAIM_MINUTES,
        help="Minutes.",
    )
    lead_data_required = fields.Boolean(
        string="Mandatory data of leads",
        config_parameter=DATA_REQUIRED,
        help="The form of a lead that is typed in asks for its source, its company and its contact:"
        " existing or new ones. A lead from a call or an email is saved with what is known.",
    )
    lead_decide_hours = fields.Integer(
        string="Decide within",
        config_parameter=DECIDE_HOURS,
        default=DEFAULT_DECIDE_HOURS,
        help="Hours. Calls and emails without a sales team that wait for longer than this are told"
        " to who is responsible by an activity. 0: nobody is told.",
    )

    @api.constrains("lead_claim_minutes", "lead_decide_hours")
    def _check_lead_limits(self):
        for settings in self:
            if settings.lead_claim_minutes < 0 or settings.lead_decide_hours < 0:
                raise ValidationError(self.env._("A time limit cannot be negative."))

    def set_values(self):
        result = super().set_values()
        # Odoo forgets a 0, and the default would come back.
        # sudo: ir.config_parameter - whoever may save settings may save this one
        self.env["ir.config_parameter"].sudo().set_param(DECIDE_HOURS, str(self.lead_decide_hours))
        return result
