"""RingCentral: its tokens, and the notifications of its guides."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    NOW,
    assert_order_does_not_matter,
    get,
    only,
    post,
    refusal,
    survives,
)

from lead_communications.telephony import ringcentral
from lead_communications.telephony.payload import SignatureError

SECRET = "hello-world"
#: The example of the guide on call control, and its time.
GUIDE = {
    "uuid": "1823485288313944239",
    "event": "/restapi/v1.0/account/809646016/extension/809646016/telephony/sessions",
    "timestamp": "2020-06-14T19:27:18.390Z",
    "subscriptionId": "53300e7c-5e69-42bf-ab4d-179aabc6e869",
    "ownerId": "809646016",
    "body": {
        "sequence": 3,
        "sessionId": "425008160016",
        "telephonySessionId": "s-a6abd24ca6774373a8120a3390d3cbe8",
        "serverId": "10.13.22.28.TAM",
        "eventTime": "2020-06-14T19:27:18.340Z",
        "parties": [
            {
                "accountId": "809646016",
                "extensionId": "809646016",
                "id": "p-a6abd24ca6774373a8120a3390d3cbe8-2",
                "direction": "Inbound",
                "to": {
                    "phoneNumber": "+19043014558",
                    "name": "TESTER Babji",
                    "extensionId": "809646016",
                },
                "from": {"phoneNumber": "+14083388064"},
                "status": {"code": "Setup", "rcc": False},
                "park": {},
                "missedCall": False,
                "standAlone": False,
                "muted": False,
            }
        ],
        "origin": {"type": "Call"},
    },
}
INTERNAL = {
    "extensionId": "400144455008",
    "id": "cs171841903434018384-2",
    "to": {"phoneNumber": "102", "name": "Tom Sawyer", "extensionId": "400144455008"},
    "from": {"phoneNumber": "103", "name": "TheCat Jerry", "extensionId": "400144457008"},
    "status": {"code": "Proceeding"},
}
OUTGOING = {
    "id": "p-a6abd24ca6774373a8120a3390d3cbe8-1",
    "direction": "Outbound",
    "to": {"phoneNumber": "+14083388064"},
    "from": {"phoneNumber": "+19043014558", "name": "TESTER Babji", "extensionId": "809646016"},
}


def body(code="Setup", at="19:27:18", reason=None, **party):
    (known,) = GUIDE["body"]["parties"]
    status = {"code": code} | ({"reason": reason} if reason else {})
    changed = {**known, "status": status, **party}
    session = GUIDE["body"] | {"eventTime": f"2020-06-14T{at}.340Z", "parties": [changed]}
    return json.dumps(GUIDE | {"body": session}).encode()


def event(*args, **party):
    return only(ringcentral.parse(body(*args, **party)))


# ---- TOKEN ----


def test_address_is_ours():
    asked = post(headers={"Validation-Token": "a1-b2"})
    answer = ringcentral.challenge(asked, [], NOW)
    assert (answer.body, answer.content_type) == ("", "application/json")
    assert answer.headers == {"Validation-Token": "a1-b2"}
    for other in (post(), get(headers={"Validation-Token": "x"}), post(body(), asked.headers)):
        assert ringcentral.challenge(other, [], NOW) is None


@pytest.mark.parametrize("token", ["a\r\nSet-Cookie: b", "ż", "x" * 257, "a b"])
def test_token_that_is_none_is_not_echoed(token):
    with pytest.raises(SignatureError):
        ringcentral.challenge(post(headers={"Validation-Token": token}), [], NOW)


@pytest.mark.parametrize("header", ["Verification-Token", "Validation-Token"])
def test_token_of_the_subscription_proves_a_notification(header):
    assert refusal(ringcentral, post(body(), {header: SECRET}), ["old", SECRET]) is None
    assert refusal(ringcentral, post(body(), {header: SECRET}), ["old"]) == "signature_mismatch"
    assert refusal(ringcentral, post(body(), {header: ""}), [SECRET]) == "signature_missing"
    assert refusal(ringcentral, post(body(), {header: " "}), [""]) == "signature_missing"


# ---- THE EVENTS OF THE GUIDES ----


def test_notification_of_the_guide():
    call = only(ringcentral.parse(json.dumps(GUIDE).encode()))
    assert call.external_id == "s-a6abd24ca6774373a8120a3390d3cbe8"
    assert (call.direction, call.number, call.line_number) == (
        "incoming",
        "+14083388064",
        "+19043014558",
    )
    assert (call.extension, call.result, str(call.start)) == (
        "809646016",
        "",
        "2020-06-14 19:27:18",
    )
    assert (call.answer, call.end, call.is_first) == (None, None, True)


@pytest.mark.parametrize(
    ("code", "reason", "party", "result", "ended"),
    [
        ("Setup", None, {}, "", False),
        ("Proceeding", None, {}, "", False),
        ("Answered", None, {}, "answered", False),
        ("Hold", None, {}, "", False),
        ("Parked", None, {}, "", False),
        ("VoiceMail", None, {}, "voicemail", False),
        ("VoiceMailScreening", None, {}, "", False),
        ("Gone", "AttendedTransfer", {}, "", True),
        ("Disconnected", None, {"missedCall": True}, "missed", True),
        ("Disconnected", "Voicemail", {}, "voicemail", True),
        ("Disconnected", "Rejected", {}, "rejected", True),
        ("Disconnected", "TargetBusy", {}, "busy", True),
        ("Disconnected", "Cancelled", {}, "missed", True),
        ("Disconnected", "CallFinished", {}, "missed", True),
        ("Disconnected", None, OUTGOING, "canceled", True),
        ("Disconnected", "Cancelled", OUTGOING, "canceled", True),
        ("Disconnected", "NoAnswer", OUTGOING, "no_answer", True),
        ("Disconnected", "TargetBusy", OUTGOING, "busy", True),
        ("Disconnected", "InvalidNumber", OUTGOING, "failed", True),
        ("Answered", None, {"extensionId": None}, "", False),  # a menu is nobody
    ],
)
def test_states(code, reason, party, result, ended):
    call = event(code, "19:28:00", reason, **party)
    assert (call.result, bool(call.end)) == (result, ended)


def test_answered_call_in_any_order():
    call = assert_order_does_not_matter(
        [
            event("Setup"),
            event("Proceeding", "19:27:19"),
            event("Answered", "19:27:25"),
            event("Hold", "19:27:30"),
            event("Answered", "19:27:40"),
            event("Disconnected", "19:28:25"),
        ]
    )
    assert (call.result, call.extension, call.direction) == ("answered", "809646016", "incoming")
    assert (str(call.answer), str(call.end)) == ("2020-06-14 19:27:25", "2020-06-14 19:28:25")


def test_menu_and_queue_that_nobody_answers():
    call = assert_order_does_not_matter(
        [
            event("Answered", extensionId=None),
            event("Proceeding", "19:27:25", id="p-x-3"),
            event("Disconnected", "19:27:45", id="p-x-3", missedCall=True),
            event("Disconnected", "19:27:50", extensionId=None),
        ]
    )
    assert (call.result, call.answer, call.talk_seconds) == ("missed", None, 0)


def test_colleague_of_the_group_answers():
    call = assert_order_does_not_matter(
        [
            event("Proceeding", "19:27:20", id="p-x-2", extensionId="1"),
            event("Proceeding", "19:27:20", id="p-x-3", extensionId="2"),
            event("Disconnected", "19:27:25", id="p-x-2", extensionId="1"),
            event("Answered", "19:27:25", id="p-x-3", extensionId="2"),
            event("Disconnected", "19:28:00", id="p-x-3", extensionId="2"),
        ]
    )
    assert (call.result, call.extension) == ("answered", "2")


def test_outgoing_call_that_is_transferred_stays_outgoing():
    call = assert_order_does_not_matter(
        [
            event("Proceeding", **OUTGOING),
            event("Answered", "19:27:30", **OUTGOING),
            event("Answered", "19:28:00", id="p-x-3", extensionId="7"),
            event("Disconnected", "19:28:01", "BlindTransfer", **OUTGOING),
            event("Disconnected", "19:29:00", id="p-x-3", extensionId="7"),
        ]
    )
    assert (call.direction, call.number, call.line_number) == ("outgoing", "+14083388064", "")


def test_colleagues():
    call = event("Proceeding", **INTERNAL)
    assert (call.direction, call.number, call.contact_name) == ("internal", "", "")
    assert call.extension == "400144455008"


def test_other_notifications_are_no_news_of_a_call():
    for other in ({"body": {"telephonyStatus": "Ringing"}}, {"event": "x"}, {"body": None}):
        parsed = ringcentral.parse(json.dumps(other).encode())
        assert not parsed.events and not parsed.broken
    assert not ringcentral.parse(body("FaxReceive")).events


@pytest.mark.parametrize(
    "party",
    [{"direction": "Sideways"}, {"status": {"code": "Dancing"}}, {"from": 5}, {"status": None}],
)
def test_party_that_cannot_be_read_is_kept_whole(party):
    raw = body(**party)
    (row,) = ringcentral.parse(raw).broken
    assert row.reason and row.text.encode() == raw


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "status", "from", "to", "extensionId"]), values))
def test_nothing_else_escapes(party):
    survives(ringcentral, body(**party))


@given(st.binary())
def test_nothing_else_escapes_from_bytes(raw):
    survives(ringcentral, raw)
    refusal(ringcentral, post(raw), [SECRET])
