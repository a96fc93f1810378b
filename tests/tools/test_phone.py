"""Vectors: the host's own parser with phonenumbers 9 on numbers as PBXs showed them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools import phone

VALID = [
    *(
        (written, "PL", "+48600111222")
        for written in (
            "+48600111222",
            "600 111 222",
            "0048600111222",
            "48600111222",
            "tel:+48600111222",
            "tel:+48-600-111-222;ext=12",
            "+48 600 111 222 ext. 12",
            "+48 (0) 600 111 222",
            "0048 (0)600 111 222",
            "sip:+48600111222@pbx.local",
            "sips:600111222@pbx.local:5061;transport=tls",
            '"Jan" <sip:+48600111222@10.0.0.1>',
            "Jan Kowalski <600111222>",
            "+48600111222@carrier",
            "PJSIP:600111222",
            " 600111222\n",
            "(600) 111-222",
        )
    ),
    ("+39 (0) 6 698 12345", "PL", "+390669812345"),
    ("+44 (0) 20 7946 0018", "PL", "+442079460018"),
    ("0048600111222", "US", "+48600111222"),
    ("0048600111222", None, "+48600111222"),
    ("+48600111222", None, "+48600111222"),
    ("0478323232", "FR", "+33478323232"),
    ("0478 32 32 32", "BE", "+32478323232"),
    ("4155552671", "US", "+14155552671"),
    ("14155552671", "US", "+14155552671"),
    ("01114155552671", "US", "+14155552671"),
    ("14155552671", "PL", "+14155552671"),
    ("+44 330 818 6690", "PL", "+443308186690"),
    ("1-800-FLOWERS", "US", "+18003569377"),
    ("600111222", "pl", "+48600111222"),
    # Written out in full it is a real Polish number, unlike the placeholder below.
    ("+48266696687", "PL", "+48266696687"),
    ("12266696687", "CA", "+12266696687"),
    # The other placeholders are such only with a plus.
    ("7378742833", "US", "+17378742833"),
    ("2562533", "BB", "+12462562533"),
    ("8566696", "IS", "+3548566696"),
    ("86282452253", "AT", "+4386282452253"),
]

NO_NUMBER = [
    ("600111222", None),
    ("48600111222", None),
    ("600111222", ""),
    ("447700900123", "PL"),
    ("07700 900123", "GB"),
    ("266696687", "PL"),
    ("+266696687", "PL"),
    ("00266696687", "PL"),
    ("sip:266696687@twilio.com", "PL"),
    ("+7378742833", "US"),
    ("+86282452253", "PL"),
    ("sip:1001@pbx.local", "PL"),
    ("client:agent_john", "PL"),
    ("client:600111222", "PL"),
    *(
        (written, country)
        for written in (
            "anonymous",
            "Restricted",
            "Private",
            "unknown",
            "s",
            "*97",
            "#31#",
            "",
            None,
        )
        for country in ("PL", "US", None)
    ),
    *((written, country) for written in ("101", "1001", "112") for country in ("PL", "US")),
    ("anonymous 600111222", "PL"),
    ("6" * 400, "PL"),
    ("+", "PL"),
    ("(", "PL"),
    ("600111222", "XX"),
]


@pytest.mark.parametrize(("written", "country", "expected"), VALID)
def test_normalize_gives_e164(written, country, expected):
    assert phone.normalize(written, country) == expected


@pytest.mark.parametrize(("written", "country"), NO_NUMBER)
def test_normalize_refuses_what_is_no_number(written, country):
    assert phone.normalize(written, country) == ""


@given(st.text(max_size=80), st.sampled_from(["PL", "US", "DE", None]))
def test_normalize_never_fails_and_is_stable(written, country):
    number = phone.normalize(written, country)
    assert number == "" or phone.normalize(number, country) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("101", True),
        ("1001", True),
        (" 42 ", True),
        ("123456", True),
        ("12", True),
        ("1", False),
        ("1234567", False),
        ("600111222", False),
        ("+48", False),
        ("*97", False),
        ("s", False),
        ("", False),
        (None, False),
    ],
)
def test_is_extension(text, expected):
    assert phone.is_extension(text) is expected


@pytest.mark.parametrize(
    "number",
    [
        "\u202a+48 600 300 100\u202c",
        "\u200e+48600300100",
        "\ufeff+48\u00a0600\u2011300\u2011100",
        "\uff0b48 600 300 100",
        "\uff0b\uff14\uff18600300100",
        "+\u0664\u0668 600 300 100",
        "600\u200b300\u200b100",
    ],
)
def test_invisible_marks_and_other_digits_are_no_part_of_a_number(number):
    assert phone.normalize(number, "PL") == "+48600300100"
    assert phone.normalize(phone.typed(number), "PL") == "+48600300100"


@pytest.mark.parametrize(
    "text",
    ["Phone: +48 600 300 100", "tel. 600300100", "Tel.: 600 300 100", "Mobile +48600300100"],
)
def test_word_before_a_number_that_was_typed_is_none_of_it(text):
    assert phone.normalize(phone.typed(text), "PL") == "+48600300100"


@pytest.mark.parametrize("text", ["anonymous", "tel:+48600300100", "1-800-FLOWERS", "#31#600", ""])
def test_what_was_typed_stays_otherwise(text):
    assert phone.typed(text) == text
