"""Twilio: its own signature vectors, its library as an independent signer, and its callbacks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    FORM,
    NOW,
    START,
    assert_order_does_not_matter,
    form,
    get,
    only,
    post,
    refusal,
    survives,
)
from twilio.request_validator import RequestValidator

from lead_communications.telephony import twilio

TOKEN = "12345"
ADDRESS = "https://mycompany.com/myapp.php?foo=1&bar=2"
WITH_PORT = ADDRESS.replace(".com/", ".com:443/")
PLAIN_PORT = "http://mycompany.com:80/myapp.php?foo=1&bar=2"
PARAMS = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
OTHER = PARAMS | {"From": "+12349013030", "Caller": "+12349013030"}
JSON_BODY = b'{"property": "value", "boolean": true}'
CHECKSUM = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
JSON_ADDRESS = f"{ADDRESS}&bodySHA256={CHECKSUM}"
REPEATED = b"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234"

VECTORS = [
    (ADDRESS, form(**PARAMS), FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    (WITH_PORT, form(**PARAMS), FORM, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    (PLAIN_PORT, form(**PARAMS), FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    (ADDRESS, form(**OTHER), FORM, "0/KCTR6DLpKmkAf8muzZqo1nDgQ="),
    (ADDRESS, REPEATED, FORM, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
    (JSON_ADDRESS, JSON_BODY, "application/json", "a9nBmqA0ju/hNViExpshrM61xv4="),
]


def signed(url, body, content_type, signature):
    headers = {"X-Twilio-Signature": signature, "Content-Type": content_type}
    return post(body, headers, url)


@pytest.mark.parametrize("vector", VECTORS)
def test_vectors_are_accepted(vector):
    assert refusal(twilio, signed(*vector), ["other", TOKEN]) is None


@pytest.mark.parametrize("vector", VECTORS)
def test_one_changed_byte_is_refused(vector):
    url, body, content_type, signature = vector
    for changed in (
        (
            url,
            body.replace(b"1234", b"1235", 1).replace(b"value", b"valuf"),
            content_type,
            signature,
        ),
        (url.replace("foo=1", "foo=2"), body, content_type, signature),
        (url, body, content_type, signature.replace("=", "A=")[1:]),
        (url, body + (b"&x=" if content_type == FORM else b" "), content_type, signature),
    ):
        assert refusal(twilio, signed(*changed), [TOKEN]) == "signature_mismatch"
    assert refusal(twilio, signed(*vector), ["12346"]) == "signature_mismatch"
    assert refusal(twilio, signed(*vector), []) == "signature_mismatch"


def test_both_forms_of_the_port_are_accepted():
    assert refusal(twilio, signed(WITH_PORT, *VECTORS[0][1:]), [TOKEN]) is None
    assert refusal(twilio, signed(ADDRESS, *VECTORS[1][1:]), [TOKEN]) is None
    without_port = PLAIN_PORT.replace(":80", "")
    assert refusal(twilio, signed(without_port, *VECTORS[2][1:]), [TOKEN]) is None
    other_port = ADDRESS.replace(".com/", ".com:8443/")
    assert refusal(twilio, signed(other_port, *VECTORS[0][1:]), [TOKEN]) == "signature_mismatch"


def test_checksum_may_be_written_in_capitals():
    address = f"{ADDRESS}&bodySHA256={CHECKSUM.upper()}"
    signature = RequestValidator(TOKEN).compute_signature(address, {})
    assert (
        refusal(twilio, signed(address, JSON_BODY, "application/json", signature), [TOKEN]) is None
    )


def test_missing_signature_and_checksum_are_refused():
    assert refusal(twilio, post(form(**PARAMS)), [TOKEN]) == "signature_missing"
    assert refusal(twilio, get(), [TOKEN]) == "signature_missing"
    without = signed(ADDRESS, JSON_BODY, "application/json", VECTORS[0][3])
    assert refusal(twilio, without, [TOKEN]) == "signature_malformed"


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_independent_signer_agrees(fields):
    """Only what can be sent: a lone surrogate has no encoding."""
    fields = {
        name: value
        for name, value in fields.items()
        if not any("\ud800" <= char <= "\udfff" for char in name + value)
    }
    signature = RequestValidator(TOKEN).compute_signature(ADDRESS, fields)
    assert refusal(twilio, signed(ADDRESS, form(**fields), FORM, signature), [TOKEN]) is None


# ---- CALLS ----

DATE = "Mon, 02 Mar 2026 10:15:%02d +0000"


def callback(status, second, direction="inbound", sid="CA1", parent=None, **more):
    fields = {
        "CallSid": sid,
        "AccountSid": "AC1",
        "From": "+48600111222",
        "To": "+48221234567",
        "CallStatus": status,
        "Direction": direction,
        "Timestamp": DATE % second,
        **({"ParentCallSid": parent} if parent else {}),
        **more,
    }
    return only(twilio.parse(form(**fields), FORM))


def agent(status, second, name="anna", **more):
    values = {"From": "+48600111222", "To": f"client:{name}", "parent": "CA1", **more}
    return callback(status, second, "outbound-dial", f"CA-{name}", **values)


def test_answered_call_with_legs_in_any_order():
    call = assert_order_does_not_matter(
        [
            callback("ringing", 0),
            agent("ringing", 2, name="ben"),
            agent("no-answer", 5, name="ben"),
            agent("completed", 35, CallDuration="30"),
            callback("completed", 35, CallDuration="30"),
        ]
    )
    assert (call.external_id, call.direction, call.result) == ("CA1", "incoming", "answered")
    assert (call.number, call.line_number) == ("+48600111222", "+48221234567")
    assert (call.extension, call.talk_seconds) == ("anna", 30)
    assert (call.start, call.end) == (START, START.replace(second=35))
    assert call.answer == START.replace(second=5)


@pytest.mark.parametrize(
    ("status", "direction", "result"),
    [
        ("queued", "inbound", ""),
        ("in-progress", "inbound", ""),
        ("no-answer", "inbound", "missed"),
        ("canceled", "inbound", "missed"),
        ("busy", "inbound", "busy"),
        ("failed", "inbound", "failed"),
        ("completed", "inbound", "missed"),
        ("no-answer", "outbound-api", "no_answer"),
        ("canceled", "outbound-api", "canceled"),
        ("busy", "outbound-dial", "busy"),
    ],
)
def test_results(status, direction, result):
    assert callback(status, 0, direction, CallDuration="0").result == result


def test_telephones_that_rang_are_nobodys_missed_call():
    call = assert_order_does_not_matter(
        [callback("no-answer", 20), agent("no-answer", 20), agent("no-answer", 20, name="ben")]
    )
    assert (call.result, call.extension, call.number) == ("missed", "", "+48600111222")


def test_call_from_a_softphone_is_outgoing():
    call = assert_order_does_not_matter(
        [
            callback("completed", 40, From="client:anna", To="", CallDuration="40"),
            callback(
                "completed",
                40,
                "outbound-dial",
                "CA2",
                "CA1",
                From="+48221234567",
                To="+48600111222",
                CallDuration="30",
            ),
        ]
    )
    assert (call.direction, call.number, call.extension) == ("outgoing", "+48600111222", "anna")
    assert call.line_number == ""


# ---- WHAT TWILIO ANSWERS ITSELF ----

RECORDED = {"CallDuration": "45", "RecordingUrl": "https://api.example/1"}


def clicked(status, second, **more):
    """The leg of click-to-dial to the telephone of who clicked; the other one is its child."""
    parties = {"From": "+48221234567", "To": "client:anna"}
    return callback(status, second, "outbound-api", **parties, **more)


def to_customer(status, second, **more):
    parties = {"From": "+48221234567", "To": "+48600111222", "parent": "CA1"}
    return callback(status, second, "outbound-dial", "CA2", **parties, **more)


@pytest.mark.parametrize(
    ("status", "length", "result", "talk"),
    [
        ("completed", "20", "answered", 20),
        ("no-answer", "0", "no_answer", 0),
        ("busy", "0", "busy", 0),
        ("canceled", "0", "canceled", 0),
        ("failed", "0", "failed", 0),
    ],
)
def test_click_to_dial_is_one_outgoing_call(status, length, result, talk):
    call = assert_order_does_not_matter(
        [
            clicked("initiated", 0),
            clicked("in-progress", 3),
            to_customer("ringing", 4),
            to_customer(status, 30, CallDuration=length),
            clicked("completed", 31, CallDuration="28"),
        ]
    )
    assert (call.external_id, call.direction, call.result) == ("CA1", "outgoing", result)
    assert (call.number, call.line_number, call.extension) == ("+48600111222", "", "anna")
    assert (call.talk_seconds, bool(call.answer)) == (talk, bool(talk))


def test_message_after_nobody_answered_is_voicemail():
    rang = [agent("ringing", 2), agent("no-answer", 22)]
    call = assert_order_does_not_matter([*rang, callback("completed", 45, **RECORDED)])
    assert (call.result, call.answer, call.talk_seconds) == ("voicemail", None, 0)
    assert (call.recording, call.extension) == ("https://api.example/1", "anna")
    call = assert_order_does_not_matter([*rang, callback("completed", 45, CallDuration="45")])
    assert (call.result, call.recording) == ("missed", "")


def test_time_with_a_machine_is_no_conversation():
    """A menu, music, and the ringing of the telephone belong to nobody's talk time."""
    call = assert_order_does_not_matter(
        [
            callback("in-progress", 0),
            agent("ringing", 15),
            agent("in-progress", 20),
            agent("completed", 50, CallDuration="30"),
            callback("completed", 55, CallDuration="55"),
        ]
    )
    assert (call.result, call.talk_seconds, call.answer) == (
        "answered",
        30,
        START.replace(second=20),
    )
    assert (call.start, call.end) == (START, START.replace(second=55))


def test_transferred_call_is_of_who_spoke_last():
    call = assert_order_does_not_matter(
        [
            agent("completed", 20, CallDuration="15"),
            agent("no-answer", 30, name="clara"),
            agent("completed", 55, name="ben", CallDuration="20"),
            callback("completed", 55, CallDuration="55"),
        ]
    )
    assert (call.extension, call.talk_seconds) == ("ben", 35)
    assert {who.extension: who.seconds for who in call.speakers} == {"anna": 15, "ben": 20}


@pytest.mark.parametrize(
    ("direction", "caller", "called"),
    [("inbound", "client:anna", ""), ("outbound-api", "+48221234567", "client:anna")],
)
def test_outgoing_call_that_was_not_answered(direction, caller, called):
    """Whoever clicked or dialled spoke with nobody, however long it rang."""
    parties = {"From": caller, "To": called}
    call = assert_order_does_not_matter(
        [
            callback("completed", 30, direction, CallDuration="30", **parties),
            callback("no-answer", 30, "outbound-dial", "CA2", "CA1", From="+48221234567"),
        ]
    )
    assert (call.direction, call.result, call.extension) == ("outgoing", "no_answer", "anna")
    assert call.talk_seconds == 0


@pytest.mark.parametrize(("by", "result"), [("machine_start", "voicemail"), ("human", "answered")])
def test_answering_machine_is_nobody(by, result):
    call = callback("completed", 30, "outbound-api", CallDuration="20", AnsweredBy=by)
    assert call.result == result


def test_telephone_rings_before_anything_else_is_told():
    ringing = agent("ringing", 2)
    assert (ringing.direction, ringing.number, ringing.extension) == (
        "incoming",
        "+48600111222",
        "anna",
    )
    assert (ringing.result, ringing.answer, ringing.end) == ("", None, None)
    # A softphone that calls another one is nobody from outside.
    assert agent("ringing", 2, From="client:ben").direction == "internal"


def test_outgoing_call_that_goes_on_to_a_colleague_stays_outgoing():
    call = assert_order_does_not_matter(
        [
            callback("completed", 55, From="client:anna", To="", CallDuration="55"),
            callback(
                *("completed", 20, "outbound-dial", "CA2", "CA1"),
                **{"From": "+48221234567", "To": "+48600111222", "CallDuration": "15"},
            ),
            agent("completed", 55, name="ben", From="+48221234567", CallDuration="30"),
        ]
    )
    assert (call.direction, call.number) == ("outgoing", "+48600111222")
    assert (call.extension, call.talk_seconds) == ("ben", 45)


@pytest.mark.parametrize(
    ("called", "number"), [("+48600111222", "+48600111222"), ("client:ben", ""), ("app:AP1", "")]
)
def test_counterpart_of_a_softphone_is_a_number(called, number):
    assert callback("ringing", 0, From="client:anna", To=called).number == number


def test_name_of_the_caller():
    assert callback("ringing", 0, CallerName="Jan Nowak").contact_name == "Jan Nowak"
    assert callback("ringing", 0, "outbound-api", CallerName="ACME").contact_name == ""


def test_only_a_conversation_has_a_length_and_a_recording():
    recorded = {"CallDuration": "30", "RecordingUrl": "https://api.example/1"}
    call = callback("completed", 35, **recorded)
    assert (call.talk_seconds, call.recording) == (30, "https://api.example/1")
    call = callback("busy", 35, **recorded)
    assert (call.talk_seconds, call.recording) == (0, "")


def test_forwarded_call_keeps_its_caller():
    call = assert_order_does_not_matter(
        [
            callback("completed", 40, CallDuration="30"),
            callback("completed", 40, "outbound-dial", "CA2", "CA1", To="+48501000100"),
        ]
    )
    assert (call.direction, call.number) == ("incoming", "+48600111222")


def test_documented_sample():
    body = (
        b"Called=%2B441111111111&Direction=outbound-api&Timestamp=Wed%2C+08+Oct+2025+13%3A54%3A12"
        b"+%2B0000&CallbackSource=call-progress-events&SipResponseCode=487&SequenceNumber=2"
        b"&CallSid=CA1&To=%2B441111111111&ApiVersion=2010-04-01&CallStatus=busy&Duration=0"
        b"&CallDuration=0&AccountSid=AC1"
    )
    event = only(twilio.parse(body, FORM))
    assert (event.direction, event.result, event.number) == ("outgoing", "busy", "+441111111111")
    assert str(event.end) == "2025-10-08 13:54:12"


def test_anonymous_callers_are_kept_as_shown():
    assert callback("ringing", 0, From="+266696687").number == "+266696687"
    assert callback("ringing", 0, From="anonymous").number == "anonymous"
    assert callback("ringing", 0, From="sip:+48600111222@carrier.example").direction == "incoming"


@pytest.mark.parametrize(
    "fields",
    [
        {"CallStatus": "ringing"},
        {"CallSid": "CA1", "CallStatus": "nonsense"},
        {"CallSid": "CA1", "CallStatus": "completed", "CallDuration": "1" * 400},
        {"CallSid": "CA1", "CallStatus": "completed", "Timestamp": "yesterday"},
        {"CallSid": "CA 1", "CallStatus": "ringing"},
    ],
)
def test_callback_that_cannot_be_read_is_kept_with_a_reason(fields):
    body = form(**fields)
    (row,) = twilio.parse(body, FORM).broken
    assert row.reason
    assert row.text.encode() == body


def test_reason_quotes_the_beginning_of_what_was_sent():
    (row,) = twilio.parse(form(CallSid="CA1", CallStatus="x" * 60), FORM).broken
    assert row.reason == "Unknown CallStatus: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"


@given(
    st.binary() | st.builds(lambda value: b"CallStatus=completed&CallSid=1&" + value, st.binary())
)
def test_nothing_else_escapes(body):
    survives(twilio, body)
    survives(twilio, body, "application/json")
    refusal(twilio, signed(ADDRESS, body, FORM, "x"), [TOKEN], NOW)
