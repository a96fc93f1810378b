from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest

from lead_communications.tools.mail.dates import sent_date

RECEIVED = datetime(2026, 11, 27, 9, 0)


def hop(date):
    return f"Received: from a.test by b.test\r\n\tfor <x@b.test>; {date}\r\n"


def date(header, *hops, received=RECEIVED, **values):
    head = "".join(map(hop, hops)) + (f"Date: {header}\r\n" if header is not None else "")
    return str(sent_date(f"{head}Subject: x\r\n\r\nText".encode(), received, **values))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Fri, 27 Nov 2026 09:02:02 +0100", "2026-11-27 08:02:02"),
        ("Fri, 27 Nov 26 09:02:02 +0100", "2026-11-27 08:02:02"),
        ("27 Nov 2026 08:02:02 -0000", "2026-11-27 08:02:02"),
        ("Fri Nov 27 08:02:02 2026", "2026-11-27 08:02:02"),
        ("Fri, 27 Nov 2026 08:02:02 GMT (a comment)", "2026-11-27 08:02:02"),
        ("Fri, 20 Nov 2026 08:02:02 +0000", "2026-11-20 08:02:02"),
        ("Sat, 28 Nov 2026 08:59:00 +0000", "2026-11-28 08:59:00"),
    ],
)
def test_a_header_that_can_be_true_is_believed(header, expected):
    assert date(header) == expected


@pytest.mark.parametrize(
    "header",
    [
        *("Sat, 01 Jan 2011 00:03:12 +0100", "Thu, 01 Jan 1970 00:00:00 +0000"),
        *("Fri, 27 Nov 2020 09:02:02 +0100", "Fri, 01 Jan 2100 00:00:00 +0000"),
        *("Sat, 28 Nov 2026 09:01:00 +0000", "Fri, 08 Mar 126 10:00:00 GMT"),
        *("Fri, 31 Dec 9999 23:59:59 -1200", "Fri, 27 Nov 20026 10:00:00 GMT"),
        *("Mon, 01 Jan 0001 00:00:00 +0000", "nonsense", "", "99 Foo 2026", None),
        *("Fri, 30 Feb 2026 25:61:61 +0100", "9" * 5000, "\x00\x01"),
    ],
)
def test_a_header_that_cannot_be_true_is_that_of_the_receipt(header):
    assert date(header) == str(RECEIVED)


def test_who_passed_it_on_knows_better_than_its_clock():
    assert date("Sat, 01 Jan 2011 00:03:12 +0100", "Fri, 27 Nov 2026 08:30:00 +0000") == (
        "2026-11-27 08:30:00"
    )


def test_old_mail_of_another_server_keeps_its_date():
    old = ("Fri, 5 Jun 2015 10:00:05 +0200", "Fri, 5 Jun 2015 10:00:00 +0200")
    assert date("Fri, 5 Jun 2015 09:59:00 +0200", *old) == "2015-06-05 07:59:00"
    assert date("Thu, 1 Jan 1970 00:00:00 +0000", *old) == "2015-06-05 08:00:05"
    assert date(None, *old) == "2015-06-05 08:00:05"
    received = datetime(2015, 6, 5, 8, 0)
    assert date("Fri, 5 Jun 2015 09:59:00 +0200", received=received) == "2015-06-05 07:59:00"


def test_marks_of_the_future_are_none():
    assert date("Fri, 27 Nov 2099 08:00:00 +0000", "Fri, 27 Nov 2099 08:30:00 +0000") == str(
        RECEIVED
    )


def test_what_we_sent_bears_no_marks():
    assert date("Fri, 5 Jun 2015 10:00:00 +0200", is_sent=True) == "2015-06-05 08:00:00"
    assert date("Fri, 5 Jun 2100 10:00:00 +0200", is_sent=True) == str(RECEIVED)


def test_first_and_last_marks_are_looked_at():
    hops = ["nonsense"] * 500
    old = "Fri, 5 Jun 2015 10:00:00 +0200"
    assert date(old, *hops, old) == "2015-06-05 08:00:00"
    assert date(old, *hops[:30], old, *hops[:30]) == str(RECEIVED)


@pytest.mark.parametrize(
    ("header", "hops", "is_true"),
    [
        ("Sat, 28 Nov 2026 09:00:00 +0000", [], True),
        ("Sat, 28 Nov 2026 09:00:01 +0000", [], False),
        ("Tue, 27 Oct 2026 09:00:00 +0000", [], True),
        ("Tue, 27 Oct 2026 08:59:59 +0000", [], False),
        ("Mon, 01 Jan 1990 00:00:00 +0000", ["Mon, 01 Jan 1990 00:00:09 +0000"], True),
        ("Sun, 31 Dec 1989 23:59:59 +0000", ["Sun, 31 Dec 1989 23:59:59 +0000"], False),
        ("Fri, 5 Jun 2015 10:00:00 +0000", ["Thu, 4 Jun 2015 10:00:00 +0000"], True),
        ("Fri, 5 Jun 2015 10:00:00 +0000", ["Mon, 6 Jul 2015 10:00:00 +0000"], True),
        ("Fri, 5 Jun 2015 10:00:00 +0000".ljust(230), ["Fri, 5 Jun 2015 10:00:00 +0000"], True),
    ],
)
def test_how_far_clocks_may_be_from_each_other(header, hops, is_true):
    found = datetime.fromisoformat(date(header, *hops))
    assert (found == parsedate_to_datetime(header).replace(tzinfo=None)) is is_true


@pytest.mark.parametrize(
    ("hop_", "expected"),
    [
        ("Sat, 28 Nov 2026 09:00:00 +0000", "2026-11-28 09:00:00"),
        ("Sat, 28 Nov 2026 09:00:01 +0000", str(RECEIVED)),
        ("Mon, 01 Jan 1990 00:00:00 +0000", "1990-01-01 00:00:00"),
        ("Sun, 31 Dec 1989 23:59:59 +0000", str(RECEIVED)),
    ],
)
def test_a_mark_that_can_be_true_is_believed(hop_, expected):
    assert date(None, hop_) == expected


@pytest.mark.parametrize(("above", "below", "is_seen"), [(19, 30, True), (20, 30, False)])
def test_the_first_twenty_marks_and_the_last_twenty_are_looked_at(above, below, is_seen):
    old = "Fri, 5 Jun 2015 10:00:00 +0200"
    for first, last in ((above, below), (below, above)):
        found = date(None, *["nonsense"] * first, old, *["nonsense"] * last)
        assert found == ("2015-06-05 08:00:00" if is_seen else str(RECEIVED))


@pytest.mark.parametrize(("length", "expected"), [(200, "07:02:02"), (201, "07:52:02")])
def test_200_characters_of_a_date_are_read(length, expected):
    header = "27 Nov 2026 08:02:02" + "+0100".rjust(length - 20)
    assert date(header) == f"2026-11-27 {expected}"
