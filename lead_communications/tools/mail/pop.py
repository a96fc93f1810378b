"""What ``poplib`` leaves to its user: ids, lines of any length, the bytes as they are."""

import datetime
import poplib
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

from . import identity
from .imap import Fetched


class NoUidlError(Exception):
    """The server does not number its messages lastingly, so that none can be taken once."""


@contextmanager
def _broken_off():
    """Tell a connection that broke from a server that says no; ``poplib`` has one error for both.

    :raise EOFError: the connection broke.
    """
    try:
        yield
    except poplib.error_proto as error:
        if str(error) == "-ERR EOF":
            raise EOFError("The mail server closed the connection.") from error
        raise


class Maildrop:
    """The one folder that a POP3 server shows; a listing stands for the whole session.

    :param connection: a ``poplib`` connection, logged in.
    """

    def __init__(self, connection):
        self._connection = connection

    def reopen(self, connection):
        """Go on by another connection, which needs a listing of its own."""
        self._connection = connection

    def listing(self) -> dict[str, tuple[int, int]]:
        """Return number and size in bytes of each message, by its unique id, oldest first.

        :raise NoUidlError: the server does not support UIDL.
        """
        with _broken_off():
            sizes = dict(_pairs(self._connection.list()[1]))
        try:
            with _broken_off():
                ids = self._connection.uidl()[1]
        except poplib.error_proto as error:
            raise NoUidlError(str(error)) from error
        return {
            uid.decode("ascii", "replace"): (int(number), int(sizes.get(number, 0)))
            for number, uid in _pairs(ids)
        }

    def fetch(self, number: int, size=0) -> Fetched:
        """Return a whole message."""
        raw = self._retrieve(f"RETR {number}")
        return Fetched(raw, received_date(raw), size or len(raw))

    def header(self, number: int, size=0) -> Fetched | None:
        """Return the header of a message; None when the server does not support TOP."""
        try:
            raw = self._retrieve(f"TOP {number} 0")
        except poplib.error_proto:
            return None
        return Fetched(raw, received_date(raw), size, is_whole=False)

    def delete(self, number: int):
        """Mark a message as deleted; the server deletes it when the session ends well."""
        with _broken_off():
            self._connection.dele(number)

    def _retrieve(self, command):
        """Return the answer to ``command``; poplib refuses lines longer than it likes itself."""
        with _broken_off():
            self._connection._shortcmd(command)
        lines = []
        while (line := self._connection.file.readline()) not in (b".\r\n", b".\n"):
            if not line.endswith(b"\n"):
                raise EOFError("The mail server closed the connection.")
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


def received_date(raw: bytes) -> datetime.datetime | None:
    """Return when the last server received a message as naive UTC, by the trace it left."""
    headers = identity.read_headers(raw)
    trace = headers.get(b"received", b"").rpartition(b";")[2] or headers.get(b"date", b"")
    try:
        date = parsedate_to_datetime(trace.decode("ascii", "replace"))
    except (ValueError, TypeError):
        return None
    if not date.tzinfo:  # “-0000”: the time is UTC, the place unknown
        return date
    try:
        return date.astimezone(datetime.UTC).replace(tzinfo=None)
    except OverflowError:
        return None


def _pairs(lines):
    return [line.split()[:2] for line in lines if len(line.split()) >= 2]
