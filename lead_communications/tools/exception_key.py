"""What an exception is stored as, and by which keys a call or an email finds it.

An exception is an address, a domain, a number, the beginning of numbers or a short number, of a
telephone inside the company. Each is stored in one spelling, so that looking for it is a comparison
of equal texts, and an index answers it. What these cannot say an administrator writes as a pattern,
in which ``*`` stands for anything; the few that there are are compared with each party.
"""

import re

import idna
import phonenumbers

from . import phone
from .free_mail import FREE_MAIL_DOMAINS

KINDS = ("address", "domain", "number", "prefix", "short", "pattern")
# For whoever falls under it: not for one party that somebody had in mind.
RANGES = ("domain", "prefix", "pattern")
MAX_LENGTH = 254  # that of an address in SMTP
MAX_DIGITS = 15  # that of a number in E.164
MAX_SHORT = 6  # that of an extension
MAX_PATTERN = 100
MAX_STARS = 4
# With fewer letters and digits a pattern is for everybody.
MIN_LITERALS = 4
# So many digits after the country code are part of a country.
MIN_AREA = 2
COUNTRY_CODES = frozenset(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE))
_DIGITS = re.compile(r"^(?:\+|00)?[0-9\s()./-]+$")
_LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")
_URL = re.compile(r"^(?:https?:)?//([^/?#:]+).*$")
# What stands for "anything" at the end of a prefix and before a domain.
_ENDING = re.compile(r"(?:[*…%]|\.\.\.)+$")
_BEGINNING = re.compile(r"^(?:[*]?@|[*]?\.)")
_PATTERN = re.compile(r"^[a-z0-9.!#$%&'+/=?^_`{|}~*-]+@[a-z0-9_.*-]+$")
_NUMBER_PATTERN = re.compile(r"^\+?[0-9*]+$")
_PUNCTUATION = re.compile(r"[\s()./-]")
# Companies register below these in many countries: nobody owns co.uk or com.pl.
_SHARED_LABELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


def guess_kind(text: str, country_code: str | None = None) -> str:
    """Return what was probably meant by ``text``: one of ``KINDS``.

    :param country_code: of national numbers: in some countries they are as short as internal ones.
    """
    text = text.strip()
    if short_key(text) and not phone.normalize(text, country_code):
        return "short"
    beginning = _ENDING.sub("", text).strip()
    if text.startswith(("sip:", "sips:", "tel:", "callto:")):
        return "number"
    if _DIGITS.match(beginning):
        is_short = beginning.startswith(("+", "00")) and not phone.normalize(beginning, None)
        return "prefix" if beginning != text or is_short else "number"
    if "*" in _BEGINNING.sub("", text):
        return "pattern"
    if "@" in text and not _BEGINNING.match(text):
        return "address"
    return "domain"


def address_key(address: str) -> str:
    """Return ``address``, normalized by Odoo, with its domain as computers write it, or ``""``.

    Names of domains exist in two spellings, ``żółw.pl`` and ``xn--w-uga1v8h.pl``.
    """
    local, _at, domain = address.rpartition("@")
    domain = _ascii_domain(domain)
    is_address = local and domain and len(local) + len(domain) < MAX_LENGTH
    return f"{local}@{domain}" if is_address else ""


def domain_key(text: str) -> str:
    """Return the domain in ``text`` (``@Acme.com``, ``*.acme.com``, a web address) or ``""``.

    A whole part of the Internet (``com``, ``co.uk``) is no domain here.
    """
    text = _URL.sub(r"\1", text.strip().lower())
    domain = _ascii_domain(_BEGINNING.sub("", text).removeprefix("www."))
    labels = domain.split(".")
    is_shared = len(labels) == 2 and len(labels[1]) == 2 and labels[0] in _SHARED_LABELS
    is_numeric = labels[-1].isdigit()
    return "" if len(labels) < 2 or is_shared or is_numeric else domain


def prefix_key(text: str) -> str:
    """Return the beginning of international numbers in ``text``, ``+4822``, or ``""``.

    It has to hold a whole country code: the beginning of national numbers is the same text as that
    of another country's (22… in Poland, +22… in West Africa).
    """
    beginning = _ENDING.sub("", text.strip()).strip()
    if not _DIGITS.match(beginning) or not beginning.startswith(("+", "00")):
        return ""
    digits = re.sub(r"[^0-9]", "", beginning)
    if not beginning.startswith("+"):
        digits = digits.removeprefix("00")
    is_country = any(digits[:size] in COUNTRY_CODES for size in (1, 2, 3))
    return f"+{digits}" if is_country and len(digits) <= MAX_DIGITS else ""


def short_key(text: str) -> str:
    """Return the number of a telephone inside the company in ``text``, ``101``, or ``""``."""
    number = phone.local_part(text)
    return number if phone.is_extension(number) and number.isascii() else ""


def pattern_key(text: str) -> str:
    """Return the pattern in ``text`` in its one spelling, or ``""`` if it is none that is safe.

    ``*`` stands for any characters, and nothing else for anything but itself. A pattern is for
    addresses (``*@newsletter.*``), for numbers in E.164 (``+48*555``) or, without a plus, for short
    ones (``1*``). It is refused when it is long or would be for everybody.
    """
    text = re.sub(r"\*+", "*", text.strip().lower())
    if not 1 <= text.count("*") <= MAX_STARS or len(text) > MAX_PATTERN:
        return ""
    number = _PUNCTUATION.sub("", text)
    if _NUMBER_PATTERN.match(number):
        return _number_pattern(number)
    local, at, domain = text.rpartition("@")
    pattern = f"{local if at else '*'}@{_ascii_labels(domain)}"
    return pattern if _PATTERN.match(pattern) and not _is_for_everybody(pattern) else ""


def _number_pattern(text: str) -> str:
    if text.startswith("00"):
        text = f"+{text.removeprefix('00')}"
    digits = sum(char.isdigit() for char in text)
    if not text.startswith("+"):
        return text if text[0].isdigit() and digits < MAX_SHORT else ""
    beginning = text.partition("*")[0]
    is_specific = digits >= MIN_LITERALS and bool(prefix_key(beginning))
    return text if is_specific and digits <= MAX_DIGITS else ""


def _ascii_labels(domain: str) -> str:
    """Return the domain of a pattern as computers write it; a label with a star is ASCII."""
    try:
        return ".".join(
            label if label.isascii() else idna.encode(label, uts46=True).decode()
            for label in domain.split(".")
        )
    except idna.IDNAError:
        return ""


def _is_for_everybody(pattern: str) -> bool:
    """Whether the pattern of addresses says too little: ``*@*.com``, ``*@*mail.*``."""
    local, _at, domain = pattern.rpartition("@")
    if _literals(local) >= MIN_LITERALS:
        return False
    is_free = any(pattern_matches(domain, free) for free in FREE_MAIL_DOMAINS)
    return is_free or _literals(domain.rpartition(".")[0]) < MIN_LITERALS


def _literals(text: str) -> int:
    return sum(char.isalnum() for char in text)


def pattern_matches(pattern: str, text: str) -> bool:
    """Whether ``text`` is what ``pattern`` describes; in at most len(pattern) * len(text) steps."""
    parts = pattern.split("*")
    if len(parts) == 1:
        return pattern == text
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        position = text.find(part, position, end)
        if position < 0:
            return False
        position += len(part)
    return text.endswith(last)


def like_pattern(pattern: str) -> str:
    """Return ``pattern`` as SQL's ``LIKE`` takes it."""
    escaped = re.sub(r"([\\%_])", r"\\\1", pattern)
    return escaped.replace("*", "%")


def is_mail(kind: str, key: str) -> bool:
    """Whether such an exception is for emails, else it is for calls."""
    return kind in ("address", "domain") or (kind == "pattern" and "@" in key)


def party(number: str | None, address: str | None, shown: str | None) -> str:
    """Return what patterns are compared with: the address, the number, the short number or ``""``.

    :param number: in E.164.
    :param address: normalized by Odoo.
    :param shown: the number as the telephone system showed it.
    """
    return address_key(address or "") or number or short_key(shown or "")


def is_country_code(prefix: str, country_code: str | None) -> bool:
    """Whether ``prefix``, as :func:`prefix_key` returns it, is that of the whole country."""
    code = phonenumbers.country_code_for_region((country_code or "").upper())
    return bool(code) and prefix == f"+{code}"


def is_wide(kind: str, key: str) -> bool:
    """Whether such an exception is for the numbers of a whole country, or a tenth of them."""
    digits = key.removeprefix("+") if kind == "prefix" and key else ""
    return any(
        digits[:size] in COUNTRY_CODES and len(digits) - size < MIN_AREA for size in (1, 2, 3)
    )


def exception_keys(
    number: str | None, address: str | None, shown: str | None = None
) -> list[tuple[str, str]]:
    """Return the kinds and keys of all exceptions that would be for this party, the exact first.

    Patterns are not among them.

    :param number: in E.164.
    :param address: normalized by Odoo.
    :param shown: the number as the telephone system showed it.
    """
    keys = []
    if address and (key := address_key(address)):
        keys.append(("address", key))
        labels = key.rpartition("@")[2].split(".")
        keys += [("domain", ".".join(labels[index:])) for index in range(len(labels) - 1)]
    if number:
        keys.append(("number", number))
        keys += [("prefix", number[:size]) for size in range(len(number), 1, -1)]
    elif shown and (key := short_key(shown)):
        keys.append(("short", key))
    return keys


def spellings(domain: str) -> list[str]:
    """Return the two spellings of a domain, as computers and as people write it."""
    ascii_domain = _ascii_domain(domain)
    try:
        return sorted({domain, ascii_domain or domain, idna.decode(ascii_domain)})
    except idna.IDNAError:
        return [domain]


def _ascii_domain(domain: str) -> str:
    """Return ``domain`` as computers write it, or ``""`` if it is none."""
    domain = domain.strip().strip(".").lower()
    if len(domain) >= MAX_LENGTH:
        return ""
    if not domain.isascii():
        try:
            domain = idna.encode(domain, uts46=True).decode()
        except idna.IDNAError:
            return ""
    labels = domain.split(".")
    return domain if all(_LABEL.match(label) for label in labels) else ""
