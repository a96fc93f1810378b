"""Which of the leads that were found is the one? Plain Python: the order, and nothing else."""

import datetime
from dataclasses import dataclass

# The order of the reasons is the order of their weight.
REASONS = ("conversation", "phone", "email", "contact")
OPEN = "pending"


@dataclass(frozen=True)
class Candidate:
    """A lead that a communication may belong to.

    :param status: ``pending`` (open), ``won`` or ``lost``, the host's ``won_status``.
    :param date: when something last happened on the lead, UTC.
    :param reasons: why it was found, some of ``REASONS``.
    """

    lead_id: int
    status: str
    user_id: int
    team_id: int
    date: datetime.datetime
    reasons: frozenset

    @property
    def is_open(self):
        return self.status == OPEN


def rank(candidates, user_id, team_ids):
    """Return the candidates, the best first.

    Open before won before lost; found by more and better reasons; mine, then my teams', then the
    others'; the most recent first. The id decides between equals, so that the order is stable.
    """

    def key(candidate):
        return (
            ("pending", "won", "lost").index(candidate.status),
            [reason not in candidate.reasons for reason in REASONS],
            _distance(candidate, user_id, team_ids),
            -candidate.date.timestamp(),
            -candidate.lead_id,
        )

    return sorted(candidates, key=key)


def only_open(candidates):
    """Return the one open candidate, or None when there is none or the user has to choose."""
    found = [candidate for candidate in candidates if candidate.is_open]
    return found[0] if len(found) == 1 else None


def _distance(candidate, user_id, team_ids):
    if candidate.user_id == user_id:
        return 0
    return 1 if candidate.team_id in team_ids else 2
