"""Yeastar P-Series: webhooks.

Sources: Yeastar's developer guide, "Monitor Events via Webhook" and the events 30011 and 30012.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, tzinfo
from typing import Any

from .call_event import CallEvent
from .inbound import InboundRequest
from .payload import Parsed, PayloadError
from .reading import (
    NAME_LENGTH,
    NUMBER_LENGTH,
    contact_name,
    id_epoch,
    id_of,
    list_of,
    load_object,
    moment_of,
    object_of,
    parse_one,
    seconds_of,
    text_of,
    zone_of,
)
from .signature import require_header, require_match
from .site import Site

LABEL = "Yeastar P-Series"
SECRET_IS_GIVEN = True

_CALL_STATUS, _CALL_END = "30011", "30012"
_DIRECTIONS = {"inbound": "incoming", "outbound": "outgoing", "internal": "internal"}
_RESULTS = {
    "ANSWERED": "answered",
    "ANSWERD": "answered",  # so the guide writes it  # codespell:ignore answerd
    "NO ANSWER": "missed",
    "BUSY": "busy",
    "VOICEMAIL": "voicemail",
    "ABANDONED": "canceled",
    "FAILED": "failed",
}
_TALKING = ("ANSWER", "ANSWERED", "HOLD")

# ---- SIGNATURE ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless the PBX signed the body. The signature has no time."""
    given = require_header(request, "X-Signature")
    require_match(given, [_sign(request.body, secret) for secret in secrets])


def _sign(body: bytes, secret: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC", site: Site | None = None) -> Parsed:
    """Return the event of a webhook; none if it is not about a call.

    :param tz: the time zone of the PBX, for its times are local.
    :param site: what is known of the PBX: the order of its dates is that of its country.
    """
    site = site or Site(tz=tz)
    document, zone = load_object(body), zone_of(site.tz)
    return parse_one(lambda: _event(document, zone, site.country_code), body)


def _event(document: Mapping[str, Any], zone: tzinfo, country_code: str) -> CallEvent | None:
    kind = text_of(document, "type")
    if kind not in (_CALL_STATUS, _CALL_END):
        return None
    message = document.get("msg")
    # Some releases send the message as an object, others as a text that holds one.
    call = load_object(message) if isinstance(message, str) else object_of(document, "msg")
    return _ended(call, zone, country_code) if kind == _CALL_END else _going(call)


# ---- EVENT 30012: CALL END DETAILS ----


def _ended(call: Mapping[str, Any], zone: tzinfo, country_code: str) -> CallEvent:
    direction = _DIRECTIONS.get(text_of(call, "type").lower())
    if not direction:
        raise PayloadError("type", "type is neither Inbound nor Outbound nor Internal.")
    call_id = id_of(call, "call_id")
    result = _result(call, direction)
    start = _start(call, zone, country_code, id_epoch(call_id))
    if start is None:
        raise PayloadError("time_start", "time_start is missing.")
    end = start + timedelta(seconds=seconds_of(call, "call_duration"))
    talk = seconds_of(call, "talk_duration") if result == "answered" else 0
    (name, caller), (_name, called) = _party(call, "call_from"), _party(call, "call_to")
    incoming = direction == "incoming"
    return CallEvent(
        external_id=call_id,
        direction=direction,
        number={"incoming": caller, "outgoing": called}.get(direction, ""),
        contact_name=contact_name(name) if incoming else "",
        line_number=text_of(call, "did_number") if incoming else "",
        extension=called if incoming else caller,
        result=result,
        start=start,
        answer=end - timedelta(seconds=talk) if result == "answered" else None,
        end=end,
        talk_seconds=talk,
        recording=text_of(call, "recording", 255) if result in ("answered", "voicemail") else "",
    )


def _start(
    call: Mapping[str, Any], zone: tzinfo, country_code: str, known: datetime | None
) -> datetime | None:
    """Return when the call began: as written, in whichever format the PBX is set to.

    :param known: the moment in the id of the call: it tells the day from the month, and counts
        where the text cannot be read.
    """
    try:
        written = moment_of(call, "time_start", zone, near=known, country_code=country_code)
    except PayloadError:
        if known is None:
            raise
        return known
    return written or known


def _result(call: Mapping[str, Any], direction: str) -> str:
    written = text_of(call, "status").upper().replace("_", " ")
    result = _RESULTS.get(written)
    if result is None:
        raise PayloadError("status", f"Unknown status: {written[:40]}")
    return "missed" if result == "canceled" and direction != "outgoing" else result


def _party(call: Mapping[str, Any], key: str) -> tuple[str, str]:
    """Return name and number of ``Jan Kowalski<+48221234567>``, or of a bare number."""
    text = text_of(call, key, NAME_LENGTH)
    match = re.fullmatch(r'"?([^"<>]*)"?\s*<([^<>]*)>', text)
    name, number = (match[1], match[2]) if match else ("", text)
    return name.strip(), number.strip()[:NUMBER_LENGTH]


# ---- EVENT 30011: CALL STATUS CHANGED ----


def _going(call: Mapping[str, Any]) -> CallEvent:
    """Return a call that goes on, from those who take part in it."""
    members = list_of(call, "members")
    agents, callers, called = (
        [object_of(member, kind) for member in members if member.get(kind)]
        for kind in ("extension", "inbound", "outbound")
    )
    direction, number, line = "internal", "", ""
    if callers:
        direction, number = "incoming", text_of(callers[0], "from")
        line = text_of(callers[0], "to")
    elif called:
        direction, number = "outgoing", text_of(called[0], "to")
    call_id = id_of(call, "call_id")
    return CallEvent(
        external_id=call_id,
        direction=direction,
        number=number,
        line_number=line,
        extension=_agent(agents),
        start=id_epoch(call_id),
    )


def _agent(agents: list[Mapping[str, Any]]) -> str:
    """Return the extension that talks, or the only one there is."""
    talking = [agent for agent in agents if text_of(agent, "member_status").upper() in _TALKING]
    found = talking or agents
    return text_of(found.pop(), "number") if len(found) == 1 else ""


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does on the PBX."""
    return "\n\n".join(
        [
            env._(
                "1. On the PBX open Integrations > API, switch on Webhook Event Push, and add a"
                " webhook with this address and the request method POST:"
            ),
            f"    {url}",
            env._(
                "2. Choose the events (30011) Call Status Changed and (30012) Call End Details"
                " Notification."
            ),
            env._(
                "3. The PBX shows the Secret of the webhook: enter it here as the secret. Nothing"
                " is accepted before."
            ),
            env._(
                "4. The time zone of this page has to be the one of the PBX (System > Date and"
                " Time), for it reports local times."
            ),
            env._("In Lines, the extension of a salesperson is the extension on the PBX."),
        ]
    )
