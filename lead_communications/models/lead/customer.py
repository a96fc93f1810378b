from odoo import models
from odoo.exceptions import ConcurrencyError
from odoo.tools import SQL

from ...tools import tax_number


class CrmLead(models.Model):
    """The customer of a lead: Odoo creates it, from the new company and contact, once."""

    _inherit = "crm.lead"

    def action_create_customer(self):
        """Create the new company and contact of an opportunity that was no lead before."""
        self.check_access("write")
        self._handle_partner_assignment(create_missing=True)

    def _handle_partner_assignment(
        self, force_partner_id=False, create_missing=True, with_parent=None
    ):
        result = super()._handle_partner_assignment(
            force_partner_id=force_partner_id,
            create_missing=create_missing,
            with_parent=with_parent,
        )
        for lead in self:
            contact = lead.partner_id
            if lead.is_new_company and contact.partner_share and not contact.parent_id:
                # A contact that exists without a company begins to work for the new one.
                contact.parent_id = lead._get_or_create_company()
        return result

    def _create_customer(self, with_parent=None):
        company = with_parent or self.existing_company_id
        if not company and self.is_new_company and self.partner_name:
            company = self._get_or_create_company()
        return self._find_contact(company) or super()._create_customer(with_parent=company)

    def _find_contact(self, company):
        """Return the contact of the company with the lead's address, if there is one already."""
        partners = self.env["res.partner"]
        if not company or not self.email_normalized:
            return partners
        return partners.search(
            [
                ("email_normalized", "=", self.email_normalized),
                ("commercial_partner_id", "=", company.id),
                ("is_company", "=", False),
            ],
            limit=1,
        )

    def _get_or_create_company(self):
        """Return the new company as a contact: the one of an earlier lead, or created now.

        :raise RedirectWarning, ValidationError: if a company like it exists and it is not certain
            that it is the same one
        """
        self.ensure_one()
        self._lock_new_company()
        if found := self._find_existing_companies():
            if company := self._certain_company(found):
                return company
            raise self._existing_company_error(found)
        values = self._prepare_customer_values(self.partner_name, is_company=True)
        return self.env["res.partner"].create(values)

    def _certain_company(self, found):
        """Return the company that ``found`` means without doubt, if the user may see it."""
        companies = self.env["res.partner"].union(*found.values())
        is_contradicted = companies[:1].vat and self.vat and "vat" not in found
        if len(companies) > 1 or not companies.active or set(found) == {"website"}:
            return companies.browse()
        company = companies.with_env(self.env(su=False))
        if is_contradicted or not company.has_access("read"):
            return company.browse()
        return company.with_env(self.env)

    def _lock_new_company(self):
        """Let two transactions create the same company one after the other.

        :raise ConcurrencyError: if the other one was first; Odoo then runs this one again,
            which finds the company
        """
        partners = self.env["res.partner"]
        keys = partners._company_keys(self._company_identity())
        for lock in sorted(
            f"lead_communications.{name}.{texts[0]}" for name, texts in keys.items()
        ):
            self.env.cr.execute(SQL("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", lock))
        seen = partners._company_ids_by_keys(keys)
        # What was committed while we waited is not in the picture that our transaction has.
        with self.env.registry.cursor() as cr:
            committed = partners._company_ids_by_keys(keys, cr=cr)
        if any(set(committed[name]) - set(seen[name]) for name in keys):
            raise ConcurrencyError("Another transaction has created this company.")

    def _prepare_customer_values(self, partner_name, is_company=False, parent_id=False):
        values = super()._prepare_customer_values(
            partner_name, is_company=is_company, parent_id=parent_id
        )
        if is_company and self.vat:
            values["vat"] = tax_number.compact(self.vat)
        return values
