"""What lies in blocks of S/MIME, by the values that are in them."""

import base64
import time
import zlib

import pytest
from smime import ber, compressed, der, oid, signed, signed_value

from lead_communications.tools.mail import protected
from lead_communications.tools.mail.protected import is_pgp, may_be, unwrap

NOTHING = ("", b"")
BLOCK = signed(b"Hi there")
CODED = base64.encodebytes(BLOCK)
VERSION, ALGORITHMS = der(2, b"\1"), der(0x31)
INNER = der(0x30, oid(1), der(0xA0, der(4, b"a")))


def block(name, *values):
    return der(0x30, name, der(0xA0, der(0x30, *values)))


def other_name(code):
    return der(6, bytes.fromhex(f"2a864886f70d01{code}"))


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (BLOCK, ("signed", b"Hi there")),
        (signed(b"x" * 200), ("signed", b"x" * 200)),
        (signed(b"x" * 70_000), ("signed", b"x" * 70_000)),
        (signed(b"Hi there", ber), ("signed", b"Hi there")),
        (signed(b"Hi there", ber, 3), ("signed", b"Hi there")),
        (ber(0x30, oid(2), BLOCK[13:]), ("signed", b"Hi there")),
        (signed_value(ber(0x24, ber(0x24, der(4, b"a"), der(4, b"b")), der(4, b"c"))),
         ("signed", b"abc")),
        (signed(b"x" * 256, der, 2), ("signed", b"x" * 256)),
        (signed(b"Hi there", ber)[:-6], ("signed", b"Hi there")),
        (signed_value(der(0x24, der(0x13, b"ab"))), ("signed", b"ab")),
        (block(oid(2), VERSION, der(0x30, oid(1), der(0xA0, der(4, b"a")), der(4, b"b"))),
         ("signed", b"a")),
        (der(0x30, oid(2), der(0xA0, der(0x30, VERSION, ALGORITHMS, INNER)), VERSION),
         ("signed", b"a")),
        (der(0x30, oid(2), der(0xA0, der(0x30, VERSION, ALGORITHMS, INNER), VERSION)),
         ("signed", b"a")),
        (compressed(b"nonsense"), NOTHING),
        (BLOCK + b"more", ("signed", b"Hi there")),
        (block(oid(2), VERSION, ALGORITHMS, der(0x30, oid(1))), ("signed", b"")),
        (block(oid(2), VERSION, ALGORITHMS, ALGORITHMS, der(0x30, oid(1))), NOTHING),
        (block(oid(2), VERSION), NOTHING),
        (der(0x30, oid(2), der(0xA0)), NOTHING),
        (block(oid(1), VERSION, ALGORITHMS, der(0x30, oid(1))), NOTHING),
        (compressed(zlib.compress(b"Hi")), ("compressed", b"Hi")),
        (der(0x30, oid(3), der(0xA0)), ("encrypted", b"")),
        (der(0x30, oid(4), der(0xA0)), ("encrypted", b"")),
        (der(0x30, oid(6), der(0xA0)), ("encrypted", b"")),
        (der(0x30, oid(5), der(0xA0)), NOTHING),
        (der(0x30, other_name("09100117"), der(0xA0)), ("encrypted", b"")),
        (der(0x30, other_name("09100118"), der(0xA0)), NOTHING),
        (der(0x30, oid(3)), NOTHING),
        (CODED, ("signed", b"Hi there")),
        (b"\r\n " + CODED, ("signed", b"Hi there")),
        (b"-----BEGIN PKCS7-----\n" + CODED + b"-----END PKCS7-----", ("signed", b"Hi there")),
        (b"MIIBA", NOTHING),
        (b"MIIB", NOTHING),
        (b"", NOTHING),
        (b"\x30", NOTHING),
        (b"PK\3\4", NOTHING),
        (BLOCK[:-8], ("signed", b"Hi")),
    ],
)  # fmt: skip
def test_what_is_in_a_block(data, expected):
    assert unwrap(data, 100_000) == expected


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (signed(b"123456" * 9), "signed"),
        (signed(b"123456" * 9, ber, 3), "signed"),
        (signed_value(der(0x24, der(4, b"1"), der(4, (b"123456" * 9)[1:]))), "signed"),
        (compressed(zlib.compress(b"123456" * 9)), "compressed"),
    ],
)
def test_a_block_that_has_more_than_the_limit_has_nothing(data, kind):
    assert unwrap(data, 54) == (kind, b"123456" * 9)
    assert unwrap(data, 53) == (kind, b"")


@pytest.mark.parametrize(("depth", "expected"), [(13, ("signed", b"Hi")), (14, NOTHING)])
def test_values_in_values(depth, expected):
    value = der(4, b"Hi")
    for _level in range(depth):
        value = ber(0x24, value)
    assert unwrap(signed_value(value), 9) == expected


@pytest.mark.parametrize(("count", "content"), [(2, b"aa"), (3, b"")])
def test_a_content_in_too_many_pieces_is_none(count, content, monkeypatch):
    monkeypatch.setattr(protected, "_MAX_PIECES", 5)
    data = signed_value(der(0x24, der(4, b"a") * count))
    assert unwrap(data, 9) == ("signed", content)


def test_values_of_values_are_read_in_good_time():
    started = time.process_time()
    for data in (b"\x30\x80" * 500_000, signed_value(b"\x24\x80" * 500_000)):
        unwrap(data, 1_000_000)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("application/pkcs7-mime", "", True),
        ("application/x-pkcs7-mime", "a", True),
        ("application/octet-stream", "Smime.P7M", True),
        ("application/octet-stream", "smime.p7s", False),
        ("application/pkcs7-signature", "", False),
        ("text/plain", "smime.p7m", False),
    ],
)
def test_what_may_be_a_block(kind, name, expected):
    assert may_be(kind, name) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hi\n-----BEGIN PGP MESSAGE-----\r\n\nhQ", True),
        ("> -----BEGIN PGP MESSAGE-----\n", False),
        ("-----BEGIN PGP SIGNED MESSAGE-----\nHi", False),
    ],
)
def test_what_is_encrypted_text(text, expected):
    assert is_pgp(text) is expected
