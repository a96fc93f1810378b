"""FreeSWITCH: the password, the three encodings, and the legs of calls."""

import base64
import json
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import (
    FORM,
    START,
    URL,
    assert_order_does_not_matter,
    only,
    post,
    refusal,
    survives,
    untranslated,
)

from lead_communications.telephony import freeswitch
from lead_communications.telephony.payload import PayloadError
from lead_communications.telephony.site import UNKNOWN, Site

SECRET = "with:colon"
EPOCH = 1772446500
SITE = Site(country_code="PL", extensions={"1001", "1002"})
#: What an old FreeSWITCH wrote, abbreviated; all its values are texts.
SAMPLE = {
    "core-uuid": "1",
    "switchname": "fs",
    "channel_data": {"state": "CS_REPORTING", "direction": "inbound"},
    "variables": {
        "uuid": "86cfd6e2-dbda-45a3-b59d-f683ec368e8b",
        "sip_from_user": "1001",
        "sip_to_user": "1002",
        "hangup_cause": "NORMAL_CLEARING",
        "hangup_cause_q850": "16",
        "start_epoch": "1396984221",
        "answer_epoch": "1396984227",
        "end_epoch": "1396984242",
        "duration": "21",
        "billsec": "15",
    },
}
BASE64 = "application/x-www-form-base64-encoded"


def basic(password, user="odoo"):
    credentials = base64.b64encode(f"{user}:{password}".encode()).decode()
    return post(b"{}", {"Authorization": f"Basic {credentials}"}, f"{URL}?uuid=a_1")


def test_password():
    assert refusal(freeswitch, basic(SECRET), ["other", SECRET]) is None
    assert refusal(freeswitch, basic(SECRET, user="anybody"), [SECRET]) is None
    assert refusal(freeswitch, basic(SECRET + "x"), [SECRET]) == "signature_mismatch"
    assert refusal(freeswitch, basic(""), [SECRET]) == "signature_mismatch"
    assert refusal(freeswitch, basic(SECRET), []) == "signature_mismatch"
    assert refusal(freeswitch, post(), [SECRET]) == "signature_missing"
    for text in ("Bearer x", "Basic", "Basic ***", "Basic é"):
        request = post(b"", {"Authorization": text})
        assert refusal(freeswitch, request, [SECRET]) == "signature_malformed"


# ---- ENCODINGS ----


def encoded(record):
    raw = json.dumps(record).encode()
    b64 = base64.encodebytes(raw)
    return [
        (raw, "application/json"),
        (b"cdr=" + quote(raw, safe="").encode(), FORM),
        (b"cdr=" + b64, BASE64),
    ]


@pytest.mark.parametrize("number", range(3))
def test_three_encodings_give_the_same_call(number):
    event = only(freeswitch.parse(*encoded(SAMPLE)[number], site=SITE))
    assert (event.direction, event.extension, event.result) == ("internal", "1001", "answered")
    assert (event.talk_seconds, str(event.start)) == (15, "2014-04-08 19:10:21")


def test_encoded_values_are_decoded():
    caller = {"caller_id_number": "%2B48600111222", "caller_id_name": "Jan%20Nowak"}
    event = leg(callflow=[{"caller_profile": caller}])
    assert (event.number, event.contact_name) == ("+48600111222", "Jan Nowak")


def test_caller_is_the_one_of_the_beginning_which_is_written_last():
    parts = [{"caller_profile": {"caller_id_number": number}} for number in ("1001", "600111222")]
    assert leg(callflow=parts).number == "600111222"


def test_key_that_old_releases_write_twice():
    raw = json.dumps(SAMPLE)[:-1] + ', "callflow": {"a": 1}, "callflow": {"caller_profile": {}}}'
    assert only(freeswitch.parse(raw.encode())).result == "answered"


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"cdr=%%%", BASE64, "not_base64"),
        (b"cdr=%7B", FORM, "not_json"),
        (b"", "application/json", "empty"),
    ],
)
def test_broken_encodings(body, kind, code):
    with pytest.raises(PayloadError) as caught:
        freeswitch.parse(body, kind)
    assert caught.value.code == code


# ---- CALLS ----


def record(direction="inbound", callflow=None, **variables):
    values = {
        "uuid": "A",
        "call_uuid": "A",
        "sip_from_user": "+48600111222",
        "sip_req_user": "48221234567",
        "hangup_cause": "NORMAL_CLEARING",
        "start_epoch": str(EPOCH),
        "answer_epoch": str(EPOCH + 8),
        "bridge_epoch": str(EPOCH + 8),
        "end_epoch": str(EPOCH + 38),
        "billsec": "30",
    } | variables
    values = {key: value for key, value in values.items() if value is not None}
    result = {"channel_data": {"direction": direction}, "variables": values}
    return json.dumps(result | ({"callflow": callflow} if callflow else {})).encode()


def leg(*args, site=UNKNOWN, **kwargs):
    return only(freeswitch.parse(record(*args, **kwargs), site=site))


def phone(uuid="B", user="1001", **more):
    return leg("outbound", uuid=uuid, dialed_user=user, sip_req_user=user, **more)


UNANSWERED = {"answer_epoch": "0", "bridge_epoch": "0", "billsec": "0"}


def test_answered_call_in_any_order():
    rang = phone("C", "1002", hangup_cause="ORIGINATOR_CANCEL", **UNANSWERED)
    call = assert_order_does_not_matter([leg(), phone(), rang])
    assert (call.external_id, call.direction, call.result) == ("A", "incoming", "answered")
    assert (call.number, call.line_number) == ("+48600111222", "48221234567")
    assert (call.extension, call.talk_seconds) == ("1001", 30)
    assert (call.start, call.answer) == (START, START.replace(second=8))


@pytest.mark.parametrize("bridged", [str(EPOCH + 20), None])
def test_caller_who_was_answered_by_a_menu_was_answered_by_nobody(bridged):
    """Connected to the ringing telephone (early media), or an old release that does not say it."""
    first = leg(bridge_epoch=bridged)
    rang = phone(hangup_cause="NO_ANSWER", **UNANSWERED)
    assert first.result == "answered"
    call = assert_order_does_not_matter([first, rang])
    assert (call.result, call.answer, call.talk_seconds) == ("missed", None, 0)


def test_transferred_call_is_of_who_spoke_last():
    first = leg(last_sent_callee_id_number="1001", end_epoch=str(EPOCH + 78), billsec="70")
    one = phone()
    times = {"answer_epoch": EPOCH + 48, "end_epoch": EPOCH + 78}
    two = phone("C", "1002", **{name: str(epoch) for name, epoch in times.items()})
    call = assert_order_does_not_matter([first, one, two])
    assert (call.extension, call.talk_seconds) == ("1002", 60)
    assert {who.extension: who.seconds for who in call.speakers} == {"1001": 30, "1002": 30}


def test_outgoing_call_is_as_long_as_the_other_one_spoke():
    dialled = {"user_name": "1001", "sip_from_user": "1001", "sip_req_user": "600111222"}
    first = leg(**dialled, bridge_epoch=None)
    spoken = leg("outbound", uuid="B", sip_to_user="600111222", billsec="20")
    call = assert_order_does_not_matter([first, spoken])
    assert (call.direction, call.extension, call.talk_seconds) == ("outgoing", "1001", 20)
    rang = leg("outbound", uuid="B", sip_to_user="600111222", **UNANSWERED)
    call = assert_order_does_not_matter([first, rang])
    assert (call.result, call.extension, call.talk_seconds) == ("canceled", "1001", 0)


@pytest.mark.parametrize("cause", ["LOSE_RACE", "PICKED_OFF"])
def test_telephone_that_another_one_was_quicker_than_is_no_missed_call(cause):
    parsed = freeswitch.parse(record("outbound", uuid="C", hangup_cause=cause, **UNANSWERED))
    assert not parsed.events and not parsed.broken
    assert leg(hangup_cause=cause, **UNANSWERED).result == "canceled"


def made(callflow=("600111222", "1001"), **more):
    """The leg that originate begins with; what the telephone was sent on to stands first."""
    profiles = [{"caller_profile": {"destination_number": number}} for number in callflow]
    values = {"uuid": "A", "dialed_user": "1001", "sip_from_user": None, "sip_req_user": "1001"}
    return leg("outbound", callflow=profiles, **(values | more))


def to_customer(**more):
    flow = [{"caller_profile": {"destination_number": "600111222"}}]
    return leg("outbound", flow, uuid="B", originator="A", sip_req_user="600111222", **more)


def test_click_to_dial_rings_at_who_clicked_and_then_at_the_customer():
    picked_up = made(answer_epoch=str(EPOCH + 3), billsec="35")
    call = assert_order_does_not_matter([picked_up, to_customer()])
    assert (call.external_id, call.direction, call.result) == ("A", "outgoing", "answered")
    assert (call.number, call.line_number, call.extension) == ("600111222", "", "1001")
    assert (call.talk_seconds, call.answer) == (30, START.replace(second=8))
    assert [who.extension for who in call.speakers] == ["1001"]


@pytest.mark.parametrize(
    ("cause", "result"),
    [("NO_ANSWER", "no_answer"), ("USER_BUSY", "busy"), ("ORIGINATOR_CANCEL", "canceled")],
)
def test_click_to_dial_that_the_customer_did_not_answer(cause, result):
    for first in (made(bridge_epoch="0"), made(bridge_epoch=None)):
        rang = to_customer(hangup_cause=cause, **UNANSWERED)
        call = assert_order_does_not_matter([first, rang])
        assert (call.direction, call.result, call.talk_seconds) == ("outgoing", result, 0)
        assert (call.number, call.extension, call.answer) == ("600111222", "1001", None)


def test_click_to_dial_past_the_dialplan():
    """``originate user/1001 &bridge(...)``: nobody is sent on to a number."""
    call = assert_order_does_not_matter([made(["1001"]), to_customer()])
    assert (call.direction, call.number, call.extension) == ("outgoing", "600111222", "1001")
    rang = to_customer(hangup_cause="NO_ANSWER", **UNANSWERED)
    call = assert_order_does_not_matter([made(["1001"], bridge_epoch=None), rang])
    assert (call.result, call.extension, call.talk_seconds) == ("no_answer", "1001", 0)


def test_click_to_dial_that_nobody_picks_up_calls_nobody():
    call = made(["1001"], hangup_cause="NO_ANSWER", **UNANSWERED)
    assert (call.direction, call.number, call.extension) == ("internal", "", "1001")
    assert call.result == "missed"


def test_click_to_dial_to_a_colleague_stays_inside():
    call = assert_order_does_not_matter([made(["1002", "1001"]), phone("B", "1002")])
    assert (call.direction, call.number) == ("internal", "")


def test_telephone_that_was_sent_on_did_not_begin_the_call():
    for origin in ({"originator": "A"}, {"last_bridge_role": "originatee"}):
        sent_on = phone("B", call_uuid="B", **origin)
        assert not sent_on.is_first


def test_legs_of_an_old_release_are_one_call():
    first = leg(call_uuid=None, bridge_uuid="B", signal_bond="B")
    second = phone(call_uuid=None, bridge_uuid="A", signal_bond="A")
    rang = phone("C", "1002", call_uuid=None, originator="A", hangup_cause="NO_ANSWER")
    assert assert_order_does_not_matter([first, second, rang]).external_id == "A"


@pytest.mark.parametrize(
    ("cause", "incoming", "outgoing"),
    [
        ("NO_ANSWER", "missed", "no_answer"),
        ("ORIGINATOR_CANCEL", "missed", "canceled"),
        ("NORMAL_CLEARING", "missed", "canceled"),
        ("USER_BUSY", "busy", "busy"),
        ("CALL_REJECTED", "rejected", "rejected"),
        ("UNALLOCATED_NUMBER", "failed", "failed"),
    ],
)
def test_results(cause, incoming, outgoing):
    assert leg(hangup_cause=cause, **UNANSWERED).result == incoming
    call = {"user_name": "1001", "sip_from_user": "1001", "sip_req_user": "600111222"}
    event = leg(hangup_cause=cause, **call, **UNANSWERED)
    assert (event.direction, event.number, event.extension) == ("outgoing", "600111222", "1001")
    assert event.result == outgoing


def test_machine_that_answers_is_nobody():
    assert leg(bridge_epoch="0").result == "missed"
    assert leg(bridge_epoch="0", last_app="voicemail").result == "voicemail"
    assert leg(bridge_epoch="0", last_app="conference").result == "answered"


@pytest.mark.parametrize("values", [{"billsec": "0"}, {"answer_epoch": "0"}])
def test_call_of_no_length_is_not_answered(values):
    event = leg(**values)
    assert (event.result, event.answer, event.talk_seconds) == ("missed", None, 0)


@pytest.mark.parametrize(
    ("variables", "extension"),
    [
        ({"last_sent_callee_id_number": "1001"}, "1001"),
        ({"last_sent_callee_id_number": "1001"} | UNANSWERED, ""),
        ({"last_sent_callee_id_number": "48501000100"}, ""),
        ({"last_sent_callee_id_number": "1001", "dialed_extension": "1002"}, "1002"),
    ],
)
def test_caller_knows_which_telephone_answered(variables, extension):
    assert leg(**variables).extension == extension


@pytest.mark.parametrize(
    ("variables", "parties"),
    [
        ({"user_name": "anna", "sip_from_user": "anna"}, ("outgoing", "600111222", "anna")),
        ({"sip_from_user": "1001"}, ("outgoing", "600111222", "1001")),
        (
            {"call_direction": "outbound", "sip_from_user": "anna"},
            ("outgoing", "600111222", "anna"),
        ),
        (
            {"call_direction": "local", "sip_from_user": "anna", "sip_req_user": "1002"},
            ("internal", "", "anna"),
        ),
        ({"call_direction": "inbound", "sip_from_user": "1001"}, ("incoming", "1001", "")),
    ],
)
def test_who_calls_whom(variables, parties):
    event = leg(**{"sip_req_user": "600111222"} | variables)
    assert (event.direction, event.number, event.extension) == parties


@pytest.mark.parametrize("site", [UNKNOWN, SITE])
def test_short_number_is_not_internal_by_its_length(site):
    """A taxi company calls, and is called by the gateway; colleagues are those who are known."""
    taxi = leg(sip_from_user="19191", sip_req_user="1001", site=site)
    assert (taxi.direction, taxi.number) == ("incoming", "19191")
    caller = {"user_name": "1001", "sip_from_user": "1001", "sip_req_user": "19191"}
    flow = [{"caller_profile": {"destination_number": "19191"}}]
    by_gateway = {"uuid": "B", "sip_gateway_name": "carrier", "sip_req_user": "19191"}
    call = assert_order_does_not_matter(
        [leg(**caller, site=site), leg("outbound", flow, **by_gateway, site=site)]
    )
    assert (call.direction, call.number, call.extension) == ("outgoing", "19191", "1001")
    called = caller | {"sip_req_user": "1002"}
    call = assert_order_does_not_matter(
        [leg(**called, site=site), phone(user="1002", site=site)],
    )
    assert (call.direction, call.number) == ("internal", "")


@pytest.mark.parametrize(
    ("values", "parties"),
    [
        ({"sip_to_user": "48501000100"}, ("outgoing", "48501000100", "")),
        (
            {"callflow": [{"caller_profile": {"destination_number": "48501000100"}}]},
            ("outgoing", "48501000100", ""),
        ),
        ({"sip_to_user": "1001"}, ("internal", "", "1001")),
        ({"dialed_user": "anna", "sip_to_user": "x7k2"}, ("internal", "", "anna")),
        # Only the leg of the caller tells whether two legs were connected.
        ({"dialed_user": "1001", "bridge_epoch": "0"}, ("internal", "", "1001")),
        ({"dialed_user": "1001"} | UNANSWERED, ("internal", "", "")),
    ],
)
def test_whom_a_dialled_leg_is_to(values, parties):
    event = leg("outbound", uuid="B", **values)
    assert (event.direction, event.number, event.extension) == parties


def test_only_a_conversation_has_a_recording():
    assert leg(record_name="/records/a.wav").recording == "/records/a.wav"
    assert leg(record_name="/records/a.wav", **UNANSWERED).recording == ""
    assert leg(record_name="a" * 300).recording == "a" * 255


def test_announcement_before_the_conversation_is_not_part_of_it():
    event = leg(bridge_epoch=str(EPOCH + 28))
    assert (event.talk_seconds, event.answer) == (10, START.replace(second=28))


def test_forwarded_call_keeps_its_caller():
    forwarded = leg("outbound", uuid="B", sip_req_user="48501000100", sip_to_user="48501000100")
    call = assert_order_does_not_matter([leg(), forwarded])
    assert (call.direction, call.number) == ("incoming", "+48600111222")


@pytest.mark.parametrize(
    "variables",
    [
        {"uuid": None, "call_uuid": None},
        {"start_epoch": "soon"},
        {"billsec": "-1"},
        {"end_epoch": 10**15},
        {"sip_from_user": {}},
    ],
)
def test_record_that_cannot_be_read_is_kept_whole(variables):
    raw = record(**variables)
    (row,) = freeswitch.parse(raw).broken
    assert row.reason
    assert row.text.encode() == raw


values = st.none() | st.text() | st.integers() | st.floats() | st.lists(st.text(), max_size=2)


@given(
    st.dictionaries(st.sampled_from([*SAMPLE["variables"], "bridge_epoch", "last_app"]), values),
    st.dictionaries(st.sampled_from(["variables", "channel_data", "callflow"]), values),
)
def test_nothing_else_escapes_from_fields(variables, parts):
    raw = json.dumps(SAMPLE | {"variables": SAMPLE["variables"] | variables} | parts).encode()
    survives(freeswitch, raw)


@given(st.binary())
def test_nothing_else_escapes(raw):
    for kind in ("application/json", FORM, BASE64):
        survives(freeswitch, raw, kind)
        survives(freeswitch, b"cdr=" + raw, kind)


def test_configuration_has_the_address_and_the_secret():
    name, content = freeswitch.configuration(URL, 'a"<&', untranslated)
    params = {param.get("name"): param.get("value") for param in ElementTree.fromstring(content)[0]}
    assert name == "json_cdr.conf.xml"
    assert (params["url"], params["cred"]) == (URL, 'odoo:a"<&')
