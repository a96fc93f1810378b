from odoo import models
from odoo.fields import Domain

from ... import telephony
from ...tools.phone import normalize

# Leads, and contacts, that a telephone is shown of those who share a number.
LOOKUP_LIMIT = 5


class LeadPbx(models.Model):
    """Who calls: what a telephone is shown while it rings."""

    _inherit = "lead.pbx"

    def _find_contacts(self, number):
        """Return who has ``number``, as far as this system's company knows them.

        :param str number: as the telephone system wrote it.
        :return: a list of :class:`telephony.Contact`, open leads first.
        """
        number = self._switchboard().site.counterpart(number, "incoming")
        phone = normalize(number, self.country_id.code)
        if not phone:
            return []
        domain = Domain("phone_number", "in", [phone])
        domain &= Domain("company_id", "in", [False, self.company_id.id])
        # sudo: crm.lead, res.partner - the telephone shows the name to whoever is called
        leads = self.env["crm.lead"].sudo().search(domain, order="id desc", limit=LOOKUP_LIMIT)
        partners = self.env["res.partner"].sudo().search(domain, limit=LOOKUP_LIMIT)
        return [self._lead_contact(lead) for lead in leads] + [
            self._partner_contact(partner) for partner in partners
        ]

    def _lead_contact(self, lead):
        return telephony.Contact(
            kind="Leads",
            id=lead.id,
            name=lead.contact_name or lead.partner_id.name or lead.name,
            company=lead.partner_name or "",
            email=lead.email_normalized or "",
            url=f"{self.get_base_url()}/odoo/crm.lead/{lead.id}",
        )

    def _partner_contact(self, partner):
        return telephony.Contact(
            kind="Contacts",
            id=partner.id,
            name=partner.name or "",
            company=partner.commercial_company_name or "",
            email=partner.email_normalized or "",
            url=f"{self.get_base_url()}/odoo/res.partner/{partner.id}",
        )
