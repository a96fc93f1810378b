"""The end of an email: who wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail import signature

BODY = "Good morning,\nhow much is a window for a room of 12 m2, 3 pieces?\n\n"

CASES = {
    "polish": (
        "Pozdrawiam\nJan Kowalski\nOkna i Drzwi Sp. z o.o.\nul. Długa 5, 00-001 Warszawa\n"
        "tel. 22 123 45 67, kom. 600 100 200\nNIP 525-000-11-22",
        ("+48600100200", "Okna i Drzwi Sp. z o.o."),
    ),
    "polish, landline only": (
        "Z poważaniem,\nAnna Lis\nGlas S.A.\ntel.: (22) 123-45-67",
        ("+48221234567", "Glas S.A."),
    ),
    "english": (
        "Best regards,\nJohn Smith\nAcme Ltd.\nT: +44 20 7946 0958 | F: +44 20 7946 0959",
        ("+442079460958", "Acme Ltd."),
    ),
    "german": (
        "Mit freundlichen Grüßen\nKarl Groß\nFenster GmbH & Co. KG\nMobil: +49 1512 3456789",
        ("+4915123456789", "Fenster GmbH & Co. KG"),
    ),
    "dashes": ("-- \nEwa\n+48 600 100 200", ("+48600100200", "")),
    "fax alone": ("Regards\nJohn\nFax: +44 20 7946 0959", ("", "")),
    "tax number is no phone": ("Pozdrawiam\nJan\nNIP 521 123 45 67", ("", "")),
    "by the name": ("Jan Kowalski\nkom. 600 100 200", ("+48600100200", "")),
    "number at the end without a mark": ("Call me: 600 100 200", ("+48600100200", "")),
    "nothing": ("Thanks!", ("", "")),
    "answered mail is somebody else's": (
        "Regards\nJan\n\nOn Mon, 2 Nov 2026 at 10:00 Ben wrote:\n> Ben\n> +48 600 999 888",
        ("", ""),
    ),
    "outlook's block is somebody else's": (
        "Pozdrawiam\nJan\n\nFrom: Ben <ben@company.test>\nSent: Monday\nRegards\n600 999 888",
        ("", ""),
    ),
    "a date is no number": ("Regards\nJan\n2026-11-02 10:15", ("", "")),
    "an address that ends like a form": ("Regards\nJan\nWarszawa 00-001", ("", "")),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_signature(text, expected):
    assert signature.read(BODY + text, "PL", "Jan Kowalski") == expected


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("acme.com", "Acme"),
        ("mail.acme.co.uk", "Acme"),
        ("okna-drzwi.com.pl", "Okna Drzwi"),
        ("gmail.com", ""),
        ("localhost", ""),
        ("", ""),
        ("xn--kna-0na.pl", ""),
    ],
)
def test_company_of_domain(domain, company):
    assert signature.company_of_domain(domain) == company


@given(st.text(), st.text(max_size=20))
def test_any_text_is_taken(text, name):
    found = signature.read(text, "PL", name)
    assert len(found.company) <= signature.COMPANY_LENGTH
    assert "\0" not in found.company


def test_a_huge_text_is_quick():
    signature.read("a b\n" * 1_000_000 + "Regards\nJan\n600 100 200", "PL")
    signature.read("(" * 100_000, "PL")
    signature.read(("1 " * 40_000 + "\n") * 3, "PL")
