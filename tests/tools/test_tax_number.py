import pytest

from lead_communications.tools import tax_number


@pytest.mark.parametrize(
    ("text", "country", "valid"),
    [
        ("526-000-12-46", "", True),
        ("PL 526 000 12 46", "", True),
        ("123456789", "", True),
        ("123456789012", "", True),
        ("/", "", True),
        ("CZ12345679", "", True),  # eight digits, by the rules of its country
        ("12345679", "CZ", True),
        ("12345679", "", False),
        ("ATU12345675", "", True),
        ("U12345675", "AT", True),
        ("EL 123456783", "", True),
        ("12345678901", "", False),
        ("1234567890123", "", False),
        ("PL", "", False),
        ("", "", False),
        ("abc", "PL", False),
        ("٣٣٣٣٣٣٣٣٣٣", "", False),  # digits, but of no tax number
        ("XX12345679", "XX", False),
    ],
)
def test_is_valid(text, country, valid):
    assert tax_number.is_valid(text, country) is valid


@pytest.mark.parametrize(
    ("one", "other", "country", "other_country", "same"),
    [
        ("PL 526-000-12-46", "5260001246", "", "", True),
        ("5260001246", "5260001246", "PL", "", True),
        ("5260001246", "5260001246", "PL", "RO", False),
        ("PL5260001246", "RO5260001246", "", "", False),
        ("EL123456783", "123456783", "", "GR", True),
        ("ESB58378431", "B58378431", "", "ES", True),  # one letter is part of the number
        ("XI123456782", "GB123456782", "", "", True),
        ("", "", "", "", False),
        ("/", "/", "", "", False),
    ],
)
def test_is_same(one, other, country, other_country, same):
    assert tax_number.is_same(one, other, country, other_country) is same


def test_compact():
    assert tax_number.compact(" pl 526-000.12/46 ") == "PL5260001246"
    assert tax_number.compact("/") == "/"
    assert tax_number.compact(None) == ""
