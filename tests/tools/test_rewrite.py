"""What telephone systems and carriers put before numbers; forms of their own rules."""

import pytest

from lead_communications.telephony.site import Site
from lead_communications.tools.dialled import Rewrite, rewritten

ACCESS_CODE = Rewrite("990", "")
SHORT_OF_ZERO = Rewrite("", "0", "incoming", 9)


@pytest.mark.parametrize(
    ("number", "direction", "rules", "expected"),
    [
        # A code of the carrier before the number
        ("990600200301", "outgoing", [ACCESS_CODE], "600200301"),
        ("990 600 200 301", "outgoing", [ACCESS_CODE], "600200301"),
        ("600200301", "outgoing", [ACCESS_CODE], "600200301"),
        ("990", "outgoing", [ACCESS_CODE], "990"),
        # ... in one direction
        ("990600200301", "incoming", [Rewrite("990", "", "outgoing")], "990600200301"),
        # The carrier leaves out the zero, or the code of the country
        ("123456789", "incoming", [SHORT_OF_ZERO], "0123456789"),
        ("+33123456789", "incoming", [SHORT_OF_ZERO], "+33123456789"),
        ("123456789", "outgoing", [SHORT_OF_ZERO], "123456789"),
        # International prefixes that are no 00
        ("81148600200301", "incoming", [Rewrite("811", "+")], "+48600200301"),
        # The first one that fits
        ("0810600200301", "incoming", [Rewrite("0810", "+48"), Rewrite("0", "+")], "+48600200301"),
        ("048600200301", "incoming", [Rewrite("0810", "+48"), Rewrite("0", "+")], "+48600200301"),
        ("+48600200301", "incoming", [Rewrite("+48", "0")], "0600200301"),
        ("Anna <990600>", "outgoing", [ACCESS_CODE], "Anna <990600>"),
        ("\u202a990600200301\u202c", "outgoing", [ACCESS_CODE], "600200301"),
    ],
)
def test_rewritten(number, direction, rules, expected):
    assert rewritten(number, direction, rules) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("990600200301", "600200301"),
        ("#31#990600200301", "600200301"),
        ("9900600200301", "600200301"),
        ("990221234100", ""),
    ],
)
def test_rules_stand_beside_codes_and_the_digit_for_an_outside_line(number, expected):
    site = Site(
        country_code="PL",
        numbers=frozenset({"+48221234100"}),
        outside_digits=("0",),
        rewrites=(ACCESS_CODE,),
    )
    assert site.counterpart(number, "outgoing") == expected
