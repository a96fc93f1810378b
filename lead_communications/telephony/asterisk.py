"""Asterisk, and what is built on it: the signed push of our dialplan, CDR files (CSV), AMI events.

Sources: ``CDR-Specification.md`` of the Asterisk documentation, ``cdr_custom.conf.sample`` and
``cdr_csv.c`` of Asterisk 22, and captures of real calls (``tests/samples/asterisk``).

One call is one ``linkedid``: its rows and pushes share it. A row or push is one
:class:`~.call_event.CallEvent`; who merges them has the call.
"""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from urllib.parse import unquote_to_bytes

from ..tools.phone import is_extension
from .asterisk_ami import CONTENT_TYPE as AMI_CONTENT_TYPE
from .asterisk_ami import parse_ami
from .asterisk_cdr import parse_cdr
from .asterisk_fields import call_id, contact_name, endpoint, from_epoch, is_first_leg, recording
from .asterisk_setup import setup_steps
from .call_event import CallEvent
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
    return _parse_pushes(body)


# ---- PUSH ----


def _parse_pushes(body: bytes) -> Parsed:
    lines = [(number, line) for number, line in enumerate(body.split(b"\n"), 1) if line.strip()]
    parsed = Parsed()
    for number, line in lines or [(1, body)]:
        try:
            push = _form_fields(line)
            if push.get("event") == "test":
                parsed.trials.append(decode(line).strip())
            else:
                parsed.events.append(_parse_push(push))
        except PayloadError as error:
            if len(lines) < 2:
                raise
            text = decode(line[:_LINE_LENGTH])
            parsed.broken.append(BrokenRow(number, text, str(error), error.code))
    return parsed


def _parse_push(push: Mapping[str, str]) -> CallEvent:
    """Return what the hangup handler of our dialplan says about one call."""
    linked_id = call_id(push)
    direction = _push_direction(push)
    going = push.get("event", "hangup") != "hangup"
    result = "" if going else _push_result(push, direction)
    start = _push_epoch(push, "start") or id_epoch(linked_id)
    end = None if going else _push_epoch(push, "end") or start
    talk = _push_seconds(push.get("answered")) if result == "answered" else 0
    incoming = direction == "incoming"
    return CallEvent(
        external_id=linked_id,
        direction=direction,
        number=_push_number(push, direction),
        contact_name=contact_name(push.get("name")) if incoming else "",
        line_number=clean_text(push.get("did"), NUMBER_LENGTH) if incoming else "",
        extension=_push_extension(push, direction, result),
        result=result,
        start=start,
        answer=end - timedelta(seconds=talk) if end and result == "answered" else None,
        end=end,
        talk_seconds=talk,
        recording=recording(push.get("recording"), result),
        is_first=is_first_leg(push),
    )


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


def _push_direction(push: Mapping[str, str]) -> str:
    """Return the direction as the dialplan set it; else what the two numbers suggest."""
    stated = push.get("direction", "").strip().lower()
    for direction, words in (
        ("incoming", ("inbound", "incoming", "in")),
        ("outgoing", ("outbound", "outgoing", "out")),
        ("internal", ("internal",)),
    ):
        if stated in words:
            return direction
    if not is_extension(push.get("src")):
        return "incoming"
    return "outgoing" if is_number(push.get("did", "")) else "internal"


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


def _push_extension(push: Mapping[str, str], direction: str, result: str) -> str:
    """Return the agent: who answered (queue member, dialled peer), else whom it was for."""
    if direction != "incoming":
        names = ("agent", "src")
    elif result == "answered":
        names = ("member", "peer", "agent")
    else:
        names = ("agent",)
    found = (endpoint(push.get(name, "")) for name in names)
    return next(filter(None, found), "")


def _push_epoch(push: Mapping[str, str], name: str) -> datetime | None:
    text = push.get(name, "").strip()
    return from_epoch(text) if re.fullmatch(r"\d{9,10}", text, re.ASCII) else None


def _push_seconds(text: str | None) -> int:
    """Return a number of seconds; what is none counts as 0, for it must not cost the call."""
    text = (text or "").strip()
    return int(text) if re.fullmatch(r"\d{1,7}", text, re.ASCII) else 0
