"""RingCentral: notifications of telephony sessions.

Sources: RingCentral's guides on webhooks, on the account telephony sessions event and on call time
metrics.

Each notification tells the state of one or more *parties*: the people and machines of the account
that have a part in the call. Whoever has an extension is a person; a menu that answers has none.
The parties of a session are numbered; the guides show it and do not say it: ``-1`` is the caller,
``-2`` who was called. Where an id looks otherwise, nothing is concluded from it.

A session that goes on as another one (``Gone``, after some transfers) is two calls here, for
nothing says which of them a later notification belongs to. Recordings can be fetched with an access
token of RingCentral only, and are left there.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from .call_event import CallEvent
from .inbound import Answer, InboundRequest
from .payload import BrokenRow, Parsed, PayloadError, SignatureError
from .reading import (
    NAME_LENGTH,
    contact_name,
    decode,
    id_of,
    is_number,
    list_of,
    load_object,
    moment_of,
    object_of,
    text_of,
    zone_of,
)
from .signature import require_any_match

LABEL = "RingCentral"
SECRET_IS_GIVEN = False

#: Asks whether the address is ours; by what the guides call *validation tokens* it also proves.
VALIDATION_HEADER = "Validation-Token"
VERIFICATION_HEADER = "Verification-Token"

_DIRECTIONS = {"inbound": "incoming", "outbound": "outgoing"}
_GOING = frozenset({"setup", "proceeding", "hold", "parked", "voicemailscreening"})
#: Why a party has left; of any other reason it has left only, and the call may go on.
_REASONS = {
    "rejected": "rejected",
    "cancelled": "canceled",
    "noanswer": "missed",
    "timeout": "missed",
    "targetbusy": "busy",
    "voicemail": "voicemail",
    "invalidnumber": "failed",
    "internationaldisabled": "failed",
    "destinationblocked": "failed",
    "notenoughfunds": "failed",
    "nosuchuser": "failed",
    "internalerror": "failed",
}
_UTC = zone_of("UTC")

# ---- TOKEN ----


def challenge(request: InboundRequest, secrets: Iterable[str], now: float) -> Answer | None:
    """Return the token that RingCentral sends, with no body, before it makes a subscription."""
    token = (request.headers.get(VALIDATION_HEADER) or "").strip()
    if request.method != "POST" or request.body.strip() or not token:
        return None
    if not re.fullmatch(r"[!-~]{1,256}", token):
        raise SignatureError("signature_malformed", f"The header {VALIDATION_HEADER} is malformed.")
    return Answer("", "application/json", {VALIDATION_HEADER: token})


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless a header names one of ``secrets``: RingCentral signs nothing."""
    headers = (request.headers.get(name) for name in (VERIFICATION_HEADER, VALIDATION_HEADER))
    given = [header.strip() for header in headers if header and header.strip()]
    if not given:
        raise SignatureError("signature_missing", f"The header {VERIFICATION_HEADER} is missing.")
    require_any_match(given, secrets)


# ---- CALLS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC") -> Parsed:
    """Return one event for each party of a notification; its times are in UTC."""
    document = load_object(body)
    session = object_of(document, "body")
    if "telephonySessionId" not in session:
        return Parsed()  # presence, messages, the reminder that the subscription will end
    parsed = Parsed()
    for party in list_of(session, "parties"):
        try:
            event = _event(session, party)
        except PayloadError as error:
            parsed.broken.append(BrokenRow(1, decode(body), str(error), error.code))
            break
        if event:
            parsed.events.append(event)
    return parsed


def _event(session: Mapping[str, Any], party: Mapping[str, Any]) -> CallEvent | None:
    status = object_of(party, "status")
    code = text_of(status, "code").lower()
    if code == "faxreceive":
        return None
    stated = _DIRECTIONS.get(text_of(party, "direction").lower())
    if not stated:
        raise PayloadError("direction", "direction is neither Inbound nor Outbound.")
    caller, called = object_of(party, "from"), object_of(party, "to")
    incoming = stated == "incoming"
    other = caller if incoming else called
    is_internal = bool(text_of(caller, "extensionId") and text_of(called, "extensionId"))
    extension = text_of(party, "extensionId")
    happened = moment_of(session, "eventTime", _UTC)
    result, is_over = _result(code, text_of(status, "reason").lower(), party, incoming)
    if result == "answered" and not extension:
        result = ""  # a menu
    own_number = text_of(called, "phoneNumber")
    return CallEvent(
        external_id=id_of(session, "telephonySessionId"),
        direction="internal" if is_internal else stated,
        number="" if is_internal else text_of(other, "phoneNumber"),
        contact_name="" if is_internal else contact_name(text_of(other, "name", NAME_LENGTH)),
        line_number=own_number if incoming and is_number(own_number) else "",
        extension=extension,
        result=result,
        start=happened,
        answer=happened if result == "answered" else None,
        end=happened if is_over else None,
        is_first=bool(re.search(r"-[12]$", text_of(party, "id", 150))),
    )


def _result(code: str, reason: str, party: Mapping[str, Any], incoming: bool) -> tuple[str, bool]:
    """Return what the state of a party says of the outcome, and whether it has left the call.

    Who has left has not necessarily spoken before: that is told by the notification that they
    answered.
    """
    if code == "answered":
        return "answered", False
    if code == "voicemail":
        return "voicemail", False
    if code in _GOING:
        return "", False
    if code not in ("disconnected", "gone"):
        raise PayloadError("status", f"Unknown code of a party: {code[:40]}")
    if party.get("missedCall") is True:
        return "missed", True
    if code == "gone":
        return "", True
    result = _REASONS.get(reason, "missed" if incoming else "canceled")
    return "missed" if result == "canceled" and incoming else result, True


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does at RingCentral."""
    return "\n\n".join(
        [
            env._(
                "1. In the RingCentral Developer Console create an app of the type REST API (server"
                " only) with the permissions Call Control and Webhook Subscriptions, and sign in"
                " with it as an administrator of the account."
            ),
            env._(
                "2. Create a subscription for the calls of the whole account: POST"
                " /restapi/v1.0/subscription, in the API Explorer or by a program. RingCentral"
                " checks the address at once. In place of SECRET write the secret of this page:"
            ),
            _SUBSCRIPTION % url,
            env._(
                "3. The subscription ends after the seconds in expiresIn (here ten years). What"
                " RingCentral could not deliver for long, it ends earlier: create it again then."
            ),
            env._(
                "In Lines, the extension of a salesperson is the ID of their RingCentral extension"
                " (id, not the extension number), as GET /restapi/v1.0/account/~/extension lists"
                " it. Recordings stay at RingCentral."
            ),
        ]
    )


_SUBSCRIPTION = """    {
      "eventFilters": ["/restapi/v1.0/account/~/telephony/sessions"],
      "deliveryMode": {
        "transportType": "WebHook",
        "address": "%s",
        "verificationToken": "SECRET"
      },
      "expiresIn": 315360000
    }"""
