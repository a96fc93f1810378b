"""Mapped telephone systems: proofs, paths, times, and the presets on their vendors' examples."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import FORM, NOW, START, URL, assert_order_does_not_matter, only, post

from lead_communications import telephony
from lead_communications.telephony import mapped, mapping
from lead_communications.telephony.payload import PayloadError, SignatureError
from lead_communications.telephony.site import Site

RECEIVED = START
MAPPING = mapping.CallMapping(
    paths={
        "id": "call.id",
        "direction": "call.way",
        "result": "event + call.status",
        "from": "call.from",
        "to": "call.to",
        "name": "call.who.first + call.who.last",
        "extension": "call.agents.0.mail | call.agent",
        "start": "call.start",
        "talk_seconds": "call.talk",
    },
    values={
        "direction": [("in", "incoming"), ("out", "outgoing"), ("*", "ignored")],
        "result": [
            ("ring*", "going"),
            ("answer*", "talking"),
            ("end Completed", "answered"),
            ("end missed", "missed"),
            ("note*", "ignored"),
        ],
    },
)
CALL = {
    "id": "c-1",
    "way": "IN",
    "status": "Completed",
    "from": "+48600111222",
    "to": "+48221234567",
    "who": {"first": "Jan", "last": "Nowak"},
    "agents": [{"mail": "anna@company.example"}],
    "start": "2026-03-02T10:15:00Z",
    "talk": 60,
}


def parse(body, entered=MAPPING, kind="application/json", site=None, received=RECEIVED):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return telephony.parse("mapped", raw, kind, site or Site(), received, entered)


def event(name="end", entered=MAPPING, site=None, **changed):
    return only(parse({"event": name, "call": CALL | changed}, entered, site=site))


def with_paths(**paths):
    return replace(MAPPING, paths=MAPPING.paths | paths)


# ---- PROOFS ----


def refusal(request, secrets, entered):
    try:
        telephony.verify(mapped, request, secrets, NOW, entered)
    except SignatureError as error:
        return error.code
    return None


def test_placetel_s_own_example_of_a_signature():
    body = (
        b"call_id=4a4cbb39578170aed9a2761a7bec8c7e704a541f52291ef603d6f5f152980c3c"
        b"&event=CallAccepted&from=0123456789&to=0987654321"
    )
    digest = "c4f823c5b8806432fe2b83b1fc2ee714422e0cdfb4b5129152a7d0bbcd7792d0"
    entered = mapping.presets()["placetel"]
    for given_digest in (digest, digest.upper(), f"sha256={digest}"):
        request = post(body, {"X-PLACETEL-SIGNATURE": given_digest})
        assert refusal(request, ["other", "12345"], entered) is None
        assert refusal(request, ["1234"], entered) == "signature_mismatch"
    changed = post(body + b"0", {"X-PLACETEL-SIGNATURE": digest})
    assert refusal(changed, ["12345"], entered) == "signature_mismatch"
    assert refusal(post(body), ["12345"], entered) == "signature_missing"


@pytest.mark.parametrize("digest", ["sha256", "sha512", "sha1"])
def test_digests(digest):
    made = hmac.new(b"secret", b"{}", getattr(hashlib, digest)).digest()
    for encoding, text in (("hex", made.hex()), ("base64", base64.b64encode(made).decode())):
        entered = replace(MAPPING, digest=digest, encoding=encoding)
        assert refusal(post(b"{}", {"X-Signature": text}), ["secret"], entered) is None
        assert refusal(post(b"{ }", {"X-Signature": text}), ["secret"], entered)


def basic(text):
    return {"Authorization": f"Basic {base64.b64encode(text.encode()).decode()}"}


@pytest.mark.parametrize(
    ("proof", "request_", "code"),
    [
        ("bearer", post(headers={"Authorization": "Bearer secret"}), None),
        ("bearer", post(headers={"Authorization": "Bearer other"}), "signature_mismatch"),
        ("bearer", post(headers=basic("x:secret")), "signature_malformed"),
        ("basic", post(headers=basic("any:secret")), None),
        ("basic", post(headers=basic("secret:other")), "signature_mismatch"),
        ("basic", post(headers=basic("secret")), "signature_mismatch"),
        ("basic", post(headers={"Authorization": "Basic ???"}), "signature_malformed"),
        ("header", post(headers={"X-Signature": "secret"}), None),
        ("header", post(headers={"X-Other": "secret"}), "signature_missing"),
        ("token", post(url=f"{URL}?token=secret"), None),
        ("token", post(url=f"{URL}?token=other"), "signature_mismatch"),
        ("token", post(url=URL), "signature_missing"),
        # One proof is no other.
        ("hmac", post(url=f"{URL}?token=secret"), "signature_missing"),
        ("token", post(headers={"Authorization": "Bearer secret"}), "signature_missing"),
    ],
)
def test_proofs(proof, request_, code):
    assert refusal(request_, ["secret"], replace(MAPPING, proof=proof)) == code


def test_nothing_is_accepted_before_anything_is_entered():
    assert refusal(post(url=f"{URL}?token=secret"), ["secret"], None) == "not_configured"
    for entered in (None, mapping.CallMapping(paths={}, values={})):
        with pytest.raises(PayloadError):
            parse({}, entered)


# ---- CALLS ----


def test_call():
    call = event()
    assert (call.external_id, call.direction, call.result) == ("c-1", "incoming", "answered")
    assert (call.number, call.line_number) == ("+48600111222", "+48221234567")
    assert (call.contact_name, call.extension) == ("Jan Nowak", "anna@company.example")
    assert (call.start, call.end, call.talk_seconds) == (START, START + timedelta(seconds=60), 60)


def test_outgoing_call():
    call = event(way="out")
    assert (call.number, call.line_number) == ("+48221234567", "")


def test_call_in_any_order():
    call = assert_order_does_not_matter(
        [event("ring"), event("answer"), event("end"), event("end")]
    )
    assert (call.result, call.talk_seconds) == ("answered", 60)


@pytest.mark.parametrize(
    ("name", "changed", "result"),
    [
        ("ring", {}, ""),
        ("answer", {}, "answered"),
        ("end", {"status": "missed"}, "missed"),
        # What they call completed and nobody spoke in.
        ("end", {"talk": 0}, "missed"),
        ("end", {"talk": "0:00"}, "missed"),
        ("end", {"talk": None}, "answered"),
        ("end", {"way": "out", "talk": 0}, "no_answer"),
    ],
)
def test_results(name, changed, result):
    assert event(name, **changed).result == result


def test_what_is_no_call_is_ignored():
    for body in ({"event": "note"}, {"event": "end", "call": CALL | {"way": "fax"}}):
        parsed = parse(body)
        assert not parsed.events and not parsed.broken


def test_word_that_is_in_no_table_is_kept_and_named():
    raw = json.dumps({"event": "end", "call": CALL | {"status": "Escalated"}}).encode()
    (row,) = parse(raw).broken
    assert "Escalated" in row.reason and row.text.encode() == raw


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("call.who.last", "Nowak"),
        ("call.agents.0.mail", "anna@company.example"),
        ("call.agents.1.mail", ""),
        ("call.agents.x.mail", ""),
        ("call.agent | =nobody", "nobody"),
        ("call.nothing + call.who.first", "Jan"),
        ("=word", "word"),
        ("dotted.name", "itself"),
        ("yes", "true"),
        ("null", ""),
        ("", ""),
        ("call.who.first.more", ""),
    ],
)
def test_paths(path, found):
    document = {"call": CALL, "dotted.name": "itself", "yes": True, "null": None}
    assert mapped.read(document, path) == found


def test_path_to_several_values_is_an_error():
    with pytest.raises(PayloadError, match="several"):
        mapped.read({"a": {"b": 1}}, "a")


def test_form_and_list():
    entered = replace(
        MAPPING,
        paths={"id": "id", "direction": "way", "result": "=end Completed", "from": "user[]"},
    )
    fields = {"id": "1", "way": "in", "user[]": "+48600111222"}
    assert only(parse(urlencode(fields).encode(), entered, FORM)).number == "+48600111222"
    assert only(parse(urlencode(fields).encode(), entered, "")).external_id == "1"
    both = [{"event": "end", "call": CALL}, {"event": "end", "call": CALL | {"id": "c-2"}}]
    assert [call.external_id for call in parse(both).events] == ["c-1", "c-2"]
    with pytest.raises(PayloadError):
        parse(b"  ")
    with pytest.raises(PayloadError):
        parse([{}] * 1001)


@pytest.mark.parametrize(
    ("written", "tz"),
    [
        ("2026-03-02T10:15:00Z", "UTC"),
        ("2026-03-02 11:15:00", "Europe/Warsaw"),
        ("02.03.2026 11:15:00", "Europe/Warsaw"),
        (str(NOW), "UTC"),
        (f"{NOW}000", "UTC"),
        (NOW * 1000 + 5, "UTC"),
        (f"{NOW}.25", "UTC"),
    ],
)
def test_times(written, tz):
    assert event(start=written, site=Site(tz=tz)).start == START


def test_times_that_follow_from_each_other():
    minute = timedelta(seconds=60)
    entered = with_paths(start="", answer="call.answered", end="call.ended")
    call = event(entered=entered)
    assert (call.answer, call.end) == (RECEIVED - minute, RECEIVED)
    call = event(entered=entered, answered="2026-03-02T10:15:00Z")
    assert (call.start, call.end) == (START, START + minute)
    call = event(entered=with_paths(duration="call.length"), length="0:01:30")
    assert (call.end, call.answer) == (START + 1.5 * minute, START + 0.5 * minute)
    call = event("answer", entered=with_paths(time="call.at"), at="2026-03-02T10:15:20Z")
    assert (call.start, call.answer, call.end) == (START, START + minute / 3, None)


def test_numbers_without_a_plus():
    call = event(entered=replace(MAPPING, plus=True), **{"from": "48600111222", "to": "101"})
    assert (call.number, call.line_number) == ("+48600111222", "101")


@pytest.mark.parametrize(
    "changed", [{"id": ""}, {"id": "a b"}, {"start": "noon"}, {"talk": "long"}, {"from": [1]}]
)
def test_call_that_cannot_be_read_is_kept_whole(changed):
    raw = json.dumps({"event": "end", "call": CALL | changed}).encode()
    (row,) = parse(raw).broken
    assert row.reason and row.text.encode() == raw


# ---- PRESETS ----


def preset(name, body, kind="application/json"):
    return parse(body, mapping.presets()[name], kind)


@pytest.mark.parametrize("name", list(mapping.presets()))
def test_sample_of_each_preset_is_a_call(name):
    call = only(preset(name, mapping.presets()[name].sample.encode(), ""))
    assert call.external_id and call.result and call.end


PLACETEL = {"from": "022129191999", "to": "022129191900", "call_id": "f4591ba3"}


@pytest.mark.parametrize(
    ("name", "way", "kind", "duration", "result"),
    [
        ("IncomingCall", "in", None, None, ""),
        ("OutgoingCall", "out", None, None, ""),
        ("CallAccepted", None, None, None, "answered"),
        ("HungUp", "in", "accepted", 65, "answered"),
        ("HungUp", "in", "voicemail", 0, "voicemail"),
        ("HungUp", "in", "missed", 0, "missed"),
        ("HungUp", "in", "blocked", 0, "rejected"),
        ("HungUp", "out", "accepted", 9, "answered"),
        ("HungUp", "out", "busy", 0, "busy"),
        ("HungUp", "out", "canceled", 0, "canceled"),
        ("HungUp", "out", "unavailable", 0, "failed"),
        ("HungUp", "out", "congestion", 0, "failed"),
    ],
)
def test_placetel(name, way, kind, duration, result):
    told = {"event": name, "direction": way, "type": kind, "duration": duration}
    fields = PLACETEL | {key: value for key, value in told.items() if value is not None}
    call = only(preset("placetel", urlencode(fields).encode(), FORM))
    assert (call.result, call.talk_seconds) == (result, duration or 0)
    assert call.direction == ("outgoing" if way == "out" else "incoming")
    assert call.number == ("022129191900" if way == "out" else "022129191999")


def test_wildix():
    """Its examples are of a call among colleagues."""
    sample = json.loads(mapping.presets()["wildix"].sample)
    assert only(preset("wildix", sample)).direction == "internal"
    outside = {"type": "REMOTE", "phone": "+48600111222"}
    told = {"caller": outside, "destination": "+48221234567"}
    begin = sample | {"type": "call:start", "data": sample["data"] | told | {"callee": None}}
    (row,) = [only(preset("wildix", begin))]
    assert (row.direction, row.result, row.number) == ("incoming", "", "+48600111222")
    data = sample["data"] | told | {"status": "TALKING"}
    talking = only(preset("wildix", sample | {"type": "call:update", "data": data}))
    over = only(
        preset("wildix", sample | {"type": "call:end", "time": 1693389913611, "data": data})
    )
    call = assert_order_does_not_matter([row, talking, over])
    assert (call.result, call.extension) == ("answered", "10020")
    assert (call.end - call.answer) == timedelta(seconds=60)


def test_kixie():
    sample = json.loads(mapping.presets()["kixie"].sample)
    call = only(preset("kixie", sample))
    assert (call.direction, call.result, call.number) == ("outgoing", "answered", "+14243131560")
    assert call.start == datetime(2026, 6, 6, 14, 21, 28)
    missed = {"calltype": "incoming", "callstatus": "missed", "duration": 0}
    details = sample["data"]["callDetails"] | missed
    call = only(preset("kixie", {"data": {"callDetails": details, "hookevent": "endcall"}}))
    assert (call.direction, call.result, call.line_number) == ("incoming", "missed", "+14243131560")
    assert not preset("kixie", {"data": {"hookevent": "disposition"}}).events


def test_justcall():
    sample = json.loads(mapping.presets()["justcall"].sample)
    call = only(preset("justcall", sample))
    assert (call.number, call.line_number) == ("+13801136000", "+12707700000")
    assert (call.result, call.talk_seconds) == ("answered", 60)
    assert (call.end - call.start).seconds == 75
    silent = {"total_duration": 15, "conversation_time": 0}
    unanswered = sample["data"] | {"call_duration": silent}
    assert only(preset("justcall", sample | {"data": unanswered})).result == "missed"


def test_cloudtalk():
    sample = json.loads(mapping.presets()["cloudtalk"].sample)
    events = [
        only(preset("cloudtalk", sample | {"action": action} | more))
        for action, more in (
            ("call_started", {"answered_at": "", "ended_at": "", "talking_time": ""}),
            ("answered", {"ended_at": "", "talking_time": ""}),
            ("ended", {}),
        )
    ]
    call = assert_order_does_not_matter(events)
    assert (call.result, call.talk_seconds, call.number) == ("answered", 60, "+37065272274")
    assert only(preset("cloudtalk", sample | {"talking_time": "0"})).result == "missed"


# ---- ANYTHING ----

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(list(CALL)), values))
def test_nothing_else_escapes(changed):
    try:
        parsed = parse({"event": "end", "call": CALL | changed})
    except PayloadError as error:
        assert str(error)
    else:
        assert all(row.reason for row in parsed.broken)


@given(st.binary(), st.sampled_from(["", FORM, "application/json"]))
def test_nothing_else_escapes_from_bytes(raw, kind):
    try:
        parse(raw, kind=kind)
    except PayloadError as error:
        assert str(error)
