"""What the original of an email shows. Plain Python on the bytes as the mail server held them.

Whatever a sender wrote, these functions return something and stay within the limits below. Texts
and pictures are those that everything else shows too; see :mod:`.message`.
"""

import re
from base64 import b64encode
from collections.abc import Collection
from functools import partial
from html import unescape
from urllib.parse import unquote

from . import message
from .headers import decode_words, to_text
from .parts import MAX_TEXT, head_of, parse
from .shown import is_of_server, same_name
from .subject import clean_text

MAX_HEADERS = 1000
MAX_HEADER_LENGTH = 20_000
MAX_IMAGE = 5_000_000
MAX_IMAGES = 20_000_000
MAX_LINK = 2000
# So many fit into the header of an answer.
MAX_SERVERS = 40

_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
# No SVG: it is a document, not a picture.
_IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp")

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


def headers(raw: bytes) -> list[tuple[str, str]]:
    """Return all headers in their order, decoded, each on one line of safe text."""
    found = []
    raw, parsed = head_of(raw)
    for line in _header_lines(raw[: parsed.body])[:MAX_HEADERS]:
        if match := _HEADER.match(line):
            value = match[2].strip()
            source = to_text(value[:MAX_HEADER_LENGTH], hint=parsed.hint)
            text = decode_words(source) or source
            cut = "…" if len(value) > MAX_HEADER_LENGTH else ""
            found.append((match[1].decode("ascii"), clean_text(text, MAX_HEADER_LENGTH) + cut))
    return found


def text(raw: bytes) -> str | None:
    """Return the plain text of the message, or None if it has none."""
    return _joined(message.read(raw).plain, "\n")


def html(raw: bytes) -> str | None:
    """Return the HTML of the message as the sender wrote it, or None if it has none."""
    return _joined(message.read(raw).html, "\n<hr>\n")


def inline_images(raw: bytes) -> dict[str, str]:
    """Return the ``data:`` URI of each picture that the HTML may refer to, by its Content-ID."""
    images: dict[str, str] = {}
    left = MAX_IMAGES
    for part in parse(raw).leaves():
        if part.type not in _IMAGE_TYPES:
            continue
        cid = part.content_id
        if not cid or cid in images:
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


def _header_lines(head: bytes) -> list[bytes]:
    """Return the unfolded lines."""
    lines: list[bytearray] = []
    for line in head.replace(b"\r\n", b"\n").split(b"\n"):
        if line[:1] in (b" ", b"\t") and lines:
            lines[-1] += b" " + line.strip()
        else:
            lines.append(bytearray(line))
    return [bytes(line) for line in lines]


def _joined(found: list[str], separator: str) -> str | None:
    texts: list[str] = []
    left = MAX_TEXT
    for one in found:
        if left > 0:
            texts.append(one[:left])
            left -= len(texts[-1])
    return separator.join(texts) if texts else None


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
