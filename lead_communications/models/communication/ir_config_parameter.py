from odoo import api, models
from odoo.exceptions import ValidationError

from ...tools import direct_lines, phone_text
from .candidate_phone import (
    DEFAULT_HINT_DIGITS,
    DEFAULT_SWITCHBOARD_DIGITS,
    HINT_DIGITS,
    SWITCHBOARD_DIGITS,
)
from .claim import CLAIM_MINUTES, DEFAULT_CLAIM_MINUTES
from .crm_team import DEFAULT_DECIDE_HOURS, LONGEST_DECIDE_HOURS
from .reminder import DECIDE_HOURS

A_YEAR_OF_MINUTES = 366 * 24 * 60


class IrConfigParameter(models.Model):
    """Our settings that are numbers: what is none is refused where it is typed.

    Parameters are texts, and administrators may write them past the settings. What got there all
    the same, by a script, counts as if nothing was set: no list fails because of it.
    """

    _inherit = "ir.config_parameter"

    @api.model
    def _lead_numbers(self):
        """Return ``{key: (default, smallest, largest)}`` of the settings that are whole numbers.

        For extension.
        """
        sizes = phone_text.HINT_DIGITS
        return {
            CLAIM_MINUTES: (DEFAULT_CLAIM_MINUTES, 0, A_YEAR_OF_MINUTES),
            DECIDE_HOURS: (DEFAULT_DECIDE_HOURS, 0, LONGEST_DECIDE_HOURS),
            HINT_DIGITS: (DEFAULT_HINT_DIGITS, sizes[0], sizes[-1]),
            SWITCHBOARD_DIGITS: (DEFAULT_SWITCHBOARD_DIGITS, 0, direct_lines.MOST_DIGITS),
        }

    @api.model
    def _lead_number(self, key):
        """Return a setting that is a whole number; its default when it is not set, or is none."""
        default, smallest, largest = self._lead_numbers()[key]
        # sudo: ir.config_parameter - a setting of the administrator
        number = _whole_number(self.sudo().get_param(key))
        return number if number is not None and smallest <= number <= largest else default

    @api.constrains("key", "value")
    def _check_lead_numbers(self):
        numbers = self._lead_numbers()
        for parameter in self.filtered(lambda one: one.key in numbers):
            _default, smallest, largest = numbers[parameter.key]
            number = _whole_number(parameter.value)
            if number is None or not smallest <= number <= largest:
                raise ValidationError(
                    self.env._(
                        "“%(value)s” cannot be the value of %(key)s: it is a whole number from"
                        " %(smallest)s to %(largest)s.",
                        value=parameter.value,
                        key=parameter.key,
                        smallest=smallest,
                        largest=largest,
                    )
                )


def _whole_number(text):
    """Return the number that a text is, without a sign; None if it is none."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() else None
