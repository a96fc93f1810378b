"""What exceptions are stored as, and that a party finds its own and no others."""

import re
import time

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
        ("sip:101@pbx.test", "short"),
        ("101", "short"),
        ("123456", "short"),
        ("1234567", "number"),
        ("1*", "prefix"),
        ("*@newsletter.*", "pattern"),
        ("newsletter.*", "pattern"),
        ("no-reply*@acme.test", "pattern"),
        ("+48*555", "pattern"),
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
    ("country_code", "kind"), [("AD", "number"), ("PL", "short"), (None, "short")]
)
def test_six_digits_are_a_number_where_numbers_are_so_short(country_code, kind):
    assert key.guess_kind("712345", country_code) == kind


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
        ("ａｃｍｅ。test", "acme.test"),
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


#: 189 characters.
LONG_DOMAIN = f"{'a' * 63}.{'b' * 63}.{'c' * 56}.test"


def test_domain_has_at_most_253_characters():
    longest = f"{'d' * 63}.{LONG_DOMAIN}"
    assert len(longest) == 253
    assert key.domain_key(longest) == longest
    assert key.domain_key(f"d.{'d' * 62}.{LONG_DOMAIN}") == ""


def test_address_has_at_most_254_characters():
    longest = f"{'j' * 64}@{LONG_DOMAIN}"
    assert len(longest) == 254
    assert key.address_key(longest) == longest
    assert key.address_key(f"j{longest}") == ""


@pytest.mark.parametrize(
    "text", ["", "jan", "jan@", "@acme.test", "jan@ac me.test", "jan@acme..test"]
)
def test_what_is_no_address(text):
    assert key.address_key(text) == ""


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("+48 22*", "+4822"),
        ("00 48 (22) ...", "+4822"),
        ("+1", "+1"),
        ("+1 212", "+1212"),
        ("+420 2", "+4202"),
        ("+48 1234567890123", "+481234567890123"),
        ("+44 20 7946", "+44207946"),
        ("22*", ""),
        ("48 22*", ""),
        ("+4", ""),
        ("+999 1", ""),
        ("+0", ""),
        ("+01 212", ""),
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


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("*@Newsletter.*", "*@newsletter.*"),
        ("newsletter.*", "*@newsletter.*"),
        ("no-reply***@*.acme.test", "no-reply*@*.acme.test"),
        ("*@*.żółw.pl", "*@*.xn--w-uga1v8h.pl"),
        ("a_b%c*@acme.test", "a_b%c*@acme.test"),
        ("spammer*@gmail.com", "spammer*@gmail.com"),
        ("+48 22 555*", "+4822555*"),
        ("0048*555", "+48*555"),
        ("1*", "1*"),
        ("10*5", "10*5"),
        ("jan@acme.test", ""),
        ("*", ""),
        ("*@*", ""),
        ("*.*", ""),
        ("*@*.com", ""),
        ("*@*.info", ""),
        ("*@*.com.pl", ""),
        ("*@*mail.*", ""),
        ("*@gmail.*", ""),
        ("jan*@gmail.com", ""),
        ("news*@gmail.com", "news*@gmail.com"),
        ("n*e*w*s*@acme.test", "n*e*w*s*@acme.test"),
        ("*n*e*w*s*@acme.test", ""),
        ("x" * 89 + "*@acme.test", "x" * 89 + "*@acme.test"),  # 100 characters
        ("x" * 90 + "*@acme.test", ""),
        ("*@*.ａｃｍｅ.test", "*@*.acme.test"),
        ("^news.*$@acme.test", "^news.*$@acme.test"),
        ("news*@ac me.test", ""),
        ("news*@acme.test; DROP", ""),
        ("news*@żół*w.pl", ""),
        ("+*", ""),
        ("+48*5", ""),
        ("+48*55", "+48*55"),
        ("+48*1234567890123", "+48*1234567890123"),
        ("+48*12345678901234", ""),
        ("+48*", ""),
        ("+9*99999", ""),
        ("*1", ""),
        ("12345*", "12345*"),
        ("123456*", ""),
        ("", ""),
    ],
)
def test_pattern(text, pattern):
    assert key.pattern_key(text) == pattern


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*@newsletter.*", "a@newsletter.example.com", True),
        ("*@newsletter.*", "a@mynewsletter.com", False),
        ("*@newsletter.*", "@newsletter.", True),
        ("+48*555", "+48555", True),
        ("+48*55", "+485", False),
        ("ab*ba", "aba", False),
        ("a*b*b", "ab", False),
        ("a*b*c", "a-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("a.c*", "abc", False),
        ("abc", "abc", True),
    ],
)
def test_pattern_matches(pattern, text, matches):
    assert key.pattern_matches(pattern, text) is matches


def test_pattern_of_stars_takes_no_time():
    start = time.monotonic()
    for _again in range(1000):
        assert not key.pattern_matches("a*a*a*a*b", "a" * 254)
    assert time.monotonic() - start < 2


def test_like_pattern_takes_nothing_but_stars_for_more():
    assert key.like_pattern(r"a_b%c\d*@acme.test") == r"a\_b\%c\\d%@acme.test"


@pytest.mark.parametrize(
    ("kind", "text", "is_mail"),
    [
        ("address", "jan@acme.test", True),
        ("domain", "acme.test", True),
        ("pattern", "*@newsletter.*", True),
        ("pattern", "+48*555", False),
        ("number", "+48221234567", False),
        ("prefix", "+4822", False),
        ("short", "101", False),
    ],
)
def test_exception_is_for_emails_or_for_calls(kind, text, is_mail):
    assert key.is_mail(kind, text) is is_mail


@pytest.mark.parametrize(
    ("text", "short"),
    [
        ("101", "101"),
        (" 12 ", "12"),
        ("sip:101@pbx.test", "101"),
        ('"Door" <sip:2000@10.0.0.1>', "2000"),
        ("1", ""),
        ("1234567", ""),
        ("١٢٣", ""),
        ("anonymous", ""),
        ("", ""),
    ],
)
def test_short(text, short):
    assert key.short_key(text) == short


def test_own_country_code_is_everybody():
    assert key.is_country_code("+48", "PL")
    assert key.is_country_code("+48", "pl")
    assert not key.is_country_code("+4822", "PL")
    assert not key.is_country_code("+48", "DE")
    assert not key.is_country_code("+48", None)


@pytest.mark.parametrize(
    ("kind", "prefix", "is_wide"),
    [
        ("prefix", "+48", True),
        ("prefix", "+482", True),
        ("prefix", "+4822", False),
        ("prefix", "+1", True),
        ("prefix", "+12", True),
        ("prefix", "+121", False),
        ("prefix", "+3531", True),
        ("prefix", "+35311", False),
        ("prefix", "+999", False),
        ("prefix", "", False),
        ("number", "+48", False),
        ("domain", "acme.test", False),
    ],
)
def test_a_prefix_is_wide_with_less_than_two_digits_of_an_area(kind, prefix, is_wide):
    assert key.is_wide(kind, prefix) is is_wide


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
    assert key.exception_keys(None, None, "sip:101@pbx.test") == [("short", "101")]
    assert ("short", "101") not in key.exception_keys("+4822", None, "101")
    assert key.party(None, "jan@żółw.pl", None) == "jan@xn--w-uga1v8h.pl"
    assert (key.party("+4822", None, "22"), key.party(None, None, "22")) == ("+4822", "22")
    assert key.party(None, "no address", "anonymous") == ""


def test_spellings():
    assert key.spellings("xn--w-uga1v8h.pl") == ["xn--w-uga1v8h.pl", "żółw.pl"]
    assert key.spellings("acme.test") == ["acme.test"]
    assert key.spellings("xn--zzzzzz.test") == ["xn--zzzzzz.test"]


@given(ANY)
def test_whatever_is_typed_has_a_kind_and_a_key_that_can_be_stored(text):
    assert key.guess_kind(text) in key.KINDS
    for make in (key.address_key, key.domain_key, key.prefix_key, key.short_key, key.pattern_key):
        assert len(make(text)) <= key.MAX_LENGTH
    pattern = key.pattern_key(text)
    assert key.pattern_key(pattern) == pattern
    domain, prefix = key.domain_key(text), key.prefix_key(text)
    # What was stored is found by itself, however often it is read.
    assert key.domain_key(domain) == domain
    assert key.prefix_key(prefix) == prefix
    assert domain.isascii()
    assert prefix.isascii()


@given(st.text("ab*", max_size=12), st.text("ab", max_size=12))
def test_pattern_means_what_it_says(pattern, text):
    expression = ".*".join(map(re.escape, pattern.split("*")))
    assert key.pattern_matches(pattern, text) == bool(re.fullmatch(expression, text))


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
