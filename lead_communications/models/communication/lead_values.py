from odoo import models
from odoo.tools.mail import html2plaintext, plaintext2html

from ...tools.mail import signature
from ...tools.mail.subject import clean_subject
from ..email.email import HTML_LENGTH

DESCRIPTION_LENGTH = 10_000


class LeadCommunication(models.Model):
    """What a lead is filled with when it is created from a call or an email."""

    _inherit = "lead.communication"

    def _prepare_lead_values(self):
        values = super()._prepare_lead_values()
        if self.type == "email":
            values |= self._email_lead_values()
        if partner := self._known_contact():
            # The host writes what a lead says of its contact to the contact: leave that alone.
            for name in ("contact_name", "partner_name", "phone", "email_from"):
                values.pop(name, None)
            values["partner_id"] = partner.id
        return values

    def _email_lead_values(self):
        """Return what the text and the signature of the email tell."""
        text = html2plaintext((self.body or "")[:HTML_LENGTH], include_references=False).strip()
        domain = (self.email_normalized or "").rpartition("@")[2]
        found = signature.read(text, self.company_id.country_id.code or "", self.contact_name or "")
        company = found.company
        if not company and domain not in self.env["lead.mailbox"]._own_domains():
            company = signature.company_of_domain(domain)
        values = {
            "name": clean_subject(self.subject) or self._default_lead_name(),
            "description": text and plaintext2html(text[:DESCRIPTION_LENGTH]),
            "phone": found.phone and self._international(found.phone),
            "partner_name": company,
        }
        return {name: value for name, value in values.items() if value}

    def _known_contact(self):
        """Return the contact with this number or address, if there is exactly one."""
        key = "email_normalized" if self.email_normalized else "phone_sanitized"
        if not self[key]:
            return self.env["res.partner"]
        partners = self.env["res.partner"].search(
            [(key, "=", self[key]), ("company_id", "in", [False, self.company_id.id])], limit=2
        )
        # An employee who passes something on is not the customer.
        partners = partners.filtered("partner_share")
        return partners if len(partners) == 1 else partners.browse()
