"""Whose a call is, without a database."""

import pytest

from lead_communications.telephony.call_event import CallEvent
from lead_communications.telephony.switchboard import Line, Switchboard, line_key

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
