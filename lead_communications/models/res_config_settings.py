from odoo import fields, models

from .crm_lead_required import DATA_REQUIRED
from .lead_communication_claim import CLAIM_MINUTES, DEFAULT_CLAIM_MINUTES
from .lead_communication_counterpart import DECIDE_ALL


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
