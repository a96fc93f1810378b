"""The neutral call: what any PBX says about one call, and how two such reports become one."""

from dataclasses import dataclass, replace
from datetime import datetime

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
_RESULT_RANK = {result: rank for rank, names in enumerate(_RANKED_RESULTS) for result in names}
RESULTS = tuple(_RESULT_RANK)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    """What one report (a push, a row of a CDR file) says about one call.

    An instance is always consistent: ``start`` is known when any time is, no time is before
    ``start``, and an unanswered call is ``no_answer`` exactly if it is outgoing, else ``missed``.
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
    #: The agent's telephone; of an internal call the caller's; ``""`` if unknown or nobody's in
    #: particular.
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

    def __post_init__(self):
        if self.direction not in DIRECTIONS:
            raise ValueError(f"unknown direction {self.direction!r}")
        if self.result not in _RESULT_RANK:
            raise ValueError(f"unknown result {self.result!r}")
        if self.result in ("missed", "no_answer"):
            self._set("result", "no_answer" if self.direction == "outgoing" else "missed")
        known = [moment for moment in (self.start, self.answer, self.end) if moment]
        if self.start is None and known:
            self._set("start", min(known))
        for name in ("answer", "end"):
            if moment := getattr(self, name):
                self._set(name, max(moment, self.start))

    def _set(self, name, value):
        object.__setattr__(
            self, name, value
        )  # the one place where a frozen event is made consistent


def merge(a: CallEvent, b: CallEvent) -> CallEvent:
    """Return what two reports about one call say together.

    Commutative, associative and idempotent, so reports may arrive in any order and any number of
    times. Everything is computed from the two events alone: the merged event is what gets stored,
    and the next report is merged with it.
    """
    if a.external_id != b.external_id:
        raise ValueError("reports about different calls cannot be merged")
    best_result = max(a.result, b.result, key=_RESULT_RANK.__getitem__)
    leading = max(a, b, key=_direction_rank)
    # The leg that it goes on with after a transfer was not called by anybody outside.
    is_called_out = leading.is_first and leading.direction == "outgoing"
    return replace(
        a,
        direction=leading.direction,
        number=_number(a, b),
        contact_name=_text(a.contact_name, b.contact_name),
        line_number="" if is_called_out else _text(a.line_number, b.line_number),
        extension=_extension(a, b),
        result=best_result,
        start=_pick(min, a.start, b.start),
        answer=_pick(min, a.answer, b.answer),
        end=_pick(max, a.end, b.end),
        talk_seconds=max(a.talk_seconds, b.talk_seconds),
        recording=_text(a.recording, b.recording),
        proof=_text(a.proof, b.proof),
        is_first=leading.is_first,
        completes_only=a.completes_only and b.completes_only,
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


def _text(a: str, b: str) -> str:
    """Return the fuller of two texts: the longer one, the smaller one of two equally long ones."""
    return min(a, b, key=lambda text: (-len(text), text))


def _direction_rank(event: CallEvent) -> tuple[bool, int]:
    """Return how much a leg says about the direction of the whole call.

    The leg that the call began with says it: an outgoing call that is transferred to a colleague
    goes on as a leg from the customer to them. A call among colleagues may still become another
    one.
    """
    return (
        event.is_first and event.direction != "internal",
        DIRECTIONS.index(event.direction),
    )


def _number(a: CallEvent, b: CallEvent) -> str:
    """Return the counterpart: it is the one of the leg that gives the call its direction.

    The outgoing leg of a forwarded call is longer than the number of the anonymous caller, and
    still not the counterpart.
    """
    if _direction_rank(a) != _direction_rank(b):
        return max(a, b, key=_direction_rank).number
    return _text(a.number, b.number)


def _extension(a: CallEvent, b: CallEvent) -> str:
    """Return the agent of the leg that gives the result: who answered, not who also rang."""
    if _RESULT_RANK[a.result] != _RESULT_RANK[b.result]:
        return max(a, b, key=lambda event: _RESULT_RANK[event.result]).extension
    return min(filter(None, (a.extension, b.extension)), default="")
