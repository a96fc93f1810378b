"""The Debian mirror of this machine, read from apt's own sources."""

import os
import re
from pathlib import Path

from .errors import DevError
from .system import is_root

APT_FOLDER = Path("/etc/apt")
KEYRINGS = (
    Path("/usr/share/keyrings/debian-archive-keyring.gpg"),
    Path("/usr/share/keyrings/debian-archive-keyring.pgp"),
)
DEBIAN_RELEASES = {
    *("bookworm", "trixie", "forky", "duke", "sid"),
    *("oldstable", "stable", "testing", "unstable"),
}


def debian_mirror():
    """Return the address of a Debian mirror: `DEBIAN_MIRROR`, else the one that apt uses here."""
    if os.environ.get("DEBIAN_MIRROR"):
        return os.environ["DEBIAN_MIRROR"]
    for uri, suites in read_sources(APT_FOLDER):
        if is_debian_archive(uri, suites):
            return uri
    raise DevError(
        "No Debian mirror stands in this machine's apt sources: set DEBIAN_MIRROR to the address of"
        " one, or ODOO_HOME to an Odoo 19.0 source tree or installation."
    )


def keyring():
    """Return the file of the keys that sign Debian's archive."""
    for path in KEYRINGS:
        if path.is_file():
            return path
    raise DevError(
        "The keys of Debian's archive are missing, so that its packages cannot be checked: install"
        " the package debian-archive-keyring, or set ODOO_HOME."
    )


def apt_options(work):
    """Return the options that make apt use the private lists and caches of a folder."""
    options = {
        "Dir::Etc::sourcelist": work / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": work / "lists",
        "Dir::Cache": work / "cache",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        # A mirror that stands still is as good: the version is pinned, and the signature is checked
        "Acquire::Check-Valid-Until": "false",
    }
    if is_root():
        # apt's own user may not be able to enter the private folder
        options["APT::Sandbox::User"] = "root"
    return [part for name, value in options.items() for part in ("-o", f"{name}={value}")]


def read_sources(folder):
    """Return the `(address, suites)` pairs of apt's sources, in both of their formats."""
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    pairs = []
    for file in files:
        if not file.is_file():
            continue
        if file.suffix == ".list":
            pairs += parse_one_line(file.read_text(errors="replace"))
        elif file.suffix == ".sources":
            pairs += parse_deb822(file.read_text(errors="replace"))
    return pairs


def parse_one_line(text):
    """Read lines like `deb [options] address suite components`."""
    pattern = re.compile(r"^\s*deb\s+(?:\[[^]]*\]\s+)?(\S+)\s+(\S+)", re.MULTILINE)
    return [(uri, [suite]) for uri, suite in pattern.findall(text)]


def parse_deb822(text):
    """Read stanzas of `Types:`, `URIs:` and `Suites:`; a field may go on in further lines."""
    pairs = []
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for stanza in re.split(r"\n\s*\n", "\n".join(lines)):
        fields = {
            name.lower(): value.split()
            for name, value in re.findall(
                r"^([A-Za-z-]+):((?:.*)(?:\n[ \t].*)*)", stanza, re.MULTILINE
            )
        }
        if "deb" in fields.get("types", []) and fields.get("enabled") != ["no"]:
            pairs += [(uri, fields.get("suites", [])) for uri in fields.get("uris", [])]
    return pairs


def is_debian_archive(uri, suites):
    """Tell a mirror of Debian's main archive from security updates and other people's archives."""
    return "ubuntu" not in uri and any(suite in DEBIAN_RELEASES for suite in suites)
