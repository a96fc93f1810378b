"""Zoom Phone: webhooks of an app in the Zoom Marketplace.

Sources: Zoom's documentation of webhooks and of the events of Zoom Phone, and the types of its
library Rivet. Zoom writes ``handup_result``.

``phone.caller_…`` tells of the telephone that calls, ``phone.callee_…`` of each that is called; all
of a call have its ``call_id``. A telephone of the account has an extension, a party outside has
none, or one of the type ``pstn``. Queues and menus have extensions, too, and are no people.

The old ``…_call_log_completed`` tells nothing that ``…_call_history_completed`` does not.
Recordings and voicemails can be fetched with an access token of Zoom only, and are left there.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from .call_event import CallEvent
from .inbound import Answer, InboundRequest
from .payload import BrokenRow, Parsed, PayloadError, SignatureError
from .reading import (
    NAME_LENGTH,
    contact_name,
    decode,
    id_of,
    list_of,
    load_object,
    moment_of,
    object_of,
    talk_between,
    text_of,
    with_plus,
    zone_of,
)
from .signature import require_fresh, require_header, require_match
from .zoom_history import is_machine, is_ours, leg_event, outcome, voicemail_event

LABEL = "Zoom Phone"
SECRET_IS_GIVEN = True

_UTC = zone_of("UTC")
_LIVE = re.compile(
    r"phone\.(caller|callee)_(ringing|connected|answered|ended|missed|rejected)", re.ASCII
)
_HISTORY = re.compile(r"phone\.(?:caller|callee)_call_(history|element)_completed", re.ASCII)

# ---- SIGNATURE ----


def challenge(request: InboundRequest, secrets: Iterable[str], now: float) -> Answer | None:
    """Return what Zoom has to be shown that the address is ours: its token, and its digest.

    Zoom signs this request as any other. It has to: the digest of a text of somebody's choice could
    be the signature of a report.
    """
    try:
        document = load_object(request.body)
        token = text_of(object_of(document, "payload"), "plainToken", None)
        if document.get("event") != "endpoint.url_validation":
            return None
    except PayloadError:
        return None  # whatever it is, it is none
    if not re.fullmatch(r"[\w-]{1,200}", token, re.ASCII):
        raise SignatureError("signature_malformed", "The token is malformed.")
    known = list(secrets)
    verify(request, known, now)
    signed = next(secret for secret in known if _matches(request, secret))
    proven = {"plainToken": token, "encryptedToken": _digest(token.encode(), signed)}
    return Answer(json.dumps(proven), "application/json")


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless one of ``secrets`` signed time and body."""
    given = require_header(request, "x-zm-signature")
    require_match(given, [_signature(request, secret) for secret in secrets])
    require_fresh(sent_at(request), now)


def sent_at(request: InboundRequest) -> int:
    """Return when a verified request was signed by Zoom's clock, in seconds since 1970."""
    return int(_timestamp(request)[:10])


def _timestamp(request: InboundRequest) -> str:
    timestamp = require_header(request, "x-zm-request-timestamp")
    if not re.fullmatch(r"\d{10}|\d{13}", timestamp, re.ASCII):  # seconds, or milliseconds
        raise SignatureError("signature_malformed", "x-zm-request-timestamp is malformed.")
    return timestamp


def _signature(request: InboundRequest, secret: str) -> str:
    return "v0=" + _digest(f"v0:{_timestamp(request)}:".encode() + request.body, secret)


def _matches(request: InboundRequest, secret: str) -> bool:
    given = require_header(request, "x-zm-signature").encode("utf-8", "replace")
    return hmac.compare_digest(given, _signature(request, secret).encode())


def _digest(text: bytes, secret: str) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the events of a webhook, none if it is no news of a call. Its times are in UTC."""
    document = load_object(body)
    name = document.get("event")
    if not isinstance(name, str):
        raise PayloadError("event", "event is missing: this is no webhook of Zoom.")
    parsed = Parsed()
    try:
        parsed.events.extend(_events(name, object_of(object_of(document, "payload"), "object")))
    except PayloadError as error:
        parsed.broken.append(BrokenRow(1, decode(body), str(error), error.code))
    return parsed


def _events(name: str, call: Mapping[str, Any]) -> list[CallEvent]:
    if match := _LIVE.fullmatch(name):
        return [_live(match[1], match[2], call)]
    if match := _HISTORY.fullmatch(name):
        legs = list_of(call, {"history": "call_logs", "element": "call_elements"}[match[1]])
        return [leg_event(leg) for leg in legs]
    if name == "phone.voicemail_received" and call.get("call_id"):
        return [voicemail_event(call)]
    return []


def _live(side: str, what: str, call: Mapping[str, Any]) -> CallEvent:
    """Return what the telephone at one side of the call tells while it goes on, or at its end."""
    caller, callee = object_of(call, "caller"), object_of(call, "callee")
    ours, other = (caller, callee) if side == "caller" else (callee, caller)
    direction = "outgoing" if side == "caller" else "incoming"
    if is_ours(other):
        direction = "internal"
    start, answered, connected, end = (
        moment_of(call, f"{key}_time", _UTC)
        for key in ("ringing_start", "answer_start", "connected_start", "call_end")
    )
    answer = answered or connected
    result = _live_result(what, answer, call, direction)
    if is_machine(ours):
        result, answer = ("missed" if end else "") if result == "answered" else result, None
    is_external = direction != "internal"
    return CallEvent(
        external_id=id_of(call, "call_id"),
        direction=direction,
        number=with_plus(text_of(other, "phone_number")) if is_external else "",
        contact_name=contact_name(text_of(other, "name", NAME_LENGTH)) if is_external else "",
        line_number=_line(callee, call) if direction == "incoming" else "",
        extension="" if is_machine(ours) else text_of(ours, "extension_number"),
        result=result,
        start=start,
        answer=answer if result == "answered" else None,
        end=end,
        talk_seconds=talk_between(answer, end) if result == "answered" else 0,
    )


def _live_result(
    what: str, answer: datetime | None, call: Mapping[str, Any], direction: str
) -> str:
    if what == "ringing":
        return ""
    if what in ("connected", "answered"):
        return "answered"
    if what in ("missed", "rejected"):
        return what
    stated = text_of(call, "handup_result")
    result = outcome(stated, direction) if stated else "answered"
    if result == "answered" and not answer:
        return "canceled" if direction == "outgoing" else "missed"
    return result


def _line(callee: Mapping[str, Any], call: Mapping[str, Any]) -> str:
    """Return the number that was called: of the menu that it came in by, else of the telephone."""
    first = text_of(object_of(call, "redirect_forwarded_by"), "phone_number")
    return with_plus(first or text_of(callee, "phone_number"))


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at Zoom."""
    return "\n\n".join(
        [
            env._(
                "1. In the Zoom App Marketplace open Develop > Build App (General App, or the app"
                " that you have), copy the Secret Token under Features > Access, and enter it here"
                " as the secret. Save here before the next step."
            ),
            env._(
                "2. Features > Access > Event Subscription: enter this address as Event"
                " notification endpoint URL and press Validate:"
            ),
            f"    {url}",
            env._(
                "3. Add the events of Phone: Caller and Callee phone is ringing, answered or"
                " connected, missed, rejected, ended; Voicemail is received; Caller's and Callee's"
                " call history is completed. Activate the app for the account."
            ),
            env._(
                "In Lines, the extension of a salesperson is the extension number at Zoom. The"
                " clock of this server has to be right to within five minutes. Recordings and"
                " voicemails stay at Zoom."
            ),
        ]
    )
