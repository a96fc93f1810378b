from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ...tools import phone_text
from ..lead.late_index import LateIndex

# What all last digits that are compared have in common.
SHORTEST_HINT = phone_text.HINT_DIGITS[0]
# Without a list of what waits to be put into the index, which each search would read.
KEYS_INDEX = (
    "USING gin (string_to_array(phone_keys, ' ')) WITH (fastupdate = off)"
    " WHERE phone_keys IS NOT NULL"
)
DIGITS_INDEX = f"(right(phone_sanitized, {SHORTEST_HINT})) WHERE phone_sanitized IS NOT NULL"


class LeadPhoneNumbers(models.AbstractModel):
    """What a phone field says besides the one number that Odoo reads in it.

    People write two numbers into it, an extension or a remark behind, numbers without the code of
    their country, and what a renumbering made of them. Odoo keeps one in ``phone_sanitized`` or,
    for most of these, none. ``phone_keys`` has the rest, and nothing for the many plain numbers.
    """

    _name = "lead.phone.numbers"
    _description = "Numbers in a Phone Field"

    phone_keys = fields.Char(
        string="Further Numbers",
        compute="_compute_phone_keys",
        store=True,
        copy=False,
        exportable=False,
        help="What is found in the phone field besides the sanitized number, to search by.",
    )
    phone_number = fields.Char(
        string="Any Number",
        store=False,
        search="_search_phone_number",
        exportable=False,
        help="Finds a number in E.164, also the second one of a field.",
    )

    def _auto_init(self):
        """Leave alone what is there: its numbers are read afterwards, by ``lead.past``."""
        if self._auto and not column_exists(self.env.cr, self._table, "phone_keys"):
            create_column(self.env.cr, self._table, "phone_keys", "varchar")
        return super()._auto_init()

    @api.depends(lambda self: self._phone_keys_triggers())
    def _compute_phone_keys(self):
        for record in self:
            number = record.phone_sanitized
            texts = [record[name] for name in self._phone_get_number_fields() if record[name]]
            if all(phone_text.is_plain(text, number) for text in texts):
                record.phone_keys = False
                continue
            country = record._phone_get_country().get(record.id) or self.env.company.country_id
            keys = phone_text.keys("\n".join(texts), number, country.code)
            record.phone_keys = " ".join(keys) or False

    def _phone_keys_triggers(self):
        """Return the fields that the keys follow; those of Odoo's number itself, and the number."""
        # The fields are Odoo's, of the models that have this one.
        return [] if self._abstract else [*self._phone_get_sanitize_triggers(), "phone_sanitized"]

    @api.model
    def _search_phone_number(self, operator, value):
        if operator != "in":
            return NotImplemented
        numbers = sorted(filter(None, value))
        further = Domain.custom(
            to_sql=lambda model, alias, query: self._phone_keys_sql(
                model._field_to_sql(alias, "phone_keys", query), SQL("%s", numbers)
            )
        )
        return Domain("phone_sanitized", "in", numbers) | further if numbers else Domain.FALSE

    @api.model
    def _phone_keys_sql(self, column, values):
        """Return the condition that ``column``, a ``phone_keys``, has one of ``values`` (SQL)."""
        return SQL(
            "(%(column)s IS NOT NULL AND string_to_array(%(column)s, ' ') && %(values)s)",
            column=column,
            values=values,
        )

    def _phone_numbers(self):
        """Return all whole numbers of these records, a set in E.164."""
        found = set(self.mapped("phone_sanitized"))
        for keys in self.mapped("phone_keys"):
            found |= {key for key in (keys or "").split() if key.startswith("+")}
        return found - {False}

    @api.model
    def _unread_numbers_sql(self):
        """Return which records may need reading, far fewer than all: plain numbers need none."""
        names = [name for name in self._phone_get_number_fields() if self._fields[name].store]
        return SQL(" OR ").join(
            SQL(
                """
                (%(text)s <> '' AND (
                    phone_sanitized IS NULL OR %(text)s !~ '^[+(]?[0-9 ().-]+$'
                    OR %(text)s ~ '^[^-]*-[^-]*$'
                    OR right(%(digits)s, 7) <> right(phone_sanitized, 7)
                ))
                """,
                text=SQL.identifier(name),
                digits=SQL(r"regexp_replace(%s, '\D', '', 'g')", SQL.identifier(name)),
            )
            for name in names
        )

    def _take_over_numbers(self):
        """Read the phone fields of ``self``, from before the installation; count what was found."""
        self.env.add_to_compute(self._fields["phone_keys"], self)
        self.flush_recordset(["phone_keys"])
        return len(self.filtered("phone_keys"))


class CrmLead(models.Model):
    _name = "crm.lead"
    _inherit = ["lead.phone.numbers", "crm.lead"]

    _phone_keys_idx = LateIndex(KEYS_INDEX)
    _phone_digits_idx = LateIndex(DIGITS_INDEX)


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["lead.phone.numbers", "res.partner"]

    _phone_keys_idx = LateIndex(KEYS_INDEX)
    _phone_digits_idx = LateIndex(DIGITS_INDEX)
