"""Texts, numbers and times of anybody, as far as they go and one step further."""

from datetime import datetime

import pytest

from lead_communications.telephony import reading
from lead_communications.telephony.call_event import CallEvent
from lead_communications.telephony.payload import PayloadError

WARSAW = reading.zone_of("Europe/Warsaw")


def error_of(read, *arguments):
    """Return what is wrong with what is read, as the code and the sentence for a person."""
    with pytest.raises(PayloadError) as caught:
        read(*arguments)
    return caught.value.code, str(caught.value)


def value_of(read, text, *more):
    return read({"field": text}, "field", *more)


# ---- BODIES ----


def test_twenty_levels_are_read_and_twenty_one_refused():
    assert reading.load_json("[" * 20 + "]" * 20)
    assert error_of(reading.load_json, "[" * 21 + "]" * 21) == (
        "too_deep",
        "Nested more than 20 levels deep.",
    )


def test_what_is_side_by_side_makes_nothing_deeper_or_flatter():
    assert len(reading.load_json("[" + "[{}]," * 100 + "[]]")) == 101
    assert error_of(reading.load_json, f"[[{{}}], {'[' * 20}{']' * 20}]")[0] == "too_deep"


@pytest.mark.parametrize("text", ['"["', '"\\"["', '"{\\\\"'])
def test_depth_is_counted_again_after_a_text_with_a_bracket(text):
    assert len(reading.load_json(f"[{text}, {'[' * 19}{']' * 19}]")) == 2
    assert error_of(reading.load_json, f"[{text}, {'[' * 20}{']' * 20}]")[0] == "too_deep"


@pytest.mark.parametrize("number", ["12345678901234567890", "-1234567890123456789"])
def test_whole_number_of_twenty_characters_is_read(number):
    assert reading.load_json(number) == int(number)
    assert error_of(reading.load_json, number + "0") == (
        "number",
        "A number has too many digits.",
    )


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
def test_number_that_is_infinite_is_refused(number):
    assert error_of(reading.load_json, number) == ("number", "A number is too large.")


def test_key_twice_is_refused_unless_allowed():
    assert error_of(reading.load_json, '{"a": 1, "a": 2}')[0] == "duplicate_key"
    assert error_of(reading.load_object, '{"a": 1, "a": 2}')[0] == "duplicate_key"
    assert reading.load_object('{"a": 1, "a": 2}', allow_duplicates=True) == {"a": 2}


def test_list_is_no_object():
    assert error_of(reading.load_object, "[]") == (
        "not_an_object",
        "A JSON object was expected.",
    )


def test_mark_of_utf8_is_no_part_of_the_document():
    assert reading.load_json(b"\xef\xbb\xbf {}") == {}


def test_form_has_two_hundred_fields_at_most():
    assert len(reading.load_form(b"&".join([b"a=1"] * 200))) == 200
    assert error_of(reading.load_form, b"&".join([b"a=1"] * 201)) == (
        "too_many_fields",
        "More than 200 fields.",
    )


def test_empty_fields_of_a_form_are_passed_over():
    assert reading.load_form(b"&&a=1+2%2B&&b&\r\n") == [("a", "1 2+"), ("b", "")]
    assert reading.load_form(b"") == []


def test_what_cannot_be_read_is_row_one():
    def refuse():
        raise PayloadError("number", "No number.")

    (row,) = reading.parse_one(refuse, b"J\xf3zef").broken
    assert (row.number, row.text, row.reason, row.code) == (1, "Józef", "No number.", "number")


def test_what_is_no_news_is_no_event():
    event = CallEvent(external_id="1", direction="incoming")
    assert reading.parse_one(lambda: event, b"x").events == [event]
    assert reading.parse_one(lambda: None, b"x").events == []
    assert error_of(reading.parse_one, lambda: event, b" \r\n")[0] == "empty"


# ---- FIELDS ----


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        ("", ""),
        (0, "0"),
        (7, "7"),
        (1.5, "1.5"),
        (" a \n b ", "a b"),
        ("x" * 65, "x" * 64),
    ],
)
def test_text_is_one_line_of_64_characters(value, text):
    assert value_of(reading.text_of, value) == text


def test_text_is_as_long_as_asked_for():
    assert value_of(reading.text_of, "x" * 3000, 2000) == "x" * 2000
    assert value_of(reading.text_of, "x" * 3000, None) == "x" * 3000


@pytest.mark.parametrize("value", [True, False, [], {}])
def test_what_is_no_text_is_refused(value):
    assert error_of(value_of, reading.text_of, value) == ("field", "field is no text.")


def test_objects_and_lists_may_be_missing():
    assert reading.object_of({}, "field") == {}
    assert reading.list_of({}, "field") == []
    assert value_of(reading.object_of, None) == {}
    assert value_of(reading.list_of, None) == []
    assert value_of(reading.object_of, {"a": 1}) == {"a": 1}
    assert value_of(reading.list_of, [{"a": 1}, {}]) == [{"a": 1}, {}]


@pytest.mark.parametrize("value", [[], "", 0, False])
def test_what_is_no_object_is_refused(value):
    assert error_of(value_of, reading.object_of, value) == ("field", "field is no object.")


@pytest.mark.parametrize("value", [{}, "", [1], [{}, None]])
def test_what_is_no_list_of_objects_is_refused(value):
    reason = "field is no list of objects."
    assert error_of(value_of, reading.list_of, value) == ("field", reason)


def test_id_is_the_first_that_is_given():
    assert reading.id_of({"a": None, "b": "", "c": 0, "d": "x"}, "a", "b", "c", "d") == "0"
    assert reading.id_of({"a": "x" * 150}, "a") == "x" * 150
    assert error_of(reading.id_of, {"a": "x" * 151}, "a") == ("a", "a is not the id of a call.")
    assert error_of(reading.id_of, {"a": True}, "a") == ("a", "a is no text.")
    assert error_of(reading.id_of, {"a": ""}, "a", "b") == (
        "no_id",
        "a or b is missing: nothing names the call.",
    )


@pytest.mark.parametrize(
    ("text", "seconds"),
    [(None, 0), ("", 0), ("0", 0), (7, 7), ("59.9", 59), ("2678400", 2678400)],
)
def test_seconds_of_a_call_of_a_month_at_most(text, seconds):
    assert value_of(reading.seconds_of, text) == seconds


@pytest.mark.parametrize("text", ["-1", "1:00", "2678401", "2678400.5", "1000000000", "²"])
def test_what_is_no_number_of_seconds_is_refused(text):
    assert error_of(value_of, reading.seconds_of, text) == (
        "field",
        f"field is no number of seconds: {text}",
    )


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (None, None),
        ("", None),
        ("0", None),
        (0, None),
        (1772446500, datetime(2026, 3, 2, 10, 15)),
        ("1772446500.75", datetime(2026, 3, 2, 10, 15)),
        ("631152000", datetime(1990, 1, 1)),
    ],
)
def test_seconds_since_1970(text, moment):
    assert value_of(reading.epoch_of, text) == moment


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("1772446500000", "field is no time in seconds since 1970: 1772446500000"),
        ("12345678", "field is no time in seconds since 1970: 12345678"),
        ("631151999", "field is no date of a call: 631151999"),
        ("4133980800", "field is no date of a call: 4133980800"),
    ],
)
def test_time_before_1990_or_after_2100_is_none_of_a_call(text, reason):
    assert error_of(value_of, reading.epoch_of, text) == ("field", reason)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (None, None),
        ("2026-07-01T12:00:00+02:00", datetime(2026, 7, 1, 10)),
        ("2026-07-01 12:00:00", datetime(2026, 7, 1, 10)),
        ("2026/12/01 12:00:00.900", datetime(2026, 12, 1, 11)),
        ("1990-01-01T00:00:00Z", datetime(1990, 1, 1)),
        ("2100-12-31T23:59:59Z", datetime(2100, 12, 31, 23, 59, 59)),
    ],
)
def test_written_time_becomes_utc_in_whole_seconds(text, moment):
    assert value_of(reading.moment_of, text, WARSAW) == moment


@pytest.mark.parametrize(
    ("text", "zone", "reason"),
    [
        ("noon", WARSAW, "field is no date and time: noon"),
        ("2026-07-01T12:00:00", None, "field has no offset from UTC: 2026-07-01T12:00:00"),
        ("1989-12-31T23:59:59Z", None, "field is no date of a call: 1989-12-31T23:59:59Z"),
        ("2101-01-01T00:00:00Z", None, "field is no date of a call: 2101-01-01T00:00:00Z"),
        ("9999-12-31T23:59:59-05:00", None, "no date of a call: 9999-12-31T23:59:59-05:00"),
    ],
)
def test_what_is_no_time_of_a_call_is_refused(text, zone, reason):
    code, message = error_of(value_of, reading.moment_of, text, zone)
    assert code == "field"
    assert message.endswith(reason)


@pytest.mark.parametrize(
    ("near", "moment"),
    [
        # 2026-10-25 02:30 occurs at 00:30 UTC and again at 01:30 UTC.
        (None, datetime(2026, 10, 25, 0, 30)),
        (datetime(2026, 10, 25, 0, 59), datetime(2026, 10, 25, 0, 30)),
        (datetime(2026, 10, 25, 1, 1), datetime(2026, 10, 25, 1, 30)),
    ],
)
def test_time_that_occurs_twice_is_the_one_that_is_near_or_the_earlier(near, moment):
    assert value_of(reading.moment_of, "2026-10-25 02:30:00", WARSAW, near) == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (None, None),
        ("Wed, 08 Oct 2025 15:54:12 +0200", datetime(2025, 10, 8, 13, 54, 12)),
        ("Wed, 08 Oct 2025 13:54:12 -0000", datetime(2025, 10, 8, 13, 54, 12)),
    ],
)
def test_time_as_mail_writes_it(text, moment):
    assert value_of(reading.mail_date_of, text) == moment


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("soon", "field is no date and time: soon"),
        (
            "Sun, 31 Dec 1989 23:59:59 +0000",
            "field is no date of a call: Sun, 31 Dec 1989 23:59:59 +0000",
        ),
    ],
)
def test_mail_date_that_is_none_of_a_call_is_refused(text, reason):
    assert error_of(value_of, reading.mail_date_of, text) == ("field", reason)


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (reading.seconds_of, "x" * 50),
        (reading.epoch_of, "x" * 50),
        (reading.mail_date_of, "x" * 50),
        (lambda *field: reading.moment_of(*field, WARSAW), "x" * 50),
        # Python reads any number of digits of a second.
        (lambda *field: reading.moment_of(*field, None), "2026-07-01T12:00:00." + "1" * 30),
        (reading.epoch_of, "4133980800." + "1" * 39),
        (lambda *field: reading.moment_of(*field, None), "1989-07-01T12:00:00." + "1" * 29 + "Z"),
        (
            lambda *field: reading.moment_of(*field, None),
            "0001-01-01T00:00:00." + "1" * 20 + "+05:00",
        ),
    ],
)
def test_reason_shows_forty_characters_of_a_long_text(read, text):
    message = error_of(value_of, read, text)[1]
    assert message.partition(": ")[2] == text[:40]


@pytest.mark.parametrize(
    ("answer", "end", "seconds"),
    [
        (None, datetime(2026, 3, 1), 0),
        (datetime(2026, 3, 1), None, 0),
        (datetime(2026, 3, 1), datetime(2026, 3, 1), 0),
        (datetime(2026, 3, 1), datetime(2026, 3, 1, 0, 1), 60),
        (datetime(2026, 3, 1, 0, 1), datetime(2026, 3, 1), 0),
        (datetime(2026, 3, 1), datetime(2026, 4, 1), 2678400),
    ],
)
def test_conversation_lasts_from_answer_to_end(answer, end, seconds):
    assert reading.talk_between(answer, end) == seconds


def test_conversation_of_more_than_31_days_is_refused():
    assert error_of(reading.talk_between, datetime(2026, 3, 1), datetime(2026, 4, 1, 0, 0, 1)) == (
        "duration",
        "The call would have taken more than a month.",
    )


def test_zone():
    assert str(reading.zone_of("Europe/Warsaw")) == "Europe/Warsaw"
    assert str(reading.zone_of("")) == "UTC"
    assert error_of(reading.zone_of, "Mars/Base") == (
        "unknown_timezone",
        "Unknown time zone 'Mars/Base'.",
    )


@pytest.mark.parametrize(
    ("call_id", "moment"),
    [
        ("1795305367.0", datetime(2026, 11, 21, 23, 56, 7)),
        ("pbx-1-1795305367.99", datetime(2026, 11, 21, 23, 56, 7)),
        ("pbx-1.1", None),
        ("1795305367", None),
        ("x1795305367.0", None),
    ],
)
def test_id_of_asterisk_tells_when_the_call_began(call_id, moment):
    assert reading.id_epoch(call_id) == moment


# ---- PARTIES ----


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Jan", "Jan"),
        ("Hotel 7", "Hotel 7"),
        ("Anonymous", ""),
        ("WITHHELD", ""),
        ("+48600111222", ""),
        ("101", ""),
        ("", ""),
    ],
)
def test_name_that_stands_for_none_is_none(text, name):
    assert reading.contact_name(text) == name


@pytest.mark.parametrize(
    ("text", "is_number"),
    [
        ("123456", False),
        ("1234567", True),
        ("12 34-56", False),
        ("(12) 345.67/", True),
        ("+123456", False),
        ("+1234567", True),
        ("*1234567", False),
        ("1234567a", False),
        ("", False),
    ],
)
def test_number_of_the_network_has_seven_digits_an_extension_six_at_most(text, is_number):
    assert reading.is_number(text) is is_number


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("client:anna", "anna"),
        ("SIP:anna@company.example;transport=tls", "anna"),
        ("sips: anna ?x=1", "anna"),
        ("sip:101@company.example", "101"),
        ("sip:+48600111222@carrier.example", ""),
        ("client:", ""),
        ("tel:anna", ""),
        ("+48600111222", ""),
    ],
)
def test_account_of_an_address(address, name):
    assert reading.account(address) == name
