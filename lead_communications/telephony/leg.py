"""The legs of a call: what single reports say of it, kept beside each other.

What a call was follows from all that was said of it, whatever came first. A later report may show
that an earlier one was only a part: of a transferred call the second conversation, of a machine
that answered that the telephone behind it rang in vain. So nothing is thrown away on the way:
:mod:`.outcome` and :mod:`.conversation` say what they mean together.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

#: Direction of a call whose legs disagree: an incoming call that is forwarded to a mobile phone has
#: an outgoing leg, a click-to-call an internal one. The later in the list, the stronger.
DIRECTIONS = ("internal", "outgoing", "incoming")

#: The outcomes, weakest first; ``""`` is a call that is still going. ``missed`` and ``no_answer``
#: are one outcome, named after the direction of the call.
_RANKED_RESULTS = (
    ("",),
    ("failed",),
    ("canceled",),
    ("rejected",),
    ("busy",),
    ("no_answer", "missed"),
    ("voicemail",),
    ("answered",),
)
RESULT_RANK = {result: rank for rank, names in enumerate(_RANKED_RESULTS) for result in names}
RESULTS = tuple(RESULT_RANK)

#: More reports that all say something else are no call; the most telling ones are kept.
MAX_LEGS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """What one report says of one leg; two reports of the same leg may be two of these."""

    #: One of :data:`DIRECTIONS`.
    direction: str
    #: The counterpart, ``""`` if none is shown.
    number: str = ""
    #: The number that was called, ``""`` if it is none of a line.
    line_number: str = ""
    #: The telephone of ours that rang, spoke or called; ``""`` if unknown.
    extension: str = ""
    #: One of :data:`RESULTS`.
    result: str = ""
    #: Naive UTC; known of a leg with a line.
    start: datetime | None = None
    #: Naive UTC; when the conversation began.
    answer: datetime | None = None
    #: Of conversation; 0 while it goes on, or if it is not told.
    seconds: int = 0
    #: It is about the leg that the call began with.
    is_first: bool = False
    #: What was answered, was answered by a person; else it may have been a greeting.
    is_by_person: bool = True
    #: When the conversation was, and who spoke, is known of this leg; else of the call as a whole.
    is_exact: bool = True
    #: Colleagues among themselves, before one of them takes over: nobody from outside takes part.
    is_aside: bool = False
    #: Something was recorded of it.
    is_recorded: bool = False
    #: The number that was called is one of ours, as far as these are known.
    is_known_line: bool = True

    @property
    def end(self) -> datetime | None:
        """When the conversation was over, None while that is not known."""
        return (
            self.answer + timedelta(seconds=self.seconds) if self.answer and self.seconds else None
        )

    def moved(self, by: timedelta) -> "Leg":
        """Return the leg as it was earlier or later."""
        return replace(
            self, start=self.start and self.start + by, answer=self.answer and self.answer + by
        )


_TEXTS = ("direction", "number", "line_number", "extension", "result")
_TIMES = ("start", "answer")
_FLAGS = ("is_first", "is_by_person", "is_exact", "is_aside", "is_recorded", "is_known_line")


def most_telling(legs: Iterable[Leg]) -> frozenset[Leg]:
    """Return ``legs``, the most telling ones if there are far too many; the same in any order."""
    found = frozenset(legs)
    if len(found) <= MAX_LEGS:
        return found
    return frozenset(sorted(found, key=_weight)[:MAX_LEGS])


def _weight(leg: Leg) -> tuple:
    return (
        not leg.is_first,
        -RESULT_RANK[leg.result],
        -leg.seconds,
        tuple("" if value is None else str(value) for value in astuple(leg)),
    )


def pack(legs: Iterable[Leg]) -> list[list[Any]] | None:
    """Return ``legs`` as JSON, the same whatever their order; None for none."""
    rows = [
        [getattr(leg, name) for name in _TEXTS]
        + [_to_epoch(getattr(leg, name)) for name in _TIMES]
        + [leg.seconds, sum(getattr(leg, name) << bit for bit, name in enumerate(_FLAGS))]
        for leg in legs
    ]
    return sorted(rows) or None


def unpack(rows: list[list[Any]] | None) -> frozenset[Leg]:
    """Return the legs that :func:`pack` made JSON of."""
    return frozenset(_unpacked(row) for row in rows or ())


def _unpacked(row: list[Any]) -> Leg:
    *texts, start, answer, seconds, flags = row
    return Leg(
        **dict(zip(_TEXTS, texts, strict=True)),
        start=_from_epoch(start),
        answer=_from_epoch(answer),
        seconds=seconds,
        **{name: bool(flags >> bit & 1) for bit, name in enumerate(_FLAGS)},
    )


def _to_epoch(moment: datetime | None) -> int:
    return int(moment.replace(tzinfo=UTC).timestamp()) if moment else 0


def _from_epoch(epoch: int) -> datetime | None:
    return datetime.fromtimestamp(epoch, UTC).replace(tzinfo=None) if epoch else None
