"""What is asked: the parts of an address, the hosts that are listed, the credentials."""

import ipaddress
import re
import string
from base64 import b64encode
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from .errors import RemoteFileError

PLACEHOLDER = "{recording}"
PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?")


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
        if parts.scheme not in PORTS or "@" in parts.netloc or not _is_host(host):
            raise error
        if port == 0:
            raise error
        query = f"?{parts.query}" if parts.query else ""
        return cls(parts.scheme, host, port or PORTS[parts.scheme], (parts.path or "/") + query)

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
        return self.port == PORTS[self.scheme] and self.name.rpartition(":")[0] in hosts


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


def redirected(target, location):
    """Return where a redirect leads; it is checked like any address."""
    try:
        found = Target.parse(urljoin(target.origin + target.path, location))
    except ValueError:
        raise RemoteFileError("bad_url", "The server refers to no address.") from None
    if target.scheme == "https" and found.scheme == "http":
        raise RemoteFileError("redirect_refused", "The server refers to an unencrypted address.")
    return found


def _is_host(host):
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(_HOST.fullmatch(host))
    return "%" not in host
