from odoo import api, fields, models
from odoo.exceptions import AccessError

ADDON = "lead_communications"


class BaseModuleUninstall(models.TransientModel):
    """Says what goes with this addon, and offers to take it along."""

    _inherit = "base.module.uninstall"

    lead_losses = fields.Text(
        string="What Goes with Lead Communications", compute="_compute_lead_losses"
    )

    @api.depends("module_ids")
    @api.depends_context("lang")
    def _compute_lead_losses(self):
        for wizard in self:
            is_ours = wizard.module_ids and ADDON in wizard._get_modules().mapped("name")
            losses = self.env["lead.uninstall"]._losses() if is_ours else []
            wizard.lead_losses = "\n".join(losses)

    def action_export_lead_communications(self):
        """Download what goes as a ZIP archive."""
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Administrators decide about this."))
        return {
            "type": "ir.actions.act_url",
            "url": "/lead_communications/uninstall/export",
            "target": "download",
        }
