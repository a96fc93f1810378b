from odoo import models


class IrUiMenu(models.Model):
    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        """Show Inbox, Calls and Email once: under Leads, or under Sales with that setting off.

        A menu whose parent is hidden disappears, so each exists under both.
        """
        place = "sales" if self.env.user.has_group("crm.group_use_lead") else "leads"
        hidden = [
            self.env.ref(f"lead_communications.{name}_menu_{place}", raise_if_not_found=False)
            for name in ("inbox", "calls", "emails", "decisions", "exceptions", "failures", "leads")
        ]
        return super()._load_menus_blacklist() + [menu.id for menu in hidden if menu]
