"""3CX: the secret, lookups, reports with and without what 3CX fills in, the template."""

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import START, URL, get, only, post, refusal, survives, untranslated

from lead_communications.telephony import threecx
from lead_communications.telephony.call_event import merge_all
from lead_communications.telephony.inbound import Contact

SECRET = "secret"
REPORT = {
    "call_type": "Inbound",
    "number": "600111222",
    "name": "Jan Nowak",
    "agent": "101",
    "agent_email": "anna@company.example",
    "duration": "00:01:05",
    "started_at": "2026-03-02T10:15:00Z",
    "answered_at": "2026-03-02T10:15:08Z",
    "ended_at": "2026-03-02T10:16:13Z",
    "recording_url": "[RecordingUrl]",
}
#: What a release that knows none of these variables would send.
UNRESOLVED = {
    "answered_at": '[[CallEstablishedTimeUTC].ToString("yyyy-MM-ddTHH:mm:ssZ")]',
    "ended_at": '[[CallEndTimeUTC].ToString("yyyy-MM-ddTHH:mm:ssZ")]',
    "name": "[Name]",
    "agent_email": "[AgentEmail]",
    "duration": "[Duration]",
}


def event(tz="UTC", **fields):
    return only(threecx.parse(json.dumps(REPORT | fields).encode(), tz=tz))


def bearer(text):
    return post(b"{}", {"Authorization": f"Bearer {text}"})


def test_secret():
    assert refusal(threecx, bearer(SECRET), ["other", SECRET]) is None
    assert refusal(threecx, bearer("secreu"), [SECRET]) == "signature_mismatch"
    assert refusal(threecx, bearer(SECRET), []) == "signature_mismatch"
    assert refusal(threecx, post(b"{}"), [SECRET]) == "signature_missing"
    assert refusal(threecx, get(f"{URL}?number=1"), [SECRET]) == "signature_missing"


def test_lookup_echoes_the_number_as_3cx_wrote_it():
    assert threecx.asked_number(get(f"{URL}?number=%2B48600111222")) == "+48600111222"
    assert threecx.asked_number(get(f"{URL}?number=+48600111222")) == "+48600111222"
    assert threecx.asked_number(get(URL)) == ""
    assert threecx.asked_number(post(b"{}")) is None
    contact = Contact("Leads", 7, "Jan", "ACME", "jan@x.example", "https://odoo.example.com/7")
    answer = threecx.answer_lookup("600 111", [contact])
    assert json.loads(answer.body)["contacts"][0] == {
        "id": 7,
        "type": "Leads",
        "name": "Jan",
        "company": "ACME",
        "email": "jan@x.example",
        "phone": "600 111",
        "url": "https://odoo.example.com/7",
    }
    assert json.loads(threecx.answer_lookup("1", []).body) == {"contacts": []}


def test_answered_call():
    call = event()
    assert (call.direction, call.number, call.extension) == ("incoming", "600111222", "101")
    assert (call.result, call.talk_seconds, call.contact_name) == ("answered", 65, "Jan Nowak")
    assert (call.start, call.answer) == (START, START.replace(second=8))
    assert call.recording == ""


def test_only_a_conversation_has_a_recording():
    url = "https://pbx.example/1.wav"
    assert event(recording_url=url).recording == url
    assert event(recording_url=url, call_type="Missed").recording == ""


@pytest.mark.parametrize(
    ("call_type", "direction", "result"),
    [
        ("Inbound", "incoming", "answered"),
        ("Missed", "incoming", "missed"),
        ("Outbound", "outgoing", "answered"),
        ("Notanswered", "outgoing", "no_answer"),
    ],
)
def test_call_types(call_type, direction, result):
    call = event(call_type=call_type)
    assert (call.direction, call.result) == (direction, result)
    assert bool(call.talk_seconds) == (result == "answered")


def test_variables_that_3cx_did_not_fill_in_are_empty():
    call = event(call_type="Missed", **UNRESOLVED)
    assert (call.contact_name, call.answer, call.talk_seconds) == ("", None, 0)
    assert call.end == START
    call = event(**UNRESOLVED)
    assert (call.result, call.talk_seconds) == ("answered", 0)


def test_end_is_the_one_that_is_reported():
    assert event(duration="00:00:30").end == START.replace(minute=16, second=13)


def test_end_that_is_not_reported_is_as_long_after_the_start_as_the_call_took():
    call = event(ended_at="[CallEndTimeUTC]", answered_at="[CallEstablishedTimeUTC]")
    assert (call.answer, call.end) == (START, START.replace(minute=16, second=5))


def test_answer_that_is_not_reported_is_as_long_before_the_end_as_the_call_took():
    call = event(answered_at="[CallEstablishedTimeUTC]")
    assert call.answer == START.replace(second=8)


def test_year_one_is_no_time():
    assert event(call_type="Missed", answered_at="0001-01-01T00:00:00Z").answer is None


def test_agent_without_an_extension_is_named_by_address():
    assert event(agent="[Agent]", agent_email="Anna@X.example").extension == "anna@x.example"


def test_repeated_report_is_the_same_call():
    assert event(number="600 111 222").external_id == event().external_id
    assert event(duration="00:02:00").external_id == event().external_id
    assert len(merge_all([event(), event()])) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"started_at": "2026-03-02T10:15:01Z"},
        {"agent": "102"},
        {"number": "600111223"},
        {"call_type": "Outbound"},
    ],
)
def test_other_calls_have_other_ids(fields):
    assert event(**fields).external_id != event().external_id


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:07", 7),
        ("00:00:07.9", 7),
        ("25:00:00", 90000),
        ("1.02:03:04", 93784),
        ("31.00:00:00", 2678400),
    ],
)
def test_durations(text, seconds):
    assert event(duration=text).talk_seconds == seconds


@pytest.mark.parametrize(
    "fields",
    [
        {"call_type": "Chat"},
        {"call_type": "[CallType]"},
        {"started_at": "[DateTime]"},
        {"started_at": "9/8/2026 8:30:00 AM"},
        {"duration": "long"},
        {"duration": "31.00:00:01"},
        {"agent": {}},
    ],
)
def test_report_that_cannot_be_read_is_kept_with_a_reason(fields):
    (row,) = threecx.parse(json.dumps(REPORT | fields).encode()).broken
    assert row.reason


def test_reason_quotes_the_beginning_of_what_was_sent():
    (row,) = threecx.parse(json.dumps(REPORT | {"duration": "9" * 60}).encode()).broken
    assert row.reason == "duration is no duration: 9999999999999999999999999999999999999999"


@given(
    st.dictionaries(
        st.sampled_from(list(REPORT)), st.none() | st.text() | st.integers() | st.floats()
    )
)
def test_nothing_else_escapes_from_fields(fields):
    survives(threecx, json.dumps(REPORT | fields).encode())


@given(st.binary())
def test_nothing_else_escapes(raw):
    survives(threecx, raw)


# ---- TEMPLATE ----


def test_template():
    name, content = threecx.configuration(URL, 'a"<&', untranslated)
    crm = ElementTree.fromstring(content.encode())
    assert name == "odoo-3cx.xml"
    assert crm.find("Parameters/Parameter[@Name='Secret']").get("Default") == 'a"<&'
    lookup, report = crm.findall("Scenarios/Scenario")
    assert lookup.find("Request").get("Url") == f"{URL}?number=[Number]"
    assert report.get("Id") == "ReportCall"
    assert report.find("Request").get("Url") == URL
    for scenario in (lookup, report):
        header = scenario.find("Request/Headers/Value")
        assert (header.get("Key"), header.text) == ("Authorization", "Bearer [Secret]")


def test_template_reports_what_is_read():
    _name, content = threecx.configuration(URL, SECRET, untranslated)
    crm = ElementTree.fromstring(content.encode())
    keys = [value.get("Key") for value in crm.iterfind(".//PostValues/Value")]
    assert keys == list(REPORT)
    # 3CX fills in a variable in one pass, and formats the time that came of it in a second one.
    passes = {
        value.get("Key"): value.get("Passes") for value in crm.iterfind(".//PostValues/Value")
    }
    assert {key for key, number in passes.items() if number == "2"} == {
        "started_at",
        "answered_at",
        "ended_at",
    }
    assert set(passes.values()) == {"1", "2"}
    paths = {variable.get("Path") for variable in crm.iterfind(".//Variable")}
    contact = Contact("Leads", 7, "", "", "", "")
    (found,) = json.loads(threecx.answer_lookup("1", [contact]).body)["contacts"]
    assert paths == {f"contacts.{name}" for name in found}
