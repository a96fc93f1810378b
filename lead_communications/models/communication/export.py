from odoo import api, models

from ...tools.spreadsheet import harmless, original

# Of this addon, and the leads, of which strangers write the name by an email.
EXPORTED = ("lead.", "crm.lead")


class Base(models.AbstractModel):
    """What callers and senders wrote is text in a spreadsheet, whoever exports it by which way.

    Their name or subject may be a formula, which would be calculated on the computer of who opens
    the file. By the rows, so that it holds as well for what is exported along with other records.
    """

    _inherit = "base"

    def _export_rows(self, fields, **kwargs):
        rows = super()._export_rows(fields, **kwargs)
        if self._name.startswith(EXPORTED):
            rows = [[harmless(value) for value in row] for row in rows]
        return rows

    @api.model
    def load(self, fields, data):
        """Import what was exported as it was: the apostrophes are those of the export."""
        if self._name.startswith(EXPORTED):
            data = [[original(value) for value in row] for row in data]
        return super().load(fields, data)
