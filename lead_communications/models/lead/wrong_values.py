import re
from datetime import date
from math import isfinite

from odoo import api, fields, models
from odoo.api import NewId
from odoo.exceptions import ValidationError

# What a column of PostgreSQL holds.
MAX_INTEGER = 2**31 - 1
# A line of text that is longer is none.
MAX_LINE = 10_000
# In bytes: what is longer is too long for an index.
MAX_INDEXED = 2000
INDEXES = (True, "btree", "btree_not_null")
NUMBERS = ("integer", "float", "monetary")
TEXTS = ("char", "text", "html")
LINKS = ("one2many", "many2many")


class LeadReferences(models.AbstractModel):
    """What is written by an import or an API is refused in one sentence that names the field.

    Odoo would answer what no screen sends with the error of a Python function or of the database.
    """

    _inherit = "lead.references"

    @api.model
    def _check_values(self, vals):
        """Check that ``vals``, as for ``write``, are values of the fields that they are for.

        Where ``create`` or ``write`` look at values themselves, this is called before.

        :raise ValidationError: names the field as it is called on screen.
        """
        if self.env.su:
            return
        for name, value in vals.items():
            field = self._fields.get(name)
            if not field:
                raise ValidationError(self.env._("There is no field “%s”.", name))
            if value in (False, None, ""):
                self._check_required(field)
            elif check := getattr(self, f"_check_{_kind(field)}_value", None):
                check(field, value)

    def _check_required(self, field):
        if field.required and not field.compute and field.type not in ("boolean", *NUMBERS):
            raise ValidationError(self.env._("“%s” must not be empty.", self._label_of(field)))

    def _label_of(self, field):
        return field._description_string(self.env)

    def _wrong_value(self, field, value):
        return ValidationError(
            self.env._(
                "“%(value)s” can't be the value of “%(field)s”.",
                value=str(value)[:80],
                field=self._label_of(field),
            )
        )

    def _check_selection_value(self, field, value):
        if value not in field.get_values(self.env):
            raise self._wrong_value(field, value)

    def _check_date_value(self, field, value):
        if not isinstance(value, str | date):
            raise self._wrong_value(field, value)
        try:
            if field.type == "date":
                fields.Date.to_date(value)
            else:
                fields.Datetime.to_datetime(value)
        except ValueError as error:
            raise self._wrong_value(field, value) from error

    def _check_number_value(self, field, value):
        try:
            number = int(value) if field.type == "integer" else float(value)
        except (OverflowError, TypeError, ValueError) as error:
            raise self._wrong_value(field, value) from error
        if not isfinite(number) or (field.type == "integer" and abs(number) > MAX_INTEGER):
            raise self._wrong_value(field, value)

    def _check_text_value(self, field, value):
        if not isinstance(value, str) or "\0" in value or _has_half_characters(value):
            raise self._wrong_value(field, value)
        if field.type == "char" and (
            len(value) > MAX_LINE
            or (len(value.encode()) > MAX_INDEXED and self._is_in_index(field))
        ):
            raise ValidationError(self.env._("“%s” is too long.", self._label_of(field)))

    @api.model
    def _is_in_index(self, field):
        """Tell whether an index of the database has the whole of the text."""
        is_phone = field.name in getattr(self, "_phone_get_number_fields", list)()
        word = re.compile(rf"\b{field.name}\b")
        return (
            is_phone
            or field.index in INDEXES
            or any(
                word.search(one.get_definition(self.pool)) for one in self._table_objects.values()
            )
        )

    def _check_link_value(self, field, value):
        is_id = isinstance(value, int) and 0 < value <= MAX_INTEGER
        if not is_id and not isinstance(value, NewId | models.BaseModel):
            raise self._wrong_value(field, value)

    def _check_reference_value(self, field, value):
        name, _comma, number = value.partition(",") if isinstance(value, str) else ("", "", "")
        if name not in field.get_values(self.env) or not number.isdecimal():
            raise self._wrong_value(field, value)

    def _check_links_value(self, field, value):
        is_list = isinstance(value, list | tuple | models.BaseModel)
        if not is_list or not all(map(_is_command, value)):
            raise self._wrong_value(field, value)

    @api.model
    def _check_there(self, vals_list):
        """Check that there is what many2one fields point at; a query for each field.

        What was read in this transaction is there. Whether the user has a right to it is asked
        next, and what is no id is refused then.
        """
        if self.env.su:
            return
        for name in {name for vals in vals_list for name in vals}:
            field = self._fields.get(name)
            if field and field.type == "many2one" and field.store:
                values = [vals.get(name) for vals in vals_list]
                ids = {one for one in values if isinstance(one, int) and 0 < one <= MAX_INTEGER}
                # sudo: whether it is there
                comodel = self.env[field.comodel_name].sudo()
                pointed = comodel.browse(one for one in ids if not any(comodel.browse(one)._cache))
                if missing := pointed - pointed.exists():
                    raise self._wrong_value(field, missing[0].id)


class CrmLead(models.Model):
    """Odoo looks at the values of a lead itself, so they are checked before."""

    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_values(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_values(vals)
        return super().write(vals)


def _kind(field):
    if field.type in NUMBERS:
        return "number"
    if field.type in TEXTS:
        return "text"
    if field.type in LINKS:
        return "links"
    return {"datetime": "date", "many2one": "link"}.get(field.type, field.type)


def _is_command(value):
    if isinstance(value, list | tuple):
        return bool(value) and value[0] in range(7)
    return isinstance(value, int | models.BaseModel)


def _has_half_characters(text):
    # JSON may hold one half of a pair of surrogates.
    return any("\ud800" <= character <= "\udfff" for character in text)
