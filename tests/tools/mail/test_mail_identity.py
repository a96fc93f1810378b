import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail import identity
from lead_communications.tools.mail.subject import clean_subject, clean_text, split_marks

RAW = (
    b"Received: by a\r\nFrom: Jan <jan@customer.test>\r\nSubject: Hi\r\n"
    b"Message-ID:\r\n <one@customer.test>\r\nDate: Mon, 02 Nov 2026 10:15:00 +0100\r\n\r\nText\r\n"
)


def test_message_id_may_be_folded():
    assert identity.message_id(RAW) == "<one@customer.test>"


def test_missing_message_id_is_made_of_the_content():
    raw = RAW.replace(b"Message-ID:\r\n <one@customer.test>\r\n", b"")
    first = identity.message_id(raw)
    assert first == identity.message_id(b"Received: by b\r\n" + raw)
    assert first != identity.message_id(raw.replace(b"Text", b"Other text"))
    assert first.startswith("<") and first.endswith(">")


@pytest.mark.parametrize(
    "value", [b"<o\0ne@customer.test>", b"o\0ne@customer.test", b"\0", b"<a@b>\0"]
)
def test_message_id_is_one_that_a_database_takes(value):
    found = identity.message_id(RAW.replace(b"<one@customer.test>", value))
    assert found and found.isprintable()


@pytest.mark.parametrize("change", [b"From", b"Subject", b"Date", b"Text"])
def test_content_hash_differs_when_the_content_does(change):
    assert identity.content_hash(RAW) != identity.content_hash(
        RAW.replace(change, b"X-" + change, 1)
    )


@pytest.mark.parametrize(
    "other",
    [
        b"Delivered-To: sales@company.test\r\n" + RAW,
        b"X-Spam-Flag: NO\r\n" + RAW,
        RAW.replace(b"\r\n", b"\n"),
        RAW + b"\r\n",
        RAW.replace(b"From: ", b"FROM:   "),
    ],
)
def test_content_hash_is_that_of_every_copy(other):
    assert identity.content_hash(RAW) == identity.content_hash(other)


def test_what_is_no_mail_is_told_apart_by_every_byte():
    nothing = (b"", b"\r\n", b"One", b"Two", b"\r\nOne", b"X: One", b"X: One\r\n\r\n")
    assert len({identity.content_hash(raw) for raw in nothing}) == 7


@given(st.lists(st.sampled_from([b"\r\n", b"\n", b"\r", b" ", b"ab"]), max_size=30))
def test_hash_does_not_depend_on_the_pieces_in_which_a_large_mail_is_read(tokens):
    raw = b"From: x\r\n\r\n" + b"".join(tokens)
    whole = identity.identify(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(identity, "_PIECE", 3)
        assert identity.identify(raw) == whole
    if b"\r\r\n" not in raw:  # replaced once, that is another line end
        assert identity.content_hash(raw.replace(b"\r\n", b"\n")) == whole.content_hash
    assert (identity.message_id(raw), identity.header_hash(raw)) == (
        whole.message_id,
        whole.header_hash,
    )


@given(st.binary(max_size=2000))
def test_any_bytes_have_an_id_and_a_hash(raw):
    assert identity.message_id(raw)
    assert len(identity.content_hash(raw)) == 64


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: Odp: FW: Windows", "Windows"),
        ("RE[2]: Windows", "Windows"),
        ("Reply to all", "Reply to all"),
        ("AW: WG: Antw: Windows", "Windows"),
        ("RE : TR : Rép : Windows", "Windows"),
        ("RV: R: I: Windows", "Windows"),
        ("Odpowiedź: PD: Windows", "Windows"),
        ("Přep: Doorst: Windows", "Windows"),
        ("Відп: Пересл: Отв: Windows", "Windows"),
        ("回复：转发：Windows", "Windows"),
        ("Re(3): Re^2: [EXT] Re: [External] Windows", "Windows"),
        ("[Company] Windows", "[Company] Windows"),
        ("i: r: small letters are words", "i: r: small letters are words"),
        ("r: a small letter is a word", "r: a small letter is a word"),
        ("Ref: 12/2026", "Ref: 12/2026"),
        ("Prze: Windows", "Prze: Windows"),
        ("a\ud800b\u2028c", "a b c"),
        ("Fwd:", ""),
        ("  Windows\r\n\tfor  a house ", "Windows for  a house"),
        ("a\u202eb\u200bc\x00d", "a b c d"),
        (None, ""),
    ],
)
def test_clean_subject(subject, expected):
    assert clean_subject(subject) == expected


def test_clean_text_is_cut():
    assert len(clean_text("x" * 1000)) == 250
    assert len(clean_text("x" * 1000, 300)) == 300


def test_marks_of_a_subject_are_told_the_outermost_first():
    subject = "SV: VS[2]: [EXT] Fwd: Re: Windows"
    assert split_marks(subject) == (["reply", "either", "forward", "reply"], "Windows")


@pytest.mark.parametrize("name", [b"From", b"Subject", b"Date", b"Message-ID"])
def test_header_hash_differs_when_what_the_sender_wrote_does(name):
    other = RAW.replace(name + b":", name + b": other", 1)
    assert identity.header_hash(RAW) != identity.header_hash(other)


@pytest.mark.parametrize(
    "other",
    [
        RAW.partition(b"\r\n\r\n")[0],
        RAW.replace(b"Text", b"Other text"),
        b"Received: by b\r\n" + RAW,
    ],
)
def test_header_hash_is_that_of_the_header_alone(other):
    assert identity.header_hash(RAW) == identity.header_hash(other)


def test_a_message_id_has_998_characters_at_most():
    raw = b"Message-ID: <" + b"a" * 2000 + b">\r\n\r\n"
    assert identity.message_id(raw) == "<" + "a" * 997


def test_a_message_id_that_is_made_is_the_same_in_every_version():
    assert identity.message_id(b"") == (
        "<0c909bd146722c82da56468602f534a1@content.lead-communications>"
    )
