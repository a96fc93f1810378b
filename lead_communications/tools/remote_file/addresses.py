"""Where this server may be led to: IP addresses, each of them checked."""

import ipaddress
import socket

from .errors import RemoteFileError

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
    return ipaddress.ip_address(ip.packed[-4:]) if ip in _NAT64 else ip


def resolve(target, allow_private):
    """Return what to connect to: all addresses of the host, each of them checked."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise RemoteFileError("unreachable", "The name of the host is unknown.") from None
    if not all(is_allowed(info[4][0], allow_private) for info in found):
        raise RemoteFileError("address_refused", "The host has an address that is not allowed.")
    return found
