import datetime
import itertools

import pytest

from lead_communications.tools import ranking

NOW = datetime.datetime(2026, 11, 2)


def candidate(lead_id=1, **values):
    defaults = {
        "status": "pending",
        "distance": 2,
        "stage": 1,
        "contact_date": NOW,
        "reasons": frozenset({"phone"}),
    }
    return ranking.Candidate(lead_id=lead_id, **(defaults | values))


# Each list is in the expected order.
ORDERS = {
    "open, won, lost": [candidate(1), candidate(2, status="won"), candidate(3, status="lost")],
    "open of a colleague before mine that is lost": [
        candidate(1),
        candidate(2, status="lost", distance=0),
    ],
    "number and address before number before address before contact": [
        candidate(1, reasons=frozenset({"phone", "email"})),
        candidate(2, reasons=frozenset({"phone"})),
        candidate(3, reasons=frozenset({"email"})),
        candidate(4, reasons=frozenset({"contact"})),
    ],
    "exact and lost before possible and open, whosever it is": [
        candidate(1, status="lost"),
        candidate(2, reasons=frozenset({"domain"}), distance=0),
    ],
    "a hint says nothing beside a certain reason": [
        candidate(1, distance=0),
        candidate(2, reasons=frozenset({"phone", "domain"})),
    ],
    "conversation, number, address, earlier, contact, colleague, sender, digits, domain": [
        candidate(10 + place, reasons=frozenset({reason}))
        for place, reason in enumerate(ranking.REASONS)
    ],
    "mine, my team's, others'": [
        candidate(1, distance=0),
        candidate(2, distance=1),
        candidate(3),
    ],
    "last contact first, whatever the stage": [
        candidate(1),
        candidate(2, contact_date=NOW - datetime.timedelta(days=1), stage=9),
        candidate(4, contact_date=datetime.datetime(1960, 1, 1), stage=9),
        candidate(3, contact_date=None, stage=9),
    ],
    "the further stage first": [candidate(1, stage=3), candidate(2), candidate(3, stage=0)],
    "the newer of equals": [candidate(9), candidate(8)],
    "the newer of equals that had no contact": [
        candidate(9, contact_date=None),
        candidate(8, contact_date=None),
    ],
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_order(order):
    for shuffled in itertools.islice(itertools.permutations(order), 1000):
        assert ranking.rank(shuffled) == order
    assert ranking.rank(reversed(order)) == order


@pytest.mark.parametrize(
    ("reasons", "told"),
    [
        ({"email", "phone"}, ["phone", "email"]),
        ({"phone", "colleague"}, ["phone", "colleague"]),
        ({"contact", "colleague"}, ["contact"]),
        ({"phone", "domain"}, ["phone"]),
        ({"domain", "sender"}, ["sender", "domain"]),
    ],
)
def test_reasons_that_are_told(reasons, told):
    assert candidate(reasons=frozenset(reasons)).telling_reasons == told


def test_only_open():
    lost, won = candidate(1, status="lost"), candidate(2, status="won")
    opened, other = candidate(3), candidate(4)
    assert ranking.only_open([lost, won]) is None
    assert ranking.only_open([lost, opened, won]) == opened
    assert ranking.only_open([opened, other]) is None
    assert ranking.only_open([candidate(5, reasons=frozenset({"domain"}))]) is None
    assert ranking.only_open([opened, candidate(5, reasons=frozenset({"domain"}))]) == opened


BY_EMAIL = frozenset({"email"})
THREAD = frozenset({"conversation", "email"})


@pytest.mark.parametrize(
    ("candidates", "is_sure", "has_choice"),
    [
        ([], False, False),
        ([candidate(1)], True, True),
        ([candidate(1), candidate(2, status="lost"), candidate(3, status="won")], True, True),
        ([candidate(1), candidate(2)], False, True),
        ([candidate(1, status="lost")], False, False),
        ([candidate(1, reasons=frozenset({"colleague"}))], False, True),
        ([candidate(1, reasons=frozenset({"contact", "colleague"}))], True, True),
        ([candidate(1, reasons=frozenset({"digits", "domain", "sender"}))], False, False),
        ([candidate(1), candidate(2, reasons=frozenset({"digits"}))], True, True),
        ([candidate(1, reasons=THREAD)], True, True),
        ([candidate(1, reasons=THREAD, status="lost")], False, True),
        (
            [candidate(1, reasons=BY_EMAIL), candidate(2, reasons=THREAD, status="lost")],
            False,
            True,
        ),
        ([candidate(1, reasons=THREAD), candidate(2, reasons=THREAD, status="lost")], True, True),
    ],
)
def test_what_nobody_has_to_think_about(candidates, is_sure, has_choice):
    assert ranking.sure(candidates) == (candidates[0] if is_sure else None)
    assert ranking.has_choice(candidates) is has_choice


def test_merge_joins_the_reasons_of_one_lead():
    by_phone, by_email = candidate(1), candidate(1, reasons=frozenset({"email"}), company="Acme")
    merged = ranking.merge([[by_phone, candidate(2)], [by_email]])
    assert merged == [
        candidate(1, reasons=frozenset({"phone", "email"}), company="Acme"),
        candidate(2),
    ]


@pytest.mark.parametrize(
    ("reason", "status", "counts"),
    [
        ("phone", "pending", True),
        ("digits", "pending", True),
        ("phone", "lost", False),
        ("digits", "won", False),
        ("switchboard", "pending", False),
        ("domain", "pending", False),
    ],
)
def test_what_an_exception_for_many_yields_to(reason, status, counts):
    found = candidate(reasons=frozenset({reason}), status=status)
    assert ranking.open_by_number([found]) == [found] * counts
