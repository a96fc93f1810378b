"""Twilio Voice: status callbacks, also those of services that are compatible with it (SignalWire).

Sources: Twilio's documentation of ``StatusCallback`` and of ``X-Twilio-Signature``.

A call has legs: the one that the caller made and one for each telephone that was dialled. They
share the ``CallSid`` of the first one, which the others name as ``ParentCallSid``.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import timedelta
from urllib.parse import urlsplit, urlunsplit

from .call_event import CallEvent
from .inbound import InboundRequest, media_type
from .payload import Parsed, PayloadError, SignatureError
from .reading import (
    NAME_LENGTH,
    RECORDING_LENGTH,
    account,
    contact_name,
    id_of,
    load_form,
    load_object,
    mail_date_of,
    parse_one,
    seconds_of,
    text_of,
)
from .signature import require_header, require_match

LABEL = "Twilio"
SECRET_IS_GIVEN = True

_DEFAULT_PORTS = {"https": 443, "http": 80}
_RESULTS = {
    "queued": "",
    "initiated": "",
    "ringing": "",
    "in-progress": "",
    "completed": "answered",
    "busy": "busy",
    "failed": "failed",
    "no-answer": "missed",
    "canceled": "canceled",
}
#: What ``AnsweredBy`` says of what is no person, where Twilio is asked to find out.
_MACHINES = ("machine", "fax")

# ---- SIGNATURE ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless Twilio signed the request with one of the auth tokens.

    The signature has no time. It covers the address, and of a form all fields.
    """
    given = require_header(request, "X-Twilio-Signature")
    text = _signed_text(request)
    urls = _spellings(request.url)
    require_match(given, [_sign(url + text, secret) for secret in secrets for url in urls])


def _sign(text: str, secret: str) -> str:
    digest = hmac.new(secret.encode(), text.encode("utf-8", "replace"), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _signed_text(request: InboundRequest) -> str:
    """Return what is signed beside the address: each name and value of the form, sorted.

    The body of any other kind is covered by its checksum in the address.
    """
    checksum = request.query.get("bodySHA256")
    if checksum is not None:
        require_match(checksum.lower(), [hashlib.sha256(request.body).hexdigest()])
        return ""
    if request.content_type == "application/json":
        raise SignatureError("signature_malformed", "The address has no bodySHA256.")
    try:
        fields = sorted(set(load_form(request.body)))
    except PayloadError as error:
        raise SignatureError(error.code, str(error)) from error
    return "".join(name + value for name, value in fields)


def _spellings(url: str) -> list[str]:
    """Return ``url`` with and without the port that is the default of its scheme.

    Twilio signs either, whichever the administrator entered.
    """
    parts = urlsplit(url)
    host, _colon, port = parts.netloc.rpartition(":")
    default = str(_DEFAULT_PORTS.get(parts.scheme, ""))
    if port.isdigit():
        others = [host] if port == default else []
    else:
        others = [f"{parts.netloc}:{default}"] if default else []
    return [url, *(urlunsplit(parts._replace(netloc=other)) for other in others)]


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the event of a status callback; its times are in UTC."""
    if media_type(content_type) == "application/json":
        fields = load_object(body)
    else:
        fields = dict(load_form(body))
    return parse_one(lambda: _event(fields), body)


def _event(fields: Mapping[str, str]) -> CallEvent:
    status = text_of(fields, "CallStatus").lower()
    if status not in _RESULTS:
        raise PayloadError("CallStatus", f"Unknown CallStatus: {status[:40]}")
    direction, number, extension = _parties(fields)
    result = _result(status, direction, fields)
    fired = mail_date_of(fields, "Timestamp")
    talk = seconds_of(fields, "CallDuration") if result == "answered" else 0
    # What Twilio answers itself, a person may answer later: their telephone is a leg of its own.
    is_first = not text_of(fields, "ParentCallSid")
    answer = fired if status == "in-progress" and not is_first else None
    if result == "answered" and fired:
        answer = fired - timedelta(seconds=talk)
    incoming = direction == "incoming"
    return CallEvent(
        external_id=id_of(fields, "ParentCallSid", "CallSid"),
        direction=direction,
        number=number,
        contact_name=contact_name(text_of(fields, "CallerName", NAME_LENGTH)) if incoming else "",
        line_number=text_of(fields, "To") if incoming and is_first else "",
        # Of several telephones that rang, nobody's in particular was missed.
        extension=extension if direction == "outgoing" or result in ("", "answered") else "",
        result=result,
        start=fired if status != "completed" else answer,
        answer=answer,
        end=fired if result else None,
        talk_seconds=talk,
        recording=text_of(fields, "RecordingUrl", RECORDING_LENGTH) if talk else "",
        is_first=is_first,
        is_by_person=not is_first,
        is_exact=not is_first,
    )


def _parties(fields: Mapping[str, str]) -> tuple[str, str, str]:
    """Return direction, counterpart and agent.

    ``Direction`` is Twilio's own view: a salesperson's softphone calls *in* to Twilio, and each
    telephone that a call rings at is a leg *out*.
    """
    stated = text_of(fields, "Direction").lower()
    caller, called = text_of(fields, "From"), text_of(fields, "To")
    if stated.startswith("inbound") or stated == "trunking-originating":
        if agent := account(caller):
            # Whom it calls is told by the leg to them; the address of an application is nobody's.
            return "outgoing", "" if account(called) else called, agent
        return "incoming", caller, ""
    if agent := account(called):
        if text_of(fields, "ParentCallSid") and caller and not account(caller):
            return "incoming", caller, agent  # it rings for who called: nothing may say so before
        return "internal", "", agent
    return "outgoing", called, account(caller)


def _result(status: str, direction: str, fields: Mapping[str, str]) -> str:
    result = _RESULTS[status]
    if result == "answered" and not seconds_of(fields, "CallDuration"):
        return "missed"
    if result == "answered" and text_of(fields, "AnsweredBy").lower().startswith(_MACHINES):
        return "voicemail"
    if result == "canceled" and direction != "outgoing":
        return "missed"  # the caller gave up
    return result


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at Twilio."""
    return "\n\n".join(
        [
            env._(
                "1. In the Twilio Console copy the Auth Token of your account (Account Info), and"
                " enter it here as the secret."
            ),
            env._(
                "2. Phone Numbers > Active Numbers > your number > Voice Configuration: enter as"
                ' "Call Status Changes", with HTTP POST:'
            ),
            f"    {url}",
            env._(
                "3. For each telephone that your TwiML dials, name the same address, so that it is"
                " known who answered. answerOnBridge makes a call that nobody answered count as"
                " missed, for Twilio otherwise answers it itself:"
            ),
            f"""    <Dial answerOnBridge="true">
        <Client statusCallback="{url}"
                statusCallbackEvent="initiated ringing answered completed">anna</Client>
    </Dial>""",
            env._(
                "4. Calls that you start by Twilio's API: give the same address as StatusCallback."
            ),
            env._(
                "In Lines, the extension of a salesperson is the name of their Client or SIP"
                " user (anna for client:anna or sip:anna@example.com)."
            ),
        ]
    )
