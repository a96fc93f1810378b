"""Tax numbers as people write them: what they are without spaces, dashes and the country."""

import re
from typing import NamedTuple

from stdnum.util import get_cc_module

#: What Odoo's contacts have where a company is not subject to tax.
NOT_SUBJECT = "/"
LENGTHS = (9, 10, 12)

_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
# In front of a tax number some countries write other letters than their code.
_COUNTRY_OF_PREFIX = {"EL": "GR", "XI": "GB"}


class TaxNumber(NamedTuple):
    """A tax number; ``country`` is the ISO code in front of it, empty if there is none."""

    country: str
    number: str


def compact(text):
    """Return the number in one word, with its prefix: ``PL 123-456-78-83`` → ``PL1234567883``."""
    text = (text or "").strip()
    return text if text == NOT_SUBJECT else _SEPARATORS.sub("", text).upper()


def read(text):
    """Return the :class:`TaxNumber` in a text; two letters in front are a country."""
    word = compact(text)
    if word == NOT_SUBJECT:
        return TaxNumber("", "")
    if not word[:2].isalpha():
        return TaxNumber("", word)
    return TaxNumber(_COUNTRY_OF_PREFIX.get(word[:2], word[:2]), word[2:])


def is_valid(text, country=""):
    """Tell whether it has 9, 10 or 12 digits, or is valid for its country.

    :param country: ISO code of where the company is, for a number without a prefix.
    """
    word = compact(text)
    prefix, number = read(text)
    if word == NOT_SUBJECT or (number.isdecimal() and len(number) in LENGTHS):
        return True
    return _follows_rules(prefix, number) or _follows_rules(country, word)


def _follows_rules(country, number):
    rules = get_cc_module(country, "vat") if country else None
    return bool(rules) and rules.is_valid(number)


def is_same(one, other, country="", other_country=""):
    """Tell whether two texts are one number: equal, and not known to be of two countries.

    :param country: ISO code for ``one``, if there is no prefix; ``other_country`` for ``other``.
    """
    one, other = read(one), read(other)
    countries = {one.country or country, other.country or other_country} - {""}
    return bool(one.number) and one.number == other.number and len(countries) < 2
