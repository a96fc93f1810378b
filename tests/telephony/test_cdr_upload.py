"""A file that is taken in in parts says the same as the whole."""

from pathlib import Path

import pytest

from lead_communications import telephony
from lead_communications.telephony import asterisk, cdr_upload
from lead_communications.telephony.payload import PayloadError
from lead_communications.telephony.site import Site

SAMPLES = Path(telephony.__file__).parents[1] / "tests" / "call" / "samples"
POLAND = Site(tz="Europe/Warsaw", country_code="PL")
HEADINGS = "calldate;clid;src;dst;channel;dstchannel;lastapp;duration;billsec;disposition;uniqueid"


def row(number, src="600700001", unique_id=None):
    unique_id = unique_id or f"17956000{number:02d}.1"
    return (
        f'2026-11-20 10:00:{number:02d};"Żak";{src};222004000;PJSIP/carrier-00000001;'
        f"PJSIP/101-00000002;Dial;35;30;ANSWERED;{unique_id}"
    )


ROWS = "\n".join(row(number) for number in range(20))
BROKEN = ROWS.replace(";ANSWERED;1795600007.1", ";LOST;1795600007.1").replace("\n", "\n\n", 3)
TITLED = f"Report of calls\n\n{HEADINGS}\n{BROKEN}"
# Of two calls one second apart, a spreadsheet has made the same id; they lie far from each other.
ROUNDED = "\n".join(
    [HEADINGS, row(1, unique_id="1795600001"), ROWS, row(2, "600700002", "1795600001"), ""]
)
FILES = {
    "headings": f"{HEADINGS}\n{ROWS}\n".encode(),
    "no line end": f"{HEADINGS}\n{ROWS}".encode(),
    "broken": f"{HEADINGS}\r\n{BROKEN}".encode(),
    "titles": TITLED.encode("cp1250"),
    "separator": f"sep=;\n{HEADINGS}\n{BROKEN}\n".encode("utf-16"),
    "rounded": ROUNDED.encode(),
    "no headings": (SAMPLES / "asterisk" / "cdr_in_group.csv").read_bytes() * 7,
    "nothing": HEADINGS.encode(),
}


def parts(raw, size):
    """Return the events and the broken rows of a file that is read in parts."""
    upload = cdr_upload.prepare(raw, "PL")
    above = f"{upload.header}\n".encode() if upload.header else b""
    offset, lines_above, events, broken = 0, upload.lines_above, [], [*upload.broken]
    while offset < len(upload.content):
        part = cdr_upload.part_of(upload.content, offset, size)
        if part.strip():
            parsed = asterisk.parse(above + part, "text/csv", site=POLAND)
            events += parsed.events
            broken += cdr_upload.numbered(parsed, upload.header, lines_above)
        lines_above += part.count(b"\n")
        offset += len(part)
    return events, sorted(broken, key=lambda row: row.number)


@pytest.mark.parametrize("size", [1, 200, 700, 100_000])
@pytest.mark.parametrize("name", FILES)
def test_parts_say_what_the_whole_says(name, size):
    whole = asterisk.parse(FILES[name], "text/csv", site=POLAND)
    events, broken = parts(FILES[name], size)
    assert events == whole.events
    assert broken == whole.broken
    assert len(events) + len(broken) == cdr_upload.prepare(FILES[name], "PL").row_count


def test_rows_are_known_by_their_place_in_the_file():
    (broken,) = parts(FILES["titles"], 300)[1]
    assert TITLED.split("\n")[broken.number - 1] == broken.text
    assert [one.number for one in parts(FILES["rounded"], 300)[1]] == [2, 23]


def test_file_that_is_none_of_calls_is_refused():
    for content in (b"", b"PK\x03\x04", b"Date,Source,Destination,UniqueID\n2026-11-20,1,2,1.1"):
        with pytest.raises(PayloadError):
            cdr_upload.prepare(content)
