"""Whose a call is: the lines of a telephone system, as plain data."""

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import date, datetime

import pytz

from ..tools.dialled import Rewrite
from ..tools.phone import normalize
from .call_event import CallEvent
from .conversation import last_speaker
from .site import Site, line_key

__all__ = ["Line", "Switchboard", "line_key", "split_names"]


@dataclass(frozen=True, slots=True)
class Line:
    """What an own number stands for; ids, None for none."""

    id: int
    company_id: int
    team_id: int | None = None
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """What a line says for some days only: both are days of the telephone system, and included."""

    #: Whose the extension is, or what the number stands for.
    value: int | Line | None
    #: None: since ever, for ever.
    first: date | None = None
    last: date | None = None

    def has(self, day: date) -> bool:
        return (not self.first or self.first <= day) and (not self.last or day <= self.last)


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What has to be known of a telephone system to record its calls."""

    #: Two letters of the country that its national numbers belong to, ``""`` if it has none.
    country_code: str
    #: The company and the team of calls to unknown numbers.
    company_id: int
    team_id: int | None = None
    #: The time zone of its local times.
    tz: str = "UTC"
    #: The names of the lines to the outside, in small letters.
    trunks: Set[str] = frozenset()
    #: What is dialled for an outside line.
    outside_digits: tuple[str, ...] = ()
    #: When the calls begin that are not history, naive UTC; None if none are.
    start: datetime | None = None
    #: What stands in the place of the beginnings of numbers.
    rewrites: tuple[Rewrite, ...] = ()
    #: Whether recordings are copied as soon as they are reported.
    fetches_recordings: bool = False
    #: The salespeople, by extension.
    users: Mapping[str, int | None] = field(default_factory=dict)
    #: The own numbers, by :func:`line_key`.
    lines: Mapping[str, Line] = field(default_factory=dict)
    #: What is so for some days only, by extension and by own number; it comes before the above.
    user_periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)
    line_periods: Mapping[str, tuple[Period, ...]] = field(default_factory=dict)

    @property
    def site(self) -> Site:
        """What a parser may know."""
        return Site(
            tz=self.tz,
            country_code=self.country_code,
            extensions=self.users.keys() | self.user_periods.keys(),
            numbers=self.lines.keys() | self.line_periods.keys(),
            trunks=self.trunks,
            outside_digits=self.outside_digits,
            rewrites=self.rewrites,
        )

    def phone(self, number: str) -> str | None:
        """Return ``number`` in E.164, None if it is no whole number."""
        return normalize(number, self.country_code) or None

    def unassigned(self) -> dict[str, int | None]:
        """Return whose a call is that no line says anything of, as the ids of its columns."""
        return {"user_id": None, "team_id": self.team_id, "company_id": self.company_id}

    def user_of(self, extension: str, event: CallEvent) -> int | None:
        """Return the id of the user whose telephone it was on the day of a call."""
        period = self._period(self.user_periods.get(extension, ()), event)
        return period.value if period else self.users.get(extension)

    def line_of(self, number: str, event: CallEvent) -> Line | None:
        """Return what an own number stood for on the day of a call."""
        period = self._period(self.line_periods.get(number, ()), event)
        return period.value if period else self.lines.get(number)

    def _period(self, periods: tuple[Period, ...], event: CallEvent) -> Period | None:
        if not periods:
            return None
        start = pytz.utc.localize(event.start) if event.start else datetime.now(pytz.utc)
        day = start.astimezone(pytz.timezone(self.tz)).date()
        return next((period for period in periods if period.has(day)), None)

    def agent(self, event: CallEvent) -> str:
        """Return the extension whose call it is, ``""`` if it is nobody's in particular.

        It is who spoke with the counterpart last: of those who are somebody's, else of all.
        """
        speakers = [speaker for speaker in event.speakers if speaker.extension]
        known = [speaker for speaker in speakers if self.user_of(speaker.extension, event)]
        last = last_speaker(known or speakers)
        if last or known:
            return last.extension if last else ""
        return event.extension

    def assignment(self, event: CallEvent) -> dict[str, int | None]:
        """Return the line, salesperson, team and company of a call, as the ids of its columns.

        A call belongs to who spoke with the counterpart last. One that nobody answered belongs to
        the salesperson or the team of its line, if it has any: the telephone that happened to ring
        is nobody's choice.
        """
        line = self.line_of(line_key(event.line_number, self.country_code), event)
        user_id = self.user_of(self.agent(event), event)
        if line:
            is_missed = event.direction == "incoming" and not event.is_spoken
            if not user_id or (is_missed and (line.user_id or line.team_id)):
                user_id = line.user_id
        return {
            "line_id": line.id if line else None,
            "user_id": user_id,
            "team_id": (line and line.team_id) or self.team_id,
            "company_id": line.company_id if line else self.company_id,
        }


def split_names(text: str | None) -> list[str]:
    """Return the names that somebody has written one beside the other."""
    return re.findall(r"[^\s,;]+", text or "")
