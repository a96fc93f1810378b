"""A file of call records, as its rows: whatever program has written it or saved it again."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..tools.charset import decode_lines
from .cdr_columns import columns_of
from .payload import PayloadError

_DELIMITERS = ",;|\t"
#: Titles and dates of a report that may stand above the headings.
_MOST_TITLES = 5
#: The line that tells a spreadsheet what separates the columns; saved again, it may have more.
_SEPARATOR = re.compile(r'"?sep=(.)"?[,;|\t]*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CdrFile:
    """The rows of a file, and what stands above them."""

    delimiter: str
    #: The lines with a number each, from 1.
    lines: list[tuple[int, str]]
    #: What stands above the rows, as it is there: rows can be read again only together with it.
    header: str = ""
    #: Our names of the columns, None if the file has no headings.
    columns: list[str] | None = None
    #: The file's own words for the columns, by our names.
    headings: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[int, str, list[str] | PayloadError]]:
        """Return number, text and cells of each row; the reason in place of the cells of one that
        is none.
        """
        for number, line in self.lines:
            try:
                yield number, line, cells_of(line, self.delimiter)
            except PayloadError as error:
                yield number, line, error


def read(raw: bytes, country_code: str = "") -> CdrFile:
    """Return what is in a file; raises PayloadError if it is none of call records.

    :param country_code: of the telephone system: it tells the charset where nothing else does.
    """
    if raw.startswith(b"PK"):
        raise PayloadError("not_csv", "This is not a CSV file.")
    text = decode_lines(raw, country_code)
    if "\0" in text[:4096]:
        raise PayloadError("not_csv", "This is not a CSV file.")
    numbered = enumerate(text.split("\n"), start=1)
    lines = [(number, line) for number, line in numbered if line.strip(" \t\ufeff")]
    top, separator = [], ""
    if lines and (match := _SEPARATOR.fullmatch(lines[0][1].strip(" \ufeff"))):
        top, separator = [lines.pop(0)[1]], match[1]
    if not lines:
        raise PayloadError("empty", "The file is empty.")
    for position, (_number, line) in enumerate(lines[: _MOST_TITLES + 1]):
        delimiter = _delimiter(line, separator)
        headings = cells_of(line, delimiter)
        if columns := columns_of(headings):
            own_words = {
                name: heading.strip() for name, heading in zip(columns, headings, strict=True)
            }
            header = "\n".join([*top, line])
            return CdrFile(delimiter, lines[position + 1 :], header, columns, own_words)
        if re.search(r"\d{4}", line):
            break  # a call, or nothing that stands above calls
    return CdrFile(_delimiter(lines[0][1], separator), lines, "\n".join(top))


def _delimiter(line: str, separator: str) -> str:
    """Return what separates the columns of ``line``: as the file says, if that is true."""
    if separator and len(cells_of(line, separator)) > 1:
        return separator
    return max(_DELIMITERS, key=lambda char: len(cells_of(line, char)))


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of a line; raises PayloadError if it is no row of a CSV file."""
    # One line at a time: an unclosed quotation mark then spoils its own row, not the rest of the
    # file.
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
        if len(cells) == 1 and line.startswith('"') and delimiter in cells[0]:
            # A spreadsheet with another delimiter took the whole row for one cell.
            cells = next(csv.reader(cells, delimiter=delimiter), [])
        return cells
    except csv.Error as error:
        raise PayloadError("not_csv", f"This is no row of a CSV file: {error}.") from error
