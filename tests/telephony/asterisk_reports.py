"""Calls as an Asterisk reports them: by the dialplan, in call records, by the manager interface.

And what is known of them on a telephone system with a few telephones and one number.
"""

import csv
import io
import json
from datetime import UTC, datetime

from provider_checks import FORM, form

from lead_communications import telephony
from lead_communications.telephony.asterisk_ami import _CDR_FIELDS
from lead_communications.telephony.asterisk_ami import CONTENT_TYPE as AMI
from lead_communications.telephony.asterisk_setup import CDR_COLUMNS
from lead_communications.telephony.call_event import merge_all
from lead_communications.telephony.switchboard import Line, Switchboard

EPOCH = 1795817869
CUSTOMER, LINE, MOBILE = "600600001", "221234100", "600999888"
ANNA, BEN, CLARA = 11, 12, 13
BOARD = Switchboard(
    country_code="PL",
    company_id=1,
    team_id=2,
    trunks=frozenset({"carrier"}),
    users={"101": ANNA, "102": BEN, "205": CLARA, "206": None},
    lines={"+48221234100": Line(id=5, company_id=3, team_id=4, user_id=99)},
)
CALL, OTHER = f"{EPOCH}.1", f"{EPOCH + 30}.9"


def moment(seconds):
    return datetime.fromtimestamp(EPOCH + seconds, UTC).replace(tzinfo=None)


def channel(name, serial):
    return f"PJSIP/{name}-{serial:08x}"


def row(start, answer, end, caller=("carrier", 1), called=("101", 2), **more):
    """Return a call record: who was dialled when, counted in seconds from the beginning."""
    seconds = end - answer if answer is not None else 0
    values = {
        "clid": f'"" <{CUSTOMER}>',
        "src": CUSTOMER,
        "dst": LINE,
        "dcontext": "from-trunk",
        "channel": channel(*caller),
        "dstchannel": channel(*called) if called else "",
        "lastapp": "Dial",
        "lastdata": f"PJSIP/{called[0]},30" if called else "",
        "start": str(moment(start)),
        "answer": str(moment(answer)) if answer is not None else "",
        "end": str(moment(end)),
        "duration": str(end - start),
        "billsec": str(seconds),
        "disposition": "ANSWERED" if answer is not None else "NO ANSWER",
        "uniqueid": CALL,
        "linkedid": CALL,
    } | more
    text = io.StringIO()
    csv.DictWriter(text, CDR_COLUMNS, restval="", quoting=csv.QUOTE_ALL).writerow(values)
    return text.getvalue().encode(), "text/csv"


def ami(name, at, **fields):
    event = {
        "Event": name,
        "Timestamp": f"{EPOCH + at}.400000",
        "Channel": channel("carrier", 1),
        "ChannelState": "6",
        "CallerIDNum": CUSTOMER,
        "Context": "from-trunk",
        "Exten": LINE,
        "Uniqueid": CALL,
        "Linkedid": CALL,
    }
    return json.dumps(event | fields).encode(), AMI


def dial(at, name, serial=2, **fields):
    """Return that a telephone begins to ring."""
    dest = {"DestChannel": channel(name, serial), "DestCallerIDNum": name, "DialString": name}
    return ami("DialBegin", at, **dest | fields)


def picked_up(at, name, serial=2, **fields):
    dest = {"DestChannel": channel(name, serial), "DestCallerIDNum": name, "DialStatus": "ANSWER"}
    return ami("DialEnd", at, **dest | fields)


def brought_together(name, at, outside, ours, serial=4, **fields):
    """Return that somebody takes over, whom nobody dialled; ``outside`` and ``ours`` name them."""
    event = {
        "Event": name,
        "Timestamp": f"{EPOCH + at}.400000",
        "Result": "Success",
        f"{outside}Channel": channel("carrier", 1),
        f"{outside}CallerIDNum": CUSTOMER,
        f"{outside}Uniqueid": CALL,
        f"{outside}Linkedid": CALL,
        "OrigTransfererChannel": channel("101", 2),
        "SecondTransfererChannel": channel("101", 3),
    }
    party, telephone = ours
    event |= {
        f"{party}Channel": channel(telephone, serial),
        f"{party}CallerIDNum": telephone,
        f"{party}Uniqueid": OTHER,
        f"{party}Linkedid": OTHER,
    }
    return json.dumps(event | fields).encode(), AMI


def fetched(at, name, serial=3):
    return brought_together("UnParkedCall", at, "Parkee", ("Retriever", name), serial)


def hung_up(at, **fields):
    return ami("Hangup", at, **{"Cause": "16"} | fields)


def push(end, **fields):
    values = {
        "event": "hangup",
        "direction": "inbound",
        "uniqueid": CALL,
        "linkedid": CALL,
        "src": CUSTOMER,
        "did": LINE,
        "start": str(EPOCH),
        "end": str(EPOCH + end),
        "dialstatus": "ANSWER",
        "cause": "16",
    }
    return form(**values | {name: str(value) for name, value in fields.items()}), FORM


def spoke(*stages):
    """Return what the dialplan keeps of conversations that were over before: who, seconds, end."""
    return "".join(f"|{peer}|{seconds}|{EPOCH + end}~" for peer, seconds, end in stages)


def by_manager_interface(record):
    """Return a call record as the manager interface sends it, with the id mapped."""
    body, _kind = record
    (values,) = csv.DictReader(io.StringIO(body.decode()), CDR_COLUMNS)
    names = {name: sent for sent, name in _CDR_FIELDS.items()}
    event = {"Event": "Cdr"} | {names.get(name, name): text for name, text in values.items()}
    return json.dumps(event).encode(), AMI


def events(reports):
    return [
        event
        for body, kind in reports
        for event in telephony.parse("asterisk", body, kind, BOARD.site).events
    ]


def known(reports):
    """Return all that is kept of the call that is reported."""
    (call,) = merge_all(events(reports)).values()
    return {
        "direction": call.direction,
        "number": call.number,
        "line": call.line_number,
        "result": call.result,
        "agent": BOARD.agent(call),
        "owner": BOARD.assignment(call)["user_id"],
        "team": BOARD.assignment(call)["team_id"],
        "seconds": call.talk_seconds,
        "spoke": {who.extension: who.seconds for who in call.speakers if who.extension},
        "start": call.start,
        "answer": call.answer,
        "end": call.end,
    }


def facts(reports):
    found = known(reports)
    return {name: value for name, value in found.items() if name not in ("start", "answer", "end")}
