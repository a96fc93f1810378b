from odoo import api, models


class LeadPbxPart(models.AbstractModel):
    """What a telephone system is told about itself, and keeps as plain data between requests."""

    _name = "lead.pbx.part"
    _inherit = ["lead.references"]
    _description = "Part of a Telephone System"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_values(vals)
        parts = super().create([self._stripped(vals) for vals in vals_list])
        self.env.registry.clear_cache()  # of lead.pbx._switchboard()
        return parts

    def write(self, vals):
        self._check_values(vals)
        result = super().write(self._stripped(vals))
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _stripped(self, vals):
        """Return ``vals`` with the texts as the telephone system would write them."""
        return vals
