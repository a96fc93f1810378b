"""What Odoo said while it installed the addon: it is to have nothing to warn of."""

import re

from .errors import DevError
from .paths import ADDON_NAME

# Each entry begins with its time, the process and the level; views add lines that say where.
ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ )", re.MULTILINE)
BAD = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) (?P<database>\S+) ")
MOST_SHOWN = 5


def warnings_of(text, database):
    """Return the entries about a database that warn of something that is the addon's."""
    found = []
    for entry in ENTRY.split(text):
        bad = BAD.match(entry)
        if bad and bad["database"] == database and ADDON_NAME in entry:
            found.append(entry.strip())
    return found


def check_quiet(log, database):
    """Check that the log of an installation has no warning that is the addon's.

    :param str database: others may have written into the same log, of theirs
    :raise DevError: with the warnings
    """
    if found := warnings_of(log.read_text(errors="replace"), database):
        shown = "\n\n".join(found[:MOST_SHOWN])
        raise DevError(f"{len(found)} warnings at the installation of {ADDON_NAME}:\n\n{shown}")
