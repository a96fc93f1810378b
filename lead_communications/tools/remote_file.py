"""Read a file from another server that was named by somebody who is not trusted.

The address may come from a telephone system, so it must not lead this server to places that only
it can reach. Only listed hosts are asked, a name is resolved once, all its addresses are checked,
and the connection goes to a checked address: what a name server answers later changes nothing. TLS
still verifies the name. What comes back is audio of a limited size, and nothing that a browser
would execute.

Errors never tell the address or the credentials: they end up in logs and on screens.
"""

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import string
import threading
import time
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

PLACEHOLDER = "{recording}"
OCTETS = "application/octet-stream"

_PORTS = {"http": 80, "https": 443}
_CHUNK_SIZE = 64 * 1024
_HEAD_SIZE = 512
_MAX_REDIRECTS = 3

#: What a server may call audio, and what a browser is told that it is.
_TYPES = {
    "audio/aac": "audio/aac",
    "audio/flac": "audio/flac",
    "audio/mp3": "audio/mpeg",
    "audio/mp4": "audio/mp4",
    "audio/mpeg": "audio/mpeg",
    "audio/ogg": "audio/ogg",
    "audio/opus": "audio/ogg",
    "audio/vnd.wave": "audio/wav",
    "audio/wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/webm": "audio/webm",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
}
_SUFFIXES = {
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "mp4": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "webm": "audio/webm",
}
#: Pages of a login and playlists: a browser would follow the addresses in them.
_NO_AUDIO = re.compile(rb"\A(\xef\xbb\xbf)?\s*(<|#EXTM3U|\[playlist\])", re.IGNORECASE)

_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")
_RANGE = re.compile(r"bytes=(\d{1,18}-\d{0,18}|-\d{1,18})", re.ASCII)
_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII)

#: What "private addresses are allowed" allows.
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "127.0.0.0/8",
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "::1/128",
        "fc00::/7",
    )
)
#: Never allowed: the metadata services of clouds hand out keys, and some have ordinary addresses.
_NEVER = tuple(
    ipaddress.ip_network(network)
    for network in (
        "169.254.0.0/16",
        "100.100.100.200/32",
        "168.63.129.16/32",
        "192.0.0.192/32",
        "fd00:ec2::254/128",
        "fe80::/10",
        "fec0::/10",
        "64:ff9b:1::/48",
        "2001::/32",  # Teredo and 6to4: tunnels to an IPv4 address
        "2002::/16",
    )
)
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class RemoteFileError(Exception):
    """The file cannot be read. ``code`` is for programs, the message for the administrator."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """What an address consists of."""

    scheme: str
    host: str
    port: int
    path: str

    @classmethod
    def parse(cls, url: str) -> "Target":
        """Return the parts of an absolute address, or raise RemoteFileError."""
        error = RemoteFileError("bad_url", "This is no address of a file on the web.")
        # Some parsers drop control characters and take a backslash for a slash.
        if not url.isprintable() or "\\" in url:
            raise error
        try:
            parts = urlsplit(quote(url, safe=string.punctuation))
            port = parts.port
        except ValueError:
            raise error from None
        host = parts.hostname or ""
        if parts.scheme not in _PORTS or "@" in parts.netloc or not _is_host(host):
            raise error
        if port == 0:
            raise error
        query = f"?{parts.query}" if parts.query else ""
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], (parts.path or "/") + query)

    @property
    def name(self) -> str:
        """The host and its port, as in a list of hosts."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.name}"

    def is_listed(self, hosts) -> bool:
        """Tell whether ``hosts`` name it; a host without a port stands for the usual ports."""
        if self.name in hosts:
            return True
        return self.port == _PORTS[self.scheme] and self.name.rpartition(":")[0] in hosts


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What may be read, and for how long and how much of it."""

    #: ``host`` or ``host:port`` in lower case, see :func:`parse_hosts`.
    hosts: frozenset[str]
    allow_private: bool = False
    #: Bytes.
    max_size: int = 100 * 1024 * 1024
    #: Seconds until the answer begins, and between two pieces of it.
    timeout: float = 10
    #: Seconds to wait for the server in all. The reader of the file may take any time.
    patience: float = 120
    user: str = ""
    password: str = ""
    #: Where the credentials are sent; if empty, to all listed hosts, but encrypted only.
    auth_origin: str = ""

    def authorization(self, target: Target) -> dict[str, str]:
        """Return the header with the credentials if ``target`` is to see them."""
        if self.auth_origin:
            is_trusted = target.origin == self.auth_origin
        else:
            is_trusted = target.scheme == "https"
        if not self.user or not is_trusted:
            return {}
        token = b64encode(f"{self.user}:{self.password}".encode()).decode()
        return {"Authorization": f"Basic {token}"}


# ---- ADDRESSES ----


def parse_hosts(text: str | None) -> frozenset[str]:
    """Return the hosts that ``text`` lists, one in each line; raises RemoteFileError if not."""
    hosts = set()
    for line in (text or "").lower().split():
        target = Target.parse(line if "://" in line else f"http://{line}")
        if target.path != "/":
            raise RemoteFileError("bad_url", "This is no name of a host.")
        has_port = "://" in line or re.search(r":\d+$", line.rpartition("]")[2])
        hosts.add(target.name if has_port else target.name.rpartition(":")[0])
    return frozenset(hosts)


def build_url(template: str, recording: str) -> str:
    """Return the address of ``recording``; a recording that is an address itself stays as it is.

    The name of a file can't lead out of the folder that the template names.
    """
    error = RemoteFileError("bad_url", "This is no name of a recording.")
    if not recording.isprintable():
        raise error
    if "://" in recording:
        return recording
    names = recording.strip().lstrip("/").split("/")
    if "\\" in recording or any(name in ("", ".", "..") for name in names):
        raise error
    if PLACEHOLDER not in template:
        raise error
    before, _placeholder, after = template.partition(PLACEHOLDER)
    separator = "%2F" if "?" in before else "/"
    return before + separator.join(quote(name, safe="") for name in names) + after


def check_template(template: str) -> Target:
    """Return the target that ``template`` names, or raise RemoteFileError."""
    target = Target.parse(template.replace(PLACEHOLDER, "recording"))
    path = template.partition("://")[2].partition("/")[2]
    if template.count(PLACEHOLDER) != 1 or PLACEHOLDER not in path.partition("#")[0]:
        raise RemoteFileError("bad_url", "The address does not say where the name belongs.")
    return target


def is_allowed(address: str, allow_private: bool = False) -> bool:
    """Tell whether this server may be led to an IP address."""
    ip = _unwrapped(ipaddress.ip_address(address.partition("%")[0]))
    if any(ip in network for network in _NEVER) or ip.is_multicast or ip.is_unspecified:
        return False
    if any(ip in network for network in _PRIVATE):
        return allow_private
    return ip.is_global and not ip.is_reserved


def _unwrapped(ip):
    """Return where ``ip`` leads: IPv6 has ways to write an IPv4 address."""
    if ip.version == 4:
        return ip
    if ip.ipv4_mapped:
        return ip.ipv4_mapped
    return ipaddress.ip_address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip


def _is_host(host):
    try:
        return ipaddress.ip_address(host).version == 4 or "%" not in host
    except ValueError:
        return bool(_HOST.fullmatch(host))


def _resolve(target, allow_private):
    """Return what to connect to: all addresses of the host, each of them checked."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RemoteFileError("unreachable", "The name of the host is unknown.") from None
    if not all(is_allowed(info[4][0], allow_private) for info in found):
        raise RemoteFileError("address_refused", "The host has an address that is not allowed.")
    return found


# ---- READING ----


def clean_range(header: str | None) -> str | None:
    """Return the Range header of a browser if it asks for one part of the file."""
    return header if header and _RANGE.fullmatch(header) else None


def suffix(content_type: str) -> str:
    """Return how the name of a file of that type ends: ``.wav``; nothing if that is unknown."""
    return next((f".{end}" for end, kind in _SUFFIXES.items() if kind == content_type), "")


def open_remote(url: str, policy: Policy, byte_range: str | None = None) -> "RemoteFile":
    """Ask for a file; raises RemoteFileError. Whoever gets it has to close it."""
    target = Target.parse(url)
    for _redirect in range(_MAX_REDIRECTS + 1):
        if not target.is_listed(policy.hosts):
            raise RemoteFileError("host_refused", "The host is not among those allowed.")
        connection = _Connection(target, _resolve(target, policy.allow_private), policy.timeout)
        response = connection.ask(policy.authorization(target), byte_range)
        if response.status not in (301, 302, 303, 307, 308):
            return RemoteFile(response, target, policy, byte_range)
        response.close()
        target = _redirected(target, response.headers.get("Location", ""))
    raise RemoteFileError("redirect_refused", "The server refers to other addresses too often.")


def _redirected(target, location):
    """Return where a redirect leads; it is checked like any address."""
    try:
        redirected = Target.parse(urljoin(target.origin + target.path, location))
    except ValueError:
        raise RemoteFileError("bad_url", "The server refers to no address.") from None
    if target.scheme == "https" and redirected.scheme == "http":
        raise RemoteFileError("redirect_refused", "The server refers to an unencrypted address.")
    return redirected


class _Connection(http.client.HTTPConnection):
    """A connection to one of the checked addresses, and to nothing else: no proxy, no lookup."""

    def __init__(self, target, addresses, timeout):
        super().__init__(target.host, target.port, timeout=timeout)
        self.default_port = _PORTS[target.scheme]
        self._target = target
        self._addresses = addresses
        self._deadline = time.monotonic() + timeout
        self._is_late = False

    def ask(self, authorization, byte_range):
        """Send the request and return the response, whose head came in time."""
        headers = {"Accept": "audio/*, */*;q=0.1", "Accept-Encoding": "identity"} | authorization
        headers["Connection"] = "close"
        if byte_range:
            headers["Range"] = byte_range
        # The timeout of a socket begins anew with every byte.
        watchdog = threading.Timer(self._deadline - time.monotonic(), self._give_up)
        watchdog.daemon = True
        watchdog.start()
        try:
            self.request("GET", self._target.path, headers=headers)
            response = self.getresponse()
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise self._error(error) from None
        finally:
            watchdog.cancel()
            self.close()  # the response keeps the connection open until it is closed itself
        if self._is_late:
            # To the parser a connection that was shut down is the end of the head.
            response.close()
            raise self._error(TimeoutError())
        return response

    def connect(self):
        self.sock = self._connected_socket()
        if self._target.scheme == "https":
            self.sock = ssl.create_default_context().wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def _connected_socket(self):
        error = TimeoutError()
        for family, kind, protocol, _name, address in self._addresses:
            left = self._deadline - time.monotonic()
            if left <= 0:
                break
            sock = socket.socket(family, kind, protocol)
            try:
                sock.settimeout(left)
                sock.connect(address)
                sock.settimeout(self.timeout)
                return sock
            except OSError as exception:
                sock.close()
                error = exception
        raise error

    def _give_up(self):
        self._is_late = True
        sock = self.sock
        if sock:
            with contextlib.suppress(OSError):
                # Not ssl's own method, which takes apart what the other thread reads with.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _error(self, error):
        if self._is_late or isinstance(error, TimeoutError):
            return RemoteFileError("timeout", "The server takes too long to answer.")
        if isinstance(error, ssl.SSLCertVerificationError):
            return RemoteFileError("bad_certificate", "The certificate of the server is not valid.")
        return RemoteFileError("unreachable", "The server cannot be reached.")


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
        self.content_type = self._audio_type(target.path.partition("?")[0])
        start, total = self._extent()
        if max(self.length or 0, total) > self._policy.max_size:
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

    def _audio_type(self, path):
        headers = self._response.headers
        given = headers.get_content_type() if "Content-Type" in headers else ""
        encoding = headers.get("Content-Encoding", "identity").strip().lower()
        is_octets = given in ("", OCTETS, "binary/octet-stream")
        if encoding != "identity" or not (is_octets or given.startswith("audio/")):
            raise RemoteFileError("wrong_type", "What the server sent is no recording.")
        return _TYPES.get(given) or _SUFFIXES.get(path.rpartition(".")[2].lower(), OCTETS)

    def _extent(self):
        """Return the first byte and, if it is told, the size of the whole file."""
        if self.status == 200:
            return 0, 0
        match = _CONTENT_RANGE.fullmatch(self._response.headers.get("Content-Range", "").strip())
        if not match:
            raise RemoteFileError("failed", "The server does not say which part it sends.")
        self.content_range, self.accepts_ranges = match[0], True
        return int(match[1]), 0 if match[3] == "*" else int(match[3])

    def _peek(self, start):
        """Read what shows that it is no audio, while the browser can still be told so."""
        while len(self._head) < _HEAD_SIZE and (chunk := self._read_chunk()):
            self._head += chunk
        if start == 0 and _NO_AUDIO.match(self._head):
            raise RemoteFileError("wrong_type", "What the server sent is no recording.")

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
