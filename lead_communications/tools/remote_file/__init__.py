"""Read a file from another server that was named by somebody who is not trusted.

The address may come from a telephone system, so it must not lead this server to places that only
it can reach. Only listed hosts are asked, a name is resolved once, all its addresses are checked,
and the connection goes to a checked address: what a name server answers later changes nothing. TLS
still verifies the name. What comes back is audio of a limited size, and nothing that a browser
would execute.

Errors never tell the address or the credentials: they end up in logs and on screens.
"""

from .addresses import is_allowed
from .audio import OCTETS, suffix
from .errors import RemoteFileError
from .file import RemoteFile, clean_range, open_remote
from .message import exchange
from .target import PLACEHOLDER, Policy, Target, build_url, check_template, parse_hosts

__all__ = [
    "OCTETS",
    "PLACEHOLDER",
    "Policy",
    "RemoteFile",
    "RemoteFileError",
    "Target",
    "build_url",
    "check_template",
    "clean_range",
    "exchange",
    "is_allowed",
    "open_remote",
    "parse_hosts",
    "suffix",
]
