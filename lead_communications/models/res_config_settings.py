from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.direct_lines import MOST_DIGITS
from ..tools.phone_text import HINT_DIGITS as HINT_SIZES
from .communication.candidate_phone import (
    DEFAULT_HINT_DIGITS,
    DEFAULT_SWITCHBOARD_DIGITS,
    HINT_DIGITS,
    SWITCHBOARD_DIGITS,
)
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
        help="Hours. Whoever is responsible gets an activity about calls and emails without a "
        "sales team that have been waiting for longer than this. 0: nobody gets one.",
    )

    lead_hint_digits = fields.Integer(
        string="Hints by the last digits",
        config_parameter=HINT_DIGITS,
        default=DEFAULT_HINT_DIGITS,
        help="How many last digits of two numbers are the same, so that the lead is proposed: 7 to"
        " 10. A hint decides nothing by itself.",
    )
    lead_switchboard_digits = fields.Integer(
        string="Lines of one switchboard",
        config_parameter=SWITCHBOARD_DIGITS,
        default=DEFAULT_SWITCHBOARD_DIGITS,
        help="In how many last digits the lines behind a switchboard (030 123456-0, 22 123 41 00)"
        " differ from its number, so that its leads are proposed. 0: none are.",
    )

    lead_past_state = fields.Selection(
        selection=[("running", "In Progress"), ("stopped", "Stopped"), ("done", "Done")],
        compute="_compute_lead_past",
    )
    lead_past_progress = fields.Float(compute="_compute_lead_past", help="Per cent.")

    @api.depends("company_id")
    def _compute_lead_past(self):
        # sudo: lead.past - how far it is
        states = ("running", "stopped", "done")
        past = self.env["lead.past"].sudo().search([("state", "in", states)])
        found = past.mapped("state")
        for settings in self:
            settings.lead_past_state = next((state for state in states if state in found), False)
            settings.lead_past_progress = sum(past.mapped("progress")) / (len(past) or 1)

    @api.constrains("lead_hint_digits", "lead_switchboard_digits")
    def _check_lead_digits(self):
        for settings in self:
            if settings.lead_hint_digits not in HINT_SIZES:
                raise ValidationError(self.env._("7 to 10 last digits can be compared."))
            if not 0 <= settings.lead_switchboard_digits <= MOST_DIGITS:
                raise ValidationError(
                    self.env._("The lines of one switchboard differ in 1 to 4 digits; 0: no hints.")
                )

    @api.constrains("lead_claim_minutes", "lead_decide_hours")
    def _check_lead_limits(self):
        for settings in self:
            if settings.lead_claim_minutes < 0 or settings.lead_decide_hours < 0:
                raise ValidationError(self.env._("A time limit cannot be negative."))

    def set_values(self):
        result = super().set_values()
        # Odoo forgets a 0, and the default would come back.
        # sudo: ir.config_parameter - whoever may save settings may save these
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param(DECIDE_HOURS, str(self.lead_decide_hours))
        parameters.set_param(SWITCHBOARD_DIGITS, str(self.lead_switchboard_digits))
        return result

    def action_stop_past(self):
        """Stop taking over what was there before the installation."""
        self.env["lead.past"].search([("state", "=", "running")]).action_stop()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_resume_past(self):
        """Go on taking it over."""
        self.env["lead.past"].search([("state", "=", "stopped")]).action_resume()
        return {"type": "ir.actions.client", "tag": "soft_reload"}
