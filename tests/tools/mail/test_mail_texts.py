"""Which texts of a message are shown, and how."""

import pytest
from mail_of_parts import HEAD, PDF, mail, multipart, names, part, text_of

from lead_communications.tools.mail import message

PLAIN, HTML = part("Plain"), part("<p>Html", "text/html")
REMOTE, OWN = (part(f"<img src='{where}'>", "text/html") for where in ("//x.test/a", "cid:a"))
EMPTY = part("<p>&nbsp;", "text/html")


def shown(raw):
    return [tuple(text) for text in message.read(raw).texts]


# ---- ALTERNATIVES ----


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([PLAIN, HTML], "<p>Html"),
        ([HTML, PLAIN], "Plain"),
        ([HTML, EMPTY], "<p>Html"),
        ([PLAIN, OWN], "Plain"),
        ([OWN, PLAIN], "Plain"),
        ([OWN, REMOTE], "<img src='cid:a'>"),
        ([REMOTE, OWN], "<img src='cid:a'>"),
        ([REMOTE, EMPTY], "<img src='//x.test/a'>"),
        ([EMPTY, part(" ")], ""),
        ([part(" "), EMPTY], "<p>&nbsp;"),
        ([], ""),
        ([HTML, multipart(EMPTY, PLAIN, kind="alternative", boundary="c", head=b"")], "Plain"),
        ([multipart(OWN, PLAIN, boundary="c", head=b""), REMOTE], "<img src='cid:a'> Plain"),
    ],
)
def test_the_best_alternative_is_shown_of_equal_ones_the_last(parts, expected):
    assert text_of(multipart(*parts, kind="alternative")) == expected


def test_text_outside_of_the_alternatives_is_shown_too():
    raw = multipart(PLAIN, HTML, kind="alternative") + b"Footer of a list"
    assert text_of(raw) == "<p>Html Footer of a list"


@pytest.mark.parametrize(("length", "expected"), [(30, "Plain"), (31, "<p>")])
def test_long_html_counts_as_text(length, expected, monkeypatch):
    monkeypatch.setattr(message, "_LOOKED_AT", 10)
    monkeypatch.setattr(message, "_MOSTLY_TEXT", 30)
    html = part("<p>" + " " * (length - 3), "text/html")
    assert text_of(multipart(PLAIN, html, kind="alternative")) == expected
    late = part("<p>" + " " * 20 + "Late", "text/html")
    assert text_of(multipart(PLAIN, late, kind="alternative")) == "<p> Late"


# ---- IN ONE TEXT ----


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([part("a"), part("b")], [("plain", "a\nb")]),
        ([HTML, part("a"), part("b")], [("html", "<p>Html"), ("plain", "a\nb")]),
        ([part("a"), HTML, part("b"), part("c"), HTML],
         [("plain", "a"), ("html", "<p>Html"), ("plain", "b\nc"), ("html", "<p>Html")]),
    ],
)  # fmt: skip
def test_neighbours_in_plain_text_are_one(parts, expected):
    assert shown(multipart(*parts)) == expected


LINE = "—" * 20


def test_carried_mail_has_a_heading():
    head = b"From: Eva <eva@b.test>\nDate: Fri, 27 Nov 2026 09:02:02 +0100\nSubject: Okna\n"
    heading = (
        f"{LINE}\nFrom: Eva <eva@b.test>\nDate: Fri, 27 Nov 2026 09:02:02 +0100\nSubject: Okna"
    )
    inner = multipart(part("a"), part("b"), HTML, head=head, boundary="c")
    raw = multipart(part("See"), part(inner, "message/rfc822"), part("End"))
    assert shown(raw) == [
        ("plain", f"See\n{heading}\n\na\nb"),
        ("html", "<p>Html"),
        ("plain", "End"),
    ]
    raw = multipart(HTML, part(head + HTML, "message/rfc822"), part(b"\n" + HTML, "message/rfc822"))
    assert shown(raw)[:3] == [("html", "<p>Html"), ("plain", heading), ("html", "<p>Html")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [("<b>x</b>", [("html", "<b>x</b>")]), ("<b>x</b><br>y", [("plain", "x\ny")])],
)
def test_html_of_too_many_tags_is_shown_as_its_text(html, expected, monkeypatch):
    monkeypatch.setattr(message, "TAG_LIMIT", 2)
    assert shown(mail(html, "text/html")) == expected


def test_rtf_is_read_as_far_as_four_times_the_limit(monkeypatch):
    monkeypatch.setattr(message, "MAX_TEXT", 5)
    found = message.read(mail(r"{\rtf1 abcdefghijklmnop}", "text/rtf"))
    assert found.plain == ["abcdefghijklm"]
    assert [text.text for text in found.texts] == ["abcde"] and not found.is_whole


@pytest.mark.parametrize("other", [PDF, part(" "), EMPTY])
@pytest.mark.parametrize(("length", "is_hidden"), [(199, True), (200, False)])
def test_what_programs_read_is_hidden_if_it_is_short(length, is_hidden, other):
    note = b"This is a multi-part message in MIME format. ".ljust(length, b"x")
    raw = multipart(other).replace(b"\n\n--b", b"\n\n" + note + b"\n--b", 1)
    assert (note.decode() in text_of(raw)) is not is_hidden
    assert "many formats" in text_of(raw.replace(b"MIME format", b"many formats"))


# ---- WHAT IS A FILE ----


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ('text/plain; name="a.txt"', "Hi", ("Hi", [])),
        ('text/plain; name="a.txt"', " ", ("", ["a.txt"])),
        ('text/rtf; name="a.rtf"', r"{\rtf1 Hi}", ("Hi", [])),
        ('text/html; name="a.html"', "<p>", ("<p>", [])),
    ],
)
def test_a_text_that_is_all_of_the_message_is_shown(kind, text, expected):
    raw = mail(text, kind)
    assert (text_of(raw), names(raw)) == expected


def test_names_of_carried_mail():
    def name(given, subject):
        inner = f"From: a@b.test\nSubject: {subject}\n\nText"
        return names(multipart(part(inner, f"message/rfc822{given}")))[0]

    assert name("", "Okna:3/4 ?") == "Okna 3 4.eml"
    assert name("", "x" * 101) == "x" * 100 + ".eml"
    assert name("", "...") == "message.eml"
    assert name("; name=ForwardedMessage.eml", "Okna") == "Okna.eml"
    assert name("; name=attachment.eml", "Okna") == "Okna.eml"
    assert name("; name=other.eml", "Okna") == "other.eml"


# ---- EVENTS ----


def event(what):
    text = f"BEGIN:VEVENT\nSUMMARY:{what}\nEND:VEVENT" if what else "BEGIN:VCALENDAR"
    return part(text, "text/calendar")


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([event(name) for name in "abcdef"], "abcde"),
        ([event("a"), event("a"), event(""), event("b")], "ab"),
        ([part("BEGIN:VEVENT\nSUMMARY:a\nEND:VEVENT"), event("b")], "b"),
    ],
)
def test_five_different_events_are_told(parts, expected):
    assert "".join(event.what for event in message.read(multipart(*parts)).events) == expected


# ---- WHAT IS SAID ALREADY ----

NUMBERS = list(map(str, range(1000, 3000)))


@pytest.mark.parametrize(
    ("mine", "kind", "text", "expected"),
    [
        ("Two windows", "plain", "Two windows, please", True),
        ("Two windows", "plain", "windows: Two!", True),
        ("Two windows", "plain", "Two doors", False),
        ("Two a windows", "plain", "Two windows", True),
        ("<p class='big'>Two", "html", "Two", True),
        ("<p>Two", "html", "p", False),
        ("ok " * 20_000 + "no", "plain", "ok " * 33_333 + " ", False),
        ("ok " * 20_000 + "no", "plain", "ok " * 33_333 + "  ", True),
        ("ok " * 16_665 + "no", "plain", "ok " * 33_333 + "  ", False),
        ("ok", "plain", " " * 99_998 + "ok", True),
        ("ok", "plain", " " * 99_999 + "ok", False),
        (" ".join(NUMBERS) + " no", "plain", "".join(NUMBERS), True),
        (" ".join(NUMBERS[1:]) + " no", "plain", "".join(NUMBERS), False),
    ],
    ids=range(13),
)  # fmt: skip
def test_whether_a_text_says_all_of_it(mine, kind, text, expected):
    assert message.read(mail(mine, f"text/{kind}")).is_said_by(text) is expected


def test_all_texts_are_compared():
    raw = HEAD + multipart(part("Two"), HTML, head=b"")
    assert message.read(raw).is_said_by("Two Html")
    assert not message.read(raw).is_said_by("Html")
