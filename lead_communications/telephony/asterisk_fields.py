"""How Asterisk writes what its pushes and its CDR share: ids, channels, names, times."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from .payload import PayloadError, clean_text
from .reading import NAME_LENGTH, NUMBER_LENGTH, RECORDING_LENGTH
from .reading import contact_name as named

_ID_LENGTH = 150  # Asterisk's own limit: AST_MAX_UNIQUEID


def call_id(fields: Mapping[str, str]) -> str:
    """Return what names the call: its ``linkedid``, which is its first channel's ``uniqueid``."""
    call_id = (fields.get("linkedid") or fields.get("uniqueid") or "").strip()
    if not call_id:
        raise PayloadError("no_id", "Neither linkedid nor uniqueid is given.")
    if not re.fullmatch(rf"[\x21-\x7e]{{1,{_ID_LENGTH}}}", call_id):
        raise PayloadError("bad_id", "The linkedid or uniqueid is none of Asterisk's.")
    return call_id


def is_first_leg(fields: Mapping[str, str]) -> bool:
    """Tell whether it is about the channel that the call began with.

    Asterisk names the call after it. One that is dialled inside (a Local channel of Originate or
    of a queue) says nothing of who called.
    """
    linked_id = fields.get("linkedid", "")
    return (
        bool(linked_id)
        and fields.get("uniqueid", "") == linked_id
        and not is_local(fields.get("channel", ""))
    )


def is_local(channel: str) -> bool:
    """Tell whether a channel is a leg inside the PBX: it says nothing of the caller."""
    return channel.lower().startswith("local/")


def from_epoch(text: str) -> datetime:
    return datetime.fromtimestamp(int(text), UTC).replace(tzinfo=None)


def endpoint(text: str) -> str:
    """Return ``101`` from ``PJSIP/101-0000001a``, ``Local/101@agents-0000000b;1``, ``101@pbx``."""
    technology, slash, rest = text.strip().partition("/")
    name = re.match("[^@/;]*", rest if slash else technology)[0]
    return clean_text(re.sub(r"-[0-9a-f]{8}$", "", name), NUMBER_LENGTH)


#: What FreePBX puts before the telephone that it calls: follow-me, ring group, queue.
_CALLED_FOR = re.compile(r"(?:FMPR|FMGL|FM|RGPRIM|RG-\d+|LC|QR?)-(\d+)#?", re.IGNORECASE)


def telephone(text: str) -> str:
    """Return the endpoint without what says why it is called: ``101`` from ``FMPR-101``."""
    name = endpoint(text)
    match = _CALLED_FOR.fullmatch(name)
    return match[1] if match else name


def contact_name(text: str | None) -> str:
    """Return the caller's name; what a PBX writes for want of one is none."""
    return named(clean_text(text, NAME_LENGTH))


def recording(text: str | None, result: str) -> str:
    """Return the recording's name; the file of a call that nobody answered is an empty shell."""
    return clean_text(text, RECORDING_LENGTH) if result in ("answered", "voicemail") else ""
