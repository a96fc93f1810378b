"""Headers, value by value."""

import pytest

from lead_communications.tools.mail import headers
from lead_communications.tools.mail.headers import (
    Headers,
    clean_address,
    clean_name,
    decode_transfer,
    decode_words,
    domain_of,
    file_parameter,
    parties,
)


def of(*lines, end="\n\n", **options):
    return Headers(("\n".join(lines) + end).encode(), **options)


# ---- WHERE THEY ARE ----


@pytest.mark.parametrize(
    ("raw", "options", "names", "body", "has_end"),
    [
        (b"A: 1\n\nB: 2", {}, ["a"], 6, True),
        (b"A: 1\r\n\r\nB: 2", {}, ["a"], 8, True),
        (b"A: 1\nB: 2", {}, ["a", "b"], 9, False),
        (b"\nA: 1", {}, [], 1, True),
        (b"\r\nA: 1", {}, [], 2, True),
        (b"xxA: 1\n\nB", {"start": 2}, ["a"], 8, True),
        (b"A: 1\nB: 2\nC: 3", {"end": 10}, ["a", "b"], 10, False),
        (b"A: 1\nB: 2\nC: 3", {"limit": 5}, ["a"], 5, False),
        (b"xA: 1\nB: 2\nC: 3", {"start": 1, "limit": 5}, ["a"], 6, False),
        (b"A: 1\nno header\na: 2\n B: 3\n\n", {}, ["a"], 27, True),
        (b" A : 1\n\n", {}, ["a"], 8, True),
    ],
)
def test_where_they_begin_and_end(raw, options, names, body, has_end):
    found = Headers(raw, **options)
    assert (found.names(), found.body, found.has_end) == (names, body, has_end)


def test_256_kb_are_looked_at():
    assert "b" not in of("A: ".ljust(256 * 1024 - 1, "x"), "B: 1")
    assert "b" in of("A: ".ljust(256 * 1024 - 3, "x"), "B: 1")


# ---- VALUES ----


def test_values_of_a_header():
    found = of("To: A", "to:  B\n c", "X-N: =?utf-8?q?=C5=BB?= \x01 x", "X-N: second")
    assert found.count("to") == 2 and found.count("cc") == 0
    assert found.values("to") == ["a", "b c"] and found.values("cc") == []
    assert found.value("to") == "a" and found.value("cc") == ""
    assert found.raw("to") == found.raw_end("to") == b"A"
    assert found.raw("cc") == found.raw_end("cc") == b""
    assert found.text("x-n") == "Ż   x" and found.text("cc") == ""


@pytest.mark.parametrize(
    ("read", "length"),
    [
        (lambda found: found.raw("a"), 32 * 1024),
        (lambda found: found.raw_end("a"), 32 * 1024),
        (lambda found: found.all_raw("a", 1)[0], 32 * 1024),
        (lambda found: found.value("a"), 2000),
        (lambda found: found.text("a"), 1000),
    ],
)
def test_so_much_of_a_value_is_read(read, length):
    for size in (length, length + 1):
        assert len(read(of("A: " + "x" * size))) == length


def test_which_end_of_a_value_is_read():
    found = of("A: 1" + "x" * 32 * 1024 + "2")
    assert found.raw("a")[:1] == b"1" and found.raw_end("a")[-1:] == b"2"


@pytest.mark.parametrize(
    ("count", "expected"), [(4, "0 1 2 3"), (5, "0 1 3 4"), (9, "0 1 7 8"), (0, "")]
)
def test_first_and_last_values(count, expected):
    found = of("X: y", *[f"A: {number}" for number in range(count)])
    assert b" ".join(found.all_raw("a", 2)).decode() == expected


def test_twenty_values_are_read():
    assert len(of(*["A: 1"] * 21).values("a")) == 20


def test_4000_bytes_are_decoded_for_a_text():
    assert of("A: " + "=?utf-8?q?a?= " * 290).text("a") == "a" * 285 + " =?utf-8?q?"


@pytest.mark.parametrize(
    ("value", "kind", "parameters"),
    [
        ("", "text/plain", {}),
        ("Text/HTML; Charset=UTF-8", "text/html", {"charset": "UTF-8"}),
        ('a/b; x="1; 2"; y = z', "a/b", {"x": "1; 2", "y": "z"}),
        ("a/b; x=1; X=2", "a/b", {"x": "1"}),
        ("a/b; x*=1", "a/b", {"x": "1"}),
        ("; x=1", "text/plain", {"x": "1"}),
        ("a/b;" + " " * 1992 + "x=12", "a/b", {"x": "12"}),
        ("a/b;" + " " * 1993 + "x=12", "a/b", {"x": "1"}),
    ],
)
def test_content_type(value, kind, parameters):
    assert of(f"Content-Type: {value}").content_type() == (kind, parameters)


def test_headers_that_are_made():
    made = Headers.made({"a": "Ż", "b": "", "content-disposition": "inline"}, 'a "b"\\.pdf')
    assert made.names() == ["a", "content-disposition"] and made.body == 0
    assert made.text("a") == "Ż"
    assert file_parameter(made, "content-disposition", "filename") == 'a "b"\\.pdf'
    assert Headers.made({"content-disposition": "inline"}).value("content-disposition") == "inline"
    assert Headers.none(7).body == 7 and Headers.none(7).names() == []


# ---- TRANSFER ENCODINGS ----


@pytest.mark.parametrize(
    ("data", "encoding", "expected"),
    [
        (b"=C5=BB_=\na", "quoted-printable", b"\xc5\xbb_a"),
        (b"YWI=", "base64", b"ab"),
        (b"YWI", "base64", b"ab"),
        (b"YWJjZ", "base64", b"abc"),
        (b"YW!J\nj", "base64", b"abc"),
        (b"Y", "base64", b""),
        (b"YWI=", "8bit", b"YWI="),
        *[(b"begin 644 a\n\"86(\n`\nend\n\"86(", name, b"ab")
          for name in ("x-uuencode", "uuencode", "x-uue", "uue")],
        (b"Hi\nbegin 644 a\n\"86(\r\n\"86(xyz1\n\"86(\r\n", "uuencode", b"abab"),
        (b'begin 644 A\n"86(\nend', "uuencode", b"ab"),
        (b"no beginning", "uuencode", b""),
    ],
)  # fmt: skip
def test_transfer_encodings(data, encoding, expected):
    assert decode_transfer(data, encoding) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?a_b?=", "a b"),
        ("=?utf-8?B?xbs=?=", "Ż"),
        ("=?utf-8?B?xQ==?= =?utf-8?B?uw==?=", "Ż"),
        ("=?utf-8?q?=C5?= =?UTF-8?q?=BB?=", "Ż"),
        ("=?utf-8?q?a?= =?koi8-r?q?=C1?=", "aа"),
        ("=?utf-8?q?a?=  b =?utf-8?q?c?= d", "a  b c d"),
        ("x =?utf-8?q?a?=", "x a"),
        (" =?utf-8?q?a?=", " a"),
        ("=?utf-8*pl?q?a?=", "a"),
        ("=?utf-8?x?a?= =?", "=?utf-8?x?a?= =?"),
        ("=?utf-8?q?a?=b", "ab"),
    ],
)
def test_encoded_words(text, expected):
    assert decode_words(text) == expected


def test_8000_bytes_are_looked_at_for_the_name_of_a_file():
    for length, expected in ((7990, "a.pdf"), (7991, "a.pd")):
        line = "A: x".ljust(length - 5, "y") + "; filename=a.pdf"[:-5]
        found = Headers((line + "a.pdf\n\n").encode())
        assert file_parameter(found, "a", "filename")[:4] == expected[:4]


# ---- PEOPLE ----


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("jan@b.test", [("", "jan@b.test")]),
        ("Jan <Jan@B.test>", [("Jan", "jan@b.test")]),
        ("Nowak, Jan <jan@b.test>, Ewa <ewa@b.test>",
         [("Nowak, Jan", "jan@b.test"), ("Ewa", "ewa@b.test")]),
        ('"Nowak, \\"J\\"" <jan@b.test>', [('Nowak, "J', "jan@b.test")]),
        ("jan@b.test (Jan)", [("Jan", "jan@b.test")]),
        ("(Jan) <jan@b.test>", [("Jan", "jan@b.test")]),
        ("Jan jan@b.test (x)", [("Jan", "jan@b.test")]),
        ("jan@b.test <jan@b.test>", [("", "jan@b.test")]),
        ("Jan", [("Jan", "")]),
        ("Jan; Ewa", [("Jan; Ewa", "")]),
        ("Jan, ewa@b.test", [("", "ewa@b.test")]),
        ("<>, Jan <>", [("Jan", "")]),
        ("a@b.test;c@d.test,", [("", "a@b.test"), ("", "c@d.test")]),
        ("", []),
        ("Jan [mailto:jan@b.test]", [("Jan", "jan@b.test")]),
        ('"jan"@b.test', [("", "jan@b.test")]),
        ("=?utf-8?q?jan=40b.test?=", [("", "jan@b.test")]),
        ("=?utf-8?q?Jan?= <jan@b.test>", [("Jan", "jan@b.test")]),
        ("Jan <jan@b.test> (x), Ewa", [("Jan", "jan@b.test")]),
        ("Jan <nonsense>", [("Jan", "")]),
    ],
)  # fmt: skip
def test_who_is_named(value, expected):
    assert parties(value) == expected


def test_so_many_are_read():
    many = ", ".join(f"u{number}@b.test" for number in range(101))
    assert len(parties(many)) == 100
    assert len(parties(many, 3)) == 3
    found = of(f"To: {many}", "Cc: x@b.test", "Reply-To: a@b.test", "Reply-To: c@b.test")
    assert len(found.parties("to", "cc")) == 100
    assert [party.address for party in found.parties("reply-to")] == ["a@b.test", "c@b.test"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Jan@B.Test", "jan@b.test"),
        ("Żak@B.test", "Żak@b.test"),
        ("mail to jan@b.test now", "jan@b.test"),
        ("jan", ""),
        ("jan@", ""),
        ("x" * 64 + "@b.test", "x" * 64 + "@b.test"),
        ("a@" + "b" * 252, "a@" + "b" * 252),
        ("a@" + "b" * 253, ""),
        (" " * 991 + "jan@b.test", ""),
        (" " * 990 + "jan@b.test", "jan@b.test"),
    ],
)
def test_addresses(text, expected):
    assert clean_address(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ('  "Jan   Żak" ', "Jan Żak"),
        ("'Jan'", "Jan"),
        ("=?utf-8?q?Jan?=", "Jan"),
        ("<Jan>;", "Jan"),
        (" " * 997 + "abcd", "abc"),
    ],
)
def test_names(name, expected):
    assert clean_name(name) == expected


def test_domains():
    assert domain_of("jan@b.test") == "b.test" and domain_of("") == ""
    assert headers.PARTY_LIMIT == 100
