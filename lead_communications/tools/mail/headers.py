"""The headers of an email, read so that nothing a sender can write raises or takes long.

The parsers of the standard library raise on several kinds of broken mail (unknown charsets, broken
encoded words, unbalanced comments), and lose the addresses that web forms write, such as
``jan@customer.test <jan@customer.test>``.
"""

import binascii
import re
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from .. import charset as mail_charset
from .subject import clean_text

#: What is looked at, in bytes: of all headers together, and of one header.
HEAD_LIMIT = 256 * 1024
VALUE_LIMIT = 32 * 1024
#: Addresses of one message.
PARTY_LIMIT = 100
# Characters of one name, or of a text with an address in it
_NAME_LIMIT = 1000

_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_NEWLINE = re.compile(rb"\r?\n")
_FOLD = re.compile(rb"\r?\n[ \t]+")
_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,20})?\?([bq])\?([^?]{0,2000})\?=", re.I | re.A)
_PARAMETER = re.compile(r";\s*([\w-]{1,40})\*?\s*=\s*(?:\"([^\"]*)|([^;\s]*))", re.ASCII)
# Of a file: also in pieces, with escapes, and not quoted although there are spaces in it
_FILE_PARAMETER = re.compile(
    rb";\s*([\w-]{1,40})(?:\*(\d{1,3}))?(\*)?\s*=\s*(?:\"((?:[^\"\\]|\\.)*+)\"?|([^;]*))", re.DOTALL
)
# Each choice takes what it can get to, also when the closing mark is missing: a text of nothing but
# opening marks is read once.
_TOKEN = re.compile(
    r'"(?P<quoted>(?:[^"\\]|\\.)*)"?'
    r"|\((?P<comment>(?:[^()\\]|\\.)*)\)?"
    r"|<(?P<angle>[^<>]*)>?"
    r"|(?P<separator>[,;])"
    r'|(?P<text>[^"(<,;]+)',
    re.DOTALL,
)
_ADDRESS = re.compile(r"[^\s\x00-\x1f\x7f<>()\[\]\",;:@\\]{1,64}@(?:\w[\w-]*\.)*\w[\w-]*")
_MAILTO = re.compile(r"[<\[]\s{0,9}mailto:\s{0,9}([^\[\]<>]{3,254})[>\]]", re.IGNORECASE)
# Quotation marks that an address does not need belong to none (RFC 5321, 4.1.2)
_QUOTED_LOCAL = re.compile(r"\"([\w.!#$%&'*+/=?^`{|}~-]{1,64})\"@")


class Party(NamedTuple):
    """Somebody named in an email: a clean name, and the normalized address; either may be ""."""

    name: str
    address: str


class Headers:
    """The headers of a message, or of a part of one, that begins at ``start`` of ``raw``."""

    def __init__(self, raw: bytes, start: int = 0, end: int | None = None, limit: int = HEAD_LIMIT):
        stop = min(len(raw) if end is None else end, start + limit)
        blank = _NEWLINE.match(raw, start, stop) or _BLANK_LINE.search(raw, start, stop)
        #: Whether an empty line tells where they end.
        self.has_end = bool(blank)
        self.start = start
        #: Where the body begins.
        self.body = blank.end() if blank else stop
        self._values: dict[str, list[bytes]] = {}
        head = _FOLD.sub(b" ", raw[start : blank.start() if blank else stop])
        for line in head.split(b"\n"):
            name, colon, value = line.partition(b":")
            if colon:
                key = name.strip().lower().decode("ascii", "replace")
                self._values.setdefault(key, []).append(value.strip())

    @classmethod
    def none(cls, start: int) -> "Headers":
        """Return no headers, of a body that begins at ``start``."""
        return cls(b"", start, start)

    @classmethod
    def made(cls, values: dict[str, str], file_name: str = "") -> "Headers":
        """Return headers with ``values``, of a body without any of its own."""
        made = cls.none(0)
        made._values = {
            name: [value.encode("utf-8", "replace")] for name, value in values.items() if value
        }
        if file_name:
            quoted = re.sub(r'(["\\])', r"\\\1", file_name)
            made._values["content-disposition"][0] += f'; filename="{quoted}"'.encode(
                "utf-8", "replace"
            )
        return made

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> list[str]:
        """Return the lower-case names of the headers, each once."""
        return list(self._values)

    def count(self, name: str) -> int:
        """Return how often the header is there."""
        return len(self._values.get(name, ()))

    def raw(self, name: str) -> bytes:
        """Return the beginning of the first value as it came, b"" without one."""
        return self._values.get(name, (b"",))[0][:VALUE_LIMIT]

    def raw_end(self, name: str) -> bytes:
        """Return the end of the first value as it came, b"" without one."""
        return self._values.get(name, (b"",))[0][-VALUE_LIMIT:]

    def all_raw(self, name: str, limit: int) -> list[bytes]:
        """Return the values as they came: the first ones and the last ones, of each ``limit``."""
        values = self._values.get(name, [])
        if len(values) > 2 * limit:
            values = values[:limit] + values[-limit:]
        return [value[:VALUE_LIMIT] for value in values]

    def values(self, name: str) -> list[str]:
        """Return the lower-case values of a header that machines write, at most 20."""
        return [to_text(value[:2000]).lower() for value in self._values.get(name, ())[:20]]

    def value(self, name: str) -> str:
        """Return the first value as machines read it: lower case, "" without one."""
        return next(iter(self.values(name)), "")

    def text(self, name: str) -> str:
        """Return the first value as people read it, on one line, without control characters."""
        return clean_text(decode_words(to_text(self.raw(name)[:4000], hint=self.hint)), 1000)

    def content_type(self) -> tuple[str, dict[str, str]]:
        """Return the lower-case content type and its parameters by lower-case name."""
        value = to_text(self.raw("content-type")[:2000])
        found = _PARAMETER.findall(value)
        # the first of a name counts
        parameters = {name.lower(): quoted or plain for name, quoted, plain in reversed(found)}
        return value.partition(";")[0].strip().lower() or "text/plain", parameters

    @property
    def hint(self) -> str:
        """The charset that the text below is said to be in."""
        return self.content_type()[1].get("charset", "")

    def parties(self, *names: str) -> list[Party]:
        """Return who is named in these headers, in order, at most ``PARTY_LIMIT``."""
        found = []
        for name in names:
            for value in self._values.get(name, ())[:PARTY_LIMIT]:
                text = to_text(value[:VALUE_LIMIT], hint=self.hint)
                found += parties(text, PARTY_LIMIT - len(found))
        return found


def to_text(data: bytes, charset: str = "", hint: str = "") -> str:
    """Return the text of bytes in ``charset``; see :func:`.charset.decode`."""
    return mail_charset.decode(data, charset, hint)


def decode_transfer(data: bytes, encoding: str) -> bytes:
    """Return ``data`` without its transfer encoding, as far as it can be read."""
    if encoding == "quoted-printable":
        return binascii.a2b_qp(data)
    if encoding in ("x-uuencode", "uuencode", "x-uue", "uue"):
        return _uudecode(data)
    if encoding == "base64":
        try:
            return binascii.a2b_base64(data)
        except binascii.Error:
            letters = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
            if len(letters) % 4 == 1:
                letters = letters[:-1]
            return binascii.a2b_base64(letters + b"==")  # more than it takes is no fault
    return data


def _uudecode(data: bytes) -> bytes:
    pieces = []
    lines = data.partition(b"begin ")[2].splitlines()[1:]
    for line in filter(None, lines):  # an empty one would be 32 zeros
        if line.strip() == b"end":
            break
        try:
            pieces.append(binascii.a2b_uu(line))
        except binascii.Error:
            continue
    return b"".join(pieces)


def file_parameter(headers: Headers, header: str, name: str, hint: str = "") -> str:
    """Return a parameter that is the name of a file, on one line, "" without one.

    Of the ways to write it that with a charset comes first (RFC 2231), then that in pieces, then
    the plain one, which may hold bytes of any charset or encoded words.
    """
    value = headers.raw(header)[:8000]
    found: dict[tuple[str, bool], dict[int, tuple[bytes, bool]]] = {}
    for key, number, star, quoted, plain in _FILE_PARAMETER.findall(value):
        if key.lower() != name.encode():
            continue
        data = re.sub(rb'\\(["\\])', rb"\1", quoted) if quoted else plain.strip()
        way = "pieces" if number else "whole"
        pieces = found.setdefault((way, bool(star) and not number), {})
        pieces.setdefault(int(number or 0), (data, bool(star)))
    for key in (("whole", True), ("pieces", False), ("whole", False)):
        if key in found and (text := _joined_pieces(found[key], hint)):
            return text
    return ""


def _joined_pieces(pieces: dict[int, tuple[bytes, bool]], hint: str) -> str:
    charset, data = "", b""
    for number in sorted(pieces):
        piece, is_encoded = pieces[number]
        if is_encoded:
            if number == min(pieces) and piece.count(b"'") >= 2:
                label, _language, piece = piece.split(b"'", 2)
                charset = label.decode("ascii", "replace")
            piece = unquote_to_bytes(piece)
        data += piece
    text = to_text(data, charset, hint)
    return clean_text(text if charset else decode_words(text))


def decode_words(text: str) -> str:
    """Return the text with its encoded words (RFC 2047) decoded; broken ones stay as they are."""
    if "=?" not in text:
        return text
    pieces: list[str] = []
    pending, charset, end = b"", "", 0
    for word in _WORD.finditer(text):
        between = text[end : word.start()]
        new_charset = word[1].lower()
        # Characters may be cut in two by the end of a word, so neighbours are decoded together.
        if pending and (between.strip() or new_charset != charset):
            pieces.append(to_text(pending, charset))
            pending = b""
        if between.strip() or not end:
            pieces.append(between)
        data = word[3].encode("utf-8", "replace")
        if word[2] in "qQ":
            pending += binascii.a2b_qp(data, header=True)
        else:
            pending += decode_transfer(data, "base64")
        charset, end = new_charset, word.end()
    return "".join(pieces) + to_text(pending, charset) + text[end:]


def parties(value: str, limit: int = PARTY_LIMIT) -> list[Party]:
    """Return who is named in the value of an address header, in order.

    A name with a comma that is not quoted (``Nowak, Jan <jan@customer.test>``) stays one name.
    """
    value = _QUOTED_LOCAL.sub(r"\1@", _MAILTO.sub(r"<\1>", value))
    found: list[Party] = []
    names: list[str] = []
    for words, comments, angle, separator in _groups(value):
        if len(found) >= limit:
            break
        text = " ".join(words)
        bare = None if angle else _find_address(text)
        if not angle and not bare:
            names.append(text + separator)
            continue
        if bare:
            address, name, names = bare[0], text.replace(bare[0], " "), []
            name = name if name.strip(" \t\"'") else " ".join(comments)
        else:
            address, name = angle, " ".join([*names, text or " ".join(comments)])
            names = []
        party = Party(clean_name(name), clean_address(address))
        if party.name.casefold() == party.address.casefold():
            party = party._replace(name="")
        if any(party):
            found.append(party)
    rest = clean_name(" ".join(names))
    if not found and rest:
        decoded = decode_words(value)
        if decoded != value and _find_address(decoded):
            return parties(decoded.replace("=?", ""), limit)
        found.append(Party(rest, ""))
    return found


def _groups(value: str):
    """Yield the words, comments, address in angle brackets and end of each entry of a list."""
    words: list[str] = []
    comments: list[str] = []
    angle = ""
    for token in _TOKEN.finditer(value):
        kind = token.lastgroup
        content = token[kind]
        if kind == "separator":
            yield words, comments, angle, content
            words, comments, angle = [], [], ""
        elif kind == "angle":
            angle = content.strip() or angle
        elif kind == "comment":
            comments.append(content)
        elif content.strip():
            unquoted = re.sub(r"\\(.)", r"\1", content) if kind == "quoted" else content
            words.append(unquoted.strip())
    yield words, comments, angle, ""


def clean_name(name: str) -> str:
    """Return a name as people read it, without quotation marks around it."""
    words = clean_text(decode_words(name[:_NAME_LIMIT]), _NAME_LIMIT).split()
    return clean_text(" ".join(words).strip("\"' ,;<>"))


def clean_address(text: str) -> str:
    """Return the normalized address in ``text``, "" if there is none that mail could reach.

    Normalized as by Odoo: lower case, but for a local part that is not ASCII.
    """
    found = _find_address(text)
    if not found or clean_text(found[0], 254) != found[0]:
        return ""
    local, _at, domain = found[0].rpartition("@")
    return f"{local.lower() if local.isascii() else local}@{domain.lower()}"


def _find_address(text: str) -> re.Match[str] | None:
    found = _ADDRESS.search(text[:_NAME_LIMIT])
    # an address that is cut would be somebody else's
    return None if found and found.end() == _NAME_LIMIT < len(text) else found


def domain_of(address: str) -> str:
    """Return the part of a normalized address behind the @, "" without one."""
    return address.partition("@")[2]
