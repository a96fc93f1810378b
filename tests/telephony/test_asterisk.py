"""The captures of real calls beside this addon's tests, and what other PBXs were seen to write."""

import contextlib
import csv
import json
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import URL, post, untranslated

from lead_communications import telephony
from lead_communications.telephony import asterisk
from lead_communications.telephony.call_event import merge, merge_all
from lead_communications.telephony.payload import PayloadError, SignatureError
from lead_communications.telephony.site import Site
from lead_communications.tools.phone import normalize

SAMPLES = Path(telephony.__file__).parents[1] / "tests" / "call" / "samples" / "asterisk"
SECRET = "hooksecret"
EXPECTED = {
    row["call"]: row
    for row in csv.DictReader((SAMPLES / "expected.csv").read_text(encoding="utf-8").splitlines())
}
HOOKS = [
    json.loads(line) for line in (SAMPLES / "hook.jsonl").read_text(encoding="utf-8").splitlines()
]
SIGNED = [hook for hook in HOOKS if asterisk.SIGNATURE_HEADER in hook["headers"]]

PUSHED = merge_all(asterisk.parse(hook["body"].encode()).events[0] for hook in HOOKS)


def cdr(name):
    return asterisk.parse((SAMPLES / f"cdr_{name}.csv").read_bytes(), "text/csv")


def call(name):
    (event,) = merge_all(cdr(name).events).values()
    return event


def facts(event):
    return {
        "direction": event.direction,
        "counterpart": normalize(event.number, "PL"),
        "line": normalize(event.line_number, "PL"),
        "agent": event.extension,
        "result": event.result,
        "talk_seconds": str(event.talk_seconds),
    }


def expected(name):
    return {key: EXPECTED[name][key] for key in facts(call(name))}


# ---- CAPTURED CALLS ----


@pytest.mark.parametrize("name", EXPECTED)
def test_cdr_gives_the_call(name):
    parsed = cdr(name)
    assert len(parsed.events) == int(EXPECTED[name]["cdr_rows"])
    assert not parsed.broken
    assert facts(call(name)) == expected(name)


@pytest.mark.parametrize("name", EXPECTED)
def test_push_gives_the_call(name):
    pushed = facts(PUSHED[call(name).external_id])
    wanted = expected(name)
    # The captured dialplan knew the agent only where the peer itself was dialled and answered.
    assert pushed["agent"] in ("", wanted["agent"])
    assert {**pushed, "agent": wanted["agent"]} == wanted


@pytest.mark.parametrize("name", EXPECTED)
def test_both_ways_give_one_call(name):
    recorded = call(name)
    pushed = PUSHED[recorded.external_id]
    assert facts(merge(recorded, pushed)) == facts(merge(pushed, recorded)) == expected(name)
    assert abs((recorded.start - pushed.start).total_seconds()) <= 1
    assert abs((recorded.end - pushed.end).total_seconds()) <= 1


def test_captures_are_thirteen_calls():
    rows = b"".join((SAMPLES / f"cdr_{name}.csv").read_bytes() for name in EXPECTED)
    assert len(merge_all(asterisk.parse(rows, "text/csv").events)) == len(PUSHED) == 13


def test_caller_name_is_plain_text():
    assert call("in_evil_name").contact_name == "=cmd|calc!A1 <script>alert(1)</script> & x=1"
    assert call("in_unicode").contact_name == "Zażółć Gęślą 日本"
    assert call("in_noanswer").contact_name == ""
    assert call("in_anonymous").contact_name == ""
    assert call("in_anonymous").number == "anonymous"
    # The name on an outgoing call is the agent's own.
    assert call("out_answered").contact_name == ""


def test_recording_only_of_answered_calls():
    assert call("in_answered").recording == "1795305367.0.wav"
    assert call("in_busy").recording == ""
    assert PUSHED[call("in_busy").external_id].recording == ""


def test_long_address_of_a_recording_is_kept_whole():
    address = "https://media.example.com/" + "a" * 900
    row = (SAMPLES / "cdr_in_answered.csv").read_bytes()
    long_row = row.replace(b"1795305367.0.wav", address.encode())
    (event,) = asterisk.parse(long_row, "text/csv").events
    assert event.recording == address


# ---- SIGNATURE ----


@pytest.mark.parametrize("hook", SIGNED, ids=lambda hook: str(hook["at"]))
def test_signed_push_is_accepted(hook):
    request = post(hook["body"].encode(), hook["headers"])
    asterisk.verify(request, ["other", SECRET], hook["at"])


def test_every_call_was_signed():
    assert len(SIGNED) == 13


def signature_error(headers, body, secrets=(SECRET,), now=1_795_305_372):
    with pytest.raises(SignatureError) as caught:
        asterisk.verify(post(body, headers), secrets, now)
    return caught.value.code


def test_changed_body_is_refused():
    hook, other = SIGNED[:2]
    body = hook["body"].encode()
    assert signature_error(hook["headers"], body + b" ") == "signature_mismatch"
    assert signature_error(other["headers"], body) == "signature_mismatch"
    assert signature_error(hook["headers"], body, ("wrong",)) == "signature_mismatch"
    assert signature_error(hook["headers"], body, ()) == "signature_mismatch"


@pytest.mark.parametrize(
    ("age", "accepted"), [(300, True), (-300, True), (301, False), (-301, False)]
)
def test_signature_expires(age, accepted):
    header = {"X-Signature": asterisk.sign(b"x", SECRET, 1_795_305_372)}
    now = 1_795_305_372 + age
    if accepted:
        asterisk.verify(post(b"x", header), [SECRET], now)
    else:
        assert signature_error(header, b"x", now=now) == "signature_expired"


@pytest.mark.parametrize(
    "value",
    [
        "v1=aa",
        "t=1,v1=zz",
        "t=,v1=" + "a" * 64,
        "t=1,v1=" + "ą" * 64,
        "t=\u0661,v1=" + "a" * 64,
        "x",
    ],
)
def test_malformed_signature_is_refused(value):
    assert signature_error({"X-Signature": value}, b"x") == "signature_malformed"


def test_missing_signature_is_refused():
    assert signature_error({}, b"x") == "signature_missing"
    assert signature_error({"X-Signature": ""}, b"x") == "signature_missing"


# ---- PUSH ----


def push(**fields):
    body = urlencode(
        {"event": "hangup", "linkedid": "1795305367.0", "direction": "inbound", **fields}
    )
    (event,) = asterisk.parse(body.encode()).events
    return event


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({"dialstatus": "ANSWER", "answered": "0"}, "answered"),
        ({"dialstatus": "", "answered": "2"}, "answered"),
        ({"dialstatus": "", "answered": ""}, "missed"),
        ({"dialstatus": "NOANSWER", "vmstatus": "SUCCESS"}, "voicemail"),
        ({"dialstatus": "NOANSWER", "vmstatus": "FAILED"}, "missed"),
        ({"dialstatus": "NOANSWER", "cause": "21"}, "missed"),
        ({"dialstatus": "BUSY", "cause": "17"}, "busy"),
        ({"dialstatus": "CHANUNAVAIL", "cause": "21"}, "rejected"),
        ({"dialstatus": "CHANUNAVAIL", "cause": "20"}, "failed"),
        ({"dialstatus": "CONGESTION"}, "failed"),
        ({"dialstatus": "CANCEL", "cause": "127"}, "missed"),
        ({"dialstatus": "CANCEL", "direction": "outbound"}, "canceled"),
        ({"dialstatus": "", "direction": "outbound"}, "canceled"),
        ({"dialstatus": "NOANSWER", "direction": "outbound"}, "no_answer"),
        ({"event": "start"}, ""),
    ],
)
def test_push_result(fields, result):
    assert push(**fields).result == result


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        # The caller gave up, whatever cause the telephone gave then.
        ({"dialstatus": "CANCEL", "cause": "21"}, "missed"),
        ({"dialstatus": "", "direction": "internal"}, "missed"),
        ({"dialstatus": "BUSY", "answered": "5"}, "busy"),
        ({"dialstatus": "ANSWER", "event": "ring"}, ""),
        ({"dialstatus": " answer "}, "answered"),
    ],
)
def test_push_result_when_fields_disagree(fields, result):
    assert push(**fields).result == result


def test_push_without_event_is_about_a_call_that_is_over():
    (event,) = asterisk.parse(b"linkedid=1.1&direction=inbound&dialstatus=BUSY").events
    assert event.result == "busy"


@pytest.mark.parametrize(
    ("fields", "direction"),
    [
        ({"direction": "inbound", "src": "101"}, "incoming"),
        ({"direction": "Outgoing"}, "outgoing"),
        ({"direction": "internal", "src": "600111222"}, "internal"),
        ({"direction": "", "src": "101", "did": ""}, "internal"),
        ({"direction": "", "src": "101", "did": "102"}, "outgoing"),
        ({"direction": "", "src": "101", "did": "102", "peer": "102"}, "internal"),
        ({"direction": "", "src": "101", "did": "19191", "peer": "19191@carrier"}, "outgoing"),
        ({"direction": "", "src": "101", "did": "600111222"}, "outgoing"),
        ({"direction": "", "src": "600111222", "did": ""}, "incoming"),
        ({"direction": "sideways", "src": "600111222"}, "incoming"),
    ],
)
def test_push_direction(fields, direction):
    assert push(**fields).direction == direction


@pytest.mark.parametrize(
    ("src", "did", "direction"),
    [
        ("101", "102", "internal"),
        ("101", "19191", "outgoing"),
        ("19191", "101", "incoming"),
        ("", "101", "incoming"),
    ],
)
def test_push_direction_by_the_telephones_that_are_known(src, did, direction):
    site = Site(extensions={"101", "102"})
    body = f"linkedid=1.1&direction=&dialstatus=BUSY&src={src}&did={did}".encode()
    (event,) = asterisk.parse(body, site=site).events
    assert event.direction == direction


@pytest.mark.parametrize(
    ("fields", "extension"),
    [
        ({"dialstatus": "ANSWER", "peer": "101", "agent": "199"}, "101"),
        ({"answered": "5", "member": "PJSIP/103", "agent": ""}, "103"),
        ({"answered": "5", "member": "Local/103@agents/n"}, "103"),
        ({"dialstatus": "BUSY", "peer": "", "agent": "102"}, "102"),
        ({"dialstatus": "BUSY", "peer": "102"}, ""),
        ({"direction": "outbound", "src": "+48221234567", "agent": "101"}, "101"),
        ({"direction": "outbound", "src": "101", "peer": "+48600100200@carrier"}, "101"),
        ({"direction": "", "src": "101"}, "101"),
    ],
)
def test_push_extension(fields, extension):
    assert push(**fields).extension == extension


def test_push_without_start_takes_that_of_the_id():
    assert push(start="", end="1795305446").start == datetime(2026, 11, 21, 23, 56, 7)
    assert push(start="x", linkedid="pbx-1-1795305367.99").start == datetime(
        2026, 11, 21, 23, 56, 7
    )


def test_push_has_the_times_of_the_call():
    times = {"start": "1795305367", "end": "1795305446"}
    event = push(**times, dialstatus="ANSWER", answered="60")
    assert event.start == datetime(2026, 11, 21, 23, 56, 7)
    assert event.answer == datetime(2026, 11, 21, 23, 56, 26)
    assert event.end == datetime(2026, 11, 21, 23, 57, 26)
    missed = push(**times, dialstatus="NOANSWER", answered="60")
    assert (missed.answer, missed.talk_seconds) == (None, 0)
    assert missed.end == datetime(2026, 11, 21, 23, 57, 26)


def test_push_without_end_is_of_a_call_that_ended_at_once():
    assert push(start="1795305367").end == datetime(2026, 11, 21, 23, 56, 7)


def test_push_without_any_time_keeps_the_call():
    event = push(linkedid="pbx-1.1", dialstatus="ANSWER", answered="60")
    assert (event.start, event.answer, event.end) == (None, None, None)
    assert event.talk_seconds == 60


def test_caller_and_line_are_of_incoming_calls_only():
    told = {"src": "600111222", "name": "Jan", "did": "+48227001101"}
    event = push(**told)
    assert (event.number, event.contact_name, event.line_number) == (
        "600111222",
        "Jan",
        "+48227001101",
    )
    event = push(**told, direction="outbound")
    assert (event.number, event.contact_name, event.line_number) == ("+48227001101", "", "")


def test_push_has_a_hundred_fields_at_most():
    (event,) = asterisk.parse(b"a=1&" * 99 + b"linkedid=1.1").events
    assert event.external_id == "1.1"
    with pytest.raises(PayloadError, match="More than 100 fields"):
        asterisk.parse(b"a=1&" * 100 + b"linkedid=1.1")


def test_running_call_has_no_end():
    event = push(event="start", start="1795305367", end="")
    assert (event.start, event.end, event.result) == (datetime(2026, 11, 21, 23, 56, 7), None, "")


def test_push_survives_odd_values():
    event = push(answered="-5", end="99999999999999", start="yesterday", dialstatus="ANSWER")
    assert (event.result, event.talk_seconds) == ("answered", 0)
    (event,) = asterisk.parse(b"linkedid=1.1&name=J%F3zef+%00O%27Brien%0d%0a&src=1\xf3").events
    assert event.contact_name == "Józef O'Brien"
    assert push(name="\u202eevil" + "x" * 500).contact_name == ("evil" + "x" * 500)[:128]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "no_id"),
        (b"\xff\xfe\x00", "no_id"),
        (b'{"linkedid": "1795305367.0"}', "no_id"),
        (b"linkedid=&uniqueid=", "no_id"),
        (b"linkedid=a%20b", "bad_id"),
        (b"linkedid=" + b"1" * 151, "bad_id"),
        (b"a=1&" * 101 + b"linkedid=1.1", "too_many_fields"),
    ],
)
def test_unreadable_push_is_refused(body, code):
    with pytest.raises(PayloadError) as caught:
        asterisk.parse(body)
    assert caught.value.code == code


@given(st.binary(max_size=200))
def test_push_raises_nothing_else(body):
    with contextlib.suppress(PayloadError):
        asterisk.parse(b"linkedid=1795305367.0&" + body)


# ---- CDR FILES ----

HEADER = (
    "clid,src,dst,dcontext,channel,dstchannel,lastapp,lastdata,start,answer,end,duration,billsec,"
    "disposition,uniqueid,linkedid,hangupcause"
)


def cdr_row(**values):
    row = {
        "clid": '"Jan" <600111222>',
        "src": "600111222",
        "dst": "+48227001101",
        "channel": "PJSIP/carrier-00000001",
        "dstchannel": "PJSIP/101-00000002",
        "lastapp": "Dial",
        "lastdata": "PJSIP/101,30",
        "start": "2026-07-01 12:00:00",
        "answer": "2026-07-01 12:00:05",
        "end": "2026-07-01 12:01:05",
        "duration": "65",
        "billsec": "60",
        "disposition": "ANSWERED",
        "uniqueid": "pbx-1.1",
        **values,
    }
    return (
        '"' + '","'.join(row.get(name, "").replace('"', '""') for name in HEADER.split(",")) + '"'
    )


def parse_rows(*rows, tz="UTC", encoding="utf-8"):
    return asterisk.parse("\r\n".join([HEADER, *rows]).encode(encoding), "text/csv", tz)


def parse_row(tz="UTC", **values):
    (event,) = parse_rows(cdr_row(**values), tz=tz).events
    return event


def test_parallel_dial_of_the_documentation_is_one_answered_call():
    dial = '"Alice <100>"|100|200|default|SIP/alice-00000000|{}|Dial|SIP/bob&IAX2/bob,,Tt|{}|{}|{}'
    rows = (
        "clid|src|dst|dcontext|channel|dstchannel|lastapp|lastdata|start|answer|end|duration"
        "|billsec|disposition|amaflags|accountcode|peeraccount|uniqueid|userfield|sequence"
        "|linkedid",
        dial.format("SIP/bob-00000001", "2013-03-04 13:11:18", "", "2013-03-04 13:11:28")
        + "|10|0|NO ANSWER|DOCUMENTATION|||pbx-01-1362424276.2||12|pbx-01-1362424276.2",
        dial.format(
            "IAX2/bob-00000000", "2013-03-04 13:11:18", "2013-03-04 13:11:28", "2013-03-04 13:12:28"
        )
        + "|70|60|ANSWERED|DOCUMENTATION|||pbx-01-1362424276.2||13|pbx-01-1362424276.2",
    )
    site = Site(extensions={"100", "bob"})
    parsed = asterisk.parse("\n".join(rows).encode(), "text/csv", site=site)
    for events in (parsed.events, parsed.events[::-1]):
        (event,) = merge_all(events).values()
        assert (event.direction, event.extension) == ("internal", "100")
        assert (event.result, event.talk_seconds) == ("answered", 60)
    assert not parsed.broken


def test_master_csv_of_asterisk():
    row = (
        '"","600111222","+48227001101","in","""Jan"" <600111222>","PJSIP/carrier-00000001",'
        '"PJSIP/101-00000002","Dial","PJSIP/101,30","2026-07-01 12:00:00","2026-07-01 12:00:05",'
        '"2026-07-01 12:01:05",65,60,"ANSWERED","DOCUMENTATION","1782907200.1",""'
    )
    (event,) = asterisk.parse(row.encode(), "text/csv").events
    assert (event.external_id, event.contact_name, event.talk_seconds) == (
        "1782907200.1",
        "Jan",
        60,
    )


def test_freepbx_table():
    header = (
        "calldate;clid;src;dst;channel;dstchannel;lastapp;duration;billsec;disposition;uniqueid;did"
    )
    row = (
        '2026-07-01 12:00:00;"""Jan"" <19191>";19191;101;PJSIP/trunk-0000000a;'
        "PJSIP/101-0000000b;Dial;65;60;ANSWERED;1782907200.1;+48227001101"
    )
    (event,) = asterisk.parse(f"\ufeff{header}\n{row}\n".encode(), "text/csv; charset=utf-8").events
    assert (event.direction, event.number, event.line_number) == (
        "incoming",
        "19191",
        "+48227001101",
    )
    assert event.answer == datetime(2026, 7, 1, 12, 0, 5)
    assert event.end == datetime(2026, 7, 1, 12, 1, 5)


@pytest.mark.parametrize(
    ("values", "result"),
    [
        ({"lastapp": "VoiceMail", "dstchannel": ""}, "voicemail"),
        ({"lastapp": "VoiceMail"}, "voicemail"),
        ({"lastapp": "Playback", "dstchannel": ""}, "missed"),
        ({"lastapp": "Playback"}, "missed"),
        ({"disposition": "FAILED", "hangupcause": "21"}, "rejected"),
        ({"disposition": "FAILED", "hangupcause": "20"}, "failed"),
        ({"lastapp": "Queue", "dstchannel": ""}, "missed"),
        ({"lastapp": "Queue"}, "answered"),
        ({"disposition": "NO ANSWER"}, "missed"),
        ({"disposition": "NO_ANSWER"}, "missed"),
        ({"disposition": "CANCEL"}, "missed"),
        ({"disposition": "CONGESTION"}, "failed"),
        ({"disposition": "BUSY"}, "busy"),
    ],
)
def test_cdr_result(values, result):
    event = parse_row(**values)
    assert event.result == result
    assert event.talk_seconds == (60 if result == "answered" else 0)
    assert bool(event.answer) is (result == "answered")


OUTSIDE, PHONE, TRUNK = "PJSIP/carrier-0000000a", "PJSIP/101-0000000b", "PJSIP/+48600100200@carrier"


@pytest.mark.parametrize(
    ("src", "dst", "channel", "dstchannel", "lastdata", "direction"),
    [
        ("600111222", "+48227001101", OUTSIDE, PHONE, "PJSIP/101", "incoming"),
        ("anonymous", "s", OUTSIDE, "", "", "incoming"),
        ("", "+48227001101", OUTSIDE, "", "", "incoming"),
        ("19191", "+48227001101", OUTSIDE, PHONE, "PJSIP/101", "incoming"),
        ("101", "+48600100200", PHONE, OUTSIDE, TRUNK, "outgoing"),
        # The agent's telephone shows the company's number and is no number itself.
        ("+48227001101", "+48600100200", "PJSIP/anna-0000000a", OUTSIDE, TRUNK, "outgoing"),
        ("+48227001101", "+48600100200", PHONE, OUTSIDE, TRUNK, "outgoing"),
        ("101", "600100200", "PJSIP/anna-0000000a", OUTSIDE, "PJSIP/carrier/600100200", "outgoing"),
        ("101", "103", PHONE, "PJSIP/103-0000000c", "PJSIP/103", "internal"),
        ("101", "*97", PHONE, "", "", "internal"),
        # The leg of a queue is named after the agent whom it calls.
        ("600111222", "101", "Local/101@agents-0000000a;2", PHONE, "PJSIP/101", "incoming"),
    ],
)
def test_cdr_direction(src, dst, channel, dstchannel, lastdata, direction):
    event = parse_row(src=src, dst=dst, channel=channel, dstchannel=dstchannel, lastdata=lastdata)
    assert event.direction == direction
    numbers = {"incoming": src, "outgoing": dst, "internal": ""}
    assert event.number == numbers[direction]


def test_line_is_the_number_that_was_called():
    assert parse_row().line_number == "+48227001101"
    assert parse_row(dst="s").line_number == ""
    assert parse_row(dst="101").line_number == ""
    assert parse_row(dst="900").line_number == "900"


def test_call_forwarded_to_the_outside_is_no_extensions():
    forwarded = {"dstchannel": OUTSIDE, "lastdata": "PJSIP/600999888@carrier,30"}
    assert parse_row(**forwarded).extension == ""
    # The leg of a queue names the agent although it is dialled with an @.
    local = {"dstchannel": "Local/101@agents-0000000a;1", "lastdata": "Local/101@agents"}
    assert parse_row(**local).extension == "101"


def test_name_that_only_repeats_the_number_is_none():
    assert parse_row(clid='"+48600111222" <+48600111222>').contact_name == ""
    assert parse_row(clid='"Hotel 7" <600111222>').contact_name == "Hotel 7"
    assert parse_row(clid="Jan Kowalski <600111222>").contact_name == "Jan Kowalski"


def test_missed_call_of_many_is_nobodys():
    group = {"lastdata": "PJSIP/102&PJSIP/101,6", "disposition": "NO ANSWER"}
    assert parse_row(**group).extension == ""
    assert parse_row(lastapp="Queue", disposition="NO ANSWER").extension == ""
    assert parse_row(lastdata="PJSIP/101,6", disposition="NO ANSWER").extension == "101"


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-07-01 12:00:00", datetime(2026, 7, 1, 10)),
        ("2026-12-01 12:00:00", datetime(2026, 12, 1, 11)),
        ("2026-07-01T12:00:00+0200", datetime(2026, 7, 1, 10)),
        ("2026-07-01T10:00:00Z", datetime(2026, 7, 1, 10)),
        ("1782907200", datetime(2026, 7, 1, 12)),
        ("1782907200.25", datetime(2026, 7, 1, 12)),
    ],
)
def test_local_times_become_utc(written, utc):
    assert parse_row(tz="Europe/Warsaw", start=written, answer="", end="").start == utc


@pytest.mark.parametrize(
    ("linkedid", "start", "end"),
    [
        # 2026-10-25 02:30 occurs at 00:30 UTC and again at 01:30 UTC.
        ("1792888200.1", datetime(2026, 10, 25, 0, 30), datetime(2026, 10, 25, 0, 50)),
        ("1792891800.1", datetime(2026, 10, 25, 1, 30), datetime(2026, 10, 25, 1, 50)),
    ],
)
def test_repeated_hour_is_told_by_the_id(linkedid, start, end):
    event = parse_row(
        tz="Europe/Warsaw",
        linkedid=linkedid,
        start="2026-10-25 02:30:00",
        answer="2026-10-25 02:31:00",
        end="2026-10-25 02:50:00",
    )
    assert (event.start, event.end) == (start, end)


def test_call_over_the_end_of_summer_time_is_not_negative():
    event = parse_row(
        tz="Europe/Warsaw",
        linkedid="1792889700.1",  # 02:55 in summer time
        start="2026-10-25 02:55:00",
        answer="2026-10-25 02:56:00",
        end="2026-10-25 02:05:00",  # ten minutes later, in winter time
    )
    assert (event.end - event.start).total_seconds() == 600


def test_skipped_hour_raises_nothing():
    event = parse_row(tz="Europe/Warsaw", start="2026-03-29 02:30:00", answer="", end="")
    assert event.start.date().isoformat() == "2026-03-29"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"uniqueid": ""}, "Neither linkedid nor uniqueid"),
        ({"start": ""}, "start of the call is missing"),
        ({"start": "yesterday"}, "'yesterday' is no date"),
        ({"start": "0001-01-01 00:00:00"}, "no date"),
        ({"start": "9999-12-31 23:59:59"}, "no date"),
        ({"billsec": "-1"}, "no number of seconds"),
        ({"billsec": "9" * 9}, "no number of seconds"),
        ({"duration": "²"}, "no number of seconds"),
        ({"disposition": "EXPLODED"}, "Unknown disposition"),
    ],
)
@pytest.mark.parametrize("tz", ["UTC", "Pacific/Kiritimati", "America/Adak"])
def test_broken_row_stops_no_other(values, reason, tz):
    good = cdr_row(uniqueid="good.1")
    parsed = parse_rows(good, cdr_row(**values), 'x,"', good, tz=tz)
    assert [event.external_id for event in parsed.events] == ["good.1", "good.1"]
    assert [row.number for row in parsed.broken] == [3, 4]
    assert reason in parsed.broken[0].reason
    assert parsed.broken[1].text == 'x,"'
    assert parsed.header == HEADER


def test_broken_rows_can_be_read_again_with_their_header():
    parsed = parse_rows(cdr_row(disposition="EXPLODED"))
    text = "\n".join([parsed.header, *(row.text for row in parsed.broken)])
    again = asterisk.parse(text.replace("EXPLODED", "ANSWERED").encode(), "text/csv")
    assert [event.result for event in again.events] == ["answered"]


def test_row_of_a_file_without_header_needs_its_columns():
    parsed = asterisk.parse(b'"a","b"\n', "text/csv")
    assert [row.reason for row in parsed.broken] == ["2 columns are too few for a call record."]


def test_old_encoding_spoils_only_its_own_row():
    good, old = cdr_row(clid='"Łucja" <1>').encode(), cdr_row(clid='"Jürgen" <1>').encode("latin-1")
    parsed = asterisk.parse(b"\r\n".join([HEADER.encode(), good, old]), "text/csv")
    assert [event.contact_name for event in parsed.events] == ["Łucja", "Jürgen"]


def test_utf16_file():
    (event,) = parse_rows(cdr_row(clid='"Łucja" <1>'), encoding="utf-16").events
    assert event.contact_name == "Łucja"


@pytest.mark.parametrize(
    ("raw", "tz", "code"),
    [
        (b"", "UTC", "empty"),
        (b"\n \r\n", "UTC", "empty"),
        (b"PK\x03\x04xlsx", "UTC", "not_csv"),
        (b"a,b\0", "UTC", "not_csv"),
        (b"a,b", "Mars/Olympus", "unknown_timezone"),
    ],
)
def test_unreadable_file_is_refused(raw, tz, code):
    with pytest.raises(PayloadError) as caught:
        asterisk.parse(raw, "text/csv", tz)
    assert caught.value.code == code


@given(
    st.lists(st.text(max_size=30), min_size=21, max_size=21), st.sampled_from(["UTC", "Asia/Gaza"])
)
def test_any_row_is_an_event_or_a_broken_row(cells, tz):
    row = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        parsed = asterisk.parse(row.encode("utf-8", "surrogatepass"), "text/csv", tz)
    except PayloadError:
        return
    assert parsed.events or parsed.broken


# ---- SET-UP ----


def test_setup_steps_name_the_address_and_no_secret():
    steps = asterisk.setup_steps(URL, untranslated)
    assert "'https://odoo.example.com/lead_communications/pbx/abc'" in steps
    assert "${LC_DIRECTION}" in steps
    assert "$$" not in steps


def test_setup_steps_write_the_cdr_that_is_read():
    mapping = (SAMPLES / "pbx_conf" / "cdr_custom.conf").read_text(encoding="utf-8")
    assert mapping.partition("=> ")[2].strip() in asterisk.setup_steps("", untranslated)


SHIPPED = [
    # What Asterisk 22 pushed with the dialplan of the set-up steps (calls on Local channels).
    (
        "event=hangup&direction=inbound&uniqueid=1795314448.1&linkedid=1795314448.0"
        "&src=%2B48221234567"
        "&name=Se%C3%A1n%20O%27Brien&did=%2B48227001101&agent=101&member=&peer=101%40agents"
        "&start=1795314448&end=1795314451&answered=2&dialstatus=ANSWER&vmstatus=&cause=16"
        "&recording=",
        ("incoming", "+48221234567", "Seán O'Brien", "+48227001101", "101", "answered", 2),
    ),
    (
        "event=hangup&direction=inbound&uniqueid=1795314316.5&linkedid=1795314316.4"
        "&src=0048221234568"
        "&name=Za%C5%BC%C3%B3%C5%82%C4%87%2C%20%E6%97%A5%E6%9C%AC%20%26%20co&did=%2B48227001102"
        "&agent=102&member=&peer=&start=1795314316&end=1795314316&answered=&dialstatus=BUSY"
        "&vmstatus="
        "&cause=16&recording=",
        ("incoming", "0048221234568", "Zażółć, 日本 & co", "+48227001102", "102", "busy", 0),
    ),
    (
        "event=hangup&direction=inbound&uniqueid=1795314322.9&linkedid=1795314322.8&src=221234569"
        "&name=Jan&did=%2B48227001103&agent=103&member=&peer=&start=1795314322&end=1795314324"
        "&answered="
        "&dialstatus=NOANSWER&vmstatus=&cause=16&recording=",
        ("incoming", "221234569", "Jan", "+48227001103", "103", "missed", 0),
    ),
    (
        "event=hangup&direction=inbound&uniqueid=1795314328.13&linkedid=1795314328.12"
        "&src=%2B48221234573&name=Queue&did=%2B48227001900&agent="
        "&member=Local%2F101%40agents%2Fn&peer="
        "&start=1795314328&end=1795314331&answered=2&dialstatus=&vmstatus=&cause=16&recording=",
        ("incoming", "+48221234573", "Queue", "+48227001900", "101", "answered", 2),
    ),
    (
        "event=hangup&direction=outbound&uniqueid=1795314336.17&linkedid=1795314336.16&src=101"
        "&name=Anna&did=%2B48600100200&agent=101&member=&peer=101%40agents&start=1795314336"
        "&end=1795314339&answered=2&dialstatus=ANSWER&vmstatus=&cause=16&recording=",
        ("outgoing", "+48600100200", "", "", "101", "answered", 2),
    ),
]


@pytest.mark.parametrize(("body", "expected"), SHIPPED)
def test_push_of_the_shipped_dialplan(body, expected):
    (event,) = asterisk.parse(body.encode()).events
    assert expected == (
        event.direction,
        event.number,
        event.contact_name,
        event.line_number,
        event.extension,
        event.result,
        event.talk_seconds,
    )
