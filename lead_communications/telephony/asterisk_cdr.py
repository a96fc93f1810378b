"""Asterisk's call detail records (CDR), as CSV files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from ..tools.phone import is_extension
from . import asterisk_parties, cdr_file
from .asterisk_fields import (
    call_id,
    contact_name,
    endpoint,
    from_epoch,
    is_first_leg,
    recording,
    telephone,
)
from .asterisk_setup import CDR_COLUMNS
from .call_event import CallEvent
from .dates import closest, moments
from .payload import BrokenRow, Parsed, PayloadError, clean_text
from .reading import LONGEST_CALL, NUMBER_LENGTH, id_epoch, is_number, zone_of
from .site import UNKNOWN, Site

_ROW_TEXT_LENGTH = 2000

#: Asterisk's own ``Master.csv``; that of cdr_custom is :data:`CDR_COLUMNS`, as we tell to write it.
_MASTER_COLUMNS = [
    "accountcode",
    "src",
    "dst",
    "dcontext",
    "clid",
    "channel",
    "dstchannel",
    "lastapp",
    "lastdata",
    "start",
    "answer",
    "end",
    "duration",
    "billsec",
    "disposition",
    "amaflags",
    "uniqueid",
    "userfield",
]
_DISPOSITIONS = {
    "ANSWERED": "answered",
    "NO ANSWER": "missed",
    "BUSY": "busy",
    "FAILED": "failed",
    "CONGESTION": "failed",
    "CANCEL": "canceled",
    "UNKNOWN": "failed",
}
#: Applications that answer a call although no person does.
_MACHINES = {
    "playback",
    "background",
    "musiconhold",
    "read",
    "echo",
    "milliwatt",
    "busy",
    "congestion",
}
#: Applications in which a person speaks although no channel was dialled.
_MEETINGS = {"", "dial", "bridge", "confbridge", "meetme", "pickup"}


def parse_cdr(raw: bytes, site: Site = UNKNOWN) -> Parsed:
    """Return an event for each row of a CDR file; a row that cannot be read stops no other."""
    zone_of(site.tz)
    file = cdr_file.read(raw, site.country_code)
    parsed = Parsed(header=file.header)
    read: list[tuple[int, str, Mapping[str, str]]] = []
    for number, line, row in _rows(file):
        if isinstance(row, PayloadError):
            parsed.broken.append(_broken(number, line, row, file.headings))
        else:
            read.append((number, line, row))
    shared = _shared_by_rounding(row for _number, _line, row in read)
    for number, line, row in read:
        try:
            if call_id(row) in shared:
                raise _rounded("uniqueid", row, file.headings)
            parsed.events.append(cdr_event(row, site))
        except PayloadError as error:
            parsed.broken.append(_broken(number, line, error, file.headings))
    parsed.broken.sort(key=lambda broken: broken.number)
    return parsed


def rounded_rows(file: cdr_file.CdrFile) -> list[BrokenRow]:
    """Return the rows of whose ids a spreadsheet has left so little that other calls have them too.

    Only all rows of a file together tell it: whoever takes in a part of them asks for these first.
    """
    shared = _shared_by_rounding(
        row for _number, _line, row in _rows(file) if not isinstance(row, PayloadError)
    )
    return [
        _broken(number, line, _rounded("uniqueid", row, file.headings), file.headings)
        for number, line, row in (_rows(file) if shared else ())
        if not isinstance(row, PayloadError) and _written_id(row) in shared
    ]


def _rows(
    file: cdr_file.CdrFile,
) -> Iterator[tuple[int, str, Mapping[str, str] | PayloadError]]:
    """Return number, text and columns of each row; in place of these, why it cannot be read."""
    for number, line, cells in file.rows():
        try:
            if isinstance(cells, PayloadError):
                raise cells
            row = _cdr_row(cells, file.columns)
            _refuse_rounded(row, file.headings)
            yield number, line, row
        except PayloadError as error:
            yield number, line, error


def _broken(number: int, line: str, error: PayloadError, headings: Mapping[str, str]) -> BrokenRow:
    """Return why a row cannot be read, in the file's own words for the column it is about."""
    heading = headings.get(error.code, error.code)
    reason = f"{heading}: {error}" if heading != error.code else str(error)
    return BrokenRow(number, line[:_ROW_TEXT_LENGTH], reason, error.code)


def _cdr_row(cells: list[str], columns: list[str] | None) -> dict[str, str]:
    if columns is None:
        if len(cells) < len(_MASTER_COLUMNS) - 2:
            raise PayloadError("columns", f"{len(cells)} columns are too few for a call record.")
        is_master = len(cells) <= len(_MASTER_COLUMNS) and _looks_like_time(cells[9])
        columns = _MASTER_COLUMNS if is_master else CDR_COLUMNS
    elif len(cells) != len(columns):
        cells = _rejoined(cells, columns)
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}


def _rejoined(cells: list[str], columns: list[str]) -> list[str]:
    """Return as many cells as there are columns, where commas in ``lastdata`` were not quoted.

    Grandstream's API and some scripts write it so. The time has to come to its place by it.
    """
    more = len(cells) - len(columns)
    if more > 0 and "lastdata" in columns:
        at = columns.index("lastdata")
        joined = [*cells[:at], ",".join(cells[at : at + more + 1]), *cells[at + more + 1 :]]
        if _looks_like_time(joined[columns.index("start")]) and not any(
            _looks_like_time(cell) for cell in joined[at : at + 1]
        ):
            return joined
    raise PayloadError(
        "columns", f"{len(cells)} columns where the first row of the file names {len(columns)}."
    )


# ---- WHAT A SPREADSHEET HAS SPOILED ----

_EXPONENT = re.compile(r"[+-]?\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
#: What may stand in these only whole.
_WHOLE = ("linkedid", "uniqueid", "src", "dst", "did", "cnum")


def _refuse_rounded(row: Mapping[str, str], headings: Mapping[str, str]) -> None:
    """Raise PayloadError if a number or an id of the row has lost its last digits."""
    for name in _WHOLE:
        if _EXPONENT.fullmatch(row.get(name, "")):
            raise _rounded(name, row, headings)


def _rounded(name: str, row: Mapping[str, str], headings: Mapping[str, str]) -> PayloadError:
    name = name if row.get(name) else "linkedid"
    heading = headings.get(name, name)
    return PayloadError(
        "rounded",
        f"{heading} is {row.get(name, '')}: a spreadsheet has rounded it. Import the file as the"
        " telephone system wrote it, not as the spreadsheet saved it.",
    )


def _shared_by_rounding(rows: Iterable[Mapping[str, str]]) -> set[str]:
    """Return the ids without a fraction that calls of different parties have.

    Asterisk's own are ``1795600007.7``; to whole seconds, calls of one second look like one call.
    """
    parties: dict[str, str] = {}
    shared = set()
    for row in rows:
        linked_id = _written_id(row)
        if re.fullmatch(r"\d{9,10}([.,]0+)?", linked_id, re.ASCII):
            party = row.get("src", "")
            if parties.setdefault(linked_id, party) != party:
                shared.add(linked_id)
    return shared


def _written_id(row: Mapping[str, str]) -> str:
    return row.get("linkedid") or row.get("uniqueid") or ""


def _looks_like_time(text: str) -> bool:
    return bool(re.match(r"(\d{1,4}[-./]){2}\d{1,4}[T\s]|\d{9,10}(\.\d+)?$", text.strip()))


def cdr_event(row: Mapping[str, str], site: Site = UNKNOWN) -> CallEvent:
    """Return what one call detail record says; raises PayloadError if it cannot be read.

    :param row: by the names of Asterisk's CDR fields, in lower case; what is missing is unknown.
    """
    linked_id = call_id(row)
    direction = asterisk_parties.direction(row, site)
    result = _cdr_result(row, direction)
    start, answer, end, talk = _cdr_times(row, site, id_epoch(linked_id))
    incoming, answered = direction == "incoming", result == "answered"
    return CallEvent(
        external_id=linked_id,
        direction=direction,
        number=_cdr_number(row, direction),
        contact_name=contact_name(row.get("cnam") or _caller_name(row)) if incoming else "",
        line_number=_cdr_line(row) if incoming else "",
        extension=_cdr_extension(row, direction, result, site),
        result=result,
        start=start,
        answer=answer if answered else None,
        end=end,
        talk_seconds=talk if answered else 0,
        recording=recording(row.get("recordingfile"), result),
        is_first=is_first_leg(row),
    )


def _cdr_times(
    row: Mapping[str, str], site: Site, near: datetime | None
) -> tuple[datetime, datetime | None, datetime, int]:
    """Return start, answer, end (naive UTC) and the seconds of conversation.

    A database table has no column ``end`` and none for the answer: they follow from the durations.
    Where a local time occurs twice, the durations tell which one is meant.
    """
    duration, talk = _seconds(row, "duration"), _seconds(row, "billsec")
    starts = _moments(row, "start", site) or ([near] if near else [])
    if not starts:
        raise PayloadError("start", "The start of the call is missing.")
    ends = _moments(row, "end", site)
    length = timedelta(seconds=duration or 0)
    if near is None and ends and duration:
        start = min(starts, key=lambda at: min(abs(end - at - length) for end in ends))
    else:
        start = closest(starts, near)
    end = closest(ends, start + length) if ends else start + length
    if end <= start:
        end = start + length  # the clock was changed meanwhile
    answers = _moments(row, "answer", site)
    if talk is None:  # a report that has one duration only means that of the conversation
        talk = int((end - closest(answers, start)).total_seconds()) if answers else duration or 0
    answer = end - timedelta(seconds=talk)
    return start, closest(answers, answer) if answers else answer, end, talk


_SECONDS = re.compile(r"(\d{1,9})(?:\.\d+)?\s*(?:s(?:ec(?:onds?)?)?\b\.?.*)?", re.ASCII)
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d\d)", re.ASCII)
_UNITS = re.compile(r"(?:(\d+)\s*h\w*\s*)?(?:(\d+)\s*m\w*\s*)?(?:(\d+)\s*s\w*)?", re.ASCII)


def _seconds(row: Mapping[str, str], name: str) -> int | None:
    """Return a duration, ``35``, ``35s``, ``95s (1m 35s)``, ``1m 35s`` or ``0:01:35``; None if
    the row has none.
    """
    text = row.get(name, "").strip()
    if not text:
        return None if name not in row else 0
    if match := _SECONDS.fullmatch(text):
        seconds = int(match[1])
    elif match := _CLOCK.fullmatch(text) or _UNITS.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in match.groups())
        seconds = hours * 3600 + minutes * 60 + rest
    else:
        raise PayloadError(name, f"{name} is no number of seconds: {text[:40]}")
    if seconds > LONGEST_CALL:
        raise PayloadError(name, f"{name} is no number of seconds: {text[:40]}")
    return seconds


def _cdr_result(row: Mapping[str, str], direction: str) -> str:
    written = row.get("disposition", "").upper().replace("_", " ")
    result = _DISPOSITIONS.get({"NOANSWER": "NO ANSWER"}.get(written, written))
    if result is None:
        raise PayloadError("disposition", f"Unknown disposition {written[:40]!r}.")
    if result == "answered":
        return _cdr_answered_by(row)
    if result == "failed" and row.get("hangupcause") == "21":
        return "rejected"
    if result == "canceled" and direction != "outgoing":
        return "missed"
    return result


def _cdr_answered_by(row: Mapping[str, str]) -> str:
    """Return who answered: Asterisk counts its own announcements and voicemail as ``ANSWERED``."""
    application = row.get("lastapp", "").lower()
    if application == "voicemail":
        return "voicemail"
    if application in _MACHINES:
        return "missed"
    return "answered" if row.get("dstchannel") or application in _MEETINGS else "missed"


def _cdr_number(row: Mapping[str, str], direction: str) -> str:
    if direction == "internal":
        return ""
    return clean_text(row.get("src" if direction == "incoming" else "dst"), NUMBER_LENGTH)


def _cdr_line(row: Mapping[str, str]) -> str:
    """Return the own number that was called; FreePBX replaces ``dst`` but keeps it in ``did``."""
    line = row.get("did") or row.get("dst", "")
    if not row.get("did") and (
        line == "s" or telephone(row.get("dstchannel", "")) == telephone(line)
    ):
        return ""
    return clean_text(line, NUMBER_LENGTH)


def _cdr_extension(row: Mapping[str, str], direction: str, result: str, site: Site) -> str:
    caller, called = row.get("channel", ""), row.get("dstchannel", "")
    if direction != "incoming":
        src, name = row.get("src", ""), endpoint(caller)
        if src in site.extensions or (name not in site.extensions and is_extension(src)):
            return src
        return name
    dialled = row.get("lastdata", "").partition(",")[0]
    if result != "answered" and ("&" in dialled or row.get("lastapp", "").lower() == "queue"):
        return ""  # it rang at many: it is nobody's call in particular
    if telephone(called) in site.extensions:
        return telephone(called)
    if _is_forwarded(dialled) and not called.lower().startswith("local/"):
        return ""
    return "" if site.is_trunk(endpoint(called)) else telephone(called)


def _is_forwarded(dialled: str) -> bool:
    """Tell whether a number outside was dialled on a trunk: ``PJSIP/600100200@carrier``,
    ``PJSIP/carrier/sip:600100200@host``.

    FreePBX says of a telephone where it is, which looks alike: ``PJSIP/101/sip:101@10.0.0.5:5060``.
    """
    name, _slash, contact = dialled.partition("/")[2].partition("/")
    user = contact.removeprefix("sip:").partition("@")[0] if "@" in contact else ""
    return "@" in name or (user != name and is_number(user))


def _caller_name(row: Mapping[str, str]) -> str:
    """Return the name in ``"Jan Kowalski" <+48221234567>``."""
    name = row.get("clid", "").rpartition("<")[0].strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _moments(row: Mapping[str, str], name: str, site: Site) -> list[datetime]:
    """Return the moments (naive UTC) that a field of the row may mean; none if it is empty."""
    text = row.get(name, "")
    if not text or text.startswith("0000-00-00"):
        return []
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text, re.ASCII):
        return [from_epoch(text.partition(".")[0])]
    found = moments(text, zone_of(site.tz), site.country_code)
    if not found:
        raise PayloadError(name, f"{text[:40]!r} is no date and time.")
    if not all(1990 <= moment.year <= 2100 for moment in found):
        raise PayloadError(name, f"{text[:40]!r} is no date of a call.")
    return found
