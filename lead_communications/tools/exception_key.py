"""What an exception is stored as, and by which keys a call or an email finds it.

An exception is an address, a domain, a number or the beginning of numbers. Each is stored in one
spelling, so that looking for it is a comparison of equal texts, and an index answers it.
"""

import re

import idna
import phonenumbers

from . import phone

KINDS = ("address", "domain", "number", "prefix")
MAX_LENGTH = 254  # that of an address in SMTP
MAX_DIGITS = 15  # that of a number in E.164
COUNTRY_CODES = frozenset(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
_DIGITS = re.compile(r"^(?:\+|00)?[0-9\s()./-]+$")
_LABEL = re.compile(r"^(?!-)[a-z0-9_-]{1,63}(?<!-)$")
_URL = re.compile(r"^(?:https?:)?//([^/?#:]+).*$")
# What stands for "anything" at the end of a prefix and before a domain.
_ENDING = re.compile(r"(?:[*…%]|\.\.\.)+$")
_BEGINNING = re.compile(r"^(?:[*]?@|[*]?\.)")
# Companies register below these in many countries: nobody owns co.uk or com.pl.
_SHARED_LABELS = frozenset({"ac", "co", "com", "edu", "gov", "net", "org"})


def guess_kind(text: str) -> str:
    """Return what was probably meant by ``text``: one of ``KINDS``."""
    text = text.strip()
    beginning = _ENDING.sub("", text).strip()
    if text.startswith(("sip:", "sips:", "tel:", "callto:")):
        return "number"
    if _DIGITS.match(beginning):
        is_short = beginning.startswith(("+", "00")) and not phone.normalize(beginning, None)
        return "prefix" if beginning != text or is_short else "number"
    if "@" in text and not _BEGINNING.match(text):
        return "address"
    return "domain"


def address_key(address: str) -> str:
    """Return ``address``, normalized by the host, with its domain as computers write it, or ``""``.

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
    is_country = any(int(digits[:size] or 0) in COUNTRY_CODES for size in (1, 2, 3))
    return f"+{digits}" if is_country and len(digits) <= MAX_DIGITS else ""


def is_country_code(prefix: str, country_code: str | None) -> bool:
    """Whether ``prefix``, as :func:`prefix_key` returns it, is that of the whole country."""
    code = phonenumbers.country_code_for_region((country_code or "").upper())
    return bool(code) and prefix == f"+{code}"


def exception_keys(number: str | None, address: str | None) -> list[tuple[str, str]]:
    """Return the kinds and keys of all exceptions that would be for this party, the exact first.

    :param number: in E.164.
    :param address: normalized by the host.
    """
    keys = []
    if address and (key := address_key(address)):
        keys.append(("address", key))
        labels = key.rpartition("@")[2].split(".")
        keys += [("domain", ".".join(labels[index:])) for index in range(len(labels) - 1)]
    if number:
        keys.append(("number", number))
        keys += [("prefix", number[:size]) for size in range(len(number), 1, -1)]
    return keys


def spellings(domain: str) -> list[str]:
    """Return the two spellings of a domain, as computers and as people write it."""
    try:
        return sorted({domain, idna.decode(domain)})
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
