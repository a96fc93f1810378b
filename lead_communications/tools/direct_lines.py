"""Direct lines behind a switchboard: numbers that differ in their last digits alone.

A switchboard is known by its ending, a 0 or several (030 123456-0, 22 123 41 00), or by the way it
is written; a number that only stands beside another one says nothing. Mobile telephones and
numbers that are free of charge have no lines behind them.
"""

from functools import lru_cache

import phonenumbers

#: So many digits of a direct line can be compared.
MOST_DIGITS = 4
#: What is left of a national number without its last digits is still that of one company.
_SHORTEST_STEM = 5
_TYPES = frozenset(
    {
        phonenumbers.PhoneNumberType.FIXED_LINE,
        # North America does not tell them apart.
        phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
        phonenumbers.PhoneNumberType.UAN,
        phonenumbers.PhoneNumberType.VOIP,
    }
)


def stem_of(number: str, digits: int) -> str:
    """Return ``number`` without its last digits; ``""`` if no lines are behind such a number.

    :param number: in E.164.
    """
    return number[:-digits] if digits <= _room(number) else ""


def stems(number: str, digits: int) -> list[str]:
    """Return the beginnings that a line has in common with its switchboard, the longest first.

    :param number: in E.164; itself the first, if the switchboard shows it without a 0.
    :param digits: how many of the last ones may differ.
    """
    room = min(digits, _room(number))
    return [number[: len(number) - count] for count in range(room + 1)] if room else []


def switchboards(number: str, digits: int) -> list[str]:
    """Return the numbers of switchboards behind which ``number`` can be a line, E.164.

    Those are its beginnings, alone or with zeros in place of the digits that may differ.
    """
    room = min(digits, _room(number))
    found = [
        f"{number[: len(number) - count]}{'0' * zeros}"
        for count in range(room + 1)
        for zeros in range(max(count, 1) + 1)
    ]
    return [one for one in dict.fromkeys(found) if one != number] if room else []


def stem_of_switchboard(number: str, digits: int) -> str:
    """Return the beginning of the lines behind ``number``; ``""`` if it looks like no switchboard.

    :param number: in E.164.
    """
    zeros = min(len(number) - len(number.rstrip("0")), digits)
    return stem_of(number, zeros) if zeros else ""


@lru_cache(maxsize=16384)
def _room(number: str) -> int:
    """Return how many of the last digits can be those of a line."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return 0
    if phonenumbers.number_type(parsed) not in _TYPES:
        return 0
    length = len(phonenumbers.national_significant_number(parsed))
    return max(0, min(MOST_DIGITS, length - _SHORTEST_STEM))
