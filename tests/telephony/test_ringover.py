"""Ringover: both signatures, and the events of its documentation."""

import base64
import hashlib
import hmac
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    NOW,
    URL,
    assert_order_does_not_matter,
    only,
    post,
    refusal,
    survives,
)

from lead_communications.telephony import ringover

SECRET = "0410d565ba53e10061a758256c881bd7048a4464-and-longer-than-a-digest-of-sha512"
USER = {
    "user_id": 123456789,
    "firstname": "Jean",
    "lastname": "Dupont",
    "email": "Jean.Dupont@ringover.com",
    "photo": "https://cdn.ringover.com/img/users/default.jpg",
}
#: What the events of the documentation have in common; theirs are internal.
CALL = {
    "id": "57622f20-a020-4f9e-814c-62a6123412fa",
    "call_id": 1234567890987654400,
    "channel_id": 123456789,
    "start_time": 1554823400.762305,
    "direction": "inbound",
    "from_number": "33601020304",
    "to_number": "33101020304",
    "user_id": 12854321,
    "is_internal": False,
    "is_anonymous": False,
    "is_ivr": True,
    "ivr_data": {"number": "33101020304", "scenario_name": "Opened", "ivr_name": "myIVR"},
    "user": USER,
}
HANGUP = {
    "hangup_time": 1554823442.762305,
    "duration_in_seconds": 32,
    "record": "https://cdr.ringover.com/record/myrecord.mp3",
}
NOBODY = {"user": None, "user_id": None}
OUTGOING = {"direction": "outbound", "from_number": "33101020304", "to_number": "33601020304"}


def document(name, resource="call", **data):
    return {
        "event": name,
        "resource": resource,
        "timestamp": 1554823493.762305,
        "data": data,
        "attempt": 2,
    }


def body(name, resource="call", **data):
    return json.dumps(document(name, resource, **data)).encode()


def event(name, **changed):
    return only(ringover.parse(body(name, **(CALL | changed))))


# ---- SIGNATURE ----


def with_token(raw, claims, secret=SECRET, algorithm="HS512", url=URL):
    token = jwt.encode(claims, secret, algorithm=algorithm)
    return post(raw, {"X-Ringover-Webhook-Signature": token}, url)


def with_digest(raw, secret=SECRET, timestamp=NOW, url=URL):
    text = b"POST" + url.encode() + raw + str(timestamp).encode()
    digest = base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()
    headers = {
        "X-Ringover-Webhook-Signature-V3": digest,
        "X-Ringover-Request-Signature-V3-Timestamp": str(timestamp),
    }
    return post(raw, headers, url)


def test_token_covers_address_and_body():
    said = document("ringing", **CALL)
    raw = json.dumps(said).encode()
    for claims in (
        {"url": URL, "payload": said},
        {"url": URL, "payload": json.dumps(said)},
        said | {"iat": NOW},
    ):
        assert refusal(ringover, with_token(raw, claims), ["old", SECRET]) is None
        assert refusal(ringover, with_token(raw, claims), ["old"]) == "signature_mismatch"
        wrong = with_token(raw, claims, algorithm="HS256")
        assert refusal(ringover, wrong, [SECRET]) == "signature_mismatch"
        changed = with_token(raw.replace(b"33601020304", b"33601020305"), claims)
        assert refusal(ringover, changed, [SECRET]) == "signature_mismatch"
        more = with_token(raw[:-1] + b', "more": 1}', claims)
        assert refusal(ringover, more, [SECRET]) == "signature_mismatch"
    for claims in ({"foo": "bar"}, {"payload": None}, {"url": URL + "x", "payload": said}):
        assert refusal(ringover, with_token(raw, claims), [SECRET]) == "signature_mismatch"
    assert refusal(ringover, with_token(b"{}", {}), [SECRET]) == "signature_mismatch"


def test_digest_of_version_3():
    raw = body("ringing", **CALL)
    assert refusal(ringover, with_digest(raw), ["old", SECRET]) is None
    assert refusal(ringover, with_digest(raw), ["old"]) == "signature_mismatch"
    request = with_digest(raw)
    assert refusal(ringover, post(raw + b" ", request.headers), [SECRET]) == "signature_mismatch"
    elsewhere = post(raw, request.headers, URL + "?a=b")
    assert refusal(ringover, elsewhere, [SECRET]) == "signature_mismatch"
    assert refusal(ringover, with_digest(raw, timestamp=NOW - 301), [SECRET]) == "signature_expired"
    assert refusal(ringover, with_digest(raw, timestamp=NOW * 1000), [SECRET]) is None
    assert refusal(ringover, with_digest(raw, timestamp="x"), [SECRET]) == "signature_malformed"


def test_event_that_is_not_signed_is_refused():
    raw = body("ivr_response_code", code=1)
    assert refusal(ringover, post(raw), [SECRET]) == "signature_missing"


# ---- THE EVENTS OF THE DOCUMENTATION ----


@pytest.mark.parametrize(
    ("name", "changed", "direction", "result", "talk"),
    [
        ("ringing", {}, "incoming", "", 0),
        ("answered", {}, "incoming", "answered", 0),
        ("hangup", HANGUP, "incoming", "answered", 32),
        (
            "missed",
            {"hangup_time": 1554823442.7, "reason": "OUT_PLANNING"},
            "incoming",
            "missed",
            0,
        ),
        (
            "voicemail",
            HANGUP | {"answered_time": 1554823412.762305},
            "incoming",
            "voicemail",
            0,
        ),
        ("ringing", {"is_internal": True}, "internal", "", 0),
        ("hangup", HANGUP | {"is_internal": True}, "internal", "answered", 32),
        # A menu answered, and the caller hung up.
        ("answered", NOBODY, "incoming", "", 0),
        ("hangup", HANGUP | NOBODY, "incoming", "missed", 0),
        ("hangup", HANGUP | {"duration_in_seconds": 0}, "incoming", "missed", 0),
        ("ringing", OUTGOING, "outgoing", "", 0),
        ("hangup", HANGUP | OUTGOING, "outgoing", "answered", 32),
        ("missed", OUTGOING, "outgoing", "no_answer", 0),
        (
            "hangup",
            HANGUP | OUTGOING | {"answering_machine_detection": "MACHINE"},
            "outgoing",
            "voicemail",
            0,
        ),
    ],
)
def test_events(name, changed, direction, result, talk):
    call = event(name, **changed)
    assert (call.direction, call.result, call.talk_seconds) == (direction, result, talk)
    assert call.external_id == "1234567890987654400"
    assert call.number == ("" if direction == "internal" else "+33601020304")
    assert call.line_number == ("+33101020304" if direction == "incoming" else "")
    assert call.extension == ("" if "user" in changed else "jean.dupont@ringover.com")
    assert (call.end is not None) == (name in ("hangup", "missed", "voicemail"))


def test_times():
    call = event("hangup", **HANGUP)
    assert (str(call.start), str(call.answer), str(call.end)) == (
        "2019-04-09 15:23:20",
        "2019-04-09 15:23:30",
        "2019-04-09 15:24:02",
    )
    assert str(event("answered").answer) == "2019-04-09 15:24:53"  # of the event itself


def test_answered_call_with_its_recording_in_any_order():
    call = assert_order_does_not_matter(
        [
            event("ringing"),
            event("ringing", user=USER | {"email": "b@x.example"}),
            event("answered", answered_time=1554823410.0),
            event("hangup", **HANGUP),
            only(
                ringover.parse(
                    body(
                        "record_available",
                        "aftercall",
                        call_id=1234567890987654400,
                        record_link=HANGUP["record"],
                        record_duration_in_seconds=32,
                    )
                )
            ),
        ]
    )
    assert (call.direction, call.result, call.talk_seconds) == ("incoming", "answered", 32)
    assert (call.extension, call.recording) == ("jean.dupont@ringover.com", HANGUP["record"])


def test_voicemail_link():
    raw = body("voicemail_available", "aftercall", call_id=1, voicemail_link="https://x/v.mp3")
    call = only(ringover.parse(raw))
    assert (call.result, call.recording) == ("voicemail", "https://x/v.mp3")


def test_anonymous_caller():
    assert event("ringing", is_anonymous=True).number == ""


def test_number_that_was_called_is_that_of_the_menu():
    menu = {"ivr_data": {"number": "33199999999"}}
    assert event("ringing", **menu).line_number == "+33199999999"
    assert event("ringing", **menu, is_ivr=False).line_number == "+33101020304"


def test_other_events_are_no_news_of_a_call():
    for name, resource in (("sent", "sms"), ("tags_updated", "aftercall"), ("routing", "call")):
        parsed = ringover.parse(body(name, resource, call_id=1))
        assert not parsed.events and not parsed.broken


@pytest.mark.parametrize(
    "changed", [{"call_id": None}, {"direction": "x"}, {"start_time": "noon"}, {"user": "Anna"}]
)
def test_call_that_cannot_be_read_is_kept_whole(changed):
    raw = body("ringing", **(CALL | changed))
    (row,) = ringover.parse(raw).broken
    assert row.reason and row.text.encode() == raw


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.sampled_from(["ringing", "answered", "hangup", "missed", "voicemail"]),
    st.dictionaries(st.sampled_from([*CALL, *HANGUP]), values),
)
def test_nothing_else_escapes(name, changed):
    survives(ringover, body(name, **(CALL | changed)))


@given(st.binary())
def test_nothing_else_escapes_from_bytes(raw):
    survives(ringover, raw)
    refusal(ringover, post(raw, {"X-Ringover-Webhook-Signature": "a.b.c"}), [SECRET])
