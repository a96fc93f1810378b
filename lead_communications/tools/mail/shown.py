"""What of an email is shown inside pages of this server. Plain Python on HTML.

Whoever looks at an email is logged in here. So nothing in it may be fetched or opened from this
server but its own pictures, and nothing be fetched from elsewhere, which tells who reads it.
"""

import re
import unicodedata
from collections.abc import Collection
from urllib.parse import urlsplit

import lxml.html
from lxml import etree
from markupsafe import Markup

_FETCHING = {"src", "background", "poster", "data", "xlink:href", "dynsrc", "lowsrc", "icon"}
# Several addresses, or one that is called when somebody clicks.
_DROPPED = {"srcset", "imagesrcset", "ping", "action", "formaction", "manifest", "codebase"}
_LINKS = ("a", "area")
_LOOKED_AT = re.compile("|".join((*_FETCHING, *_DROPPED, "style", "href")), re.IGNORECASE)
_FETCHED_STYLE = re.compile(r"url|image|src|\\|@", re.IGNORECASE)
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BLANK = re.compile(r"[\x00-\x20]")
# As Odoo writes them: of the files of an email that came in, and by its editor.
_OWN_IMAGE = re.compile(
    r"/web/image/([0-9]{1,10})(?:-[0-9a-f]{1,40}(?:/[^/?#\\%]*)?)?(?:\?access_token=[\w-]*)?",
    re.ASCII,
)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)


def without_remote(
    source: str, images: Collection[int] | None = (), hosts: Collection[str] = ()
) -> Markup:
    """Return HTML that was sanitized already without the addresses that it must not hold.

    What is in the HTML itself (``data:``) stays, links to other servers too.

    :param images: the ids of the pictures of the email itself, which stay; None: all pictures of
        this server, of an email that was written here.
    :param hosts: the names of this server, with their ports. With them links to it are taken away,
        too.
    """
    if not source or not _LOOKED_AT.search(source):
        return Markup(source or "")
    root = lxml.html.fragment_fromstring(source, create_parent="div")
    is_changed = False
    for element in root.iter(etree.Element):
        for name, value in element.items():
            if name == "style":
                style = _harmless_style(value)
                if style != value:
                    element.set(name, style)
                    is_changed = True
            elif not _may_stay(element.tag, name.lower(), value, images, hosts):
                del element.attrib[name]
                is_changed = True
    return Markup(lxml.html.tostring(root, encoding="unicode") if is_changed else source)


def _may_stay(
    tag: str, name: str, value: str, images: Collection[int] | None, hosts: Collection[str]
) -> bool:
    if name in _DROPPED:
        return False
    if name == "href" and tag in _LINKS:
        return not (hosts and is_of_server(value, hosts))
    return name not in _FETCHING | {"href"} or _is_here(value, images)


def _is_here(address: str, images: Collection[int] | None) -> bool:
    # As browsers read it: without white space and control characters.
    address = _BLANK.sub("", address)
    if address[:5].lower() == "data:":
        return True
    own = _OWN_IMAGE.fullmatch(address)
    return bool(own) and (images is None or int(own[1]) in images)


def is_of_server(address: str, hosts: Collection[str]) -> bool:
    """Tell whether a browser opens ``address`` on this server: a relative one, or of its names."""
    address = _BLANK.sub("", address).replace("\\", "/")
    if not address or address.startswith("#"):
        return False
    scheme = _SCHEME.match(address)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return False
    rest = address[scheme.end() :] if scheme else address
    if not rest.startswith("//"):
        return True
    try:
        parts = urlsplit("//" + rest.lstrip("/"))
        name, port = same_name(parts.hostname or ""), parts.port
    except ValueError:  # no address at all
        return True
    return any(_is_same(name, port, host) for host in hosts)


def _is_same(name: str, port: int | None, host: str) -> bool:
    own, _colon, own_port = host.partition(":")
    # Whoever is logged in at one port of a server is at all of them; but each port of one's own
    # computer is another server.
    is_loopback = name == "localhost" or name.startswith("127.")
    return name == same_name(own) and not (is_loopback and str(port or "") != own_port)


def same_name(host: str) -> str:
    """Return the name of a server in the one spelling in which names are compared."""
    name = unicodedata.normalize("NFKC", host).replace("\u3002", ".").lower().strip(".")
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:  # no name of a server
        return name


def _harmless_style(style: str) -> str:
    declarations = [part for part in style.split(";") if not _FETCHED_STYLE.search(part)]
    return _CONTROL.sub("", ";".join(declarations))
