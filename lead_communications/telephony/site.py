"""What is known of a telephone system beforehand, so that nothing has to be guessed."""

import re
from collections.abc import Set
from dataclasses import dataclass, replace
from functools import lru_cache

from ..tools.dialled import Rewrite, behind_code, rewritten, without_outside_digit
from ..tools.phone import is_reserved, local_part, normalize, plain
from ..tools.withheld import is_withheld
from .call_event import CallEvent, Leg


@dataclass(frozen=True, slots=True)
class Site:
    """Where a telephone system stands, and what is ours of the numbers and names it shows."""

    #: The time zone of its local times.
    tz: str = "UTC"
    #: Two letters of the country that its national numbers belong to, ``""`` if it has none.
    country_code: str = ""
    #: The telephones of people, as the system names them.
    extensions: Set[str] = frozenset()
    #: The own numbers, by :func:`line_key`.
    numbers: Set[str] = frozenset()
    #: The names of the lines to the outside, in small letters.
    trunks: Set[str] = frozenset()
    #: What is dialled for an outside line, each of them.
    outside_digits: tuple[str, ...] = ()
    #: What stands in the place of the beginnings of numbers; the first that fits.
    rewrites: tuple[Rewrite, ...] = ()

    def is_trunk(self, name: str) -> bool:
        return name.lower() in self.trunks

    def is_own_number(self, number: str) -> bool:
        """Tell whether ``number`` is one that customers call us under."""
        return bool(number) and line_key(number, self.country_code) in self.numbers

    def is_ours(self, number: str) -> bool:
        """Tell whether ``number`` is a telephone or a number of ours: never the counterpart."""
        if number in self.extensions or self.is_own_number(number):
            return True
        return not number.isdigit() and local_part(number) in self.extensions

    def counterpart(self, number: str, direction: str) -> str:
        """Return the number of the party outside as it can be called from anywhere in the country.

        ``""`` if it is withheld, or one of ours.
        """
        if not _is_shown(number):
            return ""
        if any(is_reserved(number.removeprefix(digit)) for digit in self.outside_digits):
            return ""
        if self.is_ours(number):
            return ""
        shown, number = number, rewritten(number, direction, self.rewrites)
        # The digit for the outside line stands before a code, or behind it.
        outside = self._without_outside_digit(number, direction)
        behind = behind_code(outside, self.country_code)
        if behind != outside.strip():
            if outside == number.strip():
                behind = self._without_outside_digit(behind, direction)
            behind = rewritten(behind, direction, self.rewrites)
        if behind == shown:
            return behind
        return behind if _is_shown(behind) and not self.is_ours(behind) else ""

    def _without_outside_digit(self, number: str, direction: str) -> str:
        return without_outside_digit(
            number, self.country_code, self.outside_digits, direction == "outgoing"
        )

    def clean(self, event: CallEvent) -> CallEvent:
        """Return ``event`` with the counterpart and the line as they are known here."""
        name = event.contact_name if _is_name(event.contact_name) else ""
        if event.legs or not self._is_known_line(event.line_number):
            return event.rewritten(self._clean_leg, contact_name=name)
        values = self._cleaned(event) | {"contact_name": name}
        if all(getattr(event, key) == value for key, value in values.items()):
            return event
        return replace(event, **values)

    def _clean_leg(self, leg: Leg) -> Leg:
        is_known_line = self._is_known_line(leg.line_number)
        return replace(leg, **self._cleaned(leg), is_known_line=is_known_line)

    def _cleaned(self, told: CallEvent | Leg) -> dict[str, str]:
        """Return direction and counterpart: whoever calls one of us stays inside."""
        number = self.counterpart(told.number, told.direction)
        is_inside = told.direction == "outgoing" and not number and _is_shown(told.number)
        return {"direction": "internal" if is_inside else told.direction, "number": number}

    def _is_known_line(self, number: str) -> bool:
        """Tell whether a number that was called is one of ours, as far as these are known."""
        return not (self.numbers and number) or self.is_own_number(number)


UNKNOWN = Site()
#: What programs write where they have nothing to write; as a name some people have it.
_NOTHING = ("null", "none", "nil", "nan", "undefined")


@lru_cache(maxsize=1024)
def _is_shown(number: str) -> bool:
    """Tell whether ``number`` is one, or the name of an account; else none is shown.

    Words are no number in whatever language they say so, nor is a sign, a letter or a row of zeros.
    """
    text = plain(number)
    if text.isascii() and text.isdigit():
        return len(text) > 1 and not is_reserved(text) and bool(text.strip("0"))
    if is_withheld(number) or is_reserved(number) or len(re.sub(r"[\W_]", "", text)) < 2:
        return False
    if text.lower() in _NOTHING:
        return False
    if re.search(r"\d", text):
        return bool(re.search(r"[1-9]", text))
    # The name of an account has neither blanks nor letters of another alphabet.
    return "@" in text or (text.isascii() and not re.search(r"\s", text))


@lru_cache(maxsize=1024)
def _is_name(text: str) -> bool:
    """Tell whether ``text`` names somebody: one letter (``P`` for private) or signs name nobody."""
    letters = re.sub(r"[\W_]", "", text)
    return len(letters) > letters.isascii() and not is_withheld(text) and not is_reserved(text)


def line_key(number: str, country_code: str) -> str:
    """Return what an own number is compared by: E.164, else the text itself."""
    return normalize(number, country_code) or (number or "").strip()
