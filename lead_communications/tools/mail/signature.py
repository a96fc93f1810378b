"""What the end of an email tells about who wrote it: telephone numbers and the company."""

import re
from typing import NamedTuple

import phonenumbers

from ..free_mail import is_free_mail
from .subject import clean_text

#: Only this much of a text is looked at, in characters, and so many of its last lines.
TEXT_LIMIT = 20_000
SIGNATURE_LINES = 14
COMPANY_LENGTH = 80

# Where the answered mail begins: "On … wrote:", "W dniu … napisał:", quoted lines, Outlook's block.
_QUOTE = re.compile(
    r"^\s*(>|-{2,}\s*(original|forwarded|oryginaln|wiadomość|ursprüngliche|message)|_{10,}\s*$"
    r"|(from|od|von|de|da|van)\s*:\s.*@|(on|w dniu|am|le|el|il|op)\b.{0,200}:\s*$)",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^\s*(--|(best|kind|warm|many thanks|with)?\s*regards|sincerely|yours|thanks|thank you|cheers"
    r"|best\b|pozdrawiam|pozdrowienia|serdecznie|z poważaniem|z wyrazami|dziękuję|mit freundlichen"
    r"|viele grüße|freundliche|mfg\b|cordialement|bien à vous|saludos|atentamente|cordiali saluti"
    r"|met vriendelijke|s pozdravem|з повагою|с уважением)",
    re.IGNORECASE,
)
_FAX = re.compile(r"\b(fax|faks|telefax|f)\s*[.:]", re.IGNORECASE)
_MOBILE = re.compile(r"\b(m|mob|mobile|mobil|cell|kom|komórka|gsm|tel\.?\s*kom)\b\s*[.:]?", re.I)
# Tax and company numbers, bank accounts: digits, but no telephone.
_NO_PHONE = re.compile(
    r"\b(nip|regon|krs|bdo|iban|konto|account|vat|ust|hrb|siret|siren|dic|ičo|tax)\b", re.IGNORECASE
)
_LEGAL_FORM = re.compile(
    r"(?<!\w)(sp\.?\s*z\s*o\.?\s?o\.?(\s*sp\.?\s*k\.?)?|s\.\s?a\.|sp\.\s*[jk]\.|s\.\s?c\.|p\.?p\.?h\.?u\.?"
    r"|gmbh(\s*&\s*co\.?\s*kg)?|ag|kg|ug|ohg|e\.k\.|ltd\.?|limited|llc|llp|plc|inc\.?|corp\.?"
    r"|sarl|s\.?à\s?r\.?l\.?|sas|s\.?r\.?l\.?|s\.?p\.?a\.?|b\.?v\.?|n\.?v\.?|s\.\s?r\.\s?o\.|a\.\s?s\.|oy|ab|a/s|aps"
    r"|kft\.?|zrt\.?|o[üu]|uab|sia|тов|ооо)(?!\w)",
    re.IGNORECASE,
)
_SECOND_LEVEL = {"co", "com", "net", "org", "gov", "edu", "ac", "gmina", "biz", "info", "waw"}


class Signature(NamedTuple):
    """What was found; each may be ``""``.

    :param phone: in E.164.
    """

    phone: str
    company: str


def read(text: str, country_code: str, name: str = "") -> Signature:
    """Return what the signature of an email's plain text tells. Any text is taken; nothing raises.

    :param country_code: of national numbers, two letters.
    :param name: the sender's, to find where the signature begins when no closing words do.
    """
    lines = _signature_lines(text[:TEXT_LIMIT], name)
    return Signature(_phone(lines, country_code), _company(lines))


def company_of_domain(domain: str) -> str:
    """Return the name that a company's domain suggests: ``Acme`` for ``mail.acme.co.uk``."""
    labels = [label for label in domain.lower().strip(".").split(".") if label]
    if len(labels) < 2 or is_free_mail(domain):
        return ""
    labels.pop()
    if len(labels) > 1 and labels[-1] in _SECOND_LEVEL:
        labels.pop()
    if labels[-1].startswith("xn--"):
        return ""
    return " ".join(part.capitalize() for part in labels[-1].split("-") if part)


def _signature_lines(text, name):
    lines = []
    for line in text.splitlines():
        if _QUOTE.match(line):
            break
        lines.append(line.strip())
    while lines and not lines[-1]:
        lines.pop()
    tail = lines[-SIGNATURE_LINES:]
    begin = next((at for at, line in enumerate(tail) if _CLOSING.match(line)), None)
    if begin is None and name:
        begin = next(
            (at for at, line in enumerate(tail) if line.casefold().startswith(name.casefold())),
            None,
        )
    # Without any mark the last lines may be anything: only a number is worth the risk.
    return tail[begin:] if begin is not None else [line for line in tail[-4:] if len(line) < 60]


def _phone(lines, country_code):
    """Return the first mobile number, else the first number."""
    first = ""
    for line in lines:
        if _NO_PHONE.search(line):
            continue
        for match in phonenumbers.PhoneNumberMatcher(line[:500], country_code or None):
            before = line[: match.start][-20:]
            if _FAX.search(before):
                continue
            number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
            if _MOBILE.search(before):
                return number
            first = first or number
    return first


def _company(lines):
    for line in lines:
        if len(line) > COMPANY_LENGTH or "@" in line:
            continue
        line = re.sub(r"^[\s|,;*_•–—-]+", "", line)
        match = _LEGAL_FORM.search(line)
        # A form alone, or one in the middle of a sentence, names nobody.
        if match and match.start() > 1 and len(line) - match.end() < 25:
            return clean_text(line[: match.end()], COMPANY_LENGTH)
    return ""
