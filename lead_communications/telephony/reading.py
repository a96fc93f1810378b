"""Reading what anybody may have written: JSON, forms, and the texts, numbers and times in them.

Whatever is wrong ends in a :class:`~.payload.PayloadError` that tells a person what it is.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import unquote_to_bytes

import pytz

from ..tools.withheld import is_withheld
from . import dates
from .call_event import CallEvent
from .payload import BrokenRow, Parsed, PayloadError, clean_text

NUMBER_LENGTH = 64
NAME_LENGTH = 128
ID_LENGTH = 150
#: Signed links to recordings are long.
RECORDING_LENGTH = 2000

MAX_DEPTH = 20
MAX_FIELDS = 200
LONGEST_CALL = 31 * 24 * 3600

# ---- BODIES ----


def decode(raw: bytes) -> str:
    """Return the text, also if it is in an old 8-bit encoding: a name must not cost the call."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def load_json(raw: bytes | str, allow_duplicates: bool = False) -> Any:
    """Return the JSON document in ``raw``; strict, and safe with what was made to do harm.

    :param allow_duplicates: of a key that an object has twice the last one counts; otherwise this
        is an error, for two readers may see two different calls in it.
    """
    text = (decode(raw) if isinstance(raw, bytes) else raw).removeprefix("\ufeff").strip()
    if not text:
        raise PayloadError("empty", "Nothing was sent.")
    _check_depth(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=dict if allow_duplicates else _unique_keys,
            parse_constant=_refuse_constant,
            parse_int=_short_int,
            parse_float=_finite_float,
        )
    except PayloadError:
        raise
    except ValueError as error:
        raise PayloadError("not_json", f"This is not JSON: {error}") from error


def load_object(raw: bytes | str, allow_duplicates: bool = False) -> dict[str, Any]:
    """Return the JSON object in ``raw``."""
    document = load_json(raw, allow_duplicates)
    if not isinstance(document, dict):
        raise PayloadError("not_an_object", "A JSON object was expected.")
    return document


def load_form(raw: bytes) -> list[tuple[str, str]]:
    """Return the fields of an ``application/x-www-form-urlencoded`` body, in their order.

    Each is decoded for itself, for only one may be in an old 8-bit encoding.
    """
    pairs = [pair.partition(b"=") for pair in raw.strip().split(b"&") if pair]
    if len(pairs) > MAX_FIELDS:
        raise PayloadError("too_many_fields", f"More than {MAX_FIELDS} fields.")
    return [(_unquoted(name), _unquoted(value)) for name, _equals, value in pairs]


def _unquoted(text: bytes) -> str:
    return decode(unquote_to_bytes(text.replace(b"+", b" ")))


def parse_one(read: Callable[[], CallEvent | None], raw: bytes) -> Parsed:
    """Return what ``read`` makes of a whole body; what it cannot read is one broken row.

    ``read`` returns None for what is no news about a call.
    """
    if not raw.strip():
        raise PayloadError("empty", "Nothing was sent.")
    try:
        event = read()
    except PayloadError as error:
        return Parsed(broken=[BrokenRow(1, decode(raw), str(error), error.code)])
    return Parsed(events=[event] if event else [])


def _check_depth(text: str) -> None:
    """Refuse what is nested too deep before the parser, which is recursive, gets to see it."""
    depth, in_string = 0, False
    for match in re.finditer(r'["\[\]{}]|\\.', text, re.DOTALL):
        token = match[0]
        if token == '"':
            in_string = not in_string
        elif in_string:
            continue
        elif token in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise PayloadError("too_deep", f"Nested more than {MAX_DEPTH} levels deep.")
        elif token in "]}":
            depth -= 1


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise PayloadError("duplicate_key", "A JSON object has the same key twice.")
    return found


def _refuse_constant(name: str):
    raise PayloadError("not_json", f"{name} is not JSON.")


def _short_int(text: str) -> int:
    if len(text) > 20:
        raise PayloadError("number", "A number has too many digits.")
    return int(text)


def _finite_float(text: str) -> float:
    if (number := float(text)) in (float("inf"), float("-inf")):
        raise PayloadError("number", "A number is too large.")
    return number


# ---- FIELDS ----


def text_of(fields: Mapping[str, Any], key: str, length: int | None = NUMBER_LENGTH) -> str:
    """Return a text as one clean line; ``""`` if it is missing or null. Numbers are texts, too.

    :param length: how much of it is kept; None for all.
    """
    value = fields.get(key)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise PayloadError(key, f"{key} is no text.")
    return clean_text(str(value), length)


def object_of(fields: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object; an empty one if it is missing or null."""
    value = fields.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise PayloadError(key, f"{key} is no object.")
    return value


def list_of(fields: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return a list of objects; an empty one if it is missing or null."""
    value = fields.get(key)
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise PayloadError(key, f"{key} is no list of objects.")
    return value


def id_of(fields: Mapping[str, Any], *keys: str) -> str:
    """Return what names the call: the first of ``keys`` that is given."""
    for key in keys:
        value = fields.get(key)
        if value is None or value == "":
            continue
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise PayloadError(key, f"{key} is no text.")
        if not re.fullmatch(rf"[\x21-\x7e]{{1,{ID_LENGTH}}}", str(value)):
            raise PayloadError(key, f"{key} is not the id of a call.")
        return str(value)
    raise PayloadError("no_id", f"{' or '.join(keys)} is missing: nothing names the call.")


def seconds_of(fields: Mapping[str, Any], key: str) -> int:
    """Return a number of seconds, 0 if it is missing."""
    text = text_of(fields, key) or "0"
    if not re.fullmatch(r"\d{1,9}(\.\d+)?", text, re.ASCII) or float(text) > LONGEST_CALL:
        raise PayloadError(key, f"{key} is no number of seconds: {text[:40]}")
    return int(float(text))


def epoch_of(fields: Mapping[str, Any], key: str) -> datetime | None:
    """Return the moment (naive UTC) that a number of seconds since 1970 names; None for 0."""
    text = text_of(fields, key)
    if not text or text == "0":
        return None
    if not re.fullmatch(r"\d{9,10}(\.\d+)?", text, re.ASCII):
        raise PayloadError(key, f"{key} is no time in seconds since 1970: {text[:40]}")
    moment = datetime.fromtimestamp(int(text.partition(".")[0]), UTC).replace(tzinfo=None)
    return _plausible(moment, key, text)


def moment_of(
    fields: Mapping[str, Any],
    key: str,
    zone: tzinfo | None,
    near: datetime | None = None,
    country_code: str = "",
) -> datetime | None:
    """Return the moment (naive UTC) that a text names, in ISO 8601 or as people write dates; None
    if it is missing.

    Local times occur twice when the clocks are set back: the one closest to ``near`` is meant,
    else the earlier one. Those that are skipped are read with one of the two offsets.

    :param zone: the time zone of a text that names none; None if it has to name one.
    """
    text = text_of(fields, key)
    if not text:
        return None
    written = dates.readings(text, country_code)
    if not written:
        raise PayloadError(key, f"{key} is no date and time: {text[:40]}")
    if len(written) > 1 and not (country_code or near):
        # The ninth of August or the eighth of September: better none than a wrong one.
        raise PayloadError(key, f"{key} is one of two dates: {text[:40]}")
    if not written[0].tzinfo and zone is None:
        raise PayloadError(key, f"{key} has no offset from UTC: {text[:40]}")
    found = dates.moments(text, zone, country_code)
    if not found:
        raise PayloadError(key, f"{key} is no date of a call: {text[:40]}")
    return _plausible(dates.closest(found, near), key, text)


def mail_date_of(fields: Mapping[str, Any], key: str) -> datetime | None:
    """Return the moment (naive UTC) in ``Wed, 08 Oct 2025 13:54:12 +0000``; None if missing."""
    text = text_of(fields, key)
    if not text:
        return None
    try:
        written = parsedate_to_datetime(text)
        # RFC 2822 writes UTC as -0000, which Python reads as no time zone.
        moment = _to_utc(written if written.tzinfo else written.replace(tzinfo=UTC))
    except (ValueError, OverflowError, TypeError, IndexError) as error:
        raise PayloadError(key, f"{key} is no date and time: {text[:40]}") from error
    return _plausible(moment, key, text)


def talk_between(answer: datetime | None, end: datetime | None) -> int:
    """Return the seconds of conversation, 0 if a time is missing."""
    if not answer or not end:
        return 0
    seconds = int((end - answer).total_seconds())
    if seconds > LONGEST_CALL:
        raise PayloadError("duration", "The call would have taken more than a month.")
    return max(seconds, 0)


def zone_of(name: str) -> tzinfo:
    """Return the time zone ``name``, UTC for none; raises PayloadError for an unknown one."""
    try:
        return pytz.timezone(name or "UTC")
    except pytz.UnknownTimeZoneError as error:
        raise PayloadError("unknown_timezone", f"Unknown time zone {name!r}.") from error


def id_epoch(call_id: str) -> datetime | None:
    """Return the moment in ``1795305367.0`` or ``name-1795305367.0``: when the call began."""
    match = re.search(r"(?:^|-)(\d{9,10})\.\d+$", call_id, re.ASCII)
    return datetime.fromtimestamp(int(match[1]), UTC).replace(tzinfo=None) if match else None


def _to_utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None, microsecond=0)


def _plausible(moment: datetime, key: str, text: str) -> datetime:
    if not 1990 <= moment.year <= 2100:
        raise PayloadError(key, f"{key} is no date of a call: {text[:40]}")
    return moment


# ---- PARTIES ----


def contact_name(text: str) -> str:
    """Return the caller's name; what a PBX writes for want of one is none."""
    if is_withheld(text):
        return ""
    return "" if re.fullmatch(r"\+?\d+", text) else text


def is_number(text: str) -> bool:
    """Whether ``text`` is dialled as a number of the telephone network, not as an extension."""
    digits = re.sub(r"[\s()./-]", "", text).removeprefix("+")
    return digits.isdecimal() and len(digits) > 6


def with_plus(number: str) -> str:
    """Return an international number that was written without its plus with it."""
    return f"+{number}" if re.fullmatch(r"[1-9]\d{6,14}", number, re.ASCII) else number


def account(address: str) -> str:
    """Return ``anna`` from ``client:anna`` or ``sip:anna@company.example``; ``""`` of a number."""
    match = re.fullmatch(r"(?:client|sips?|user|app):([^@;?]+).*", address, re.IGNORECASE)
    return match[1].strip() if match and not is_number(match[1]) else ""
