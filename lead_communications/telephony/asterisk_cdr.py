"""Asterisk's call detail records (CDR), as CSV files."""

import csv
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from ..tools.phone import is_extension
from .asterisk_fields import call_id, contact_name, endpoint, from_epoch, recording
from .asterisk_setup import CDR_COLUMNS
from .call_event import CallEvent
from .payload import BrokenRow, Parsed, PayloadError, clean_text
from .reading import NUMBER_LENGTH, decode, id_epoch, is_number, seconds_of, zone_of

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
#: Other names of columns: the database tables of Asterisk and FreePBX.
_COLUMN_ALIASES = {"calldate": "start", "answerdate": "answer", "hangupdate": "end"}

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


def parse_cdr(raw: bytes, tz: str) -> Parsed:
    """Return an event for each row of a CDR file; a row that cannot be read stops no other."""
    zone = zone_of(tz)
    text = _decode_file(raw)
    if "\0" in text[:4096] or text.startswith("PK"):
        raise PayloadError("not_csv", "This is not a CSV file.")
    rows = enumerate(re.split("\r\n|\n|\r", text), start=1)
    lines = [(number, line) for number, line in rows if line.strip()]
    if not lines:
        raise PayloadError("empty", "The file is empty.")
    first = lines[0][1]
    delimiter = max(",;|\t", key=lambda char: len(_cells(first, char)))
    columns = _header_columns(_cells(first, delimiter))
    parsed = Parsed(header=first if columns else "")
    for number, line in lines[1:] if columns else lines:
        try:
            parsed.events.append(cdr_event(_cdr_row(_cells(line, delimiter), columns), zone))
        except PayloadError as error:
            parsed.broken.append(BrokenRow(number, line[:_ROW_TEXT_LENGTH], str(error), error.code))
    return parsed


def _decode_file(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace")
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    # By line: one name in an old 8-bit encoding must not spoil the names of all other rows.
    return "\n".join(decode(line) for line in re.split(b"\r\n|\n|\r", raw))


def _cells(line: str, delimiter: str) -> list[str]:
    # One line at a time: an unclosed quotation mark then spoils its own row, not the rest of the
    # file.
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error as error:
        raise PayloadError("not_csv", f"This is no row of a CSV file: {error}.") from error


def _header_columns(cells: list[str]) -> list[str] | None:
    """Return the names of the columns if ``cells`` is a header row."""
    names = [cell.strip().strip('"').lower() for cell in cells]
    names = [_COLUMN_ALIASES.get(name, name) for name in names]
    return names if {"src", "dst", "start", "disposition"} <= set(names) else None


def _cdr_row(cells: list[str], columns: list[str] | None) -> dict[str, str]:
    if columns is None:
        if len(cells) < len(_MASTER_COLUMNS) - 2:
            raise PayloadError("columns", f"{len(cells)} columns are too few for a call record.")
        is_master = len(cells) <= len(_MASTER_COLUMNS) and _looks_like_time(cells[9])
        columns = _MASTER_COLUMNS if is_master else CDR_COLUMNS
    elif len(cells) != len(columns):
        raise PayloadError(
            "columns", f"{len(cells)} columns where the first row of the file names {len(columns)}."
        )
    return {name: cell.strip() for name, cell in zip(columns, cells, strict=False)}


def _looks_like_time(text: str) -> bool:
    return bool(re.match(r"\d{4}-\d\d-\d\d", text.strip()))


def cdr_event(row: Mapping[str, str], zone: tzinfo) -> CallEvent:
    """Return what one call detail record says; raises PayloadError if it cannot be read.

    :param row: by the names of Asterisk's CDR fields, in lower case; what is missing is unknown.
    :param zone: the time zone that local times are in.
    """
    linked_id = call_id(row)
    direction = cdr_direction(row)
    result = _cdr_result(row, direction)
    start, answer, end, talk = _cdr_times(row, zone, id_epoch(linked_id))
    incoming, answered = direction == "incoming", result == "answered"
    return CallEvent(
        external_id=linked_id,
        direction=direction,
        number=_cdr_number(row, direction),
        contact_name=contact_name(row.get("cnam") or _caller_name(row)) if incoming else "",
        line_number=_cdr_line(row) if incoming else "",
        extension=_cdr_extension(row, direction, result),
        result=result,
        start=start,
        answer=answer if answered else None,
        end=end,
        talk_seconds=talk if answered else 0,
        recording=recording(row.get("recordingfile"), result),
    )


def _cdr_times(
    row: Mapping[str, str], zone: tzinfo, near: datetime | None
) -> tuple[datetime, datetime | None, datetime, int]:
    """Return start, answer, end (naive UTC) and the seconds of conversation.

    A database table has no column ``end`` and none for the answer: they follow from the durations.
    """
    start = _to_utc(row.get("start", ""), zone, near)
    if start is None:
        raise PayloadError("start", "The start of the call is missing.")
    duration, talk = (seconds_of(row, name) for name in ("duration", "billsec"))
    end = _to_utc(row.get("end", ""), zone, start) or start + timedelta(seconds=duration)
    answer = _to_utc(row.get("answer", ""), zone, start) or end - timedelta(seconds=talk)
    return start, answer, end, talk


def cdr_direction(row: Mapping[str, str]) -> str:
    """Return the direction: the CDR has none, so it is who called: an extension or a number."""
    dst = row.get("dst", "")
    if not _is_called_from_inside(row):
        return "incoming"
    return "outgoing" if is_number(dst) else "internal"


def _is_called_from_inside(row: Mapping[str, str]) -> bool:
    channel, dst = row.get("channel", ""), row.get("dst", "")
    if row.get("did"):
        return False  # FreePBX fills this column for calls from outside only
    # A Local channel is a leg inside the PBX, named after whom it calls: it says nothing of the
    # caller.
    if not channel.lower().startswith("local/") and is_extension(endpoint(channel)):
        return True
    if not is_number(dst):
        return is_extension(row.get("src"))
    if re.search(rf"[/:]{re.escape(dst)}(@|,|&|$)", row.get("lastdata", "")):
        return True  # the number that was called is the one that was dialled on a trunk
    # A short number (of a taxi company, say) calls a DID that rings at an extension: from outside.
    return is_extension(row.get("src")) and not is_extension(endpoint(row.get("dstchannel", "")))


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
    if not row.get("did") and (line == "s" or endpoint(row.get("dstchannel", "")) == line):
        return ""
    return clean_text(line, NUMBER_LENGTH)


def _cdr_extension(row: Mapping[str, str], direction: str, result: str) -> str:
    caller, called = row.get("channel", ""), row.get("dstchannel", "")
    if direction != "incoming":
        src = row.get("src", "")
        return endpoint(caller) if not is_extension(src) else src
    dialled = row.get("lastdata", "").partition(",")[0]
    if result != "answered" and ("&" in dialled or row.get("lastapp", "").lower() == "queue"):
        return ""  # it rang at many: it is nobody's call in particular
    if "@" in dialled and not called.lower().startswith("local/"):
        return ""  # forwarded to the outside by a trunk
    return endpoint(called)


def _caller_name(row: Mapping[str, str]) -> str:
    """Return the name in ``"Jan Kowalski" <+48221234567>``."""
    name = row.get("clid", "").rpartition("<")[0].strip()
    return name[1:-1] if len(name) > 1 and name[0] == name[-1] == '"' else name


def _to_utc(text: str, zone: tzinfo, near: datetime | None) -> datetime | None:
    """Return the moment that ``text`` names, as naive UTC; None for an empty one.

    Local times occur twice when the clocks are set back: the one closest to ``near`` is meant.
    Those that are skipped when the clocks are set forward are read with one of the two offsets.
    """
    if not text or text.startswith("0000-00-00"):
        return None
    if re.fullmatch(r"\d{9,10}(\.\d+)?", text, re.ASCII):
        return from_epoch(text.partition(".")[0])
    try:
        written = datetime.fromisoformat(re.sub(r"Z$", "+00:00", text))
        readings = (
            [written]
            if written.tzinfo
            else [zone.localize(written, is_dst=summer) for summer in (True, False)]
        )
        moments = [
            reading.astimezone(UTC).replace(tzinfo=None, microsecond=0) for reading in readings
        ]
    except (ValueError, OverflowError) as error:
        raise PayloadError("time", f"{text[:40]!r} is no date and time.") from error
    moment = min(moments, key=lambda moment: abs(moment - near)) if near else moments[0]
    if not 1990 <= moment.year <= 2100:
        raise PayloadError("time", f"{text[:40]!r} is no date of a call.")
    return moment
