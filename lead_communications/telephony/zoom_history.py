"""What Zoom Phone tells of a call when it is over: the legs of its history, its voicemail; and the
words that all its events have in common.

Sources: as in :mod:`~.zoom_phone`.
"""

import re
from collections.abc import Mapping
from typing import Any

from .call_event import CallEvent
from .payload import PayloadError
from .reading import (
    NAME_LENGTH,
    contact_name,
    id_of,
    moment_of,
    seconds_of,
    talk_between,
    text_of,
    with_plus,
    zone_of,
)

_UTC = zone_of("UTC")
_DIRECTIONS = {"inbound": "incoming", "outbound": "outgoing"}
#: Extensions that no person speaks at, in small letters; those of history have underlines.
_MACHINES = frozenset(
    {
        "callqueue",
        "autoreceptionist",
        "sharedlinegroup",
        "contactcenter",
    }
)
_OUTSIDE = frozenset({"pstn", "externalcontact", "five9", "twilio"})
#: What a call came to, in small letters without blanks and underlines, by who called.
_RESULTS = {
    "callconnected": ("answered", "answered"),
    "connected": ("answered", "answered"),
    "answered": ("answered", "answered"),
    "accepted": ("answered", "answered"),
    "succeeded": ("answered", "answered"),
    "voicemail": ("voicemail", "voicemail"),
    "callcancel": ("missed", "canceled"),
    "callcanceled": ("missed", "canceled"),
    "cancelled": ("missed", "canceled"),
    "canceled": ("missed", "canceled"),
    "hangup": ("missed", "canceled"),
    "noanswer": ("missed", "missed"),
    "missed": ("missed", "missed"),
    "abandoned": ("missed", "canceled"),
    "overflowed": ("missed", "missed"),
    "busy": ("busy", "busy"),
    "rejected": ("rejected", "rejected"),
    "declined": ("rejected", "rejected"),
    "blocked": ("rejected", "failed"),
    "callfailed": ("failed", "failed"),
    "failed": ("failed", "failed"),
}


def leg_event(leg: Mapping[str, Any]) -> CallEvent:
    """Return one leg of the history of a call."""
    direction = _DIRECTIONS.get(text_of(leg, "direction").lower())
    if not direction:
        raise PayloadError("direction", "direction is neither inbound nor outbound.")
    ours, other = ("callee", "caller") if direction == "incoming" else ("caller", "callee")
    is_internal = text_of(leg, "connect_type").lower() == "internal"
    of_machine = is_machine({"extension_type": text_of(leg, f"{ours}_ext_type")})
    start, answer, end = (moment_of(leg, f"{key}_time", _UTC) for key in ("start", "answer", "end"))
    result = outcome(text_of(leg, "result"), direction)
    if result == "answered" and (of_machine or not answer):
        result = "missed"
    talk = seconds_of(leg, "talk_time") or talk_between(answer, end)
    number = text_of(leg, f"{other}_did_number")
    name = text_of(leg, f"{other}_name", NAME_LENGTH)
    return CallEvent(
        external_id=id_of(leg, "call_id"),
        direction="internal" if is_internal else direction,
        number="" if is_internal else with_plus(number),
        contact_name="" if is_internal else contact_name(name),
        line_number=(
            with_plus(text_of(leg, "callee_did_number"))
            if direction == "incoming" and not is_internal
            else ""
        ),
        extension="" if of_machine else text_of(leg, f"{ours}_ext_number"),
        result=result,
        start=start,
        answer=answer if result == "answered" else None,
        end=end,
        talk_seconds=talk if result == "answered" else 0,
    )


def voicemail_event(call: Mapping[str, Any]) -> CallEvent:
    """Return that a caller has left a voicemail."""
    number = text_of(call, "caller_did_number") or text_of(call, "caller_number")
    return CallEvent(
        external_id=id_of(call, "call_id"),
        direction="incoming",
        number=with_plus(number),
        contact_name=contact_name(text_of(call, "caller_name", NAME_LENGTH)),
        line_number=with_plus(text_of(call, "callee_did_number")),
        result="voicemail",
        start=moment_of(call, "date_time", _UTC),
        end=moment_of(call, "date_time", _UTC),
    )


def outcome(stated: str, direction: str) -> str:
    """Return the outcome that Zoom names; of any other, that nobody is known to have spoken."""
    result = _RESULTS.get(re.sub(r"[\s_]", "", stated.lower()), ("missed", "failed"))
    return result[direction == "outgoing"]


def is_ours(party: Mapping[str, Any]) -> bool:
    """Tell whether a party is a telephone, a queue or a menu of the account."""
    if _kind(party) in _OUTSIDE:
        return False
    return bool(text_of(party, "extension_number") or text_of(party, "extension_id"))


def is_machine(party: Mapping[str, Any]) -> bool:
    """Tell whether a party is a queue or a menu, at which no person speaks."""
    return _kind(party) in _MACHINES


def _kind(party: Mapping[str, Any]) -> str:
    return re.sub(r"[\s_]", "", text_of(party, "extension_type").lower())
