from odoo import api, models
from odoo.tools import SQL

from ...tools import direct_lines, phone_text
from .phone_numbers import SHORTEST_HINT

HINT_DIGITS = "lead_communications.hint_digits"
DEFAULT_HINT_DIGITS = 8
SWITCHBOARD_DIGITS = "lead_communications.switchboard_digits"
DEFAULT_SWITCHBOARD_DIGITS = 3
# Lines of one company; who has more is a carrier.
LINE_LIMIT = 100


class LeadCommunication(models.Model):
    """How a number finds leads: as a whole, by its last digits, by the switchboard before it.

    The whole one is the counterpart's, in whichever way and place it was written. The others are
    hints, by which nothing is decided.
    """

    _inherit = "lead.communication"

    def _number_keys(self):
        """Return by which numbers the leads of this row are found: ``[(kind, value)]``."""
        self.ensure_one()
        phone = self.phone_sanitized
        keys = [("phone", phone)] if phone else []
        if digits := phone_text.last_digits(phone, self.number, self._hint_digits()):
            keys.append(("digits", digits))
        may_differ = self._switchboard_digits()
        if phone and may_differ:
            stems = direct_lines.stems(phone, may_differ)
            behind = [
                *direct_lines.switchboards(phone, may_differ),
                *(f"{phone_text.STEM}{stem}" for stem in stems),
            ]
            if behind:
                keys.append(("switchboard", " ".join(behind)))
            if stem := direct_lines.stem_of_switchboard(phone, may_differ):
                keys.append(("line", stem))
        return keys

    @api.model
    def _hint_digits(self):
        """Return how many last digits are compared."""
        return self.env["ir.config_parameter"]._lead_number(HINT_DIGITS)

    @api.model
    def _switchboard_digits(self):
        """Return in how many last digits the lines behind a switchboard differ; 0 for no hints."""
        return self.env["ir.config_parameter"]._lead_number(SWITCHBOARD_DIGITS)

    @api.model
    def _number_sources(self):
        """Return the ways to look for leads by a number, as ``_candidate_sources`` does."""
        lead, party = SQL("crm_lead"), SQL("party")
        hints = {"digits": "digits", "switchboard": "switchboard"}
        return [
            ({"phone": "phone"}, self._column_sql(self._number_sql(lead))),
            ({"phone": "earlier"}, self._earlier_sql("phone_sanitized")),
            ({"phone": "contact"}, self._contact_sql(self._number_sql(party))),
            ({"phone": "colleague"}, self._colleague_sql(self._number_sql(party))),
            (hints, self._column_sql(self._hint_sql(lead))),
            (hints, self._company_sql(self._hint_sql(party))),
            ({"line": "switchboard"}, self._line_sql()),
        ]

    @api.model
    def _number_sql(self, table):
        return SQL(
            "(%s.phone_sanitized = key.value OR %s)",
            table,
            self._further_sql(table, SQL("ARRAY[key.value]")),
        )

    @api.model
    def _hint_sql(self, table):
        """Return the condition for last digits as well as for the numbers of switchboards.

        No value of the one finds anything by the way of the other, and one condition is planned in
        half of the time.
        """
        # The index is one for each setting; what it finds too much of is little.
        return SQL(
            """(
                (right(%(table)s.phone_sanitized, %(shortest)s) = right(key.value, %(shortest)s)
                 AND right(%(table)s.phone_sanitized, length(key.value)) = key.value)
                OR %(table)s.phone_sanitized = ANY(%(values)s)
                OR %(further)s
            )""",
            table=table,
            shortest=SQL(str(SHORTEST_HINT)),
            values=(values := SQL("string_to_array(key.value, ' ')")),
            further=self._further_sql(table, values),
        )

    @api.model
    def _further_sql(self, table, values):
        return self.env["crm.lead"]._phone_keys_sql(SQL("%s.phone_keys", table), values)

    @api.model
    def _line_sql(self):
        """Return the leads with a line behind the switchboard that calls.

        In the order of the index, and no more than a company has: no estimate can lead astray.
        """
        return SQL(
            """
            SELECT id AS lead_id, NULL AS company FROM (
                SELECT id, phone_sanitized FROM crm_lead
                 WHERE phone_sanitized > key.value AND phone_sanitized <= key.value || %s
                 ORDER BY phone_sanitized LIMIT %s
            ) line
             WHERE starts_with(phone_sanitized, key.value)
            """,
            "9" * self._switchboard_digits(),
            LINE_LIMIT,
        )
