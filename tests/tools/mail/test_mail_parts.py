"""Where the headers and the parts of an email begin and end."""

import base64

import pytest
from mail_of_parts import HEAD, PDF, mail, multipart, part
from outlook_mail import attribute, tnef_file, winmail
from smime import signed

from lead_communications.tools.mail import parts
from lead_communications.tools.mail.parts import Part, default_name, head_of, is_boilerplate, parse

MIXED = b"Content-Type: multipart/mixed; boundary=b\n"


def bodies(raw, **options):
    """Return the bodies of the parts that hold no others; those that stand outside in a list."""
    found = parse(raw, **options)
    return [[one.body()] if one.is_stray else one.body() for one in found.leaves()]


def types(raw):
    return [one.type for one in parse(raw).root.walk()]


# ---- HEADERS ----


@pytest.mark.parametrize(
    ("raw", "names", "body"),
    [
        (b"", "", b""),
        (b"\r\n\n", "", b""),
        (b"A: 1\n\nB: 2", "a", b"B: 2"),
        (b"A: 1\r\n\r\nB: 2", "a", b"B: 2"),
        (b"A: 1\r\rB: 2", "a", b"B: 2"),
        (b"\r\nFrom x\nA: 1\n\nText", "a", b"Text"),
        (b">From x\nA: 1\n\nText", "a", b"Text"),
        (b"A: 1\nB: 2\nText", "a b", b"Text"),
        (b"A: 1\n b\n\tc\n \nB: 2\nText\nC: 3", "a b", b"Text\nC: 3"),
        (b"A: 1\nB: 2", "a b", b""),
        (b"Text\nA: 1", "", b"Text\nA: 1"),
        (b"Some text\n\nA: 1", "", b"Some text\n\nA: 1"),
        (b"x\n" * 200 + b"A: 1\n\nText", "a", b"Text"),
        (b"x\n" * 201 + b"A: 1\n\nText", "", b"x\n" * 201 + b"A: 1\n\nText"),
        (MIXED + b"--b\nA: 1\n\nText\n--b--", "content-type", b"--b\nA: 1\n\nText\n--b--"),
        (MIXED + b"\n--b\n\nText\n--b--", "content-type", b"--b\n\nText\n--b--"),
        (b"Content-Type: text/plain\n--\nA: 1\n\nText", "content-type a", b"Text"),
    ],
)  # fmt: skip
def test_where_headers_end(raw, names, body):
    raw, headers = head_of(raw)
    assert " ".join(headers.names()) == names
    assert raw[headers.body :] == body


def test_value_in_several_lines():
    assert head_of(b"A: 1\n b\n\tc\nText")[1].raw("a") == b"1 b c"


@pytest.mark.parametrize(
    ("raw", "hint"),
    [
        (b"=?koi8-r?q?a?= b", "koi8-r"),
        (b"A: =?utf-8?q?a?= =?KOI8-R?b?a?=\n\n", "koi8-r"),
        (b"A: 1\n\n<meta charset = 'iso-8859-2'>", "iso-8859-2"),
        (b"A: 1\n\ncharset=us-ascii charset=UTF8", ""),
        (b"charset=koi8-r".rjust(256 * 1024), "koi8-r"),
        (b" " * 256 * 1024 + b"charset=koi8-r", ""),
    ],
)
def test_what_other_parts_say_that_they_are_written_in(raw, hint):
    assert parse(raw).root.hint == hint


# ---- BETWEEN BOUNDARIES ----


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"--b\n\nOne\n--b--", [b"One"]),
        (b"--b\r\n\r\nOne\r\n--b--\r\n", [b"One"]),
        (b"--b\n\nOne\n\n--b--\n\n", [b"One\n"]),
        (b"--b\n\nOne\n", [b"One\n"]),
        (b"--b\n\n--b--", [b""]),
        (b"--b\r\n\r\n\r\n--b--", [b""]),
        (b"--b\nContent-ID: a\n\n--b--", [b""]),
        (b"--b\nContent-ID: a\n--b\n\nTwo\n--b--", [b"", b"Two"]),
        (b"--b\nContent-ID: a\nText: x\nno header\n--b--", [b"no header"]),
        (b"--b\nText: x\nno header\n--b--", [b"Text: x\nno header"]),
        (b"--b\nText: x\n\nno header\n--b--", [b"no header"]),
        (b"--b\nContent-ID: a\n b\n\tc\nno header\n--b--", [b"no header"]),
        (b"Above\n--b\n\nOne\n--b--\nBelow", [[b"Above\n"], b"One", [b"Below"]]),
        (b"\n\n--b\n\nOne\n--b--\n \n", [b"One"]),
        (b"--b\n\nx--b\n --b\n--bc\n--b-\n--b--", [b"x--b\n --b\n--bc\n--b-"]),
        (b"--b\n\nOne\n--b \t\r\n\nTwo\n--b-- \t", [b"One", b"Two"]),
        (b"Text", [[b"Text"]]),
        (b" \n", [b" \n"]),
    ],
)
def test_parts_between_boundaries(body, expected):
    assert bodies(MIXED + b"\n" + body) == expected


def closings(count):
    return b"".join(b"--y%d--\n" % number for number in range(count))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"--x\nContent-Type: text/plain\n\nOne\n--x--", [b"One"]),
        (b"-- x\nContent-Type: text/plain\n\nOne", [[b"-- x\nContent-Type: text/plain\n\nOne"]]),
        (b"--x \nContent-ID: a\n\nOne\n--x--", [b"One"]),
        (b"Hi\n--x\n\nOne\n--x--", [[b"Hi\n"], b"One"]),
        (b"--y--\n--x\n\nOne\n--x--", [[b"--y--\n"], b"One"]),
        (closings(19) + b"--x\n\nOne\n--x--", [[closings(19)], b"One"]),
        (closings(20) + b"--x\n\nOne\n--x--", [[closings(20) + b"--x\n\nOne\n--x--"]]),
    ],
)
def test_boundary_that_is_another_one(body, expected):
    assert bodies(MIXED + b"\n" + body) == expected


PART = b"--x\nContent-ID: a\n\nOne\n--x--"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PART, [b"One"]),
        (b"\n \n" + PART, [b"One"]),
        (b"This is MIME.\n" + PART, [[b"This is MIME.\n"], b"One"]),
        (b"Words\n" + PART, [b"Words\n" + PART]),
        (PART[:-5], [PART[:-5]]),
        (b"\n" * 1980 + PART, [b"One"]),
        (b"\n" * 1990 + PART, [b"\n" * 1990 + PART]),
    ],
)
def test_parts_that_nothing_tells_of(text, expected):
    assert bodies(HEAD + b"\n" + text) == expected


@pytest.mark.parametrize(
    ("length", "expected"), [(64 * 1024 - 1, b"\nOne"), (64 * 1024, b"X-A: b\n\nOne")]
)
def test_headers_of_a_part_end_behind_64_kb(length, expected):
    line = b"Content-ID: ".ljust(length - 1, b"a") + b"\n"
    assert bodies(MIXED + b"\n--b\n" + line + b"X-A: b\n\nOne\n--b--") == [expected]
    assert bodies(MIXED + b"\n--b\n" + line + b"One\n--b--") == [b"One"]


@pytest.mark.parametrize(
    ("kind", "headers", "expected"),
    [
        ("mixed", b"", ["multipart/mixed", "text/plain"]),
        ("digest", b"", ["multipart/digest", "message/rfc822", "text/plain"]),
        ("digest", b"Content-Type: text/html\n", ["multipart/digest", "text/html"]),
        ("mixed", b"Content-Type: text\n", ["multipart/mixed", "text/plain"]),
        ("mixed", b"Content-Type: text/a/b\n", ["multipart/mixed", "text/plain"]),
        ("mixed", b"Content-Type: multipart\n",
         [*["multipart/mixed"] * 2, "text/plain"]),
    ],
)  # fmt: skip
def test_types_of_parts(kind, headers, expected):
    assert types(multipart(headers + b"\nSubject: x\n\nText", kind=kind)) == expected


@pytest.mark.parametrize(
    ("parts_", "expected"),
    [
        ([part("a"), part("<p>", "text/html")], "multipart/alternative"),
        ([part("<p>", "text/html"), part("a")], "multipart/mixed"),
        ([part("a"), part("<p>", "text/html"), PDF], "multipart/mixed"),
    ],
)
def test_alternatives_that_do_not_say_so(parts_, expected):
    raw = multipart(*parts_)
    assert types(raw.replace(b"Content-Type: multipart", b"X: y", 1))[0] == expected
    assert types(raw)[0] == "multipart/mixed"


def test_stray_text_is_in_the_charset_of_the_whole():
    raw = (
        HEAD + b"Content-Type: multipart/mixed; boundary=b; charset=koi8-r\n\n\xc1\n--b\n\n\n--b--"
    )
    assert parse(raw).root.children[0].text() == "а\n"
    html = parse(raw.replace(b"\n\n\xc1", b"\n\n<html>\xc1")).root.children[0]
    assert (html.type, html.is_stray) == ("text/html", True)


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_parts_that_are_encoded_together(encoding):
    inner = b"--b\nContent-Type: text/plain\n\nOne=\n--b--"
    coded = base64.encodebytes(inner) if encoding == "base64" else inner.replace(b"=", b"=3D")
    head = MIXED + f"Content-Transfer-Encoding: {encoding}\n\n".encode()
    assert bodies(head + coded)[-1] in (b"One=", b"One=3D")
    assert bodies(head + inner) == [b"One="]


def test_levels_are_told():
    inner = multipart(part("a"), head=b"", boundary="c")
    assert [one.depth for one in parse(multipart(inner, part("b"))).root.walk()] == [0, 1, 2, 1]


# ---- BOUNDS ----


@pytest.mark.parametrize(
    ("count", "end", "is_whole"),
    [(2, b"", True), (3, b"", False), (2, b"--b--\n", True), (2, b"text", False)],
)
def test_too_many_parts(count, end, is_whole, monkeypatch):
    monkeypatch.setattr(parts, "MAX_PARTS", 3)
    assert parse(multipart(*[part("a")] * count) + end).is_whole is is_whole


def test_what_is_left_out_is_nobodys_part(monkeypatch):
    monkeypatch.setattr(parts, "MAX_DEPTH", 2)
    deep = part("a")
    for boundary in "xyz":
        deep = multipart(deep, head=b"", boundary=boundary)
    found = types(multipart(deep, multipart(PDF, head=b"", boundary="c")))
    assert found == [*["multipart/mixed"] * 4, "application/pdf"]


def test_what_is_searched_for_boundaries_has_a_limit(monkeypatch):
    inner = multipart(part("a"), part("b"), head=b"", boundary="c")
    raw = multipart(PDF, inner, PDF)
    outer_size, inner_size = (
        len(one.body()) for one in parse(raw).root.walk() if one.main_type == "multipart"
    )
    for limit, is_whole in ((outer_size + inner_size, True), (outer_size + inner_size - 1, False)):
        monkeypatch.setattr(parts, "MAX_SEARCHED", limit)
        assert parse(raw).is_whole is is_whole


def test_only_the_beginning_is_looked_at():
    assert parse(HEAD + b"\n12345678", limit=5).root.body() == b"12345"
    assert parse(HEAD + b"\n123", limit=5).root.body() == b"123"
    assert parse(HEAD + b"\n12345678").root.body(3) == b"123"
    assert parse(HEAD + b"\n123").root.body(9) == b"123"


@pytest.mark.parametrize(("text", "is_cut"), [("a" * 10, False), ("a" * 11, True)])
def test_text_that_is_cut_says_so(text, is_cut, monkeypatch):
    monkeypatch.setattr(parts, "MAX_TEXT", 10)
    assert parse(mail(text)).root.is_text_cut is is_cut
    coded = mail("=61" * len(text), "text/plain", "Content-Transfer-Encoding: quoted-printable")
    assert parse(coded).root.text() == "a" * 10
    assert parse(coded).root.is_text_cut is True
    assert not parse(
        mail("=\n" * 9, "text/plain", "Content-Transfer-Encoding: quoted-printable")
    ).root.is_text_cut


def test_line_ends_and_zeros_of_a_text():
    assert parse(mail(b"a\r\nb\rc\0")).root.text() == "a\nb\nc\ufffd"
    for kind, is_read in (("html", True), ("plain", False)):
        html = part(b"<meta charset=koi8-r>\xc1", f"text/{kind}")
        raw = multipart(part(b"x", "text/plain; charset=iso-8859-2"), html)
        assert (parse(raw).root.children[1].text()[-1] == "а") is is_read


# ---- WITHIN PARTS ----


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (b"A: 1\n\nText", [b"Text"]),
        (b"\n" * 100 + b"A: 1\n\nText", [b"Text"]),
        (b"\n" * 101 + b"A: 1\n\nText", [b"A: 1\n\nText"]),
        (b"\r\n", [b"\r\n"]),
        (b"", [b""]),
    ],
)
def test_carried_mail(inner, expected):
    raw = HEAD + b"Content-Type: message/rfc822\n\n" + inner
    assert bodies(raw) == expected
    assert [one.lies_in_message for one in parse(raw).root.children] == [True] * bool(inner.strip())


def test_unpacked_together_have_a_limit(monkeypatch):
    entity = b"Content-Type: text/plain\n\n1234"
    block = part(
        base64.encodebytes(signed(entity)),
        "application/pkcs7-mime",
        "Content-Transfer-Encoding: base64",
    )
    outlook = winmail(attribute(1, 0x2800C, b"12345"), tnef_file(b"a", b"12345"))
    file = part(
        base64.encodebytes(outlook), "application/ms-tnef", "Content-Transfer-Encoding: base64"
    )
    limit = 2 * len(entity)
    for more, count in ((0, 2), (-1, 1)):
        monkeypatch.setattr(parts, "MAX_UNPACKED", limit + more)
        assert [one.packed for one in parse(multipart(block, block)).leaves()].count(
            "signed"
        ) == count
    for more, count in ((0, 4), (-1, 2)):
        monkeypatch.setattr(parts, "MAX_UNPACKED", 20 + more)
        found = parse(multipart(file, file))
        assert [one.packed for one in found.leaves()].count("tnef") == count
        assert found.is_whole is (count == 4)


@pytest.mark.parametrize(
    ("entity", "count"),
    [
        (b"Content-Type: text/plain\n\nText", 1),
        (b"Text", 0),
        (b"\r\nText", 1),
        (b"\r\nContent-Type: text/plain\n\nText", 1),
    ],
)
def test_what_is_signed(entity, count):
    kind, coding = "application/pkcs7-mime", "Content-Transfer-Encoding: base64"
    raw = mail(base64.encodebytes(signed(entity)), kind, coding)
    root = parse(raw).root
    assert [one.body() for one in root.children] == [b"Text"] * count
    assert parse(raw).protection == "signed" * count
    inside = multipart(part(base64.encodebytes(signed(entity)), kind, coding))
    is_mail = b"Content" in entity
    assert parse(inside).protection == "signed" * is_mail


def test_what_is_encrypted_is_more_than_signed():
    kinds = ("signed", "encrypted")
    for first, second in (kinds, kinds[::-1]):
        inner = multipart(part("a"), kind=second, head=b"", boundary="c")
        assert parse(multipart(inner, kind=first)).protection == "encrypted"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("This is a multi-part message in MIME format.", True),
        ("mime".ljust(999), True),
        ("mime".ljust(1000), False),
        ("Mehrteilige Nachricht", True),
        ("-- - . a b", True),
        ("Two windows", False),
    ],
)
def test_what_is_for_programs(text, expected):
    assert is_boilerplate(text) is expected


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("application/pdf", "attachment.pdf"),
        ("text/calendar", "invite.ics"),
        ("application/pgp-signature", "signature.asc"),
        ("application/x-none", "attachment"),
    ],
)
def test_names_of_files_that_have_none(kind, name):
    found: Part = parse(mail("x", kind)).root
    assert default_name(found) == name
