"""Our own format, for every telephone system that can send a web request or run a script.

It is documented in ``static/openapi.yaml``; the test of this module keeps both equal. Strict: what
is misspelled here would otherwise go unnoticed.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from . import signature, standard_webhooks
from .call_event import DIRECTIONS, RESULTS, CallEvent
from .inbound import InboundRequest
from .payload import BrokenRow, Parsed, PayloadError
from .reading import (
    NAME_LENGTH,
    NUMBER_LENGTH,
    RECORDING_LENGTH,
    contact_name,
    decode,
    id_of,
    load_json,
    moment_of,
    seconds_of,
    talk_between,
    text_of,
)
from .signature import sign

__all__ = ["LABEL", "SECRET_IS_GIVEN", "parse", "sent_at", "setup_steps", "sign", "verify"]

LABEL = "Other (Signed JSON)"
SECRET_IS_GIVEN = False

#: The path of the description of this format.
DESCRIPTION = "/lead_communications/static/openapi.yaml"
MAX_CALLS = 1000

#: The fields of a call, with the longest text that each may have.
FIELDS = {
    "id": 150,
    "direction": 20,
    "number": NUMBER_LENGTH,
    "name": NAME_LENGTH,
    "line": NUMBER_LENGTH,
    "extension": NUMBER_LENGTH,
    "result": 20,
    "start": 40,
    "answer": 40,
    "end": 40,
    "talk_seconds": 10,
    "recording": RECORDING_LENGTH,
}

# ---- SIGNATURE ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless one of ``secrets`` proves the request, in either scheme."""
    _scheme(request).verify(request, secrets, now)


def sent_at(request: InboundRequest) -> int:
    """Return when a verified request was signed by the sender's clock, in seconds since 1970."""
    return _scheme(request).sent_at(request)


def _scheme(request: InboundRequest):
    return standard_webhooks if standard_webhooks.is_signed_so(request) else signature


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return the events: one JSON object, a list of them, or one a line.

    A call that cannot be read does not stop the others. Times name their offset from UTC.
    """
    parsed = Parsed()
    for number, call in enumerate(_calls(body), start=1):
        try:
            parsed.events.append(_event(call))
        except PayloadError as error:
            parsed.broken.append(BrokenRow(number, json.dumps(call), str(error), error.code))
    return parsed


def _calls(body: bytes) -> list[Any]:
    lines = [line for line in decode(body).splitlines() if line.strip()]
    try:
        document = load_json(body)
    except PayloadError:
        if not lines or not all(line.lstrip().startswith("{") for line in lines):
            raise
        document = [load_json(line) for line in lines]
    calls = document if isinstance(document, list) else [document]
    if len(calls) > MAX_CALLS:
        raise PayloadError("too_many_calls", f"More than {MAX_CALLS} calls at once.")
    return calls


def _event(call: Any) -> CallEvent:
    if not isinstance(call, dict):
        raise PayloadError("not_an_object", "A call is a JSON object.")
    if unknown := sorted(set(call) - set(FIELDS)):
        raise PayloadError("unknown_field", f"Unknown field: {unknown[0][:40]}")
    texts = {name: _text(call, name) for name in FIELDS}
    result = _choice(texts, "result", RESULTS)
    answer, end = (moment_of(call, name, None) for name in ("answer", "end"))
    if result and not end:
        raise PayloadError("end", "end is missing: the call has a result, so it is over.")
    talk = seconds_of(call, "talk_seconds") or talk_between(answer, end)
    return CallEvent(
        external_id=id_of(call, "id"),
        direction=_choice(texts, "direction", DIRECTIONS),
        number=texts["number"],
        contact_name=contact_name(texts["name"]),
        line_number=texts["line"],
        extension=texts["extension"],
        result=result,
        start=_start(call),
        answer=answer,
        end=end,
        talk_seconds=talk if result == "answered" else 0,
        recording=texts["recording"],
    )


def _start(call: Mapping[str, Any]) -> datetime:
    start = moment_of(call, "start", None)
    if start is None:
        raise PayloadError("start", "start is missing.")
    return start


def _text(call: Mapping[str, Any], name: str) -> str:
    longest = FIELDS[name]
    text = text_of(call, name, None)
    if len(text) > longest:
        raise PayloadError(name, f"{name} is longer than {longest} characters.")
    if isinstance(call.get(name), int | float) and name != "talk_seconds":
        raise PayloadError(name, f"{name} is no text: put it in quotation marks.")
    return text


def _choice(texts: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    if texts[name] not in choices:
        known = ", ".join(filter(None, choices))
        raise PayloadError(name, f"{name} is none of: {known}.")
    return texts[name]


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what a developer has to know, with an example that can be run."""
    return "\n\n".join(
        [
            env._(
                "1. Send each call with HTTP POST as JSON, once when it ends, or also when it"
                " begins and when somebody answers; as often and in whatever order you like:"
            ),
            f"    {url}",
            env._(
                "2. Sign each request with the secret of this page: the header X-Signature has the"
                " time and the HMAC-SHA256 of time, dot and body."
            ),
            env._("3. Try it; the file secret.txt holds the secret and nothing else:"),
            _EXAMPLE % url,
            env._(
                "Or sign as Standard Webhooks do (headers webhook-id, webhook-timestamp and"
                " webhook-signature). If your service makes the secret itself, enter that here"
                " instead of ours; if it asks for one, it takes the output of:"
            ),
            _STANDARD_SECRET,
            env._(
                "Fields: id and direction (incoming, outgoing, internal) and start are required;"
                " number, name, line, extension, result (answered, missed, no_answer, voicemail,"
                " busy, rejected, canceled, failed; empty while the call goes on), answer, end,"
                " talk_seconds, recording. Times are ISO 8601 with their offset from UTC. Several"
                " calls can be sent as a list."
            ),
            env._("The whole description, as an OpenAPI file:"),
            f"    {url.partition('/lead_communications/')[0]}{DESCRIPTION}",
        ]
    )


_STANDARD_SECRET = """    echo "whsec_$(printf %s "$(cat secret.txt)" | base64 -w0)\""""

_EXAMPLE = """    body='{"id": "call-1", "direction": "incoming", "number": "+48221234567",
      "line": "+48221112233", "extension": "101", "result": "answered",
      "start": "2026-11-02T09:15:00Z", "answer": "2026-11-02T09:15:08Z",
      "end": "2026-11-02T09:17:30Z"}'
    t=$(date +%%s)
    v1=$(printf '%%s.%%s' "$t" "$body" |
      openssl dgst -sha256 -hmac "$(cat secret.txt)" | sed 's/^.*= //')
    curl -sS -H 'Content-Type: application/json' -H "X-Signature: t=$t,v1=$v1" \\
      --data-raw "$body" '%s'"""
