"""CDR files at their limits: what is a file, a row, a column, a time, a telephone."""

from datetime import datetime

import pytest
from test_asterisk import HEADER, OUTSIDE, PHONE, cdr_row, parse_row, parse_rows

from lead_communications.telephony import asterisk, asterisk_cdr
from lead_communications.telephony.payload import PayloadError

MASTER = [
    *("", "600111222", "+48227001101", "in", '"Jan" <600111222>', OUTSIDE, PHONE),
    *("Dial", "PJSIP/101"),
    *("2026-07-01 12:00:00", "2026-07-01 12:00:05", "2026-07-01 12:01:05", "65", "60"),
    *("ANSWERED", "DOCUMENTATION", "1782907200.1", ""),
]
OURS = [
    *('"Jan" <600111222>', "600111222", "+48227001101", "in", OUTSIDE, PHONE, "Dial", "PJSIP/101"),
    *("2026-07-01 12:00:00", "2026-07-01 12:00:05", "2026-07-01 12:01:05", "65", "60"),
    *("ANSWERED", "DOCUMENTATION", "", "1782907200.2", "1782907200.1", "7", "r.wav", "16"),
]


def parse(text, tz="UTC"):
    return asterisk.parse(text.encode(), "text/csv", tz)


def parse_cells(cells, delimiter=","):
    return parse(delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells))


def reason_of(**values):
    (row,) = parse_rows(cdr_row(**values)).broken
    return row.reason


# ---- FILES AND ROWS ----


def test_file_with_a_zero_byte_in_its_first_4096_characters_is_no_csv():
    with pytest.raises(PayloadError) as caught:
        parse("a" * 4095 + "\0")
    assert caught.value.code == "not_csv"
    assert len(parse("a" * 4096 + "\0").broken) == 1


def test_row_is_numbered_by_its_line_and_kept_up_to_2000_characters():
    (row,) = parse("\n\r\n" + "x" * 2001).broken
    assert (row.number, row.text) == (3, "x" * 2000)


@pytest.mark.parametrize("delimiter", [",", ";", "|", "\t"])
def test_delimiter_is_the_one_that_gives_most_columns(delimiter):
    (event,) = parse_cells(OURS, delimiter).events
    assert (event.external_id, event.contact_name, event.recording) == (
        "1782907200.1",
        "Jan",
        "r.wav",
    )


def test_master_csv_may_lack_its_last_column():
    for cells in (MASTER, MASTER[:17]):
        (event,) = parse_cells(cells).events
        assert (event.external_id, event.talk_seconds) == ("1782907200.1", 60)


def test_master_csv_has_no_time_of_answer_of_a_missed_call():
    missed = [*MASTER[:10], "", *MASTER[11:13], "0", "NO ANSWER", *MASTER[15:]]
    (event,) = parse_cells(missed).events
    assert (event.external_id, event.result) == ("1782907200.1", "missed")


def test_first_row_that_names_the_indispensable_columns_is_a_header():
    parsed = parse("start,src,dst,disposition,uniqueid\n2026-07-01 12:00:00,600111222,101,BUSY,")
    assert parsed.header == "start,src,dst,disposition,uniqueid"
    assert [row.reason for row in parsed.broken] == ["Neither linkedid nor uniqueid is given."]


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        (15, "15 columns are too few for a call record."),
        (16, "Neither linkedid nor uniqueid is given."),
    ],
)
def test_row_without_header_that_lacks_more(columns, reason):
    (row,) = parse_cells(MASTER[:columns]).broken
    assert row.reason == reason


def test_row_without_header_of_another_length_than_the_first():
    parsed = parse_rows("a,b,c", cdr_row())
    assert [row.reason for row in parsed.broken] == [
        "3 columns where the first row of the file names 17."
    ]
    assert len(parsed.events) == 1


# ---- DIRECTION ----

TRUNK_TELEPHONE = "PJSIP/anna-0000000a"


@pytest.mark.parametrize(
    ("values", "direction"),
    [
        # Of a telephone that has a name only its number tells that it is one.
        ({"src": "101", "channel": TRUNK_TELEPHONE, "dstchannel": OUTSIDE}, "outgoing"),
        ({"src": "19191", "channel": OUTSIDE, "dstchannel": PHONE}, "incoming"),
        ({"src": "600111222", "channel": OUTSIDE, "dstchannel": OUTSIDE}, "incoming"),
        # Or a trunk by which a short number calls: it waits for somebody who knows.
        ({"src": "101", "channel": TRUNK_TELEPHONE, "dst": "102"}, "incoming"),
        # The number that was called is part of another one that was dialled.
        (
            {"channel": TRUNK_TELEPHONE, "dst": "6001112", "lastdata": "PJSIP/60011122@carrier"},
            "incoming",
        ),
        ({"channel": TRUNK_TELEPHONE, "lastdata": "DAHDI/g1:+48227001101&x"}, "outgoing"),
    ],
)
def test_who_called_gives_the_direction(values, direction):
    assert parse_row(**values).direction == direction


@pytest.mark.parametrize(
    ("src", "channel", "extension"),
    [
        ("101", TRUNK_TELEPHONE, "101"),
        ("+48227001101", "PJSIP/102-0000000a", "102"),
        ("102", "PJSIP/101-0000000a", "102"),
    ],
)
def test_telephone_that_called_is_named_by_its_number(src, channel, extension):
    event = parse_row(src=src, channel=channel, dst="600100200", dstchannel=OUTSIDE)
    assert (event.direction, event.extension) == ("outgoing", extension)


# ---- RESULT ----


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"disposition": "BUSY", "hangupcause": "21"}, "busy"),
        ({"disposition": "NOANSWER"}, "missed"),
        ({"disposition": "answered"}, "answered"),
        ({"disposition": "UNKNOWN"}, "failed"),
        ({"disposition": "CANCEL", "src": "101", "channel": PHONE}, "canceled"),
        ({"lastapp": "ConfBridge", "dstchannel": ""}, "answered"),
        ({"lastapp": "", "dstchannel": ""}, "answered"),
        ({"lastapp": "AGI", "dstchannel": ""}, "missed"),
        ({"lastapp": "AGI"}, "answered"),
    ],
)
def test_outcome(values, result):
    assert parse_row(**values).result == result


def test_call_that_nobody_answered_has_no_conversation():
    event = parse_row(disposition="BUSY")
    assert (event.answer, event.talk_seconds) == (None, 0)


# ---- PARTIES ----


@pytest.mark.parametrize(
    ("clid", "name"),
    [
        ('"Jan" <600111222>', "Jan"),
        ("Jan <600111222>", "Jan"),
        ('"" <600111222>', ""),
        ('" <600111222>', '"'),
        ('"Jan <600111222>', '"Jan'),
        ('Jan" <600111222>', 'Jan"'),
        ("aba <600111222>", "aba"),
        ('"<b>" <600111222>', "<b>"),
        ("600111222", ""),
    ],
)
def test_name_stands_before_the_number(clid, name):
    assert parse_row(clid=clid).contact_name == name


@pytest.mark.parametrize(
    ("did", "cnam", "line", "name"),
    [
        ("+48227001101", "Jan K.", "+48227001101", "Jan K."),
        ("", "", "", "Jan"),
        # A line may have the number of the telephone that it rings at.
        ("101", "", "101", "Jan"),
    ],
)
def test_freepbx_keeps_the_line_and_the_name_in_columns_of_their_own(did, cnam, line, name):
    row = cdr_row(dst="101", src="600111222") + f",{did},{cnam}"
    (event,) = parse(f"{HEADER},did,cnam\n{row}").events
    assert (event.direction, event.line_number, event.contact_name) == ("incoming", line, name)


@pytest.mark.parametrize(
    ("values", "extension"),
    [
        # What follows the comma is no telephone.
        ({"lastdata": "PJSIP/101,30,b(add&it@here)"}, "101"),
        ({"lastdata": "PJSIP/101,30,b(add&it@here)", "disposition": "BUSY"}, "101"),
        ({"lastdata": "PJSIP/101&PJSIP/102,30"}, "101"),
        ({"lastdata": "PJSIP/101&PJSIP/102,30", "disposition": "NO ANSWER"}, ""),
        ({"lastapp": "Queue", "lastdata": "sales"}, "101"),
        ({"lastdata": "PJSIP/1@carrier", "dstchannel": "PJSIP/carrier-0000000a"}, ""),
    ],
)
def test_telephone_that_was_called(values, extension):
    assert parse_row(**values).extension == extension


# ---- TIMES ----


def test_written_times_count_more_than_durations():
    event = parse_row(duration="600", billsec="500")
    assert event.answer == datetime(2026, 7, 1, 12, 0, 5)
    assert event.end == datetime(2026, 7, 1, 12, 1, 5)
    assert event.talk_seconds == 500


@pytest.mark.parametrize("missing", ["", "0000-00-00 00:00:00"])
def test_times_that_are_missing_follow_from_the_durations(missing):
    event = parse_row(answer=missing, end=missing)
    assert event.answer == datetime(2026, 7, 1, 12, 0, 5)
    assert event.end == datetime(2026, 7, 1, 12, 1, 5)


def test_durations_may_be_missing():
    event = parse_row(answer="", end="", duration="", billsec="")
    assert event.end == event.start == event.answer == datetime(2026, 7, 1, 12)


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-07-01 12:00:00.75", datetime(2026, 7, 1, 10)),
        ("1990-01-01T00:00:00Z", datetime(1990, 1, 1)),
        ("2100-12-31T23:59:59Z", datetime(2100, 12, 31, 23, 59, 59)),
        # This hour occurs twice; nothing tells which one it is.
        ("2026-10-25 02:30:00", datetime(2026, 10, 25, 0, 30)),
    ],
)
def test_start_in_utc(written, utc):
    event = parse_row(tz="Europe/Warsaw", start=written, answer="", end="", duration="", billsec="")
    assert event.start == utc


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"start": "1989-12-31T23:59:59Z"}, "'1989-12-31T23:59:59Z' is no date of a call."),
        ({"start": "2101-01-01T00:00:00Z"}, "'2101-01-01T00:00:00Z' is no date of a call."),
        ({"start": "x" * 41}, f"'{'x' * 40}' is no date and time."),
        (
            {"start": "1989-01-01T00:00:00." + "1" * 21},
            "'1989-01-01T00:00:00.11111111111111111111' is no date of a call.",
        ),
        ({"disposition": "X" * 41}, f"Unknown disposition '{'X' * 40}'."),
        ({"billsec": "2678401"}, "billsec is no number of seconds: 2678401"),
        ({"duration": "soon"}, "duration is no number of seconds: soon"),
    ],
)
def test_reason_names_what_is_wrong(values, reason):
    assert reason_of(**values) == reason


def test_call_of_31_days_is_one():
    event = parse_row(answer="", end="", duration="2678400", billsec="2678400")
    assert event.end == datetime(2026, 8, 1, 12)


@pytest.mark.parametrize(
    ("dialled", "extension"),
    [
        ("PJSIP/101,30", "101"),
        # FreePBX dials a telephone where it is, a browser's under a name of its own.
        ("PJSIP/101/sip:101@10.0.0.5:5060,,HhTtr", "101"),
        ("PJSIP/101/sip:8h3kf9@10.0.0.5;transport=ws,,HhTtr", "101"),
        ("PJSIP/600100200@101,60", ""),
        ("PJSIP/101/sip:600100200@carrier.example.com,60", ""),
    ],
)
def test_telephone_or_number_outside_behind_the_same_endpoint(dialled, extension):
    row = {
        "src": "+48600700002",
        "dst": "222004000",
        "did": "222004000",
        "channel": "PJSIP/carrier-00000003",
        "dstchannel": "PJSIP/101-00000004",
        "lastapp": "Dial",
        "lastdata": dialled,
        "start": "2026-11-20 10:00:00",
        "duration": "40",
        "billsec": "33",
        "disposition": "ANSWERED",
        "linkedid": "1795603601.3",
        "dcontext": "from-trunk",
    }
    assert asterisk_cdr.cdr_event(row).extension == extension
