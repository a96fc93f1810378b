"""Tax numbers as people write them: what they are without spaces, dashes and the country."""

import re
import unicodedata
from typing import NamedTuple

from stdnum.util import get_cc_module

#: What Odoo's contacts have where a company is not subject to tax.
NOT_SUBJECT = "/"
LENGTHS = (9, 10, 12)

_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
# What people write in front: NIP 526-000-12-46, VAT no. PL…, USt-IdNr.: DE…, P.IVA IT…
_LABEL = re.compile(
    r"(?:(?:eu|intra\w*|numer|nr|no|n°)[\s.:-]*)?"
    r"(?:nip|(?:vat|tax|tva|btw|mwst|moms)(?:[\s.-]*(?:id|reg(?:istration)?|number|no|nr|num))*|tin|trn"
    r"|ust[\s.-]*id(?:[\s.-]*nr)?|uid|steuer(?:nr|nummer)|p\.?\s?iva|partita\s+iva|cif|nif|nipc|rfc|rut"
    r"|nit|cuit|ruc|cnpj|gstin|abn|ein|kmkr|pvm|oib|pib|cui|dic|ic\s?dph|adoszam|inn|edrpou|afm|vkn"
    r"|vergi\s*(?:no|numarasi)|siren|org\.?\s?nr)"
    r"[\s.:#№°-]*(?=[a-z]{0,4}[\s.-]?[0-9a-z]{0,2}[\s.-]?[0-9])",
    re.IGNORECASE,
)
_SWISS_TAX = re.compile(r"^(E[0-9]{9})(?:MWST|TVA|IVA|VAT)$")
# Where the tables of numbers have no check, or another one than people write. Source: Odoo's own
# check of tax numbers (base_vat), and the tax offices.
_FORMATS = {
    "AE": r"\d{15}",
    "BH": r"\d{15}",
    "CH": r"E\d{9}(?:MWST|TVA|IVA)?",
    "HU": r"\d{8}(?:[1-5]\d\d)?|8\d{9}",
    "ID": r"\d{15,16}",
    "KE": r"[AP]\d{9}[A-Z]",
    "MA": r"\d{8}|\d{15}",
    "NG": r"\d{8}(?:\d{4})?",
    "PH": r"\d{9}(?:\d{3}|\d{5})?",
    "SA": r"3\d{13}3",
    "TH": r"\d{13}",
    "TW": r"\d{8}",
    "UA": r"\d{8}|\d{10}|\d{12}",
    "VN": r"\d{10}(?:\d{3})?",
}
# In front of a tax number some countries write other letters than their code.
_COUNTRY_OF_PREFIX = {"EL": "GR", "XI": "GB"}


class TaxNumber(NamedTuple):
    """A tax number; ``country`` is the ISO code in front of it, empty if there is none."""

    country: str
    number: str


def compact(text):
    """Return the number in one word: ``NIP PL 123-456-78-83`` → ``PL1234567883``."""
    text = unicodedata.normalize("NFKC", text or "").strip()
    if text == NOT_SUBJECT:
        return text
    plain = "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    )
    return _SEPARATORS.sub("", _without_label(plain)).upper()


def _without_label(text):
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


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
    if re.fullmatch(_FORMATS.get(country, r"(?!)"), number.removeprefix(country), re.ASCII):
        return True
    rules = get_cc_module(country, "vat") if country else None
    return bool(rules) and rules.is_valid(number)


def is_same(one, other, country="", other_country=""):
    """Tell whether two texts are one number: equal, and not known to be of two countries.

    :param country: ISO code for ``one``, if there is no prefix; ``other_country`` for ``other``.
    """
    one, other = read(one), read(other)
    countries = {one.country or country, other.country or other_country} - {""}
    numbers = {_SWISS_TAX.sub(r"\1", each.number) for each in (one, other)}
    return bool(one.number) and len(numbers) == 1 and len(countries) < 2


def key_sql(column):
    """Return the SQL of what all spellings of a number have in common, of a text ``column``."""
    word = f"upper(regexp_replace({column}, '[^A-Za-z0-9]', '', 'g'))"
    return f"left(regexp_replace({word}, '^[A-Z]+|(MWST|TVA|IVA|VAT)$', '', 'g'), 64)"
