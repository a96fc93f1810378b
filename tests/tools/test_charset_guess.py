"""What makes a charset likely, sign by sign."""

import pytest

from lead_communications.tools import charset_guess
from lead_communications.tools.charset_guess import guess, wide

# Rows of the tables, as the standards have them: the first byte, a second one, and how frequent the
# characters in it are in texts.
ROWS = {
    "gb18030": [
        *((0xB0, 0xA0, -0.5), (0xB0, 0xA1, 0.9), (0xA1, 0xA1, 0.7), (0xA8, 0xA1, 0.7)),
        *((0xA9, 0xA1, 0.0), (0xAF, 0xA1, 0.0), (0xD7, 0xA1, 0.9), (0xD8, 0xA1, 0.2)),
        *((0xF7, 0xA1, 0.2), (0xF8, 0xA1, 0.0)),
    ],
    "big5": [
        *((0xA0, 0x40, -1), (0xA1, 0x40, 0.7), (0xA2, 0x40, 0.7), (0xA3, 0x40, 0.7)),
        *((0xA4, 0x40, 0.9), (0xC6, 0x40, 0.9), (0xC7, 0x40, -1), (0xC8, 0x40, -1)),
        *((0xC9, 0x40, 0.0), (0xF9, 0x40, 0.0), (0xFA, 0x40, -1)),
    ],
    "cp932": [
        *((0x81, 0x40, 1.0), (0x82, 0x9E, -0.2), (0x82, 0x9F, 1.1), (0x83, 0x40, 1.0)),
        *((0x84, 0x40, 1.0), (0x85, 0x40, -0.2), (0x87, 0x40, -0.2), (0x88, 0x40, 0.8)),
        *((0x97, 0x40, 0.8), (0x98, 0x40, 0.0), (0x9F, 0x40, 0.0), (0xA0, 0x40, -0.5)),
        *((0xDF, 0x40, -0.5), (0xE0, 0x40, 0.0), (0xEA, 0x40, 0.0), (0xEB, 0x40, -0.2)),
    ],
    "euc_jp": [
        *((0xA4, 0xA0, -1), (0xA4, 0xA1, 1.1), (0xA1, 0xA1, 1.0), (0xA3, 0xA1, 1.0)),
        *((0xA5, 0xA1, 1.0), (0xA7, 0xA1, 1.0), (0xA2, 0xA1, -0.5), (0xAF, 0xA1, -0.5)),
        *((0xB0, 0xA1, 0.8), (0xCF, 0xA1, 0.8), (0xD0, 0xA1, 0.1), (0xF4, 0xA1, 0.1)),
        *((0xF5, 0xA1, -0.5),),
    ],
    "cp949": [
        *((0xA0, 0xA1, 0.0), (0xB0, 0xA0, 0.0), (0xA1, 0xA1, 0.7), (0xAC, 0xA1, 0.7)),
        *((0xAD, 0xA1, -0.5), (0xAF, 0xA1, -0.5), (0xB0, 0xA1, 1.0), (0xC8, 0xA1, 1.0)),
        *((0xC9, 0xA1, -0.5),),
    ],
}


@pytest.mark.parametrize("name", ROWS)
def test_frequent_rows(name):
    weigh = charset_guess._WEIGHTS[name]
    assert [(*row[:2], weigh(*row[:2])) for row in ROWS[name]] == ROWS[name]


@pytest.mark.parametrize(
    ("data", "name", "score"),
    [
        ("窗户".encode("gbk"), "gb18030", 0.9),
        ("窗户".encode("gbk") + b"\xb4", "gb18030", (2 * 0.9 - 0.5) / 3),
        ("窗".encode("gbk") + b"\x81\x30\x81\x30", "gb18030", 0.9),
        ("窗".encode("gbk") + b"a b", "gb18030", 0.9),
        ("窗".encode("gbk") + b"ab", "gb18030", 0.9 - 0.4),
        (b"a" + "窗".encode("gbk"), "gb18030", 0.9 - 0.4),
        (b"\x80abc", "gb18030", -1),
        ("창문".encode("cp949"), "cp949", 1.0),
        ("창문".encode("cp949")[:-1], "cp949", (1 - 0.5) / 2),
        (b"\xffabc", "cp949", -1),
        (b"\xffab", "cp949", -0.5),
        (b"plain", "cp949", 0.0),
        ("お窓".encode("cp932"), "cp932", (1.1 + 0.8) / 2),
    ],
)
def test_score_of_asian_text(data, name, score):
    assert charset_guess._asian_score(data, name) == pytest.approx(score)


LATIN = {"de": "üäöß"}


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("plain", 0),
        ("Tür", 1),
        ("Tür Käse", (1 + 0.95) / 2),
        ("TÜR", 1),
        ("tÜr", 1 - 1),
        ("Té", -1),
        ("Tür é", 0),
        ("5 €", 0.8),
        ("Tür €", (1 + 0.8) / 2),
        ("a€b", 0.8 - 2),
        ("a’b", 0.8),
        ("a€ b", 0.8),
        ("5¦", -1),
        ("Tür\x7f", 1 - 5),
        ("\xad", 0.8),
    ],
)
def test_score_of_a_text(text, score):
    found = charset_guess._score(text.encode("cp1252"), "cp1252", LATIN)
    assert found == pytest.approx(score)


@pytest.mark.parametrize("letter", "\u0e31\u0e3f\u0e4e")
def test_signs_of_thai_are_letters(letter):
    assert charset_guess._score(letter.encode("cp874"), "cp874", {"th": letter}) == 1


def test_bytes_that_have_no_meaning_in_a_charset():
    assert charset_guess._score(b"\x90", "cp1252", LATIN) == -1


@pytest.mark.parametrize(
    ("text", "name", "score"),
    [
        ("окно", "cp1251", 0.95),
        ("окноa", "cp1251", 0.95 - 1 / 4),
        ("aокно", "cp1251", 0.95 - 1 / 4),
        ("оaо", "cp1251", 1 - 2 / 2),
        ("о1о", "cp1251", 1),
        ("оКо", "cp1251", (3 - 0.2 / 3 - 1) / 3),
        ("окно", "cp866", 0.95 - 0.1),
    ],
)
def test_alphabets_are_not_mixed_in_a_word(text, name, score):
    found = charset_guess._score(text.encode(name), name, {"ru": "окн"})
    assert found == pytest.approx(score)


@pytest.mark.parametrize(
    ("letters", "alphabet", "total"),
    [
        ({"a": 2, "b": 1}, "ab", 2 + 0.9),
        ({"a": 1, "x": 3}, "ab", 1 - 3),
        ({"u": 1}, "abcdefghijklmnopqrstu", 1 - 20 * 0.5 / 21),
        ({"t": 1}, "abcdefghijklmnopqrst", 1 - 19 * 0.2 / 20),
        ({}, "a", 0),
    ],
)
def test_frequent_letters_count_for_more(letters, alphabet, total):
    assert charset_guess._fit(letters, alphabet) == pytest.approx(total)


@pytest.mark.parametrize(
    ("data", "hint", "name"),
    [
        ("Zażółć gęślą jaźń".encode("cp1250"), "", "cp1250"),
        ("窗户多少钱".encode("gbk"), "", "gb18030"),
        (b"plain", "", ""),
        (b"a" * 5000 + " Przesyłka".encode("cp1250"), "", "cp1250"),
        ("Gyűrű".encode("cp1250"), "cp1250", "cp1250"),
    ],
)
def test_guess(data, hint, name):
    assert guess(data, hint) == name


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("Zażółć".encode("utf-16-le"), "utf-16-le"),
        ("Zażółć".encode("utf-16-be"), "utf-16-be"),
        ("Zażółć".encode("utf-32-le"), "utf-32-le"),
        ("Zażółć".encode("utf-32-be"), "utf-32-be"),
        ("窓を二枚".encode("utf-16-le"), "utf-16-le"),
        ("Ża".encode("utf-16-le") + b"x", "utf-16-le"),
        ("Żab".encode("utf-16-le") + b"x", "utf-16-le"),
        (b"a\0", "utf-16-le"),
        (b"a\0x", "utf-16-le"),
        (b"a", ""),
        (b"", ""),
        (("1" * 9 + "\ue000").encode("utf-16-le"), ""),
        (("1" * 11 + "\ue000").encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_wide_characters(data, name):
    assert wide(data) == name
