"""What every provider module shares: its errors, its result, and the cleaning of foreign text."""

import re
import unicodedata
from dataclasses import dataclass, field

from .call_event import CallEvent

#: Directional marks, embeddings, overrides and isolates: they reorder the text around them.
_BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class PayloadError(ValueError):
    """The input cannot be read as a whole. ``code`` is for programs, the message for people."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class SignatureError(PayloadError):
    """The input is not proven to come from the PBX: nothing of it may be used."""


_CAUSES = {
    "id": ("no_id", "bad_id", "id", "call_id", "callId", "origCallId", "telephonySessionId"),
    "columns": ("columns", "headings"),
    "rounded": ("rounded",),
    "time": (
        "start",
        "answer",
        "end",
        "time",
        "time_start",
        "started_at",
        "ended_at",
        "start_time",
        "answer_time",
        "end_time",
        "hangup_time",
        "eventTime",
        "ringing_start_time",
        "date_started",
        "duration",
        "billsec",
    ),
    "result": ("disposition", "result", "status", "call_type"),
    "format": ("empty", "not_csv", "not_json", "not_base64", "not_an_object", "too_deep"),
}


def cause_of(code: str) -> str:
    """Return which kind of thing is wrong when an error has ``code``; ``value`` for any other."""
    return next((cause for cause, codes in _CAUSES.items() if code in codes), "value")


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One row of a file that could not be read.

    ``number`` counts the lines of the file from 1, ``text`` is the row as it stands in the file,
    ``reason`` tells a person what is wrong with it, ``code`` a program.
    """

    number: int
    text: str
    reason: str
    code: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The events of one input, one per leg or row, in its order, and the rows that are none.

    ``header`` is the header row of the file, ``""`` if it has none: the broken rows can be read
    again only together with it. ``trials`` are reports that are sent to see whether they arrive:
    what they say, no calls.
    """

    events: list[CallEvent] = field(default_factory=list)
    broken: list[BrokenRow] = field(default_factory=list)
    header: str = ""
    trials: list[str] = field(default_factory=list)


def clean_text(text: str | None, length: int | None) -> str:
    """Return ``text`` as one line that PostgreSQL can hold, at most ``length`` characters of it.

    Control characters, lone surrogates and directional controls are dropped. What looks like markup
    or a formula stays as it is: it is the task of the screen or the export to show it as text.

    :param length: None for all characters.
    """
    text = " ".join((text or "").split())
    if not text.isprintable():  # most texts are; looking at each character is slow
        text = _BIDI_CONTROLS.sub("", text)
        text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cs"))
    return text[:length].strip()
