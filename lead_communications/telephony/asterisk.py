"""Asterisk, and what is built on it: the signed push of our dialplan, CDR files (CSV), AMI events.

Sources: ``CDR-Specification.md`` of the Asterisk documentation, ``cdr_custom.conf.sample`` and
``cdr_csv.c`` of Asterisk 22, and captures of real calls (``tests/samples/asterisk``).

One call is one ``linkedid``: its rows and pushes share it. A row or push is one
:class:`~.call_event.CallEvent`; who merges them has the call.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import unquote_to_bytes

from ..tools.phone import is_extension
from .asterisk_ami import CONTENT_TYPE as AMI_CONTENT_TYPE
from .asterisk_ami import parse_ami
from .asterisk_cdr import parse_cdr
from .asterisk_fields import (
    call_id,
    contact_name,
    endpoint,
    from_epoch,
    is_first_leg,
    is_local,
    recording,
    telephone,
)
from .asterisk_setup import setup_steps
from .call_event import CallEvent, Leg
from .payload import BrokenRow, Parsed, PayloadError, clean_text
from .reading import NUMBER_LENGTH, decode, id_epoch, is_number
from .signature import SIGNATURE_HEADER, sent_at, sign, verify
from .site import Site

__all__ = [
    "LABEL",
    "SECRET_IS_GIVEN",
    "SIGNATURE_HEADER",
    "parse",
    "sent_at",
    "setup_steps",
    "sign",
    "verify",
]

LABEL = "Asterisk"
SECRET_IS_GIVEN = False

MAX_FIELDS = 100
_LINE_LENGTH = 4000
#: So often nobody transfers a call.
_MAX_SPOKEN = 50

# ---- ENTRANCE ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC", site: Site | None = None) -> Parsed:
    """Return the events of pushes, of a CDR file (``text/csv``) or of the AMI listener.

    Of pushes there may be several in one body, a line each.

    :param tz: the time zone that the local times of CDRs are in; pushes carry epochs.
    :param site: what is known of the system, its time zone included.
    :raise PayloadError: nothing of it can be read. A broken row or event does not raise.
    """
    site = site or Site(tz=tz)
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/csv":
        return parse_cdr(body, site)
    if kind == AMI_CONTENT_TYPE:
        return parse_ami(body, site)
    return _parse_pushes(body, site)


# ---- PUSH ----


def _parse_pushes(body: bytes, site: Site) -> Parsed:
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    parsed = Parsed()
    for number, line in lines or [(1, body)]:
        try:
            push = _form_fields(line)
            if push.get("event") == "test":
                parsed.trials.append(decode(line).strip())
            else:
                parsed.events.append(_parse_push(push, site))
        except PayloadError as error:
            if len(lines) < 2:
                raise
            text = decode(line[:_LINE_LENGTH])
            parsed.broken.append(BrokenRow(number, text, str(error), error.code))
    return parsed


def _parse_push(push: Mapping[str, str], site: Site) -> CallEvent:
    """Return what the hangup handler of our dialplan says about one call."""
    linked_id = call_id(push)
    direction = _push_direction(push, site)
    going = push.get("event", "hangup") != "hangup"
    result = "" if going else _push_result(push, direction)
    start = _push_epoch(push, "start") or id_epoch(linked_id)
    end = None if going else _push_epoch(push, "end") or start
    talk = _push_seconds(push.get("answered")) if result == "answered" else 0
    incoming = direction == "incoming"
    event = CallEvent(
        external_id=linked_id,
        direction=direction,
        number=_push_number(push, direction),
        contact_name=contact_name(push.get("name")) if incoming else "",
        line_number=clean_text(push.get("did"), NUMBER_LENGTH) if incoming else "",
        extension=_push_extension(push, direction, result, site),
        result=result,
        start=start,
        answer=end - timedelta(seconds=talk) if end and result == "answered" else None,
        end=end,
        talk_seconds=talk,
        recording=recording(push.get("recording"), result),
        is_first=is_first_leg(push),
        # The caller may have gone on to somebody else, after the last Dial().
        is_exact=result != "answered",
    )
    return replace(event, legs=event.known_legs | frozenset(_other_legs(push, event, site)))


def _other_legs(push: Mapping[str, str], event: CallEvent, site: Site) -> Iterator[Leg]:
    """Yield who else the caller spoke with: before a transfer, and whom nobody dialled."""
    if event.direction != "incoming":
        return
    base = Leg(
        direction=event.direction, result="answered", is_first=event.is_first, is_exact=False
    )
    for spoken in push.get("spoke", "").split("~")[:_MAX_SPOKEN]:
        member, _bar, rest = spoken.partition("|")
        peer, _bar, rest = rest.partition("|")
        seconds, _bar, end = rest.partition("|")
        talk, epoch = _push_seconds(seconds), re.fullmatch(r"\d{9,10}", end, re.ASCII)
        if talk and epoch:
            yield replace(
                base,
                extension=_agent(member, site) or _agent(peer, site),
                answer=from_epoch(end) - timedelta(seconds=talk),
                seconds=talk,
            )
    bridged = push.get("bridged", "")
    last = _agent(bridged, site)
    if event.is_spoken and last and last != event.extension and not is_local(bridged):
        yield replace(base, extension=last, answer=event.end)


def _agent(text: str, site: Site) -> str:
    """Return the telephone of ours in a channel or a dialled name; ``""`` if it is outside."""
    name = telephone(text)
    if name in site.extensions:
        return name
    is_outside = site.is_trunk(name) or is_number(name.partition(":")[2] or name)
    return "" if is_outside or _names_trunk(text, site) else name


def _names_trunk(text: str, site: Site) -> bool:
    """Tell whether it has the name of a trunk: ``600100200@carrier``, ``carrier/sip:6…``."""
    return any(site.is_trunk(part) for part in re.split(r"[/@]", text))


def _form_fields(body: bytes) -> dict[str, str]:
    """Return the fields of an ``application/x-www-form-urlencoded`` body.

    Each value is decoded for itself: a caller's name in an old 8-bit encoding must not cost the
    call.
    """
    pairs = body.strip().split(b"&")
    if len(pairs) > MAX_FIELDS:
        raise PayloadError("too_many_fields", f"More than {MAX_FIELDS} fields.")
    fields = {}
    for pair in pairs:
        name, _equals, value = pair.partition(b"=")
        fields[decode(name)] = decode(unquote_to_bytes(value.replace(b"+", b" ")))
    return fields


def _push_direction(push: Mapping[str, str], site: Site) -> str:
    """Return the direction as the dialplan set it; else what is known of the two numbers.

    What is short may be a service outside: only a telephone makes it internal, one that is known or
    that was dialled without a trunk; or that nobody is told to have been called.
    """
    stated = push.get("direction", "").strip().lower()
    for direction, words in (
        ("incoming", ("inbound", "incoming", "in")),
        ("outgoing", ("outbound", "outgoing", "out")),
        ("internal", ("internal",)),
    ):
        if stated in words:
            return direction
    caller, called = (push.get(name, "").strip() for name in ("src", "did"))
    if caller not in site.extensions and (site.extensions or not is_extension(caller)):
        return "incoming"
    is_telephone = called in site.extensions or push.get("peer", "").strip() == called
    return "internal" if is_telephone or not called else "outgoing"


def _push_number(push: Mapping[str, str], direction: str) -> str:
    if direction == "internal":
        return ""
    return clean_text(push.get("src" if direction == "incoming" else "did"), NUMBER_LENGTH)


def _push_result(push: Mapping[str, str], direction: str) -> str:
    """Return the outcome of a finished call.

    After Queue() ``DIALSTATUS`` is empty and only ``ANSWEREDTIME`` tells that somebody answered.
    """
    status = push.get("dialstatus", "").strip().upper()
    if status == "ANSWER" or (not status and _push_seconds(push.get("answered"))):
        return "answered"
    if push.get("vmstatus", "").strip().upper() == "SUCCESS":
        return "voicemail"
    if status in ("BUSY", "NOANSWER"):
        return {"BUSY": "busy", "NOANSWER": "missed"}[status]
    if push.get("cause", "").strip() == "21" and status != "CANCEL":
        return "rejected"
    if status in (
        "",
        "CANCEL",
    ):  # the caller gave up: in the announcement, in the queue, while it rang
        return "missed" if direction != "outgoing" else "canceled"
    return "failed"  # CHANUNAVAIL, CONGESTION, ...


def _push_extension(push: Mapping[str, str], direction: str, result: str, site: Site) -> str:
    """Return the agent: who answered (queue member, dialled peer), else whom it was for."""
    dialled = ("member", "peer", "agent")
    if direction == "incoming":
        names = dialled if result == "answered" else ("agent",)
    elif is_number(push.get("agent", "")) and not is_first_leg(push):
        names = dialled  # whom it was transferred to: it is the customer who "calls" them
    else:
        names = ("agent", "src")
    found = ((name, push.get(name, "")) for name in names)
    # Whoever was dialled and is no telephone of ours is no agent: a mobile phone.
    for name, text in found:
        if text.strip():
            return _agent(text, site) if name in ("member", "peer") else endpoint(text)
    return ""


def _push_epoch(push: Mapping[str, str], name: str) -> datetime | None:
    text = push.get(name, "").strip()
    return from_epoch(text) if re.fullmatch(r"\d{9,10}", text, re.ASCII) else None


def _push_seconds(text: str | None) -> int:
    """Return a number of seconds; what is none counts as 0, for it must not cost the call."""
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"\d{1,7}", text, re.ASCII) else 0
