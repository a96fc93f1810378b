"""sipgate: signatures of a key of our own, the answers in XML, and its events."""

import base64
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    FORM,
    URL,
    assert_order_does_not_matter,
    form,
    only,
    post,
    refusal,
    survives,
)

from lead_communications import telephony
from lead_communications.telephony import sipgate
from lead_communications.telephony.site import UNKNOWN

SECRET = "kq3-our_own-secret"
ADDRESS = f"{URL}?token={SECRET}"
RECEIVED = datetime(2026, 3, 2, 10, 15)
#: The example of sipgate's documentation, as a form.
NEW_CALL = {
    "event": "newCall",
    "direction": "in",
    "from": "492111234567",
    "to": "4915791234567",
    "callId": "12345678",
    "origCallId": "12345678",
    "user[]": "Alice",
    "userId[]": "w0",
    "xcid": "123abc456def789",
    "diversion": "1a2b3d4e5f",
}
OUT = {"direction": "out", "from": "4915791234567", "to": "492111234567"}


@pytest.fixture(scope="module")
def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(autouse=True)
def of_sipgate(key, monkeypatch):
    """Let the key of the tests be the one that sipgate publishes."""
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    monkeypatch.setattr(sipgate, "PUBLIC_KEY", public)


def signed(key, body, url=ADDRESS):
    signature = key.sign(body, padding.PKCS1v15(), SHA256())
    headers = {"X-Sipgate-Signature": base64.b64encode(signature).decode()}
    return post(body, headers, url)


def event(name="newCall", after=0, **changed):
    body = form(**{**NEW_CALL, "event": name, **changed})
    received = RECEIVED + timedelta(seconds=after)
    return only(telephony.parse("sipgate", body, FORM, UNKNOWN, received))


# ---- SIGNATURE ----


def test_signature_and_secret_of_the_address(key):
    body = form(**NEW_CALL)
    request = signed(key, body)
    assert refusal(sipgate, request, ["old", SECRET]) is None
    assert refusal(sipgate, request, ["old"]) == "signature_mismatch"
    assert refusal(sipgate, post(body + b"&", request.headers, ADDRESS), [SECRET]) == (
        "signature_mismatch"
    )
    assert refusal(sipgate, post(body, url=ADDRESS), [SECRET]) == "signature_missing"
    assert refusal(sipgate, signed(key, body, URL), [SECRET]) == "signature_missing"
    assert refusal(sipgate, signed(key, body, f"{URL}?token="), [""]) == "signature_missing"
    for header in ("not base64!", "żółć", "AAAA"):
        strange = post(body, {"X-Sipgate-Signature": header}, ADDRESS)
        assert refusal(sipgate, strange, [SECRET])


def test_key_that_sipgate_publishes_can_be_read(monkeypatch):
    monkeypatch.undo()
    assert load_pem_public_key(sipgate.PUBLIC_KEY).key_size == 4096


# ---- ANSWERS ----


def test_sipgate_is_told_where_to_report_what_becomes_of_a_call():
    url = f"{URL}?token=a&b=%22%3C"
    answer = sipgate.answer(post(form(**NEW_CALL), url=url))
    assert answer.content_type == "application/xml"
    response = ElementTree.fromstring(answer.body)
    assert (response.tag, list(response)) == ("Response", [])
    assert response.attrib == {"onAnswer": url, "onHangup": url}
    for name in ("answer", "hangup", "dtmf"):
        later = ElementTree.fromstring(sipgate.answer(post(form(event=name))).body)
        assert (later.tag, later.attrib) == ("Response", {})


# ---- THE EVENTS OF THE DOCUMENTATION ----


def test_new_call_of_the_documentation():
    call = event()
    assert (call.external_id, call.direction, call.result) == ("12345678", "incoming", "")
    assert (call.number, call.line_number) == ("+492111234567", "+4915791234567")
    assert (call.extension, call.start, call.end) == ("w0", RECEIVED, None)


@pytest.mark.parametrize(
    ("name", "changed", "result", "is_over"),
    [
        ("answer", {"user": "Alice", "userId": "w0"}, "answered", False),
        ("answer", {"user": "voicemail"}, "voicemail", False),
        ("hangup", {"cause": "normalClearing"}, "missed", True),
        ("hangup", {"cause": "busy"}, "busy", True),
        ("hangup", {"cause": "cancel"}, "missed", True),
        ("hangup", {"cause": "noAnswer"}, "missed", True),
        ("hangup", {"cause": "congestion"}, "failed", True),
        ("hangup", {"cause": "notFound"}, "failed", True),
        ("hangup", {"cause": "forwarded"}, "", False),
        ("newCall", OUT, "", False),
        ("answer", OUT, "answered", False),
        ("hangup", OUT | {"cause": "normalClearing"}, "answered", True),
        ("hangup", OUT | {"cause": "cancel"}, "canceled", True),
        ("hangup", OUT | {"cause": "busy"}, "busy", True),
        ("hangup", OUT | {"cause": "noAnswer"}, "no_answer", True),
        ("hangup", OUT | {"cause": "notFound"}, "failed", True),
    ],
)
def test_events(name, changed, result, is_over):
    call = event(name, **changed)
    assert (call.result, call.end is not None) == (result, is_over)
    assert call.number == "+492111234567"


def test_answered_call_in_any_order():
    call = assert_order_does_not_matter(
        [
            event(),
            event("answer", 10, user="Alice", userId="w0"),
            event("hangup", 70, cause="normalClearing"),
        ]
    )
    assert (call.result, call.extension) == ("answered", "w0")
    assert [(moment - RECEIVED).seconds for moment in (call.start, call.answer, call.end)] == [
        0,
        10,
        70,
    ]


def test_voicemail_that_answers_is_nobody():
    call = assert_order_does_not_matter(
        [
            event(),
            event("answer", 20, user="voicemail"),
            event("hangup", 40, cause="normalClearing"),
        ]
    )
    assert (call.result, call.answer) == ("voicemail", None)


def test_several_whom_it_rings_for_are_nobody_in_particular():
    body = form(**NEW_CALL) + b"&userId%5B%5D=w1"
    assert only(sipgate.parse(body, FORM)).extension == ""


def test_transfer_is_the_same_call():
    call = assert_order_does_not_matter(
        [
            event(),
            event("answer", 10, userId="w0"),
            event("hangup", 20, cause="forwarded"),
            event("newCall", 20, callId="9", **{"userId[]": "w1"}),
            event("answer", 25, callId="9", userId="w1", **{"userId[]": ""}),
            event("hangup", 90, callId="9", cause="normalClearing"),
        ]
    )
    assert (call.external_id, call.result) == ("12345678", "answered")
    assert (call.end - call.start).seconds == 90


def test_number_that_was_diverted_here_is_the_one_that_was_called():
    assert event(diversion="492119999999").line_number == "+492119999999"
    assert event(diversion="anonymous").line_number == "+4915791234567"


def test_anonymous_caller():
    assert event(**{"from": "anonymous"}).number == ""


def test_pressed_keys_are_no_news_of_a_call():
    parsed = sipgate.parse(form(event="dtmf", callId="1", dtmf="01"), FORM)
    assert not parsed.events and not parsed.broken


@pytest.mark.parametrize(
    "changed",
    [{"event": ""}, {"direction": "x"}, {"callId": "", "origCallId": ""}],
)
def test_report_that_cannot_be_read_is_kept_whole(changed):
    raw = form(**{**NEW_CALL, **changed})
    (row,) = sipgate.parse(raw, FORM).broken
    assert row.reason and row.text.encode() == raw


def test_unknown_cause_is_kept():
    (row,) = sipgate.parse(form(**{**NEW_CALL, "event": "hangup", "cause": "x"}), FORM).broken
    assert "cause" in row.reason


@given(st.dictionaries(st.sampled_from([*NEW_CALL, "cause", "user", "userId"]), st.text()))
def test_nothing_else_escapes(changed):
    survives(sipgate, form(**{**NEW_CALL, **changed}), FORM)


@given(st.binary())
def test_nothing_else_escapes_from_bytes(raw):
    survives(sipgate, raw, FORM)
    refusal(sipgate, post(raw, {"X-Sipgate-Signature": "AAAA"}, ADDRESS), [SECRET])
