"""Vonage: tokens of an independent library, and the events of a call."""

import hashlib
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    NOW,
    START,
    assert_order_does_not_matter,
    only,
    post,
    refusal,
    survives,
)

from lead_communications.telephony import vonage

SECRET = "a signature secret that is long enough for all algorithms that are tried"
BODY = b'{"status": "ringing", "uuid": "u1", "conversation_uuid": "CON-1"}'


def token(raw=BODY, secret=SECRET, algorithm="HS256", headers=None, **claims):
    payload = {
        "iat": NOW,
        "jti": "1",
        "iss": "Vonage",
        "api_key": "abcd",
        "payload_hash": hashlib.sha256(raw).hexdigest(),
    }
    payload = {key: value for key, value in (payload | claims).items() if value is not None}
    return jwt.encode(payload, secret, algorithm=algorithm, headers=headers)


def bearer(text, raw=BODY):
    return post(raw, {"Authorization": f"Bearer {text}"})


def test_token_of_an_independent_library_is_accepted():
    assert refusal(vonage, bearer(token()), ["other", SECRET]) is None


def test_one_changed_byte_is_refused():
    assert refusal(vonage, bearer(token(), BODY + b" "), [SECRET]) == "signature_mismatch"
    text = token()
    for position in (5, text.index(".") + 5, len(text) - 5):
        changed = text[:position] + ("A" if text[position] != "A" else "B") + text[position + 1 :]
        assert refusal(vonage, bearer(changed), [SECRET]) == "signature_mismatch"
    assert refusal(vonage, bearer(text), [SECRET + "x"]) == "signature_mismatch"
    assert refusal(vonage, bearer(text), []) == "signature_mismatch"


def test_algorithm_cannot_be_chosen_by_the_sender():
    for algorithm in ("HS384", "HS512"):
        assert refusal(vonage, bearer(token(algorithm=algorithm)), [SECRET])
    unsigned = token(secret="", algorithm="none")
    assert refusal(vonage, bearer(unsigned), [SECRET]) == "signature_malformed"
    header, claims, _signature = token(secret="", algorithm="none").split(".")
    assert refusal(vonage, bearer(f"{header}.{claims}.x"), [SECRET]) == "signature_mismatch"
    # Signed with the right secret, but not as what we read it.
    lying = vonage._sign(f"{header}.{claims}", SECRET)
    assert refusal(vonage, bearer(f"{header}.{claims}.{lying}"), [SECRET]) == "signature_malformed"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"payload_hash": None}, "signature_mismatch"),
        ({"payload_hash": hashlib.sha256(b"").hexdigest()}, "signature_mismatch"),
        ({"iat": None}, "signature_malformed"),
        ({"iat": True}, "signature_malformed"),
        ({"iat": str(NOW)}, "signature_malformed"),
        ({"iat": NOW - 301}, "signature_expired"),
        ({"iat": NOW + 301}, "signature_expired"),
        ({"iat": NOW - 300}, None),
        ({"iat": NOW + 0.5}, None),
    ],
)
def test_claims(claims, code):
    assert refusal(vonage, bearer(token(**claims)), [SECRET]) == code


def test_unsigned_reports_are_refused():
    assert refusal(vonage, post(BODY), [SECRET]) == "signature_missing"
    for text in ("Basic abc", "Bearer", "Bearer a.b", "Bearer ...", "Bearer a.b.c.d"):
        request = post(BODY, {"Authorization": text})
        assert refusal(vonage, request, [SECRET]) == "signature_malformed"


# ---- CALLS ----


def event(status, second=0, direction="inbound", **more):
    fields = {
        "status": status,
        "uuid": "u1",
        "conversation_uuid": "CON-1",
        "from": "48600111222",
        "to": "48221234567",
        "direction": direction,
        "timestamp": f"2026-03-02T10:15:{second:02}.123Z",
    }
    return only(vonage.parse(json.dumps(fields | more).encode()))


def test_answered_call_in_any_order():
    ended = {
        "start_time": "2026-03-02T10:15:05.000Z",
        "end_time": "2026-03-02T10:15:35.000Z",
        "duration": "30",
    }
    call = assert_order_does_not_matter(
        [
            event("started"),
            event("ringing", 1, "outbound", uuid="u2", to="anna"),
            event("answered", 5, "outbound", uuid="u2", to="anna"),
            event("completed", 35, "outbound", uuid="u2", to="anna", **ended),
            event("completed", 35, **ended),
        ]
    )
    assert (call.external_id, call.direction, call.result) == ("CON-1", "incoming", "answered")
    assert (call.number, call.line_number) == ("+48600111222", "+48221234567")
    assert (call.extension, call.talk_seconds, call.start) == ("anna", 30, START)
    assert (call.answer, call.end) == (START.replace(second=5), START.replace(second=35))


def test_reported_times_are_better_than_those_of_the_reports():
    call = event(
        "completed",
        40,
        start_time="2026-03-02T10:15:01Z",
        end_time="2026-03-02T10:15:35Z",
        duration="30",
    )
    assert (call.start, call.answer, call.end) == tuple(
        START.replace(second=second) for second in (1, 5, 35)
    )
    assert event("ringing", 3, start_time="2026-03-02T10:15:01Z").start == START.replace(second=1)


def test_times_that_are_not_reported_are_those_of_the_reports():
    call = event("completed", 35, duration="30")
    assert (call.start, call.answer, call.end) == tuple(
        START.replace(second=second) for second in (5, 5, 35)
    )
    assert event("answered", 5, "outbound").answer == START.replace(second=5)


def test_call_that_goes_on_has_no_end():
    for status in ("ringing", "answered"):
        assert event(status).end is None


def test_call_that_nobody_answered_has_an_end_but_no_conversation():
    call = event("unanswered", 20, start_time="2026-03-02T10:15:00Z")
    assert (call.start, call.end) == (START, START.replace(second=20))
    assert (call.answer, call.talk_seconds) == (None, 0)
    assert event("ringing").answer is None


@pytest.mark.parametrize(
    ("status", "incoming", "outgoing"),
    [
        ("ringing", "", ""),
        ("completed", "missed", "no_answer"),
        ("busy", "busy", "busy"),
        ("cancelled", "missed", "canceled"),
        ("unanswered", "missed", "no_answer"),
        ("timeout", "missed", "no_answer"),
        ("rejected", "rejected", "rejected"),
        ("failed", "failed", "failed"),
    ],
)
def test_results(status, incoming, outgoing):
    assert event(status, duration="0").result == incoming
    assert event(status, direction="outbound", to="48600111222").result == outgoing


def test_recording_is_added_without_changing_the_call():
    recorded = only(
        vonage.parse(
            b'{"recording_url": "https://api.example/1", "conversation_uuid": "CON-1",'
            b' "start_time": "2026-03-02T10:15:06Z", "timestamp": "2026-03-02T10:16:00Z"}'
        )
    )
    call = assert_order_does_not_matter([event("answered"), event("unanswered", 9), recorded])
    assert (call.direction, call.recording) == ("incoming", "https://api.example/1")


# ---- WHAT A GREETING ANSWERS ----

GREETED = [
    event("answered", 1),
    event("ringing", 2, "outbound", uuid="u2", to="anna"),
    event("timeout", 22, "outbound", uuid="u2", to="anna"),
    event("completed", 40, duration="39"),
]
MESSAGE = only(
    vonage.parse(
        b'{"recording_url": "https://api.example/1", "conversation_uuid": "CON-1",'
        b' "start_time": "2026-03-02T10:15:25Z", "timestamp": "2026-03-02T10:15:40Z"}'
    )
)


def test_greeting_is_no_answer_when_the_agent_did_not():
    call = assert_order_does_not_matter(GREETED)
    assert (call.result, call.answer, call.talk_seconds) == ("missed", None, 0)
    assert (call.end, call.extension) == (START.replace(second=40), "anna")


def test_message_to_the_greeting_is_voicemail():
    call = assert_order_does_not_matter([*GREETED, MESSAGE])
    assert (call.result, call.recording) == ("voicemail", "https://api.example/1")
    assert call.talk_seconds == 0


def test_recorded_conversation_is_none():
    spoken = event("completed", 35, "outbound", uuid="u3", to="ben", duration="10")
    call = assert_order_does_not_matter([*GREETED, MESSAGE, spoken], limit=720)
    assert (call.result, call.extension, call.talk_seconds) == ("answered", "ben", 10)


def test_greeting_does_not_stop_the_ringing():
    assert event("answered", 1).answer is None


def test_outgoing_call_is_answered_by_whom_it_is_for():
    softphone = event("completed", 40, duration="40", **{"from": "anna", "to": "48501000100"})
    rang = event("unanswered", 40, "outbound", uuid="u2", to="48501000100")
    spoken = event("completed", 40, "outbound", uuid="u2", to="48501000100", duration="25")
    call = assert_order_does_not_matter([softphone, rang])
    assert (call.direction, call.result, call.talk_seconds) == ("outgoing", "no_answer", 0)
    call = assert_order_does_not_matter([softphone, spoken])
    assert (call.result, call.extension, call.talk_seconds) == ("answered", "anna", 25)


def clicked(status, second, to="anna", **more):
    """A leg of click-to-dial: both go out from the own number."""
    return event(status, second, "outbound", **{"from": "48221234567", "to": to}, **more)


@pytest.mark.parametrize(
    ("status", "length", "result", "talk"),
    [
        ("completed", "20", "answered", 20),
        ("unanswered", "0", "no_answer", 0),
        ("busy", "0", "busy", 0),
        ("cancelled", "0", "canceled", 0),
        ("failed", "0", "failed", 0),
    ],
)
def test_click_to_dial_is_one_outgoing_call(status, length, result, talk):
    call = assert_order_does_not_matter(
        [
            clicked("started", 0),
            clicked("answered", 3),
            clicked("ringing", 4, "48600111222", uuid="u2"),
            *([clicked("answered", 10, "48600111222", uuid="u2")] if talk else []),
            clicked(status, 30, "48600111222", uuid="u2", duration=length),
            clicked("completed", 31, duration="28"),
        ],
        limit=720,
    )
    assert (call.external_id, call.direction, call.result) == ("CON-1", "outgoing", result)
    assert (call.number, call.line_number, call.extension) == ("+48600111222", "", "anna")
    assert (call.talk_seconds, bool(call.answer)) == (talk, bool(talk))
    assert [who.extension for who in call.speakers] == (["anna"] if talk else [])


def test_parties():
    outgoing = event("ringing", direction="inbound", to="48501000100", **{"from": "anna"})
    assert (outgoing.direction, outgoing.number, outgoing.extension) == (
        "outgoing",
        "+48501000100",
        "anna",
    )
    assert event("ringing", **{"from": "anonymous"}).number == "anonymous"
    assert event("ringing", direction="outbound", to="sip:ben@x.example").extension == "ben"
    assert event("ringing", direction="outbound", to="Ben").extension == "Ben"


def test_who_called_is_known_also_if_nobody_answered_but_not_whose_telephone_rang():
    made = event("unanswered", direction="outbound", **{"from": "anna", "to": "48501000100"})
    assert (made.direction, made.extension) == ("outgoing", "anna")
    rang = event("unanswered", direction="outbound", to="ben")
    assert (rang.direction, rang.extension) == ("internal", "")


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("48600111222", "+48600111222"),
        ("123456789012345", "+123456789012345"),
        ("1234567890123456", "1234567890123456"),
        ("1234567", "+1234567"),
        ("123456", "123456"),
        ("0600111222", "0600111222"),
    ],
)
def test_international_number_gets_its_plus(written, number):
    assert event("ringing", **{"from": written}).number == number


def test_other_events_are_no_news_of_a_call():
    parsed = vonage.parse(b'{"status": "input", "dtmf": "1"}')
    assert not parsed.events and not parsed.broken


@pytest.mark.parametrize(
    "fields",
    [
        {"uuid": "", "conversation_uuid": None},
        {"timestamp": "now"},
        {"duration": "-5"},
        {"start_time": "2026-03-02T10:15:00+99:99"},
    ],
)
def test_event_that_cannot_be_read_is_kept_with_a_reason(fields):
    fields = {"status": "completed", "uuid": "u1"} | fields
    (row,) = vonage.parse(json.dumps(fields).encode()).broken
    assert row.reason


@given(st.binary())
def test_nothing_else_escapes(raw):
    survives(vonage, raw)
    refusal(vonage, bearer("a.b.c", raw), [SECRET])


@given(st.text())
def test_nothing_else_escapes_from_headers(text):
    refusal(vonage, bearer(text), [SECRET])


@given(
    st.dictionaries(
        st.sampled_from(
            ["status", "uuid", "from", "to", "direction", "timestamp", "duration", "end_time"]
        ),
        st.none() | st.text() | st.integers() | st.floats() | st.just("completed"),
    )
)
def test_nothing_else_escapes_from_fields(fields):
    survives(vonage, json.dumps({"status": "completed", "uuid": "u1"} | fields).encode())
