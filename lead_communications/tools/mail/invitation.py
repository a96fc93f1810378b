"""The event that an invitation is to, as iCalendar (RFC 5545) tells it."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from .subject import clean_text

_LIMIT = 200_000
_DAY, _UTC = "day", "UTC"
_FOLD = re.compile(r"\n[ \t]")
_EVENT = re.compile(r"^BEGIN:VEVENT\s*$(.*?)^END:VEVENT\s*$", re.DOTALL | re.MULTILINE | re.I)
_INNER = re.compile(r"^BEGIN:VALARM\s*$.*?^END:VALARM\s*$", re.DOTALL | re.MULTILINE | re.I)
_LINE = re.compile(r"([A-Za-z-]{1,40})((?:;[^:;=]{1,60}=(?:\"[^\"]*\"|[^:;\"]*))*):(.*)")
_PARAMETER = re.compile(r";([^=;:]{1,60})=(?:\"([^\"]*)\"|([^;:\"]*))")
_TIME = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
_DURATION = re.compile(r"P(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,5})M)?)?")
_ESCAPE = re.compile(r"\\([\\;,nN])")


class Event(NamedTuple):
    """What, when and where; each may be ""."""

    what: str
    when: str
    where: str
    organizer: str
    is_canceled: bool


def read(text: str) -> Event | None:
    """Return the first event of a calendar, None if it has none. Nothing raises."""
    text = _FOLD.sub("", text[:_LIMIT].replace("\r\n", "\n"))
    found = _EVENT.search(text)
    if not found:
        return None
    lines: dict[str, tuple[dict[str, str], str]] = {}
    for line in _INNER.sub("", found[1]).split("\n"):
        if match := _LINE.fullmatch(line.strip("\r")):
            parameters = {
                name.upper(): quoted or plain
                for name, quoted, plain in _PARAMETER.findall(match[2])
            }
            lines.setdefault(match[1].upper(), (parameters, match[3]))
    method = re.search(r"^METHOD:\s*(\w+)", text, re.MULTILINE | re.IGNORECASE)
    status = lines.get("STATUS", ({}, ""))[1].strip().upper()
    event = Event(
        what=_value(lines, "SUMMARY"),
        when=_when(lines),
        where=_value(lines, "LOCATION"),
        organizer=_organizer(lines),
        is_canceled=status == "CANCELLED" or bool(method and method[1].upper() == "CANCEL"),
    )
    return event if any(event[:4]) else None


def _value(lines: dict, name: str) -> str:
    value = lines.get(name, ({}, ""))[1]
    return clean_text(_ESCAPE.sub(lambda found: _unescaped(found[1]), value), 500)


def _unescaped(letter: str) -> str:
    return " " if letter in "nN" else letter


def _organizer(lines: dict) -> str:
    parameters, value = lines.get("ORGANIZER", ({}, ""))
    address = clean_text(re.sub(r"^mailto:", "", value.strip(), flags=re.IGNORECASE))
    name = clean_text(parameters.get("CN", ""))
    return f"{name} <{address}>" if name and address and name != address else address or name


def _when(lines: dict) -> str:
    """Return the time from beginning to end, with the time zone that it is told in."""
    parameters, value = lines.get("DTSTART", ({}, ""))
    start, kind = _time(value)
    if not start:
        return ""
    end = _end(lines, start)
    if kind == _DAY:
        last = end - timedelta(days=1) if end and end > start else start
        return f"{start:%Y-%m-%d}" + (f" – {last:%Y-%m-%d}" if last > start else "")
    zone = clean_text(kind or parameters.get("TZID", ""), 60)
    told = f"{start:%Y-%m-%d %H:%M}"
    if end and end > start:
        told += f" – {end:%H:%M}" if end.date() == start.date() else f" – {end:%Y-%m-%d %H:%M}"
    return f"{told} ({zone})" if zone else told


def _end(lines: dict, start: datetime) -> datetime | None:
    end = _time(lines.get("DTEND", ({}, ""))[1])[0]
    found = _DURATION.match(lines.get("DURATION", ({}, ""))[1].strip())
    if end or not found:
        return end
    weeks, days, hours, minutes = (int(number or 0) for number in found.groups())
    try:
        return start + timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)
    except OverflowError:
        return None


def _time(value: str) -> tuple[datetime | None, str]:
    """Return a time, and whether it is a whole day or in UTC, "" if it is neither."""
    found = _TIME.match(value.strip())
    try:
        if found and found[4]:
            time = datetime(*(int(found[group]) for group in range(1, 6)))
            return time, _UTC if found[6] else ""
        if found:
            return datetime(*(int(found[group]) for group in range(1, 4))), _DAY
    except ValueError:
        return None, ""
    return None, ""
