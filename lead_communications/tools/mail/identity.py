"""What identifies an email. Plain Python on the bytes as they came, before any parsing."""

import hashlib
import re
from collections.abc import Callable
from typing import NamedTuple

from .subject import clean_text

# The headers that a message keeps on its way; each mailbox adds trace headers of its own.
KEPT_HEADERS = (b"from", b"subject", b"date")
# By one of these alone two visitors of one form may differ.
ADDRESS_HEADERS = (b"to", b"cc", b"reply-to")
_BLANK_LINE = re.compile(rb"\r?\n\r?\n")
_PIECE = 1024 * 1024  # bytes
_MESSAGE_ID = re.compile(rb"<[^<>\s]+>")


class Identity(NamedTuple):
    """What tells one email from another."""

    message_id: str
    content_hash: str
    header_hash: str


def identify(raw: bytes) -> Identity:
    """Return what identifies a message; its bytes are read once."""
    headers, body_start = _head(raw)
    content = _content_hash(raw, headers, body_start)
    return Identity(_message_id(headers, lambda: content), content, _header_hash(headers))


def read_headers(raw: bytes) -> dict[bytes, bytes]:
    """Return the first value of each header by its lower-case name, unfolded."""
    return _head(raw)[0]


def _head(raw: bytes) -> tuple[dict[bytes, bytes], int]:
    """Return the headers, and where the body begins."""
    blank = _BLANK_LINE.search(raw)
    head = (raw[: blank.start()] if blank else raw).replace(b"\r\n", b"\n")
    found: dict[bytes, bytes] = {}
    for line in re.sub(rb"\n[ \t]+", b" ", head).split(b"\n"):
        name, colon, value = line.partition(b":")
        if colon:
            found.setdefault(name.strip().lower(), value.strip())
    return found, blank.end() if blank else len(raw)


def content_hash(raw: bytes) -> str:
    """Return the SHA-256 of what the sender wrote.

    Equal for the copies of one mail in several mailboxes, which differ by their trace headers
    (Received, Delivered-To, X-Spam-…), and different for another mail that reuses its Message-ID.
    """
    return _content_hash(raw, *_head(raw))


def _content_hash(raw: bytes, headers: dict[bytes, bytes], body_start: int) -> str:
    digest = hashlib.sha256()
    _add_headers(digest, headers, KEPT_HEADERS)
    end = _end_of_text(raw, body_start)
    # Of what is no mail at all every byte counts: two such are not the same one.
    is_mail = end > body_start or any(headers.get(name) for name in KEPT_HEADERS)
    for piece in _lines(raw, body_start, end) if is_mail else (raw,):
        digest.update(piece)
    return digest.hexdigest()


def _add_headers(digest, headers: dict[bytes, bytes], names: tuple[bytes, ...]) -> None:
    present = tuple(name for name in ADDRESS_HEADERS if name in headers)
    for name in names + present:
        digest.update(name + b":" + headers.get(name, b"") + b"\n")


def _end_of_text(raw: bytes, start: int) -> int:
    """Return where the white space at the end of the message begins."""
    end = len(raw)
    while end > start:
        piece = raw[max(start, end - _PIECE) : end]
        if text := piece.rstrip():
            return end - len(piece) + len(text)
        end -= len(piece)
    return start


def _lines(raw: bytes, start: int, end: int):
    """Yield the bytes piece by piece with the line ends of Unix: a large mail is not copied."""
    while start < end:
        stop = min(start + _PIECE, end)
        if raw[stop - 1 : stop + 1] == b"\r\n":
            stop += 1
        yield raw[start:stop].replace(b"\r\n", b"\n")
        start = stop


def header_hash(raw: bytes) -> str:
    """Return the SHA-256 of what the sender wrote in the header: of a message or its header alone.

    It tells that a header and a whole message are the same one.
    """
    return _header_hash(read_headers(raw))


def _header_hash(headers: dict[bytes, bytes]) -> str:
    digest = hashlib.sha256()
    _add_headers(digest, headers, (b"message-id", *KEPT_HEADERS))
    return digest.hexdigest()


def message_id(raw: bytes) -> str:
    """Return the Message-ID with its angle brackets.

    A mail without one gets an id made of its content, the same each time it is fetched.
    """
    return _message_id(read_headers(raw), lambda: content_hash(raw))


def _message_id(headers: dict[bytes, bytes], content: Callable[[], str]) -> str:
    value = headers.get(b"message-id", b"")
    found = _MESSAGE_ID.search(value)
    text = clean_text((found.group() if found else value).decode("ascii", "replace"), 998)
    return text or f"<{content()[:32]}@content.lead-communications>"
