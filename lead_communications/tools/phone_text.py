"""The numbers in a text that people wrote into a field for one.

There are two in it, or a remark, an extension, a number that is dialled within a country or was
before a renumbering. What is a whole number is read by :func:`.phone.normalize`; of the rest there
are digits, whose last ones are a hint.
"""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

from .direct_lines import stem_of
from .phone import is_reserved, local_part, normalize, plain

#: So many last digits can be compared; fewer are a part of many numbers.
HINT_DIGITS = range(7, 11)
#: Before the beginning that a switchboard has in common with the direct lines behind it.
STEM = "/"

_LONGEST = 15
_LONGEST_TEXT = 200
_MOST_NUMBERS = 8
_MOST_GROUPS = 16
_SCHEME = re.compile(r"\s*(?:sips?|tel|callto):", re.IGNORECASE)
#: What stands between two numbers, or between a number and words.
_BETWEEN = re.compile(r"[^\d\s()+./-]+")
_NEXT_NUMBER = re.compile(r"(?<=\d)[\s(./-]*(?=\+)")
_PLAIN = re.compile(r"[+(]?[\d ().-]+")
#: ``030 123456-0``, the only hyphen: what stands behind it is the telephone behind a switchboard.
_TELEPHONE = re.compile(r"[^-]*\d\s*-\s*(\d{1,4})")
#: ``…5001/02``, ``…123456-0/-22``: another ending of the number before.
_ENDING = re.compile(r"\s*-?\s*(\d{1,4})\s*")


@dataclass(frozen=True, slots=True)
class PhoneText:
    """What a text has of numbers.

    :param numbers: the whole ones, E.164, in their order.
    :param digits: those of what is no whole number by the country's rules; with a ``+`` if it was
        written with the code of a country.
    :param stems: beginnings of numbers, E.164, behind which people wrote a telephone of its own.
    """

    numbers: tuple[str, ...] = ()
    digits: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()


def is_plain(text: str, number: str | None) -> bool:
    """Tell whether ``text`` is nothing but ``number`` (E.164): nearly all texts are."""
    if not number or not _PLAIN.fullmatch(text) or _TELEPHONE.fullmatch(text):
        return False
    return _digits(text)[-HINT_DIGITS[0] :] == number[-HINT_DIGITS[0] :]


def read(text: str | None, country_code: str | None) -> PhoneText:
    """Return the numbers in ``text``, as far as they can be told from each other.

    :param country_code: two letters of the country that national numbers belong to.
    """
    reader = _Reader(country_code)
    for line in (text or "")[:_LONGEST_TEXT].splitlines():
        if _SCHEME.match(line):
            reader.add(local_part(plain(line)))
            continue
        for piece in _BETWEEN.split(_with_hyphens(plain(line))):
            for number in _NEXT_NUMBER.split(piece):
                reader.add_several(number)
    return PhoneText(
        *(tuple(dict.fromkeys(found)) for found in (reader.numbers, reader.unread, reader.stems))
    )


def only_number(text: str, country_code: str | None) -> str:
    """Return the one whole number in ``text`` (E.164), ``""`` if there is none or are several."""
    found = read(text, country_code)
    return found.numbers[0] if len(found.numbers) == 1 and not found.digits else ""


def keys(text: str | None, number: str | None, country_code: str | None) -> list[str]:
    """Return by what a record with this text is found beside ``number``, its number in E.164.

    Each further number (``+48…``), its last digits in each size of ``HINT_DIGITS``, and beginnings
    of switchboards, with ``STEM`` before them.
    """
    if not text or is_plain(text, number):
        return []
    found = read(text, country_code)
    others = [other for other in found.numbers if other != number]
    endings = [
        ending
        for digits in (*others, *found.digits)
        for ending in _endings(digits)
        if not (number or "").endswith(ending)
    ]
    stems = [*found.stems, *(digits for digits in found.digits if digits.startswith("+"))]
    return list(dict.fromkeys([*others, *endings, *(f"{STEM}{stem}" for stem in stems)]))


def last_digits(number: str | None, shown: str | None, size: int) -> str:
    """Return the last ``size`` digits of a number, ``""`` if it has fewer or is no number.

    :param number: in E.164, if it is a whole number.
    :param shown: as the telephone system showed it.
    """
    text = number or plain(local_part(shown or ""))
    digits = _digits(text)
    if is_reserved(text) or re.search(r"[^\W\d_]", text) or len(digits) > _LONGEST:
        return ""
    return digits[-size:] if len(digits) >= size else ""


class _Reader:
    """Collects what the pieces of a text are."""

    def __init__(self, country_code):
        self.country_code = country_code
        code = phonenumbers.country_code_for_region((country_code or "").upper())
        self.calling_code = f"+{code}" if code else None
        self.numbers, self.unread, self.stems = [], [], []

    def add_several(self, text):
        """Add the numbers between slashes, which also stand behind an area code."""
        first, *others = text.split("/")
        for other in others:
            before, behind = len(_digits(first)), len(_digits(other))
            if before >= HINT_DIGITS[0] and (ending := _ENDING.fullmatch(other)):
                self.add(first)
                first = _with_ending(first, ending[1])
            elif before >= HINT_DIGITS[0] and behind >= HINT_DIGITS[0] - 1:
                self.add(first)
                first = other
            else:
                first = f"{first} {other}"
        self.add(first)

    def add(self, text):
        text = re.sub(r"^[^\d+(]+|\D+$", "", text)
        if len(self.numbers) + len(self.unread) >= _MOST_NUMBERS or not text:
            return
        if number := self._normalized(text):
            self.numbers.append(number)
            telephone = _TELEPHONE.fullmatch(text)
            if telephone and (stem := stem_of(number, len(telephone[1]))):
                self.stems.append(stem)
        else:
            self._add_groups(text)

    def _normalized(self, text):
        return normalize(text, self.country_code) if len(_digits(text)) <= _LONGEST + 3 else ""

    def _add_groups(self, text):
        """Add the numbers that stand side by side, the longest that each group begins."""
        groups = text.split()
        at = 0 if 1 < len(groups) <= _MOST_GROUPS else len(groups)
        rest = [] if at == 0 else [text]
        while at < len(groups):
            for end in range(len(groups), at, -1):
                number = self._normalized(" ".join(groups[at:end]))
                # Two numbers that are joined can be one of another country.
                if number and self._is_as_written(number, groups[at]):
                    self._add_unread(rest)
                    self.numbers.append(number)
                    rest, at = [], end
                    break
            else:
                rest.append(groups[at])
                at += 1
        self._add_unread(rest)

    def _is_as_written(self, number, beginning):
        is_international = beginning.startswith(("+", "(+", "00"))
        return is_international or bool(self.calling_code and number.startswith(self.calling_code))

    def _add_unread(self, groups):
        text = "".join(groups)
        digits = _digits(text)
        if HINT_DIGITS[0] <= len(digits) <= _LONGEST and not is_reserved(text):
            self.unread.append(f"+{digits}" if text.startswith("+") else digits)


def _with_ending(text, ending):
    """Return the number with another ending: behind its only hyphen, else in place of its last."""
    if _TELEPHONE.fullmatch(text.strip()):
        return f"{text.rpartition('-')[0]}-{ending}"
    return f"{text.rstrip()[: -len(ending)]}{ending}"


def _with_hyphens(text):
    if text.isascii():
        return text
    return "".join("-" if unicodedata.category(char) == "Pd" else char for char in text)


def _endings(number):
    digits = _digits(number)
    return [digits[-size:] for size in HINT_DIGITS if len(digits) >= size]


def _digits(text):
    return re.sub(r"\D", "", text)
