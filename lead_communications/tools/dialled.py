"""The number behind what was dialled or shown: codes of the network, the digit for an outside line,
and what a telephone system or its carrier puts before numbers.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .phone import normalize, plain

#: ``#31#600…``, ``*31#600…``, ``*31*600…#``: the sign behind the code tells where it ends.
_CLOSED = re.compile(r"(?:[*#]{1,2}\d{1,4}[*#])+(\+?[\d\s()./-]{3,})#?")
#: ``*67600…``: what follows the code follows at once. Two digits are usual, three happen.
_OPEN = re.compile(r"[*#]{1,2}(\d\d)(\d?)(\+?[\d\s()./-]{3,})")
#: Codes without a sign that hide or show the own number for one call, by country.
_OF_COUNTRIES = {
    "AU": ("1831", "1832"),
    "ES": ("067",),
    "FR": ("3651", "3650"),
    "GB": ("141", "1470"),
    "GG": ("141", "1470"),
    "HK": ("133", "1357"),
    "IE": ("141", "142"),
    "IM": ("141", "1470"),
    "JE": ("141", "1470"),
    "JP": ("184", "186"),
    "NZ": ("0197", "0196"),
    "US": ("1167", "1182"),
    "CA": ("1167", "1182"),
}


@dataclass(frozen=True, slots=True)
class Rewrite:
    """What stands in the place of the beginning of numbers.

    :param strip: the beginning that is left out, digits, ``+``, ``*`` and ``#``.
    :param add: what is put there.
    :param direction: ``incoming`` or ``outgoing``, ``""`` for both.
    :param digits: how many digits the numbers have that it is for, 0 for any.
    """

    strip: str = ""
    add: str = ""
    direction: str = ""
    digits: int = 0

    def fits(self, number: str, direction: str) -> bool:
        """Tell whether it is for ``number``, which has no punctuation."""
        return (
            number.startswith(self.strip)
            and self.direction in ("", direction)
            and self.digits in (0, len(re.sub(r"\D", "", number)))
            # Nothing is left of it else.
            and number != self.strip
        )


def rewritten(number: str, direction: str, rules: Iterable[Rewrite]) -> str:
    """Return the number by the first of the rules that is for it; the text itself without one."""
    text = re.sub(r"[\s()./-]", "", plain(number))
    for rule in rules:
        if rule.fits(text, direction):
            return f"{rule.add}{text.removeprefix(rule.strip)}"
    return number


def behind_code(number: str, country_code: str) -> str:
    """Return the number that is called behind a code of the network; the text itself without one.

    The code of a service (``*97``, ``#31#``) is no number with a code.
    """
    text = number.strip()
    if match := _CLOSED.fullmatch(text):
        return match[1].strip()
    if match := _OPEN.fullmatch(text):
        two, three = match[2] + match[3], match[3]
        if not normalize(two, country_code) and match[2] and normalize(three, country_code):
            return three
        return two.strip()
    digits = re.sub(r"\D", "", text)
    for code in _OF_COUNTRIES.get((country_code or "").upper(), ()):
        rest = digits.removeprefix(code)
        behind = normalize(rest, country_code) if rest != digits else ""
        if behind and normalize(text, country_code) in ("", behind):
            return rest
    return text


def without_outside_digit(
    number: str, country_code: str, digits: tuple[str, ...], is_dialled: bool
) -> str:
    """Return the number without the digit that gets an outside line.

    It is left out where a whole number is left. Where both readings are one, what was dialled began
    with it; callers have it only on systems that put it before their numbers.

    :param digits: those that the telephone system wants to hear for an outside line.
    :param is_dialled: whether one of us has dialled the number.
    """
    text = number.strip()
    if not is_dialled and normalize(text, country_code):
        return text
    for digit in digits:
        rest = text.removeprefix(digit)
        if rest != text and (normalize(rest, country_code) or rest.startswith(("*", "#"))):
            return rest
    return text
