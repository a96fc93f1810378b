import re

from odoo import models
from odoo.tools import email_normalize
from odoo.tools.mail import plaintext2html

from ...tools.mail import quote, quoted, signature
from ...tools.mail.company_domain import company_of_domain
from ...tools.mail.html import html_to_text
from ...tools.mail.subject import clean_subject, split_marks
from .email import HTML_LENGTH

DESCRIPTION_LENGTH = 10_000
_CELLS = re.compile(r"[ \t]*\t[ \t]*")  # of tables, which are how many signatures are laid out


class LeadCommunication(models.Model):
    """What a lead takes from the email that it is created from: its text and its signature."""

    _inherit = "lead.communication"

    def _prepare_lead_values(self):
        values = super()._prepare_lead_values()
        if self.type != "email":
            return values
        found = self._email_lead_values()
        if "partner_id" in values:
            # Odoo writes what a lead says of its contact to the contact: leave that alone.
            for name in ("partner_name", "phone"):
                found.pop(name, None)
        values |= found
        if mailbox := self._receiving_mailbox():  # no person decides: it says whose the lead is
            values |= {"user_id": mailbox.user_id.id, "team_id": mailbox.team_id.id}
        return values

    def _email_lead_values(self):
        """Return what the text and the signature of the email tell."""
        body = (self.body or "")[:HTML_LENGTH]
        marked = html_to_text(quoted.mark_quotes(body))
        text = quoted.without_marks(marked).strip()
        local, _at, domain = (self._counterpart_address() or "").rpartition("@")
        own_domains = self.env["lead.mailbox"]._own_domains()
        # sudo: res.company - compared only; nothing is shown
        companies = (
            self.env["res.company"].sudo().search([("active", "in", [True, False])]).mapped("name")
        )
        found = signature.read(
            self._senders_text(body, text),
            self.company_id.country_id.code or "",
            self.contact_name or "",
            signature.Ours(self._own_phones(), companies, own_domains),
        )
        company = found.company
        if not company and domain not in own_domains:
            company = company_of_domain(domain, self.contact_name or "", local)
        described = quoted.new_text(marked) if self._is_answer() else text
        described = _CELLS.sub(" ", described)
        values = {
            "name": clean_subject(self.subject) or self._default_lead_name(),
            "description": described and plaintext2html(described[:DESCRIPTION_LENGTH]),
            "phone": found.phone and self._international(found.phone),
            "partner_name": company,
        }
        return {name: value for name, value in values.items() if value}

    def _is_answer(self):
        """Tell whether the email answers another one, and passes none on."""
        marks = split_marks(self.subject)[0]
        if marks and marks[0] == "forward":
            return False
        return "reply" in marks or self.conversation_ref != self.message_ref

    def _senders_text(self, body, text):
        """Return what the counterpart wrote: of what a colleague forwards the text below.

        :param body: the text as HTML.
        :param text: the same as plain text.
        """
        passed_on = email_normalize(self.sent_by or "", strict=False)
        if passed_on and self.env["lead.mailbox"]._own_addresses({passed_on}):
            return quote.carried_text(text)
        return html_to_text(quote.above_quotations(body)).strip()
