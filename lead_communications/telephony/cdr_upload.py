"""A CDR file of any size, made ready to be taken in in parts."""

from dataclasses import dataclass, field

from . import asterisk_cdr, cdr_file
from .payload import BrokenRow, Parsed


@dataclass(frozen=True, slots=True)
class Upload:
    """The rows of a file, and what has to be known of the whole to read a part of them."""

    #: What stands above the rows; each part is read together with it. ``""`` if nothing does.
    header: str
    delimiter: str
    #: How many lines of the file stand above ``content``.
    lines_above: int
    #: The rows in UTF-8, a line each, in the places that they have in the file.
    content: bytes
    row_count: int
    #: The rows that only the whole file shows to be broken: their places are empty.
    broken: list[BrokenRow] = field(default_factory=list)


def prepare(raw: bytes, country_code: str = "") -> Upload:
    """Return what is in a file; raises PayloadError if it is none of call records.

    :param country_code: of the telephone system: it tells the charset where nothing else does.
    """
    file = cdr_file.read(raw, country_code)
    broken = asterisk_cdr.rounded_rows(file)
    first = file.lines[0][0] if file.lines else 1
    places = [""] * (file.lines[-1][0] - first + 1 if file.lines else 0)
    for number, line in file.lines:
        places[number - first] = line
    for row in broken:
        places[row.number - first] = ""
    return Upload(
        header=file.header,
        delimiter=file.delimiter,
        lines_above=first - 1,
        content="".join(f"{line}\n" for line in places).encode(errors="replace"),
        row_count=len(file.lines),
        broken=broken,
    )


def part_of(content: bytes, offset: int, size: int) -> bytes:
    """Return the whole lines behind ``offset``, about ``size`` bytes of them."""
    end = content.find(b"\n", offset + size) + 1
    return content[offset : end or len(content)]


def numbered(parsed: Parsed, header: str, lines_above: int) -> list[BrokenRow]:
    """Return the broken rows of a part by their numbers in the whole file.

    :param header: what the part was read together with.
    :param lines_above: how many lines of the file stand above the part.
    """
    more = lines_above - (header.count("\n") + 1 if header else 0)
    return [BrokenRow(row.number + more, row.text, row.reason, row.code) for row in parsed.broken]
