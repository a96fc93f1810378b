import secrets

from odoo import api, fields, models

from odoo.addons.base.models.res_partner import _tz_get

from ... import telephony


class LeadPbx(models.Model):
    """A telephone system that reports its calls.

    The key in the address names it and is no secret; the secret signs what it sends. Administrators
    manage it; salespeople see its name on their calls only.
    """

    _name = "lead.pbx"
    _inherit = ["lead.references"]
    _description = "Telephone System"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    provider = fields.Selection(selection="_selection_provider", required=True, default="asterisk")
    active = fields.Boolean(default=True)

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        compute="_compute_country_id",
        store=True,
        precompute=True,
        readonly=False,
        help="Numbers without a country code belong to this country.",
    )
    tz = fields.Selection(
        selection=_tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Its local times are in this time zone.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        check_company=True,
        help="The team that receives the calls of unknown lines.",
    )
    line_ids = fields.One2many(
        comodel_name="lead.pbx.line", inverse_name="pbx_id", string="Lines", copy=True
    )

    key = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: secrets.token_urlsafe(12)
    )
    secret_is_given = fields.Boolean(compute="_compute_provider")
    _key_unique = models.Constraint("UNIQUE(key)", "Another telephone system has this key.")

    def _selection_provider(self):
        """Return the kinds of telephone systems; the names of products are in no language."""
        others = {
            "generic": self.env._("Other (Signed JSON)"),
            "mapped": self.env._("Other (Mapped)"),
        }
        return [(key, others.get(key, name)) for key, name in telephony.selection()]

    @api.depends("company_id")
    def _compute_country_id(self):
        for pbx in self:
            pbx.country_id = pbx.company_id.country_id or pbx.country_id

    @api.depends("provider")
    def _compute_provider(self):
        for pbx in self:
            provider = telephony.PROVIDERS.get(pbx.provider)
            pbx.secret_is_given = bool(provider) and provider.SECRET_IS_GIVEN
            pbx.has_configuration = hasattr(provider, "configuration")

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        systems = super().create(vals_list)
        self.env["lead.communication"]._sync_features()
        return systems

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env["lead.communication"]._sync_features()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["lead.communication"]._sync_features()
        return result

    @api.model
    def _find_by_key(self, key):
        """Return the active telephone system that ``key`` names, as superuser, or an empty one."""
        # sudo: lead.pbx - the sender is no user; what they send proves itself by its signature
        pbx = self.sudo().search_fetch([("key", "=", key)], limit=1)
        return pbx if pbx.provider in telephony.PROVIDERS else pbx.browse()
