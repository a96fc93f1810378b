"""Telephone numbers as a PBX shows them, turned into keys that can be compared.

The result has to equal what Odoo stores in ``phone_sanitized`` of leads and contacts, or an
exact search finds nothing: :func:`normalize` therefore reads a number in Odoo's order
(``addons/phone_validation/tools/phone_validation.py``) and only adds what a PBX writes around it.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

#: "ANONYMOUS" typed on a keypad, sent by several carriers in place of a withheld number. It would
#: pass as a valid number in many countries.
_RESERVED = frozenset({"266696687"})
#: The same for "RESTRICTED", "BLOCKED", "UNKNOWN" and "UNAVAILABLE". Some of them are real national
#: numbers somewhere, so only their international spelling is refused.
_RESERVED_INTERNATIONAL = frozenset({"7378742833", "2562533", "8566696", "86282452253"})

_ADDRESS = re.compile(r"<([^<>]*)>")
_SCHEME = re.compile(r"^(?:sips?|tel|callto|pjsip|iax2?):(?://)?", re.IGNORECASE)
_TRUNK_ZERO = re.compile(r"^((?:\+|00)?[\d\s./-]+)\(\s*0\s*\)")
#: A spreadsheet takes a number for one that can have a fraction.
_FRACTION = re.compile(r"(?<=\d{7})[.,]0+$")
#: Numbers of before a renumbering of the whole country, as they are called since: Mexico left out
#: the 1 of mobile telephones (2019), Benin put 01 before all numbers (2024).
_RENUMBERED = (
    (re.compile(r"\+521(\d{10})"), r"+52\1"),
    (re.compile(r"\+229(\d{8})"), r"+22901\1"),
)
#: ``Phone: +48…``, ``tel. 600…``
_LABEL = re.compile(r"^[^\W\d_]{1,15}(?:[ .]{0,2}[^\W\d_]{1,15})?\s*[.:=]{0,2}\s*(?=[+(\d])")
_EXTENSION = re.compile(r"^\d{2,6}$")


def is_extension(text: str | None) -> bool:
    """Whether ``text`` is the short number of a telephone inside the company (2 to 6 digits)."""
    return bool(text) and bool(_EXTENSION.match(text.strip()))


def plain(text: str) -> str:
    """Return a number without invisible marks, in plain digits and signs.

    Numbers that are copied from contacts and chats have marks around them, others full-width or
    Arabic digits.
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text)
    kept = (char for char in text if unicodedata.category(char) not in ("Cf", "Cc"))
    return "".join(
        str(unicodedata.digit(char)) if char.isdigit() and not char.isascii() else char
        for char in kept
    ).strip()


def typed(text: str) -> str:
    """Return the number that a person has typed or pasted, without the word before it.

    A text that is no number stays as it is.
    """
    number = plain(text).strip()
    return _LABEL.sub("", number) if not _SCHEME.match(number) else number


def is_reserved(number: str) -> bool:
    """Tell whether ``number`` spells that none is shown, on the keys of a telephone."""
    text = local_part(number)
    digits = re.sub(r"\D", "", text).removeprefix("00")
    is_international = text.startswith(("+", "00"))
    return digits in _RESERVED or (is_international and digits in _RESERVED_INTERNATIONAL)


@lru_cache(maxsize=16384)
def normalize(number: str | None, country_code: str | None) -> str:
    """Return ``number`` in E.164 (``+48221234567``), or ``""`` if it is no whole number.

    :param number: as the PBX or a person wrote it: national, international, with punctuation or an
        extension, a ``sip:`` or ``tel:`` address, ``anonymous``, an internal extension...
    :param country_code: two letters of the country that national numbers belong to; without one
        only international numbers can be read
    """
    text = _FRACTION.sub("", local_part(plain(number or "")))
    if not text or text[0] not in "+0123456789(":
        return ""
    if is_reserved(text):
        return ""
    region = (country_code or "").upper() or None
    spellings = _spellings(text, region)
    found = (_parse(spelling, region) for spelling in [*spellings, *_renumbered(spellings, region)])
    parsed = next(filter(None, found), None)
    return _e164(parsed) if parsed else ""


def local_part(number: str) -> str:
    """Return the user of ``"Name" <sip:user@host;params>``, or the text itself if it is none."""
    if match := _ADDRESS.search(number):
        number = match.group(1)
    number = _SCHEME.sub("", number.strip())
    return re.split(r"[@;]", number)[0].strip()


def _spellings(text: str, region: str | None) -> list[str]:
    """Return the ways to read ``text``: as dialled in the country, with 00 for +, without the +.

    Without a country the last one is no way to read it: 600111222 would become a Malaysian number.
    """
    # In Italy the zero in brackets is part of the number, elsewhere it is left out.
    spellings = [text, _TRUNK_ZERO.sub(r"\1", text)]
    if text.startswith("00"):
        spellings += [f"+{spelling[2:]}" for spelling in spellings]
    elif region and not text.startswith("+"):
        spellings += [f"+{spelling}" for spelling in spellings]
    return spellings


def _parse(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    """Return the valid number that ``text`` is in ``region``, or None."""
    try:
        parsed = phonenumbers.parse(text, region)
        # Odoo reads its own international format once more: that applies its corrections of the
        # library's data (Brazil's ninth digit, for one), and our key has to come out the same.
        written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        parsed = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    return parsed if phonenumbers.is_valid_number(parsed) else None


def _renumbered(spellings: list[str], region: str | None) -> Iterator[str]:
    """Yield as it is called now what has been a number before; all that is one goes before."""
    for spelling in spellings:
        try:
            number = _e164(phonenumbers.parse(spelling, region))
        except phonenumbers.NumberParseException:
            continue
        yield from (old.sub(new, number) for old, new in _RENUMBERED if old.fullmatch(number))


def _e164(parsed: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
