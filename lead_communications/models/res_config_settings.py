from odoo import fields, models

from .lead_communication_counterpart import DECIDE_ALL


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    lead_decide_counterpart = fields.Boolean(
        string="Decide about all that waits of the same party",
        config_parameter=DECIDE_ALL,
        help="A decision about a call or an email counts for everything else that waits of the"
        " same number or address. Otherwise that is offered after each decision.",
    )
