"""Text that strangers wrote, in files that people open with a spreadsheet."""

import re

# What a spreadsheet takes for a formula, or for a link to a file.
_LIVE = re.compile(
    r"'*(?:[=+@\t\r\n\uff0b\uff0d\uff1d\uff20-]|\{=|(?:ex|in)ternal:)", re.IGNORECASE
)
# A telephone number, also the beginning of some, is none: it is read back as it was written.
_NUMBER = re.compile(r"\+[0-9][0-9 ()./-]{0,30}\*?", re.ASCII)


def harmless(value):
    """Return the value of a cell; a text that would be calculated with an apostrophe in front."""
    if isinstance(value, str) and _LIVE.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value


def original(value):
    """Return what :func:`harmless` made the value of a cell from: a file is read as it was written.

    Texts that had an apostrophe in front of what would be calculated have got one more, and
    numbers get one from Odoo in files of the type CSV.
    """
    if isinstance(value, str) and value.startswith("'"):
        rest = value[1:]
        if harmless(rest) == value or _NUMBER.fullmatch(rest):
            return rest
    return value
