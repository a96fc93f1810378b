"""Any telephone system that can send a web request: what its fields and words mean is entered.

See :mod:`~.mapping`. Nothing is guessed: a word that its table does not have makes the report a
failure that can be retried when the table has it.
"""

import re
from datetime import datetime, timedelta, tzinfo
from typing import Any

from .call_event import CallEvent
from .inbound import media_type
from .mapped_proof import verify
from .mapping import CallMapping
from .payload import BrokenRow, Parsed, PayloadError, clean_text
from .reading import (
    ID_LENGTH,
    NAME_LENGTH,
    NUMBER_LENGTH,
    RECORDING_LENGTH,
    contact_name,
    decode,
    epoch_of,
    id_of,
    load_form,
    load_json,
    moment_of,
    seconds_of,
    talk_between,
    with_plus,
    zone_of,
)
from .site import UNKNOWN, Site

__all__ = ["LABEL", "SECRET_IS_GIVEN", "parse", "read", "setup_steps", "verify"]

LABEL = "Other (Mapped)"
SECRET_IS_GIVEN = False

MAX_CALLS = 1000
FORM = "application/x-www-form-urlencoded"
_LENGTHS = {"id": ID_LENGTH, "name": NAME_LENGTH, "recording": RECORDING_LENGTH}
#: What is entered as the outcome of a call that is not over.
_GOING = ("going", "talking")

# ---- CALLS ----


def parse(
    body: bytes,
    content_type: str = "",
    tz: str = "UTC",
    site: Site = UNKNOWN,
    received: datetime | None = None,
    mapping: CallMapping | None = None,
) -> Parsed:
    """Return the events of a report: JSON, one call or a list of them, or a form."""
    if mapping is None or mapping.missing():
        raise PayloadError("not_configured", "It was not entered yet what its fields mean.")
    reader = _Reader(mapping, zone_of(tz), site.country_code, received)
    parsed = Parsed()
    for number, call in enumerate(_calls(body, content_type), start=1):
        try:
            event = reader.event(call)
        except PayloadError as error:
            parsed.broken.append(BrokenRow(number, decode(body), str(error), error.code))
            break  # it is kept whole, and read again whole
        if event:
            parsed.events.append(event)
    return parsed


def _calls(body: bytes, content_type: str) -> list[Any]:
    text = decode(body).removeprefix("\ufeff").strip()
    if not text:
        raise PayloadError("empty", "Nothing was sent.")
    if media_type(content_type) == FORM or text[0] not in "{[":
        return [dict(load_form(body))]
    document = load_json(body)
    calls = document if isinstance(document, list) else [document]
    if len(calls) > MAX_CALLS:
        raise PayloadError("too_many_calls", f"More than {MAX_CALLS} calls at once.")
    return calls


class _Reader:
    """Reads the calls of one telephone system."""

    def __init__(
        self,
        mapping: CallMapping,
        zone: tzinfo,
        country_code: str,
        received: datetime | None,
    ):
        self.mapping = mapping
        self.zone = zone
        self.country_code = country_code
        self.received = received

    def event(self, call: Any) -> CallEvent | None:
        """Return what is reported of a call; None if it is none."""
        stated = self._value(call, "result")
        direction = "ignored" if stated == "ignored" else self._value(call, "direction")
        if direction == "ignored":
            return None
        seconds = self._seconds(call, "talk_seconds")
        result = self._result(stated, seconds)
        talk = (seconds or 0) if result == "answered" else 0
        start, answer, end = self._times(call, stated, talk)
        return CallEvent(
            external_id=id_of({"id": self._text(call, "id")}, "id"),
            direction=direction,
            number=self._number(call, direction),
            contact_name=contact_name(self._text(call, "name")),
            line_number=self._line(call) if direction == "incoming" else "",
            extension=self._text(call, "extension"),
            result=result,
            start=start,
            answer=answer if result == "answered" else None,
            end=end,
            talk_seconds=talk or (talk_between(answer, end) if result == "answered" else 0),
            recording=self._text(call, "recording"),
        )

    def _result(self, stated: str, seconds: int | None) -> str:
        """Return the outcome; a call of which they count no second of talk nobody answered."""
        if stated == "going":
            return ""
        if stated == "talking":
            return "answered"
        return "missed" if stated == "answered" and seconds == 0 else stated

    def _times(
        self, call: Any, stated: str, talk: int
    ) -> tuple[datetime | None, datetime | None, datetime | None]:
        """Return start, answer and end, as far as they are told or follow from each other."""
        start = self._moment(call, "start")
        answer, end = (self._moment(call, name, start) for name in ("answer", "end"))
        happened = self._moment(call, "time", start) or (None if start else self.received)
        if stated == "talking":
            answer = answer or happened or self.received
        if stated in _GOING:
            return start or happened, answer, None
        if not end:
            length = self._seconds(call, "duration")
            end = start + timedelta(seconds=length) if start and length else None
        end = end or (answer + timedelta(seconds=talk) if answer and talk else None)
        end = end or happened or (start + timedelta(seconds=talk) if start else self.received)
        if talk and end and not answer:
            answer = end - timedelta(seconds=talk)
        return start, answer, end

    # ---- FIELDS ----

    def _value(self, call: Any, name: str) -> str:
        return self.mapping.value(name, self._text(call, name))

    def _number(self, call: Any, direction: str) -> str:
        """Return the counterpart: as it is told, or the party that calls or is called."""
        if direction == "internal":
            return ""
        told = self._text(call, "number")
        return self._plus(told or self._text(call, "from" if direction == "incoming" else "to"))

    def _line(self, call: Any) -> str:
        return self._plus(self._text(call, "line") or self._text(call, "to"))

    def _plus(self, number: str) -> str:
        return with_plus(number) if self.mapping.plus else number

    def _seconds(self, call: Any, name: str) -> int | None:
        """Return a length, written as seconds or as 0:01:30; None if it is not told."""
        text = self._text(call, name)
        if not text:
            return None
        if match := re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})", text, re.ASCII):
            hours, minutes, seconds = (int(part or 0) for part in match.groups())
            return seconds_of({name: hours * 3600 + minutes * 60 + seconds}, name)
        return seconds_of({name: text}, name)

    def _moment(self, call: Any, name: str, near: datetime | None = None) -> datetime | None:
        """Return a time, written as a date or as seconds or milliseconds since 1970."""
        text = self._text(call, name)
        if match := re.fullmatch(r"(\d{9,10})(?:\d{3})?(?:\.\d+)?", text, re.ASCII):
            return epoch_of({name: match[1]}, name)
        return moment_of({name: text}, name, self.zone, near, self.country_code)

    def _text(self, call: Any, name: str) -> str:
        path = self.mapping.paths.get(name, "")
        return clean_text(read(call, path), _LENGTHS.get(name, NUMBER_LENGTH)) if path else ""


def read(document: Any, path: str) -> str:
    """Return the text that ``path`` leads to, ``""`` if there is none; see :mod:`~.mapping`.

    :raise PayloadError: it leads to an object or a list.
    """
    for alternative in path.split("|"):
        texts = [_part(document, part.strip()) for part in alternative.split(" + ")]
        if found := " ".join(filter(None, texts)):
            return found
    return ""


def _part(document: Any, path: str) -> str:
    if path.startswith("="):
        return path[1:]
    value = _look_up(document, path)
    if isinstance(value, dict | list):
        raise PayloadError("path", f"“{path}” leads to several values, not to one.")
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _look_up(value: Any, path: str) -> Any:
    """Return what ``path`` leads to; a field whose own name has dots in it comes first."""
    head, _dot, rest = path.partition(".")
    if isinstance(value, dict):
        if path in value:
            return value[path]
        inner = value.get(head)
    elif isinstance(value, list) and re.fullmatch(r"\d{1,3}", head, re.ASCII):
        inner = value[int(head)] if int(head) < len(value) else None
    else:
        return None
    return _look_up(inner, rest) if rest else inner


# ---- SET-UP ----


def setup_steps(url: str, env) -> str:
    """Return what the administrator does."""
    return "\n\n".join(
        [
            env._(
                "1. On the page Mapping, load the preset of your telephone system if there is one."
                " Otherwise paste there what it sends, and write which of its fields is which of"
                " ours;"
                " the call that comes of it is shown at once."
            ),
            env._("2. Choose there how it proves what it sends, and enter at it this address:"),
            f"    {url}",
            env._(
                "With the proof “Token in the address”, write ?token= and the secret of this page"
                " behind it. The address stands in the log files of the web servers in between:"
                " keep these to yourself."
            ),
            env._(
                "3. Give it the secret of this page, or enter here the one that it gives you. With"
                " user name and password, the secret is the password, and the user name does not"
                " matter."
            ),
            env._(
                "A word of it that is in no table of values is not guessed: the report waits under"
                " Failures, with the word, and can be retried when the table has it."
            ),
        ]
    )
