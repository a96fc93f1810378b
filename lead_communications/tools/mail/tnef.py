"""What lies in ``winmail.dat``: text and files of Outlook in its own format (TNEF, MS-OXTNEF).

Read in one pass and within limits, whatever the file says of its own size. The library tnefparse
takes time by the square of the size of a hostile file (13.6 s for 880 KB, 70 s for 300,000 empty
attributes), and raises on text without a code page.
"""

import re
import struct
from typing import NamedTuple

from .. import charset as mail_charset

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

# What compressed RTF begins with, for those who unpack it
_RTF_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"  # codespell:ignore pard
)


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


# ---- RTF ----


def unpack_rtf(data: bytes, limit: int = 5_000_000) -> bytes:
    """Return RTF that is compressed as Outlook does (MS-OXRTFCP), b"" if it is not."""
    if len(data) < 16:
        return b""
    _size, raw_size, kind = struct.unpack_from("<III", data, 0)
    if kind == 0x414C454D:
        return data[16 : 16 + min(raw_size, limit)]
    if kind != 0x75465A4C:
        return b""
    window = bytearray(_RTF_START) + bytearray(4096 - len(_RTF_START))
    place = len(_RTF_START)
    out = bytearray()
    position = 16
    while position < len(data) and len(out) < min(raw_size, limit):
        flags = data[position]
        position += 1
        for bit in range(8):
            if flags >> bit & 1:
                if position + 2 > len(data):
                    return bytes(out)
                pair = data[position] << 8 | data[position + 1]
                position += 2
                offset, length = pair >> 4, (pair & 15) + 2
                if offset == place:
                    return bytes(out)
                for step in range(length):
                    letter = window[(offset + step) % 4096]
                    out.append(letter)
                    window[place] = letter
                    place = (place + 1) % 4096
            else:
                if position >= len(data):
                    return bytes(out)
                letter = data[position]
                position += 1
                out.append(letter)
                window[place] = letter
                place = (place + 1) % 4096
    return bytes(out)


_RTF_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+"
    rb"|([^\\{}\r\n]+)"
)
_NOT_SHOWN = {
    *(b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"header", b"footer"),
    *(b"generator", b"listtable", b"listoverridetable", b"themedata", b"datastore", b"xmlnstbl"),
}
_SIGNS = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"lquote": "‘",
    b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"row": "\n",
    b"cell": "\t", b"sect": "\n", b"page": "\n",
}  # fmt: skip
_FONT_CHARSETS = {
    0: "cp1252", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
    222: "cp874", 238: "cp1250",
}  # fmt: skip


def html_of_rtf(rtf: bytes) -> str:
    """Return the HTML that RTF was made of, "" if it was made of none."""
    return _read_rtf(rtf, is_html=True) if b"\\fromhtml" in rtf[:2000] else ""


def text_of_rtf(rtf: bytes) -> str:
    """Return the text of RTF."""
    return _read_rtf(rtf, is_html=False)


def _read_rtf(rtf: bytes, is_html: bool) -> str:
    code_page = "cp1252"
    fonts: dict[int, str] = {}
    out: list[str] = []
    pending = bytearray()
    # of each group: whether it is hidden, characters that stand for one, charset of the font
    state = [False, 1, ""]
    stack: list[list] = []
    skip = 0
    font = 0
    in_fonts = 0

    def flush():
        if pending:
            out.append(mail_charset.decode(bytes(pending), state[2] or code_page))
            pending.clear()

    for token in _RTF_TOKEN.finditer(rtf):
        word, number, code, sign, brace, plain = token.groups()
        if brace == b"{":
            flush()
            stack.append(list(state))
            if len(stack) > 10_000:
                break
        elif brace == b"}":
            flush()
            if in_fonts and len(stack) <= in_fonts:
                in_fonts = 0
            state = stack.pop() if stack else state
        elif word == b"fonttbl":
            in_fonts, state[0] = len(stack), True
        elif word == b"f" and number:
            flush()
            font = int(number)
            if not in_fonts:
                state[2] = fonts.get(font, "")
        elif word == b"fcharset" and in_fonts and number:
            fonts[font] = _FONT_CHARSETS.get(int(number), "")
        elif word == b"ansicpg" and number:
            code_page = f"cp{number.decode()}"
        elif word == b"htmltag" and is_html:
            flush()
            state[0] = False
        elif word == b"htmlrtf" and is_html:
            flush()
            state[0] = number != b"0"
        elif word == b"mhtmltag" or word in _NOT_SHOWN or sign == b"*":
            flush()
            state[0] = True
        elif word == b"uc" and number:
            state[1] = min(int(number), 10)
        elif word == b"u" and number:
            flush()
            if not state[0]:
                out.append(chr(int(number) % 0x10000))
            skip = state[1]
        elif code is not None:
            if skip:
                skip -= 1
            elif not state[0]:
                pending.append(int(code, 16))
        elif word in _SIGNS:
            flush()
            if not state[0]:
                out.append(_SIGNS[word])
        elif sign is not None and sign in b"\\{}~_-":
            if not state[0] and sign != b"-":
                flush()
                out.append({b"~": "\xa0", b"_": "-"}.get(sign, sign.decode()))
        elif plain is not None:
            if skip:
                plain, skip = plain[skip:], max(skip - len(plain), 0)
            if not state[0]:
                pending += plain
    flush()
    text = "".join(out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.strip("\0")
