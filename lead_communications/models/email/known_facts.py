from odoo import api, models
from odoo.tools import SQL

from ...tools import ranking
from ...tools.address import same_addresses
from ...tools.mail import signature
from ...tools.mail.junk import Facts
from ...tools.mail.quote import new_text
from ...tools.mail.text import content
from ...tools.phone import normalize

# Why a lead is somebody's own: a colleague's lead says nothing about who wrote.
OWN_LEAD = {"email", "earlier", "contact"}
OWN_NUMBER = {"phone", "earlier", "contact"}
# At the end of what goes to many stands the number of an office.
OF_MANY = {"campaign", "list_id", "list_unsubscribe", "precedence", "mass_name", "no_reply"}


class LeadCommunication(models.Model):
    """What the database knows of who wrote an email; it wins over whatever the email says."""

    _inherit = "lead.communication"

    @api.model
    def _known_facts(self, reading, received, parent, company):
        """Return what is known of who wrote an email, the ``Facts``. Of another company nothing is.

        :param reading: its ``mail_reading.Reading``.
        :param received: the :class:`ReceivedMail`.
        :param parent: the row of the email that it answers, empty if none.
        """
        address = self._written_from(received.counterpart)
        numbers = self._written_numbers(reading, received, company)
        address_known, number_known, answers_us = self._known_party_and_answer(
            address, numbers, list(reading.references), company
        )
        if parent.company_id == company:
            answers_us |= bool(parent.lead_id) or parent.direction == "outgoing"
        spellings = same_addresses(address) if address else []
        keys = [("email", spelling, company.id) for spelling in spellings]
        keys += [("phone", number, company.id) for number in numbers]
        hits = self._query_leads({self.browse(): keys})
        by_address = [hit for hit in hits if hit[0] == "email" and hit[3] in OWN_LEAD]
        by_number = [hit for hit in hits if hit[0] == "phone" and hit[3] in OWN_NUMBER]
        return Facts(
            answers_us=answers_us,
            open_lead=any(lead[1] == ranking.OPEN for *_hit, lead in by_address),
            known_address=bool(address_known or by_address),
            known_number=bool(number_known or by_number),
        )

    @api.model
    def _written_from(self, counterpart):
        """Return the address of who wrote; "" if that is nobody, or one of us."""
        address = counterpart.party.address if counterpart.source != "nobody" else ""
        own, own_domains = self._own_addresses_and_domains()
        if address in own or address.rpartition("@")[2] in own_domains:
            return ""
        return address

    @api.model
    def _written_numbers(self, reading, received, company):
        """Return the numbers, in E.164, under which whoever wrote says they are reached."""
        texts = list(reading.numbers)
        if OF_MANY.isdisjoint(reading.signs.machine):
            texts.append(self._signed_number(received, company))
        if not any(texts):
            return []
        numbers = {normalize(text, company.country_id.code or "") for text in texts}
        return sorted(numbers - {""} - self._own_phones())

    @api.model
    def _signed_number(self, received, company):
        """Return the number in the signature of an email, in E.164; "" without one."""
        found = content(received.raw)
        return signature.read(
            new_text(found.plain or found.html),
            company.country_id.code or "",
            received.counterpart.party.name,
            signature.Ours(domains=self._own_addresses_and_domains()[1]),
        ).phone

    @api.model
    def _known_party_and_answer(self, address, numbers, references, company):
        """Return whether a contact has the address, and a number, and an id is of our mail."""
        self.env["res.partner"].flush_model(
            ["email_normalized", "phone_sanitized", "commercial_partner_id", "company_id"]
        )
        self.env["mail.message"].flush_model(
            ["message_id", "message_type", "model", "record_company_id"]
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT %(by_address)s, %(by_number)s, EXISTS (
                    SELECT FROM mail_message
                     WHERE message_id = ANY(%(references)s)
                       AND (message_type != 'email' OR model = 'crm.lead')
                       AND (record_company_id IS NULL OR record_company_id = %(company)s)
                )
                """,
                by_address=self._knows_party_sql(SQL("email_normalized = %s", address), company),
                by_number=self._knows_party_sql(SQL("phone_sanitized = ANY(%s)", numbers), company),
                references=references,
                company=company.id,
            )
        )[0]

    @api.model
    def _knows_party_sql(self, condition, company):
        """Return the condition that the company knows a contact that is none of our people."""
        return SQL(
            """EXISTS (
                SELECT FROM res_partner party
                 WHERE party.%s AND NOT %s
                   AND (party.company_id IS NULL OR party.company_id = %s)
            )""",
            condition,
            self._is_ours_sql(),
            company.id,
        )
