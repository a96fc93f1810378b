"""The text of an email, and the email that it carries: the beginning of it, whatever it is made of.

Only the first bytes are looked at, the parts are walked without recursion, and nothing that is
attached is decoded.
"""

import html
import itertools
import re
from typing import NamedTuple

from .headers import Headers, decode_transfer, to_text

#: What is looked at: bytes of the body, parts, levels, bytes of one text.
BODY_LIMIT = 256 * 1024
PART_LIMIT = 100
DEPTH_LIMIT = 20
TEXT_LIMIT = 64 * 1024
_PART_HEAD_LIMIT = 16 * 1024

_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")
_TAG = re.compile(r"<!--|--!?>|<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>?|<[!?][^<>]*>?")
_LINES = {"br", "p", "div", "tr", "li", "table", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4"}
_CELLS = {"td", "th"}
_HIDDEN = {"script", "style", "head", "title"}


class Content(NamedTuple):
    """What was found: the text and HTML as text, and the headers of each email that is carried."""

    plain: str
    html: str
    messages: list[Headers]


def content(raw: bytes, headers: Headers) -> Content:
    """Return the beginning of what the body of ``raw`` says."""
    texts = {"text/plain": "", "text/html": ""}
    messages = []
    for part, end in leaves(raw, headers, headers.body + BODY_LIMIT):
        kind, parameters = part.content_type()
        encoding = part.value("content-transfer-encoding")
        if kind == "message/rfc822":
            messages.append(_carried(raw[part.body : end], encoding))
        elif kind in texts and not texts[kind] and not _is_attached(part):
            data = decode_transfer(raw[part.body : min(end, part.body + TEXT_LIMIT)], encoding)
            texts[kind] = to_text(data, parameters.get("charset", ""))
    return Content(texts["text/plain"], html_to_text(texts["text/html"]), messages)


def _is_attached(part: Headers) -> bool:
    return part.value("content-disposition").startswith("attachment")


def _carried(data: bytes, encoding: str) -> Headers:
    """Return the headers of an email that is carried as a part."""
    if encoding in ("base64", "quoted-printable"):
        data = decode_transfer(data[:TEXT_LIMIT], encoding)
    start = len(data) - len(data.lstrip(b"\r\n"))
    return Headers(data, start, limit=_PART_HEAD_LIMIT)


def leaves(raw: bytes, headers: Headers, limit: int):
    """Yield the headers and the end of each part that is not made of parts, in order.

    :param limit: where to stop looking.
    """
    todo = [(headers, min(len(raw), limit), 0)]
    for _visited in range(PART_LIMIT):
        if not todo:
            return
        part, end, depth = todo.pop()
        kind, parameters = part.content_type()
        if kind == "multipart/report":
            continue
        if not kind.startswith("multipart/"):
            yield part, end
        elif depth < DEPTH_LIMIT:
            pieces = list(_pieces(raw, part.body, end, parameters.get("boundary", "")))
            todo += [
                (Headers(raw, start, stop, _PART_HEAD_LIMIT), stop, depth + 1)
                for start, stop in reversed(pieces)
            ]


def _pieces(raw: bytes, start: int, end: int, boundary: str):
    """Yield where the parts between the boundaries begin and end, at most ``PART_LIMIT``."""
    if not boundary:
        return
    begin = None
    for position, after, is_last in itertools.islice(
        _marks(raw, start, end, boundary.encode("utf-8", "replace")), PART_LIMIT
    ):
        if begin is not None:
            yield begin, position
        if is_last:
            return
        begin = after
    if begin is not None:
        yield begin, end


def _marks(raw: bytes, start: int, end: int, boundary: bytes):
    """Yield where each line with the boundary begins and ends, and whether it is the last one."""
    mark = b"\n--" + boundary
    position = raw.find(mark, start - 1, end)
    while position != -1:
        # another boundary may begin with the same letters
        if rest := _AFTER_BOUNDARY.match(raw, position + len(mark), end):
            yield position + 1, rest.end(), bool(rest[1])
        position = raw.find(mark, position + len(mark), end)


def html_to_text(source: str) -> str:
    """Return the text of HTML with the lines that a reader sees."""
    if not source:
        return ""
    pieces = []
    hidden = ""
    position = 0
    source = re.sub(r"\s+", " ", source)
    for tag in _TAG.finditer(source):
        if not hidden:
            pieces.append(source[position : tag.start()])
        position = tag.end()
        hidden = _still_hidden(hidden, tag)
        if not hidden:
            name = (tag[2] or "").lower()
            pieces.append("\n" if name in _LINES else "\t" if name in _CELLS else "")
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
