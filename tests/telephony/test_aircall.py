"""Aircall: the token in the body, and calls with and without an agent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import assert_order_does_not_matter, only, post, refusal, survives

from lead_communications.telephony import aircall

TOKEN = "45xvq1"
MISSED = {
    "id": 780836754,
    "direction": "inbound",
    "status": "done",
    "missed_call_reason": "agents_did_not_answer",
    "started_at": 1646389739,
    "answered_at": None,
    "ended_at": 1646389756,
    "duration": 17,
    "raw_digits": "+44 330 818 6690",
    "number": {"digits": "+43 720 880079"},
}


#: Why a call was missed, and what is done with a call afterwards, from the documentation.
REASONS = (
    "out_of_opening_hours",
    "short_abandoned",
    "abandoned_in_ivr",
    "abandoned_in_classic",
    "no_available_agent",
    "agents_did_not_answer",
)
AFTERWARDS = ("commented", "tagged", "untagged", "assigned", "archived", "unarchived")


def body(data, event="call.ended", token=TOKEN, resource="call"):
    return json.dumps(
        {"resource": resource, "event": event, "timestamp": 1, "token": token, "data": data}
    ).encode()


def event(data, **more):
    return only(aircall.parse(body({**MISSED, **data}, **more)))


def test_token_is_compared():
    assert refusal(aircall, post(body(MISSED)), ["other", TOKEN]) is None
    assert refusal(aircall, post(body(MISSED, token="45xvq2")), [TOKEN]) == "signature_mismatch"
    for token in ("", None, 5, [TOKEN], {}):
        assert refusal(aircall, post(body(MISSED, token=token)), [TOKEN]) == "signature_missing"
    assert refusal(aircall, post(b"no json"), [TOKEN]) == "not_json"
    twice = body(MISSED).replace(b'"token"', b'"token": "x", "token"', 1)
    assert refusal(aircall, post(twice), [TOKEN]) == "duplicate_key"
    bomb = b'{"token": "45xvq1", "data": ' + b"[" * 100000
    assert refusal(aircall, post(bomb), [TOKEN]) == "too_deep"


def test_missed_call_without_an_agent():
    call = event({})
    assert (call.external_id, call.direction, call.result) == ("780836754", "incoming", "missed")
    assert (call.number, call.line_number) == ("+44 330 818 6690", "+43 720 880079")
    assert (call.extension, call.talk_seconds, call.answer) == ("", 0, None)
    assert (str(call.start), str(call.end)) == ("2022-03-04 10:28:59", "2022-03-04 10:29:16")


def test_answered_call_in_any_order():
    anna = {"user": {"id": 5, "name": "Anna", "email": "Anna@Company.example"}}
    going = {"status": "initial", "ended_at": None, "missed_call_reason": None}
    answered = {"answered_at": 1646389745, "missed_call_reason": None, **anna}
    call = assert_order_does_not_matter(
        [
            event(going, event="call.created"),
            event(going | {"user": {"id": 6}}, event="call.ringing_on_agent"),
            event(going | answered | {"status": "answered"}, event="call.answered"),
            event(answered, event="call.hungup"),
            event(answered | {"recording": "https://x.example/1.mp3"}),
        ]
    )
    assert (call.result, call.extension, call.talk_seconds) == (
        "answered",
        "anna@company.example",
        11,
    )
    assert call.recording == "https://x.example/1.mp3"


def test_call_that_is_not_done_has_no_end():
    assert event({"status": "answered", "answered_at": 1646389745}).end is None


def test_own_number_is_told_of_incoming_calls_only():
    assert event({"direction": "outbound"}).line_number == ""


@pytest.mark.parametrize(
    ("data", "result"),
    [
        ({"status": "initial"}, ""),
        ({"direction": "outbound"}, "no_answer"),
        ({"direction": "outbound", "answered_at": 1646389750}, "answered"),
        ({"voicemail": "https://x.example/v.mp3"}, "voicemail"),
        ({"missed_call_reason": "abandoned_in_ivr"}, "missed"),
    ],
)
def test_results(data, result):
    assert event(data).result == result


ANNA, BEN = ({"id": id_, "email": f"{name}@x.pl"} for id_, name in ((5, "anna"), (6, "ben")))
GOING = {"status": "initial", "ended_at": None, "missed_call_reason": None}
TALKS = GOING | {"status": "answered", "answered_at": 1646389745, "user": ANNA}
SPOKEN = {"answered_at": 1646389745, "missed_call_reason": None, "user": ANNA}
MESSAGE = {"voicemail": "https://x.example/v.mp3"}


@pytest.mark.parametrize(
    ("name", "data", "result", "agent", "talk"),
    [
        ("created", GOING, "", "", 0),
        ("ringing_on_agent", GOING | {"user": ANNA}, "", "anna@x.pl", 0),
        ("answered", TALKS, "", "anna@x.pl", 0),
        (
            "transferred",
            TALKS | {"transferred_by": ANNA, "transferred_to": BEN},
            "",
            "anna@x.pl",
            0,
        ),
        ("hungup", SPOKEN, "answered", "anna@x.pl", 11),
        ("ended", SPOKEN, "answered", "anna@x.pl", 11),
        # After the end the last one to speak is the user.
        ("ended", SPOKEN | {"user": BEN, "transferred_by": ANNA}, "answered", "ben@x.pl", 11),
        ("ended", MISSED | MESSAGE, "voicemail", "", 0),
        ("voicemail_left", MISSED | MESSAGE, "voicemail", "", 0),
        *(("ended", {"missed_call_reason": why}, "missed", "", 0) for why in REASONS),
        # What people do with the call afterwards repeats what it was.
        *((name, SPOKEN, "answered", "anna@x.pl", 11) for name in AFTERWARDS),
    ],
)
def test_events_of_the_documentation(name, data, result, agent, talk):
    call = event(data, event=f"call.{name}")
    assert (call.external_id, call.direction, call.number) == (
        "780836754",
        "incoming",
        "+44 330 818 6690",
    )
    assert (call.result, call.extension, call.talk_seconds) == (result, agent, talk)
    assert bool(call.end) == bool(result)


def test_transferred_call_is_of_who_spoke_last():
    call = assert_order_does_not_matter(
        [
            event(TALKS, event="call.answered"),
            event(TALKS | {"transferred_to": BEN}, event="call.transferred"),
            event(SPOKEN | {"user": BEN}),
        ]
    )
    assert (call.extension, call.talk_seconds) == ("ben@x.pl", 11)


def test_contact():
    assert event({"contact": {"first_name": "Jan", "last_name": "K"}}).contact_name == "Jan K"
    assert event({"contact": {"company_name": "ACME"}}).contact_name == "ACME"


def test_other_resources_are_no_news_of_a_call():
    parsed = aircall.parse(body({"id": 1}, resource="number", event="number.created"))
    assert not parsed.events and not parsed.broken


@pytest.mark.parametrize(
    "data",
    [
        {"id": None},
        {"id": True},
        {"direction": "sideways"},
        {"started_at": "yesterday"},
        {"started_at": 1e300},
        {"user": "Anna"},
        {"raw_digits": ["1"]},
        {"answered_at": 946684800},
    ],
)
def test_call_that_cannot_be_read_is_kept_whole(data):
    raw = body(MISSED | data)
    (row,) = aircall.parse(raw).broken
    assert row.reason
    assert row.text.encode() == raw


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*MISSED, "user", "contact", "voicemail"]), values))
def test_nothing_else_escapes(data):
    survives(aircall, body(MISSED | data))


@given(st.binary())
def test_nothing_else_escapes_from_bytes(raw):
    survives(aircall, raw)
    refusal(aircall, post(raw), [TOKEN])
