"""Who wrote an email that somebody else forwarded, as mail programs write it into the text."""

import re
from collections.abc import Callable
from typing import NamedTuple

from . import quote, vocabulary
from .headers import Party, clean_address, clean_name, parties

#: Lines that a person writes above what is forwarded without a mark in the subject.
NOTE_LINES = 8

# 'On 28/10/2021, 12:46, "Anna" <anna@customer.test> wrote:', and with the date behind the name
_SENTENCE = re.compile(
    r"(?:[\"„“«]\s*(?P<quoted>[^\"„”“«»<>]{1,80}?)\s*[\"”“»]|(?P<plain>[^\W\d_][^\"<>,，、:\d]{0,80}?))"
    r"\s*[<(\[]{1,2}(?:mailto:)?(?P<address>[^\s<>()\[\]]{3,254})[>)\]]{1,2}(?P<rest>[^<>@]{0,80})[:：]"
)
# Between the time and the name: "12:46 PM Anna", "12:46 Uhr Anna", "28.10.2021 г. Anna"; of a name
# these letters are capitals: "R. Klient"
_BEFORE_NAME = re.compile(r"\A\s*(?:(?:[AaPp]\.?\s?[Mm]\.?|[Uu]hr|klo|kl|h|r|г|ч|р|в|o|u)\.?\s+)+")
_ON_BEHALF = re.compile(rf"(?<!\w)(?:{'|'.join(vocabulary.ON_BEHALF)})(?!\w)", re.IGNORECASE)
# "Anna Klient [anna@customer.test]", "Anna Klient (anna@customer.test)"
_BRACKETED = re.compile(r"\s*[\[(]\s*([^\s\[\]()<>@:]+@[^\s\[\]()<>@]+)\s*[\])]")
# Lines that the value of a label may go on for: many recipients
_WRAPPED_LINES = 4
# Headers in a language that is not known
_UNKNOWN_LABELS = 3


class Block(NamedTuple):
    """The headers of another email within a text."""

    party: Party
    note_lines: int  # above it
    announced: str
    """What it is introduced by: ``forwarded``, ``original``, ``sentence`` or ""."""


def original_sender(
    texts: list[str],
    is_marked: bool,
    has_references: bool,
    skip: Callable[[Party], bool],
) -> Party | None:
    """Return who wrote the email that is forwarded in a text, None if none is.

    An answer quotes the email that it answers in the same way, so a text counts as forwarded if
    the subject is marked so, or if hardly anything stands above.

    :param texts: the same text in several formats; the first in which something is found counts.
    :param is_marked: whether the subject says that it is forwarded.
    :param skip: of whom we want to know nothing: who forwards, and our own people.
    """
    for text in texts:
        found = list(blocks(text))
        if not found and is_marked:
            found = list(_unknown_blocks(text))
        if not found or not _is_forward(found[0], is_marked, has_references):
            continue
        senders = [block.party for block in found if not skip(block.party)]
        # Outlook leaves out the addresses of its own organization
        named = next((party for party in senders if party.address), None)
        return named or next(iter(senders), None)
    return None


def _is_forward(block: Block, is_marked: bool, has_references: bool) -> bool:
    if is_marked:
        return True
    if block.announced == "forwarded":
        return block.note_lines <= NOTE_LINES
    return not block.note_lines and not has_references and block.announced != "sentence"


def blocks(text: str):
    """Yield each ``Block`` of the beginning of a text."""
    block = _Builder()
    for line in quote.lines_of(text):
        yield from block.add(line)
    yield from block.finish()


def _unknown_blocks(text: str):
    """Yield the blocks whose labels are of no language that is known, in a text that is forwarded.

    Three headers or more in a row; in each mail program's the sender is the first with an address.
    """
    values: dict[str, str] = {}
    for line in [*quote.lines_of(text), ""]:
        name, value = quote.any_label(line)
        if name and name not in values:
            values[name] = value
            continue
        named = next(filter(None, map(_with_address, values.values())), None)
        if named and len(values) >= _UNKNOWN_LABELS:
            yield Block(named, 0, "")
        values = {name: value} if name else {}


def _with_address(value: str) -> Party | None:
    return next((party for party in parties(value.replace("*", "")) if party.address), None)


class _Builder:
    """Collects the lines of a text that look like the headers of another email."""

    def __init__(self):
        self.note_lines = 0
        self.announced = ""
        self._start()

    def _start(self):
        self.values: dict[str, str] = {}
        self.last = ""
        self.wrapped = 0

    def add(self, line: str):
        announced, rest = quote.announces_in(line)
        kind, value = quote.label(line)
        if announced:
            yield from self.finish()
            self.announced = announced
            if rest:
                yield from self._take_one_line(rest)
        elif kind:
            if kind == "from" and "from" in self.values:
                yield from self.finish()
            self.values.setdefault(kind, value)
            self.last, self.wrapped = kind, 0
        elif line.strip(quote.DECORATION) and self.values:
            yield from self._continue(line.strip(quote.QUOTING))
        elif line.strip(quote.DECORATION):
            yield from self._take_sentence(line.strip(quote.QUOTING))

    def _take_one_line(self, line: str):
        kind, value = quote.label(line)
        if kind == "from":
            self.values = {"from": value.partition(">")[0] + ">", "to": ""}
            yield from self.finish()

    def _take_sentence(self, line: str):
        """Take a line that belongs to nothing: of the note, or one that introduces a quotation."""
        found = _SENTENCE.search(line) if "@" in line and quote.is_sentence(line) else None
        if found and found.end() == len(line):
            yield Block(_named(found), self.note_lines, "sentence")
        self.note_lines += 1
        self.announced = ""

    def _continue(self, line: str):
        """Take a line without label below one with a label: more of the value, or the text."""
        self.wrapped += 1
        if self.last == "from" and self.wrapped == 1 and "@" not in self.values["from"]:
            self.values["from"] += f" {line}"
        if self.wrapped > _WRAPPED_LINES:
            yield from self.finish()

    def finish(self):
        """Yield the block that ends here, if it is one."""
        needed = 2 if self.announced else 3
        # stars: bold in what was HTML
        value = _ON_BEHALF.split(self.values.get("from", "").replace("*", ""))[-1]
        named = parties(_BRACKETED.sub(r" <\1>", value))
        if named and len(self.values) >= needed:
            yield Block(named[0], self.note_lines, self.announced)
        self.note_lines += len(self.values) + self.wrapped
        self.announced = ""
        self._start()


def _named(found: re.Match) -> Party:
    name = found["quoted"] or _BEFORE_NAME.sub("", quote.after_wrote(found["plain"]))
    return Party(clean_name(name.strip(" „“”«»")), clean_address(found["address"]))
