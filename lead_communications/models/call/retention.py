from odoo import api, fields, models
from odoo.fields import Domain


class LeadPbx(models.Model):
    """How long a telephone system keeps the calls that needed no lead."""

    _name = "lead.pbx"
    _inherit = ["lead.pbx", "lead.retention"]

    retention_days = fields.Integer(
        help="Days after the decision when an ignored call is deleted, with its recording. 0 keeps"
        " it for ever."
    )

    def _received_domain(self):
        return Domain("type", "=", "call") & Domain("pbx_id", "in", self.ids)


class LeadCommunication(models.Model):
    """What tells a call again after it was deleted: its file may be imported once more."""

    _inherit = "lead.communication"

    @api.model
    def _retention_models(self):
        return [*super()._retention_models(), "lead.pbx"]

    @api.model
    def _forgotten_fields(self):
        return [*super()._forgotten_fields(), "called_back_date"]

    def _purge(self):
        self.filtered("pbx_id")._forget_recording()
        return super()._purge()
