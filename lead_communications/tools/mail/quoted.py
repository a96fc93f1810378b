"""What somebody wrote newly in an answer, without the email that it answers."""

import re

from . import quote

#: Lines that are looked at.
LINE_LIMIT = 3000
# Where a quotation in HTML begins and ends, as lines of its text
_OPEN, _CLOSE = "\ue000", "\ue001"
_QUOTE_TAG = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)


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
        length = quote.introduces(lines, position)
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
