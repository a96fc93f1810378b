"""Dialpad: call events, as signed tokens.

Sources: Dialpad's page on call events, its API specification (the states, the fields of a call) and
the events that integrators have published.

With a secret, the whole body is a token (JWT, HS256) whose claims are the event. Dialpad keeps a
call of its own for each person, queue and menu that a call passes; they name the one that it began
with (``entry_point_call_id``, else ``master_call_id``). All times are milliseconds since 1970, all
lengths milliseconds.

A queue or menu connects, too: nobody speaks there unless an operator took the call
(``operator_call_id``), whose own call tells who and for how long. What each of the two ids is after
a transfer Dialpad leaves open. Recordings need a token of Dialpad, and are left there.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from . import json_web_token
from .call_event import CallEvent
from .inbound import InboundRequest
from .payload import Parsed, PayloadError
from .reading import (
    NAME_LENGTH,
    contact_name,
    epoch_of,
    id_of,
    load_object,
    object_of,
    parse_one,
    seconds_of,
    talk_between,
    text_of,
)

LABEL = "Dialpad"
SECRET_IS_GIVEN = False

_DIRECTIONS = {"inbound": "incoming", "outbound": "outgoing"}
_GOING = frozenset(
    {"calling", "ringing", "connected", "hold", "parked", "preanswer", "queued", "recording"}
)
_ENDED = frozenset({"hangup", "missed", "voicemail", "voicemail_uploaded", "blocked"})

# ---- TOKEN ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless the body is a token that one of ``secrets`` signed.

    It has no time of its own; a report that is repeated changes nothing.
    """
    json_web_token.verified_claims(request.body, secrets, "HS256")


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the event in a token; none if it is no news of a call. Its times are in UTC."""
    event = json_web_token.claims(body) if json_web_token.is_token(body) else load_object(body)
    return parse_one(lambda: _event(event), body)


def _event(call: Mapping[str, Any]) -> CallEvent | None:
    state = text_of(call, "state").lower()
    if not state:
        raise PayloadError("state", "state is missing: this is no call event of Dialpad.")
    if state not in _GOING | _ENDED:
        return None  # transcripts, recaps, surveys, supervisors who listen
    stated = _DIRECTIONS.get(text_of(call, "direction").lower())
    if not stated:
        raise PayloadError("direction", "direction is neither inbound nor outbound.")
    target, contact = object_of(call, "target"), object_of(call, "contact")
    is_internal = call.get("is_internal") is True or text_of(contact, "type").lower() == "user"
    is_person = text_of(target, "type").lower() == "user"
    start = _moment(call, "date_started") or _moment(call, "event_timestamp")
    answer, end = _moment(call, "date_connected"), _moment(call, "date_ended")
    result = _result(state, call, stated, bool(answer))
    spoke = result == "answered" and is_person
    return CallEvent(
        external_id=_id(call),
        direction="internal" if is_internal else stated,
        number="" if is_internal else text_of(call, "external_number"),
        contact_name="" if is_internal else contact_name(text_of(contact, "name", NAME_LENGTH)),
        line_number=_line(call) if stated == "incoming" and not is_internal else "",
        extension=_agent(target) if is_person else "",
        result=result,
        start=start,
        answer=answer if spoke or (is_person and state == "connected") else None,
        end=(end or _moment(call, "event_timestamp")) if state in _ENDED else None,
        talk_seconds=(_milliseconds(call, "talk_time") or talk_between(answer, end))
        if spoke
        else 0,
    )


def _result(state: str, call: Mapping[str, Any], direction: str, is_connected: bool) -> str:
    if state in _GOING:
        return ""
    if state == "blocked":
        return "rejected"
    if state.startswith("voicemail") or text_of(call, "voicemail_link", None):
        return "voicemail"
    is_person = text_of(object_of(call, "target"), "type").lower() == "user"
    if state == "hangup" and is_connected and (is_person or call.get("operator_call_id")):
        return "answered"
    return "missed" if direction == "incoming" else "canceled"


def _id(call: Mapping[str, Any]) -> str:
    return id_of(call, "entry_point_call_id", "master_call_id", "call_id")


def _line(call: Mapping[str, Any]) -> str:
    """Return the own number that was called: of the queue or menu that it came in by, if any."""
    first = text_of(object_of(call, "entry_point_target"), "phone")
    return first or text_of(call, "internal_number")


def _agent(user: Mapping[str, Any]) -> str:
    """Return the e-mail address of the agent: Dialpad's extensions are not in its events."""
    return text_of(user, "email", NAME_LENGTH).lower() or text_of(user, "id")


def _moment(call: Mapping[str, Any], key: str) -> datetime | None:
    text = text_of(call, key)
    if not text or text == "0":
        return None
    match = re.fullmatch(r"(\d{9,10})\d{3}(?:\.\d+)?", text, re.ASCII)
    if not match:
        raise PayloadError(key, f"{key} is no time in milliseconds since 1970: {text[:40]}")
    return epoch_of({key: match[1]}, key)


def _milliseconds(call: Mapping[str, Any], key: str) -> int:
    """Return a length in seconds."""
    value = call.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return seconds_of({key: f"{value / 1000:.3f}"}, key)
    return seconds_of(call, key)


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at Dialpad."""
    return "\n\n".join(
        [
            env._(
                "1. In Dialpad open Admin Settings > My Company > Authentication > API Keys and"
                " make a key."
            ),
            env._(
                "2. Create a webhook with this address and the secret of this page. The file"
                " secret.txt holds the secret, dialpad.txt the key, and nothing else:"
            ),
            _WEBHOOK % url,
            env._(
                "3. Subscribe it to the calls of the whole company; ID is the id in the answer of"
                " step 2:"
            ),
            _SUBSCRIPTION,
            env._(
                "In Lines, the extension of a salesperson is their e-mail address at Dialpad, in"
                " small letters. Recordings and voicemails stay at Dialpad."
            ),
        ]
    )


_WEBHOOK = """    curl -sS https://dialpad.com/api/v2/webhooks \\
      -H "Authorization: Bearer $(cat dialpad.txt)" -H 'Content-Type: application/json' \\
      --data '{"hook_url": "%s",
        "secret": "'"$(cat secret.txt)"'"}'"""

_SUBSCRIPTION = """    curl -sS https://dialpad.com/api/v2/subscriptions/call \\
      -H "Authorization: Bearer $(cat dialpad.txt)" -H 'Content-Type: application/json' \\
      --data '{"webhook_id": ID, "enabled": true, "call_states": ["calling", "ringing",
        "connected", "hangup", "missed", "voicemail", "voicemail_uploaded", "blocked"]}'"""
