"""Zadarma: signature vectors, all its notifications."""

import base64
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    NOW,
    START,
    URL,
    assert_order_does_not_matter,
    form,
    get,
    only,
    post,
    refusal,
    survives,
)

from lead_communications.telephony import zadarma
from lead_communications.telephony.site import UNKNOWN, Site

SECRET = "test_secret"
TIME = "2026-03-02 10:15:00"
END = {
    "event": "NOTIFY_END",
    "caller_id": "+48600111222",
    "called_did": "+48221234567",
    "call_start": TIME,
    "pbx_call_id": "in_1",
}
OUT_END = {
    "event": "NOTIFY_OUT_END",
    "internal": "101",
    "destination": "+48600111222",
    "call_start": TIME,
    "pbx_call_id": "out_1",
}
VECTORS = [
    (END, "NmQ4NDliNzFmYmIwNDA1MDY0MjI1M2ExOWZmNjJhZGEzMmM4OGIyOA=="),
    (OUT_END, "OTU1MjA4MzQ3YWVhNzZmNmE0NDdjYzdlYzk4ZGZjNDVmNDNhMWJjZg=="),
]


@pytest.mark.parametrize(("fields", "signature"), VECTORS)
def test_vectors(fields, signature):
    request = post(form(**fields), {"Signature": signature})
    assert refusal(zadarma, request, ["other", SECRET]) is None
    for name in ("caller_id", "called_did", "destination", "internal", "call_start"):
        if name in fields:
            changed = fields | {name: fields[name] + "7"}
            request = post(form(**changed), {"Signature": signature})
            assert refusal(zadarma, request, [SECRET]) == "signature_mismatch"
    request = post(form(**fields), {"Signature": "X" + signature[1:]})
    assert refusal(zadarma, request, [SECRET]) == "signature_mismatch"


@pytest.mark.parametrize(
    ("event", "names"),
    [
        ("NOTIFY_START", ["caller_id", "called_did", "call_start"]),
        ("NOTIFY_INTERNAL", ["caller_id", "called_did", "call_start"]),
        ("NOTIFY_IVR", ["caller_id", "called_did", "call_start"]),
        ("NOTIFY_ANSWER", ["caller_id", "destination", "call_start"]),
        ("NOTIFY_OUT_START", ["internal", "destination", "call_start"]),
        ("NOTIFY_RECORD", ["pbx_call_id", "call_id_with_rec"]),
    ],
)
def test_each_event_signs_its_own_fields(event, names):
    fields = {name: f"value of {name}" for name in names} | {"event": event}
    text = "".join(fields[name] for name in names).encode()
    digest = hmac.new(SECRET.encode(), text, hashlib.sha1).hexdigest()
    header = {"Signature": base64.b64encode(digest.encode()).decode()}
    assert refusal(zadarma, post(form(**fields), header), [SECRET]) is None


def test_unsigned_and_unknown_notifications_are_refused():
    assert refusal(zadarma, post(form(**END)), [SECRET]) == "signature_missing"
    unknown = post(form(event="NOTIFY_X"), {"Signature": VECTORS[0][1]})
    assert refusal(zadarma, unknown, [SECRET]) == "unknown_event"


def test_echo_is_answered_as_plain_text():
    answer = zadarma.challenge(get(f"{URL}?zd_echo=%3Cb%3Ex"), [], NOW)
    assert (answer.body, answer.content_type) == ("<b>x", "text/plain")
    assert zadarma.challenge(get(), [], NOW) is None
    assert zadarma.challenge(post(url=f"{URL}?zd_echo=x"), [], NOW) is None
    assert zadarma.challenge(get(f"{URL}?zd_echo={'x' * 999}"), [], NOW).body == "x" * 200


# ---- CALLS ----


def event(fields, site=UNKNOWN, tz="UTC", **more):
    return site.clean(only(zadarma.parse(form(**fields, **more), tz=tz)))


def test_answered_call_in_any_order():
    start = END | {"event": "NOTIFY_START"}
    call = assert_order_does_not_matter(
        [
            event(start),
            event(start | {"event": "NOTIFY_INTERNAL"}, internal="102"),
            event(start | {"event": "NOTIFY_ANSWER"}, internal="101", destination="101"),
            event(
                END,
                internal="101",
                disposition="answered",
                duration="65",
                is_recorded="1",
                call_id_with_rec="r1",
            ),
            event(
                {"event": "NOTIFY_RECORD", "pbx_call_id": "in_1", "call_id_with_rec": "r1"},
            ),
        ]
    )
    assert (call.direction, call.number, call.line_number) == (
        "incoming",
        "+48600111222",
        "+48221234567",
    )
    assert (call.result, call.extension, call.talk_seconds) == ("answered", "101", 65)
    assert (call.start, call.recording) == (START, "r1")


def test_outgoing_call_in_any_order():
    call = assert_order_does_not_matter(
        [
            event(OUT_END | {"event": "NOTIFY_OUT_START"}),
            event(OUT_END | {"event": "NOTIFY_ANSWER"}),
            event({"event": "NOTIFY_RECORD", "pbx_call_id": "out_1", "call_id_with_rec": "r2"}),
            event(OUT_END, disposition="answered", duration="5"),
        ]
    )
    assert (call.direction, call.number, call.extension) == ("outgoing", "+48600111222", "101")
    assert (call.result, call.talk_seconds, call.recording) == ("answered", 5, "r2")


@pytest.mark.parametrize(
    ("extensions", "direction", "number"),
    [({"101", "102"}, "internal", ""), ({"101"}, "outgoing", "102"), ((), "outgoing", "102")],
)
def test_only_a_known_extension_makes_a_call_internal(extensions, direction, number):
    """Its recording does not turn a call among colleagues into one outside."""
    site = Site(extensions=frozenset(extensions))
    call = assert_order_does_not_matter(
        [
            event(OUT_END | {"destination": "102"}, site, disposition="answered", duration="5"),
            event({"event": "NOTIFY_RECORD", "pbx_call_id": "out_1", "call_id_with_rec": "r2"}),
        ]
    )
    assert (call.direction, call.number, call.extension) == (direction, number, "101")


@pytest.mark.parametrize(
    ("disposition", "incoming", "outgoing"),
    [
        ("answered", "answered", "answered"),
        ("busy", "busy", "busy"),
        ("cancel", "missed", "canceled"),
        ("no answer", "missed", "no_answer"),
        ("failed", "failed", "failed"),
        ("unallocated number", "failed", "failed"),
        ("no money, no limit", "failed", "failed"),
    ],
)
def test_results(disposition, incoming, outgoing):
    assert event(END, disposition=disposition).result == incoming
    assert event(OUT_END, disposition=disposition).result == outgoing


def test_one_signature_is_of_one_call():
    """Neither another id nor another border between the fields makes it one of a second call."""
    proofs = {
        event(END).proof,
        event(END, disposition="answered", duration="5").proof,
        event(END | {"event": "NOTIFY_START", "pbx_call_id": "in_2"}).proof,
        event(END | {"caller_id": "+4860011122", "called_did": "2+48221234567"}).proof,
    }
    assert len(proofs) == 1
    assert event(OUT_END).proof not in proofs
    assert event(END | {"call_start": "2026-03-02 10:15:01"}).proof not in proofs


def test_report_that_proves_no_parties_makes_no_call():
    answer = event(END | {"event": "NOTIFY_ANSWER"})
    record = event({"event": "NOTIFY_RECORD", "pbx_call_id": "in_1", "call_id_with_rec": "r1"})
    assert answer.completes_only and record.completes_only
    assert not (answer.proof or record.proof or event(END).completes_only)


def test_recording_is_told_by_what_signs_it():
    ended = event(END, disposition="answered", is_recorded="1", call_id_with_rec="r1")
    assert ended.recording == ""


def test_times_are_local():
    assert str(event(END, tz="Europe/Warsaw", disposition="busy").start) == "2026-03-02 09:15:00"


@pytest.mark.parametrize(
    "fields",
    [
        {"caller_id": "1"},
        {"event": "NOTIFY_END", "disposition": "busy"},
        {"event": "NOTIFY_END", "pbx_call_id": "in_1", "call_start": "soon"},
        {"event": "NOTIFY_END", "pbx_call_id": "1", "disposition": "answered", "duration": "-1"},
    ],
)
def test_notification_that_cannot_be_read_is_kept_with_a_reason(fields):
    (row,) = zadarma.parse(form(**fields)).broken
    assert row.reason


def test_other_events_are_no_news_of_a_call():
    parsed = zadarma.parse(form(event="SPEECH_RECOGNITION"))
    assert not parsed.events and not parsed.broken


@given(
    st.binary()
    | st.builds(
        lambda name, rest: form(event=name, pbx_call_id="in_1").replace(b"&", b"&" + rest + b"&"),
        st.sampled_from(sorted(zadarma._SIGNED)),
        st.binary(),
    )
)
def test_nothing_else_escapes(body):
    survives(zadarma, body)
    refusal(zadarma, post(body, {"Signature": "x"}), [SECRET])


def test_conversation_is_as_long_as_reported_and_begins_with_the_call():
    call = event(END, disposition="answered", duration="65")
    assert (call.start, call.answer, call.talk_seconds) == (START, START, 65)
    assert call.end == START.replace(minute=16, second=5)


def test_call_that_nobody_answered_has_an_end_but_no_conversation():
    call = event(OUT_END, disposition="busy", duration="7")
    assert (call.end, call.answer, call.talk_seconds) == (START, None, 0)


@pytest.mark.parametrize(
    ("call_id", "direction", "number"),
    [
        ("in_1", "incoming", "+48221234567"),
        ("out_1", "outgoing", "+48600111222"),
        ("abc", "internal", ""),
    ],
)
def test_id_of_the_call_tells_the_direction_of_an_answer(call_id, direction, number):
    call = event(
        {"event": "NOTIFY_ANSWER", "call_start": TIME, "pbx_call_id": call_id},
        caller_id="+48221234567",
        destination="+48600111222",
    )
    assert (call.direction, call.number) == (direction, number)


@pytest.mark.parametrize(
    ("fields", "extension"),
    [
        ({"caller_id": "101"}, "101"),
        ({"caller_id": "101", "internal": "102"}, "102"),
        ({"caller_id": "+48221234567", "internal": "102"}, "102"),
        ({"caller_id": "+48221234567"}, ""),
    ],
)
def test_extension_of_an_outgoing_call(fields, extension):
    call = {"event": "NOTIFY_OUT_START", "destination": "+48600111222", "pbx_call_id": "out_1"}
    assert event(call, **fields).extension == extension


@pytest.mark.parametrize("is_recorded", ["1", "0"])
def test_the_end_of_a_call_names_no_recording(is_recorded):
    """Its signature does not cover the name; that of NOTIFY_RECORD does."""
    ended = event(END, call_id_with_rec="r1", disposition="answered", is_recorded=is_recorded)
    assert ended.recording == ""


def test_name_of_a_recording_has_at_most_255_characters():
    record = {"event": "NOTIFY_RECORD", "pbx_call_id": "in_1"}
    assert event(record, call_id_with_rec="r" * 300).recording == "r" * 255
