from odoo import models

from .live import TYPE_GROUPS


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        info = super().session_info()
        info["lead_communications_types"] = [
            name for name, group in TYPE_GROUPS.items() if self.env.user.has_group(group)
        ]
        return info
