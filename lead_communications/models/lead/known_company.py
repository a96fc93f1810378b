from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ValidationError

from .offer import error_with_offer

# By what a company is recognized: the fields of a lead that are looked at once they change.
IDENTITY = {"is_new_company", "partner_name", "vat", "website"}
# In the context while leads are copied or merged, where nothing is typed in. An object that no
# client can send.
_TAKING_OVER = object()


class CrmLead(models.Model):
    """Whether the new company of a lead is one that exists already.

    Whoever types in what a company is known by is told, once, about the lead that they change.
    Nothing else that happens to leads is stopped by it.
    """

    _inherit = "crm.lead"

    similar_company_id = fields.Many2one(
        comodel_name="res.partner",
        string="Is it this one?",
        compute="_compute_similar_company_id",
        help="A company with a similar name that exists already. If it is the same one, clear “New"
        " company” and choose it under “Existing company”.",
    )

    @api.depends(
        "is_new_company", "existing_company_id", "partner_name", "country_id", "company_id"
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_similar_company_id(self):
        self.similar_company_id = False
        for lead in self.filtered(lambda one: one.is_new_company and not one.existing_company_id):
            similar = self.env["res.partner"]._find_similar_companies(
                lead._company_identity(), lead.company_id or self.env.companies
            )
            # What the person may see, not the superuser who looked.
            lead.similar_company_id = similar.with_env(self.env)._filtered_access("read")[:1]

    # ---- CHECKS ----

    @api.model
    def _is_typed_in(self):
        """Tell whether an employee is at work: no visitor of a website, no job of the system."""
        return self.env.uid != SUPERUSER_ID and self.env.user._is_internal()

    def _check_new_company(self):
        """Refuse a new company that is known already.

        :raise RedirectWarning, ValidationError: it is; with a link to what may be seen of it.
        """
        # Without a person nobody is there to correct it.
        if self._is_taken_over() or not self._is_typed_in():
            return
        for lead in self.filtered("is_new_company"):
            if found := lead._find_existing_companies():
                raise lead._existing_company_error(found)

    def _find_existing_companies(self):
        """Return ``{field: partners}`` of companies like the new one (see ``res.partner``)."""
        self.ensure_one()
        return self.env["res.partner"]._find_same_companies(
            self._company_identity(), self.company_id or self.env.companies
        )

    def _company_identity(self):
        """Return by what a company is recognized."""
        return {
            "name": self.partner_name,
            "website": self.website,
            "vat": self.vat,
            "country_code": self.country_id.code,
        }

    def _existing_company_error(self, found):
        """Return the error that says which company exists, with a link to what may be seen of it.

        :param dict found: what :meth:`_find_existing_companies` returned
        """
        labels = {
            "name": self.env._("company name"),
            "website": self.env._("website"),
            "vat": self.env._("tax number"),
        }
        fields_taken = ", ".join(labels[name] for name in found)
        partners = self.env["res.partner"].union(*found.values())
        # What the person may see, not the superuser who runs constraints.
        visible = partners.with_env(self.env(su=False))._filtered_access("read")
        if not visible:
            return ValidationError(
                self.env._(
                    "A company with this %(fields)s exists already, and you may not see it. Check"
                    " what you have entered, or ask who manages the contacts.",
                    fields=fields_taken,
                )
            )
        message = self.env._(
            "A company with this %(fields)s exists already: %(names)s.\n\nCheck what you have"
            " entered. If it is that company, clear “New company” and choose it under “Existing"
            " company”.",
            fields=fields_taken,
            names=", ".join(visible.mapped(self._company_label)),
        )
        # In a dialog: what was entered into the lead is not lost.
        action = {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": visible[0].id,
            "views": [[False, "form"]],
            "target": "new",
        }
        return error_with_offer(self.env, message, action, self.env._("Open the company"))

    def _company_label(self, partner):
        name = f"{partner.display_name} ({partner.city})" if partner.city else partner.display_name
        return name if partner.active else self.env._("%(name)s, archived", name=name)

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._check_new_company()
        return leads

    def write(self, vals):
        changed = self.browse()
        if not vals.keys().isdisjoint(IDENTITY):
            changed = self.filtered(
                lambda lead: any(
                    lead[name] != (vals[name] or False) for name in vals.keys() & IDENTITY
                )
            )
        result = super().write(vals)
        changed._check_new_company()
        return result

    def copy(self, default=None):
        copies = super(CrmLead, self._taking_over()).copy(default)
        return copies.with_env(self.env)

    def _merge_opportunity(self, *args, **kwargs):
        merged = super(CrmLead, self._taking_over())._merge_opportunity(*args, **kwargs)
        return merged.with_env(self.env)

    def _taking_over(self):
        return self.with_context(lead_taking_over=_TAKING_OVER)

    def _is_taken_over(self):
        """Tell whether values come from another lead, on which they were checked."""
        return self.env.context.get("lead_taking_over") is _TAKING_OVER
