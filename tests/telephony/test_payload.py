"""What is left of a text that anybody may have written."""

import pytest

from lead_communications.telephony.payload import Parsed, cause_of, clean_text


@pytest.mark.parametrize(
    ("text", "length", "clean"),
    [
        (None, 9, ""),
        ("", 9, ""),
        (" Jan \r\n\t Kowalski ", 99, "Jan Kowalski"),
        ("Jan Kowalski", 3, "Jan"),
        ("Jan Kowalski", 4, "Jan"),
        ("Jan Kowalski", None, "Jan Kowalski"),
        ("Za\u017c\u00f3\u0142\u0107\x00\x07", 99, "Zażółć"),
        ("a\ud800b", 99, "ab"),
        ("\u202egnp.exe\u2069", 99, "gnp.exe"),
        # An emoji of a family is several characters that are held together by invisible ones.
        ("\U0001f468\u200d\U0001f469", 99, "\U0001f468\u200d\U0001f469"),
        ("<b>=1+1</b>", 99, "<b>=1+1</b>"),
    ],
)
def test_text_becomes_one_line_that_can_be_stored(text, length, clean):
    assert clean_text(text, length) == clean


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("no_id", "id"),
        ("columns", "columns"),
        ("duration", "time"),
        ("disposition", "result"),
        ("too_deep", "format"),
        ("talk_seconds", "value"),
    ],
)
def test_cause_of_an_error(code, cause):
    assert cause_of(code) == cause


def test_nothing_is_parsed_of_nothing():
    assert (Parsed().events, Parsed().broken, Parsed().header) == ([], [], "")
