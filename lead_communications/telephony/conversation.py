"""Who spoke with the counterpart, from when, and how long, by the legs of a call.

Each function depends on the set of legs alone, so the order of reports changes nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

from .leg import Leg
from .outcome import REMEMBERED, is_aside, leading, result, rung, waiting_for_answer

#: So far apart are the times that two ways of reporting give to one moment.
SAME_MOMENT = timedelta(seconds=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody of ours who spoke with the counterpart."""

    #: ``""`` if it is not known who.
    extension: str
    #: Naive UTC; when they began to speak, the first and the last time. None if it is not told.
    first: datetime | None
    last: datetime | None
    #: Naive UTC; when they spoke last, None while that is not known.
    until: datetime | None
    #: In all.
    seconds: int
    #: It was said of their own leg, not of the call as a whole.
    is_exact: bool


@lru_cache(REMEMBERED)
def speakers(legs: frozenset[Leg]) -> tuple[Speaker, ...]:
    """Return who spoke with the counterpart, each once."""
    spoken = _spoken(legs)
    return tuple(
        _speaker(extension, [leg for leg in spoken if leg.extension == extension])
        for extension in sorted({leg.extension for leg in spoken})
    )


@lru_cache(REMEMBERED)
def _spoken(legs: frozenset[Leg]) -> tuple[Leg, ...]:
    """Return the legs in which somebody spoke with the counterpart.

    Without what is said of the call as a whole, as soon as it is known better: of the telephone
    that it names, or of the time that it is about.
    """
    direction = leading(legs).direction
    spoken = legs - waiting_for_answer(legs)
    spoken = [leg for leg in spoken if _is_spoken(leg) and not is_aside(leg, direction)]
    caller = _caller(legs) if direction == "outgoing" else ""
    if caller:
        spoken = [_of_caller(leg, caller) for leg in spoken]
    exact = [leg for leg in spoken if leg.is_exact]
    told = [leg for leg in exact if leg.seconds]
    better = {leg.extension for leg in told}
    if told or any(leg.extension for leg in exact):
        better.add("")
    return (
        *exact,
        *(
            leg
            for leg in spoken
            if not leg.is_exact
            and leg.extension not in better
            and not any(_is_same_time(leg, other) for other in told)
        ),
    )


def _caller(legs: frozenset[Leg]) -> str:
    """Return the telephone that an outgoing call began with, ``""`` if that is not known."""
    first = [leg for leg in legs if leg.is_first] or waiting_for_answer(legs)
    found = {leg.extension for leg in first} - {""}
    return found.pop() if len(found) == 1 else ""


def _of_caller(leg: Leg, caller: str) -> Leg:
    """Return the leg to the customer as that of who called: it knows the customer only."""
    is_unnamed = leg.direction == "outgoing" and not leg.extension
    return replace(leg, extension=caller) if is_unnamed else leg


def _is_same_time(a: Leg, b: Leg) -> bool:
    if not (a.end and b.end):
        return False
    return min(a.end, b.end) - max(a.answer, b.answer) > SAME_MOMENT


def _is_spoken(leg: Leg) -> bool:
    return leg.result == "answered" or (not leg.result and leg.answer is not None)


def _speaker(extension: str, legs: list[Leg]) -> Speaker:
    exact = [leg for leg in legs if leg.is_exact]
    began = [leg.answer for leg in exact or legs if leg.answer]
    return Speaker(
        extension=extension,
        first=min(began, default=None),
        last=max(began, default=None),
        until=max((leg.end for leg in legs if leg.end), default=None),
        seconds=_length(legs),
        is_exact=bool(exact),
    )


def last_speaker(found: Iterable[Speaker]) -> Speaker | None:
    """Return who of ``found`` spoke last; None if nobody did, or nobody can tell.

    Of those who spoke until the end it is who came last: whoever transfers a call may still be
    said to have taken part until then. Of two who spoke at the same time, it is who spoke longer.
    """
    found = list(found)
    ends = [speaker.until for speaker in found if speaker.until]
    ranked = sorted(
        ((_last_rank(speaker, ends), speaker) for speaker in found), key=lambda it: it[0]
    )
    if len(ranked) > 1 and ranked[-1][0] == ranked[-2][0]:
        return None
    return ranked[-1][1] if ranked else None


def _last_rank(speaker: Speaker, ends: list[datetime]) -> tuple:
    last = speaker.last or datetime.min
    is_to_the_end = not speaker.until or speaker.until >= max(ends) - SAME_MOMENT
    return (
        bool(speaker.last),
        is_to_the_end,
        last if is_to_the_end else speaker.until,
        last,
        speaker.is_exact,
        speaker.seconds,
    )


def first_answer(legs: frozenset[Leg]) -> datetime | None:
    """Return when somebody of ours and the counterpart began to speak, None if they did not."""
    if result(legs) not in ("", "answered"):
        return None
    return min((speaker.first for speaker in speakers(legs) if speaker.first), default=None)


def talk_seconds(legs: frozenset[Leg], end: datetime | None) -> int:
    """Return how long people spoke, all legs together; what overlaps is counted once.

    :param end: when the call was over: so long somebody spoke of whom no length is told.
    """
    if result(legs) != "answered":
        return 0
    told = _length(_spoken(legs))
    if told:
        return told
    began = first_answer(legs)
    return max(_seconds(end - began), 0) if began and end else 0


def _length(legs: Iterable[Leg]) -> int:
    """Return how many seconds ``legs`` were spoken on; what overlaps is counted once."""
    told = [leg for leg in legs if leg.seconds]
    if not any(leg.answer for leg in told):  # when it was is not told
        return max((leg.seconds for leg in told), default=0)
    return sum(
        # The same conversation, reported by two ways, is a second longer by neither of them.
        longest
        if end - start <= timedelta(seconds=longest) + SAME_MOMENT
        else _seconds(end - start)
        for start, end, longest in _merged(told)
    )


def _seconds(time: timedelta) -> int:
    return int(time.total_seconds())


def _merged(told: Iterable[Leg]) -> list[tuple[datetime, datetime, int]]:
    """Return the stretches of time in which was spoken: start, end, seconds of the longest leg."""
    found: list[tuple[datetime, datetime, int]] = []
    for leg in sorted((leg for leg in told if leg.end), key=lambda leg: (leg.answer, leg.seconds)):
        if found and leg.answer < found[-1][1]:
            start, end, longest = found.pop()
            found.append((start, max(end, leg.end), max(longest, leg.seconds)))
        else:
            found.append((leg.answer, leg.end, leg.seconds))
    return found


def extension(legs: frozenset[Leg], is_spoken: bool) -> str:
    """Return who spoke last; of a call that nobody answered the only one that rang.

    Of several that rang it is nobody's in particular.
    """
    if is_spoken:
        last = last_speaker(speaker for speaker in speakers(legs) if speaker.extension)
        return last.extension if last else ""
    found = rung(legs)
    return found.pop() if len(found) == 1 else ""
