"""The text or HTML in RTF, in which Outlook keeps the text of an email (MS-OXRTFCP, MS-OXRTFEX).

Read in one pass, whatever the file says of itself.
"""

import re
import struct

from .. import charset as mail_charset

# What compressed RTF begins with, for those who unpack it
_RTF_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"  # codespell:ignore pard
)
_MAX_DEPTH = 10_000
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


def unpack_rtf(data: bytes, limit: int = 5_000_000) -> bytes:
    """Return RTF that is compressed as Outlook does (MS-OXRTFCP), b"" if it is not."""
    if len(data) < 16:
        return b""
    _size, raw_size, kind = struct.unpack_from("<III", data, 0)
    if kind == 0x414C454D:
        return data[16 : 16 + min(raw_size, limit)]
    if kind != 0x75465A4C:
        return b""
    window = _Window()
    position = 16
    while position < len(data) and len(window.out) < min(raw_size, limit):
        flags = data[position]
        position += 1
        for bit in range(8):
            size = 2 if flags >> bit & 1 else 1
            token = data[position : position + size]
            position += size
            if len(token) < size or not window.take(token):
                return bytes(window.out)
    return bytes(window.out)


class _Window:
    """The last 4096 bytes that came out, in a circle: what is packed points into it."""

    def __init__(self):
        self.bytes = bytearray(_RTF_START) + bytearray(4096 - len(_RTF_START))
        self.place = len(_RTF_START)
        self.out = bytearray()

    def take(self, token):
        """Unpack a byte, or two that point back; tell whether it goes on behind them."""
        if len(token) == 1:
            self._add(token[0])
            return True
        pair = token[0] << 8 | token[1]
        offset, length = pair >> 4, (pair & 15) + 2
        if offset == self.place:
            return False
        for step in range(length):
            self._add(self.bytes[(offset + step) % 4096])
        return True

    def _add(self, letter):
        self.out.append(letter)
        self.bytes[self.place] = letter
        self.place = (self.place + 1) % 4096


def html_of_rtf(rtf: bytes) -> str:
    """Return the HTML that RTF was made of, "" if it was made of none."""
    return _read_rtf(rtf, is_html=True) if b"\\fromhtml" in rtf[:2000] else ""


def text_of_rtf(rtf: bytes) -> str:
    """Return the text of RTF."""
    return _read_rtf(rtf, is_html=False)


def _read_rtf(rtf: bytes, is_html: bool) -> str:
    reader = _Reader(is_html)
    for token in _RTF_TOKEN.finditer(rtf):
        if len(reader.groups) > _MAX_DEPTH:
            break
        reader.take(*token.groups())
    return reader.text()


class _Reader:
    """What the words and signs of RTF make of the text that stands between them."""

    def __init__(self, is_html):
        self.is_html = is_html
        self.code_page = "cp1252"
        self.fonts = {}
        self.font = 0
        self.font_table = 0  # the depth of the group that it stands in
        self.out = []
        self.pending = bytearray()
        self.skip = 0  # characters that stand for the one before, for old readers
        # of the group: hidden or not, how many characters stand for one, charset of its font
        self.is_hidden, self.stand_ins, self.charset = False, 1, ""
        self.groups = []

    def take(self, word, number, code, sign, brace, plain):
        """Take one token of :data:`_RTF_TOKEN`."""
        if brace:
            self._open_group() if brace == b"{" else self._close_group()
        elif word is not None:
            self._read_word(word, number)
        elif code is not None:
            self._read_code(int(code, 16))
        elif sign is not None:
            self._read_sign(sign)
        elif plain is not None:
            self._read_plain(plain)

    def text(self):
        """Return all that was read."""
        self._flush()
        text = "".join(self.out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text.strip("\0")

    def _flush(self):
        if self.pending:
            charset = self.charset or self.code_page
            self.out.append(mail_charset.decode(bytes(self.pending), charset))
            self.pending.clear()

    def _show(self, text):
        self._flush()
        if not self.is_hidden:
            self.out.append(text)

    def _hide(self, is_hidden=True):
        self._flush()
        self.is_hidden = is_hidden

    def _open_group(self):
        self._flush()
        self.groups.append((self.is_hidden, self.stand_ins, self.charset))

    def _close_group(self):
        self._flush()
        if len(self.groups) <= self.font_table:
            self.font_table = 0
        if self.groups:
            self.is_hidden, self.stand_ins, self.charset = self.groups.pop()

    def _read_word(self, word, number):
        if word in _SIGNS:
            self._show(_SIGNS[word])
        elif word == b"fonttbl":
            self.font_table, self.is_hidden = len(self.groups), True
        elif word == b"mhtmltag" or word in _NOT_SHOWN:
            self._hide()
        elif self.is_html and word == b"htmltag":
            self._hide(False)
        elif self.is_html and word == b"htmlrtf":
            self._hide(number != b"0")
        elif number:
            self._read_number(word, number.decode())

    def _read_number(self, word, number):
        if word == b"f":
            self._flush()
            self.font = int(number)
            if not self.font_table:
                self.charset = self.fonts.get(self.font, "")
        elif word == b"fcharset" and self.font_table:
            self.fonts[self.font] = _FONT_CHARSETS.get(int(number), "")
        elif word == b"ansicpg":
            self.code_page = f"cp{number}"
        elif word == b"uc":
            self.stand_ins = min(int(number), 10)
        elif word == b"u":
            self._show(chr(int(number) % 0x10000))
            self.skip = self.stand_ins

    def _read_code(self, code):
        if self.skip:
            self.skip -= 1
        elif not self.is_hidden:
            self.pending.append(code)

    def _read_sign(self, sign):
        if sign == b"*":
            self._hide()
        elif sign in b"\\{}~_" and not self.is_hidden:
            self._show({b"~": "\xa0", b"_": "-"}.get(sign, sign.decode()))

    def _read_plain(self, plain):
        if self.skip:
            plain, self.skip = plain[self.skip :], max(self.skip - len(plain), 0)
        if not self.is_hidden:
            self.pending += plain
