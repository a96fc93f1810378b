"""The events of Asterisk's manager interface (AMI), as ``ami/listen.py`` sends them.

Sources: ``API_Documentation/AMI_Events`` of the Asterisk documentation, ``cdr_manager.c``,
``causes.h``, and captures of whole calls (``tests/samples/asterisk/ami_*.txt``).

Each event is read for itself, and claims no more than it proves: a call that is still ringing
somewhere has no result, and how it ended is said by the end of its first channel and by its CDR
only. So the events of a call can be cut into requests anywhere, repeated and mixed;
:func:`~.call_event.merge` makes one call of them.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime

from ..tools.phone import is_extension
from . import asterisk_parties
from .asterisk_cdr import cdr_event
from .asterisk_fields import (
    call_id,
    contact_name,
    endpoint,
    from_epoch,
    is_first_leg,
    telephone,
)
from .call_event import CallEvent
from .payload import BrokenRow, Parsed, PayloadError, clean_text
from .reading import NUMBER_LENGTH, id_epoch, is_number, zone_of
from .site import UNKNOWN, Site

#: One event a line, each a JSON object of texts by the names that Asterisk gives them.
CONTENT_TYPE = "application/x-asterisk-ami+jsonl"

_ROW_TEXT_LENGTH = 8000

#: The names of the CDR's fields in the event ``Cdr``; those of ``[mappings]`` in
#: ``cdr_manager.conf`` (``linkedid``, ``did``, ``recordingfile``) are the CDR's own.
_CDR_FIELDS = {
    "source": "src",
    "destination": "dst",
    "destinationcontext": "dcontext",
    "callerid": "clid",
    "destinationchannel": "dstchannel",
    "lastapplication": "lastapp",
    "starttime": "start",
    "answertime": "answer",
    "endtime": "end",
    "billableseconds": "billsec",
}
#: Who is brought together without being dialled: by an attended transfer, out of a parking place.
_TAKEN_OVER = {
    "attendedtransfer": ("transferee", "transfertarget"),
    "unparkedcall": ("parkee", "retriever"),
}
#: Hangup causes that tell the outcome, whoever called.
_CAUSES = {"17": "busy", "18": "no_answer", "19": "no_answer", "21": "rejected"}
_ANSWERED_ELSEWHERE = "26"
#: Causes with which a caller who gives up leaves; what is neither is a failure of the network.
_ORDINARY_CAUSES = ("", "0", "16", "127")
#: ``Ring`` and ``Up``: a channel that is ``Down`` or ``Ringing`` is one that the PBX itself dials.
_CALLING_STATES = ("4", "6")


def parse_ami(body: bytes, site: Site = UNKNOWN) -> Parsed:
    """Return what the events in ``body`` say about calls; most events say nothing.

    :param body: one event a line, see :data:`CONTENT_TYPE`.
    :param site: also the time zone of the times in ``Cdr`` events.
    """
    zone_of(site.tz)
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    if not lines:
        raise PayloadError("empty", "There are no events.")
    parsed = Parsed()
    for number, line in lines:
        try:
            event = ami_event(_fields(line), site)
        except PayloadError as error:
            text = line[:_ROW_TEXT_LENGTH].decode(errors="replace")
            parsed.broken.append(BrokenRow(number, text, str(error), error.code))
        else:
            parsed.events.extend([event] if event else [])
    return parsed


def ami_event(fields: Mapping[str, str], site: Site = UNKNOWN) -> CallEvent | None:
    """Return what an event says about a call, None if nothing.

    :param fields: by the names that Asterisk gives them, in lower case.
    :raise PayloadError: it is about a call, and cannot be read.
    """
    name = fields.get("event", "").lower()
    if name == "cdr":
        return cdr_event({_CDR_FIELDS.get(key, key): fields[key] for key in fields}, site)
    if name in ("dialbegin", "dialend") and fields.get("channel"):
        # Without a caller's channel it is Originate that dials: the own telephone of the one who
        # clicked. That they pick up is no answer yet.
        return _dial_event(fields, site, is_end=name == "dialend")
    if name == "hangup":
        return _hangup_event(fields, site)
    if parties := _TAKEN_OVER.get(name):
        return _taken_over_event(fields, parties, site)
    return None


def _fields(line: bytes) -> dict[str, str]:
    """Return the fields of one event, stripped, by their names in lower case."""
    try:
        event = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise PayloadError("not_json", "This is no JSON object.") from error
    if not isinstance(event, dict):
        raise PayloadError("not_json", "This is no JSON object.")
    return {
        key.lower(): "" if value.strip() in ("<unknown>", "<none>") else _unescaped(key, value)
        for key, value in event.items()
        if isinstance(value, str)
    }


#: Asterisk writes the names of the parties as strings of C, and nothing else.
_ESCAPED = frozenset({"calleridname", "connectedlinename"})
_ESCAPES = {"n": " ", "r": " ", "t": " ", "v": " ", "f": " ", "a": "", "b": ""}


def _unescaped(key: str, value: str) -> str:
    """Return the value of a field as it was before Asterisk escaped it: ``D\'Arcy``."""
    value = value.strip()
    if "\\" not in value or key.lower().removeprefix("dest") not in _ESCAPED:
        return value
    return re.sub(
        r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), value, flags=re.DOTALL
    ).strip()


def _dial_event(fields: Mapping[str, str], site: Site, is_end: bool) -> CallEvent | None:
    """Return that it rings or that somebody answered.

    That one telephone of several is busy or does not answer is not the end of the call, nor is
    that it stops ringing because another one was answered.
    """
    if is_end and fields.get("dialstatus", "").upper() != "ANSWER":
        return None
    direction = _direction(fields, fields.get("destcalleridnum", ""), site)
    return _event(
        fields,
        direction,
        extension=_extension(fields, direction, site),
        result="answered" if is_end else "",
        answer=_timestamp(fields) if is_end else None,
    )


def _hangup_event(fields: Mapping[str, str], site: Site) -> CallEvent | None:
    """Return that the call is over: it is when the channel that it began with ends.

    The result that is claimed is the weakest that fits, so that an answer or the CDR overrules it.
    """
    if fields.get("uniqueid") != fields.get("linkedid", fields.get("uniqueid")):
        return None  # a leg: cause 26 there means that somebody else answered
    if fields.get("channelstate") not in _CALLING_STATES:
        return None
    if fields.get("cause") == _ANSWERED_ELSEWHERE:
        return None  # by the PBX that this one stands behind
    direction = _direction(fields, fields.get("connectedlinenum", ""), site)
    return _event(
        fields, direction, result=_hangup_result(fields, direction), end=_timestamp(fields)
    )


def _taken_over_event(
    fields: Mapping[str, str], parties: tuple[str, str], site: Site
) -> CallEvent | None:
    """Return that a telephone of ours speaks from now on with a party whom somebody else had.

    Either may be the one outside: whoever transfers may have called either of them first. It is the
    call with that party, so two of ours are no news.
    """
    if fields.get("result", "Success").lower() != "success":
        return None
    ours = [party for party in parties if _is_telephone(fields, party, site)]
    others = [party for party in parties if party not in ours and fields.get(f"{party}channel")]
    if len(ours) != 1 or len(others) != 1:
        return None
    names = ("channel", "uniqueid", "linkedid", "calleridnum", "calleridname")
    outside = {name: fields.get(f"{others[0]}{name}", "") for name in names}
    # A call from outside began with their channel, one to them with that of who called them.
    is_incoming = is_first_leg(outside)
    return CallEvent(
        external_id=call_id(outside),
        direction="incoming" if is_incoming else "outgoing",
        number=clean_text(outside["calleridnum"], NUMBER_LENGTH),
        contact_name=contact_name(outside["calleridname"]) if is_incoming else "",
        extension=telephone(fields[f"{ours[0]}channel"]),
        result="answered",
        start=id_epoch(call_id(outside)) or _timestamp(fields),
        answer=_timestamp(fields),
    )


def _is_telephone(fields: Mapping[str, str], party: str, site: Site) -> bool:
    name = telephone(fields.get(f"{party}channel", ""))
    if site.extensions or site.is_trunk(name):
        return name in site.extensions
    return is_extension(name) and fields.get(f"{party}calleridnum", "") == name


def _event(fields: Mapping[str, str], direction: str, **values) -> CallEvent:
    linked_id = call_id(fields)
    incoming = direction == "incoming"
    dialled = fields.get("exten", "")
    number = "calleridnum" if incoming else "exten"
    return CallEvent(
        external_id=linked_id,
        direction=direction,
        number="" if direction == "internal" else clean_text(fields.get(number, ""), NUMBER_LENGTH),
        contact_name=contact_name(fields.get("calleridname")) if incoming else "",
        # Inside a dialplan the extension may be "s" or that of a group: no number that was called.
        line_number=clean_text(dialled, NUMBER_LENGTH) if incoming and is_number(dialled) else "",
        start=id_epoch(linked_id) or _timestamp(fields),
        is_first=is_first_leg(fields),
        is_aside=asterisk_parties.is_aside(fields, direction),
        **values,
    )


def _direction(fields: Mapping[str, str], other_party: str, site: Site) -> str:
    """Return the direction, as of a CDR: who called, and whether their number is dialled outside.

    :param other_party: the number of the called party, as the PBX shows it.
    """
    dialled = fields.get("dialstring", "")
    return asterisk_parties.direction(
        {
            "channel": fields.get("channel", ""),
            "dstchannel": fields.get("destchannel", ""),
            "dcontext": fields.get("context", ""),
            "src": fields.get("calleridnum", ""),
            "dst": fields.get("exten", ""),
            "lastdata": f"/{other_party}&/{dialled}",
        },
        site,
    )


def _extension(fields: Mapping[str, str], direction: str, site: Site) -> str:
    """Return the agent's telephone: the one that rings, of an outgoing call the caller's."""
    if direction != "incoming":
        caller, name = fields.get("calleridnum", ""), endpoint(fields.get("channel", ""))
        if caller in site.extensions or (name not in site.extensions and is_extension(caller)):
            return caller
        return name
    called = telephone(fields.get("destchannel", ""))
    if site.is_trunk(called):
        return ""
    if (
        called not in site.extensions
        and not is_extension(called)
        and is_number(fields.get("destcalleridnum", ""))
    ):
        return ""  # forwarded to the outside by a trunk
    return called


def _hangup_result(fields: Mapping[str, str], direction: str) -> str:
    cause = fields.get("cause", "")
    if cause in _CAUSES:
        return _CAUSES[cause]
    if direction != "outgoing":
        return "missed"
    return "canceled" if cause in _ORDINARY_CAUSES else "failed"


def _timestamp(fields: Mapping[str, str]) -> datetime | None:
    """Return when the event happened; the listener adds it if Asterisk does not."""
    match = re.fullmatch(r"(\d{9,10})(\.\d+)?", fields.get("timestamp", ""), re.ASCII)
    return from_epoch(match[1]) if match else None
