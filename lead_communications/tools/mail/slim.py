"""An email without the large files in it, for parsers that take their time for every line."""

import binascii
import re
import secrets
from typing import NamedTuple

from .headers import Headers
from .text import leaves

#: Smaller files stay where they are, in bytes as they came.
LEAST = 16 * 1024
_FILES = ("application/", "image/", "audio/", "video/")
_LEADING_LINES = re.compile(rb"[\r\n]{0,100}")


class Slim(NamedTuple):
    """An email, and what was taken out of it."""

    raw: bytes
    """With a mark in the place of each large file, in Base64 too."""
    files: dict[bytes, bytes]
    """The content of each large file, by its mark."""


def slim(raw: bytes) -> Slim:
    """Return the email with short marks, which nobody can guess, in the place of large files.

    Only files in faultless Base64 are taken out: those that every parser decodes in the same way.
    """
    if len(raw) < LEAST:  # nothing in it is worth the look
        return Slim(raw, {})
    pieces, files, position = [], {}, 0
    secret = secrets.token_hex(16)
    for part, end in leaves(raw, Headers(raw, _LEADING_LINES.match(raw).end()), len(raw)):
        if end - part.body < LEAST or not _is_file(part):
            continue
        content = _decode(raw[part.body : end])
        if content is None:
            continue
        mark = f"{secret}-{len(files)}".encode()
        files[mark] = content
        pieces += [raw[position : part.body], binascii.b2a_base64(mark)]
        position = end
    return Slim(b"".join([*pieces, raw[position:]]), files) if files else Slim(raw, {})


def _is_file(part: Headers) -> bool:
    return (
        part.content_type()[0].startswith(_FILES)
        and part.count("content-transfer-encoding") == 1
        and part.value("content-transfer-encoding") == "base64"
    )


def _decode(data: bytes) -> bytes | None:
    try:
        return binascii.a2b_base64(data.translate(None, b"\r\n"), strict_mode=True)
    except binascii.Error:
        return None
