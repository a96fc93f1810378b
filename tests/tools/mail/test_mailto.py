from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail.mailto import MAX_LENGTH, mailto


def test_everything_is_encoded():
    link = mailto(["jan+a&b@customer.test"], "Zażółć & co?", "a\nb")
    assert link == (
        "mailto:jan%2Ba%26b%40customer.test?subject=Za%C5%BC%C3%B3%C5%82%C4%87%20%26%20co%3F"
        "&body=a%0D%0Ab"
    )


def test_no_body_no_parameter():
    assert mailto(["a@b.test", "c@d.test"], "Hello") == "mailto:a%40b.test,c%40d.test?subject=Hello"


@pytest.mark.parametrize("hostile", ["x@y.test?bcc=z@y.test", "x@y.test&bcc=z", "a\r\nBcc: z@y"])
def test_nothing_adds_a_recipient(hostile):
    link = mailto([hostile], hostile, hostile)
    assert set(parse_qs(urlsplit(link).query)) == {"subject", "body"}
    assert unquote(urlsplit(link).path) == hostile


@given(
    body=st.text(st.characters(exclude_categories=["Cs"]), max_size=400).map(lambda text: text * 9)
)
def test_long_bodies_are_cut_and_stay_readable(body):
    link = mailto(["jan@customer.test"], "Offer", body)
    assert len(link) <= MAX_LENGTH
    shown = unquote(link.partition("&body=")[2], errors="strict").replace("\r\n", "\n")
    text = body.replace("\r\n", "\n")
    assert shown == text or (shown.endswith("…") and text.startswith(shown[:-1]))


@pytest.mark.parametrize("body", ["a\nb", "a\r\nb"])
def test_line_ends_are_those_of_mail(body):
    assert mailto([], "x", body) == "mailto:?subject=x&body=a%0D%0Ab"


# "mailto:?subject=x&body=" has 23 characters, "%E2%80%A6" is "…"
@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("a" * 1977, "a" * 1977),
        ("a" * 1978, "a" * 1968 + "%E2%80%A6"),
        ("ab " + "c" * 1978, "ab%E2%80%A6"),
        ("a" * 1968 + " b" * 9, "a" * 1968 + "%E2%80%A6"),
        ("a" * 1967 + " " + "b" * 9 + "c", "a" * 1967 + "%E2%80%A6"),
        ("a" * 1960 + "\nbc" * 9, "a" * 1960 + "%0D%0Abc%E2%80%A6"),
        ("😀" * 165, "%F0%9F%98%80" * 164 + "%E2%80%A6"),
        ("😀" * 164, "%F0%9F%98%80" * 164),
    ],
    ids=[
        "just fits",
        "one word, too long by one",
        "cut before a long word",
        "cut after a word",
        "cut within a word",
        "cut behind a line end",
        "characters stay whole",
        "characters that fit",
    ],
)
def test_a_body_is_cut_so_that_the_link_has_2000_characters(body, shown):
    assert mailto([], "x", body) == "mailto:?subject=x&body=" + shown
