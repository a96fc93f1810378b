from odoo import api, models

from ...tools.address import same_addresses


class LeadCommunication(models.Model):
    """What a lead is filled with when it is created from a communication."""

    _inherit = "lead.communication"

    def _create_lead(self):
        self.ensure_one()
        return self.env["crm.lead"].create(self._prepare_lead_values())

    def _prepare_lead_values(self):
        """Return the values of the lead that is created from this communication."""
        self.ensure_one()
        values = {
            "name": self.subject or self._default_lead_name(),
            "contact_name": self.contact_name,
            "phone": self._lead_phone(),
            "email_from": self._counterpart_address(),
            "user_id": self.env.uid,
            "company_id": self.company_id.id,
            "source_id": self._lead_source().id,
        }
        values = {name: value for name, value in values.items() if value}
        if partner := self._known_contact():
            # Odoo writes what a lead says of its contact to the contact: leave that alone.
            for name in ("contact_name", "phone", "email_from"):
                values.pop(name, None)
            values["partner_id"] = partner.id
        return values

    @api.model
    def _own_phones(self):
        """Return the numbers of our companies and people in E.164, no customer's; for extension."""
        # sudo: compared only; nothing is shown
        companies = (
            self.env["res.company"].sudo().search([("active", "in", [True, False])]).partner_id
        )
        ours = [("user_ids.share", "=", False), ("phone_sanitized", "!=", False)]
        people = self.env["res.partner"].sudo().search(ours)
        return frozenset((companies | people)._phone_numbers())

    def _lead_phone(self):
        """Return the number in the form that Odoo gives to numbers typed into a lead."""
        return self._international(self.phone_sanitized) if self.phone_sanitized else self.number

    def _international(self, number):
        """Return a number in E.164 as people write it: ``+48 22 123 45 67``."""
        return self._phone_format(
            number=number, country=self.company_id.country_id, force_format="INTERNATIONAL"
        )

    def _default_lead_name(self):
        name = self.contact_name or self.phone_sanitized or self.number or self.email_normalized
        if not name:
            return self.env._("Communication without a name")
        if self.type == "call":
            return self.env._("Call: %(party)s", party=name)
        return self.env._("Email: %(party)s", party=name)

    def _lead_source(self):
        """Return the UTM source that says which way the lead came in."""
        source = self.env.ref(
            f"lead_communications.utm_source_{self.type}", raise_if_not_found=False
        )
        return source or self.env["utm.source"]

    def _known_contact(self):
        """Return the contact with this number or address, if there is exactly one."""
        address = self._counterpart_address()
        key = "email_normalized" if address else "phone_number"
        if not (address or self.phone_sanitized):
            return self.env["res.partner"]
        values = same_addresses(address) if address else [self.phone_sanitized]
        partners = self.env["res.partner"].search(
            [(key, "in", values), ("company_id", "in", [False, self.company_id.id])], limit=2
        )
        # An employee who passes something on is not the customer.
        partners = partners.filtered("partner_share")
        return partners if len(partners) == 1 else partners.browse()
