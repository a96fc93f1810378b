"""Vonage Voice API (formerly Nexmo): signed event webhooks.

Sources: Vonage's reference of voice webhooks, its page on signed webhooks, RFC 7515 and 7519.

The legs of a call share its ``conversation_uuid``.
"""

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from .call_event import CallEvent
from .inbound import InboundRequest
from .payload import Parsed, PayloadError, SignatureError
from .reading import (
    RECORDING_LENGTH,
    account,
    id_of,
    load_object,
    moment_of,
    parse_one,
    seconds_of,
    text_of,
    zone_of,
)
from .signature import require_fresh, require_match

LABEL = "Vonage"
#: A call that has been answered is ended after its length_timer, by default 7200 seconds.
CALLS_END_AFTER = timedelta(hours=2)
SECRET_IS_GIVEN = True

_RESULTS = {
    "started": "",
    "ringing": "",
    "answered": "",
    "human": "",
    "machine": "",
    "disconnected": "",
    "completed": "answered",
    "busy": "busy",
    "rejected": "rejected",
    "cancelled": "canceled",
    "unanswered": "missed",
    "timeout": "missed",
    "failed": "failed",
}
_UTC = zone_of("UTC")
_TOKEN = re.compile(r"[\w-]{1,2000}\.[\w-]{1,8000}\.[\w-]{1,200}", re.ASCII)

# ---- SIGNATURE ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless the request has a token (JWT) that proves its body.

    HS256 is the only algorithm there is: what the token says of it chooses nothing.
    """
    token = request.credentials("Bearer")
    if not _TOKEN.fullmatch(token):
        raise SignatureError("signature_malformed", "The token is malformed.")
    signed, _dot, signature = token.rpartition(".")
    require_match(signature, [_sign(signed, secret) for secret in secrets])
    header, claims = (_claims(part) for part in signed.split("."))
    if header.get("alg") != "HS256":
        raise SignatureError("signature_malformed", "The token is not of the kind HS256.")
    issued = claims.get("iat")
    if isinstance(issued, bool) or not isinstance(issued, int | float):
        raise SignatureError("signature_malformed", "The token does not say when it was made.")
    require_match(str(claims.get("payload_hash")), [hashlib.sha256(request.body).hexdigest()])
    require_fresh(issued, now)


def _sign(signed: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _claims(part: str) -> dict[str, Any]:
    try:
        return load_object(base64.urlsafe_b64decode(part + "=="))  # more than enough is ignored
    except (PayloadError, binascii.Error) as error:
        raise SignatureError("signature_malformed", "The token is malformed.") from error


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the event of a webhook; none if it is no news of a call. Its times are in UTC."""
    document = load_object(body)
    return parse_one(lambda: _event(document), body)


def _event(fields: Mapping[str, Any]) -> CallEvent | None:
    status = text_of(fields, "status").lower()
    if "recording_url" in fields:
        return _recording(fields)
    if status not in _RESULTS:
        return None  # a key that was pressed, a transfer, speech that was recognized
    direction, number, extension = _parties(fields)
    result = _result(status, direction, fields)
    fired = moment_of(fields, "timestamp", _UTC)
    end = (moment_of(fields, "end_time", _UTC) or fired) if result else None
    talk = seconds_of(fields, "duration") if result == "answered" else 0
    answer = end - timedelta(seconds=talk) if talk and end else None
    if status in ("answered", "human", "machine"):
        answer = fired
    return CallEvent(
        external_id=id_of(fields, "conversation_uuid", "uuid"),
        direction=direction,
        number=number,
        line_number=_number(fields, "to") if direction == "incoming" else "",
        # Of several telephones that rang, nobody's in particular was missed.
        extension=extension if direction == "outgoing" or result in ("", "answered") else "",
        result=result,
        start=moment_of(fields, "start_time", _UTC) or answer or fired,
        answer=answer,
        end=end,
        talk_seconds=talk,
    )


def _recording(fields: Mapping[str, Any]) -> CallEvent:
    """Return what is known of a call when its recording is ready: not even the direction."""
    return CallEvent(
        external_id=id_of(fields, "conversation_uuid"),
        direction="internal",
        start=moment_of(fields, "start_time", _UTC),
        recording=text_of(fields, "recording_url", RECORDING_LENGTH),
    )


def _parties(fields: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return direction, counterpart and agent; each telephone that rings is a leg *out*."""
    stated = text_of(fields, "direction").lower()
    caller, called = _number(fields, "from"), _number(fields, "to")
    if stated == "inbound":
        if agent := _agent(caller):
            return "outgoing", "" if _agent(called) else called, agent
        return "incoming", caller, ""
    if stated != "outbound":
        return "internal", "", ""
    if agent := _agent(called):
        return "internal", "", agent
    return "outgoing", called, _agent(caller)


def _number(fields: Mapping[str, Any], key: str) -> str:
    """Return a party; Vonage writes international numbers without the plus."""
    text = text_of(fields, key)
    return f"+{text}" if re.fullmatch(r"[1-9]\d{6,14}", text, re.ASCII) else text


def _agent(party: str) -> str:
    """Return the name of a user or SIP account; a number is none, nor is a withheld one."""
    if re.fullmatch(r"[a-z][\w.@-]*", party, re.ASCII | re.IGNORECASE):
        return "" if party.lower() in ("anonymous", "unknown", "private", "restricted") else party
    return account(party)


def _result(status: str, direction: str, fields: Mapping[str, Any]) -> str:
    result = _RESULTS[status]
    if result == "answered" and not seconds_of(fields, "duration"):
        return "missed"
    if result == "canceled" and direction != "outgoing":
        return "missed"  # the caller gave up
    return result


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at Vonage."""
    return "\n\n".join(
        [
            env._(
                "1. In the Vonage API Dashboard open Settings, copy the Signature secret of your"
                " account, and enter it here as the secret."
            ),
            env._(
                "2. Applications > your application > Edit > Voice: enter as Event URL, with HTTP"
                " POST, and switch on signed webhooks:"
            ),
            f"    {url}",
            env._(
                "3. Reports that are not signed are refused. The clock of this server has to be"
                " right to within five minutes."
            ),
            env._(
                "In Lines, the extension of a salesperson is the name of their Vonage user or"
                " SIP account."
            ),
        ]
    )
