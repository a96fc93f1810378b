"""What the original of an email shows. Plain Python on the bytes as the mail server held them.

Whatever a sender wrote, these functions return something and stay within the limits below. The
structure is walked here, not by the standard library's parser: that one recurses into each part,
so a mail with parts in parts a few hundred deep ends in a RecursionError.
"""

import codecs
import re
from base64 import b64encode
from collections.abc import Collection, Iterator
from email import policy
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from functools import partial
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from .shown import is_of_server, same_name
from .subject import clean_text

MAX_DEPTH = 20
MAX_PARTS = 2000
MAX_HEAD = 1_000_000
MAX_HEADERS = 1000
MAX_HEADER_LENGTH = 20_000
MAX_TEXT = 2_000_000
MAX_IMAGE = 5_000_000
MAX_IMAGES = 20_000_000
MAX_LINK = 2000
# So many fit into the header of an answer.
MAX_SERVERS = 40

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
# As browsers do: what calls itself Latin-1 is Windows-1252. Not even ASCII is what it says it is.
_CHARSETS = {
    "ascii": "",
    "us-ascii": "",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "unicode-1-1-utf-7": "utf-7",
}
# Not charsets, and slow on long input.
_NO_CHARSETS = ("idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape")
# No SVG: it is a document, not a picture.
_IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")
_NUL = re.compile("\0")

# What could fetch, run or send something, or move the frame elsewhere. Renamed, not removed: what
# is left when something is taken away may be such an element again.
_ACTIVE = re.compile(
    r"<(/?)(applet|base|embed|form|frame|frameset|iframe|link|meta|object|portal|script)"
    r"(?=[\s/>])",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"\s*(?:<!doctype[^<>]*>)?", re.IGNORECASE)
_STYLE = "<style>body{font-family:sans-serif}img{max-width:100%}</style>"
_LINK = re.compile(r"<(a|area)(?=[\s/>])", re.IGNORECASE)
_HREF = re.compile(
    rf"""(?<![\w-])href\s*=\s*(?:"([^"]{{0,{MAX_LINK}}})|'([^']{{0,{MAX_LINK}}})"""
    rf"""|([^\s"'>]{{1,{MAX_LINK}}}))""",
    re.IGNORECASE,
)
_IMAGE_SERVER = re.compile(
    r"""(?:\b(?:src|srcset|background|poster)\s*=|<image\b[^<>]{0,200}?href\s*=|url\(|image-set\()"""
    r"""[\s"']{0,5}(https?:)?//([^\s/\\?\#"'<>()@:,;]{1,253})(:[0-9]{1,5})?(?![^\s/\\?\#"'<>(),;])""",
    re.IGNORECASE,
)
_SERVER_NAME = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
_CID = re.compile(r"""(?<=["'(=])\s?cid:([^\s"'<>()]{1,500})""", re.IGNORECASE)
_REMOTE = re.compile(
    r"""(?:\b(?:src|srcset|background|poster|href)\s?=|url\(|@import|image-set\()"""
    r"""[\s"'&#;\w]{0,12}(?<!\w)(?:https?:)?//""",
    re.IGNORECASE,
)
_NOT_PICTURE = re.compile(r"<a(rea)?\s[^<>]*", re.IGNORECASE)


class Part(NamedTuple):
    """A part of an email that holds no other parts."""

    message: Message
    body: bytes

    @property
    def type(self) -> str:
        return self.message.get_content_type()

    @property
    def is_shown(self) -> bool:
        """Tell whether it is a text of the message, not a file that goes with it."""
        disposition = str(self.message.get("Content-Disposition", "")).strip().lower()
        return not disposition.startswith("attachment") and not _has_name(self.message)

    def content(self) -> bytes:
        """Return the body without its transfer encoding."""
        self.message.set_payload(self.body.decode("ascii", "surrogateescape"))
        return self.message.get_payload(decode=True) or b""

    def text(self) -> str:
        charset = _parameter(self.message, "charset")
        # What fits into the limit, however it is encoded; the rest is not decoded at all.
        part = self._replace(body=self.body[: 4 * MAX_TEXT])
        return _decode(part.content(), charset)[:MAX_TEXT]


def headers(raw: bytes) -> list[tuple[str, str]]:
    """Return all headers in their order, decoded, each on one line of safe text."""
    found = []
    head, _body = _split(_unix_lines(raw))
    for line in _header_lines(head)[:MAX_HEADERS]:
        if match := _HEADER.match(line):
            value = match[2].strip()
            text = clean_text(_decode_words(value[:MAX_HEADER_LENGTH]), MAX_HEADER_LENGTH)
            cut = "…" if len(value) > MAX_HEADER_LENGTH else ""
            found.append((match[1].decode("ascii"), text + cut))
    return found


def text(raw: bytes) -> str | None:
    """Return the plain text of the message, or None if it has none."""
    return _joined(raw, "text/plain", "\n")


def html(raw: bytes) -> str | None:
    """Return the HTML of the message as the sender wrote it, or None if it has none."""
    return _joined(raw, "text/html", "\n<hr>\n")


def inline_images(raw: bytes) -> dict[str, str]:
    """Return the ``data:`` URI of each picture that the HTML may refer to, by its Content-ID."""
    images: dict[str, str] = {}
    left = MAX_IMAGES
    for part in parts(raw):
        cid = clean_text(str(part.message.get("Content-ID", ""))).strip("<> ")
        if not cid or cid in images or part.type not in _IMAGE_TYPES:
            continue
        content = part.content()
        if len(content) > min(left, MAX_IMAGE):
            continue
        left -= len(content)
        images[cid] = f"data:{part.type};base64,{b64encode(content).decode()}"
    return images


def safe_html(raw: bytes, own_hosts: Collection[str] = ()) -> str | None:
    """Return the HTML to be shown in a sandbox; its own pictures are in it, and links open outside.

    The sandbox and the policy of the page keep it from doing harm; this takes from it what they do
    not reach: preconnecting, moving the frame to another page, and links to this server.

    :param own_hosts: the names of this server.
    """
    source = html(raw)
    if source is None:
        return None
    source = _ACTIVE.sub(r"<\1x-\2", source)
    # The first of two attributes of a name counts.
    source = _LINK.sub(r'<\1 target="_blank" rel="noopener noreferrer"', source)
    source = _HREF.sub(partial(_without_own_link, own_hosts=own_hosts), source)
    beginning = _BEGINNING.match(source)[0]
    source = beginning + _STYLE + source[len(beginning) :]
    return _embed_images(source, raw)


def image_servers(source: str, own_hosts: Collection[str] = ()) -> list[str]:
    """Return the servers that pictures of the HTML seem to lie on, as for a policy of the page.

    This one is never among them, nor can another one lead there: what is fetched from here is asked
    for by who reads. Other pictures than those that are found are not shown.
    """
    servers: dict[str, None] = {}
    for match in _IMAGE_SERVER.finditer(unescape(source)):
        name = same_name(match[2])
        if _SERVER_NAME.fullmatch(name) and not is_of_server(
            f"//{name}{match[3] or ''}", own_hosts
        ):
            scheme = f"{match[1].lower()}//" if match[1] else ""
            servers[f"{scheme}{name}{match[3] or ''}"] = None
        if len(servers) >= MAX_SERVERS:
            break
    return list(servers)


def _without_own_link(match: re.Match[str], own_hosts: Collection[str]) -> str:
    value = next(filter(None, match.groups()), "")
    address = unescape(value)
    # What begins later than is looked at is nothing that a person wrote.
    is_hidden = len(value) >= MAX_LINK and not address.strip()
    return f"x-{match[0]}" if is_hidden or is_of_server(address, own_hosts) else match[0]


def has_remote_images(source: str) -> bool:
    """Tell whether the HTML seems to show something that lies on another server."""
    return bool(_REMOTE.search(_NOT_PICTURE.sub("", source)))


def parts(raw: bytes) -> Iterator[Part]:
    """Yield the parts that hold no parts themselves, in their order.

    Parts that lie too deep, or are too many, are left out; an email in the email is one part.
    """
    stack = [(_unix_lines(raw), 0)]
    count = 0
    while stack and count < MAX_PARTS:
        piece, depth = stack.pop()
        count += 1
        head, body = _split(piece)
        message = _parse_head(head)
        boundary = _parameter(message, "boundary")
        if message.get_content_maintype() != "multipart" or not boundary:
            yield Part(message, body)
        elif depth < MAX_DEPTH:
            pieces = _pieces(body, boundary, MAX_PARTS)
            stack.extend((part, depth + 1) for part in reversed(pieces))


def _unix_lines(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _split(piece: bytes) -> tuple[bytes, bytes]:
    """Return the head and the body of a message or of a part, which may begin with its body."""
    if piece.startswith(b"\n"):
        return b"", piece[1:]
    head, _separator, body = piece.partition(b"\n\n")
    return head[:MAX_HEAD], body


def _header_lines(head: bytes) -> list[bytes]:
    """Return the unfolded lines."""
    lines: list[bytearray] = []
    for line in head.split(b"\n"):
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1] += b" " + line.strip()
        else:
            lines.append(bytearray(line))
    return [bytes(line) for line in lines]


def _parse_head(head: bytes) -> Message:
    """Return a message with the few headers that say what a part is."""
    wanted = (b"content-", b"mime-")
    lines = [line[:2000] for line in _header_lines(head) if line.lower().startswith(wanted)]
    return BytesHeaderParser(policy=policy.compat32).parsebytes(b"\n".join(lines[:20]) + b"\n\n")


def _parameter(message: Message, name: str) -> str:
    """Return a parameter of the Content-Type, or an empty text."""
    try:
        value = message.get_param(name, "")
    except (LookupError, ValueError):  # a parameter in an encoding that does not exist
        return ""
    return str(value[-1] if isinstance(value, tuple) else value).strip()


def _has_name(message: Message) -> bool:
    try:
        return bool(message.get_filename())
    except (LookupError, ValueError):  # a name in an encoding that does not exist
        return True


def _pieces(body: bytes, boundary: str, limit: int) -> list[bytes]:
    """Return what stands between the lines of the ``boundary``, ``limit`` pieces at most."""
    mark = re.escape(b"\n--" + boundary.encode("utf-8", "surrogateescape"))
    line = re.compile(mark + rb"(--)?[ \t]*(?=\n|\Z)")
    body = b"\n" + body
    pieces: list[bytes] = []
    start = None
    for match in line.finditer(body):
        if start is not None:
            pieces.append(body[start : match.start()])
        start = None if match[1] else match.end() + 1
        if start is None or len(pieces) >= limit:
            return pieces
    if start is not None:  # it was cut off
        pieces.append(body[start:])
    return pieces


def _joined(raw: bytes, content_type: str, separator: str) -> str | None:
    texts: list[str] = []
    left = MAX_TEXT
    for part in parts(raw):
        if part.type == content_type and part.is_shown and left > 0:
            texts.append(part.text()[:left])
            left -= len(texts[-1])
    return _NUL.sub("\ufffd", separator.join(texts)) if texts else None


def _decode(content: bytes, charset: str) -> str:
    """Return the text in the charset that it is said to be in, else in the likeliest one."""
    charset = charset.lower().strip("\"' ")
    for name in (_CHARSETS.get(charset, charset), "utf-8"):
        if _is_charset(name):
            try:
                return content.decode(name)
            except ValueError:  # it is in another one
                continue
    name = _CHARSETS.get(charset, charset)
    return content.decode(name if _is_charset(name) else "cp1252", "replace")


def _is_charset(name: str) -> bool:
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return codec._is_text_encoding and codec.name.replace("-", "_") not in _NO_CHARSETS


def _decode_words(value: bytes) -> str:
    """Return the text of a header: encoded words, or the bytes of some charset."""
    source = _decode(value, "")
    source = source.replace("\r", " ").replace("\n", " ")
    try:
        words = decode_header(source)
    except HeaderParseError:  # Base64 that is none
        return source
    return "".join(
        word if isinstance(word, str) else _decode_word(word, charset) for word, charset in words
    )


def _decode_word(word: bytes, charset: str | None) -> str:
    if charset is None:  # between encoded words: decode_header() has encoded it so
        return word.decode("raw-unicode-escape", "replace")
    return _decode(word, charset)


def _embed_images(source: str, raw: bytes) -> str:
    if not _CID.search(source):
        return source
    images = inline_images(raw)
    left = 2 * MAX_IMAGES

    def embed(match: re.Match[str]) -> str:
        nonlocal left
        image = images.get(clean_text(unquote(match[1])), "")
        if not image or len(image) > left:
            return match[0]
        left -= len(image)
        return image

    return _CID.sub(embed, source)
