"""What the legs of a call mean together: with whom it was, on which line, and how it ended.

Each function depends on the set of legs alone, so the order of reports changes nothing. They are
asked for the same legs several times while one report is read, so what they say is kept a while.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from .leg import DIRECTIONS, RESULT_RANK, Leg

#: How many calls are kept in mind.
REMEMBERED = 64


@lru_cache(REMEMBERED)
def leading(legs: frozenset[Leg]) -> Leg:
    """Return a leg that has the direction of the whole call.

    The leg that the call began with says it: an outgoing call that is transferred to a colleague
    goes on as a leg from the customer to them. A call among colleagues may still become another
    one.
    """
    return max(legs, key=_direction_rank)


def _direction_rank(leg: Leg) -> tuple[bool, int]:
    return leg.is_first and leg.direction != "internal", DIRECTIONS.index(leg.direction)


def number(legs: frozenset[Leg]) -> str:
    """Return the counterpart: it is the one of a leg that has the direction of the call.

    The outgoing leg of a forwarded call is longer than the number of the anonymous caller, and
    still not the counterpart; nor is what the PBX shows instead of them further on.
    """
    lead = leading(legs)
    same = [leg for leg in legs if leg.direction == lead.direction]
    first = [leg for leg in same if leg.is_first and leg.direction != "internal"]
    found = _shown_first(first)
    if found or (first and lead.direction == "incoming"):
        return found
    return _shown_first(same)


def _shown_first(legs: Iterable[Leg]) -> str:
    """Return the fullest number of ``legs``, of equally full ones the one that was shown first."""
    found = [leg for leg in legs if leg.number]
    best = min(map(_number_rank, found), default=None)
    return fullest(leg.number for leg in found if _number_rank(leg) == best)


def _number_rank(leg: Leg) -> tuple:
    return -len(leg.number), leg.start or leg.answer or datetime.max


def line_number(legs: frozenset[Leg]) -> str:
    """Return the number that was called: the first one, not the target of a transfer."""
    lead = leading(legs)
    if lead.is_first and lead.direction == "outgoing":
        return ""  # The leg that it goes on with was not called by anybody outside.
    found = [leg for leg in legs if leg.line_number]
    if not found:
        return ""
    best = min(map(_line_rank, found))
    return fullest(leg.line_number for leg in found if _line_rank(leg) == best)


def _line_rank(leg: Leg) -> tuple:
    return not leg.is_known_line, not leg.is_first, leg.start or datetime.max


@lru_cache(REMEMBERED)
def result(legs: frozenset[Leg]) -> str:
    """Return the outcome: answered means that a person spoke with the counterpart.

    That something answered, a greeting perhaps, says less than that the telephones behind it rang
    in vain. What was said then is a message for us, if it was recorded.
    """
    direction = leading(legs).direction
    waiting = waiting_for_answer(legs)
    counting = [leg for leg in legs - waiting if not is_aside(leg, direction)] or legs
    sure = max((leg.result for leg in counting if _is_sure(leg)), key=_rank, default="")
    vague = [leg for leg in counting if not _is_sure(leg)]
    if sure == "answered" or not vague:
        return sure
    if not sure:
        return "answered"
    if direction != "outgoing" and any(leg.is_recorded for leg in counting):
        return "voicemail"
    return sure


def _rank(outcome: str) -> int:
    return RESULT_RANK[outcome]


def _is_sure(leg: Leg) -> bool:
    return leg.is_by_person or leg.result != "answered"


def is_aside(leg: Leg, direction: str) -> bool:
    """Tell whether nobody from outside takes part, in a call that has that direction."""
    return leg.is_aside and direction != "internal"


@lru_cache(REMEMBERED)
def waiting_for_answer(legs: frozenset[Leg]) -> frozenset[Leg]:
    """Return the legs in which a telephone of ours was picked up before anybody outside was.

    So begins a call that the system was told to make (click-to-dial): whoever picks up waits for
    the other one to answer, and that is no conversation yet.
    """
    outside = [leg for leg in legs if leg.direction == "outgoing"]
    if leading(legs).direction != "outgoing" or any(leg.is_first for leg in outside):
        return frozenset()
    answer = min((leg.answer for leg in outside if leg.answer), default=datetime.max)
    return frozenset(
        leg for leg in legs if leg.direction == "internal" and leg.answer and leg.answer < answer
    )


def rung(legs: frozenset[Leg]) -> set[str]:
    """Return the extensions that took part, whether or not anybody spoke there."""
    direction = leading(legs).direction
    return {leg.extension for leg in legs if not is_aside(leg, direction)} - {""}


def fullest(texts: Iterable[str]) -> str:
    """Return the fullest text: the longest one, the smallest one of equally long ones."""
    return min(texts, key=lambda text: (-len(text), text), default="")
