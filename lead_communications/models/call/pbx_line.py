from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...telephony.switchboard import line_key

_DAYS = "COALESCE(date_from, '-infinity'::date), COALESCE(date_until, 'infinity'::date)"


class LeadPbxLine(models.Model):
    """Whose an extension is, and which team, person and source an own number (DID) stands for."""

    _name = "lead.pbx.line"
    _inherit = ["lead.pbx.part"]
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
    date_from = fields.Date(
        string="From", help="The first day on which this is so. Empty: since ever."
    )
    date_until = fields.Date(
        string="Until",
        help="The last day on which this is so. Calls of these days stay with who had the line.",
    )
    source_id = fields.Many2one(
        comodel_name="utm.source", help="Where the leads of calls to this number come from."
    )

    _extension_unique = models.UniqueIndex(
        f"(pbx_id, extension, {_DAYS}) WHERE extension <> ''",
        "This extension already exists.",
    )
    _number_unique = models.UniqueIndex(
        f"(pbx_id, number_sanitized, {_DAYS}) WHERE number_sanitized <> ''",
        "This number already exists.",
    )
    _extension_or_number = models.Constraint(
        "CHECK(COALESCE(extension, '') <> '' OR COALESCE(number, '') <> '')",
        "A line needs an extension or a number.",
    )

    _dates_order = models.Constraint(
        "CHECK (date_until >= date_from)", "A line cannot end before it begins."
    )

    @api.depends("pbx_id.company_id")
    def _compute_company_id(self):
        for line in self:
            line.company_id = line.pbx_id.company_id

    @api.depends("number", "pbx_id.country_id")
    def _compute_number_sanitized(self):
        for line in self:
            line.number_sanitized = line_key(line.number, line.pbx_id.country_id.code) or False

    @api.constrains("pbx_id", "extension", "number_sanitized", "date_from", "date_until")
    def _check_dates(self):
        """Refuse two lines of the same days; one without dates is for all other days."""
        for line in self.filtered(lambda one: one.date_from or one.date_until):
            others = (line.pbx_id.line_ids - line).filtered(
                lambda one: one.date_from or one.date_until
            )
            for other in others.filtered(line._is_at_the_same_time):
                for name in ("extension", "number_sanitized"):
                    if line[name] and line[name] == other[name]:
                        raise ValidationError(
                            self.env._(
                                "“%(line)s” is there twice on the same days.",
                                line=line.extension if name == "extension" else line.number,
                            )
                        )

    def _is_at_the_same_time(self, other):
        self.ensure_one()
        begins = not (self.date_until and other.date_from) or other.date_from <= self.date_until
        ends = not (self.date_from and other.date_until) or self.date_from <= other.date_until
        return begins and ends

    @api.depends("number", "extension")
    def _compute_display_name(self):
        for line in self:
            line.display_name = line.number or line.extension

    @api.model
    def _stripped(self, vals):
        texts = {name: vals[name] for name in ("extension", "number") if vals.get(name)}
        return vals | {name: text.strip() for name, text in texts.items()}
