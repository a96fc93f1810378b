"""What lies in ``winmail.dat``: text and files of Outlook in its own format (TNEF, MS-OXTNEF).

Read in one pass and within limits, whatever the file says of its own size. The library tnefparse
takes time by the square of the size of a hostile file (13.6 s for 880 KB, 70 s for 300,000 empty
attributes), and raises on text without a code page.
"""

import re
import struct
from typing import NamedTuple

from .. import charset as mail_charset
from .rtf import html_of_rtf, text_of_rtf, unpack_rtf

_SIGNATURE = b"\x78\x9f\x3e\x22"
_TYPES = ("application/ms-tnef", "application/vnd.ms-tnef")
_MAX_ATTRIBUTES = 20_000
_MAX_PROPERTIES = 20_000
_MAX_DEPTH = 3

# Attributes
_BODY = 0x800C
_DATA = 0x800F
_TITLE = 0x8010
_MESSAGE_PROPERTIES = 0x9003
_FILE_PROPERTIES = 0x9005
_CODE_PAGE = 0x9007
_NEW_FILE = 0x9002

# Properties
_TEXT = 0x1000
_RTF = 0x1009
_HTML = 0x1013
_SUBJECT = 0x0037
_INTERNET_CODE_PAGE = 0x3FDE
_OBJECT = 0x3701
_SHORT_NAME = 0x3704
_LONG_NAME = 0x3707
_DISPLAY_NAME = 0x3001
_MIME_TAG = 0x370E
_CONTENT_ID = 0x3712
# Sizes of values of a fixed size, by their type
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}
_VARIABLE = (0x1E, 0x1F, 0x0D, 0x102)
_TYPE = re.compile(r"[a-z]{2,20}/[a-z0-9.+-]{1,80}")


class Piece(NamedTuple):
    """A file, or a text of the message when it has no name."""

    type: str
    name: str
    content: bytes
    charset: str = ""
    content_id: str = ""


def may_be(content_type: str, name: str) -> bool:
    """Tell whether a part may be in this format."""
    return content_type in _TYPES or name.lower() in ("winmail.dat", "win.dat")


def unpack(data: bytes, limit: int, depth: int = 0) -> list[Piece]:
    """Return the best text of the message, if it has one, and its files.

    :param limit: of all together, in bytes.
    :raise ValueError: it is in another format, broken, or has more than the limit.
    """
    if not data.startswith(_SIGNATURE):
        raise ValueError("No TNEF")
    code_page = ""
    message: dict[int, tuple[int, bytes]] = {}
    files: list[dict] = []
    for level, name, value in _attributes(data):
        if name == _CODE_PAGE and len(value) >= 4:
            code_page = f"cp{int.from_bytes(value[:4], 'little')}"
        elif level == 1 and name == _BODY:
            message.setdefault(_TEXT, (0x1E, value))
        elif level == 1 and name == _MESSAGE_PROPERTIES:
            message |= _properties(value)
        elif name == _NEW_FILE:
            files.append({})
        elif level == 2 and files and name in (_TITLE, _DATA):
            files[-1][name] = value
        elif level == 2 and files and name == _FILE_PROPERTIES:
            files[-1]["properties"] = _properties(value)
    pieces = [*_texts(message, code_page)]
    for number, file in enumerate(files):
        pieces += _file(file, code_page, limit, depth, number)
    if sum(len(piece.content) for piece in pieces) > limit:
        raise ValueError("Too large")
    return pieces


def _attributes(data: bytes):
    """Yield level, name and value of each attribute."""
    position = 6
    for _number in range(_MAX_ATTRIBUTES):
        if position + 11 > len(data):
            return
        level, name, _type, size = struct.unpack_from("<BHHI", data, position)
        position += 9
        if size > len(data) - position:
            raise ValueError("Cut off")
        yield level, name, data[position : position + size]
        position += size + 2
    raise ValueError("Too many attributes")


def _properties(data: bytes) -> dict[int, tuple[int, bytes]]:
    """Return type and first value of each property, by its name."""
    found: dict[int, tuple[int, bytes]] = {}
    try:
        (count,) = struct.unpack_from("<I", data, 0)
        position = 4
        for _number in range(min(count, _MAX_PROPERTIES)):
            kind, name = struct.unpack_from("<HH", data, position)
            position += 4
            if name >= 0x8000:  # one that has a name of its own
                (named,) = struct.unpack_from("<I", data, position + 16)
                position += 20
                if named:
                    (size,) = struct.unpack_from("<I", data, position)
                    position += 4 + _padded(size)
                else:
                    position += 4
            base = kind & 0xEFFF
            many = 1
            if kind & 0x1000 or base in _VARIABLE:
                (many,) = struct.unpack_from("<I", data, position)
                position += 4
            for turn in range(min(many, _MAX_PROPERTIES)):
                if base in _VARIABLE:
                    (size,) = struct.unpack_from("<I", data, position)
                    position += 4
                    value = data[position : position + size]
                    position += _padded(size)
                else:
                    size = _SIZES.get(base)
                    if size is None:
                        return found
                    value = data[position : position + size]
                    position += size
                if not turn:
                    found.setdefault(name, (base, value))
                if position > len(data):
                    return found
    except struct.error:
        return found  # what was read so far
    return found


def _padded(size: int) -> int:
    return size + -size % 4


def _texts(message: dict, code_page: str):
    number = int.from_bytes(message.get(_INTERNET_CODE_PAGE, (3, b""))[1][:4], "little")
    internet = f"cp{number}" if number else code_page
    if _HTML in message:
        kind, value = message[_HTML]
        if kind == 0x1F:
            yield Piece("text/html", "", value.rstrip(b"\0"), "utf-16-le")
        else:
            yield Piece("text/html", "", value.rstrip(b"\0"), internet)
        return
    rtf = unpack_rtf(message[_RTF][1]) if _RTF in message else b""
    if rtf:
        html = html_of_rtf(rtf)
        if html:
            yield Piece("text/html", "", html.encode(), "utf-8")
            return
    if _TEXT in message and message[_TEXT][1].strip(b"\0\r\n "):
        yield Piece("text/plain", "", _string(message[_TEXT], code_page).encode(), "utf-8")
    elif rtf:
        yield Piece("text/plain", "", text_of_rtf(rtf).encode(), "utf-8")


def _file(file: dict, code_page: str, limit: int, depth: int, number: int) -> list[Piece]:
    properties = file.get("properties", {})
    name = ""
    for key in (_LONG_NAME, _DISPLAY_NAME, _SHORT_NAME):
        if not name and key in properties:
            name = _string(properties[key], code_page)
    if not name:
        name = _string((0x1E, file.get(_TITLE, b"")), code_page)
    content = file.get(_DATA)
    if content is None:
        content = properties.get(_OBJECT, (0, b""))[1]
        # an email or a meeting in it: its class stands before it
        if content[16:20] == _SIGNATURE and depth < _MAX_DEPTH:
            return [
                piece if piece.name else piece._replace(name=f"{name or 'message'}{ending}")
                for piece in unpack(content[16:], limit, depth + 1)
                for ending in [".html" if piece.type == "text/html" else ".txt"]
            ]
    kind = _string(properties[_MIME_TAG], code_page).lower() if _MIME_TAG in properties else ""
    content_id = _string(properties[_CONTENT_ID], "") if _CONTENT_ID in properties else ""
    return [
        Piece(
            kind if _TYPE.fullmatch(kind) else "application/octet-stream",
            name or f"attachment-{number + 1}",
            content,
            content_id=content_id.strip("<> "),
        )
    ]


def _string(value: tuple[int, bytes], code_page: str) -> str:
    kind, data = value
    if kind == 0x1F:
        return data.decode("utf-16-le", "replace").rstrip("\0")
    return mail_charset.decode(data.rstrip(b"\0"), code_page)
