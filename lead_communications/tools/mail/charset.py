"""The text of bytes, whatever their charset is called, and whether it is called anything.

Senders name a charset that is near the one they use (``iso-8859-1`` for Windows-1252, ``gb2312``
for GBK), a wrong one, or none. What can be told from the bytes themselves comes first, then the
name, then which language the text would be readable in.
"""

import codecs
import re

from . import charset_guess

#: So much of a text is looked at to find out its charset, in bytes.
SAMPLE = 16 * 1024
_META_LIMIT = 4096
# Fewer may be a name, or a word in capitals
_LETTERS_ENOUGH = 8

# Of no use for text, slow, or different from one system to the next
_NOT_CHARSETS = {"punycode", "idna", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs"}
_BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32-le",
    codecs.BOM_UTF32_BE: "utf-32-be",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# What else senders call a charset, once small letters and signs are left
_ALIASES = {
    "cp20127": "ascii",
    "cp20866": "koi8-r",
    "cp21866": "koi8-u",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp50222": "iso2022_jp",
    "cp50225": "iso2022_kr",
    "cp51932": "euc_jp",
    "cp51936": "gbk",
    "cp51949": "cp949",
    "cp54936": "gb18030",
    "eucgb2312cn": "gb2312",
    "iso10646ucs2": "utf-16-be",
    "iso88598e": "iso8859-8",
    "iso88598i": "iso8859-8",
    "ksc5601": "euc_kr",
    "logical": "iso8859-8",
    "macintosh": "mac-roman",
    "shiftjis2004": "shift_jis_2004",
    "sjis": "shift_jis",
    "unicode11utf7": "utf-7",
    "visual": "iso8859-8",
}
# As browsers do: a charset that is contained in another one is that one.
_SUPERSETS = {
    "ascii": "",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "hz",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Charsets of ISO have no characters where those of Windows for the same languages have some.
_WINDOWS = {
    "iso8859-2": "cp1250",
    "iso8859-4": "cp1257",
    "iso8859-7": "cp1253",
    "iso8859-8": "cp1255",
    "iso8859-13": "cp1257",
    "iso8859-15": "cp1252",
    "iso8859-16": "cp1250",
}
_NEXT_TRY = {"big5hkscs": "cp950", "euc_jp": "jis", "iso2022_jp": "jis", "cp932": "shift_jis_2004"}
_SINGLE_BYTE = re.compile(r"iso8859|cp125|cp8|cp437|koi8|mac|cp10|hp-|ptcp|kz1048")
_WIDE = re.compile(r"utf-(16|32)")
_ASIAN = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949")
_NO_MEANING = re.compile("[\ue000-\uf8ff\x80-\x9f]")
_C1 = re.compile("[\x80-\x9f]")
_META = re.compile(
    rb"<meta[^>]{1,300}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{1,100}?encoding=[\"']"
    rb"([\w.:-]{2,40})",
    re.IGNORECASE,
)
_NO_TEXT = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")
_JIS_ESCAPE = re.compile(rb"\x1b(\$[@B]|\([BJHI]|\$\(D)")
_ISO_2022 = (
    (re.compile(rb"\x1b\$[@B]|\x1b\(I"), "iso2022_jp"),
    (re.compile(rb"\x1b\$\)C"), "iso2022_kr"),
    (re.compile(rb"~\{[!-w][!-~]"), "hz"),
)


def codec(charset: str) -> str:
    """Return the name of the Python codec of a charset, "" if there is none fit for text."""
    label = charset.strip("\"' \t;=").lower()[:60]
    short = re.sub(r"[^a-z0-9]", "", label)
    for name in (_ALIASES.get(short), label, _ALIASES.get(short.removeprefix("x"))):
        if name and (found := _lookup(name)):
            return found
    if "utf8" in short:
        return "utf-8"
    number = re.search(r"(?:windows|win|cp|ibm|ms)(\d{3,5})", short)
    if number:
        name = f"cp{number[1]}"
        return _lookup(_ALIASES.get(name, name))
    if number := re.search(r"(?:iso)?8859(1[0-6]|[1-9])", short):
        return _lookup(f"iso8859-{number[1]}")
    return _lookup(label.removeprefix("x-"))


def _lookup(name: str) -> str:
    try:
        found = codecs.lookup(name)
        b" ".decode(name, "replace")  # refused by codecs that are not of text
    except (LookupError, ValueError):
        return ""
    return "" if found.name.replace("_", "-") in _NOT_CHARSETS else found.name


def decode(data: bytes, charset: str = "", hint: str = "", is_html: bool = False) -> str:
    """Return the text of ``data``. Nothing raises, and no byte of it goes without a trace.

    :param charset: what it is said to be in.
    :param hint: what other parts of the same email are said to be in.
    :param is_html: whether the text itself may say what it is in.
    """
    for bom, name in _BOMS.items():
        if data.startswith(bom):
            return data[len(bom) :].decode(name, "replace")
    name = codec(charset) if charset else ""
    name = _SUPERSETS.get(name, name)
    if not name and is_html and (found := _META.search(data, 0, _META_LIMIT)):
        name = codec((found[1] or found[2]).decode("ascii", "replace"))
        name = "" if _WIDE.match(name) else _SUPERSETS.get(name, name)
    if name:
        text = _declared(data, name)
        if text is not None:
            return text
    return _undeclared(data, name, hint)


def _declared(data: bytes, name: str) -> str | None:
    """Return the text if it can be in the charset that it is said to be in."""
    is_of_bytes = name == "utf-8" or _SINGLE_BYTE.match(name)
    if is_of_bytes and data.isascii() and _is_escaped(data):
        return None
    if is_of_bytes and data.count(0, 0, SAMPLE) > 1 and charset_guess.wide(data):
        return None
    if name == "utf-8":
        return _mostly_utf_8(data)
    if _SINGLE_BYTE.match(name) and not data.isascii() and (text := _plain_utf_8(data)) is not None:
        return text  # no other charset looks like it by chance
    if _WIDE.match(name) and b"\0" not in data[:SAMPLE]:
        return None
    text = _strict(data, name)
    if text is None and name.startswith("cp125"):
        text = _few_holes(data.decode(name, "replace"))
    if text is None and name in _NEXT_TRY:
        text = _strict(data, _NEXT_TRY[name])
    if text is None or (name.startswith("iso2022") and not data.isascii()):
        return None
    if name in _ASIAN and _is_utf_8_of_asia(data):
        return data.decode()
    if name in _ASIAN and len(_NO_MEANING.findall(text)) > 1 and charset_guess.guess(data):
        return None
    if _SINGLE_BYTE.match(name) and _is_nowhere_written(text[:SAMPLE]):
        return None
    if name.startswith("iso8859") and _C1.search(text):
        return _strict(data, _WINDOWS[name]) if name in _WINDOWS else None
    return text


def _is_nowhere_written(text: str) -> bool:
    """Tell whether most letters are Latin ones with accents: another alphabet, called Western."""
    letters = [letter for letter in text if letter.isalpha()]
    accented = sum("\x7f" < letter < "\u0250" for letter in letters)
    return accented >= _LETTERS_ENOUGH and accented * 5 > len(letters) * 3


def _few_holes(text: str) -> str | None:
    """Return the text unless much of it has no meaning in its charset."""
    strange = sum(not letter.isascii() for letter in text)
    return text if 2 * text.count("\ufffd") <= strange else None


def _is_escaped(data: bytes) -> bool:
    """Tell whether other alphabets are written in seven bits."""
    return any(pattern.search(data, 0, SAMPLE) for pattern, name in _ISO_2022 if name != "hz")


def _strict(data: bytes, name: str) -> str | None:
    try:
        return _jis(data) if name == "jis" else data.decode(name)
    except UnicodeDecodeError as error:
        # The last character may have been cut off.
        if error.start >= len(data) - 3 and error.start and name != "jis":
            return data[: error.start].decode(name, "replace") + "\ufffd"
    except (ValueError, LookupError):
        return None
    return None


def _utf_8(data: bytes) -> str | None:
    """Return the text if it is UTF-8, which may be cut off within a character."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        if error.start >= len(data) - 3 and not data[: error.start].isascii():
            return data[: error.start].decode() + "\ufffd"
    return None


def _plain_utf_8(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _mostly_utf_8(data: bytes) -> str | None:
    """Return UTF-8, with what somebody has put into it in another charset in Western European."""
    text = data.decode("utf-8", "surrogateescape")
    strange = re.findall("[\udc80-\udcff]", text)
    if not strange:
        return text
    other = sum(not letter.isascii() for letter in text) - len(strange)
    if other < len(strange):
        return None
    return re.sub(
        "[\udc80-\udcff]+",
        lambda found: (
            "\ufffd"
            if found.end() == len(text)
            else found[0].encode("utf-8", "surrogateescape").decode("cp1252", "replace")
        ),
        text,
    )


def _is_utf_8_of_asia(data: bytes) -> bool:
    """Tell whether it is UTF-8: only few characters of Asian charsets look like it."""
    text = _plain_utf_8(data)
    return text is not None and sum(letter > "\u07ff" for letter in text[:SAMPLE]) >= 4


def _undeclared(data: bytes, failed: str, hint: str) -> str:
    sample = data[:SAMPLE]
    if b"\0" in sample or (not sample.isascii() and len(_NO_TEXT.findall(sample)) > 1):
        if name := charset_guess.wide(sample):
            return data.decode(name, "replace")
    if data.isascii():
        for pattern, name in _ISO_2022:
            if name != failed and pattern.search(sample):
                text = _strict(data, name)
                if text is None and name == "iso2022_jp":
                    text = _jis(data, "replace")
                if text is not None:
                    return text
        return data.decode("ascii")
    if (text := _utf_8(data)) is not None:
        return text
    if hint := codec(hint) if hint else "":
        hint = _SUPERSETS.get(hint, hint)
    if name := charset_guess.guess(data, hint):
        return data.decode(name, "replace")
    if (text := _mostly_utf_8(data)) is not None:
        return text
    return data.decode(failed if failed and failed != "utf-8" else "cp1252", "replace")


def _jis(data: bytes, errors: str = "strict") -> str:
    """Return Japanese text as Windows writes it: with signs that the standards do not have.

    In seven bits with escape sequences, or in eight (EUC).
    """
    if not data.isascii():
        return _kanji(data, errors)
    pieces = []
    kind, position = b"(B", 0
    for escape in [*_JIS_ESCAPE.finditer(data), None]:
        piece = data[position : escape.start() if escape else len(data)]
        if kind in (b"$B", b"$@"):
            # Line ends end the escape without saying so.
            for part in re.split(rb"([\r\n]+)", piece):
                high = part if part.isspace() else bytes(byte | 0x80 for byte in part)
                pieces.append(_kanji(high, errors))
        elif kind == b"(I":
            pieces.append(bytes(byte | 0x80 for byte in piece).decode("cp932", errors))
        elif kind == b"$(D":
            pieces.append((b"\x1b$(D" + piece + b"\x1b(B").decode("iso2022_jp_ext", errors))
        else:
            pieces.append(piece.decode("ascii", errors))
        if escape:
            kind, position = escape[1], escape.end()
    return "".join(pieces)


def _kanji(data: bytes, errors: str) -> str:
    """Return the text of EUC-JP by way of the table of Windows."""
    converted = bytearray()
    position = 0
    while position < len(data):
        first = data[position]
        second = data[position + 1] if position + 1 < len(data) else 0
        if first == 0x8E:  # half-width
            converted.append(second)
        elif 0xA1 <= first <= 0xFE and 0xA1 <= second <= 0xFE:
            row, cell = first - 0xA1, second - 0xA1
            converted.append((0x81 if row < 62 else 0xC1) + row // 2)
            cell += 0x9F if row % 2 else 0x40 + (cell >= 63)
            converted.append(cell)
        else:
            converted.append(first)
            position += 1
            continue
        position += 2
    return converted.decode("cp932", errors)
