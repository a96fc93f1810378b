"""Asking for a file, and reading it once."""

import http.client
import re
import time

from .addresses import resolve
from .audio import OCTETS, audio_type, check_head
from .connection import Connection
from .errors import RemoteFileError
from .target import Policy, Target, redirected

_CHUNK_SIZE = 65536
_HEAD_SIZE = 512
_MAX_REDIRECTS = 3
_RANGE = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})", re.ASCII)
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)


def clean_range(header: str | None) -> str | None:
    """Return the Range header of a browser if it asks for one part of the file."""
    return header if header and _RANGE.fullmatch(header) else None


def open_remote(url: str, policy: Policy, byte_range: str | None = None) -> "RemoteFile":
    """Ask for a file; raises RemoteFileError. Whoever gets it has to close it."""
    target = Target.parse(url)
    for _redirect in range(_MAX_REDIRECTS + 1):
        if not target.is_listed(policy.hosts):
            raise RemoteFileError("host_refused", "The host is not among those allowed.")
        connection = Connection(target, resolve(target, policy.allow_private), policy.timeout)
        response = connection.ask(policy.authorization(target), byte_range)
        if response.status not in (301, 302, 303, 307, 308):
            return RemoteFile(response, target, policy, byte_range)
        response.close()
        target = redirected(target, response.headers.get("Location", ""))
    raise RemoteFileError("redirect_refused", "The server refers to other addresses too often.")


class RemoteFile:
    """An open file: what to tell the browser about it, and its content, once."""

    def __init__(self, response, target, policy, byte_range):
        self._response = response
        self._policy = policy
        self._waited = 0.0
        self._read = 0
        #: 200, or 206 for a part of the file.
        self.status = response.status
        #: What the browser may be told that it is.
        self.content_type = OCTETS
        #: Bytes that will be read; None if the server does not say.
        self.length = response.length
        #: ``bytes 0-99/1000`` with status 206, else None.
        self.content_range = None
        self.accepts_ranges = response.headers.get("Accept-Ranges", "").lower() == "bytes"
        self._head = b""
        try:
            self._examine(target, byte_range)
        except BaseException:
            self.close()
            raise

    def __iter__(self):
        try:
            if self._head:
                yield self._head
                self._head = b""
            while chunk := self._read_chunk():
                yield chunk
        finally:
            self.close()

    def content(self) -> bytes:
        return b"".join(self)

    def close(self):
        self._response.close()

    def _examine(self, target, byte_range):
        """Look at all that can be known before the browser is told anything."""
        self._check_status(byte_range)
        self.content_type = audio_type(self._response.headers, target.path.partition("?")[0])
        start, total = self._extent()
        if any(size and size > self._policy.max_size for size in (self.length, total)):
            raise RemoteFileError("too_large", "The file is larger than allowed.")
        self._peek(start)

    def _check_status(self, byte_range):
        if self.status == 200 or (self.status == 206 and byte_range):
            return
        code, message = {
            401: ("denied", "The server asks for other credentials."),
            403: ("denied", "The server denies the access."),
            404: ("missing", "The server does not know the file."),
            410: ("missing", "The server does not know the file any more."),
            416: ("bad_range", "The file has no such part."),
        }.get(self.status, ("failed", f"The server answers with status {self.status}."))
        raise RemoteFileError(code, message)

    def _extent(self):
        """Return the first byte, and the size of the whole file, None if a part does not tell."""
        if self.status == 200:
            return 0, self.length
        match = _CONTENT_RANGE.fullmatch(self._response.headers.get("Content-Range", "").strip())
        if not match:
            raise RemoteFileError("failed", "The server does not say which part it sends.")
        self.content_range, self.accepts_ranges = match[0], True
        return int(match[1]), None if match[3] == "*" else int(match[3])

    def _peek(self, start):
        """Read what shows that it is no audio, while the browser can still be told so."""
        while len(self._head) < _HEAD_SIZE and (chunk := self._read_chunk()):
            self._head += chunk
        if start == 0:
            check_head(self._head)

    def _read_chunk(self):
        size = _CHUNK_SIZE
        if self.length is not None:
            size = min(size, self.length - self._read)
        if not size:
            return b""
        begin = time.monotonic()
        try:
            # At most one piece from the network: a slow server is noticed between two of them.
            chunk = self._response.read1(size)
        except TimeoutError:
            raise RemoteFileError("timeout", "The server stopped sending.") from None
        except (OSError, http.client.HTTPException, ValueError):
            raise RemoteFileError("incomplete", "The transfer broke off.") from None
        self._waited += time.monotonic() - begin
        self._read += len(chunk)
        self._check_progress(chunk)
        return chunk

    def _check_progress(self, chunk):
        if self._read > self._policy.max_size:
            raise RemoteFileError("too_large", "The file is larger than allowed.")
        if self._waited > self._policy.patience:
            raise RemoteFileError("timeout", "The server sends too slowly.")
        if not chunk and self.length is not None:
            raise RemoteFileError("incomplete", "The transfer broke off.")
