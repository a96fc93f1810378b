from odoo import models

from .contact_names import NAMES


class CrmLead(models.Model):
    """Which of the leads that are merged each value of the form is taken from.

    Values that belong together come from one lead: otherwise they would contradict each other.
    """

    _inherit = "crm.lead"

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), "direction_id", "product_tmpl_id"]

    def _merge_get_fields_specific(self):
        return super()._merge_get_fields_specific() | {
            "user_id": lambda _name, leads: leads._merged_owner().id,
            "existing_company_id": lambda _name, leads: leads._merged_company().id,
            "is_new_company": lambda name, leads: (
                not leads._merged_company() and any(leads.mapped(name))
            ),
            "vat": lambda _name, leads: leads._merged_vat(),
            "is_new_contact": lambda name, leads: not leads.partner_id and any(leads.mapped(name)),
            **dict.fromkeys(NAMES, lambda name, leads: leads.filtered("contact_name")[:1][name]),
            **dict.fromkeys(
                ("partner_company_id", "partner_representative_id"),
                lambda name, leads: leads.filtered("partner_company_id")[:1][name].id,
            ),
        }

    def _merged_owner(self):
        """Return the first owner who is still there."""
        return self.user_id.filtered("active")[:1] or self[:1].user_id

    def _merged_company(self):
        """Return the company of the contact that Odoo takes, else the first one chosen."""
        with_contact = self.filtered("partner_id")[:1]
        return (with_contact or self.filtered("existing_company_id")[:1]).existing_company_id

    def _merged_vat(self):
        """Return the first tax number of the company whose name Odoo takes."""
        named = self.filtered("partner_name")[:1].partner_name
        leads = self.filtered(lambda lead: not lead.partner_name or lead.partner_name == named)
        return leads.filtered("vat")[:1].vat
