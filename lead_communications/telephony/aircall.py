"""Aircall: webhooks.

Sources: Aircall's documentation of webhooks and of the call object.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .call_event import CallEvent
from .inbound import InboundRequest
from .payload import Parsed, PayloadError, SignatureError
from .reading import (
    NAME_LENGTH,
    RECORDING_LENGTH,
    contact_name,
    epoch_of,
    id_of,
    load_object,
    object_of,
    parse_one,
    talk_between,
    text_of,
)
from .signature import require_match

LABEL = "Aircall"
SECRET_IS_GIVEN = True

_DIRECTIONS = {"inbound": "incoming", "outbound": "outgoing"}

# ---- TOKEN ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless the body names one of the tokens: Aircall signs nothing."""
    try:
        token = load_object(request.body).get("token")
    except PayloadError as error:
        raise SignatureError(error.code, str(error)) from error
    if not isinstance(token, str) or not token:
        raise SignatureError("signature_missing", "The token is missing.")
    require_match(token, secrets)


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the event of a webhook; none if it is not about a call. Its times are in UTC."""
    document = load_object(body)
    if document.get("resource") != "call":
        return Parsed()
    return parse_one(lambda: _event(object_of(document, "data")), body)


def _event(call: Mapping[str, Any]) -> CallEvent:
    direction = _DIRECTIONS.get(text_of(call, "direction").lower())
    if not direction:
        raise PayloadError("direction", "direction is neither inbound nor outbound.")
    start, answer, end = (epoch_of(call, f"{name}_at") for name in ("started", "answered", "ended"))
    result = _result(call, answer)
    incoming = direction == "incoming"
    return CallEvent(
        external_id=id_of(call, "id"),
        direction=direction,
        number=text_of(call, "raw_digits"),
        contact_name=_contact_name(object_of(call, "contact")),
        line_number=text_of(object_of(call, "number"), "digits") if incoming else "",
        extension=_agent(object_of(call, "user")),
        result=result,
        start=start,
        answer=answer,
        end=end if result else None,
        talk_seconds=talk_between(answer, end) if result == "answered" else 0,
        recording=_recording(call, result),
    )


def _result(call: Mapping[str, Any], answer: object) -> str:
    if text_of(call, "status").lower() != "done":
        return ""
    if answer:
        return "answered"
    if text_of(call, "voicemail", RECORDING_LENGTH):
        return "voicemail"
    return "missed"


def _recording(call: Mapping[str, Any], result: str) -> str:
    name = {"answered": "recording", "voicemail": "voicemail"}.get(result)
    return text_of(call, name, RECORDING_LENGTH) if name else ""


def _agent(user: Mapping[str, Any]) -> str:
    """Return the e-mail address of the agent: Aircall has no extensions."""
    return text_of(user, "email", NAME_LENGTH).lower() or text_of(user, "id")


def _contact_name(contact: Mapping[str, Any]) -> str:
    names = (text_of(contact, key, NAME_LENGTH) for key in ("first_name", "last_name"))
    person = " ".join(filter(None, names))
    return contact_name(person or text_of(contact, "company_name", NAME_LENGTH))[:NAME_LENGTH]


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at Aircall."""
    return "\n\n".join(
        [
            env._(
                "1. In the Aircall Dashboard open Integrations & API > Webhook, install it, and"
                " enter this address:"
            ),
            f"    {url}",
            env._("2. Choose all events of calls (call.created, call.answered, call.ended, ...)."),
            env._(
                "3. Aircall shows a token for the webhook: enter it here as the secret. Nothing is"
                " accepted before."
            ),
            env._(
                "In Lines, the extension of a salesperson is their e-mail address at Aircall,"
                " in small letters."
            ),
        ]
    )
