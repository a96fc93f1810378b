from odoo import api, fields, models

from ...telephony.switchboard import line_key


class LeadPbxLine(models.Model):
    """Whose an extension is, and which team, person and source an own number (DID) stands for."""

    _name = "lead.pbx.line"
    _inherit = ["lead.references"]
    _description = "Line of a Telephone System"
    _order = "pbx_id, number, extension, id"
    _rec_names_search = ["number", "extension"]
    _check_company_auto = True

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx", string="Telephone System", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        compute="_compute_company_id",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="The company that the calls to this number are for.",
    )
    extension = fields.Char(help="The telephone of the salesperson, as the system names it.")
    number = fields.Char(help="An own number that customers call.")
    number_sanitized = fields.Char(compute="_compute_number_sanitized", store=True)

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Salesperson",
        check_company=True,
        domain=[("share", "=", False)],
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        check_company=True,
        help="The team that receives the calls to this number.",
    )
    source_id = fields.Many2one(
        comodel_name="utm.source", help="Where the leads of calls to this number come from."
    )

    _extension_unique = models.UniqueIndex(
        "(pbx_id, extension) WHERE extension <> ''",
        "This extension is there already.",
    )
    _number_unique = models.UniqueIndex(
        "(pbx_id, number_sanitized) WHERE number_sanitized <> ''",
        "This number is there already.",
    )
    _extension_or_number = models.Constraint(
        "CHECK(COALESCE(extension, '') <> '' OR COALESCE(number, '') <> '')",
        "A line needs an extension or a number.",
    )

    @api.depends("pbx_id.company_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.pbx_id.company_id

    @api.depends("number", "pbx_id.country_id")
    def _compute_number_sanitized(self):
        for line in self:
            line.number_sanitized = line_key(line.number, line.pbx_id.country_id.code) or False

    @api.depends("number", "extension")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.number or line.extension

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create([self._stripped(vals) for vals in vals_list])
        self.env.registry.clear_cache()  # of lead.pbx._switchboard()
        return lines

    def write(self, vals):
        result = super().write(self._stripped(vals))
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    def _stripped(self, vals):
        """Return ``vals`` with the texts as the telephone system would write them."""
        texts = {name: vals[name] for name in ("extension", "number") if vals.get(name)}
        return vals | {name: text.strip() for name, text in texts.items()}
