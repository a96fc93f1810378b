import datetime
import itertools

import pytest

from lead_communications.tools import ranking

NOW = datetime.datetime(2026, 11, 2)


def candidate(lead_id=1, **values):
    defaults = {
        "status": "pending",
        "user_id": 5,
        "team_id": 7,
        "date": NOW,
        "reasons": frozenset({"phone"}),
    }
    return ranking.Candidate(lead_id=lead_id, **(defaults | values))


# Each list is in the expected order; the user is 1, of the team 2.
ORDERS = {
    "open, won, lost": [candidate(1), candidate(2, status="won"), candidate(3, status="lost")],
    "open of a colleague before mine that is lost": [
        candidate(1),
        candidate(2, status="lost", user_id=1),
    ],
    "number and address before number before address before contact": [
        candidate(1, reasons=frozenset({"phone", "email"})),
        candidate(2, reasons=frozenset({"phone"})),
        candidate(3, reasons=frozenset({"email"})),
        candidate(4, reasons=frozenset({"contact"})),
    ],
    "mine, my team's, others'": [
        candidate(1, user_id=1),
        candidate(2, team_id=2),
        candidate(3),
    ],
    "recent first": [candidate(1), candidate(2, date=NOW - datetime.timedelta(days=1))],
    "the newer of equals": [candidate(9), candidate(8)],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_order(order):
    for shuffled in itertools.permutations(order):
        assert ranking.rank(shuffled, user_id=1, team_ids={2}) == order


def test_only_open():
    lost, won = candidate(1, status="lost"), candidate(2, status="won")
    opened, other = candidate(3), candidate(4)
    assert ranking.only_open([lost, won]) is None
    assert ranking.only_open([lost, opened, won]) == opened
    assert ranking.only_open([opened, other]) is None
