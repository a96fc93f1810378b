"""The format of our own: strict, documented, and as its description says."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from provider_checks import (
    NOW,
    START,
    URL,
    assert_order_does_not_matter,
    only,
    post,
    refusal,
    survives,
    untranslated,
)

from lead_communications import telephony
from lead_communications.telephony import generic
from lead_communications.telephony.call_event import DIRECTIONS, RESULTS
from lead_communications.telephony.payload import PayloadError

SECRET = "secret"
CALL = {
    "id": "call-1",
    "direction": "incoming",
    "number": "+48600111222",
    "name": "Jan Nowak",
    "line": "+48221234567",
    "extension": "101",
    "result": "answered",
    "start": "2026-03-02T10:15:00Z",
    "answer": "2026-03-02T11:15:08+01:00",
    "end": "2026-03-02T10:15:38Z",
    "recording": "r1",
}
BARE = {"id": "call-1", "direction": "incoming", "start": "2026-03-02T10:15:00Z"}

DESCRIPTION = yaml.safe_load(
    (Path(telephony.__file__).parents[1] / "static" / "openapi.yaml").read_text(encoding="utf-8")
)
SCHEMAS = DESCRIPTION["components"]["schemas"]


def parse(*calls):
    return generic.parse(json.dumps(calls[0] if len(calls) == 1 else calls).encode())


def event(**fields):
    return only(parse(CALL | fields))


def signed(body, secret=SECRET, now=NOW):
    return post(body, {"X-Signature": generic.sign(body, secret, now)})


def test_signature():
    request = signed(b"{}")
    assert refusal(generic, request, ["other", SECRET]) is None
    assert refusal(generic, signed(b"{}", "secreu"), [SECRET]) == "signature_mismatch"
    assert refusal(generic, post(b"{ ", request.headers), [SECRET]) == "signature_mismatch"
    assert refusal(generic, signed(b"{}", now=NOW - 301), [SECRET]) == "signature_expired"
    assert refusal(generic, post(b"{}"), [SECRET]) == "signature_missing"


def test_whole_call():
    call = event()
    assert (call.external_id, call.direction, call.result) == ("call-1", "incoming", "answered")
    assert (call.number, call.contact_name) == ("+48600111222", "Jan Nowak")
    assert (call.line_number, call.extension, call.recording) == ("+48221234567", "101", "r1")
    assert (call.start, call.answer, call.talk_seconds) == (START, START.replace(second=8), 30)


def test_call_in_parts_and_in_any_order():
    parts = [
        BARE,
        BARE | {"number": "+48600111222", "extension": "102"},
        BARE | {"answer": "2026-03-02T10:15:08Z"},
        CALL,
    ]
    call = assert_order_does_not_matter([only(parse(part)) for part in parts])
    assert (call.result, call.extension, call.talk_seconds) == ("answered", "101", 30)


def test_list_and_lines():
    assert len(parse(CALL, BARE).events) == 2
    assert not parse([]).events
    lines = "\n".join([json.dumps(CALL), "", json.dumps(BARE)])
    assert len(generic.parse(lines.encode()).events) == 2


def test_broken_call_does_not_stop_the_others_and_can_be_retried():
    broken = [BARE | {"direction": "in"}, BARE | {"start": "noon"}]
    parsed = parse(CALL, *broken, 5)
    assert len(parsed.events) == 1
    assert [row.number for row in parsed.broken] == [2, 3, 4]
    again = generic.parse("\n".join(row.text for row in parsed.broken[:2]).encode())
    assert [row.reason for row in again.broken] == [row.reason for row in parsed.broken[:2]]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"id": ""}, "id is missing"),
        ({"id": "a b"}, "not the id"),
        ({"id": 5}, "quotation marks"),
        ({"direction": "inbound"}, "none of: internal, outgoing, incoming"),
        ({"result": "ok"}, "none of"),
        ({"result": "answered", "end": None}, "end is missing"),
        ({"start": None}, "start is missing"),
        ({"start": "2026-03-02T10:15:00"}, "offset"),
        ({"start": "02.03.2026"}, "no date"),
        ({"start": "0001-01-01T00:00:00Z"}, "no date of a call"),
        ({"talk_seconds": -1}, "no number of seconds"),
        ({"talk_seconds": 10**9}, "no number of seconds"),
        ({"number": "1" * 65}, "longer than 64"),
        ({"number": ["1"]}, "no text"),
        ({"number": 48600111222}, "quotation marks"),
        ({"phone_no": "1"}, "Unknown field: phone_no"),
        ({"answer": "1995-01-01T00:00:00Z"}, "more than a month"),
    ],
)
def test_clear_reasons(fields, reason):
    (row,) = parse(CALL | fields).broken
    assert reason in row.reason


@pytest.mark.parametrize(
    ("name", "longest"),
    [
        ("id", 150),
        ("direction", 20),
        ("number", 64),
        ("name", 128),
        ("line", 64),
        ("extension", 64),
        ("result", 20),
        ("start", 40),
        ("answer", 40),
        ("end", 40),
        ("talk_seconds", 10),
        ("recording", 2000),
    ],
)
def test_text_that_is_too_long_is_refused_not_cut(name, longest):
    for text in ("x" * (longest + 1), "x" * longest + " y"):
        (row,) = parse(CALL | {name: text}).broken
        assert row.reason == f"{name} is longer than {longest} characters."
    parsed = parse(CALL | {name: "x" * longest})
    assert all("longer" not in row.reason for row in parsed.broken)


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"b_field": 1, "a_field": 2}, "a_field"),
        ({"x" * 41: 1}, "x" * 40),
    ],
)
def test_unknown_field_is_named(fields, shown):
    (row,) = parse(CALL | fields).broken
    assert row.reason == f"Unknown field: {shown}"


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({}, 30),
        ({"talk_seconds": None}, 30),
        ({"talk_seconds": 12}, 12),
        ({"talk_seconds": "12"}, 12),
        ({"talk_seconds": 12.5}, 12),
        ({"answer": None}, 0),
        ({"result": "missed", "talk_seconds": 12}, 0),
    ],
)
def test_conversation(fields, seconds):
    assert event(**fields).talk_seconds == seconds


def test_call_that_goes_on_has_no_conversation_yet():
    call = event(result="", end=None, talk_seconds=12)
    assert (call.result, call.end, call.talk_seconds) == ("", None, 0)
    assert call.answer == START.replace(second=8)


def test_thousand_calls_can_be_sent_at_once():
    assert len(parse(*[BARE] * 1000).events) == 1000
    with pytest.raises(PayloadError, match="More than 1000 calls at once"):
        parse(*[BARE] * 1001)


@pytest.mark.parametrize("body", [b'{"id": "1"} x', b'{"id": "1"}\n[]', b"x\n{}", b'{"id": "1"'])
def test_lines_that_are_no_objects_are_no_calls(body):
    with pytest.raises(PayloadError) as caught:
        generic.parse(body)
    assert caught.value.code == "not_json"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b"{", "not_json"),
        (b"[" * 100_000, "too_deep"),
        (b'{"a":' * 100_000, "too_deep"),
        (b'{"id": NaN}', "not_json"),
        (b'{"id": Infinity}', "not_json"),
        (b'{"id": 1e999}', "number"),
        (b'{"id": ' + b"1" * 5000 + b"}", "number"),
        (b'{"id": "a", "id": "b"}', "duplicate_key"),
        (b"[" + b"{}," * 1000 + b"{}]", "too_many_calls"),
    ],
)
def test_hostile_bodies_are_refused(body, code):
    with pytest.raises(PayloadError) as caught:
        generic.parse(body)
    assert caught.value.code == code


def test_brackets_in_texts_are_no_depth():
    assert event(number='["' + "[" * 50).number == '["' + "[" * 50


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(CALL)), values))
def test_nothing_else_escapes_from_fields(fields):
    survives(generic, json.dumps(CALL | fields).encode())


@given(st.binary() | values.map(lambda value: json.dumps(value).encode()))
def test_nothing_else_escapes(raw):
    survives(generic, raw)


# ---- DESCRIPTION ----


def test_description_is_valid():
    OpenAPIV31SpecValidator(DESCRIPTION).validate()


def test_description_has_the_fields_and_choices():
    call = SCHEMAS["Call"]
    assert list(call["properties"]) == list(generic.FIELDS)
    assert call["required"] == ["id", "direction", "start"]
    assert call["additionalProperties"] is False
    assert set(call["properties"]["direction"]["enum"]) == set(DIRECTIONS)
    assert set(call["properties"]["result"]["enum"]) == {*RESULTS, None}
    for name, length in generic.FIELDS.items():
        assert call["properties"][name].get("maxLength", length) == length


def test_examples_of_the_description_are_read():
    content = next(iter(DESCRIPTION["paths"].values()))["post"]["requestBody"]["content"]
    examples = content["application/json"]["examples"]
    assert examples
    for example in examples.values():
        parsed = generic.parse(json.dumps(example["value"]).encode())
        assert parsed.events and not parsed.broken
        Draft202012Validator(SCHEMAS["Call"]).validate(
            example["value"][0] if isinstance(example["value"], list) else example["value"]
        )


texts = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=8)
times = st.datetimes().map(lambda moment: moment.isoformat() + "Z") | texts


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "id": texts,
            "direction": st.sampled_from([*DIRECTIONS, "in"]),
            "number": texts | st.integers(-9, 9),
            "result": st.sampled_from(RESULTS),
            "start": times,
            "end": times,
            "talk_seconds": st.integers(-1, 10),
            "other": texts,
        },
    )
)
def test_what_is_accepted_is_what_the_description_allows(call):
    if parse(call).events:
        validator = Draft202012Validator(SCHEMAS["Call"], format_checker=FormatChecker())
        validator.validate(call)


def test_example_of_the_steps_is_read():
    steps = generic.setup_steps(URL, untranslated)
    body = steps.partition("body='")[2].partition("'")[0]
    assert only(generic.parse(body.encode())).talk_seconds == 142
    assert f"https://odoo.example.com{generic.DESCRIPTION}" in steps
    assert f"'{URL}'" in steps
