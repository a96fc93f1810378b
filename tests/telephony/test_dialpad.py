"""Dialpad: tokens of an independent library, and call events."""

import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import assert_order_does_not_matter, only, post, refusal, survives

from lead_communications.telephony import dialpad, json_web_token

SECRET = "a secret of this telephone system that is long enough for all algorithms"
STARTED = 1787158716092  # 2026-08-19 17:38:36 UTC
USER = {
    "id": 5171365938069504,
    "type": "user",
    "email": "Anna@Company.example",
    "phone": "+12088208280",
    "name": "Anna",
}
CENTER = {"id": 1, "type": "callcenter", "phone": "+12085550100", "name": "Sales", "email": ""}
#: An outgoing call as Dialpad sends it.
CALL = {
    "date_started": STARTED,
    "call_id": 5635304278851584,
    "state": "hangup",
    "direction": "outbound",
    "external_number": "+17024993350",
    "internal_number": "+12088208280",
    "date_rang": None,
    "date_first_rang": STARTED + 59,
    "date_queued": None,
    "date_connected": None,
    "date_ended": STARTED + 20_000,
    "talk_time": 0,
    "hold_time": 0,
    "duration": 0,
    "total_duration": 463.294,
    "contact": {"id": 6051533200162816, "type": "local", "phone": "+17024993350", "name": "Jan K"},
    "target": USER,
    "entry_point_call_id": None,
    "entry_point_target": {},
    "operator_call_id": None,
    "proxy_target": {},
    "master_call_id": None,
    "is_internal": False,
    "is_transferred": False,
    "event_timestamp": STARTED + 20_500,
    "voicemail_link": None,
}
TALK = {"date_connected": STARTED + 5_000, "talk_time": 15_250.7}
INBOUND = {"direction": "inbound"}


def token(call, secret=SECRET, algorithm="HS256"):
    return jwt.encode(call, secret, algorithm=algorithm).encode()


def event(**changed):
    return only(dialpad.parse(token(CALL | changed)))


def going(state, **changed):
    return event(state=state, **{"date_ended": None} | changed)


# ---- TOKEN ----


def test_token_of_an_independent_library_is_accepted():
    assert refusal(dialpad, post(token(CALL)), ["other", SECRET]) is None
    assert refusal(dialpad, post(token(CALL) + b"\n"), [SECRET]) is None


def test_anything_else_is_refused():
    good = token(CALL)
    assert refusal(dialpad, post(good), [SECRET + "x"]) == "signature_mismatch"
    assert refusal(dialpad, post(good), []) == "signature_mismatch"
    for place in (5, good.index(b".") + 5, len(good) - 5):
        changed = good[:place] + (b"A" if good[place : place + 1] != b"A" else b"B")
        assert refusal(dialpad, post(changed + good[place + 1 :]), [SECRET]) == "signature_mismatch"
    for algorithm in ("HS384", "HS512"):
        assert refusal(dialpad, post(token(CALL, algorithm=algorithm)), [SECRET])
    unsigned = jwt.encode(CALL, "", algorithm="none").encode()
    assert refusal(dialpad, post(unsigned), [SECRET]) == "signature_malformed"
    assert refusal(dialpad, post(json.dumps(CALL).encode()), [SECRET]) == "signature_malformed"


def test_signed_token_of_another_algorithm_is_refused():
    header = jwt.utils.base64url_encode(b'{"alg": "HS512"}')
    signed = header + b"." + jwt.utils.base64url_encode(b"{}")
    forged = signed + b"." + json_web_token._sign(signed, SECRET, "HS256").encode()
    assert refusal(dialpad, post(forged), [SECRET]) == "signature_malformed"


# ---- CALLS ----


@pytest.mark.parametrize(
    ("changed", "direction", "result", "talk"),
    [
        ({}, "outgoing", "canceled", 0),
        (TALK, "outgoing", "answered", 15),
        (TALK | {"talk_time": None}, "outgoing", "answered", 15),
        (INBOUND | TALK, "incoming", "answered", 15),
        (INBOUND, "incoming", "missed", 0),
        (INBOUND | {"state": "missed"}, "incoming", "missed", 0),
        (INBOUND | {"state": "voicemail"}, "incoming", "voicemail", 0),
        (INBOUND | {"state": "voicemail_uploaded"}, "incoming", "voicemail", 0),
        (INBOUND | TALK | {"voicemail_link": "https://x"}, "incoming", "voicemail", 0),
        (INBOUND | {"state": "blocked"}, "incoming", "rejected", 0),
        # A queue that plays music, and one whose operator took the call.
        (INBOUND | TALK | {"target": CENTER}, "incoming", "missed", 0),
        (INBOUND | TALK | {"target": CENTER, "operator_call_id": 7}, "incoming", "answered", 0),
        (INBOUND | TALK | {"contact": {"type": "user"}}, "internal", "answered", 15),
        (TALK | {"is_internal": True}, "internal", "answered", 15),
    ],
)
def test_ends(changed, direction, result, talk):
    call = event(**changed)
    assert (call.direction, call.result, call.talk_seconds) == (direction, result, talk)
    assert call.end is not None
    assert call.number == ("" if direction == "internal" else "+17024993350")
    of_group = changed.get("target") is CENTER
    assert call.extension == ("" if of_group else "anna@company.example")
    if result != "answered":
        assert call.answer is None


def test_times_are_milliseconds():
    call = event(**TALK)
    assert (call.start - call.answer).total_seconds() == -5
    assert (call.end - call.start).total_seconds() == 20
    assert str(call.start.date()) == "2026-08-19"


def test_call_of_a_queue_in_any_order():
    """The queue's call and the operator's are one, named by the one it began with."""
    queue = INBOUND | {"target": CENTER, "call_id": 1}
    operator = INBOUND | {"call_id": 2, "entry_point_call_id": 1, "entry_point_target": CENTER}
    other = operator | {"call_id": 3, "target": USER | {"email": "ben@company.example"}}
    call = assert_order_does_not_matter(
        [
            going("calling", **queue),
            going("ringing", **other),
            going("ringing", **operator),
            event(state="missed", **other),
            going("connected", **operator, **TALK),
            event(**operator, **TALK),
            event(**queue, **TALK, operator_call_id=2),
        ],
        limit=300,
    )
    assert (call.external_id, call.result, call.extension) == (
        "1",
        "answered",
        "anna@company.example",
    )
    assert (call.talk_seconds, call.line_number) == (15, "+12085550100")


def test_own_number_is_the_one_that_was_called():
    assert event(**INBOUND).line_number == "+12088208280"
    assert event(**INBOUND, entry_point_target=CENTER).line_number == "+12085550100"
    assert event().line_number == ""


def test_agent_without_an_address_is_an_id():
    assert event(target=USER | {"email": None}).extension == "5171365938069504"


def test_plain_json_of_a_kept_failure_is_read():
    assert only(dialpad.parse(json.dumps(CALL).encode())).result == "canceled"


def test_other_states_are_no_news_of_a_call():
    for state in ("recap_summary", "call_transcription", "eavesdrop", "admin"):
        parsed = dialpad.parse(token(CALL | {"state": state}))
        assert not parsed.events and not parsed.broken


@pytest.mark.parametrize(
    "changed",
    [
        {"call_id": None},
        {"direction": "x"},
        {"date_started": "noon"},
        {"date_started": 12},
        {"state": None},
        {"target": "Anna"},
    ],
)
def test_call_that_cannot_be_read_is_kept_whole(changed):
    raw = token(CALL | changed)
    (row,) = dialpad.parse(raw).broken
    assert row.reason and row.text.encode() == raw


scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(CALL)), values))
def test_nothing_else_escapes(changed):
    survives(dialpad, json.dumps(CALL | changed).encode())


@given(st.binary())
def test_nothing_else_escapes_from_bytes(raw):
    survives(dialpad, raw)
    refusal(dialpad, post(raw), [SECRET])
