"""Captured AMI streams of whole calls, cut, repeated, mixed and broken."""

import json
from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from provider_checks import gist
from test_asterisk import EXPECTED, SAMPLES, call, facts

from lead_communications.telephony import asterisk, asterisk_ami
from lead_communications.telephony.call_event import merge_all
from lead_communications.telephony.payload import PayloadError

CALLS = ("in_answered", "in_noanswer", "in_queue", "in_group", "out_answered")


def stream(name):
    """Return all events of a captured call, as dictionaries."""
    blocks = (SAMPLES / f"ami_{name}.txt").read_bytes().decode().split("\r\n\r\n")
    events = [
        dict(line.split(": ", 1) for line in block.split("\r\n") if ": " in line)
        for block in blocks
    ]
    return [event for event in events if "Event" in event]


STREAMS = {name: stream(name) for name in CALLS}
EVENTS = [event for name in CALLS for event in STREAMS[name]]


def body(events):
    return b"\n".join(json.dumps(event).encode() for event in events)


def parse(*events):
    parsed = asterisk.parse(body(events), asterisk_ami.CONTENT_TYPE, "UTC")
    assert not parsed.broken
    return parsed.events


def said(event):
    """Return what one event says about a call."""
    (found,) = parse(event)
    return found


def expected(name):
    return {key: EXPECTED[name][key] for key in facts(call(name))}


def linked_id(name):
    return next(event["Linkedid"] for event in STREAMS[name] if "Linkedid" in event)


#: The events that say anything about a call.
TELLING = [event for event in EVENTS if parse(event)]
EVENT_IDS = {name: linked_id(name) for name in CALLS}


# ---- CAPTURED CALLS ----


@pytest.mark.parametrize("name", CALLS)
def test_stream_gives_the_expected_call(name):
    calls = merge_all(parse(*STREAMS[name]))
    assert list(calls) == [EVENT_IDS[name]]
    assert facts(calls[EVENT_IDS[name]]) == expected(name)


@pytest.mark.parametrize("name", CALLS)
def test_stream_says_the_same_as_the_cdr_file(name):
    (event,) = merge_all(parse(*STREAMS[name])).values()
    assert gist(event) == gist(call(name))


@settings(max_examples=60)
@given(st.data())
def test_any_order_repetition_and_cut_gives_the_expected_calls(data):
    """The streams mixed, cut into requests anywhere, some of them sent again."""
    events = data.draw(st.permutations(TELLING))
    events += data.draw(st.lists(st.sampled_from(events), max_size=30))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(events)), max_size=9)))
    chunks = [
        events[a:b] for a, b in zip([0, *cuts], [*cuts, len(events)], strict=True) if events[a:b]
    ]
    calls = merge_all(event for chunk in chunks for event in merge_all(parse(*chunk)).values())
    assert {key: facts(event) for key, event in calls.items()} == {
        EVENT_IDS[name]: expected(name) for name in CALLS
    }


@pytest.mark.parametrize("name", CALLS)
def test_stream_may_be_cut_and_resumed_anywhere(name):
    """A listener that was away during any part of the call, but not at its very end."""
    events = STREAMS[name]
    first_cdr = next(i for i, event in enumerate(events) if event["Event"] == "Cdr")
    for start in range(0, first_cdr, 7):
        for end in range(start, first_cdr, 7):
            (event,) = merge_all(parse(*events[:start], *events[end:])).values()
            assert facts(event) == expected(name), (start, end)


@pytest.mark.parametrize("name", CALLS)
def test_nothing_that_is_said_on_the_way_is_taken_back(name):
    """A list on screen, and what is done about a missed call, must not flicker."""
    results = []
    known = []
    for event in STREAMS[name]:
        known += parse(event)
        if known:
            (merged,) = merge_all(known).values()
            results.append((merged.result, merged.direction))
    final = (EXPECTED[name]["result"], EXPECTED[name]["direction"])
    assert results[0] == ("", final[1])
    assert set(results) == {("", final[1]), final}


def test_without_cdr_events_the_outcome_is_known_too():
    for name in CALLS:
        events = [event for event in STREAMS[name] if event["Event"] != "Cdr"]
        (event,) = merge_all(parse(*events)).values()
        known = {"direction", "counterpart", "line", "result"}
        if EXPECTED[name]["result"] == "answered":
            known.add("agent")
        assert {key: facts(event)[key] for key in known} == {
            key: expected(name)[key] for key in known
        }
        assert event.end


# ---- WHAT SINGLE EVENTS SAY ----

CALLER = {
    "Timestamp": "1795305375.522401",
    "Channel": "PJSIP/carrier-00000004",
    "ChannelState": "4",
    "CallerIDNum": "+48221234569",
    "CallerIDName": "Jan",
    "ConnectedLineNum": "<unknown>",
    "Context": "from-carrier",
    "Exten": "+48227001103",
    "Uniqueid": "1795305375.7",
    "Linkedid": "1795305375.7",
}
CALLED = {
    "DestChannel": "PJSIP/103-00000005",
    "DestCallerIDNum": "103",
    "DestUniqueid": "1795305375.8",
    "DestLinkedid": "1795305375.7",
}


def dial_begin(**fields):
    return {"Event": "DialBegin", **CALLER, **CALLED, **fields}


def dial_end(status, **fields):
    return {"Event": "DialEnd", **CALLER, **CALLED, "DialStatus": status, **fields}


def hangup(**fields):
    return {"Event": "Hangup", **CALLER, "Cause": "16", **fields}


def test_ringing():
    event = said(dial_begin())
    assert (event.result, event.end, event.answer) == ("", None, None)
    assert (event.number, event.contact_name) == ("+48221234569", "Jan")
    assert (event.line_number, event.extension) == ("+48227001103", "103")
    assert event.start == datetime(2026, 11, 21, 23, 56, 15)


def test_each_telephone_that_rings_is_said():
    events = parse(*STREAMS["in_group"])
    assert [event.extension for event in events if not event.result] == ["102", "103", "101"]


def test_answer():
    event = said(dial_end("ANSWER", Timestamp="1795305380.9"))
    assert (event.result, event.extension) == ("answered", "103")
    assert event.answer == datetime(2026, 11, 21, 23, 56, 20)
    assert event.end is None


@pytest.mark.parametrize("status", ["BUSY", "NOANSWER", "CANCEL", "CHANUNAVAIL", "CONGESTION", ""])
def test_one_telephone_that_does_not_answer_is_not_the_end(status):
    assert parse(dial_end(status)) == []


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({}, "missed"),
        ({"Cause": "17"}, "busy"),
        ({"Cause": "21"}, "rejected"),
        ({"Cause": "127"}, "missed"),
        ({"Cause": "19"}, "missed"),
        ({"Cause": ""}, "missed"),
    ],
)
def test_hangup_of_an_incoming_call(fields, result):
    event = said(hangup(**fields))
    assert (event.result, event.direction) == (result, "incoming")
    assert event.end == datetime(2026, 11, 21, 23, 56, 15)


@pytest.mark.parametrize(
    ("cause", "result"),
    [
        ("16", "canceled"),
        ("17", "busy"),
        ("19", "no_answer"),
        ("34", "failed"),
        ("1", "failed"),
        ("21", "rejected"),
    ],
)
def test_hangup_of_an_outgoing_call(cause, result):
    fields = {"Channel": "PJSIP/101-00000001", "CallerIDNum": "101", "Exten": "+48600100200"}
    event = said(hangup(Cause=cause, **fields))
    assert (event.direction, event.result, event.number) == ("outgoing", result, "+48600100200")


def test_hangup_of_a_leg_is_not_the_end():
    assert parse(hangup(Uniqueid="1795305375.8", Cause="26")) == []
    assert parse(hangup(Uniqueid="1795305375.8", Cause="17")) == []


def test_answered_elsewhere_is_not_missed():
    assert parse(hangup(Cause="26")) == []
    answered = merge_all(parse(hangup(), dial_end("ANSWER")))
    assert [event.result for event in answered.values()] == ["answered"]


def test_channel_that_the_system_dials_itself_is_no_caller():
    assert parse(hangup(ChannelState="5")) == []
    originate = {key: value for key, value in dial_end("ANSWER").items() if key in CALLED}
    assert parse({"Event": "DialEnd", "DialStatus": "ANSWER", **originate}) == []


def test_internal_call():
    inside = {"Channel": "PJSIP/102-00000001", "CallerIDNum": "102", "Exten": "103"}
    for event in (dial_begin(**inside), dial_end("ANSWER", **inside), hangup(**inside)):
        assert said(event).direction == "internal"
        assert (said(event).number, said(event).line_number) == ("", "")


def test_outgoing_call_with_an_outside_caller_id():
    """A telephone with a name, which shows the company's number: only the dialled one tells."""
    fields = {"Channel": "PJSIP/anna-desk-0000001e", "Exten": "600100200"}
    outside = {"DestChannel": "PJSIP/carrier-0000001f", "DestCallerIDNum": "600100200"}
    for event in (
        dial_begin(**fields, **outside),
        dial_end("ANSWER", **fields, **outside),
        hangup(**fields, ConnectedLineNum="600100200"),
    ):
        assert said(event).direction == "outgoing"
        assert said(event).number == "600100200"


def test_forwarded_call_is_nobodys_telephone():
    outside = {"DestChannel": "PJSIP/carrier-0000001f", "DestCallerIDNum": "+48600100200"}
    assert said(dial_begin(**outside)).extension == ""
    assert said(dial_begin(**outside)).number == "+48221234569"


def test_local_channels_ring_groups_of_freepbx():
    leg = {"Channel": "Local/101@from-internal-0000000b;2", "Uniqueid": "1795305375.9"}
    event = said(dial_begin(**leg, Exten="101", DestChannel="PJSIP/101-0000000c"))
    assert (event.direction, event.extension, event.line_number) == ("incoming", "101", "")


@pytest.mark.parametrize(
    ("called", "number", "extension"),
    [
        ("PJSIP/103-00000005", "+48227001999", "103"),
        ("PJSIP/anna-00000005", "103", "anna"),
        ("PJSIP/anna-00000005", "", "anna"),
        ("PJSIP/carrier-00000005", "600100200", ""),
    ],
)
def test_telephone_that_rings(called, number, extension):
    assert said(dial_begin(DestChannel=called, DestCallerIDNum=number)).extension == extension


@pytest.mark.parametrize(
    ("number", "channel", "extension"),
    [
        ("101", "PJSIP/anna-0000001e", "101"),
        ("+48227001101", "PJSIP/101-0000001e", "101"),
    ],
)
def test_telephone_that_calls(number, channel, extension):
    outside = {"Exten": "600100200", "DestChannel": "PJSIP/carrier-00000005"}
    event = said(dial_begin(CallerIDNum=number, Channel=channel, **outside))
    assert (event.direction, event.extension) == ("outgoing", extension)


def test_call_began_when_its_id_says_else_with_the_event():
    later = {"Timestamp": "1795305380.9"}
    assert said(dial_begin(**later)).start == datetime(2026, 11, 21, 23, 56, 15)
    for linked in ("pbx-1.7", "first"):
        ids = {"Uniqueid": linked, "Linkedid": linked}
        assert said(dial_begin(**later, **ids)).start == datetime(2026, 11, 21, 23, 56, 20)


@pytest.mark.parametrize("time", [{"Timestamp": ""}, {"Timestamp": "soon"}, {"Timestamp": "12.5"}])
def test_event_without_a_time_is_read(time):
    event = said(dial_end("ANSWER", **time))
    assert (event.result, event.answer) == ("answered", None)


@pytest.mark.parametrize("state", ["4", "6"])
def test_end_of_the_first_channel_is_that_of_the_call(state):
    assert said(hangup(ChannelState=state)).result == "missed"
    alone = {key: value for key, value in hangup().items() if key != "Linkedid"}
    assert said(alone | {"ChannelState": state}).external_id == "1795305375.7"


@pytest.mark.parametrize("nothing", ["<unknown>", " <none> ", ""])
def test_what_asterisk_writes_for_nothing_is_nothing(nothing):
    event = said(dial_begin(CallerIDNum=nothing, CallerIDName=nothing))
    assert (event.direction, event.number, event.contact_name) == ("incoming", "", "")


def test_values_that_are_no_texts_are_passed_over():
    assert said(dial_begin(CallerIDName=["Jan"])).contact_name == ""


def test_cdr_without_mapping_is_named_after_its_channel():
    cdr = next(event for event in STREAMS["in_answered"] if event["Event"] == "Cdr")
    assert said({key: cdr[key] for key in cdr if key != "LinkedID"}).external_id == cdr["UniqueID"]


def test_cdr_times_are_in_the_zone_of_the_system():
    cdr = next(event for event in STREAMS["in_answered"] if event["Event"] == "Cdr")
    parsed = asterisk.parse(body([cdr]), asterisk_ami.CONTENT_TYPE, "Europe/Warsaw")
    assert parsed.events[0].start == datetime(2026, 11, 21, 22, 56, 7)


def test_mapped_fields_of_freepbx():
    cdr = next(event for event in STREAMS["in_answered"] if event["Event"] == "Cdr")
    event = said(cdr | {"Destination": "101", "DID": "+48227001101", "CNAM": "Jan K."})
    assert (event.line_number, event.contact_name) == ("+48227001101", "Jan K.")


# ---- HOSTILE INPUT ----


def test_broken_events_stop_no_other():
    events = STREAMS["in_answered"]
    raw = b"nonsense\n" + body(events) + b'\n[1]\n{"Event": "Cdr"}\n' + b"[" * 100_000
    parsed = asterisk.parse(raw, asterisk_ami.CONTENT_TYPE, "UTC")
    count = len(events)
    assert [row.number for row in parsed.broken] == [1, count + 2, count + 3, count + 4]
    (event,) = merge_all(parsed.events).values()
    assert facts(event) == expected("in_answered")


def test_broken_events_can_be_retried_by_themselves():
    broken = asterisk.parse(b'{"Event": "Cdr"}', asterisk_ami.CONTENT_TYPE, "UTC").broken[0]
    again = asterisk.parse(broken.text.encode(), asterisk_ami.CONTENT_TYPE, "UTC").broken[0]
    assert (again.reason, again.text) == (broken.reason, broken.text)


def test_broken_event_is_kept_up_to_8000_characters():
    (broken,) = asterisk.parse(b"\n" + b"x" * 8001, asterisk_ami.CONTENT_TYPE, "UTC").broken
    assert (broken.number, broken.text, broken.code) == (2, "x" * 8000, "not_json")


@pytest.mark.parametrize("raw", [b"", b" \n\n"])
def test_nothing_is_refused(raw):
    with pytest.raises(PayloadError):
        asterisk.parse(raw, asterisk_ami.CONTENT_TYPE, "UTC")


NAMES = sorted({name for event in EVENTS for name in event})
TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(sorted({value for event in EVENTS for value in event.values()})),
)
VALUES = st.one_of(TEXTS, st.none(), st.integers(), st.floats(), st.lists(TEXTS, max_size=2))


@settings(max_examples=300)
@given(
    st.sampled_from(TELLING),
    st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=6),
)
@example({}, {"Event": "Hangup", "Uniqueid": "\ud800", "ChannelState": "4"})
def test_no_event_raises(event, changes):
    parsed = asterisk.parse(body([event | changes]), asterisk_ami.CONTENT_TYPE, "UTC")
    assert len(parsed.events) + len(parsed.broken) <= 1


@settings(max_examples=300)
@given(st.one_of(st.binary(), st.lists(st.dictionaries(TEXTS, VALUES)).map(body)))
def test_no_body_raises_anything_else(raw):
    try:
        parsed = asterisk.parse(raw, asterisk_ami.CONTENT_TYPE, "UTC")
    except PayloadError:
        return
    assert len(parsed.events) + len(parsed.broken) <= len(raw.split(b"\n"))


@pytest.mark.parametrize(
    ("written", "name"),
    [
        (r"D\'Arcy", "D'Arcy"),
        (r"Jan \"Janek\" Nowak", 'Jan "Janek" Nowak'),
        (r"C:\\Anna", r"C:\Anna"),
        (r"Anna\nNowak", "Anna Nowak"),
        (r"Anna\?", "Anna?"),
        (r"\'Anna\'", "'Anna'"),
        ("Anna", "Anna"),
        ("Anna\\", "Anna\\"),
    ],
)
def test_names_are_as_they_were_before_asterisk_escaped_them(written, name):
    assert said(dial_begin(CallerIDName=written)).contact_name == name
