"""What exceptions are stored as, and that a party finds its own and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools import exception_key as key
from lead_communications.tools.free_mail import FREE_MAIL_DOMAINS, is_free_mail

ANY = st.text(max_size=400)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("jan@acme.test", "address"),
        ("Jan <jan@acme.test>", "address"),
        ("@acme.test", "domain"),
        ("*@acme.test", "domain"),
        ("*.acme.test", "domain"),
        ("acme.test", "domain"),
        ("163.com", "domain"),
        ("https://acme.test/contact", "domain"),
        ("+48 22 123 45 67", "number"),
        ("(22) 123-45-67", "number"),
        ("tel:221234567", "number"),
        ("sip:101@pbx.test", "number"),
        ("+48 22*", "prefix"),
        ("+48 22…", "prefix"),
        ("+48 22", "prefix"),
        ("0048 22", "prefix"),
        ("+48 22 123 45 67*", "prefix"),
        ("", "domain"),
    ],
)
def test_kind(text, kind):
    assert key.guess_kind(text) == kind


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Acme.Test.", "acme.test"),
        ("@acme.test", "acme.test"),
        ("*.acme.test", "acme.test"),
        ("www.acme.test", "acme.test"),
        ("http://www.acme.test:8069/a?b#c", "acme.test"),
        ("ŻÓŁW.pl", "xn--w-uga1v8h.pl"),
        ("xn--w-uga1v8h.pl", "xn--w-uga1v8h.pl"),
        ("a_b.test", "a_b.test"),
        ("straße.de", "xn--strae-oqa.de"),
        ("acme.co.uk", "acme.co.uk"),
        ("acme.com.pl", "acme.com.pl"),
        ("co.uk", ""),
        ("com.pl", ""),
        ("com", ""),
        ("10.0.0.1", ""),
        ("acme..test", ""),
        ("-acme.test", ""),
        ("acme.test/path", ""),
        ("acme%.test", ""),
        ("żó łw.pl", ""),
        ("ż" * 5000 + ".pl", ""),
        ("", ""),
    ],
)
def test_domain(text, domain):
    assert key.domain_key(text) == domain


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("+48 22*", "+4822"),
        ("00 48 (22) ...", "+4822"),
        ("+1", "+1"),
        ("+44 20 7946", "+44207946"),
        ("22*", ""),
        ("48 22*", ""),
        ("+4", ""),
        ("+999 1", ""),
        ("+0", ""),
        ("+", ""),
        ("00", ""),
        ("*", ""),
        ("+48a", ""),
        ("+48 " + "1" * 14, ""),
        ("+٤٨٢٢", ""),
    ],
)
def test_prefix(text, prefix):
    assert key.prefix_key(text) == prefix


def test_own_country_code_is_everybody():
    assert key.is_country_code("+48", "PL")
    assert key.is_country_code("+48", "pl")
    assert not key.is_country_code("+4822", "PL")
    assert not key.is_country_code("+48", "DE")
    assert not key.is_country_code("+48", None)


def test_keys_of_a_party_begin_with_the_exact_one():
    assert key.exception_keys("+4822", None) == [
        ("number", "+4822"),
        ("prefix", "+4822"),
        ("prefix", "+482"),
        ("prefix", "+48"),
        ("prefix", "+4"),
    ]
    assert key.exception_keys(None, "jan@mail.żółw.pl") == [
        ("address", "jan@mail.xn--w-uga1v8h.pl"),
        ("domain", "mail.xn--w-uga1v8h.pl"),
        ("domain", "xn--w-uga1v8h.pl"),
    ]
    assert key.exception_keys(None, None) == []
    assert key.exception_keys("", "no address") == []


def test_spellings():
    assert key.spellings("xn--w-uga1v8h.pl") == ["xn--w-uga1v8h.pl", "żółw.pl"]
    assert key.spellings("acme.test") == ["acme.test"]
    assert key.spellings("xn--zzzzzz.test") == ["xn--zzzzzz.test"]


@given(ANY)
def test_whatever_is_typed_has_a_kind_and_a_key_that_can_be_stored(text):
    assert key.guess_kind(text) in key.KINDS
    for made in (key.address_key(text), key.domain_key(text), key.prefix_key(text)):
        assert len(made) <= key.MAX_LENGTH
    domain, prefix = key.domain_key(text), key.prefix_key(text)
    # What was stored is found by itself, however often it is read.
    assert key.domain_key(domain) == domain
    assert key.prefix_key(prefix) == prefix
    assert domain.isascii()
    assert prefix.isascii()


@given(ANY, ANY)
def test_whoever_comes_in_raises_nothing(number, address):
    keys = key.exception_keys(number, address)
    assert {kind for kind, _value in keys} <= set(key.KINDS)


def test_free_mail():
    for domain in ("gmail.com", "Outlook.com", " wp.pl ", "onet.pl.", "o2.pl", "interia.pl"):
        assert is_free_mail(domain), domain
    for domain in ("acme.test", "mygmail.com", "gmail.com.evil.test", "", None):
        assert not is_free_mail(domain), domain
    assert len(FREE_MAIL_DOMAINS) >= 150
    assert all(key.domain_key(domain) == domain for domain in FREE_MAIL_DOMAINS)
