"""Which of the leads that were found is the one? Plain Python: the order, and nothing else."""

import datetime
import math
from dataclasses import dataclass, replace

#: Reasons by which the lead is the counterpart's, the weightiest first.
EXACT_REASONS = ("conversation", "phone", "email", "earlier", "contact", "colleague")
#: Reasons that are a hint, and no more.
POSSIBLE_REASONS = ("sender", "digits", "switchboard", "domain")
REASONS = EXACT_REASONS + POSSIBLE_REASONS
#: Of the exact ones, that of a lead of somebody else, who may be about another matter.
COLLEAGUE = "colleague"
STATUSES = ("pending", "won", "lost")
OPEN = STATUSES[0]


@dataclass(frozen=True)
class Candidate:
    """A lead that a communication may belong to.

    :param status: ``pending`` (open), ``won`` or ``lost``, Odoo's ``won_status``.
    :param distance: whose lead it is: 0 the user's, 1 their teams', 2 others'.
    :param stage: the place of the lead's stage among all, the last the closest to the end.
    :param contact_date: when the last call, email or event on the lead was, UTC; None if none was.
    :param reasons: why it was found, some of ``REASONS``.
    :param company: the company of the reason ``colleague``, empty if the user may not see it.
    """

    lead_id: int
    status: str
    distance: int
    stage: int
    contact_date: datetime.datetime | None
    reasons: frozenset
    company: str = ""

    @property
    def is_open(self):
        return self.status == OPEN

    @property
    def is_exact(self):
        """Whether it is the counterpart's lead for certain, as far as the data can tell."""
        return not self.reasons.isdisjoint(EXACT_REASONS)

    @property
    def telling_reasons(self):
        """The reasons to tell, the weightiest first.

        Beside a certain one a hint says nothing, and a contact is their own company's anyway.
        """
        of_interest = EXACT_REASONS if self.is_exact else POSSIBLE_REASONS
        implied = {COLLEAGUE} if "contact" in self.reasons else set()
        return [reason for reason in of_interest if reason in self.reasons - implied]


def rank(candidates):
    """Return the candidates, the best first.

    Exact before possible; open before won before lost; found by more and better reasons; mine, then
    my teams', then the others'; the last contact first, and those with any before those without;
    the further stage first; the newer lead first. That somebody edited a lead says nothing, and
    what is attached to a lead never moves it down.
    """

    def key(candidate):
        telling = candidate.telling_reasons
        return (
            not candidate.is_exact,
            STATUSES.index(candidate.status),
            [reason not in telling for reason in REASONS],
            candidate.distance,
            -candidate.contact_date.timestamp() if candidate.contact_date else math.inf,
            -candidate.stage,
            -candidate.lead_id,
        )

    return sorted(candidates, key=key)


def merge(lists):
    """Return the candidates of several communications as one list, the best first."""
    merged = {}
    for candidate in (candidate for found in lists for candidate in found):
        known = merged.get(candidate.lead_id, candidate)
        merged[candidate.lead_id] = replace(
            known,
            reasons=known.reasons | candidate.reasons,
            company=known.company or candidate.company,
        )
    return rank(merged.values())


def open_exact(candidates):
    """Return those of the candidates that are exact and open."""
    return [candidate for candidate in candidates if candidate.is_open and candidate.is_exact]


def open_by_number(candidates):
    """Return those of the candidates that are open, and exact or of the same last digits.

    A switchboard is no reason: who wants nothing of a company means all of its lines.
    """
    return [
        candidate
        for candidate in candidates
        if candidate.is_open and (candidate.is_exact or "digits" in candidate.reasons)
    ]


def only_open(candidates):
    """Return the one exact open candidate; None if there is none, or the user has to choose."""
    found = open_exact(candidates)
    return found.pop() if len(found) == 1 else None


def sure(candidates):
    """Return the candidate that nobody has to think about; None if a person has to choose.

    It is the only open lead of the counterpart, and their own. What answers the email of another
    lead, though that is closed, may belong there.
    """
    only = only_open(candidates)
    if not only or not only.reasons.intersection(EXACT_REASONS).difference({COLLEAGUE}):
        return None
    return None if only != _of_conversation(candidates, only) else only


def has_choice(candidates):
    """Tell whether one of the candidates may be the one, so that no lead is created unasked."""
    return bool(open_exact(candidates) or _of_conversation(candidates))


def _of_conversation(candidates, default=None):
    """Return the best of the candidates on which an email of the conversation is."""
    return next((one for one in candidates if "conversation" in one.reasons), default)
