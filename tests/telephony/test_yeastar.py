"""Yeastar P-Series: the signature, and the two events that are about calls."""

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import assert_order_does_not_matter, only, post, refusal, survives

from lead_communications.telephony import yeastar
from lead_communications.telephony.site import Site

SECRET = "0123456789abcdef0123456789abcdef"
#: The example of the developer guide.
INTERNAL = {
    "call_id": "1651057476.362",
    "time_start": "2022-04-27 19:04:36",
    "call_from": "2005",
    "call_to": "2002",
    "call_duration": 24,
    "talk_duration": 21,
    "src_trunk_name": " ",
    "dst_trunk_name": " ",
    "status": "ANSWERED",
    "type": "Internal",
    "recording": "20220427190445-1651057476.362-2005-2002-Internal.wav",
    "did_number": " ",
    "agent_ring_time": 0,
}
INBOUND = INTERNAL | {
    "type": "Inbound",
    "call_from": "600111222",
    "call_to": "2002",
    "did_number": "221234567",
}


def body(call, kind=30012, as_text=True):
    message = json.dumps(call) if as_text else call
    return json.dumps({"type": kind, "sn": "3631A2124XXX", "msg": message}).encode()


def event(call, kind=30012, tz="Asia/Shanghai", as_text=True):
    return only(yeastar.parse(body(call, kind, as_text), tz=tz))


def signature(raw, secret=SECRET):
    return base64.b64encode(hmac.new(secret.encode(), raw, hashlib.sha256).digest()).decode()


def test_signature():
    raw = body(INBOUND)
    request = post(raw, {"X-Signature": signature(raw)})
    assert refusal(yeastar, request, ["other", SECRET]) is None
    changed = post(raw.replace(b"600111222", b"600111223"), {"X-Signature": signature(raw)})
    assert refusal(yeastar, changed, [SECRET]) == "signature_mismatch"
    assert refusal(yeastar, request, [SECRET[:-1]]) == "signature_mismatch"
    assert refusal(yeastar, request, []) == "signature_mismatch"
    assert refusal(yeastar, post(raw), [SECRET]) == "signature_missing"
    other = post(raw, {"X-Signature": signature(raw)[:-2] + "A="})
    assert refusal(yeastar, other, [SECRET]) == "signature_mismatch"


def test_signature_known_value():
    """Computed with: printf '{}' | openssl dgst -sha256 -hmac $secret -binary | base64"""
    value = "syZgTA3HNkyLaIVWGJwKUQ5RUM1GKHNr6BTHyYmPiZ0="
    assert refusal(yeastar, post(b"{}", {"X-Signature": value}), [SECRET]) is None


@pytest.mark.parametrize("as_text", [True, False])
def test_example_of_the_guide(as_text):
    call = event(INTERNAL, as_text=as_text)
    assert (call.direction, call.number, call.extension) == ("internal", "", "2005")
    assert (call.result, call.talk_seconds) == ("answered", 21)
    assert (str(call.start), str(call.end)) == ("2022-04-27 11:04:36", "2022-04-27 11:05:00")
    assert str(call.answer) == "2022-04-27 11:04:39"


def test_incoming_call_in_any_order():
    going = {
        "call_id": INBOUND["call_id"],
        "members": [
            {"inbound": {"from": "600111222", "to": "221234567", "member_status": "ALERT"}},
            {"extension": {"number": "2001", "member_status": "RING"}},
            {"extension": {"number": "2002", "member_status": "RING"}},
        ],
    }
    talking = going | {
        "members": [
            going["members"][0],
            {"extension": {"number": "2002", "member_status": "ANSWER"}},
        ]
    }
    call = assert_order_does_not_matter(
        [event(going, 30011), event(talking, 30011), event(INBOUND)]
    )
    assert (call.direction, call.number, call.line_number) == (
        "incoming",
        "600111222",
        "221234567",
    )
    assert (call.extension, call.result, call.talk_seconds) == ("2002", "answered", 21)


@pytest.mark.parametrize(
    ("members", "extension"),
    [
        ({"2001": "RING"}, "2001"),
        ({"2001": "RING", "2002": "RING"}, ""),
        ({"2001": "RING", "2002": "ANSWER"}, "2002"),
        ({"2001": "hold", "2002": "ALERT"}, "2001"),
        ({"2001": "ANSWER", "2002": "ANSWER"}, ""),
        ({}, ""),
    ],
)
def test_extension_of_a_call_that_goes_on_talks_or_is_the_only_one(members, extension):
    message = {
        "call_id": "1651057476.362",
        "members": [
            {"extension": {"number": number, "member_status": status}}
            for number, status in members.items()
        ],
    }
    assert event(message, 30011).extension == extension


def test_first_party_outside_is_the_counterpart_of_a_call_that_goes_on():
    def going(kind):
        parties = [
            {"from": "600111222", "to": "221234567"},
            {"from": "600111333", "to": "221234568"},
        ]
        members = [{kind: party} for party in parties]
        return event({"call_id": "1651057476.362", "members": members}, 30011)

    call = going("inbound")
    assert (call.direction, call.number, call.line_number) == (
        "incoming",
        "600111222",
        "221234567",
    )
    call = going("outbound")
    assert (call.direction, call.number, call.line_number) == ("outgoing", "221234567", "")


def test_own_number_is_told_of_incoming_calls_only():
    assert event(INBOUND).line_number == "221234567"
    assert event(INBOUND | {"type": "Outbound"}).line_number == ""


def test_call_began_when_it_is_said_or_else_when_its_id_was_given():
    assert str(event(INBOUND | {"call_id": "C1"}).start) == "2022-04-27 11:04:36"
    assert str(event(INBOUND | {"time_start": ""}).start) == "2022-04-27 11:04:36"


@pytest.mark.parametrize(
    ("status", "recording"),
    [("ANSWERED", "a.wav"), ("VOICEMAIL", "a.wav"), ("NO ANSWER", ""), ("BUSY", "")],
)
def test_what_has_a_recording(status, recording):
    assert event(INBOUND | {"status": status, "recording": "a.wav"}).recording == recording


def test_name_of_a_recording_has_at_most_255_characters():
    assert event(INBOUND | {"recording": "a" * 300}).recording == "a" * 255


def test_outgoing_call():
    call = event(INTERNAL | {"type": "Outbound", "call_to": "600111222", "status": "NO ANSWER"})
    assert (call.direction, call.number, call.extension) == ("outgoing", "600111222", "2005")
    assert (call.result, call.talk_seconds, call.recording) == ("no_answer", 0, "")


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("ANSWERD", "answered"),  # codespell:ignore answerd
        ("NO ANSWER", "missed"),
        ("BUSY", "busy"),
        ("VOICEMAIL", "voicemail"),
        ("ABANDONED", "missed"),
        ("FAILED", "failed"),
    ],
)
def test_results(status, result):
    assert event(INBOUND | {"status": status}).result == result


def test_name_and_number_of_a_party():
    call = event(INBOUND | {"call_from": "Jan Kowalski<600111222>"})
    assert (call.contact_name, call.number) == ("Jan Kowalski", "600111222")


def test_hour_that_occurs_twice_is_told_by_the_id_of_the_call():
    # 2026-10-25 02:30 is both 00:30 and 01:30 UTC in Warsaw.
    for epoch, start in ((1792888200, "00:30"), (1792891800, "01:30")):
        call = INBOUND | {"call_id": f"{epoch}.1", "time_start": "2026-10-25 02:30:00"}
        assert str(event(call, tz="Europe/Warsaw").start) == f"2026-10-25 {start}:00"


def test_other_events_are_no_news_of_a_call():
    parsed = yeastar.parse(body({"extension": "2002", "status": "Ringing"}, 30008))
    assert not parsed.events and not parsed.broken


@pytest.mark.parametrize(
    "call",
    [
        INBOUND | {"call_id": ""},
        INBOUND | {"type": "sideways"},
        INBOUND | {"status": "UNHEARD OF"},
        INBOUND | {"call_duration": "long"},
        INBOUND | {"time_start": "2026-99-99", "call_id": "A-1"},
        [],
        "{",
    ],
)
def test_event_that_cannot_be_read_is_kept_with_a_reason(call):
    (row,) = yeastar.parse(body(call)).broken
    assert row.reason


def test_reason_quotes_the_beginning_of_what_was_sent():
    (row,) = yeastar.parse(body(INBOUND | {"status": "X" * 60})).broken
    assert row.reason == "Unknown status: XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"


values = st.none() | st.text() | st.integers() | st.lists(st.text(), max_size=2)


@given(st.dictionaries(st.sampled_from([*INBOUND, "members"]), values))
def test_nothing_else_escapes_from_fields(fields):
    survives(yeastar, body(INBOUND | fields))
    survives(yeastar, body(INBOUND | fields, 30011, as_text=False))


@given(st.binary())
def test_nothing_else_escapes(raw):
    survives(yeastar, raw)


@pytest.mark.parametrize(
    "text",
    [
        *("2022/04/27 19:04:36", "27/04/2022 19:04:36", "27-04-2022 19:04:36"),
        *("04/27/2022 19:04:36", "04-27-2022 19:04:36", "27/04/2022 07:04:36 PM"),
        *("04/27/2022 07:04:36 pm", "2022/04/27 07:04:36 PM", "27.04.2022 19:04:36"),
        # What nobody can read: the id knows it.
        *("2022-99-99", "soon"),
    ],
)
def test_dates_are_in_the_format_that_the_pbx_is_set_to(text):
    assert str(event(INBOUND | {"time_start": text}).start) == "2022-04-27 11:04:36"


def test_id_tells_the_day_from_the_month():
    call = INBOUND | {"call_id": "1651660676.1", "time_start": "05/04/2022 18:37:56"}
    assert str(event(call).start) == "2022-05-04 10:37:56"


@pytest.mark.parametrize(("country", "month"), [("US", 5), ("GB", 4)])
def test_country_tells_the_day_from_the_month_where_nothing_else_does(country, month):
    call = INBOUND | {"call_id": "A-1", "time_start": "05/04/2022 18:37:56"}
    site = Site(tz="UTC", country_code=country)
    assert only(yeastar.parse(body(call), site=site)).start.month == month
