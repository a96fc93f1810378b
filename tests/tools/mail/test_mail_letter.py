"""Whether a text reads as a person's letter."""

import pytest

from lead_communications.tools.mail.letter import closes, is_letter
from lead_communications.tools.mail.text import Content


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dear Ms Kay,\nWe take ten.", True),
        ("Dear all of you,\nWe take ten.", True),
        ("Dear all of you there,\nWe take ten.", False),
        ("On 2 March,\nwe take ten.", False),
        ("We take ten.\nHow much is it?", True),
        ("価格はいくらですか。", True),
        ("We take ten.\nRegards\nJan", True),
        ("Regards", False),
        ("We take ten.", False),
        ("Dear Jan,\nUnsubscribe here.", False),
        # what is quoted is somebody else's
        ("We take ten.\n> How much is it?", False),
        ("", False),
        (" \n", False),
    ],
)
def test_letter(text, expected):
    assert is_letter(Content(text, "", [])) is expected
    assert is_letter(Content("", text, [])) is expected


@pytest.mark.parametrize(("links", "expected"), [(2, True), (3, False)])
def test_letter_has_two_links_at_most(links, expected):
    assert is_letter(Content("How much is it?", "", [], links)) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("-- ", True),
        ("- ", False),
        ("Best regards,", True),
        ("Regards from our", True),
        ("Regards from our town", False),
        ("Regards, John Adam Smith", True),
        ("Thanks, we need that today", False),
        ("", False),
    ],
)
def test_how_letters_end(line, expected):
    assert closes(line) is expected
