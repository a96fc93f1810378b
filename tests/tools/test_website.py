import pytest

from lead_communications.tools import website

ACME = website.Website("acme.example", "")


@pytest.mark.parametrize(
    "text",
    [
        "acme.example",
        "ACME.example",
        "www.acme.example",
        "http://acme.example",
        "https://www.acme.example/",
        "https://acme.example:443/pl/kontakt?utm_source=x#top",
        "//acme.example",
        "acme.example.",
        "acme.example./",
        "https://user:secret@acme.example/x",
        " https://acme.example ",
        "www2.acme.example",
        "http:acme.example",
        "ａｃｍｅ．example",
    ],
)
def test_one_site(text):
    assert website.read(text) == ACME
    assert website.is_same(text, "acme.example")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://facebook.com/acme", "www.facebook.com/Acme/", True),
        ("https://facebook.com/acme?ref=x", "m.facebook.com/acme", True),
        ("https://fb.com/acme", "facebook.com/acme", True),
        ("facebook.com/acme", "facebook.com/other", False),
        ("facebook.com", "facebook.com", False),
        ("allegro.pl/uzytkownik/acme", "https://allegro.pl/uzytkownik/acme/", True),
        ("allegro.pl/uzytkownik/acme", "allegro.pl/uzytkownik/ola", False),
        ("linkedin.com/company/acme", "pl.linkedin.com/company/acme", True),
        ("acme.example/a", "acme.example/b", True),
        ("shop.acme.example", "acme.example", False),
        ("https://zażółć.example", "https://xn--zac-9ya3a7k.example", False),
        ("https://żółw.example", "https://xn--w-uga1v8h.example", True),
        ("www.pl", "pl", False),
        ("", "", False),
        ("http://", "http://", False),
        ("n/a", "n/a", False),
        ("brak", "brak", False),
        ("http://intranet/", "intranet", False),
    ],
)
def test_is_same(one, other, same):
    assert website.is_same(one, other) is same
    assert website.is_same(other, one) is same


def test_names_of_a_site():
    assert {"facebook.com/acme", "fb.com/acme"} < set(website.read("https://fb.com/Acme").names)
    assert website.read("żółw.example").names == ["xn--w-uga1v8h.example", "żółw.example"]
