import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...telephony import mapping
from ...telephony.payload import PayloadError

MAX_FILE = 200_000


class LeadPbxPreset(models.TransientModel):
    """The choice of a mapping: a preset, or a file that somebody has exported."""

    _name = "lead.pbx.preset"
    _description = "Loading of a Mapping"
    _inherit = ["lead.references"]

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx", string="Telephone System", required=True, ondelete="cascade"
    )
    preset = fields.Selection(selection="_selection_preset")
    source = fields.Char(string="Documented At", compute="_compute_source")
    file = fields.Binary(string="File (JSON)", attachment=False)
    file_name = fields.Char()

    def _selection_preset(self):
        """Return the presets; the names of products are in no language."""
        return [(key, preset.name) for key, preset in mapping.presets().items()]

    @api.depends("preset")
    def _compute_source(self):
        for wizard in self:
            preset = mapping.presets().get(wizard.preset)
            wizard.source = preset and preset.source

    def action_load(self):
        """Replace what is entered for the telephone system by the preset or the file."""
        self.ensure_one()
        self.pbx_id._apply_mapping(self._chosen())
        return {"type": "ir.actions.act_window_close"}

    def _chosen(self):
        if self.file:
            return self._in_file(base64.b64decode(self.file))
        if self.preset:
            return mapping.presets()[self.preset]
        raise UserError(self.env._("Choose a preset or a file first."))

    def _in_file(self, raw):
        if len(raw) > MAX_FILE:
            raise UserError(self.env._("The file is too large for a mapping."))
        try:
            return mapping.load(raw, self.env)
        except PayloadError as error:
            raise UserError(str(error)) from error
