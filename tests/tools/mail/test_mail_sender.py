import base64

import pytest

from lead_communications.tools.mail.sender import sender_addresses

BOX = "sales@box.test"


@pytest.mark.parametrize(
    "sender",
    [
        "sales@box.test",
        "Sales <SALES@Box.TEST>",
        '"sales"@box.test',
        "s\\ales@box.test",
        "sales@box.test.",
        "sales@box\u3002test",
        "sales@box\uff0etest",
        "sales@box\u200b.test",
        "\uff53ales@box.test",
        "sales(a comment)@box.test",
        "sales @ box . test",
        "<@relay.test:sales@box.test>",
        "Group: sales@box.test;",
        "=?utf-8?q?sales=40box=2Etest?=",
        "=?utf-8?b?c2FsZXNAYm94LnRlc3Q=?= <me@box.test>",
        "=?nonsense?q?sales=40box=2Etest?=",
        "=?utf-8?b?abcde?= <sales@box.test>",
        "me@box.test, sales@box.test",
    ],
)
def test_address_is_found_in_any_spelling(sender):
    assert BOX in sender_addresses(sender)


@pytest.mark.parametrize(
    "sender", ["", "sales", "sales@box.test.example", "presales@box.test", "=?x?b?%%%?=", "@", "a@"]
)
def test_other_addresses_are_not_taken_for_it(sender):
    assert BOX not in sender_addresses(sender)


def test_domain_in_letters_is_that_in_ascii():
    assert sender_addresses("a@m\u00fcller.test") == sender_addresses("a@xn--mller-kva.test")


@pytest.mark.parametrize(("length", "is_found"), [(1985, True), (1986, False)])
def test_2000_characters_are_looked_at(length, is_found):
    assert (BOX in sender_addresses(f"{'x' * length} {BOX}")) is is_found


@pytest.mark.parametrize(("times", "is_found"), [(3, True), (4, False)])
def test_encoded_words_are_decoded_three_times(times, is_found):
    text = BOX
    for _time in range(times):
        text = f"=?utf-8?b?{base64.b64encode(text.encode()).decode()}?="
    assert (BOX in sender_addresses(text)) is is_found


def test_long_sender_is_read_in_part():
    assert sender_addresses("x" * 1_000_000 + "@box.test") == set()
