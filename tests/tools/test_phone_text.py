"""Texts as people type them into a field for one number; see also the folder of cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools import phone, phone_text

JAN, OLA, OFFICE = "+48600200301", "+48601200302", "+48221234100"

# text, country, whole numbers, digits of the rest
TEXTS = [
    # -- several numbers in one field
    ("600200301; 601200302", "PL", [JAN, OLA], []),
    ("600200301,601200302", "PL", [JAN, OLA], []),
    ("600200301 / 601200302", "PL", [JAN, OLA], []),
    ("600200301/601200302", "PL", [JAN, OLA], []),
    ("600200301 lub 601200302", "PL", [JAN, OLA], []),
    ("600200301\n601200302", "PL", [JAN, OLA], []),
    ("600 200 301 601 200 302", "PL", [JAN, OLA], []),
    ("600 200 301 - 601 200 302", "PL", [JAN, OLA], []),
    ("+48600200301 +48601200302", "PL", [JAN, OLA], []),
    ("+48600200301+48601200302", "PL", [JAN, OLA], []),
    ("0048600200301 0048601200302", "US", [JAN, OLA], []),
    ("(+48) 600 200 301 | (+48) 601 200 302", "US", [JAN, OLA], []),
    ("600 200 301 \u202a601 200 302\u202c", "PL", [JAN, OLA], []),
    ("212 736 5001 / 212 736 5002", "US", ["+12127365001", "+12127365002"], []),
    ("212 736 5001/02", "US", ["+12127365001", "+12127365002"], []),
    ("22 123 41 23/24/25", "PL", ["+48221234123", "+48221234124", "+48221234125"], []),
    ("030 123456-0/-22", "DE", ["+49301234560", "+493012345622"], []),
    ("0301234 / 0301235", "DE", ["+49301234", "+49301235"], []),
    # -- a slash behind the area code
    ("030/123456", "DE", ["+4930123456"], []),
    ("0171/1234567 bzw. 030/123456", "DE", ["+491711234567", "+4930123456"], []),
    ("033435/12345", "DE", ["+493343512345"], []),
    # Both groups are a number of another country, which nobody wrote.
    ("1212736 5001 600200301", "PL", [JAN], ["12127365001"]),
    # -- words and extensions around it
    ("600 200 301 (Jan)", "PL", [JAN], []),
    ("Jan: 600 200 301, po 16", "PL", [JAN], []),
    ("600 200 301 - 9-17", "PL", [JAN], []),
    ("22 123 41 00 wewn. 12", "PL", [OFFICE], []),
    ("22 123 41 00 w. 12", "PL", [OFFICE], []),
    ("212.736.5001 x 12", "US", ["+12127365001"], []),
    ("+7 (495) 123-45-67, доб. 123", "RU", ["+74951234567"], []),
    ("tel. 600 200 301, fax 22 123 41 00", "PL", [JAN, OFFICE], []),
    ("tel:+48-600-200-301;ext=12", "PL", [JAN], []),
    ("sip:600200301@pbx.local", "PL", [JAN], []),
    # -- other digits and signs
    ("\uff16\uff10\uff10\uff12\uff10\uff10\uff13\uff10\uff11 (Jan)", "PL", [JAN], []),
    ("\u202a+48 600 200 301\u202c Jan", "PL", [JAN], []),
    ("600\u2013200\u2013301 / 601\u2014200\u2014302", "PL", [JAN, OLA], []),
    ("'+48600200301", "PL", [JAN], []),
    ("600200301.0", "PL", [JAN], []),
    # -- a zero that is not dialled, a plus that is missing
    ("33 (0)6 12 34 56 78", "FR", ["+33612345678"], []),
    ("48 (0) 600 200 301", "PL", [JAN], []),
    ("+33 (0)6 12 34 56 78 - 01 23 45 67 89", "FR", ["+33612345678", "+33123456789"], []),
    # -- renumbered countries: what is certain is read, the rest are digits
    ("+52 1 55 1234 5678", "US", ["+525512345678"], []),
    ("+229 97 12 34 56", "BJ", ["+2290197123456"], []),
    ("97 12 34 56", "BJ", ["+2290197123456"], []),
    ("+225 07 12 34 56", "CI", [], ["+22507123456"]),
    # -- no number by the rules of the country that is taken for theirs
    ("20 12 34 56", "US", [], ["20123456"]),
    ("06 12 34 56 80", "US", [], ["0612345680"]),
    ("600200301", None, [], ["600200301"]),
    ("6123-4567", "BR", [], ["61234567"]),
    ("+421 2 111 11", "SK", [], ["+421211111"]),
    # -- no numbers
    ("", "PL", [], []),
    (None, "PL", [], []),
    ("call after 17:00", "PL", [], []),
    ("4.86002E+10", "PL", [], []),
    ("101", "PL", [], []),
    ("266696687", "PL", [], []),
    ("1" * 40, "PL", [], []),
    ("anonymous", "PL", [], []),
]


@pytest.mark.parametrize(("text", "country", "numbers", "digits"), TEXTS)
def test_read(text, country, numbers, digits):
    found = phone_text.read(text, country)
    assert (list(found.numbers), list(found.digits)) == (numbers, digits)


@pytest.mark.parametrize(
    ("text", "country", "stems"),
    [
        ("+49 30 123456-0", "DE", ["+4930123456"]),
        ("030 123456 - 123", "DE", ["+4930123456"]),
        ("030/123456-0", "DE", ["+4930123456"]),
        ("22 123 41-23", "PL", ["+482212341"]),
        # Hyphens that only group the digits
        ("212 736-5001", "US", ["+1212736"]),
        ("22 123-41-23", "PL", []),
        ("020-1234567", "NL", []),
        ("600 200-301", "PL", []),
    ],
)
def test_what_stands_behind_the_only_hyphen_is_a_telephone(text, country, stems):
    assert list(phone_text.read(text, country).stems) == stems


@pytest.mark.parametrize(
    ("text", "number", "country", "expected"),
    [
        # Odoo has read it all
        ("+48 600 200 301", JAN, "PL", []),
        ("(600) 200-301", JAN, "PL", []),
        ("600 200 301 (Jan)", JAN, "PL", []),
        # the second one, and its last 7 to 10 digits
        (
            "600200301; 601200302",
            JAN,
            "PL",
            [OLA, "1200302", "01200302", "601200302", "8601200302"],
        ),
        # the same last digits in two countries
        ("601200302 / +420 601 200 302", OLA, "PL", ["+420601200302", "0601200302"]),
        # Odoo has read nothing
        ("20 12 34 56", None, "US", ["0123456", "20123456"]),
        ("+421 2 111 11", None, "SK", ["1211111", "21211111", "421211111", "/+421211111"]),
        # Odoo has read two as one
        ("0301234 / 0301235", "+493012340301235", "DE", ["+49301234", "+49301235"]),
        ("030 123456-0", "+49301234560", "DE", ["/+4930123456"]),
    ],
)
def test_keys(text, number, country, expected):
    found = phone_text.keys(text, number, country)
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


@pytest.mark.parametrize(
    ("number", "shown", "size", "expected"),
    [
        ("+4520123456", "4520123456", 8, "20123456"),
        ("+4520123456", "4520123456", 10, "4520123456"),
        (None, "+39212345678", 9, "212345678"),
        (None, "600 20", 8, ""),
        (None, "19191", 7, ""),
        (None, "anonymous", 7, ""),
        (None, "client:agent600200301", 7, ""),
        (None, "266696687", 7, ""),
        (None, None, 7, ""),
        (None, "1" * 20, 7, ""),
    ],
)
def test_last_digits(number, shown, size, expected):
    assert phone_text.last_digits(number, shown, size) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("600 200 301 (Jan)", JAN),
        ("Jan 600 200 301", JAN),
        ("600200301; 601200302", ""),
        ("nobody", ""),
    ],
)
def test_only_number(text, expected):
    assert phone_text.only_number(text, "PL") == expected


@given(
    st.text(alphabet="0123456789 +-/().;xA\n\u202a\uff11", max_size=60),
    st.sampled_from(["PL", "DE", None]),
)
def test_what_is_one_number_is_read_as_such(text, country):
    found = phone_text.read(text, country)
    assert all(phone.normalize(number, None) == number for number in found.numbers)
    assert all(len(digits) >= 7 for digits in found.digits)
