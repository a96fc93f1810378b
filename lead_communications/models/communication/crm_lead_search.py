from odoo import api, models
from odoo.fields import Domain

from ...tools import phone

# Fewer digits are no number to search for.
SHORTEST_NUMBER = 4
CONTACT_LIMIT = 80


class CrmLead(models.Model):
    """In the dialog that attaches, a lead is found by whatever a salesperson knows of it."""

    _inherit = "crm.lead"

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Before anything is typed in, propose the leads that were found, and no strangers."""
        if not name and (attach_id := self.env.context.get("lead_attach_id")):
            # a search: of the dialogs, users have theirs alone
            dialog = self.env["lead.communication.attach"].search([("id", "=", attach_id)])
            if leads := dialog.candidate_ids.lead_id:
                domain = Domain(domain or Domain.TRUE) & Domain("id", "in", leads.ids)
        return super().name_search(name, domain, operator, limit)

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        if not self.env.context.get("lead_communication_search") or operator != "ilike":
            return domain
        return Domain(domain) | self._known_by_domain(value) if value else domain

    @api.model
    def _known_by_domain(self, text):
        """Return the domain of leads with ``text`` in the company, contact, address or number.

        A number is found in any spelling; digits alone are also the id of a lead.
        """
        text = text.strip()
        domains = [
            Domain(name, "ilike", text) for name in ("partner_name", "contact_name", "email_from")
        ]
        # By ids: a condition on the contact itself would read all leads.
        contacts = self.env["res.partner"].search([("ref", "=", text)], limit=CONTACT_LIMIT)
        domains.append(Domain("partner_id", "in", contacts.ids))
        digits = "".join(filter(str.isdigit, text))
        if text.isdecimal() and len(text) < 10:
            domains.append(Domain("id", "=", int(text)))
        if len(digits) >= SHORTEST_NUMBER and not any(char.isalpha() for char in text):
            domains.append(Domain("phone_mobile_search", "ilike", text))
            if number := phone.normalize(text, self.env.company.country_id.code):
                domains.append(Domain("phone_number", "in", [number]))
        return Domain.OR(domains)

    @api.depends_context("lead_communication_search")
    def _compute_display_name(self):
        super()._compute_display_name()
        if not self.env.context.get("lead_communication_search"):
            return
        for lead in self:
            name = lead.partner_name or lead.contact_name
            if name and name not in (lead.display_name or ""):
                lead.display_name = f"{lead.display_name} ({name})"
