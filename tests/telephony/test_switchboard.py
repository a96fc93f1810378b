"""Whose a call is, without a database."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from lead_communications.telephony.call_event import CallEvent
from lead_communications.telephony.switchboard import Line, Period, Switchboard, line_key

BOARD = Switchboard(
    country_code="PL",
    company_id=1,
    team_id=2,
    users={"101": 11, "102": None},
    lines={
        "+48227001900": Line(id=5, company_id=3, team_id=4),
        "+48227001901": Line(id=6, company_id=1, user_id=12),
        "reception": Line(id=7, company_id=1),
    },
)


@pytest.mark.parametrize(
    ("line", "extension", "result", "expected"),
    [
        ("", "", "missed", (None, None, 2, 1)),
        ("", "101", "missed", (None, 11, 2, 1)),
        ("", "102", "answered", (None, None, 2, 1)),
        ("22 700 19 00", "101", "missed", (5, None, 4, 3)),
        ("22 700 19 00", "101", "answered", (5, 11, 4, 3)),
        ("0048227001901", "101", "missed", (6, 12, 2, 1)),
        ("0048227001901", "", "answered", (6, 12, 2, 1)),
        (" reception ", "101", "missed", (7, 11, 2, 1)),
        ("22 700 19 99", "", "missed", (None, None, 2, 1)),
    ],
)
def test_assignment(line, extension, result, expected):
    event = CallEvent(
        external_id="1",
        direction="incoming",
        line_number=line,
        extension=extension,
        result=result,
    )
    found = BOARD.assignment(event)
    assert list(found) == ["line_id", "user_id", "team_id", "company_id"]
    assert tuple(found.values()) == expected


@pytest.mark.parametrize(
    ("direction", "result", "user_id"),
    [
        ("incoming", "missed", 12),
        ("incoming", "answered", 11),
        # Who called is responsible, whether or not he reached anybody.
        ("outgoing", "no_answer", 11),
        ("internal", "missed", 11),
    ],
)
def test_only_a_missed_call_belongs_to_the_line_instead_of_the_telephone(
    direction, result, user_id
):
    event = CallEvent(
        external_id="1",
        direction=direction,
        line_number="+48227001901",
        extension="101",
        result=result,
    )
    assert BOARD.assignment(event)["user_id"] == user_id


def test_system_of_which_nothing_is_set_knows_international_numbers_and_copies_no_recordings():
    board = Switchboard(country_code="", company_id=1)
    assert board.phone("22 700 19 00") is None
    assert board.phone("+48 22 700 19 00") == "+48227001900"
    assert board.fetches_recordings is False


def test_numbers():
    assert BOARD.phone("22 700 19 00") == "+48227001900"
    assert BOARD.phone("anonymous") is None
    assert line_key("", "PL") == ""


DATED = replace(
    BOARD,
    tz="Europe/Warsaw",
    user_periods={
        "101": (Period(21, None, date(2026, 3, 9)), Period(22, date(2026, 3, 10), None)),
        "103": (Period(23, date(2026, 1, 1), date(2026, 1, 31)),),
    },
    line_periods={"+48227001900": (Period(Line(id=8, company_id=1), date(2026, 3, 10)),)},
)


@pytest.mark.parametrize(
    ("extension", "start", "user_id"),
    [
        ("101", datetime(2026, 3, 9, 22, 59), 21),
        ("101", datetime(2026, 3, 9, 23, 0), 22),  # the tenth in Warsaw
        ("103", datetime(2026, 1, 31, 12), 23),
        ("103", datetime(2026, 2, 1, 12), None),
        ("102", datetime(2026, 3, 9), None),
    ],
)
def test_telephone_is_whose_it_was_on_the_day(extension, start, user_id):
    event = CallEvent(external_id="1", direction="outgoing", extension=extension, start=start)
    assert DATED.assignment(event)["user_id"] == user_id
    assert DATED.user_of(extension, event) == user_id


@pytest.mark.parametrize(("day", "line_id"), [(9, 5), (10, 8)])
def test_number_is_what_it_was_on_the_day(day, line_id):
    event = CallEvent(
        external_id="1",
        direction="incoming",
        line_number="227001900",
        start=datetime(2026, 3, day, 12),
    )
    assert DATED.assignment(event)["line_id"] == line_id


def test_telephones_of_all_days_are_ours():
    assert DATED.site.extensions == {"101", "102", "103"}
    assert DATED.site.numbers == set(BOARD.lines)
