from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import tax_number

# What makes two companies the same one, as SQL of a value: the spelling does not count.
_KEYS = {
    "name": r"left(lower(regexp_replace(btrim({}), '\s+', ' ', 'g')), 255)",
    "website": (
        r"left(regexp_replace(lower(btrim({})),"
        r" '^([a-z][a-z0-9+.-]*://)?(www\.)?|/+$', '', 'g'), 255)"
    ),
    "vat": (
        r"left(regexp_replace(upper(regexp_replace({}, '[^A-Za-z0-9]', '', 'g')),"
        r" '^[A-Z][A-Z]', ''), 64)"
    ),
}
_LIMIT = 50


class ResPartner(models.Model):
    """Companies that exist already, found by name, website or tax number, however spelled."""

    _inherit = "res.partner"

    # On the columns themselves, so that nothing is stored twice or recomputed by a write.
    _company_name_key_idx = models.Index(f"({_KEYS['name'].format('name')}) WHERE is_company")
    _company_website_key_idx = models.Index(
        f"({_KEYS['website'].format('website')}) WHERE is_company AND website IS NOT NULL"
    )
    _company_vat_key_idx = models.Index(
        f"({_KEYS['vat'].format('vat')}) WHERE is_company AND vat IS NOT NULL"
    )

    @api.model
    def _company_keys(self, values):
        """Return ``{field: key}`` of a company's ``values``: what is compared, without empty ones.

        :param dict values: of ``name``, ``website``, ``vat``
        """
        values = {
            name: values[name]
            for name in _KEYS
            if values.get(name) and values[name] != tax_number.NOT_SUBJECT
        }
        if not values:
            return {}
        columns = SQL(", ").join(
            SQL(_KEYS[name].replace("{}", "%s"), value) for name, value in values.items()
        )
        keys = self.env.execute_query(SQL("SELECT %s", columns))[0]
        return {name: key for name, key in zip(values, keys, strict=True) if key}

    @api.model
    def _company_ids_by_keys(self, keys, cr=None):
        """Return ``{field: ids}`` of the companies with one of the ``keys``.

        :param cr: another cursor than the environment's, to see what was committed just now
        """
        self.flush_model(["is_company", *keys])
        cr = cr or self.env.cr
        found = {}
        for name, key in keys.items():
            cr.execute(self._same_key_query(name, key))
            found[name] = [company_id for (company_id,) in cr.fetchall()]
        return found

    @api.model
    def _same_key_query(self, name, key):
        column = SQL.identifier(name)
        return SQL(
            "SELECT id FROM res_partner WHERE is_company AND %s IS NOT NULL AND %s = %s"
            " ORDER BY id LIMIT %s",
            column,
            SQL(_KEYS[name].replace("{}", "%s"), column),
            key,
            _LIMIT,
        )

    @api.model
    def _find_same_companies(self, values, companies):
        """Return ``{field: partners}``: the companies that have the same name, website, tax number.

        Archived ones count, as for Odoo, which wants them back instead of a second one. What
        belongs to another of our companies does not: it is a contact of theirs alone.

        :param dict values: ``name``, ``website``, ``vat``, ``country_code`` of the company
        :param companies: of our companies, those that the contact would be for
        :return: partners as the superuser: which of them may be shown is up to the caller
        """
        ids_by_field = self._company_ids_by_keys(self._company_keys(values))
        domain = Domain("company_id", "=", False) | Domain("company_id", "parent_of", companies.ids)
        # sudo: whether a company exists; what is hidden from the user is not shown by callers
        partners = self.sudo().with_context(active_test=False)
        found = {}
        for name, ids in ids_by_field.items():
            same = partners.search(domain & Domain("id", "in", ids)) if ids else partners.browse()
            if name == "vat":
                same = same.filtered(
                    lambda partner: tax_number.is_same(
                        partner.vat,
                        values["vat"],
                        partner.country_id.code or "",
                        values.get("country_code") or "",
                    )
                )
            if same:
                found[name] = same
        return found
