"""Ringover: webhooks.

Sources: Ringover's documentation of webhooks, its PHP library for them, and what integrators have
published of the signatures.

Two signatures are in use. The older one is a token (JWT, HS512) that has the address and the whole
message in it; the newer one (V3) the Base64 of the HMAC-SHA256 of method, address, body and time.
Either has to cover the body. Key presses in a menu are not signed, and so refused.

All that is reported of a call has its ``call_id``. ``hangup`` ends a call that was established,
also by a menu: without a user nobody has spoken.
"""

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from . import json_web_token
from .call_event import CallEvent
from .inbound import InboundRequest
from .payload import Parsed, PayloadError, SignatureError
from .reading import (
    NAME_LENGTH,
    RECORDING_LENGTH,
    epoch_of,
    id_of,
    load_object,
    object_of,
    parse_one,
    seconds_of,
    talk_between,
    text_of,
    with_plus,
)
from .signature import require_fresh, require_header, require_match

LABEL = "Ringover"
SECRET_IS_GIVEN = True

TOKEN_HEADER = "X-Ringover-Webhook-Signature"
SIGNATURE_HEADER = "X-Ringover-Webhook-Signature-V3"
TIMESTAMP_HEADER = "X-Ringover-Request-Signature-V3-Timestamp"

_DIRECTIONS = {"inbound": "incoming", "in": "incoming", "outbound": "outgoing", "out": "outgoing"}
#: What tells of a call that is over, and where its recording is.
_RECORDINGS = {
    "record_available": ("record_link", ""),
    "voicemail_available": ("voicemail_link", "voicemail"),
}
_EVENTS = frozenset({"ringing", "answered", "hangup", "missed", "voicemail"})

# ---- SIGNATURE ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless one of ``secrets`` signed the body, in either way."""
    if request.headers.get(SIGNATURE_HEADER):
        _verify_digest(request, secrets, now)
    else:
        _verify_token(request, secrets)


def _verify_digest(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    given = require_header(request, SIGNATURE_HEADER)
    timestamp = require_header(request, TIMESTAMP_HEADER)
    if not re.fullmatch(r"\d{10}|\d{13}", timestamp, re.ASCII):  # seconds, or milliseconds
        raise SignatureError("signature_malformed", f"The header {TIMESTAMP_HEADER} is malformed.")
    text = (request.method + request.url).encode() + request.body + timestamp.encode()
    digests = (hmac.digest(secret.encode(), text, "sha256") for secret in secrets)
    require_match(given, [base64.b64encode(digest).decode() for digest in digests])
    require_fresh(int(timestamp[:10]), now)


def _verify_token(request: InboundRequest, secrets: Iterable[str]) -> None:
    token = require_header(request, TOKEN_HEADER)
    claims = json_web_token.verified_claims(token.encode("utf-8", "replace"), secrets, "HS512")
    if claims.get("url", request.url) != request.url:
        raise SignatureError("signature_mismatch", "The token is for another address.")
    try:
        body = load_object(request.body)
        signed = claims.get("payload", claims)
        signed = load_object(signed) if isinstance(signed, str) else signed
    except PayloadError as error:
        raise SignatureError(error.code, str(error)) from error
    # Without an envelope the message stands among what every token says of itself.
    if not isinstance(signed, dict) or not body:
        raise SignatureError("signature_mismatch", "The token does not cover the body.")
    if signed is claims:
        signed = {name: signed[name] for name in body if name in signed}
    if signed != body:
        raise SignatureError("signature_mismatch", "The token does not cover the body.")


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the event of a webhook; none if it is no news of a call. Its times are in UTC."""
    document = load_object(body)
    return parse_one(lambda: _event(document), body)


def _event(document: Mapping[str, Any]) -> CallEvent | None:
    name, resource = text_of(document, "event").lower(), text_of(document, "resource").lower()
    if not name:
        raise PayloadError("event", "event is missing: this is no webhook of Ringover.")
    call = object_of(document, "data")
    if resource == "aftercall" and name in _RECORDINGS:
        return _recording(name, call, document)
    if resource != "call" or name not in _EVENTS:
        return None
    stated = _DIRECTIONS.get(text_of(call, "direction").lower())
    if not stated:
        raise PayloadError("direction", "direction is neither inbound nor outbound.")
    direction = "internal" if call.get("is_internal") is True else stated
    start, answered, end = (
        epoch_of(call, f"{key}_time") for key in ("start", "answered", "hangup")
    )
    agent = _agent(call)
    result = _result(name, call, direction, agent)
    spoke = result == "answered"
    talk = (seconds_of(call, "duration_in_seconds") or talk_between(answered, end)) if spoke else 0
    happened = epoch_of(document, "timestamp")
    if name == "answered" and not answered:
        answered = happened
    return CallEvent(
        external_id=id_of(call, "call_id"),
        direction=direction,
        number=_counterpart(call, direction),
        line_number=_line(call) if direction == "incoming" else "",
        extension=agent,
        result=result,
        start=start or happened,
        answer=(answered or _before(end, talk)) if spoke else None,
        end=(end or happened) if name in ("hangup", "missed", "voicemail") else None,
        talk_seconds=talk,
        recording=_link(call, name, result),
    )


def _result(name: str, call: Mapping[str, Any], direction: str, agent: str) -> str:
    if name == "ringing":
        return ""
    if name == "voicemail":
        return "voicemail"
    is_over = name == "hangup"
    if name == "missed" or not agent:
        return "missed" if is_over or name == "missed" else ""
    machine = text_of(call, "answering_machine_detection").upper() == "MACHINE"
    if is_over and machine and direction == "outgoing":
        return "voicemail"  # of the party outside
    if is_over and not seconds_of(call, "duration_in_seconds"):
        return "missed"
    return "answered"


def _recording(name: str, call: Mapping[str, Any], document: Mapping[str, Any]) -> CallEvent:
    """Return what is known of a call when its recording is ready: not even the direction."""
    key, result = _RECORDINGS[name]
    return CallEvent(
        external_id=id_of(call, "call_id"),
        direction="internal",
        result=result,
        start=epoch_of(document, "timestamp"),
        recording=text_of(call, key, RECORDING_LENGTH),
    )


def _counterpart(call: Mapping[str, Any], direction: str) -> str:
    if direction == "internal" or (direction == "incoming" and call.get("is_anonymous") is True):
        return ""
    return with_plus(text_of(call, "from_number" if direction == "incoming" else "to_number"))


def _line(call: Mapping[str, Any]) -> str:
    """Return the number that was called: of the menu that it came in by, if any."""
    menu = text_of(object_of(call, "ivr_data"), "number") if call.get("is_ivr") is True else ""
    return with_plus(menu or text_of(call, "to_number"))


def _agent(call: Mapping[str, Any]) -> str:
    """Return the e-mail address of the user, else their id."""
    user = object_of(call, "user")
    return text_of(user, "email", NAME_LENGTH).lower() or text_of(call, "user_id")


def _link(call: Mapping[str, Any], name: str, result: str) -> str:
    """Return the link to what was recorded, of a conversation or a voicemail."""
    key = "message" if name == "voicemail" else "record"
    return text_of(call, key, RECORDING_LENGTH) if result in ("answered", "voicemail") else ""


def _before(end: datetime | None, seconds: int) -> datetime | None:
    return end - timedelta(seconds=seconds) if end and seconds else None


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at Ringover."""
    return "\n\n".join(
        [
            env._(
                "1. In the Ringover Dashboard open Developer > Webhooks > Call events, copy the key"
                " that is shown there, and enter it here as the secret. Save here before the next"
                " step."
            ),
            env._(
                "2. Enter this address for calls that ring, are answered, have ended, are missed or"
                " went to voicemail, and for after-call work (record and voicemail available):"
            ),
            f"    {url}",
            env._(
                "3. Reports that are not signed are refused, and those that a menu sends of pressed"
                " keys are not signed: leave these off."
            ),
            env._(
                "In Lines, the extension of a salesperson is their e-mail address at Ringover, in"
                " small letters."
            ),
        ]
    )
