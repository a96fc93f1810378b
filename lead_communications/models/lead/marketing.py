from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.sql import column_exists, create_column


class CrmLead(models.Model):
    """What a lead is about, who owns it, and which partner company works on it with us.

    Odoo has the rest: campaign (``campaign_id``), content distribution channel
    (``medium_id``), customer requirements (``description``), owner (``user_id``), city (``city``).
    """

    _inherit = "crm.lead"

    direction_id = fields.Many2one(
        comodel_name="lead.sales.direction",
        string="Sales direction",
        check_company=True,
        index="btree_not_null",
        tracking=True,
    )
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Service/Product",
        domain=[("sale_ok", "=", True)],
        check_company=True,
        index="btree_not_null",
        help="What the lead is interested in.",
    )
    partner_company_id = fields.Many2one(
        comodel_name="res.partner",
        string="Partner company",
        compute="_compute_partner_company_id",
        store=True,
        readonly=False,
        domain=[("is_company", "=", True)],
        check_company=True,
        index="btree_not_null",
        help="A partner company that joins the work on the lead.",
    )
    partner_representative_id = fields.Many2one(
        comodel_name="res.partner",
        string="Partner representative",
        domain="[('is_company', '=', False), ('commercial_partner_id', '=?', partner_company_id)]",
        check_company=True,
        index="btree_not_null",
        help="Who represents the partner company.",
    )

    def _auto_init(self):
        """Leave the leads that are there alone: none of them has a partner company yet."""
        if not column_exists(self.env.cr, self._table, "partner_company_id"):
            create_column(self.env.cr, self._table, "partner_company_id", "int4")
        return super()._auto_init()

    @api.depends("partner_representative_id")
    def _compute_partner_company_id(self):
        for lead in self.filtered("partner_representative_id"):
            company = lead.partner_representative_id.commercial_partner_id
            if company.is_company:
                lead.partner_company_id = company

    @api.onchange("partner_company_id")
    def _onchange_partner_company_id(self):
        person = self.partner_representative_id
        if person and person.commercial_partner_id != self.partner_company_id:
            self.partner_representative_id = False

    @api.constrains("partner_company_id", "partner_representative_id")
    def _check_partner_representative(self):
        for lead in self:
            person = lead.partner_representative_id
            if person and (
                person.is_company or person.commercial_partner_id != lead.partner_company_id
            ):
                raise ValidationError(
                    self.env._(
                        "The partner representative is not a contact of the partner company."
                    )
                )

    @api.constrains("user_id")
    def _check_owner(self):
        if not self._is_typed_in():  # Odoo's jobs leave a lead to whoever runs them
            return
        if self.user_id.filtered(lambda user: user.share or not user.active):
            raise ValidationError(self.env._("The salesperson of a lead is an active employee."))

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for lead, values in zip(self, vals_list, strict=True):
            if not lead.user_id.active and values.get("user_id") == lead.user_id.id:
                values["user_id"] = False
        return vals_list
