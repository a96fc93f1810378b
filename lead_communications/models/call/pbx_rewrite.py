import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.dialled import Rewrite

RULE_FIELDS = ("sequence", "direction", "strip", "digits", "add")
# Longer ones are no numbers.
MOST_DIGITS = 20


class LeadPbxRewrite(models.Model):
    """What a telephone system or its carrier puts before numbers, or leaves out of them."""

    _name = "lead.pbx.rewrite"
    _inherit = ["lead.pbx.part"]
    _description = "Rewriting Rule of a Telephone System"
    _order = "pbx_id, sequence, id"
    _rec_name = "strip"

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx",
        string="Telephone System",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    direction = fields.Selection(
        selection=[("incoming", "Who calls"), ("outgoing", "Who is called")],
        help="Empty: numbers of both.",
    )
    strip = fields.Char(
        string="Prefix to Strip", help="The beginning of the numbers; it is left out."
    )
    digits = fields.Integer(
        help="Only for numbers with so many digits, the prefix included; 0: any."
    )
    add = fields.Char(string="Prefix to Add", help="It is added in front of what is left.")

    @api.constrains("pbx_id", "strip", "digits", "add")
    def _check_rule(self):
        for rule in self:
            for prefix in (rule.strip, rule.add):
                if prefix and not re.fullmatch(r"\+?[0-9*#]{0,15}", prefix, re.ASCII):
                    raise ValidationError(
                        self.env._("A prefix is made of digits: 990, 0, 00, +48, *31*.")
                    )
            if not 0 <= rule.digits <= MOST_DIGITS:
                raise ValidationError(
                    self.env._("Numbers have up to %s digits.", MOST_DIGITS),
                )
            if not (rule.strip or (rule.digits and rule.add)):
                raise ValidationError(
                    self.env._(
                        "Enter the prefix to strip, or the prefix to add and how many digits the"
                        " numbers have."
                    )
                )

    @api.model
    def _stripped(self, vals):
        texts = {name: vals[name] for name in ("strip", "add") if vals.get(name)}
        return vals | {name: re.sub(r"[\s()./-]", "", text) for name, text in texts.items()}

    def _as_rules(self):
        """Return the rules as plain data, in their order; those that are not complete are none."""
        return tuple(
            Rewrite(
                strip=rule._stripped({"strip": rule.strip})["strip"] or "",
                add=rule._stripped({"add": rule.add})["add"] or "",
                direction=rule.direction or "",
                digits=rule.digits,
            )
            for rule in self.sorted(lambda rule: (rule.sequence, rule._origin.id or 0))
            if rule.strip or (rule.digits and rule.add)
        )
