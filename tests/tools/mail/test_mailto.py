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
