"""The neutral call: what any PBX says about one call, and how two such reports become one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from . import conversation, outcome
from .conversation import Speaker
from .leg import DIRECTIONS, RESULT_RANK, RESULTS, Leg, most_telling
from .outcome import fullest

__all__ = ["DIRECTIONS", "RESULTS", "CallEvent", "Leg", "Speaker", "merge", "merge_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """What one report (a push, a row of a CDR file) says about one call.

    An instance is always consistent: ``start`` is known when any time is, no time is before
    ``start``, an unanswered call is ``no_answer`` exactly if it is outgoing, else ``missed``, and
    what is said of the call follows from its legs.
    """

    #: One per call, the same in all reports of it, unique within its PBX.
    external_id: str
    #: One of :data:`DIRECTIONS`.
    direction: str
    #: The counterpart as the PBX showed it: any spelling, ``anonymous``, ``""`` if none or
    #: internal.
    number: str = ""
    #: The name of the counterpart, ``""`` if not given.
    contact_name: str = ""
    #: The own number (DID) that was called, as shown; ``""`` unless the call is incoming.
    line_number: str = ""
    #: The agent's telephone: who spoke last; while nobody did, the only one that rang. Of an
    #: internal call the caller's; ``""`` if unknown or nobody's in particular.
    extension: str = ""
    #: One of :data:`RESULTS`.
    result: str = ""
    #: Naive UTC.
    start: datetime | None = None
    #: Naive UTC; None if nobody answered.
    answer: datetime | None = None
    #: Naive UTC; None while the call goes on.
    end: datetime | None = None
    #: Seconds of conversation, without the ringing.
    talk_seconds: int = 0
    #: What the PBX calls the recording, ``""`` if there is none.
    recording: str = ""
    #: Where the id is not signed: a digest of what is, ``""`` else. One proof is of one call.
    proof: str = ""
    #: It is about the leg that the call began with, so its direction is that of the call.
    is_first: bool = False
    #: It says something about a call that is known already, and makes none.
    completes_only: bool = False
    #: Its id is that of one leg only: legs with one party at the same time are one call, see
    #: :mod:`.joined`.
    is_joined: bool = False
    #: What was answered, was answered by a person; else it may have been a greeting.
    is_by_person: bool = True
    #: When the conversation was, and who spoke, is known of this leg; else of the call as a whole.
    is_exact: bool = True
    #: Colleagues among themselves, before one of them takes over.
    is_aside: bool = False
    #: What was said of the legs. Empty if it is no more than the fields above say; else they follow
    #: from it.
    legs: frozenset[Leg] = frozenset()

    def __post_init__(self):
        if self.direction not in DIRECTIONS:
            raise ValueError(f"unknown direction {self.direction!r}")
        if self.result not in RESULT_RANK:
            raise ValueError(f"unknown result {self.result!r}")
        known = [moment for moment in (self.start, self.answer, self.end) if moment]
        if self.start is None and known:
            self._set("start", min(known))
        for name in ("answer", "end"):
            if moment := getattr(self, name):
                self._set(name, max(moment, self.start))
        if self.legs or not self._is_plain():
            self._conclude(self.known_legs)

    def _is_plain(self) -> bool:
        """Bring the fields of a single report in line; tell whether they say all there is.

        It is what :meth:`_conclude` finds out of one leg, at a tenth of the time: a file has
        hundreds of thousands.
        """
        if self.is_aside or not (self.is_by_person and self.is_exact):
            return False
        self._set("result", _named_after(self.direction, self.result))
        if self.result not in ("", "answered"):
            self._set("answer", None)
        if self.result != "answered":
            self._set("talk_seconds", 0)
        elif self.talk_seconds:
            self._set("answer", self._own_answer())
        elif self.answer and self.end:
            return False  # how long it was follows from the end of the call
        if self.is_first and self.direction == "outgoing":
            self._set("line_number", "")
        return True

    def _own_answer(self) -> datetime | None:
        """Return when the conversation began, by its length and end if that is all there is."""
        if self.answer or not self.start:
            return self.answer
        return max((self.end or self.start) - timedelta(seconds=self.talk_seconds), self.start)

    def _set(self, name, value):
        object.__setattr__(
            self, name, value
        )  # the one place where a frozen event is made consistent

    @property
    def known_legs(self) -> frozenset[Leg]:
        """What was said of the legs, at least of one."""
        return self.legs or frozenset([self._own_leg()])

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """Who spoke with the counterpart; nobody while it is not known that somebody did."""
        return conversation.speakers(self.known_legs) if self.is_spoken else ()

    @property
    def is_spoken(self) -> bool:
        """Whether somebody spoke with the counterpart, or does at this moment."""
        return self.result == "answered" or (not self.result and self.answer is not None)

    def rewritten(self, change: Callable[[Leg], Leg], **values) -> "CallEvent":
        """Return the event with each of its legs changed.

        :param values: what else is to be changed of it.
        """
        return replace(self, legs=frozenset(map(change, self.known_legs)), **values)

    def _own_leg(self) -> Leg:
        """Return what the fields say of one leg."""
        talk = self.talk_seconds if self.result == "answered" else 0
        answer = self._own_answer() if talk else self.answer
        return Leg(
            direction=self.direction,
            number=self.number,
            line_number=self.line_number,
            extension=self.extension,
            result=_named_after(self.direction, self.result),
            start=self.start if self.line_number else None,
            answer=answer if self.result in ("", "answered") else None,
            seconds=talk,
            is_first=self.is_first,
            is_by_person=self.is_by_person,
            is_exact=self.is_exact,
            is_aside=self.is_aside,
            is_recorded=bool(self.recording) and not self.is_by_person,
        )

    def _conclude(self, legs: frozenset[Leg]):
        """Set what follows from ``legs``, and keep them unless the fields say it all."""
        lead = outcome.leading(legs)
        self._set("direction", lead.direction)
        same = [leg for leg in legs if leg.direction == lead.direction]
        self._set("is_first", any(leg.is_first for leg in same))
        self._set("number", outcome.number(legs))
        self._set("line_number", outcome.line_number(legs))
        self._set("result", _named_after(lead.direction, outcome.result(legs)))
        self._set("answer", conversation.first_answer(legs))
        self._set("talk_seconds", conversation.talk_seconds(legs, self.end))
        self._set("extension", conversation.extension(legs, self.is_spoken))
        for name, usual in (("is_by_person", True), ("is_exact", True), ("is_aside", False)):
            self._set(name, usual)  # the legs say it
        is_all = len(legs) == 1 and legs == {self._own_leg()}
        self._set("legs", frozenset() if is_all else legs)


def _named_after(direction: str, result: str) -> str:
    """Return the outcome in the words of the direction."""
    if result in ("missed", "no_answer"):
        return "no_answer" if direction == "outgoing" else "missed"
    return result


def merge(a: CallEvent, b: CallEvent) -> CallEvent:
    """Return what two reports about one call say together.

    Commutative, associative and idempotent, so reports may arrive in any order and any number of
    times. Everything is computed from the two events alone: the merged event is what gets stored,
    and the next report is merged with it.
    """
    if a.external_id != b.external_id:
        raise ValueError("reports about different calls cannot be merged")
    return replace(
        a,
        contact_name=fullest((a.contact_name, b.contact_name)),
        start=_pick(min, a.start, b.start),
        end=_pick(max, a.end, b.end),
        recording=fullest((a.recording, b.recording)),
        proof=fullest((a.proof, b.proof)),
        completes_only=a.completes_only and b.completes_only,
        is_joined=a.is_joined and b.is_joined,
        legs=most_telling(a.known_legs | b.known_legs),
    )


def merge_all(events) -> dict[str, CallEvent]:
    """Return the calls that ``events`` report, by external id, in the order they first appear."""
    calls: dict[str, CallEvent] = {}
    for event in events:
        known = calls.get(event.external_id)
        calls[event.external_id] = merge(known, event) if known else event
    return calls


def _pick(choose, a, b):
    """Return the smaller or larger of two moments; None is no moment at all."""
    return choose(a, b) if a and b else a or b
