"""Where another email begins within a text: its headers, what stands above them, quoting.

In the words of :mod:`.vocabulary`, and by their form where that is enough: Gmail's sentence above a
quotation holds a date and an address and ends with a colon in every language.
"""

import re

from . import vocabulary

#: Lines of the text that are looked at, and characters of each.
LINE_LIMIT = 300
LINE_LENGTH = 500
#: Around a line: how it is quoted, and in bold as HTML becomes text.
QUOTING = " \t\xa0>|*_"
DECORATION = QUOTING + "=-–—―─:："
# Gmail breaks its sentence where the line is full
_SENTENCE_LINES = 3
_SENTENCE_LENGTH = 300
# Headers that stand together make a block of them
_BLOCK_KINDS = 3
_BLOCK_LINES = 8
# With recipients on several lines
_HEAD_LINES = 12

_LABEL = re.compile(r"([^\W\d_][^:：]{0,30}?)[\s*_]*[:：][\s*_]*(.*)")
_BLOCKQUOTE = re.compile(r"<blockquote\b", re.IGNORECASE)
_QUOTED = re.compile(r"\s*>")
_MARKS = re.compile(r"\A(?:\s*>)+ ?")
_RULE = re.compile(r"\s*[_─]{10,}\s*")
_DASHES = re.compile(r"\s*[-–—*=]{2,}")
# Yahoo: "---- Forwarded message ---- From: Anna <anna@customer.test>To: …", without any line ends
_ONE_LINE = re.compile(r"\s*-{3,}\s*([^-]{3,60}?)\s*-{3,}\s*(.*)")
# Zoho: "---- On Mon, 02 Nov 2026 10:00:00 +0100 Anna <anna@customer.test> wrote ----"
_FRAMED = re.compile(r"\s*-{3,}\s.*\s-{3,}\s*")
_ENDS = re.compile(r"[:：]\s*[*_]*\s*\Z")
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
_TIME_OR_DATE = re.compile(
    r"\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"  # digits of any script
)
_WROTE = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, vocabulary.WROTE), key=len, reverse=True))})(?!\w)"
)
_WROTE_ASIAN = re.compile(
    "|".join(sorted((word for word in vocabulary.WROTE if word > "\u0e00"), key=len, reverse=True))
)


def above_quotations(source: str) -> str:
    """Return the beginning of HTML up to its first quotation: in plain text nothing marks it."""
    found = _BLOCKQUOTE.search(source)
    return source[: found.start()] if found else source


def lines_of(text: str, limit: int | None = LINE_LIMIT) -> list[str]:
    """Return the lines that are looked at, without the characters that nobody sees."""
    return [vocabulary.visible(line[:LINE_LENGTH]) for line in text.splitlines()[:limit]]


def label(line: str) -> tuple[str, str]:
    """Return which header a line is (``from``, ``to``, …) and its value; "" if it is none."""
    found = _LABEL.fullmatch(line.strip(QUOTING))
    kind = vocabulary.LABELS.get(vocabulary.same(found[1]), "") if found else ""
    return kind, found[2] if kind else ""


def any_label(line: str) -> tuple[str, str]:
    """Return what stands in front of a colon and behind it, in whatever language; "" if nothing."""
    found = _LABEL.fullmatch(line.strip(QUOTING))
    is_short = bool(found) and len(found[1].split()) <= 4 and not found[2].startswith("//")
    return (vocabulary.same(found[1]), found[2]) if is_short else ("", "")


def announces(line: str) -> str:
    """Return what a line says of the email below: ``forwarded``, ``original`` or ""."""
    phrase = vocabulary.same(line.strip(DECORATION)).strip(DECORATION)
    if phrase in vocabulary.FORWARDED:
        return "forwarded"
    if phrase.startswith(vocabulary.FORWARDED_BY) and _DASHES.match(line):
        return "forwarded"
    return "original" if phrase in vocabulary.ORIGINAL else ""


def announces_in(line: str) -> tuple[str, str]:
    """Return :func:`announces` of a line, and what stands behind it in the same line."""
    found = _ONE_LINE.fullmatch(line)
    return (announces(f"--- {found[1]}"), found[2]) if found else (announces(line), "")


def is_sentence(text: str) -> bool:
    """Tell whether a text introduces a quotation: "On 28 Oct 2021 at 12:46, Anna wrote:"."""
    if not (_ENDS.search(text) or _FRAMED.fullmatch(text)) or not _TIME_OR_DATE.search(text):
        return False
    return bool(_ADDRESS.search(text)) or wrote(text)


def wrote(text: str) -> bool:
    """Tell whether the verb of such a sentence is in a text."""
    text = vocabulary.same(text)
    return bool(_WROTE.search(text) or _WROTE_ASIAN.search(text))


def after_wrote(text: str) -> str:
    """Return what stands behind the last such verb: the name, in some languages."""
    lowered = text.lower()
    if len(lowered) != len(text):
        return text
    ends = [found.end() for found in _WROTE.finditer(lowered)]
    return text[ends[-1] :] if ends else text


def new_text(text: str) -> str:
    """Return what its sender wrote: the text above the email that is answered or forwarded.

    A quotation ends what is read: what stands below it may be anybody's. All lines are looked at.
    """
    lines = lines_of(text, None)
    end = next((at for at in range(len(lines)) if begins(lines, at)), len(lines))
    return "\n".join(lines[:end])


def carried_text(text: str) -> str:
    """Return what the first sender wrote in a text that somebody else forwards, "" if nothing.

    What was quoted there is left out as in :func:`new_text`.
    """
    lines = lines_of(text, None)
    at = next((at for at in range(len(lines)) if begins(lines, at)), len(lines))
    # What is announced may stand apart from its headers
    while at < len(lines) and _is_head(lines[at]):
        at += 1
    at = _end_of_head(lines, at)
    return new_text("\n".join(_MARKS.sub("", line) for line in lines[at:]))


def _end_of_head(lines: list[str], at: int) -> int:
    """Return the line behind the headers that begin in a line, or behind a sentence."""
    end = at
    for position in range(at, min(at + _HEAD_LINES, len(lines))):
        line = lines[position]
        if not line.strip(DECORATION):
            break
        if label(line)[0]:
            end = position + 1
        elif end == at and _ENDS.search(line):
            return position + 1
    return end


def _is_head(line: str) -> bool:
    return not line.strip(DECORATION) or bool(announces_in(line)[0])


def begins(lines: list[str], at: int) -> bool:
    """Tell whether another email begins in a line: with what introduces it, or quoted."""
    line = lines[at]
    if not line.strip():
        return False
    if _QUOTED.match(line) or announces_in(line)[0]:
        return True
    if _RULE.fullmatch(line):
        return _is_block(lines, at + 1)
    # the line above a sentence is none of it
    return _is_block(lines, at) or (
        _is_wrapped_sentence(lines, at) and not _is_wrapped_sentence(lines, at + 1)
    )


def _is_block(lines: list[str], at: int) -> bool:
    """Tell whether the headers of an email begin in a line."""
    first, value = label(lines[at]) if at < len(lines) else ("", "")
    if not first:
        return False
    kinds = set()
    for line in lines[at : at + _BLOCK_LINES]:
        if not line.strip(DECORATION):
            break
        kinds.add(label(line)[0])
    kinds.discard("")
    has_sender = first == "from" and "@" in value
    return "from" in kinds and len(kinds) >= (_BLOCK_KINDS - has_sender)


def _is_wrapped_sentence(lines: list[str], at: int) -> bool:
    text = ""
    for line in lines[at : at + _SENTENCE_LINES]:
        if not line.strip():
            return False
        text += f" {line.strip()}"
        if _ENDS.search(line) or _FRAMED.fullmatch(text):
            return len(text) <= _SENTENCE_LENGTH and is_sentence(text)
    return False
