"""Zadarma: notifications of its cloud PBX.

Sources: Zadarma's documentation of notifications, and its PHP library (``lib/Webhook``).
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import timedelta, tzinfo

from ..tools.phone import is_extension
from .call_event import CallEvent
from .inbound import Answer, InboundRequest
from .payload import Parsed, PayloadError, SignatureError
from .reading import id_of, load_form, moment_of, parse_one, seconds_of, text_of, zone_of
from .signature import require_header, require_match

LABEL = "Zadarma"
SECRET_IS_GIVEN = True

MAX_ECHO = 200

_INCOMING = ("caller_id", "called_did", "call_start")
_OUTGOING = ("internal", "destination", "call_start")
#: What each event signs: nothing else of it is proven.
_SIGNED = {
    "NOTIFY_START": _INCOMING,
    "NOTIFY_INTERNAL": _INCOMING,
    "NOTIFY_IVR": _INCOMING,
    "NOTIFY_END": _INCOMING,
    "NOTIFY_ANSWER": ("caller_id", "destination", "call_start"),
    "NOTIFY_OUT_START": _OUTGOING,
    "NOTIFY_OUT_END": _OUTGOING,
    "NOTIFY_RECORD": ("pbx_call_id", "call_id_with_rec"),
}
# What they sign does not tell which call they are about: it is known by its id, and the parties.
_COMPLETING = ("NOTIFY_ANSWER", "NOTIFY_RECORD")
_ENDS = ("NOTIFY_END", "NOTIFY_OUT_END")
_RESULTS = {"answered": "answered", "busy": "busy", "cancel": "canceled", "no answer": "missed"}

# ---- SIGNATURE ----


def challenge(request: InboundRequest, secrets: Iterable[str], now: float) -> Answer | None:
    """Return the answer that shows Zadarma, before it signs anything, that the address is ours."""
    echo = request.query.get("zd_echo", "")
    return Answer(echo[:MAX_ECHO], "text/plain") if request.method == "GET" and echo else None


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless Zadarma signed the notification. The signature has no time."""
    given = require_header(request, "Signature")
    try:
        fields = dict(load_form(request.body))
    except PayloadError as error:
        raise SignatureError(error.code, str(error)) from error
    name = fields.get("event", "")
    if name not in _SIGNED:
        raise SignatureError("unknown_event", "This notification is of no kind that is signed.")
    text = _signed_text(name, fields)
    require_match(given, [_sign(text, secret) for secret in secrets])


def _sign(text: str, secret: str) -> str:
    """Return the base64 of the digest in *hexadecimal*, as Zadarma writes it."""
    digest = hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha1).hexdigest()
    return base64.b64encode(digest.encode()).decode()


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the event of a notification.

    :param tz: the time zone of the Zadarma account, for its times are local.
    """
    fields, zone = dict(load_form(body)), zone_of(tz)
    return parse_one(lambda: _event(fields, zone), body)


def _event(fields: Mapping[str, str], zone: tzinfo) -> CallEvent | None:
    name = text_of(fields, "event")
    if not name:
        raise PayloadError("event", "event is missing: this is no notification of Zadarma.")
    if name not in _SIGNED:
        return None
    direction, number, extension = _parties(name, fields)
    result = _result(fields, direction) if name in _ENDS else ""
    start = moment_of(fields, "call_start", zone)
    talk = seconds_of(fields, "duration") if result == "answered" else 0
    end = start + timedelta(seconds=talk) if start and result else None
    return CallEvent(
        external_id=id_of(fields, "pbx_call_id"),
        direction=direction,
        number=number,
        line_number=text_of(fields, "called_did") if direction == "incoming" else "",
        extension=extension,
        result=result,
        start=start,
        # How long it rang is not told.
        answer=start if result == "answered" else None,
        end=end,
        talk_seconds=talk,
        # Of the other reports it is not signed.
        recording=text_of(fields, "call_id_with_rec", 255) if name == "NOTIFY_RECORD" else "",
        proof="" if name in _COMPLETING else _proof(name, fields),
        completes_only=name in _COMPLETING,
    )


def _proof(name: str, fields: Mapping[str, str]) -> str:
    """Return the same for all reports that one signature may stand under, whatever their id."""
    return hashlib.sha256(_signed_text(name, fields).encode("utf-8", "replace")).hexdigest()


def _signed_text(name: str, fields: Mapping[str, str]) -> str:
    return "".join(fields.get(field, "") for field in _SIGNED[name])


def _parties(name: str, fields: Mapping[str, str]) -> tuple[str, str, str]:
    """Return direction, counterpart and agent.

    A call to an extension is one to outside for us, until it is known as one: so are short numbers.
    """
    direction, extension = _direction(name, fields), text_of(fields, "internal")
    caller, called = text_of(fields, "caller_id"), text_of(fields, "destination")
    if direction == "incoming":
        return direction, caller, extension
    if not extension and is_extension(caller):
        extension = caller
    return direction, called if direction == "outgoing" else "", extension


def _direction(name: str, fields: Mapping[str, str]) -> str:
    """Return the direction; an event that does not tell it gets the weakest one.

    Any other event of the call overrules that. The id of the call begins with its direction.
    """
    if name.startswith("NOTIFY_OUT_"):
        return "outgoing"
    if name == "NOTIFY_RECORD":
        return "internal"
    if name == "NOTIFY_ANSWER":
        prefix = text_of(fields, "pbx_call_id").partition("_")[0]
        return {"in": "incoming", "out": "outgoing"}.get(prefix, "internal")
    return "incoming"


def _result(fields: Mapping[str, str], direction: str) -> str:
    """Return the outcome: what is none of those below are reasons why no call came about."""
    result = _RESULTS.get(text_of(fields, "disposition").lower(), "failed")
    return "missed" if result == "canceled" and direction != "outgoing" else result


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at Zadarma."""
    return "\n\n".join(
        [
            env._(
                "1. In your Zadarma account open Settings > Integrations and API > Keys and API,"
                " copy the Secret, and enter it here as the secret. Save here before the next step."
            ),
            env._(
                "2. Settings > Integrations and API > API, Notifications of PBX calls: enter this"
                " address and switch on all call events. Zadarma checks the address at once:"
            ),
            f"    {url}",
            env._(
                "3. The time zone of this page has to be the one of your Zadarma account, for"
                " Zadarma reports local times."
            ),
            env._("In Lines, the extension of a salesperson is the PBX extension (100, 101, ...)."),
        ]
    )
