"""The parts of an email, whatever its structure is worth: in one walk, for everything that reads.

Plain Python on the bytes as they came. The walk is bounded in parts and levels, and without
recursion; a boundary that is wrong or missing is looked for in the text, and what lies in signed
mail or in Outlook's own format is found as if it lay open.
"""

import itertools
import mimetypes
import re
from dataclasses import dataclass, field

from .. import charset as mail_charset
from . import protected, tnef
from .headers import Headers, decode_transfer, decode_words, file_parameter
from .subject import clean_text

#: Bytes of the headers, parts, levels, characters of one text, bytes that are unpacked, and bytes
#: that are looked through for boundaries: what is beyond is left out.
MAX_HEAD = 1_000_000
MAX_PARTS = 2000
MAX_DEPTH = 500
MAX_TEXT = 2_000_000
MAX_UNPACKED = 50_000_000
MAX_SEARCHED = 500_000_000

#: Emails that are carried as parts
CARRIED_TYPES = ("message/rfc822", "message/global")
# As which some programs attach a file that somebody has saved an email in
_FILE_TYPES = ("application/octet-stream", "application/x-eml", "application/eml", "message/x-eml")
_OF_EMAILS = {"date", "message-id", "mime-version", "received", "subject", "to"}
_FILE_HEAD = 16 * 1024
_PART_HEAD_LIMIT = 64 * 1024
_HEADER_LINE = re.compile(rb"[!-9;-~]{1,200}[ \t]*:")
_LEADING = re.compile(rb"[\r\n]{0,100}(?:>?From [^\n]*\n)?")
_CONTENT_HEAD = re.compile(rb"content-|mime-version[ \t]*:", re.IGNORECASE)
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*\r?(?:\n|\Z)")
# A line that looks like a boundary, above a line that looks like the header of a part
_LIKELY_BOUNDARY = re.compile(
    rb"(?:\A|\n)--([^\s-][^\r\n]{0,199}|-[^\r\n]{1,199})\r?\n(?=content-[a-z-]{2,40}[ \t]*:)",
    re.IGNORECASE,
)
_CLOSING_BOUNDARY = re.compile(rb"(?:\A|\n)--([^\r\n]{1,200})--[ \t]*\r?(?=\n|\Z)")
_BOILERPLATE = re.compile(r"mime|multi-?part|mehrteilig|plusieurs parties", re.IGNORECASE)
_HTML = re.compile(rb"\s*(?:<!doctype html|<html|<body|<head|<div|<p>|<table)", re.IGNORECASE)
_HINT = re.compile(
    rb"charset\s*=\s*[\"']?([\w.:-]{2,40})|=\?([\w.:-]{2,40})\?[bq]\?", re.IGNORECASE
)
_SAID_NOTHING = ("us-ascii", "ascii", "utf-8", "utf8")


@dataclass(slots=True, eq=False)
class Part:
    """A part of an email, or the email itself."""

    raw: bytes
    headers: Headers
    end: int
    type: str
    parameters: dict[str, str]
    depth: int = 0
    parent: "Part | None" = None
    children: list["Part"] = field(default_factory=list)
    hint: str = ""
    """What other parts say that they are written in."""
    lies_in_message: bool = False
    """Whether it belongs to an email that is carried by the email."""
    is_stray: bool = False
    """Whether it stands outside of all parts, where readers of mail are not shown it."""
    packed: str = ""
    """What it was unpacked from: ``signed``, ``tnef`` or ""."""

    @property
    def main_type(self) -> str:
        return self.type.partition("/")[0]

    @property
    def name(self) -> str:
        """The name of the file that it is, "" without one."""
        return file_parameter(self.headers, "content-disposition", "filename", self.hint) or (
            file_parameter(self.headers, "content-type", "name", self.hint)
        )

    @property
    def is_attached(self) -> bool:
        """Whether its sender says that it is a file."""
        return self.headers.value("content-disposition").startswith("attachment")

    @property
    def content_id(self) -> str:
        return clean_text(decode_words(self.headers.text("content-id"))).strip("<> ")

    def body(self, limit: int | None = None) -> bytes:
        """Return the bytes as they came, with the transfer encoding."""
        end = self.end if limit is None else min(self.end, self.headers.body + limit)
        return self.raw[self.headers.body : end]

    def content(self, limit: int | None = None) -> bytes:
        """Return the bytes without the transfer encoding."""
        data = self.body(limit)
        if self.type.startswith("multipart/"):
            return data
        return decode_transfer(data, self.headers.value("content-transfer-encoding"))

    def text(self, limit: int = 4 * MAX_TEXT) -> str:
        """Return the text, with ``\\n`` at the end of lines, and ``MAX_TEXT`` characters at most.

        :param limit: of what is decoded, in bytes.
        """
        text = mail_charset.decode(
            self.content(limit),
            self.parameters.get("charset", ""),
            self.hint,
            self.type == "text/html",
        )
        text = text[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")
        return text.replace("\0", "\ufffd")

    @property
    def is_text_cut(self) -> bool:
        return self.end - self.headers.body > MAX_TEXT and len(self.text()) >= MAX_TEXT

    def walk(self):
        """Yield the part and all that it holds, in their order."""
        todo = [self]
        while todo:
            part = todo.pop()
            yield part
            todo += reversed(part.children)


@dataclass
class Mail:
    """An email in parts."""

    root: Part
    is_whole: bool = True
    """Whether all of it was looked at."""
    protection: str = ""
    """``signed``, ``encrypted`` or ""."""

    def leaves(self):
        """Yield the parts that hold no others, in their order."""
        return (part for part in self.root.walk() if not part.children)


def head_of(raw: bytes) -> tuple[bytes, Headers]:
    """Return the bytes of an email with lines that can be told apart, and its headers."""
    if b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
    start = _LEADING.match(raw).end()
    headers = Headers(raw, start, limit=MAX_HEAD)
    if headers.has_end or not raw[start:]:
        lines = raw[start : headers.body].split(b"\n", 200)
        if any(map(_HEADER_LINE.match, lines)) or not raw[start:]:
            return raw, _until_boundary(raw, start, headers)
        return raw, Headers.none(start)
    # Nothing tells where the headers end: with the first line that is none.
    position = start
    for line in raw[start : start + MAX_HEAD].split(b"\n"):
        if line.strip() and line[:1] not in (b" ", b"\t") and not _HEADER_LINE.match(line):
            break
        position += len(line) + 1
    else:
        return raw, headers
    return raw, Headers(raw, start, position) if position > start else Headers.none(start)


def _until_boundary(raw: bytes, start: int, headers: Headers) -> Headers:
    """Return the headers, of which a boundary is the end if there is no empty line."""
    boundary = headers.content_type()[1].get("boundary", "")
    mark = b"\n--" + boundary.encode("utf-8", "replace")
    position = raw.find(mark, start, headers.body) if boundary else -1
    return headers if position < 0 else Headers(raw, start, position + 1)


def parse(raw: bytes, limit: int | None = None) -> Mail:
    """Return an email in its parts. Whatever a sender wrote, nothing raises.

    :param limit: of what body is looked at, in bytes.
    """
    raw, headers = head_of(raw)
    end = len(raw) if limit is None else min(len(raw), headers.body + limit)
    found = _HINT.finditer(raw, 0, min(end, 256 * 1024))
    hints = ((one[1] or one[2]).decode("ascii", "replace").lower() for one in found)
    hint = next((one for one in hints if one not in _SAID_NOTHING), "")
    mail = Mail(_part(raw, headers, end, hint=hint))
    if mail.root.type == "text/plain" and (kind := _forgotten_parts(mail.root)):
        mail.root.type = kind
    if "content-type" not in headers and _HTML.match(raw, headers.body, end):
        mail.root.type = "text/html"
    budget = [MAX_UNPACKED]
    searched = 0
    todo = [mail.root]
    count = 0
    while todo:
        part = todo.pop()
        count += 1
        searched += part.end - part.headers.body if part.main_type == "multipart" else 0
        if count > MAX_PARTS or part.depth > MAX_DEPTH or searched > MAX_SEARCHED:
            mail.is_whole = False
            if part.parent:
                part.parent.children = [one for one in part.parent.children if one is not part]
            continue
        part.children = _children(part, mail, budget)
        todo += reversed(part.children)
    return mail


def _part(raw: bytes, headers: Headers, end: int, **values) -> Part:
    kind, parameters = headers.content_type()
    if kind.count("/") != 1:
        kind = "multipart/mixed" if kind == "multipart" else "text/plain"
    parent = values.get("parent")
    if parent and parent.type == "multipart/digest" and "content-type" not in headers:
        kind = "message/rfc822"
    return Part(raw, headers, end, kind, parameters, **values)


def _children(part: Part, mail: Mail, budget: list[int]) -> list[Part]:
    if part.main_type == "multipart":
        if part.type == "multipart/encrypted":
            mail.protection = "encrypted"
        elif part.type == "multipart/signed":
            mail.protection = mail.protection or "signed"
        return _parts_between(part)
    if part.type in CARRIED_TYPES or _is_saved_email(part):
        if part.type not in CARRIED_TYPES:
            part.type = CARRIED_TYPES[0]
        return _carried(part)
    if protected.may_be(part.type, part.name):
        return _unprotected(part, mail, budget)
    if tnef.may_be(part.type, part.name):
        return _unpacked(part, mail, budget)
    return []


# ---- BETWEEN BOUNDARIES ----


def _parts_between(part: Part) -> list[Part]:
    raw, start, end = part.raw, part.headers.body, part.end
    if part.headers.value("content-transfer-encoding") in ("base64", "quoted-printable"):
        # No multipart may be encoded. This one is, or it only says so.
        data = decode_transfer(part.body(), part.headers.value("content-transfer-encoding"))
        # from the line end before the first line
        is_open = _LIKELY_BOUNDARY.search(raw, start - 1, end)
        if _LIKELY_BOUNDARY.search(data) and not is_open:
            raw, start, end = data, 0, len(data)
    boundary = part.parameters.get("boundary", "").encode("utf-8", "surrogateescape")
    marks = _first_marks(raw, start, end, boundary)
    if not marks:
        marks = _first_marks(raw, start, end, _likely_boundary(raw, start, end))
    if not marks:
        return [_stray(part, raw, start, end)] if raw[start:end].strip() else []
    children = []
    begin, is_stray = start, True
    for position, after, is_last in [*marks, (end, end, None)]:
        if is_stray:
            if raw[begin:position].strip():
                children.append(_stray(part, raw, begin, position))
        else:
            headers = _part_headers(raw, begin, position)
            # the line end before a boundary belongs to it
            stop = (
                position - 1
                if raw[position - 1 : position] == b"\n" and position < end
                else position
            )
            children.append(_child(part, raw, headers, max(stop, headers.body)))
        begin, is_stray = after, is_last
    types = [child.type for child in children if not child.is_stray]
    is_told = part.headers.content_type()[0] == part.type
    if not is_told and types == ["text/plain", "text/html"]:
        part.type = "multipart/alternative"
    return children


def _likely_boundary(raw: bytes, start: int, end: int) -> bytes:
    """Return the boundary of parts that say another one, or none, b"" if they have none."""
    # from the line end before the first line
    if found := _LIKELY_BOUNDARY.search(raw, start - 1, end):
        return found[1].rstrip()
    for found in itertools.islice(_CLOSING_BOUNDARY.finditer(raw, start - 1, end), 20):
        if any(True for _mark in _marks(raw, start, found.start(), found[1])):
            return found[1]
    return b""


def _forgotten_parts(part: Part) -> str:
    """Return the type of a text that is made of parts without saying so, "" if it is none."""
    raw, start, end = part.raw, part.headers.body, part.end
    found = _LIKELY_BOUNDARY.search(raw, start - 1, min(end, start + 2000))
    above = raw[start : found.start()].decode("ascii", "replace") if found else ""
    if not found or (above.strip() and not is_boilerplate(above)):
        return ""
    boundary = found[1].rstrip()
    if not any(is_last for _start, _end, is_last in _marks(raw, start, end, boundary)):
        return ""
    part.parameters = {**part.parameters, "boundary": boundary.decode("utf-8", "surrogateescape")}
    return "multipart/mixed"


def _first_marks(raw: bytes, start: int, end: int, boundary: bytes) -> list:
    """Return the lines with the boundary: one more than there may be parts."""
    return list(itertools.islice(_marks(raw, start, end, boundary), MAX_PARTS + 1))


def _marks(raw: bytes, start: int, end: int, boundary: bytes):
    """Yield where each line with the boundary begins and ends, and whether it is the last one."""
    if not boundary:
        return
    mark = b"--" + boundary
    position = raw.find(mark, start, end)
    while position != -1:
        if position == start or raw[position - 1 : position] == b"\n":
            # another boundary may begin with the same letters
            if rest := _AFTER_BOUNDARY.match(raw, position + len(mark), end):
                yield position, rest.end(), bool(rest[1])
        position = raw.find(mark, position + len(mark), end)


def _part_headers(raw: bytes, start: int, end: int) -> Headers:
    """Return the headers of a part: as far as they are some, even without an empty line."""
    position = start
    is_content = False
    while position < min(end, start + _PART_HEAD_LIMIT):
        line_end = raw.find(b"\n", position, end)
        line_end = end if line_end < 0 else line_end + 1
        line = raw[position : min(line_end, position + 300)]
        if not line.strip(b"\r\n"):
            # what has headers of other kinds only has them too, when an empty line is the end
            return Headers(raw, start, line_end, line_end - start)
        is_content = is_content or bool(_CONTENT_HEAD.match(line))
        if line[:1] not in (b" ", b"\t") and not _HEADER_LINE.match(line):
            break
        position = line_end
    if not is_content:
        return Headers.none(start)
    return Headers(raw, start, position, position - start)


def _child(parent: Part, raw: bytes, headers: Headers, end: int, **values) -> Part:
    return _part(
        raw,
        headers,
        end - (raw[end - 1 : end + 1] == b"\r\n" and end > headers.body),
        parent=parent,
        depth=parent.depth + 1,
        hint=parent.hint,
        **{
            "lies_in_message": parent.lies_in_message,
            "packed": parent.packed,
        }
        | values,
    )


def _stray(parent: Part, raw: bytes, start: int, end: int) -> Part:
    """Return what stands where no part is: text that a reader should see if nothing else is one."""
    part = _child(parent, raw, Headers.none(start), end)
    part.is_stray = True
    part.parameters = {
        name: value for name, value in parent.parameters.items() if name == "charset"
    }
    if _HTML.match(raw, start, end):
        part.type = "text/html"
    return part


def is_boilerplate(text: str) -> bool:
    """Tell whether a text outside of all parts is only for programs that know no parts."""
    return (len(text) < 1000 and bool(_BOILERPLATE.search(text))) or not re.search(r"\w{2}", text)


# ---- WITHIN PARTS ----


def _is_saved_email(part: Part) -> bool:
    """Tell whether a part is a file with an email in it, by its name and by what is in it."""
    if part.type not in _FILE_TYPES or not part.name.lower().endswith(".eml"):
        return False
    head = Headers(part.content(_FILE_HEAD).lstrip())
    return "from" in head and len(_OF_EMAILS.intersection(head.names())) > 1


def _carried(part: Part) -> list[Part]:
    raw, start = part.raw, part.headers.body
    end = part.end
    if part.headers.value("content-transfer-encoding") in ("base64", "quoted-printable"):
        raw = part.content()
        start, end = 0, len(raw)
    start += len(raw[start : start + 100]) - len(raw[start : start + 100].lstrip(b"\r\n"))
    if start >= end:
        return []
    headers = Headers(raw, start, end)
    return [_child(part, raw, headers, end, lies_in_message=True)]


def _unprotected(part: Part, mail: Mail, budget: list[int]) -> list[Part]:
    kind, inner = protected.unwrap(part.content(), budget[0])
    if kind == "encrypted":
        mail.protection = "encrypted"
    if not inner:
        return []
    budget[0] -= len(inner)
    start = len(inner) - len(inner.lstrip(b"\r\n"))
    headers = _part_headers(inner, start, len(inner))
    if "content-type" not in headers and (part.parent or not start):
        return []  # a document that somebody has signed
    if kind == "signed":
        mail.protection = mail.protection or "signed"
    return [_child(part, inner, headers, len(inner), packed=kind)]


def _unpacked(part: Part, mail: Mail, budget: list[int]) -> list[Part]:
    try:
        pieces = tnef.unpack(part.content(), budget[0])
    except ValueError:
        mail.is_whole = False
        return []
    budget[0] -= sum(len(piece.content) for piece in pieces)
    children = []
    for piece in pieces:
        child = _child(part, piece.content, Headers.none(0), len(piece.content), packed="tnef")
        child.type = piece.type
        child.headers = Headers.made(
            {
                "content-type": piece.type,
                "content-disposition": "attachment" if piece.name else "inline",
                "content-id": piece.content_id,
            },
            piece.name,
        )
        child.parameters = {"charset": piece.charset} if piece.charset else {}
        children.append(child)
    return children


_DEFAULT_NAMES = {
    "application/pkcs7-mime": "smime.p7m",
    "application/x-pkcs7-mime": "smime.p7m",
    "application/pkcs7-signature": "smime.p7s",
    "application/x-pkcs7-signature": "smime.p7s",
    "application/pgp-signature": "signature.asc",
    "message/delivery-status": "delivery-status.txt",
    "message/disposition-notification": "disposition-notification.txt",
    "text/calendar": "invite.ics",
    "text/rfc822-headers": "headers.txt",
}


def default_name(part: Part) -> str:
    """Return the name of a file that has none."""
    extension = mimetypes.guess_extension(part.type) or ""
    return _DEFAULT_NAMES.get(part.type) or f"attachment{extension}"
