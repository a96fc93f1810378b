"""Who wrote an email that somebody else forwarded, as mail programs write it into the text."""

import re
from collections.abc import Callable
from typing import NamedTuple

from . import vocabulary
from .headers import Party, clean_address, clean_name, parties

#: Lines of the text that are looked at, and characters of each.
LINE_LIMIT = 300
LINE_LENGTH = 500
#: Lines that a person writes above what is forwarded without a mark in the subject.
NOTE_LINES = 8

_KINDS = {label: kind for kind, labels in vocabulary.LABELS.items() for label in labels.split(", ")}
_LABEL = re.compile(r"([^\W\d_][^:：]{0,24}?)[\s*]*[:：][\s*]*(.*)")
# "---- Forwarded message ---- From: Anna <anna@customer.test>To: …", without any line ends
_ONE_LINE = re.compile(r"\s*-{3,}\s*([^-]{3,60}?)\s*-{3,}\s*(.*)")
# 'On 28/10/2021, 12:46, "Anna" <anna@customer.test> wrote:'
_SENTENCE = re.compile(
    rf"(?:(?:{vocabulary.WRITES})\s+)?"
    r"(?:[\"„“«]\s*(?P<quoted>[^\"„”“«»<>]{1,80}?)\s*[\"”“»]|(?P<plain>[^\W\d_][^\"<>,:\d]{0,80}?))"
    r"\s*<(?:mailto:)?(?P<address>[^\s<>]{3,254})>[^<>@:]{0,60}:"
)
_ON_BEHALF = re.compile(rf"\s(?:{'|'.join(vocabulary.ON_BEHALF)})\s", re.IGNORECASE)
_QUOTING = " \t\xa0\u200b\ufeff>|*_"
_DECORATION = _QUOTING + "=-–—:"
# Lines that the value of a label may go on for: many recipients
_WRAPPED_LINES = 4


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
    for line in text.splitlines()[:LINE_LIMIT]:
        yield from block.add(line[:LINE_LENGTH])
    yield from block.finish()


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
        one_line = _ONE_LINE.fullmatch(line)
        announced = _announces(one_line[1] if one_line else line)
        kind, value = _label(line.strip(_QUOTING))
        if announced:
            yield from self.finish()
            self.announced = announced
            if one_line:
                yield from self._take_one_line(one_line[2])
        elif kind:
            if kind == "from" and "from" in self.values:
                yield from self.finish()
            self.values.setdefault(kind, value)
            self.last, self.wrapped = kind, 0
        elif line.strip(_DECORATION) and self.values:
            yield from self._continue(line.strip(_QUOTING))
        elif line.strip(_DECORATION):
            yield from self._take_sentence(line.strip(_QUOTING))

    def _take_one_line(self, line: str):
        kind, value = _label(line)
        if kind == "from":
            self.values = {"from": value.partition(">")[0] + ">", "to": ""}
            yield from self.finish()

    def _take_sentence(self, line: str):
        """Take a line that belongs to nothing: of the note, or one that introduces a quotation."""
        found = _SENTENCE.search(line) if line.endswith(":") and "@" in line else None
        if found and found.end() == len(line) and any(letter.isdigit() for letter in line):
            name = clean_name(found["quoted"] or found["plain"])
            yield Block(Party(name, clean_address(found["address"])), self.note_lines, "sentence")
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
        named = parties(value)
        if named and len(self.values) >= needed:
            yield Block(named[0], self.note_lines, self.announced)
        self.note_lines += len(self.values) + self.wrapped
        self.announced = ""
        self._start()


def _announces(text: str) -> str:
    """Return what a line says of the email below: ``forwarded``, ``original`` or ""."""
    phrase = text.strip(_DECORATION).casefold()
    if phrase in vocabulary.FORWARDED:
        return "forwarded"
    return "original" if phrase in vocabulary.ORIGINAL else ""


def _label(line: str) -> tuple[str, str]:
    """Return which header a line is and its value; "" if it is none."""
    found = _LABEL.fullmatch(line)
    kind = _KINDS.get(found[1].casefold(), "") if found else ""
    return kind, found[2] if kind else ""
