"""Whom a web form speaks for: the visitor, as the lines of its text name them.

A form that sets no Reply-To sends all its visitors from one and the same address. That address is
no person; who wrote stands in the text, in lines with labels.
"""

import itertools
import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

from ..free_mail import is_free_mail
from .address_name import is_nobodys, is_site, plain
from .form_labels import LABELS, POSSESSIVES, SITE_WORDS, SUBJECT_WORDS
from .headers import Headers, Party, clean_address, clean_name, domain_of
from .subject import clean_text

#: What of a text is looked at: lines that are not empty, and characters of each.
LINE_LIMIT = 80
LINE_LENGTH = 500
_NAME_LENGTH = 80
#: With so much evidence a mail is a form's, whoever sent it.
ENOUGH = 2

_KINDS: dict[str, set[str]] = {}
for _kind, _words in LABELS.items():
    for _word in _words.split(","):
        _KINDS.setdefault(_word.strip(), set()).add(_kind)
# Between a label and its value: a colon of any script, a cell of a table, a dash with spaces
_SEPARATOR = re.compile(r"\s*(?:[:：﹕]|\t+|=(?!=)|\s[-–—|]\s)\s*")
# Of a label that stands behind the value of another one: "Name: Jan Email: jan@x.pl"
_LABEL_WORDS = 4
_DECORATION = " \t*_>|•·#\u00a0\u200e\u200f\ufeff-"
_REQUIRED = re.compile(r"\s*(?:\*|\([^()]{0,40}\)|\[[^\[\]]{0,40}\]|（[^（）]{0,40}）)+\s*$")
_POSSESSIVE = re.compile(rf"(?:{'|'.join(map(re.escape, POSSESSIVES))})[\s-]+")
_PHONE = re.compile(r"[+(]?[0-9][0-9\s()./+-]{4,30}[0-9]")
_URL = re.compile(r"https?:|www\.|://")
_WORDS = re.compile(r"[^\W\d_]+")
_VIA = re.compile(r"^['\"]?(?P<name>[^'\"]+?)['\"]?\s+\(?via\s+.+$", re.IGNORECASE)
# Headers that only programs of web sites write
_PROGRAMS = re.compile(r"phpmailer|wp[ -]?mail|swiftmailer|symfony|laravel|drupal|joomla|\bphp/")


class Visitor(NamedTuple):
    """Who filled in a form; each may be "".

    :param phone: as it stands in the text.
    :param labels: how many lines of the text are fields of a form.
    """

    name: str = ""
    address: str = ""
    phone: str = ""
    labels: int = 0

    @property
    def is_found(self) -> bool:
        """Whether the text names somebody whom one can reach."""
        return bool(self.address or self.phone) and self.labels >= 2


NO_VISITOR = Visitor()


def visitor(text: str) -> Visitor:
    """Return whom the labelled lines of ``text`` name; of nobody when they name several."""
    fields = _fields(text)
    # "From: Jan <jan@x.pl>" has both in one line.
    values = fields.get("email") or fields.get("name", ())
    addresses = [clean_address(_unlinked(value)) for value in values]
    addresses = list(dict.fromkeys(one for one in addresses if one and not is_nobodys(one)))
    if len(addresses) > 1:
        return NO_VISITOR  # a digest, or somebody's friend: whoever it is, not one person
    phones = [found[0] for value in fields.get("phone", ()) if (found := _PHONE.search(value))]
    distinct = set(map(_digits, phones))
    # "From: Site <noreply@site.example>", where a form is forwarded
    named = {"", *addresses}
    fields["name"] = [
        one for one in fields.get("name", ()) if clean_address(_unlinked(one)) in named
    ]
    return Visitor(
        name=_name(fields),
        address=next(iter(addresses), ""),
        phone=phones[0] if len(distinct) == 1 else "",
        labels=any(fields.get(kind) for kind in ("name", "first", "last"))
        + sum(kind in fields for kind in ("email", "phone", "message")),
    )


def _fields(text: str) -> dict[str, list[str]]:
    """Return the values of the labelled lines by what their labels are."""
    fields: dict[str, list[str]] = {}
    pending: set[str] = set()
    lines = (
        field for line in text.splitlines() if line.strip(_DECORATION) for field in _split(line)
    )
    for _number, line in zip(range(LINE_LIMIT), lines, strict=False):
        line = line[:LINE_LENGTH].strip("\r\n\t *_>|•·\u00a0\u200e\u200f\ufeff")
        kinds, value = _label(line)
        if kinds and value:
            pending = set()
        elif kinds:
            pending = kinds  # the value stands below
            continue
        elif pending:
            kinds, value, pending = pending, line, set()
        for kind in kinds:
            fields.setdefault(kind, []).append(value)
    return fields


def _split(line: str) -> list[str]:
    """Return the fields that stand in one line, if it begins with one; else the line."""
    line = line[:LINE_LENGTH]
    starts = []
    for colon in re.finditer(r"[:：]", line):
        offset = starts[-1] if starts else 0
        words = list(re.finditer(r"\S+", line[offset : colon.start()]))
        for word in words[-_LABEL_WORDS:]:
            at = offset + word.start()
            if at not in starts and _kinds_of(line[at : colon.start()]):
                starts.append(at)
                break
    if not starts or line[: starts[0]].strip(_DECORATION):
        return [line]
    return [line[at:end] for at, end in itertools.pairwise([*starts, None])]


def _label(line: str) -> tuple[set[str], str]:
    """Return what the label of a line may be and the value behind it; nothing if it has none."""
    separator = _SEPARATOR.search(line)
    if not separator:
        return _kinds_of(line), ""
    return _kinds_of(line[: separator.start()]), line[separator.end() :].strip(_DECORATION)


def _kinds_of(label: str) -> set[str]:
    label = label.replace("_", " ")  # full_name
    text = unicodedata.normalize("NFC", label).casefold().strip(_DECORATION + ":：?？")
    text = _REQUIRED.sub("", text).strip(_DECORATION)
    if text in _KINDS:
        return _KINDS[text]
    return _KINDS.get(_POSSESSIVE.sub("", text, count=1), set())


def _unlinked(value: str) -> str:
    """Return a value without what mail programs make of an address: ``jan@x.pl<mailto:…>``."""
    return re.split(r"[<\[(]\s*mailto:", value, flags=re.IGNORECASE)[0] or value


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-9:]


def _name(fields: dict[str, list[str]]) -> str:
    """Return the name; of a form that asks for both parts, both."""
    first, last = (_first_name(fields.get(kind, ())) for kind in ("first", "last"))
    if last and first != last:
        return clean_text(f"{first} {last}".strip(), _NAME_LENGTH)
    return _first_name(fields.get("name", ())) or first


def _first_name(values: Collection[str]) -> str:
    for value in values:
        # "Jan <jan@x.pl>", as Contact Form 7 writes it
        name = clean_name(re.sub(r"[<\[(]?[^\s<\[(]+@[^\s>\])]+[>\])]?", "", value))
        letters = sum(char.isalpha() for char in name)
        if name and len(name) <= _NAME_LENGTH and letters * 2 > len(name) and not _URL.search(name):
            return name
    return ""


# ---- WHO SENT IT ----


def evidence(headers: Headers, sender: Party, found: Visitor) -> int:
    """Return how much speaks for it that a form has sent this, and not the person in From.

    ``ENOUGH`` is enough.
    """
    score = 2 if is_site(sender.address) else 0
    score += _wrote_a_program(headers)
    score += not SITE_WORDS.isdisjoint(_words(sender.name))
    score += not SUBJECT_WORDS.isdisjoint(_words(headers.text("subject")))
    score += found.labels >= 3
    if found.name and sender.name and _resembles(found.name, sender.name):
        score -= 4  # they fill in something about themselves
    if found.address and domain_of(found.address) == domain_of(sender.address):
        score -= 1  # a colleague of theirs, or themselves
    score -= is_free_mail(domain_of(sender.address))  # hardly any site sends from there
    return score


def _wrote_a_program(headers: Headers) -> bool:
    if any(name in headers for name in ("x-php-originating-script", "x-php-script", "x-wpcf7")):
        return True
    return bool(_PROGRAMS.search(headers.value("x-mailer")))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in _WORDS.findall(text)}


def _resembles(name: str, other: str) -> bool:
    """Return whether two texts name the same person: each word of the shorter is in the other."""
    words, others = (_words(plain(text)) for text in (name, other))
    common = len(words & others)
    return bool(common) and common == min(len(words), len(others))


def person_in_from(sender: Party, address: str) -> str:
    """Return the name in From if it is that of the person who is reached at ``address``, else "".

    A form may write its visitor's name, or its own, there. Who lets their own office be answered
    is a person of it.

    :param sender: From.
    :param address: where the person is reached, "" if that is not known.
    """
    name = without_via(sender.name)
    via = name != sender.name
    words = _words(plain(name))
    if not words.isdisjoint(SITE_WORDS):
        return ""
    local, _at, domain = address.partition("@")
    if address and any(len(word) > 2 and word in plain(local) for word in words):
        return name
    domain = domain_of(sender.address)
    is_of_site = any(len(word) > 2 and word in domain for word in words)
    looks_personal = 2 <= len(name.split()) <= 4 and not is_of_site and name.istitle()
    is_colleague = bool(address) and domain_of(address) == domain
    may_be = via or is_colleague or is_site(sender.address)
    return name if looks_personal and may_be else ""


def without_via(name: str) -> str:
    """Return a name without the group or marketplace that passed the mail on: ``Tom via Shop``."""
    via = _VIA.match(name)
    return via["name"].strip() if via else name
