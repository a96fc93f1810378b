"""What somebody wrote newly in an answer: above, below and between what it quotes."""

import re

from . import quote

# Where a quotation in HTML begins and ends, as lines of its text
_OPEN, _CLOSE = "\ue000", "\ue001"
_QUOTE_TAG = re.compile(r"<(/?)blockquote\b[^<>]*>", re.IGNORECASE)
# Lines that one sentence is written in
_SENTENCE_LINES = 3


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
    seen = [" ".join(quote.lines_of(line, None)) for line in lines]
    kept: list[str] = []
    at = 0
    while at < len(lines):
        if not quote.begins(seen, at):
            kept.append(lines[at])
            at += 1
            continue
        quoted = next(
            (step for step in range(at, at + _SENTENCE_LINES + 2) if _is_quoted(seen, step)), None
        )
        if quoted is None:
            break  # the rest is what was answered
        at = quoted
        while at < len(lines) and (_is_quoted(seen, at) or not seen[at].strip()):
            at += 1
        kept.append("")
    found = re.sub(r"\n{3,}", "\n\n", "\n".join(kept).strip())
    return found or without_marks(text).strip()


def _is_quoted(lines: list[str], at: int) -> bool:
    return at < len(lines) and lines[at].lstrip().startswith(">")


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
            found.append(f"> {line}" if depth else line)
    return found
