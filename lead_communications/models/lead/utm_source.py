from odoo import api, models
from odoo.fields import Domain


class UtmSource(models.Model):
    """The ways in which leads come in, shown in the user's language.

    Odoo does not translate the names of sources, and finds the one of a link by its name: so
    the names stay as they are, and only what is displayed is translated, while it is ours.
    """

    _inherit = "utm.source"

    @api.model
    def _lead_source_names(self):
        """Return ``{end of the XML id: (name, name in the user's language)}`` of our sources."""
        return {
            "self_generation": ("Self-generation", self.env._("Self-generation")),
            "email": ("Email", self.env._("Email")),
            "call": ("Call", self.env._("Call")),
            "chat": ("Chat", self.env._("Chat")),
            "vendor": ("Vendor", self.env._("Vendor")),
            "partner": ("Partner", self.env._("Partner")),
            "website_form": ("Website form", self.env._("Website form")),
            "social_media": ("Social media", self.env._("Social media")),
        }

    @api.model
    def _lead_source(self, way):
        """Return our source of that way in; empty if somebody deleted it."""
        source = self.env.ref(f"lead_communications.utm_source_{way}", raise_if_not_found=False)
        return source or self.browse()

    @api.model
    def _adopt_lead_sources(self):
        """Let sources that are there already be ours: Odoo would number a second one."""
        for way, (name, _translated) in self._lead_source_names().items():
            found = not self._lead_source(way) and self.search([("name", "=ilike", name)], limit=1)
            if found:
                self.env["ir.model.data"].create(
                    {
                        "module": "lead_communications",
                        "name": f"utm_source_{way}",
                        "model": self._name,
                        "res_id": found.id,
                        "noupdate": True,
                    }
                )

    def _shown_lead_sources(self):
        """Return ``{id: name in the user's language}`` of our sources that nobody renamed."""
        shown = {}
        for way, (name, translated) in self._lead_source_names().items():
            source = self._lead_source(way)
            # sudo: utm.source - its name alone
            if source and source.sudo().name == name:
                shown[source.id] = translated
        return shown

    @api.depends("name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        super()._compute_display_name()
        if self.env.lang in (None, "en_US"):
            return
        shown = self._shown_lead_sources()
        for source in self:
            source.display_name = shown.get(source.id, source.display_name)

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if operator != "ilike" or not value or self.env.lang in (None, "en_US"):
            return domain
        text = value.casefold()
        found = [key for key, name in self._shown_lead_sources().items() if text in name.casefold()]
        return Domain(domain) | Domain("id", "in", found)
