from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

from ...tools import tax_number


class CrmLead(models.Model):
    """The company that a lead is for: one that exists, or a new one that is created from the lead.

    ``existing_company_id`` is the company of Odoo's ``partner_id``, or is chosen before the
    contact is known. A new company is Odoo's ``partner_name``, ``website``, address and, added
    here, ``vat``; it is created when Odoo creates the customer (see
    ``models/crm_lead_customer.py``).
    """

    _inherit = "crm.lead"

    is_new_company = fields.Boolean(
        string="New company",
        compute="_compute_is_new_company",
        store=True,
        readonly=False,
        help="The company is not among the contacts yet: it is created from what is filled in here,"
        " when the lead becomes an opportunity.",
    )
    existing_company_id = fields.Many2one(
        comodel_name="res.partner",
        string="Existing company",
        compute="_compute_existing_company_id",
        store=True,
        readonly=False,
        domain="[('is_company', '=', True), ('company_id', 'in', (company_id, False))]",
        index="btree_not_null",
    )
    # On the form only: whether the company goes when the contact is cleared.
    is_company_of_contact = fields.Boolean(store=False)
    vat = fields.Char(
        string="Tax ID",
        help="9, 10 or 12 digits, or a number that is valid in its country; with its letters in"
        " front or without. “/”: the company has none.",
    )

    def _auto_init(self):
        """Leave the leads that are there alone: their companies are filled in afterwards."""
        for name in ("existing_company_id", "is_new_company"):
            if not column_exists(self.env.cr, self._table, name):
                kind = self._fields[name].column_type[1]
                create_column(self.env.cr, self._table, name, kind)
        return super()._auto_init()

    def _take_over_company(self):
        """Fill in the companies of ``self``, leads from before the installation; count them."""
        query = """
            UPDATE crm_lead lead SET existing_company_id = company.id
              FROM res_partner contact
              JOIN res_partner company ON company.id = contact.commercial_partner_id
             WHERE contact.id = lead.partner_id AND company.is_company
               AND lead.existing_company_id IS NULL AND lead.id = ANY(%s)
        """
        self.env.cr.execute(SQL(query, list(self.ids)))
        self.invalidate_recordset(["existing_company_id"], flush=False)
        return self.env.cr.rowcount

    # ---- COMPUTE ----

    @api.depends("partner_id.commercial_partner_id.is_company")
    def _compute_existing_company_id(self):
        for lead in self.filtered("partner_id"):
            company = lead.partner_id.commercial_partner_id
            lead.existing_company_id = company if company.is_company else False

    @api.depends("existing_company_id")
    def _compute_is_new_company(self):
        self.filtered("existing_company_id").is_new_company = False

    @api.depends("existing_company_id")
    def _compute_partner_name(self):
        result = super()._compute_partner_name()
        for lead in self.filtered(lambda one: one.existing_company_id and not one.partner_id):
            lead.partner_name = lead.existing_company_id.name
        return result

    @api.depends("existing_company_id")
    def _compute_commercial_partner_id(self):
        result = super()._compute_commercial_partner_id()
        for lead in self.filtered(lambda one: one.existing_company_id and not one.partner_id):
            lead.commercial_partner_id = lead.existing_company_id
        return result

    # ---- CONSTRAINTS ----

    @api.constrains("is_new_company")
    def _check_company_choice(self):
        # An existing company that is chosen later clears the checkbox.
        if self.filtered(lambda lead: lead.is_new_company and lead.existing_company_id):
            raise ValidationError(
                self.env._(
                    "A lead is either for a new company or for an existing one: clear “New"
                    " company”, or empty “Existing company”."
                )
            )

    @api.constrains("existing_company_id", "partner_id")
    def _check_contact_of_company(self):
        for lead in self.filtered(lambda one: one.existing_company_id and one.partner_id):
            if lead.partner_id.commercial_partner_id != lead.existing_company_id:
                raise ValidationError(
                    self.env._("The existing contact does not belong to the existing company.")
                )

    @api.constrains("company_id", "existing_company_id", "partner_id")
    def _check_company_of_company(self):
        """Refuse a company of another of our companies; with a contact, Odoo has checked it."""
        for lead in self.filtered(lambda one: one.company_id and not one.partner_id):
            owner = lead.existing_company_id.company_id
            if owner and owner not in lead.company_id.parent_ids:
                raise ValidationError(
                    self.env._("The existing company belongs to another company than the lead.")
                )

    @api.constrains("vat")
    def _check_vat(self):
        if not self._is_taken_over():
            for lead in self.filtered("vat"):
                lead._check_tax_number()

    def _check_tax_number(self):
        self.ensure_one()
        country = self.country_id
        prefix = tax_number.read(self.vat).country
        if prefix:
            country = self.env["res.country"].search([("code", "=", prefix)], limit=1)
        is_known = country or not prefix
        if not is_known or not tax_number.is_valid(self.vat, country.code or ""):
            raise ValidationError(
                self.env._(
                    "“%(number)s” is not a tax number: it has 9, 10 or 12 digits, or is valid in"
                    " its country. Spaces, dashes and the letters of the country are allowed.",
                    number=self.vat,
                )
            )
        # With Odoo's own check installed, a number that it refuses would stop the conversion.
        partners = self.env["res.partner"]
        if country and hasattr(partners, "_run_vat_checks"):
            partners._run_vat_checks(country, tax_number.compact(self.vat), self.partner_name or "")

    # ---- ONCHANGE ----

    @api.onchange("is_new_company")
    def _onchange_is_new_company(self):
        if self.is_new_company and self.existing_company_id:
            # What is on the form is of the company that is left.
            self._leave_contact()
            self.update(
                {
                    "existing_company_id": False,
                    "partner_name": False,
                    "website": False,
                    "vat": False,
                    "is_new_company": True,
                }
            )

    @api.onchange("existing_company_id")
    def _onchange_existing_company_id(self):
        """Leave the contact for another company that was chosen.

        Without a company nothing is left: a private person has none, and is the contact all the
        same. Nor is anything when the company came with the contact.
        """
        company, contact = self.existing_company_id, self.partner_id
        if not company:
            return
        if contact and contact.commercial_partner_id != company:
            self._leave_contact()
            self.existing_company_id = company
        # What was entered was that of a new one; the company has its own.
        self.website = company.website
        # Another module may keep the number the same on both, and would empty the company's.
        if not self._fields["vat"].compute:
            self.vat = False

    @api.onchange("partner_id")
    def _onchange_partner_id_company(self):
        """Let the company that came with a contact go with it; what was written down stays."""
        if self.partner_id:
            self.is_company_of_contact = bool(self.existing_company_id)
        elif self.existing_company_id and not self.is_new_contact:
            before = self._origin.partner_id.commercial_partner_id
            if self.is_company_of_contact or before == self.existing_company_id:
                self.existing_company_id = False
            self.is_company_of_contact = False

    def _leave_contact(self):
        """Empty the contact and what came with it, as Odoo does when the company changes."""
        if self.partner_id:
            self.update({"partner_id": False, "email_from": False, "phone": False})

    # ---- VIEW ----

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Leave the tax number to another module that shows it on leads, too."""
        arch, view = super()._get_view(view_id, view_type, **options)
        numbers = arch.xpath("//field[@name='vat']") if view_type == "form" else []
        own = [node for node in numbers if node.get("id", "").startswith("own_vat")]
        if len(own) < len(numbers):
            for node in own:
                node.getparent().remove(node)
        return arch, view

    # ---- CRUD ----

    def write(self, vals):
        if "partner_id" in vals and not vals["partner_id"] and "existing_company_id" not in vals:
            followed = self.filtered(
                lambda lead: lead.existing_company_id
                and lead.partner_id.commercial_partner_id == lead.existing_company_id
            )
            super(CrmLead, followed).write(vals | {"existing_company_id": False})
            return super(CrmLead, self - followed).write(vals)
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        for lead, values in zip(leads, vals_list, strict=True):
            # Odoo's quick entry asks for a company, and forgets it beside a new contact.
            company_id = values.get("commercial_partner_id")
            if company_id and not (lead.partner_id or lead.existing_company_id):
                lead.existing_company_id = company_id
        return leads
