"""Following a CDR file that grows and gets rotated. Standard library only."""

import hashlib
import os
import re
from dataclasses import dataclass, replace
from typing import BinaryIO

#: Bytes by which a file is told from another one that got the same inode.
_HEAD = 256
#: Lines that may stand above the rows, and what separates the columns in the one that names them.
_MOST_HEADINGS = 6
_LEAST_DELIMITERS = 3


@dataclass(frozen=True, slots=True)
class Position:
    """How far a file was read: which file it is, and where the first unread line starts."""

    inode: int = 0
    offset: int = 0
    #: SHA-256 of the first bytes that were read, at most :data:`_HEAD` of them.
    head: str = ""


def is_at(file: BinaryIO, position: Position) -> bool:
    """Tell whether ``file`` is the one that ``position`` is in.

    A file that was emptied in place, or deleted and made anew under the same inode, is not.
    """
    state = os.fstat(file.fileno())
    if state.st_ino != position.inode or state.st_size < position.offset:
        return False
    return _head(file, position.offset) == position.head


def modified(file: BinaryIO) -> float:
    """Return when ``file`` was written to last, in seconds since the epoch."""
    return os.fstat(file.fileno()).st_mtime


def start(file: BinaryIO) -> Position:
    """Return the position before the first line of ``file``."""
    return _at(file, Position(inode=os.fstat(file.fileno()).st_ino), 0)


def end(file: BinaryIO) -> Position:
    """Return the position behind the last whole line of ``file``."""
    offset = os.fstat(file.fileno()).st_size
    while offset:
        block = min(offset, 65536)
        file.seek(offset - block)
        found = file.read(block).rfind(b"\n")
        if found >= 0:
            return _at(file, start(file), offset - block + found + 1)
        offset -= block
    return start(file)


def read_lines(
    file: BinaryIO, position: Position, limit: int, is_complete: bool = False
) -> tuple[bytes, Position]:
    """Return the whole lines behind ``position``, about ``limit`` bytes of them, and their end.

    :param is_complete: nothing will be added to the file, so its last line is whole without a line
        end.
    """
    file.seek(position.offset)
    block = file.read(limit)
    cut = block.rfind(b"\n") + 1
    if not cut and len(block) == limit:
        block += file.readline(limit)  # a line longer than all that should be read at once
        cut = len(block)
    elif is_complete and len(block) < limit:
        cut = len(block)
    return block[:cut], _at(file, position, position.offset + cut)


def header(file: BinaryIO, position: Position) -> bytes:
    """Return the lines above the first row that name the columns, if they stand before
    ``position``.

    Lines from the middle of a file can be read only together with them. A row has a date or a
    number in it, headings have none; a line ``sep=;`` may stand above them.
    """
    if not position.offset:
        return b""
    file.seek(0)
    lines = []
    for _number in range(_MOST_HEADINGS):
        line = file.readline(65536)
        # In UTF-16 there is a zero byte beside each.
        if file.tell() > position.offset or re.search(rb"(?:[0-9]\0?){4}", line):
            break
        lines.append(line)
        if len(re.findall(rb"[,;|\t]", line)) >= _LEAST_DELIMITERS:
            return b"".join(lines)
    return b""


def _at(file: BinaryIO, position: Position, offset: int) -> Position:
    return replace(position, offset=offset, head=_head(file, offset))


def _head(file: BinaryIO, offset: int) -> str:
    file.seek(0)
    return hashlib.sha256(file.read(min(offset, _HEAD))).hexdigest()
