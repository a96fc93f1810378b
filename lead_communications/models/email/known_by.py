from odoo import fields, models

from ...tools.phone import normalize


class LeadCommunication(models.Model):
    """How it is known to whom an email belongs; see ``tools.mail.counterpart``."""

    _inherit = "lead.communication"

    known_by = fields.Selection(
        selection=[
            ("header", "Header"),
            ("forwarded", "Forwarded email"),
            ("text", "From the text"),
            ("nobody", "Nobody outside: sent by one of us or by a machine"),
        ],
        readonly=True,
        help="How the counterpart of the email was recognized.",
    )

    def _prepare_counterpart_values(self, found, company):
        """Return the values of a row of ``found``, a ``tools.mail.counterpart.Counterpart``."""
        values = {
            "email_normalized": found.party.address or False,
            "contact_name": found.party.name,
            "known_by": found.source,
        }
        if found.phone:
            number = normalize(found.phone, company.country_id.code)
            values |= {"number": found.phone, "phone_sanitized": number or False}
        return values

    def _counterpart_address(self):
        # A form's address is that of all its visitors, a colleague's no customer's.
        return self.known_by != "nobody" and super()._counterpart_address()
