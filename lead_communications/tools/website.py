"""Whether two addresses are of one web site, however they are written."""

import re
from typing import NamedTuple

from .exception_key import spellings

# Sites of many: what tells their pages apart is the path. With other names of the same site.
_PLATFORMS = {
    "facebook.com": "fb.com m.facebook.com web.facebook.com pl-pl.facebook.com de-de.facebook.com",
    "instagram.com": "m.instagram.com",
    "linkedin.com": "pl.linkedin.com de.linkedin.com uk.linkedin.com fr.linkedin.com",
    "twitter.com": "x.com mobile.twitter.com",
    "youtube.com": "m.youtube.com",
    **dict.fromkeys(
        (
            *("tiktok.com", "pinterest.com", "vk.com", "ok.ru", "xing.com", "threads.net"),
            *("allegro.pl", "allegrolokalnie.pl", "olx.pl", "sprzedajemy.pl", "otomoto.pl"),
            *("oferteo.pl", "fixly.pl", "panoramafirm.pl", "pkt.pl", "aleo.com", "goldenline.pl"),
            *("znanylekarz.pl", "booksy.com", "gowork.pl", "krs-online.com.pl"),
            *("amazon.com", "amazon.de", "amazon.co.uk", "amazon.pl", "ebay.com", "ebay.de"),
            *("etsy.com", "aliexpress.com", "alibaba.com", "kleinanzeigen.de", "houzz.com"),
            *("booking.com", "airbnb.com", "tripadvisor.com", "yelp.com", "trustpilot.com"),
            *("github.com", "gitlab.com", "behance.net", "dribbble.com", "medium.com"),
            *("sites.google.com", "google.com", "maps.google.com", "g.page", "goo.gl", "bit.ly"),
            *("linktr.ee", "about.me", "t.me", "wa.me", "patreon.com", "notion.so", "canva.com"),
        ),
        "",
    ),
}
_SITE_OF = {name: site for site, names in _PLATFORMS.items() for name in (site, *names.split())}
_SCHEME = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?/{1,3}|[a-z][a-z0-9+.-]*:/{0,3}(?=[^0-9/])")


class Website(NamedTuple):
    """A web site: the host in ASCII and small letters; the path only where many share the host."""

    host: str
    path: str

    @property
    def names(self):
        """The same site in all ways that its host is called, as in :func:`key_sql`, sorted."""
        hosts = {self.host, *(name for name, site in _SITE_OF.items() if site == self.host)}
        return sorted(name + self.path for host in hosts for name in spellings(host))

    @property
    def is_of_many(self):
        """Whether only the path tells whose the site is."""
        return self.host in _PLATFORMS


def read(text):
    """Return the :class:`Website` of an address; both parts are empty if it is none."""
    text = re.sub(r"\s+", "", (text or "").lower())
    if scheme := _SCHEME.match(text):
        text = text[scheme.end() :]
    text = re.split(r"[?#]", text)[0]
    host, _slash, path = text.partition("/")
    host = host.rpartition("@")[2]
    host = re.sub(r":\d*$", "", host).strip(".")
    host = re.sub(r"^www\d?\.(?=.*\.)", "", host)
    host = next(filter(str.isascii, spellings(host)), host) if host else ""
    host = _SITE_OF.get(host, host) if "." in host else ""  # n/a, none, a name inside a network
    path = "/".join(filter(None, path.split("/")))
    return Website(host, f"/{path}" if path and host in _PLATFORMS else "")


def is_same(one, other):
    """Tell whether two addresses are of one site. A platform alone is nobody's."""
    one, other = read(one), read(other)
    if not one.host or (one.is_of_many and not one.path):
        return False
    return one == other


def key_sql(column):
    """Return the SQL of host and path of an address, as :attr:`Website.names` has them.

    :param column: SQL of a text.
    """
    text = f"lower(regexp_replace({column}, '\\s+', '', 'g'))"
    for pattern in (
        "^([a-z][a-z0-9+.-]*:)?/{1,3}",
        "[?#].*$",
        "^[^/]*@",
        "^www[0-9]?\\.",
        "/+$",
    ):
        text = f"regexp_replace({text}, '{pattern}', '')"
    text = f"regexp_replace({text}, '^([^/:]+):[0-9]*', '\\1')"
    text = f"regexp_replace({text}, '^([^/]*[^/.])\\.+(/|$)', '\\1\\2')"
    return f"left({text}, 255)"
