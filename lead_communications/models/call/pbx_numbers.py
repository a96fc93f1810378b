import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...telephony.site import Site
from ...telephony.switchboard import line_key, split_names
from ...tools.phone import normalize
from .pbx_rewrite import RULE_FIELDS


class LeadPbx(models.Model):
    """What is known of the numbers that a telephone system shows."""

    _inherit = "lead.pbx"

    trunks = fields.Char(
        help="The lines to the outside as the system names them, separated by commas: carrier,"
        " 123456. A call that comes or goes by one of them is one with somebody outside."
    )
    outside_digits = fields.Char(
        string="Digit for an Outside Line",
        help="What is dialled before numbers outside, such as 0 or 9; several are separated by"
        " commas.",
    )
    rewrite_ids = fields.One2many(
        comodel_name="lead.pbx.rewrite",
        inverse_name="pbx_id",
        string="Rewriting Rules",
        copy=True,
    )
    tried_number = fields.Char(
        string="Try a Number",
        compute="_compute_tried_number",
        readonly=False,
        help="A number as the system shows it, to see at once what becomes of it.",
    )
    tried_result = fields.Char(string="Becomes", compute="_compute_tried_result")

    def _compute_tried_number(self):
        self.tried_number = False  # it is for the moment

    @api.depends(
        *("tried_number", "outside_digits", "country_id"),
        *("line_ids.number", "line_ids.extension"),
        *(f"rewrite_ids.{name}" for name in RULE_FIELDS),
    )
    def _compute_tried_result(self):
        for pbx in self:
            number = (pbx.tried_number or "").strip()
            pbx.tried_result = number and pbx._describe_number(number)

    @api.constrains("outside_digits")
    def _check_outside_digits(self):
        for pbx in self:
            if not all(
                re.fullmatch(r"[0-9*#]{1,4}", digits, re.ASCII)
                for digits in split_names(pbx.outside_digits)
            ):
                raise ValidationError(
                    self.env._("For an outside line one digit is dialled, or a few: 0, 9, 00.")
                )

    def _describe_number(self, number):
        """Return what becomes of a number that is dialled, and of one that calls."""
        site = self._described_site()
        found = [site.counterpart(number, way) for way in ("outgoing", "incoming")]
        shown = [normalize(text, site.country_code) or text for text in found]
        none = self.env._("no number: withheld, or one of ours")
        outgoing, incoming = (text or none for text in shown)
        if outgoing == incoming:
            return outgoing
        return self.env._(
            "%(outgoing)s when dialled, %(incoming)s when it calls",
            outgoing=outgoing,
            incoming=incoming,
        )

    def _described_site(self):
        """Return what is known by the form, which may not be saved yet."""
        country_code = self.country_id.code or ""
        return Site(
            country_code=country_code,
            extensions=set(self.line_ids.filtered("extension").mapped("extension")),
            numbers={line_key(line.number, country_code) for line in self.line_ids if line.number},
            outside_digits=tuple(split_names(self.outside_digits)),
            rewrites=self.rewrite_ids._as_rules(),
        )
