"""What somebody wrote newly in an answer, without the email that it answers."""

import re

from .forward import _announces, _label

#: Lines that are looked at, and what of each.
LINE_LIMIT = 3000
_LENGTH = 1000
# Where a quotation in HTML begins and ends, as lines of its text
_OPEN, _CLOSE = "\ue000", "\ue001"
_QUOTE_TAG = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
# "On Fri, 27 Nov 2026 at 10:13, Jan <jan@customer.test> wrote:", in any language
_ATTRIBUTION = re.compile(r"(?=[^\n]*\d)(?=[^\n]*(?:@|\d{4}|\d:\d\d))[^\n]{8,400}[:：]\s*$")
_RULE = re.compile(r"\s*[_–—-]{10,}\s*$")
_ADDRESS_OR_TIME = re.compile(r"@|\d{1,2}[:.]\d\d|\b(?:19|20)\d\d\b")


def mark_quotes(html: str) -> str:
    """Return HTML in which quotations stay recognizable when it becomes text."""
    return _QUOTE_TAG.sub(lambda tag: f"<p>{_CLOSE if tag[1] else _OPEN}</p>{tag[0]}", html)


def without_marks(text: str) -> str:
    """Return the text of :func:`mark_quotes` as if nothing had been marked."""
    return "\n".join(line for line in text.split("\n") if line.strip() not in (_OPEN, _CLOSE))


def new_text(text: str) -> str:
    """Return the text of an answer without what it quotes; all of it if it says nothing itself.

    :param text: may be that of :func:`mark_quotes`.
    """
    lines = _with_quote_signs(text.split("\n"))
    kept: list[str] = []
    position = 0
    while position < min(len(lines), LINE_LIMIT):
        length = _introduces(lines, position)
        rest = position + length
        if length or lines[position].startswith(">"):
            following = next((line for line in lines[rest:] if line.strip()), "")
            if not following.startswith(">"):
                break  # the rest is what was answered
            position = rest
            while position < len(lines) and (
                lines[position].startswith(">") or not lines[position].strip()
            ):
                position += 1
            kept.append("")
            continue
        kept.append(lines[position])
        position += 1
    found = "\n".join(kept).strip()
    return re.sub(r"\n{3,}", "\n\n", found) or without_marks(text).strip()


def _with_quote_signs(lines: list[str]) -> list[str]:
    """Return the lines, those of quotations with a sign before them."""
    depth = 0
    found = []
    for line in lines:
        sign = line.strip()
        if sign == _OPEN:
            depth += 1
        elif sign == _CLOSE:
            depth = max(depth - 1, 0)
        else:
            line = line.lstrip() if sign.startswith(">") else line
            found.append(f"> {line}" if depth else line)
    return found


def _introduces(lines: list[str], position: int) -> int:
    """Return how many lines from ``position`` introduce a quotation, 0 if they do not."""
    line = lines[position][:_LENGTH]
    if not line.strip():
        return 0
    if _announces(line):
        return 1
    if _is_header_block(lines, position):
        return 1
    for count in (1, 2, 3):
        piece = lines[position : position + count]
        if len(piece) < count or any(not one.strip() or one.startswith(">") for one in piece):
            return 0
        joined = " ".join(one.strip() for one in piece)[:_LENGTH]
        if _ATTRIBUTION.fullmatch(joined) and (count == 1 or _ADDRESS_OR_TIME.search(piece[0])):
            following = next((one for one in lines[position + count :] if one.strip()), "")
            # who introduces a list of their own writes no address, and a time rarely
            return count if "@" in joined or following.startswith(">") else 0
    return 0


def _is_header_block(lines: list[str], position: int) -> bool:
    """Tell whether the headers of an email begin here, perhaps below a rule."""
    if _RULE.match(lines[position]):
        position = next(
            (at for at in range(position + 1, min(position + 3, len(lines))) if lines[at].strip()),
            position,
        )
    if _label(lines[position][:_LENGTH].strip(" \t*>"))[0] != "from":
        return False
    kinds = {_label(line[:_LENGTH].strip(" \t*>"))[0] for line in lines[position : position + 8]}
    return len(kinds - {""}) >= 3
