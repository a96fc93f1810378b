"""FreeSWITCH: the call records of ``mod_json_cdr``, one for each leg.

Source: ``src/mod/event_handlers/mod_json_cdr`` of FreeSWITCH, and a record it wrote.

A call has one leg *into* FreeSWITCH, from the caller, and one *out* for each telephone that was
dialled. Their ``call_uuid`` is the ``uuid`` of the first leg. A call that FreeSWITCH was told to
make (``originate``, as click-to-dial does) begins with a leg *out* to the telephone of the caller.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from ..tools.phone import is_extension
from .call_event import CallEvent
from .freeswitch_setup import configuration, setup_steps
from .inbound import InboundRequest, media_type
from .payload import Parsed, PayloadError, SignatureError
from .reading import (
    NAME_LENGTH,
    contact_name,
    epoch_of,
    id_of,
    is_number,
    load_object,
    object_of,
    parse_one,
    seconds_of,
    talk_between,
    text_of,
)
from .signature import require_match
from .site import UNKNOWN, Site

__all__ = ["configuration", "parse", "setup_steps", "verify"]

LABEL = "FreeSWITCH"
SECRET_IS_GIVEN = False

#: A telephone that another one was quicker than: its leg says nothing about the call.
_ELSEWHERE = ("LOSE_RACE", "PICKED_OFF")
_RESULTS = {
    "USER_BUSY": "busy",
    "CALL_REJECTED": "rejected",
    "NO_ANSWER": "missed",
    "NO_USER_RESPONSE": "missed",
    "ALLOTTED_TIMEOUT": "missed",
    # Whoever called gave up.
    "ORIGINATOR_CANCEL": "canceled",
    "NORMAL_CLEARING": "canceled",
    "LOSE_RACE": "canceled",
    "PICKED_OFF": "canceled",
}
#: Applications in which people speak although no other leg is bridged.
_MEETINGS = ("conference",)

# ---- PASSWORD ----


def verify(request: InboundRequest, secrets: Iterable[str], now: float) -> None:
    """Raise SignatureError unless the request carries one of the secrets as its password."""
    credentials = request.credentials("Basic")
    try:
        raw = base64.b64decode(credentials, validate=True)
    except (binascii.Error, ValueError) as error:
        raise SignatureError("signature_malformed", "The password is malformed.") from error
    require_match(raw.decode("utf-8", "replace").partition(":")[2], secrets)


# ---- ENCODINGS ----


def parse(body: bytes, content_type: str = "", tz: str = "UTC", site: Site = UNKNOWN) -> Parsed:
    """Return the event of a leg; none of a leg that another one was quicker than.

    :param site: what is known of the system: which telephones there are.
    """
    # Old releases write the key callflow once for each of its parts.
    record = load_object(_document(body, media_type(content_type)), allow_duplicates=True)
    return parse_one(lambda: _event(record, site), body)


def _document(body: bytes, kind: str) -> bytes:
    """Return the JSON of a body that was sent with ``encode`` set to false, true or base64."""
    name, _equals, value = body.strip().partition(b"=")
    if name != b"cdr":
        return body
    if "base64" not in kind:
        return unquote_to_bytes(value)
    try:
        return base64.b64decode(b"".join(value.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise PayloadError("not_base64", "The record is not base64.") from error


def _plain(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields without the percent-encoding that ``encode-values`` adds to them."""
    return {
        key: unquote(value) if isinstance(value, str) else value for key, value in fields.items()
    }


# ---- CALLS ----


def _event(record: Mapping[str, Any], site: Site) -> CallEvent | None:
    variables = _plain(object_of(record, "variables"))
    is_made = _is_made(record, variables)
    is_first = is_made or text_of(object_of(record, "channel_data"), "direction") != "outbound"
    if not is_first and text_of(variables, "hangup_cause") in _ELSEWHERE:
        return None
    profile = _caller_profile(record)
    if is_made:
        direction, number, extension, line = _made_parties(
            variables, profile, _last_profile(record)
        )
    else:
        parties = _first_parties if is_first else _dialled_parties
        direction, number, extension, line = parties(variables, profile, site)
    result = _result(variables, direction, is_first)
    end, answered = epoch_of(variables, "end_epoch"), result == "answered"
    answer = epoch_of(variables, "bridge_epoch") if is_first else None
    answer = (answer or epoch_of(variables, "answer_epoch")) if answered else None
    talk = min(seconds_of(variables, "billsec"), talk_between(answer, end)) if answered else 0
    incoming = direction == "incoming"
    return CallEvent(
        external_id=_call_id(variables, is_first),
        direction=direction,
        number=number,
        contact_name=_contact_name(profile) if incoming else "",
        line_number=line,
        extension=extension or _answered_by(variables, incoming and answered),
        result=result,
        start=epoch_of(variables, "start_epoch"),
        answer=answer,
        end=end,
        talk_seconds=talk,
        recording=text_of(variables, "record_name", 255) if answered else "",
        is_first=is_first,
        # A leg of its own tells of each telephone that was dialled. What the caller heard first may
        # have been a greeting, and whom they were connected with last says not since when.
        is_by_person=not is_first or text_of(variables, "last_app") in _MEETINGS,
        is_exact=not is_first,
    )


def _call_id(variables: Mapping[str, Any], is_first: bool) -> str:
    """Return what all legs of the call share: the id of the first one.

    Old releases set no ``call_uuid``: a dialled leg then knows the one it is connected with.
    """
    keys = ["call_uuid", "originator", "originating_leg_uuid"]
    if not is_first and text_of(variables, "last_bridge_role") != "originator":
        keys += ["bridge_uuid", "signal_bond"]
    return id_of(variables, *keys, "uuid")


def _is_made(record: Mapping[str, Any], variables: Mapping[str, Any]) -> bool:
    """Whether the leg began a call that FreeSWITCH was told to make: nobody's leg led to it.

    Of a leg that was transferred later the id becomes its own, and it still knows who began it.
    """
    uuid = text_of(variables, "uuid")
    return (
        text_of(object_of(record, "channel_data"), "direction") == "outbound"
        and bool(uuid)
        and text_of(variables, "call_uuid") == uuid
        and not any(text_of(variables, name) for name in ("originator", "originating_leg_uuid"))
        and text_of(variables, "last_bridge_role") != "originatee"
    )


def _made_parties(
    variables: Mapping[str, Any], profile: Mapping[str, Any], last: Mapping[str, Any]
) -> tuple[str, str, str, str]:
    """Return direction, counterpart, agent and own number of a call that FreeSWITCH made.

    It rings at the caller's telephone first, who is sent on to the number when they answer.
    """
    user = text_of(variables, "dialed_user") or text_of(profile, "destination_number")
    called = text_of(last, "destination_number")
    if not is_extension(user):
        user = text_of(variables, "origination_caller_id_number") or user
    if called and called != text_of(profile, "destination_number") and not is_extension(called):
        return "outgoing", called, user, ""
    return "internal", "", user, ""


def _first_parties(
    variables: Mapping[str, Any], profile: Mapping[str, Any], site: Site
) -> tuple[str, str, str, str]:
    """Return direction, counterpart, agent and own number of the leg from the caller.

    Whoever has logged in is one of us. The number that somebody shows alone is one of ours if it is
    known, or if none are and a whole number was called: short numbers call from outside, too.
    """
    caller = text_of(profile, "caller_id_number") or text_of(variables, "sip_from_user")
    called = next(
        filter(
            None,
            (
                text_of(variables, "sip_req_user"),
                text_of(variables, "sip_to_user"),
                text_of(profile, "destination_number"),
            ),
        ),
        "",
    )
    user = text_of(variables, "user_name") or text_of(variables, "sip_from_user")
    stated = text_of(variables, "call_direction").lower()
    is_inside = stated != "inbound" and (
        stated in ("outbound", "local")
        or bool(variables.get("user_name"))
        or user in site.extensions
        or (not site.extensions and is_extension(user) and is_number(called))
    )
    if not is_inside:
        return "incoming", caller, text_of(variables, "dialed_extension"), called
    if stated == "outbound" or is_number(called):
        return "outgoing", called, user, ""
    # A short number outside is told by the leg to the gateway.
    return "internal", "", user, ""


def _dialled_parties(
    variables: Mapping[str, Any], profile: Mapping[str, Any], site: Site
) -> tuple[str, str, str, str]:
    """Return the same of a leg to a telephone that was dialled; it knows nothing of the caller."""
    user = text_of(variables, "dialed_user")
    called = text_of(profile, "destination_number") or text_of(variables, "sip_to_user")
    is_by_gateway = bool(text_of(variables, "sip_gateway_name"))
    is_known = called in site.extensions or (not site.extensions and is_extension(called))
    if is_by_gateway or not (user or is_known):
        return "outgoing", called, "", ""
    # Of several telephones that rang, nobody's in particular was missed.
    return "internal", "", (user or called) if _is_answered(variables, False) else "", ""


def _answered_by(variables: Mapping[str, Any], is_answered: bool) -> str:
    """Return the telephone that the caller was connected with, as the first leg knows it."""
    found = text_of(variables, "last_sent_callee_id_number")
    return found if is_answered and is_extension(found) else ""


def _is_answered(variables: Mapping[str, Any], is_first: bool) -> bool:
    """Whether a person answered: FreeSWITCH itself does, for announcements and voicemail."""
    if not epoch_of(variables, "answer_epoch") or not seconds_of(variables, "billsec"):
        return False
    if not is_first or text_of(variables, "bridge_epoch") != "0":
        return True
    return text_of(variables, "last_app") in _MEETINGS


def _result(variables: Mapping[str, Any], direction: str, is_first: bool) -> str:
    application = text_of(variables, "last_app") or text_of(variables, "current_application")
    if is_first and (application == "voicemail" or variables.get("voicemail_message_len")):
        return "voicemail"
    if _is_answered(variables, is_first):
        return "answered"
    result = _RESULTS.get(text_of(variables, "hangup_cause").upper(), "failed")
    if result == "canceled" and direction != "outgoing":
        cause = text_of(variables, "hangup_cause").upper()
        return "canceled" if cause in _ELSEWHERE else "missed"
    return result


def _caller_profile(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the profile of the caller as it was when the call came in: the last of the list."""
    return _profile(record, -1)


def _last_profile(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return the profile as it became when the call was sent on: the first of the list."""
    return _profile(record, 0)


def _profile(record: Mapping[str, Any], place: int) -> dict[str, Any]:
    flow = record.get("callflow")
    parts = [
        part for part in (flow if isinstance(flow, list) else [flow]) if isinstance(part, dict)
    ]
    return _plain(object_of(parts[place], "caller_profile")) if parts else {}


def _contact_name(profile: Mapping[str, Any]) -> str:
    return contact_name(text_of(profile, "caller_id_name", NAME_LENGTH))
