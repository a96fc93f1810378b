"""Zoom Phone: signatures, its check of the address, and the events of its documentation."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    NOW,
    assert_order_does_not_matter,
    only,
    post,
    refusal,
    survives,
)

from lead_communications.telephony import zoom_phone
from lead_communications.telephony.payload import SignatureError

SECRET = "a secret token of Zoom"
CALL = {
    "call_id": "6998252113337041462",
    "caller": {"phone_number": "+12092592844", "connection_type": "voip"},
    "callee": {
        "extension_id": "52OdSKGSSS-EOyJwQncFvA",
        "extension_type": "user",
        "extension_number": 1002,
        "phone_number": "+12058945456",
        "user_id": "DnEopNmXQEGU2uvvzjgojw",
        "timezone": "America/Los_Angeles",
        "connection_type": "pstn_off_net",
    },
    "ringing_start_time": "2021-08-19T21:12:28Z",
}
QUEUE = {
    "forwarded_by": {
        "name": "TestCAP01",
        "extension_type": "callQueue",
        "extension_number": "1022",
    },
    "redirect_forwarded_by": {
        "name": "TestAR01",
        "extension_type": "autoReceptionist",
        "extension_number": "100154",
        "phone_number": "+12053953655",
    },
}
ANSWERED = {"answer_start_time": "2021-08-19T21:12:38Z"}
CONNECTED = {"connected_start_time": "2021-08-19T21:12:38Z"}
ENDED = {"call_end_time": "2021-08-19T21:12:44Z"}
OUTGOING = {
    "caller": CALL["callee"],
    "callee": {"phone_number": "+12092592844", "extension_type": "pstn"},
}
COLLEAGUE = {"extension_type": "user", "extension_number": 810003, "phone_number": "+12092592844"}
LEG = {
    "id": "20231008-0f5c57cd-49a7-467d-9570-a012316edbb7",
    "call_id": "6998252113337041462",
    "connect_type": "external",
    "direction": "inbound",
    "caller_name": "Caller name",
    "caller_did_number": "+12092592844",
    "caller_number_type": "external_pstn",
    "callee_ext_id": "52OdSKGSSS-EOyJwQncFvA",
    "callee_name": "Callee name",
    "callee_did_number": "+12058945456",
    "callee_ext_number": "1002",
    "callee_ext_type": "user",
    "start_time": "2021-08-19T21:12:28Z",
    "answer_time": "2021-08-19T21:12:38Z",
    "end_time": "2021-08-19T21:12:44Z",
    "event": "incoming",
    "result": "answered",
    "talk_time": 6,
    "wait_time": 10,
}


def body(name, call):
    payload = {"account_id": "AAAAAABBBB", "object": call}
    return json.dumps({"event": name, "event_ts": 1626230691572, "payload": payload}).encode()


def event(name, **call):
    return only(zoom_phone.parse(body(f"phone.{name}", CALL | call)))


def leg(name="callee_call_history_completed", key="call_logs", **changed):
    return only(zoom_phone.parse(body(f"phone.{name}", {"user_id": "x", key: [LEG | changed]})))


def signed(raw, secret=SECRET, timestamp=NOW):
    """Return the request as Zoom's example in JavaScript signs it."""
    text = f"v0:{timestamp}:{raw.decode()}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers = {"x-zm-request-timestamp": str(timestamp), "x-zm-signature": f"v0={digest}"}
    return post(raw, headers)


# ---- SIGNATURE ----


def test_signature():
    raw = body("phone.callee_ended", CALL)
    request = signed(raw)
    assert refusal(zoom_phone, request, ["other", SECRET]) is None
    assert zoom_phone.sent_at(request) == NOW
    assert refusal(zoom_phone, request, ["other"]) == "signature_mismatch"
    assert refusal(zoom_phone, post(raw + b" ", request.headers), [SECRET]) == "signature_mismatch"
    later = request.headers | {"x-zm-request-timestamp": str(NOW + 1)}
    assert refusal(zoom_phone, post(raw, later), [SECRET]) == "signature_mismatch"
    for timestamp in (NOW - 301, NOW + 301):
        assert (
            refusal(zoom_phone, signed(raw, timestamp=timestamp), [SECRET]) == "signature_expired"
        )
    for timestamp in ("", "1e9", "١" * 10, "9" * 14):
        strange = request.headers | {"x-zm-request-timestamp": timestamp}
        assert refusal(zoom_phone, post(raw, strange), [SECRET])


VALIDATION = json.dumps(
    {
        "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"},
        "event_ts": 1654503849680,
        "event": "endpoint.url_validation",
    }
).encode()


def test_address_is_ours():
    for secrets in ([SECRET], ["new", SECRET]):
        answer = zoom_phone.challenge(signed(VALIDATION), secrets, NOW)
        digest = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
        assert json.loads(answer.body) == {
            "plainToken": "qgg8vlvZRS6UYooatFL8Aw",
            "encryptedToken": digest,
        }
    assert zoom_phone.challenge(signed(body("phone.callee_ended", CALL)), [SECRET], NOW) is None
    assert zoom_phone.challenge(post(b"no json"), [SECRET], NOW) is None


@pytest.mark.parametrize(
    "request_",
    [
        post(VALIDATION),
        signed(VALIDATION, "other"),
        signed(VALIDATION, timestamp=NOW - 400),
        signed(VALIDATION.replace(b"qgg8", b"v0:1:{}")),
        signed(VALIDATION.replace(b"qgg8vlvZRS6UYooatFL8Aw", b"")),
    ],
)
def test_nobody_has_anything_signed_by_us(request_):
    with pytest.raises(SignatureError):
        zoom_phone.challenge(request_, [SECRET], NOW)


# ---- THE EVENTS OF THE DOCUMENTATION ----


@pytest.mark.parametrize(
    ("name", "call", "direction", "result", "talk"),
    [
        ("callee_ringing", QUEUE, "incoming", "", 0),
        ("callee_answered", QUEUE | ANSWERED, "incoming", "answered", 0),
        ("callee_ended", QUEUE | ANSWERED | ENDED, "incoming", "answered", 6),
        ("callee_ended", ENDED, "incoming", "missed", 0),
        ("callee_ended", ENDED | {"handup_result": "Voicemail"}, "incoming", "voicemail", 0),
        ("callee_missed", ENDED | {"handup_result": "No Answer"}, "incoming", "missed", 0),
        ("callee_rejected", ENDED, "incoming", "rejected", 0),
        ("callee_rejected", ENDED | {"caller": COLLEAGUE}, "internal", "rejected", 0),
        ("caller_ringing", OUTGOING, "outgoing", "", 0),
        ("caller_connected", OUTGOING | CONNECTED, "outgoing", "answered", 0),
        ("caller_ended", OUTGOING | ANSWERED | ENDED, "outgoing", "answered", 6),
        (
            "caller_ended",
            OUTGOING | ANSWERED | ENDED | {"handup_result": "Call connected"},
            "outgoing",
            "answered",
            6,
        ),
        ("caller_ended", OUTGOING | ENDED, "outgoing", "canceled", 0),
        (
            "caller_ended",
            OUTGOING | ENDED | {"handup_result": "Call Cancel"},
            "outgoing",
            "canceled",
            0,
        ),
        (
            "caller_ended",
            OUTGOING | ENDED | {"handup_result": "No Answer"},
            "outgoing",
            "no_answer",
            0,
        ),
        ("caller_ended", OUTGOING | ENDED | {"handup_result": "Busy"}, "outgoing", "busy", 0),
        ("caller_ended", OUTGOING | ENDED | {"callee": COLLEAGUE}, "internal", "missed", 0),
    ],
)
def test_events(name, call, direction, result, talk):
    found = event(name, **call)
    assert (found.direction, found.result, found.talk_seconds) == (direction, result, talk)
    assert found.external_id == "6998252113337041462"
    assert found.extension == "1002"
    assert found.number == ("" if direction == "internal" else "+12092592844")
    assert (found.end is None) == ("call_end_time" not in call)


def test_number_that_was_called_is_that_of_the_menu():
    assert event("callee_ringing", **QUEUE).line_number == "+12053953655"
    assert event("callee_ringing").line_number == "+12058945456"
    assert event("caller_ringing", **OUTGOING).line_number == ""


def test_queue_that_answers_is_nobody():
    queue = {"callee": CALL["callee"] | {"extension_type": "callQueue"}}
    for name, more in (("callee_answered", ANSWERED), ("callee_ended", ANSWERED | ENDED)):
        found = event(name, **queue, **more)
        assert (found.answer, found.extension, found.talk_seconds) == (None, "", 0)
        assert found.result == ("missed" if name == "callee_ended" else "")


def test_queue_with_several_agents_in_any_order():
    other = {"callee": CALL["callee"] | {"extension_number": 1003}}
    call = assert_order_does_not_matter(
        [
            event("callee_ringing", **QUEUE),
            event("callee_ringing", **QUEUE, **other),
            event("callee_missed", **QUEUE, **ENDED),
            event("callee_answered", **QUEUE, **other, **ANSWERED),
            event("callee_ended", **QUEUE, **other, **ANSWERED, **ENDED),
        ]
    )
    assert (call.result, call.extension, call.talk_seconds) == ("answered", "1003", 6)
    assert (str(call.start), str(call.answer)) == ("2021-08-19 21:12:28", "2021-08-19 21:12:38")


@pytest.mark.parametrize(
    ("changed", "direction", "result"),
    [
        ({}, "incoming", "answered"),
        ({"connect_type": "internal"}, "internal", "answered"),
        ({"result": "no_answer", "answer_time": None}, "incoming", "missed"),
        ({"result": "voicemail", "answer_time": None}, "incoming", "voicemail"),
        ({"result": "rejected", "answer_time": None}, "incoming", "rejected"),
        ({"result": "abandoned", "answer_time": None}, "incoming", "missed"),
        ({"callee_ext_type": "auto_receptionist"}, "incoming", "missed"),
        ({"callee_ext_type": "call_queue"}, "incoming", "missed"),
        ({"result": "something new", "answer_time": None}, "incoming", "missed"),
        ({"direction": "outbound", "result": "canceled"}, "outgoing", "canceled"),
    ],
)
def test_history(changed, direction, result):
    for name, key in (
        ("callee_call_history_completed", "call_logs"),
        ("caller_call_element_completed", "call_elements"),
    ):
        found = leg(name, key, **changed)
        assert (found.direction, found.result) == (direction, result)
        assert found.talk_seconds == (6 if result == "answered" else 0)


def test_history_tells_both_parties():
    found = leg()
    assert (found.number, found.contact_name) == ("+12092592844", "Caller name")
    assert (found.line_number, found.extension) == ("+12058945456", "1002")
    found = leg(direction="outbound", caller_ext_number="1009")
    assert (found.number, found.line_number, found.extension) == ("+12058945456", "", "1009")


def test_voicemail():
    call = {
        "id": "70ea156dc8414742839569c1556c3314",
        "call_id": "6998252113337041462",
        "callee_did_number": "+12092592844",
        "callee_number": "58011",
        "date_time": "2021-07-13T21:44:51Z",
        "duration": 3,
        "caller_name": "Rascoe Thomas",
        "caller_did_number": "+12058945456",
        "caller_number": "12058945456",
    }
    found = only(zoom_phone.parse(body("phone.voicemail_received", call)))
    assert (found.result, found.number) == ("voicemail", "+12058945456")
    without = {name: value for name, value in call.items() if name != "caller_did_number"}
    assert only(zoom_phone.parse(body("phone.voicemail_received", without))).number == (
        "+12058945456"
    )


def test_other_events_are_no_news_of_a_call():
    for name in ("phone.callee_hold", "meeting.started", "phone.callee_call_log_completed"):
        parsed = zoom_phone.parse(body(name, CALL))
        assert not parsed.events and not parsed.broken


@pytest.mark.parametrize(
    "call", [{"call_id": None}, {"caller": "x"}, {"ringing_start_time": "noon"}]
)
def test_call_that_cannot_be_read_is_kept_whole(call):
    raw = body("phone.callee_ringing", CALL | call)
    (row,) = zoom_phone.parse(raw).broken
    assert row.reason and row.text.encode() == raw


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(["callee_ended", "caller_ringing", "callee_call_history_completed"]),
    st.dictionaries(st.sampled_from([*CALL, *ANSWERED, "handup_result", "call_logs"]), values),
)
def test_nothing_else_escapes(name, call):
    survives(zoom_phone, body(f"phone.{name}", CALL | call))


@given(st.binary())
def test_nothing_else_escapes_from_bytes(raw):
    survives(zoom_phone, raw)
    refusal(zoom_phone, post(raw), [SECRET])
