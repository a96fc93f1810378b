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
        ("NIP 526-000-12-46", "", True),
        ("NIP: PL 5260001246", "", True),
        ("VAT no. CZ12345679", "", True),
        ("USt-IdNr.: DE136695976", "", True),
        ("GODE561231GR8", "MX", True),
        ("RFC GODE-561231-GR8", "MX", True),
        ("100234567890003", "AE", True),
        ("TRN 1002 3456 7890 003", "AE", True),
        ("10023456789000", "AE", False),
        ("300000000000003", "SA", True),
        ("100000000000003", "SA", False),
        ("32855961", "UA", True),
        ("3285596", "UA", False),
        ("12892312-1-42", "HU", True),
        ("HU12892312", "", True),
        ("12892312-9-42", "HU", False),
        ("CHE-107.787.577 IVA", "CH", True),
        ("CHE-107.787.577", "", True),
        ("27AAPFU0939F1ZV", "IN", True),
        ("５２６-０００-１２-４６", "", True),
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
        ("NIP 526-000-12-46", "PL5260001246", "", "", True),
        ("VAT ID: ESB58378431", "CIF B-58378431", "", "ES", True),
        ("CHE-107.787.577 MWST", "CHE107787577", "", "", True),
        ("12892312-1-42", "HU12892312142", "HU", "", True),
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
