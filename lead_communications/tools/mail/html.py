"""The text of HTML as a reader sees it."""

import html
import re

_TAG = re.compile(r"<!--|--!?>|<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>?|<[!?][^<>]*>?")
_LINES = {
    "br",
    "p",
    "div",
    "tr",
    "li",
    "table",
    "blockquote",
    "pre",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "dt",
    "dd",
}
_CELLS = {"td", "th"}
_HIDDEN = {"script", "style", "head", "title"}
_PRE = re.compile(r"<pre\b[^<>]*>.*?(?:</pre\s*>|\Z)", re.IGNORECASE | re.DOTALL)


def html_to_text(source: str) -> str:
    """Return the text of HTML with the lines that a reader sees."""
    if not source:
        return ""
    pieces: list[str] = []
    hidden = ""
    position = 0
    begins = True  # a line has begun: where two blocks meet, there is one
    source = _PRE.sub(lambda pre: re.sub(r"\r\n?|\n", "<br>", pre[0]), source)
    source = re.sub(r"\s+", " ", source)
    for tag in _TAG.finditer(source):
        if not hidden and (text := source[position : tag.start()]):
            pieces.append(text)
            begins = begins and not text.strip(" ")
        position = tag.end()
        hidden = _still_hidden(hidden, tag)
        name = "" if hidden else (tag[2] or "").lower()
        if name == "br" or (name in _LINES and not begins):
            pieces.append("\n")
            begins = True
        elif name in _CELLS:
            pieces.append("\t")
            begins = False
    if not hidden:
        pieces.append(source[position:])
    return html.unescape("".join(pieces))


def _still_hidden(hidden: str, tag: re.Match) -> str:
    """Return the element or comment that hides what follows ``tag``, "" if it is shown."""
    name = (tag[2] or "").lower()
    if hidden == "comment":
        return "" if tag[0].startswith("--") else hidden
    if hidden:
        return "" if tag[1] and name == hidden else hidden
    if tag[0] == "<!--":
        return "comment"
    return name if name in _HIDDEN and not tag[1] else ""
