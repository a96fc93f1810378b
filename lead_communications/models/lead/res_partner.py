import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import company_name, tax_number, website
from .late_index import LateIndex

# What two companies have in common that may be the same one, as SQL of a value. Whether they are
# is told by the tools, from the values.
_KEYS = {
    "name": company_name.key_sql("{}"),
    "website": website.key_sql("{}"),
    "vat": tax_number.key_sql("{}"),
}
_LIMIT = 200


class ResPartner(models.Model):
    """Companies that exist already, found by name, website or tax number, however spelled."""

    _inherit = "res.partner"

    # On the columns themselves, so that nothing is stored twice or recomputed by a write.
    _company_name_key_idx = LateIndex(f"({_KEYS['name'].replace('{}', 'name')}) WHERE is_company")
    _company_website_key_idx = LateIndex(
        f"(({_KEYS['website'].replace('{}', 'website')}) text_pattern_ops)"
        " WHERE is_company AND website IS NOT NULL"
    )
    _company_vat_key_idx = LateIndex(
        f"({_KEYS['vat'].replace('{}', 'vat')}) WHERE is_company AND vat IS NOT NULL"
    )

    @api.model
    def _company_keys(self, values):
        """Return ``{field: texts}`` by which companies like one with ``values`` are looked up.

        :param dict values: of ``name``, ``website``, ``vat``
        """
        keys = {}
        if values.get("website"):
            site = website.read(values["website"])
            if site.host and (site.path or not site.is_of_many):
                keys["website"] = site.names
        texts = {
            name: values[name]
            for name in ("name", "vat")
            if values.get(name) and values[name] != tax_number.NOT_SUBJECT
        }
        if texts:
            columns = SQL(", ").join(
                SQL(_KEYS[name].replace("{}", "%s"), value) for name, value in texts.items()
            )
            found = self.env.execute_query(SQL("SELECT %s", columns))[0]
            keys |= {name: [key] for name, key in zip(texts, found, strict=True) if key}
        return keys

    @api.model
    def _company_ids_by_keys(self, keys, cr=None):
        """Return ``{field: ids}`` of the companies with one of the ``keys``.

        :param cr: another cursor than the environment's, to see what was committed just now
        """
        self.flush_model(["is_company", *keys])
        cr = cr or self.env.cr
        found = {}
        for name, texts in keys.items():
            cr.execute(self._same_key_query(name, texts))
            found[name] = [company_id for (company_id,) in cr.fetchall()]
        return found

    @api.model
    def _same_key_query(self, name, texts):
        column = SQL.identifier(name)
        key = SQL(_KEYS[name].replace("{}", "%s"), column)
        conditions = [SQL("%s = %s", key, text) for text in texts]
        if name == "website":  # with whatever path behind
            beginnings = [re.sub(r"([\\%_])", r"\\\1", text) + "/%" for text in texts]
            conditions += [SQL("%s LIKE %s", key, text) for text in beginnings]
        return SQL(
            "SELECT id FROM res_partner WHERE is_company AND %s IS NOT NULL AND (%s)"
            " ORDER BY id LIMIT %s",
            column,
            SQL(" OR ").join(conditions),
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
        is_same = {
            "name": lambda one: company_name.compare(one.name, values["name"]) == "same",
            "website": lambda one: website.is_same(one.website, values["website"]),
            "vat": lambda one: tax_number.is_same(
                one.vat,
                values["vat"],
                one.country_id.code or "",
                values.get("country_code") or "",
            ),
        }
        found = self._companies_by_keys(self._company_keys(values), companies)
        same = {name: partners.filtered(is_same[name]) for name, partners in found.items()}
        return {name: partners for name, partners in same.items() if partners}

    @api.model
    def _find_similar_companies(self, values, companies):
        """Return the companies whose names differ in the legal form or in spaces only.

        Parameters and result are those of :meth:`_find_same_companies`.
        """
        keys = self._company_keys({"name": values["name"]})
        found = self._companies_by_keys(keys, companies).get("name", self.sudo().browse())
        return found.filtered(
            lambda one: company_name.compare(one.name, values["name"]) == "similar"
        )

    @api.model
    def _companies_by_keys(self, keys, companies):
        """Return ``{field: partners}`` that ``companies`` of ours may have, as the superuser."""
        domain = Domain("company_id", "=", False) | Domain("company_id", "parent_of", companies.ids)
        # sudo: whether a company exists; what is hidden from the user is not shown by callers
        partners = self.sudo().with_context(active_test=False)
        return {
            name: partners.search(domain & Domain("id", "in", ids))
            for name, ids in self._company_ids_by_keys(keys).items()
            if ids
        }
