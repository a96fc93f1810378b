"""What lies in a signed email, and whether one is encrypted. Signatures are not verified.

A signed email may be one block in which the signature and the text are packed together (S/MIME,
``smime.p7m``). It is unpacked here, so far as that takes no key.
"""

import binascii
import re
import zlib

_TYPES = ("application/pkcs7-mime", "application/x-pkcs7-mime")
_DATA = bytes.fromhex("2a864886f70d010701")
_SIGNED = bytes.fromhex("2a864886f70d010702")
_ENCRYPTED = (
    bytes.fromhex("2a864886f70d010703"),  # enveloped
    bytes.fromhex("2a864886f70d010704"),  # signed and enveloped
    bytes.fromhex("2a864886f70d010706"),  # encrypted
    bytes.fromhex("2a864886f70d0109100117"),  # authenticated and enveloped
)
_COMPRESSED = bytes.fromhex("2a864886f70d0109100109")
_PEM = re.compile(rb"\s*-----BEGIN [A-Z0-9 ]{3,20}-----\s*([A-Za-z0-9+/=\s]*)")
_BASE64 = re.compile(rb"\s*M[A-P][A-Za-z0-9+/=\s]+\Z")
_PGP = re.compile(r"^-----BEGIN PGP MESSAGE-----\s*$", re.MULTILINE)
# Levels in each other, and pieces that a content is cut into
_MAX_DEPTH = 12
_MAX_PIECES = 100_000


def may_be(content_type: str, name: str) -> bool:
    """Tell whether a part may be a block of S/MIME."""
    is_of_any_type = content_type.startswith("application/") and name.lower().endswith(".p7m")
    return content_type in _TYPES or is_of_any_type


def is_pgp(text: str) -> bool:
    """Tell whether a text is encrypted."""
    return bool(_PGP.search(text))


def unwrap(data: bytes, limit: int) -> tuple[str, bytes]:
    """Return what a block of S/MIME is (``signed``, ``encrypted`` or "") and what is in it.

    :param limit: of what is unpacked, in bytes. A block that has more has nothing.
    """
    if found := _PEM.match(data):
        data = found[1]
    if _BASE64.match(data):
        try:
            data = binascii.a2b_base64(data)
        except binascii.Error:
            return "", b""
    try:
        return _unwrap(data, limit)
    except (IndexError, ValueError, zlib.error):
        return "", b""


def _unwrap(data: bytes, limit: int) -> tuple[str, bytes]:
    info = _Value(data, 0)
    kind, content = info.children(2)
    name = kind.content()
    if name in _ENCRYPTED:
        return "encrypted", b""
    (inner,) = content.children(1)
    if name == _SIGNED:
        for value in inner.children(3):
            if value.tag == 0x30:
                return "signed", _octets(value, limit)
    if name == _COMPRESSED:
        _version, _algorithm, value = inner.children(3)
        unpacked = zlib.decompressobj().decompress(_octets(value, limit), limit + 1)
        return "compressed", unpacked if len(unpacked) <= limit else b""
    return "", b""


def _octets(encapsulated: "_Value", limit: int) -> bytes:
    """Return the content that is encapsulated, b"" if it stands elsewhere."""
    pieces = []
    todo = encapsulated.children(2)[1:]
    size = 0
    for _turn in range(_MAX_PIECES):
        if not todo:
            return b"".join(pieces)
        value = todo.pop()
        if value.is_constructed:
            todo += reversed(value.children(_MAX_PIECES))
        else:
            pieces.append(value.content())
            size += len(pieces[-1])
            if size > limit:
                return b""
    return b""


class _Value:
    """A value in BER, of a length that is told or ends with a mark."""

    __slots__ = ("_data", "_end", "_limit", "_mark", "_start", "tag")

    def __init__(self, data: bytes, position: int, limit: int | None = None):
        self._data = data
        self._limit = len(data) if limit is None else limit
        self.tag = data[position]
        self._mark = 0
        length = data[position + 1]
        self._start = position + 2
        if length == 0x80:
            self._end = None
            self._mark = 2  # bytes
        elif length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[self._start : self._start + count], "big")
            self._start += count
            self._end = min(self._start + length, self._limit)
        else:
            self._end = min(self._start + length, self._limit)

    @property
    def is_constructed(self) -> bool:
        return bool(self.tag & 0x20)

    def end(self, depth: int = 0) -> int:
        """Return where the value ends."""
        if self._end is None:
            if depth > _MAX_DEPTH:
                raise ValueError("Values in values")
            position = self._start
            while position < self._limit and self._data[position : position + 2] != b"\0\0":
                position = _Value(self._data, position, self._limit).end(depth + 1)
            self._end = position
        return min(self._end + self._mark, self._limit)

    def content(self) -> bytes:
        self.end()
        return self._data[self._start : self._end]

    def children(self, count: int) -> list["_Value"]:
        """Return the first values of a constructed one, ``count`` at most."""
        self.end()
        found = []
        position = self._start
        while position < self._end and len(found) < count:
            found.append(_Value(self._data, position, self._end))
            position = found[-1].end()
        return found
