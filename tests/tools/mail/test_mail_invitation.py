"""What an invitation says, line by line."""

import pytest

from lead_communications.tools.mail.invitation import Event, read


def event(*lines, head=()):
    return "\r\n".join(["BEGIN:VCALENDAR", *head, "BEGIN:VEVENT", *lines, "END:VEVENT", ""])


def told(*lines, head=()):
    return read(event("SUMMARY:Visit", *lines, head=head))


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (["DTSTART:20261201T090000"], "2026-12-01 09:00"),
        (["DTSTART;TZID=Europe/Warsaw:20261201T090000Z"], "2026-12-01 09:00 (UTC)"),
        (["DTSTART:20261201T090000", "DTEND:20261201T090000"], "2026-12-01 09:00"),
        (["DTSTART:20261201T090000", "DTEND:20261201T085900"], "2026-12-01 09:00"),
        (["DTSTART:20261201T090000", "DTEND:later"], "2026-12-01 09:00"),
        (["DTSTART:20261201T090000", "DTEND:20261201T090100"], "2026-12-01 09:00 – 09:01"),
        (["DTSTART:20261201T090000", "DURATION:P1W"], "2026-12-01 09:00 – 2026-12-08 09:00"),
        (["DTSTART:20261201T090000", "DURATION:P2DT3H4M"], "2026-12-01 09:00 – 2026-12-03 12:04"),
        (["DTSTART:20261201T090000", "DURATION: PT5M"], "2026-12-01 09:00 – 09:05"),
        (["DTSTART:20261201T090000", "DURATION:nonsense"], "2026-12-01 09:00"),
        (["DTSTART:20261201T090000", "DTEND:20261201T100000", "DURATION:P9D"],
         "2026-12-01 09:00 – 10:00"),
        (["DTSTART:20261201"], "2026-12-01"),
        (["DTSTART:20261201", "DTEND:20261202"], "2026-12-01"),
        (["DTSTART:20261201", "DTEND:20261203"], "2026-12-01 – 2026-12-02"),
        (["DTSTART:20261201", "DTEND:20261130"], "2026-12-01"),
        (["DTSTART:20261201", "DURATION:P3D"], "2026-12-01 – 2026-12-03"),
        (["DTSTART;TZID=Europe/Warsaw:20261201"], "2026-12-01"),
        (["DTSTART: 20261201T090000"], "2026-12-01 09:00"),
        (["DTSTART:20261201T250000"], ""),
        (["DTSTART:00000101"], ""),
        (["DTSTART:99991231T235900", "DURATION:PT1M"], "9999-12-31 23:59"),
        (["DTSTART:99991231", "DURATION:P2D"], "9999-12-31"),
        (["DTSTART:20261201", "DTEND:00010101"], "2026-12-01"),
        (["DTEND:20261201T090000"], ""),
        (["DTSTART;TZID=" + "x" * 61 + ":20261201T090000"],
         f"2026-12-01 09:00 ({'x' * 60})"),
        (["DTSTART:20261201T090000", "DTSTART:20271201T090000"], "2026-12-01 09:00"),
    ],
)  # fmt: skip
def test_when(lines, when):
    assert told(*lines).when == when


@pytest.mark.parametrize(
    ("line", "organizer"),
    [
        ("ORGANIZER:mailto:jan@customer.test", "jan@customer.test"),
        ("ORGANIZER;CN=Jan: MAILTO:jan@customer.test", "Jan <jan@customer.test>"),
        ("ORGANIZER;CN=jan@customer.test:mailto:jan@customer.test", "jan@customer.test"),
        ("ORGANIZER;ROLE=CHAIR;CN=Jan:", "Jan"),
        ('organizer;cn="Jan; of: us":mailto:jan@b.test', "Jan; of: us <jan@b.test>"),
        ("X-ORGANIZER:mailto:a@b.test", ""),
    ],
)
def test_who(line, organizer):
    assert told(line).organizer == organizer


@pytest.mark.parametrize(
    ("lines", "head", "is_canceled"),
    [
        ([], [], False),
        (["STATUS: cancelled "], [], True),
        (["STATUS:CONFIRMED"], ["METHOD:REQUEST"], False),
        ([], ["method: Cancel"], True),
        (["STATUS:CONFIRMED"], ["METHOD:CANCEL"], True),
    ],
)
def test_whether_it_is_canceled(lines, head, is_canceled):
    assert told(*lines, head=head).is_canceled is is_canceled


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([r"SUMMARY:a\,b\;c\\d\ne\Nf"], ("a,b;c\\d e f", "", "", "", False)),
        (["summary;language=pl:Wizyta"], ("Wizyta", "", "", "", False)),
        (["LOCATION:Kra", " ków"], ("", "", "Kraków", "", False)),
        (["SUMMARY:first", "SUMMARY:second"], ("first", "", "", "", False)),
        (["BEGIN:VALARM", "SUMMARY:alarm", "END:VALARM", "SUMMARY:x"], ("x", "", "", "", False)),
        (["SUMMARY:" + "x" * 501], ("x" * 500, "", "", "", False)),
        (["LOCATION:here"], ("", "", "here", "", False)),
        (["DTSTART:20261201"], ("", "2026-12-01", "", "", False)),
        (["ORGANIZER:a@b.test"], ("", "", "", "a@b.test", False)),
        (["STATUS:CANCELLED"], None),
        (["no line"], None),
    ],
)  # fmt: skip
def test_what_and_where(lines, expected):
    assert read(event(*lines)) == expected
    assert Event("", "", "", "", is_canceled=False) != expected


def test_the_first_event_counts():
    assert read(event("SUMMARY:one") + event("SUMMARY:two")).what == "one"
    assert read("begin:vevent\nsummary:x\nend:vevent").what == "x"
    assert read("SUMMARY:x") is None


@pytest.mark.parametrize(("length", "is_found"), [(200_000, True), (200_001, False)])
def test_200000_characters_are_looked_at(length, is_found):
    text = "BEGIN:VEVENT\nSUMMARY:x\nX-A:" + "\nEND:VEVENT"
    text = text.replace("X-A:", "X-A:" + "a" * (length - len(text)))
    assert bool(read(text)) is is_found
