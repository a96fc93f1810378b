"""Outlook's own format, by the values that are in it."""

import struct

import pytest
from outlook_mail import MANY, attribute, properties, rtf, tnef_file, winmail

from lead_communications.tools.mail import tnef
from lead_communications.tools.mail.rtf import html_of_rtf, text_of_rtf, unpack_rtf
from lead_communications.tools.mail.tnef import unpack

TEXT, HTML, RTF, PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE
BYTES, UNICODE, BINARY, NUMBER = 0x1E, 0x1F, 0x102, 3
HI = (TEXT, BYTES, b"Hi\0")
BODY = 0x2800C


def of_message(*values, **options):
    return attribute(1, 0x69003, properties(*values, **options))


def pieces(*attributes, limit=1_000_000, **options):
    return [tuple(piece) for piece in unpack(winmail(*attributes, **options), limit)]


def text(*attributes, **options):
    """Return the text of the message, "" if it has none."""
    found = pieces(*attributes, **options)
    assert [piece[:2] for piece in found] in ([], [("text/plain", "")])
    return "".join(piece[2].decode() for piece in found)


# ---- THE MESSAGE ----


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ([attribute(1, BODY, b"Hi\0")], "Hi"),
        ([attribute(1, BODY, b"Hi"), of_message((TEXT, UNICODE, "Żó".encode("utf-16-le")))], "Żó"),
        ([of_message(HI), attribute(1, BODY, b"No")], "Hi"),
        ([of_message((TEXT, BYTES, b"No")), of_message(HI)], "Hi"),
        ([attribute(2, BODY, b"No")], ""),
        ([attribute(2, 0x69003, properties(HI))], ""),
        ([attribute(1, 0x69005, properties(HI))], ""),
        ([of_message((TEXT, BYTES, b"\r\n \0"))], ""),
        ([of_message((TEXT, BYTES, b" \0"), (RTF, BINARY, rtf(rb"{\rtf1 Hi}")))], "Hi"),
        ([of_message(HI, (RTF, BINARY, rtf(rb"{\rtf1 No}")))], "Hi"),
        ([of_message(HI, (RTF, BINARY, b"no RTF"))], "Hi"),
        ([of_message(HI, (RTF, BINARY, rtf(rb"{\rtf1\fromhtml1 No}")), count=1)], "Hi"),
    ],
)
def test_text_of_the_message(attributes, expected):
    assert text(*attributes) == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([(HTML, BINARY, b"<p>\0")], (b"<p>", "cp1250")),
        ([(HTML, UNICODE, b"<\0p\0>\0\0\0")], (b"<\0p\0>", "utf-16-le")),
        ([(HTML, BYTES, b"<p>"), (PAGE, NUMBER, struct.pack("<I", 65001))], (b"<p>", "cp65001")),
        ([(HTML, BYTES, b"<p>"), (PAGE, 20, struct.pack("<II", 1251, 7))], (b"<p>", "cp1251")),
        ([(HTML, BYTES, b"<p>"), (PAGE, NUMBER, struct.pack("<I", 0))], (b"<p>", "cp1250")),
        ([HI, (HTML, BYTES, b"<p>"), (RTF, BINARY, rtf(b"x"))], (b"<p>", "cp1250")),
        ([HI, (RTF, BINARY, rtf(rb"{\rtf1\fromhtml1 {\*\htmltag1 <p>}"))], (b"<p>", "utf-8")),
    ],
)
def test_html_of_the_message_and_its_charset(values, expected):
    assert pieces(of_message(*values)) == [("text/html", "", *expected, "")]


@pytest.mark.parametrize(
    ("page", "expected"),
    [(struct.pack("<I", 1251), "а"), (struct.pack("<II", 1251, 1250), "а"), (b"\xe3\4\0", "ŕ")],
    ids=["four bytes", "eight bytes", "too short"],
)
def test_code_page(page, expected):
    assert text(attribute(1, 0x69007, page), attribute(1, BODY, b"\xe0")) == expected


# ---- ATTRIBUTES ----


def test_what_is_cut_off():
    whole = winmail(attribute(1, BODY, b"Hello"))
    assert unpack(whole[:-2], 9)[0].content == b"Hello", "the sum of the bytes does not count"
    with pytest.raises(ValueError, match="Cut off"):
        unpack(whole[:-3], 9)
    empty = winmail(attribute(2, 0x69002, b""))
    assert len(unpack(empty, 9)) == 1
    assert unpack(empty[:-1], 9) == [], "too short for an attribute"


@pytest.mark.parametrize("count", [19_998, 19_999])
def test_19999_attributes_are_read(count):
    many = attribute(1, 1, b"") * (count - 1)
    if count < 19_999:
        assert text(many, attribute(1, BODY, b"Hi")) == "Hi"
    else:
        with pytest.raises(ValueError, match="attributes"):
            text(many, attribute(1, BODY, b"Hi"))


def test_all_together_have_a_limit():
    both = (attribute(1, BODY, b"12345"), tnef_file(b"a", b"12345"))
    assert len(pieces(*both, limit=10)) == 2
    with pytest.raises(ValueError, match="large"):
        pieces(*both, limit=9)


@pytest.mark.parametrize("data", [b"", b"PK\3\4", winmail()[1:]])
def test_another_format(data):
    with pytest.raises(ValueError, match="No TNEF"):
        unpack(data, 9)


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("application/ms-tnef", "", True),
        ("application/vnd.ms-tnef", "a", True),
        ("application/octet-stream", "WinMail.dat", True),
        ("application/octet-stream", "win.dat", True),
        ("application/octet-stream", "a.dat", False),
    ],
)
def test_what_may_be_one(kind, name, expected):
    assert tnef.may_be(kind, name) is expected


# ---- PROPERTIES ----

SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}


@pytest.mark.parametrize(
    "before",
    [
        *[(1, kind, b"\xff" * size) for kind, size in SIZES.items()],
        *[(1, kind | MANY, [b"\xff" * size] * 3) for kind, size in SIZES.items()],
        *[(1, kind, b"\xff" * size) for kind in (0x1E, 0x1F, 0x0D, 0x102) for size in range(5)],
        (1, BYTES | MANY, [b"abc", b"defgh", b""]),
        (1, BYTES | MANY, []),
        ((0x8000, bytes(20) + struct.pack("<I", 7)), NUMBER, b"1234"),
        ((0xFFFF, bytes(16) + b"\1\0\0\0\6\0\0\0a\0b\0c\0\0\0"), NUMBER, b"1234"),
        (0x7FFF, NUMBER, b"1234"),
    ],
    ids=str,
)
def test_any_property_is_passed_over(before):
    assert text(of_message(before, HI)) == "Hi"


@pytest.mark.parametrize("kind", [0, 1, 8, 9, 12, 21, 63, 65, 71, 73])
def test_reading_ends_at_a_property_of_an_unknown_type(kind):
    unknown = (1, kind, b"1234")
    assert text(of_message(unknown, HI)) == ""
    assert text(of_message(HI, unknown, (TEXT, BYTES, b"No"))) == "Hi"


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([(TEXT, BYTES | MANY, [b"Hi", b"No"])], "Hi"),
        ([HI, (TEXT, BYTES, b"No")], "Hi"),
        ([(TEXT, UNICODE | MANY, [b"H\0i\0"])], "Hi"),
    ],
)
def test_the_first_value_counts(values, expected):
    assert text(of_message(*values)) == expected


def test_what_was_read_before_the_end_is_kept():
    block = properties(HI, HI, HI)
    for cut in range(4, len(block)):
        found = text(attribute(1, 0x69003, block[:cut]))
        assert found == "Hi"[: max(cut - 16, 0)]
    assert text(of_message(HI, count=9)) == "Hi"
    assert text(of_message((1, NUMBER, b"1234"), HI, count=1)) == ""


@pytest.mark.parametrize(("count", "expected"), [(19_999, "Hi"), (20_000, "")])
def test_20000_properties_are_read(count, expected):
    assert text(of_message(*[(1, NUMBER, b"1234")] * count, HI)) == expected


@pytest.mark.parametrize(("count", "expected"), [(20_000, "Hi"), (20_001, "")])
def test_20000_values_of_a_property_are_read(count, expected):
    assert text(of_message((1, NUMBER | MANY, [bytes(4)] * count), HI)) == expected


# ---- FILES ----

LONG, DISPLAY, SHORT = ((name, BYTES, value) for name, value in (
    (0x3707, b"long.pdf\0"), (0x3001, b"display.pdf"), (0x3704, b"SHORT.PDF"),
))  # fmt: skip
OBJECT = 0x3701
NEW_FILE = attribute(2, 0x69002, b"")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([SHORT, DISPLAY, LONG], ("application/octet-stream", "long.pdf", "")),
        ([SHORT, DISPLAY], ("application/octet-stream", "display.pdf", "")),
        ([SHORT], ("application/octet-stream", "SHORT.PDF", "")),
        ([(0x3707, BYTES, b"\0"), SHORT], ("application/octet-stream", "SHORT.PDF", "")),
        ([(0x3703, BYTES, b".pdf")], ("application/octet-stream", "title", "")),
        ([(0x370E, BYTES, b"Text/CSV\0")], ("text/csv", "title", "")),
        ([(0x370E, BYTES, b"text/x;y")], ("application/octet-stream", "title", "")),
        ([(0x3712, BYTES, b"<a@b>")], ("application/octet-stream", "title", "a@b")),
        ([(0x3712, UNICODE, b"a\0b\0\0\0")], ("application/octet-stream", "title", "ab")),
        ([(OBJECT, BINARY, b"No")], ("application/octet-stream", "title", "")),
    ],
)
def test_name_type_and_id_of_a_file(values, expected):
    kind, name, cid = expected
    assert pieces(tnef_file(b"title\0", b"data", *values)) == [(kind, name, b"data", "", cid)]


def test_content_and_name_that_are_nowhere_else():
    files = NEW_FILE + NEW_FILE + attribute(2, 0x69005, properties((OBJECT, BINARY, b"data")))
    assert [piece[1:3] for piece in pieces(files)] == [
        ("attachment-1", b""),
        ("attachment-2", b"data"),
    ]


def test_what_belongs_to_no_file_is_left_out():
    loose = [(2, 0x18010, b"a"), (2, 0x6800F, b"b"), (2, 0x69005, properties(LONG))]
    assert pieces(*[attribute(*one) for one in loose]) == []
    of_others = [(1, name, value) for _level, name, value in loose]
    found = pieces(NEW_FILE, *[attribute(*one) for one in of_others])
    assert [piece[1:3] for piece in found] == [("attachment-1", b"")]


def carried(inner, *names):
    return NEW_FILE + attribute(
        2, 0x69005, properties((OBJECT, BINARY, b"\7" * 16 + inner), *names)
    )


def test_an_email_in_it_is_its_text_and_its_files():
    inner = winmail(attribute(1, BODY, b"Hi"), tnef_file(b"a.pdf", b"data"))
    found = [piece[1:3] for piece in pieces(carried(inner, (0x3001, BYTES, b"Offer")))]
    assert found == [("Offer.txt", b"Hi"), ("a.pdf", b"data")]
    html = winmail(of_message((HTML, BYTES, b"<p>")))
    assert [piece[1:3] for piece in pieces(carried(html))] == [("message.html", b"<p>")]


def test_three_levels_of_emails_are_opened():
    block = winmail(attribute(1, BODY, b"Hi"))
    for level in range(4):
        (piece,) = unpack(block, 9_999)
        assert piece.content == b"Hi", level
        block = winmail(carried(block))
    (piece,) = unpack(block, 9_999)
    assert (piece.name, piece.content[:4]) == ("attachment-1", b"\7" * 4)


# ---- PACKED RTF ----


def test_rtf_that_is_packed():
    # the example of MS-OXRTFCP
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af320"
        "68656c090020627705b06c647d0a800fa0"
    )
    assert (
        unpack_rtf(packed)
        == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"  # codespell:ignore pard
    )


START = 207  # characters are known before the first


def packed(*items, size=1_000_000):
    """Pack bytes, and pairs of where they stood before and how many of them there are."""
    data = b""
    for at in range(0, len(items), 8):
        some = items[at : at + 8]
        data += bytes([sum(1 << bit for bit, one in enumerate(some) if isinstance(one, tuple))])
        for one in some:
            pair = one[0] << 4 | one[1] - 2 if isinstance(one, tuple) else 0
            data += struct.pack(">H", pair) if isinstance(one, tuple) else bytes([one])
    return struct.pack("<IIII", len(data) + 12, size, 0x75465A4C, 0) + data


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        (b"abc", b"abc"),
        ([(0, 17)], rb"{\rtf1\ansi\mac\d"),
        ([(2, 2), *b"ab", (START + 2, 3), (START, 2)], b"rtababart"),
        ([*b"a", (START, 9)], b"a" * 10),
        ([(206, 3)], b"xxx"),
        ([*b"x" * 3889, *b"ab", (4095, 3)], b"x" * 3889 + b"abxab"),
        ([*b"x" * 3886, (START, 4), *b"ab", (4095, 4)], b"x" * 3890 + b"abxxab"),
        ([*b"a", (START + 1, 2), *b"b"], b"a"),
        ([*b"a" * 12, (START + 12, 2), *b"b"], b"a" * 12),
        ([*bytes(range(256)) * 20, (100, 5)], bytes(range(256)) * 20 + bytes(range(149, 154))),
    ],
)
def test_packed_rtf(items, expected):
    assert unpack_rtf(packed(*items)) == expected


def test_packed_rtf_that_breaks_off():
    block = packed(*b"abcdefghij", (START, 4), *b"kl")
    whole = b"abcdefghijabcdkl"
    lengths = []
    for cut in range(16, len(block) + 1):
        found = unpack_rtf(block[:cut])
        assert whole.startswith(found)
        lengths.append(len(found))
    assert lengths == [0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 10, 10, 14, 15, 16]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (packed(*b"a" * 16, size=8), b"a" * 8),
        (packed(*b"a" * 16, size=9), b"a" * 16),
        (rtf(b"a" * 9)[:-3], b"a" * 6),
        (rtf(b"abc") + b"more", b"abc"),
        (rtf(b"")[:15], b""),
        (rtf(b""), b""),
        (bytes(8) + b"LZFv" + b"abcdefgh", b""),
        (b"", b""),
    ],
)
def test_size_that_is_told(data, expected):
    assert unpack_rtf(data) == expected


def test_rtf_has_5000000_bytes_at_most():
    assert len(unpack_rtf(rtf(b"a" * 5_000_001))) == 5_000_000
    assert len(unpack_rtf(packed(*[(START - 1, 17)] * 16), limit=100)) == 8 * 17


# ---- RTF ----


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (rb"a\b b\b0  c", "ab c"),
        (b"a\r\nb", "ab"),
        (rb"a\par b\line c\tab d\row e\cell f", "a\nb\nc\td\ne\tf"),
        (rb"\lquote a\rquote \ldblquote b\rdblquote \emdash \endash \bullet", "‘a’“b”—–•"),
        (rb"a\~b\_c\-d\\e\{f\}g", "a\xa0b-cd\\e{f}g"),
        (rb"5\'80", "5€"),
        (rb"\ansicpg1250\'b9", "ą"),
        (rb"\ansicpg\'b9", "¹"),
        (rb"\u261?x", "ąx"),
        (rb"\u261 ?x", "ąx"),
        (rb"\u261?x{yz}", "ąxyz"),
        (rb"\u261\'b9x", "ąx"),
        (rb"\uc2\u261??x", "ąx"),
        (rb"\uc2\u261\'b9?x", "ąx"),
        (rb"\uc0\u261 x", "ąx"),
        (rb"\uc\u261?x", "ąx"),
        (rb"\u?x", "?x"),
        (rb"{\uc2\u261??}\u261?x", "ąąx"),
        (rb"\uc99\u261 0123456789x", "ąx"),
        (rb"\u-3913?", "\uf0b7"),
        (rb"\u65536?", ""),
        (rb"\u-10179?\u-8704?", "😀"),
        (rb"\u-10179?x", "\ufffdx"),
        (rb"\u261\par ?x", "ą\nx"),
        (rb"{\info no}a{\*\x no{\b no}\par\u261?\'b9\~no}b", "ab"),
        (rb"{\pict no}{\header no\tab}{\stylesheet{\s1 no;}}a", "a"),
        (rb"a}b}c", "abc"),
        (rb"{\*\mhtmltag no}{\mhtmltag no}a", "a"),
        (rb"\htmltag a\htmlrtf b", "ab"),
        (rb"\'b9\'zz", "¹zz"),
        (b"\x82\xa0", "‚\xa0"),
    ],
)
def test_text_of_rtf(source, expected):
    assert text_of_rtf(rb"{\rtf1 " + source + b"}") == expected


FONTS = (
    rb"{\fonttbl{\f0\fcharset0 A;}{\f1\fcharset238{\*\panose 0}B;}{\f2\fcharset204 C;}"
    rb"{\f3\fcharset7 D;}}"
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (rb"\f1\'b9\f2\'e0\f0\'b9", "ąа¹"),
        (rb"{\f2\'e0{\'e0}}\'e0", "ааà"),
        (rb"\f2\f3\'e0", "à"),
        (rb"\f2\f9\'e0", "à"),
        (rb"\f2\f\'e0", "а"),
        (rb"\f2\fcharset238\'e0", "а"),
        (rb"\ansicpg1250\f3\'b9\f2\'e0", "ąа"),
    ],
)
def test_charset_of_the_font(source, expected):
    assert text_of_rtf(rb"{\rtf1" + FONTS + source + b"}") == expected


def test_charset_of_a_font_outside_of_the_table():
    assert text_of_rtf(rb"{\rtf1\f0\fcharset204" + FONTS[:-1] + rb"}\f0\'e0}") == "à"


@pytest.mark.parametrize(
    ("number", "codec", "letter"),
    [
        *((0, "cp1252", "é"), (128, "cp932", "窓"), (129, "cp949", "창"), (134, "gb18030", "窗")),
        *((136, "big5", "窗"), (161, "cp1253", "ώ"), (162, "cp1254", "ğ"), (163, "cp1258", "ơ")),
        *((177, "cp1255", "ש"), (178, "cp1256", "ن"), (186, "cp1257", "ė"), (204, "cp1251", "ж")),
        *((222, "cp874", "ห"), (238, "cp1250", "ł")),
    ],
)
def test_charsets_of_fonts(number, codec, letter):
    source = rb"{\rtf1\ansicpg10000{\fonttbl{\f5\fcharset%d X;}}\f5 %s}"
    code = "".join(f"\\'{byte:02x}" for byte in letter.encode(codec)).encode()
    assert text_of_rtf(source % (number, code)) == letter


def test_html_of_rtf():
    head = rb"{\rtf1\fromhtml1 "
    body = rb"{\*\htmltag1 <p>}\htmlrtf no\htmlrtf0 Hi{\*\mhtmltag2 no}{\*\htmltag3 </p>}"
    assert html_of_rtf(head + body + b"}") == "<p>Hi</p>"
    assert html_of_rtf(rb"{\rtf1 " + body + b"}") == ""
    for length, expected in ((1985, "Hi"), (1986, "")):
        assert html_of_rtf(b"{\\rtf1" + b" " * length + rb"\fromhtml1 Hi}").strip() == expected


@pytest.mark.parametrize(("depth", "expected"), [(10_000, "a"), (10_001, "")])
def test_rtf_of_10000_levels_is_read(depth, expected):
    assert text_of_rtf(b"{" * depth + b"a") == expected


def test_a_zero_at_the_end_is_no_text():
    assert text_of_rtf(b"{a}\0") == "a"
