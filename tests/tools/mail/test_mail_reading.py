import base64
import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail import headers as mail_headers
from lead_communications.tools.mail.counterpart import find
from lead_communications.tools.mail.junk import Signs
from lead_communications.tools.mail.reading import JUNK_REASONS, Party, Reading, read
from lead_communications.tools.mail.subject import clean_text

JAN = Party("Jan Nowak", "jan@customer.test")


def headers(**values):
    lines = (f"{name.replace('_', '-')}: {value}" for name, value in values.items())
    return ("\r\n".join(lines) + "\r\n\r\nText\r\n").encode()


def test_a_mail():
    reading = read(
        headers(
            From="Jan Nowak <Jan@Customer.test>",
            To="Sales <sales@company.test>, anna@other.test",
            Cc='"Kowalska, Ewa" <ewa@other.test>, ANNA@other.test',
            Subject="Odp: FW:  Windows  for a House",
            References="<1@company.test>\r\n <2@customer.test>",
            In_Reply_To="<2@customer.test>",
        )
    )
    assert reading == Reading(
        sender=JAN,
        reply_to=None,
        forwarded=None,
        recipients=(
            Party("Sales", "sales@company.test"),
            Party("", "anna@other.test"),
            Party("Kowalska, Ewa", "ewa@other.test"),
        ),
        signs=Signs(),
        references=("<1@company.test>", "<2@customer.test>"),
        thread_subject="windows for a house",
        is_reply=True,
    )


def test_nothing():
    for raw in (b"", b"\r\n\r\n", b"Text without any header", b"\x00" * 100, b":::\n:\n\n"):
        assert read(raw) == Reading(None, None, None, (), Signs(), (), "", False)


def test_lines_before_the_headers():
    assert read(b"\r\n\n" + headers(From="jan@customer.test")).sender.address == JAN.address


SENDERS = {
    "Jan Nowak <jan@customer.test>": JAN,
    "<jan@customer.test>": Party("", "jan@customer.test"),
    "jan@customer.test": Party("", "jan@customer.test"),
    '"jan.k"@customer.test': Party("", "jan.k@customer.test"),
    'Jan Nowak <"jan"@customer.test>': JAN,
    'Jan <"jan k"@customer.test>': Party("Jan", ""),
    "jan@customer.test (Jan Nowak)": JAN,
    "jan@customer.test <jan@customer.test>": Party("", "jan@customer.test"),
    "'Jan Nowak' <jan@customer.test>": JAN,
    '"Jan \\"Nowak\\"" <jan@customer.test>': Party('Jan "Nowak', "jan@customer.test"),
    '"Nowak, Jan" <jan@customer.test>': Party("Nowak, Jan", "jan@customer.test"),
    "Nowak, Jan <jan@customer.test>": Party("Nowak, Jan", "jan@customer.test"),
    "Jan @ Nowak & Co <jan@customer.test>": Party("Jan @ Nowak & Co", "jan@customer.test"),
    "Jan [Nowak] <jan@customer.test>": Party("Jan [Nowak]", "jan@customer.test"),
    "Jan Nowak <mailto:jan@customer.test>": JAN,
    "Jan Nowak jan@customer.test": JAN,
    "Jan Nowak < jan@customer.test >": JAN,
    "Jan Nowak <jan@customer.test": JAN,
    "Jan (boss) Nowak <jan@customer.test>, anna@other.test": JAN,
    "=?utf-8?q?Jan_Nowak?= <jan@customer.test>": JAN,
    "=?UTF-8?B?SmFuIE5vd2Fr?= <jan@customer.test>": JAN,
    '"=?utf-8?q?Jan_Nowak?=" <jan@customer.test>': JAN,
    "=?utf-8?q?Jan_Nowak_=3Cjan=40customer=2Etest=3E?=": JAN,
    "=?utf-8?b?xbvDs8WC?=\r\n =?utf-8?b?xIc=?= <z@x.test>": Party("Żółć", "z@x.test"),
    # one character cut in two by the words
    "=?utf-8?q?=C5?= =?utf-8?q?=BB?= <z@x.test>": Party("Ż", "z@x.test"),
    "=?iso-8859-2?q?=AF=F3=B3=E6?= <z@x.test>": Party("Żółć", "z@x.test"),
    "=?utf-8*pl?q?=C5=BB?= <z@x.test>": Party("Ż", "z@x.test"),
    "Żółć <z@x.test>": Party("Żółć", "z@x.test"),
    "=?nonsense?q?Jan_Nowak?= <jan@customer.test>": JAN,
    "=?rot13?q?Jan_Nowak?= <jan@customer.test>": JAN,
    "=?utf-8?b?!?= <jan@customer.test>": Party("", "jan@customer.test"),
    "=?utf-8?x?abc?= <jan@customer.test>": Party("=?utf-8?x?abc?=", "jan@customer.test"),
    "=?utf-7?q?+2AA-Jan_Nowak?= <jan@customer.test>": JAN,
    "Jan\u202e\u200b Nowak\x00 <jan@customer.test>": JAN,
    "jan@żółć.test": Party("", "jan@żółć.test"),
    "Jan@BÜCHER.test": Party("", "jan@bücher.test"),
    "Sales <sales>, Jan Nowak <jan@customer.test>": JAN,
    "Jan Nowak (jan@customer.test)": Party("Jan Nowak", ""),
    "MAILER-DAEMON": Party("MAILER-DAEMON", ""),
    "Jan Nowak <>": Party("Jan Nowak", ""),
    "Jan Nowak <jan at customer.test>": Party("Jan Nowak", ""),
    "": None,
    "<>": None,
    ",;,;": None,
    "undisclosed-recipients:;": Party("undisclosed-recipients:", ""),
}


@pytest.mark.parametrize("value", SENDERS)
def test_sender(value):
    assert read(headers(From=value)).sender == SENDERS[value]


def test_encoded_words_and_what_is_between():
    assert mail_headers.decode_words("a =?utf-8?q?b?= =?utf-8?q?c?= d") == "a bc d"
    assert mail_headers.decode_words("a =?utf-8?q?b?= =?cp1250?q?=9C?=") == "a bś"
    assert mail_headers.decode_words("=?utf-8?q?b?= x =?utf-8?q?c?=") == "b x c"


def test_headers_are_cut():
    value = b"a" * 32_768
    assert mail_headers.Headers(b"To: " + value + b"bc").raw("to") == value
    assert mail_headers.Headers(b"To: bc" + value).raw_end("to") == value
    assert mail_headers.Headers(b"To: bc").raw_end("to") == b"bc"
    assert mail_headers.Headers(b"X: a\n" * 100_000).body == 262_144


def test_values_for_machines_and_people_are_cut():
    long = mail_headers.Headers(
        b"X-A: " + b"A" * 2001 + b"\nX-B: " + b"b" * 1001 + b"\nX-C: c" + b"\x01" * 3998 + b"de"
    )
    assert long.value("x-a") == "a" * 2000
    assert long.text("x-b") == "b" * 1000
    assert long.text("x-c") == "c d"
    kind = mail_headers.Headers(b"Content-Type: text/plain; name=" + b"a" * 2000).content_type()
    assert kind == ("text/plain", {"name": "a" * 1983})


@pytest.mark.parametrize(
    ("head", "kind", "parameters"),
    [
        (b'Content-Type: Text/HTML; Charset="UTF-8"; Format=Flowed', "text/html", "UTF-8 Flowed"),
        (b"Content-Type: text/html;charset=a;charset=b;format=c", "text/html", "a c"),
        (b"Content-Type: ; charset=a;format=b", "text/plain", "a b"),
        (b"X: y", "text/plain", ""),
    ],
)
def test_content_type(head, kind, parameters):
    found, values = mail_headers.Headers(head).content_type()
    assert (found, " ".join(values[name] for name in sorted(values))) == (kind, parameters)


def test_a_part_may_begin_with_its_body():
    part = mail_headers.Headers(b"\r\nSubject: x\r\n\r\nText")
    assert (part.body, "subject" in part) == (2, False)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("Żółw".encode(), "Żółw"),
        ("Żó".encode()[:-1], "Ż\ufffd"),
        ("Ż😀".encode()[:-1], "Ż\ufffd"),
        (b"Ol\xe9", "Olé"),
        (b"\xc3\xa9t\xe9s e", "étés e"),
    ],
    ids=[
        "UTF-8",
        "a character cut after one byte",
        "a character cut after three bytes",
        "Western European to the last letter",
        "two charsets",
    ],
)
def test_text_without_a_charset(data, text):
    assert mail_headers.to_text(data) == text


@pytest.mark.parametrize(
    ("encoded", "data"),
    [
        (b"QUJD", b"ABC"),
        (b"QUI=", b"AB"),
        (b"QUI", b"AB"),
        (b"QQ", b"A"),
        (b"QUJDR", b"ABC"),
        (b"Q!U\r\nJ D", b"ABC"),
        (b"Q", b""),
    ],
)
def test_base64_that_is_cut_or_soiled(encoded, data):
    assert mail_headers.decode_transfer(encoded, "base64") == data


REPLY_TO = {
    "another person": ("anna@other.test", {}, "anna@other.test"),
    "with a name": ("Anna <Anna@Other.test>", {}, "anna@other.test"),
    "the sender": ("Jan <JAN@customer.test>", {}, None),
    "the sender and another": ("jan@customer.test, anna@other.test", {}, "anna@other.test"),
    "nobody": ("no-reply@customer.test", {}, None),
    "nobody and somebody": ("noreply@customer.test, anna@other.test", {}, "anna@other.test"),
    "an answering machine": ("jan.autoreply@customer.test", {}, None),
    "no address": ("Anna", {}, None),
    "empty": ("", {}, None),
    "the recipient": ("sales@company.test", {}, None),
    "a recipient of a copy": ("anna@other.test", {"Cc": "anna@other.test"}, "anna@other.test"),
    "a list by List-Post": (
        "list@lists.test",
        {"List_Post": "<mailto:list@lists.test>"},
        None,
    ),
    "a list by List-Id": ("talk@lists.test", {"List_Id": "Talk <talk.lists.test>"}, None),
    "a person on a list": (
        "anna@other.test",
        {"List_Id": "Talk <talk.lists.test>"},
        "anna@other.test",
    ),
}


def test_group_that_writes_itself_into_from():
    group = {
        "From": "'Jan Nowak' via Sales <sales@company.test>",
        "To": "sales@company.test",
        "X_Original_From": "Jan Nowak <jan@customer.test>",
    }
    assert read(headers(**group)).reply_to is None, "anybody could write that"
    group["List_ID"] = "<sales.company.test>"
    assert read(headers(**group)).reply_to == JAN
    group["Reply_To"] = "anna@other.test"
    assert read(headers(**group)).reply_to.address == "anna@other.test"


@pytest.mark.parametrize(("value", "more", "expected"), REPLY_TO.values(), ids=REPLY_TO)
def test_reply_to(value, more, expected):
    raw = headers(From="jan@customer.test", To="sales@company.test", Reply_To=value, **more)
    found = read(raw).reply_to
    assert (found and found.address) == expected


@pytest.mark.parametrize(
    ("sender", "reply_to", "name"),
    [
        ("Karolina Duda <wordpress@blinds-shop.test>", "karolina.duda@gmail.test", "Karolina Duda"),
        ("Karolina Duda <wordpress@blinds-shop.test>", "kd77@gmail.test", "Karolina Duda"),
        ("Karolina <wordpress@blinds-shop.test>", "karolina77@gmail.test", "Karolina"),
        ("Karolina Duda <form@shop.test>", "K. Duda <kd@gmail.test>", "K. Duda"),
        ("Blinds Shop <wordpress@blinds-shop.test>", "kd77@gmail.test", ""),
        ("Contact Form <wordpress@blinds-shop.test>", "kd77@gmail.test", ""),
        ("Formularz kontaktowy <www@blinds-shop.test>", "kd77@gmail.test", ""),
        ("WordPress <wordpress@blinds-shop.test>", "kd77@gmail.test", ""),
        ("Acme <wordpress@blinds-shop.test>", "kd77@gmail.test", ""),
        ("wordpress@blinds-shop.test", "kd77@gmail.test", ""),
    ],
)
def test_name_of_a_forms_visitor_in_from(sender, reply_to, name):
    reading = read(headers(From=sender, Reply_To=reply_to))
    assert find(reading, "inbox", ()).party.name == name


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("office@seller.test, Nils <nils@langhof.test>", "nils@langhof.test"),
        ("Nils <nils@langhof.test>, office@seller.test", "nils@langhof.test"),
        ("office@seller.test", "office@seller.test"),
    ],
)
def test_of_several_addresses_for_answers_ours_are_the_last(value, address):
    message = headers(From="Fair <leads@fairportal.test>", Reply_To=value)
    assert read(message, {"seller.test"}).reply_to.address == address


def test_an_address_has_254_characters_at_most():
    longest = "a" * 64 + "@" + "b." * 92 + "cdefg"
    assert mail_headers.clean_address(longest) == longest
    assert mail_headers.clean_address(longest + "h") == ""


@pytest.mark.parametrize("form", ["{}jan@customer.test", "<{}jan@customer.test>"])
@pytest.mark.parametrize(("length", "is_whole"), [(983, True), (984, False)])
def test_an_address_is_looked_for_in_1000_characters(form, length, is_whole):
    found = mail_headers.parties(form.format("x" * (length - 1) + " "))
    assert ([party.address for party in found] == ["jan@customer.test"]) is is_whole


def test_a_name_is_read_up_to_1000_characters():
    assert mail_headers.clean_name("Jan" + " " * 996 + "No") == "Jan N"


def test_domain_is_what_stands_behind_the_at_sign():
    assert mail_headers.domain_of("jan@mail.customer.test") == "mail.customer.test"
    assert mail_headers.domain_of("") == ""


IDS = [f"<{number}@x.test>" for number in range(40)]
REFERENCES = {
    "none": ({}, []),
    "References": ({"References": "<a@x> <b@x>"}, ["<a@x>", "<b@x>"]),
    "without spaces": ({"References": "<a@x><b@x>"}, ["<a@x>", "<b@x>"]),
    "folded": ({"References": "<a@x>\r\n\t<b@x>"}, ["<a@x>", "<b@x>"]),
    "In-Reply-To alone": ({"In_Reply_To": "<a@x>"}, ["<a@x>"]),
    "In-Reply-To last": ({"References": "<a@x>", "In_Reply_To": "<b@x>"}, ["<a@x>", "<b@x>"]),
    "each once": ({"References": "<a@x> <b@x> <a@x>", "In_Reply_To": "<b@x>"}, ["<a@x>", "<b@x>"]),
    "In-Reply-To in words": ({"In_Reply_To": 'Your mail of "Monday" <a@x>'}, ["<a@x>"]),
    "the last 32": ({"References": " ".join(IDS)}, IDS[-32:]),
    "the last 32 and one": (
        {"References": " ".join(IDS), "In_Reply_To": "<a@x>"},
        [*IDS[8:], "<a@x>"],
    ),
    "of a very long conversation": (
        {"References": " ".join([*["<abcdefghijklmnopqrstuvwxyz@x.test>"] * 1000, *IDS])},
        IDS[-32:],
    ),
    "broken": ({"References": "<a@x <b@x> c@x <> <d x>"}, ["<b@x>"]),
    "NUL": ({"References": "<a\0@x> <b@x>"}, ["<b@x>"]),
    "letter by letter as sent": ({"References": "<AbC@X.Test>"}, ["<AbC@X.Test>"]),
    "much too long": ({"References": f"<{'a' * 2000}@x> <b@x>"}, ["<b@x>"]),
}


@pytest.mark.parametrize(("values", "expected"), REFERENCES.values(), ids=REFERENCES)
def test_references(values, expected):
    reading = read(headers(**values))
    assert list(reading.references) == expected
    assert reading.is_reply == bool(expected)


@pytest.mark.parametrize(
    ("subject", "thread", "is_reply"),
    [
        ("Windows", "windows", False),
        ("Re: Windows", "windows", True),
        ("RE: [EXTERNAL] Windows", "windows", True),
        ("FW: Windows", "windows", False),
        ("Fwd: Re: Windows", "windows", True),
        ("R: Windows", "windows", True),
        ("VS: Windows", "windows", True),  # an answer in Finnish
        ("AW: WG: Straße", "strasse", True),
        ("=?utf-8?q?Odp=3A_Okna__i?= drzwi", "okna i drzwi", True),
        ("=?utf-8?b?UmU6IA==?= =?utf-8?b?T2tuYQ==?=", "okna", True),
        ("Re:", "", True),
        ("Res: 7", "res: 7", False),
        ("", "", False),
    ],
)
def test_thread_subject(subject, thread, is_reply):
    reading = read(headers(Subject=subject))
    assert (reading.thread_subject, reading.is_reply) == (thread, is_reply)


def test_first_of_several_headers():
    raw = b"From: jan@customer.test\nFrom: eve@evil.test\nSubject: A\nSubject: B\n"
    raw += b"References: <1@x.test>\nReferences: <2@x.test>\n\n"
    reading = read(raw)
    assert (reading.sender.address, reading.thread_subject) == ("jan@customer.test", "a")
    assert reading.references == ("<1@x.test>",)


# ---- HOSTILE ----

SPACE = b" " * 200_000
BOUNDARY = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
HOSTILE = {
    "deep multiparts": b"Subject: FW: x\n" + b"".join(BOUNDARY % (n, n) for n in range(10_000)),
    "one boundary, deep": b"Subject: FW: x\n" + (BOUNDARY % (1, 1)) * 10_000,
    "1,000 attachments": b"Subject: FW: x\n"
    + BOUNDARY % (1, 1)
    + (b"Content-Type: application/pdf\n\n" + b"A" * 2000 + b"\n--b1\n") * 1000,
    "5,000 Cc": b"Cc: " + b",\r\n ".join(b"Jan %d <jan%d@x.test>" % (n, n) for n in range(5000)),
    "25 MB of one line": b"Subject: FW: x\n\n" + b"A" * 25_000_000,
    "25 MB of lines": b"Subject: FW: x\n\n" + b"From: a\n" * 3_000_000,
    "25 MB of headers": b"X-Header: value\n" * 1_600_000,
    "25 MB header": b"Subject: " + b"A" * 25_000_000,
    "25 MB of new lines": b"\r\n" * 12_500_000,
    "quotes": b"From: " + b'"\\' * 200_000,
    "brackets": b"From: " + b"<" * 200_000,
    "comments": b"From: " + b"(" * 200_000,
    "comments within a name": b"From: a" + b"(\\" * 200_000,
    "at signs": b"From: " + b"a@" * 200_000,
    "dots": b"From: a@" + b"a." * 200_000,
    "commas": b"From: " + b"a," * 200_000,
    "addresses": b"Reply-To: " + b"a@b," * 200_000,
    "spaces": b"From: a" + SPACE + b"@" + SPACE + b"b",
    "mailto": b"From: " + b"<mailto:" * 30_000,
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 30_000,
    "encoded words in names": b"To: " + b"=?utf-8?b?" * 30_000,
    "marks": b"Subject: " + b"Re:" * 100_000,
    "mark and spaces": b"Subject: re" + SPACE + b"x",
    "references": b"References: " + b"<" * 200_000,
    "parameters": b"Content-Type: multipart/report" + b"; report-type" * 20_000,
    "parameter and spaces": b"Content-Type: multipart/mixed;" + SPACE,
    "fold": b"Subject: a" + b"\r\n " * 200_000,
    "labels": b"Subject: FW: x\n\n" + b"From" + SPACE,
    "label of stars": b"Subject: FW: x\n\nFrom" + b"*" * 200_000,
    "tags": b"Subject: FW: x\nContent-Type: text/html\n\n" + b"<" * 200_000,
    "tags never closed": b"Subject: FW: x\nContent-Type: text/html\n\n" + b"<a " * 80_000,
    "hidden": b"Subject: FW: x\nContent-Type: text/html\n\n" + b"<style>" * 40_000,
    "comments in HTML": b"Subject: FW: x\nContent-Type: text/html\n\n" + b"<!--" * 60_000,
    "entities": b"Subject: FW: x\nContent-Type: text/html\n\n" + b"&#" * 100_000,
    "slow charset": b"Subject: FW: x\nContent-Type: text/plain; charset=punycode\n\n"
    + b"a" * 200_000,
    "slow charset of a word": b"From: =?punycode?q?" + b"a" * 200_000 + b"?= <a@b>",
    "unknown charset": b"Subject: FW: x\nContent-Type: text/plain; charset=x-\xff\n\n\xff",
    "charset of NUL": b"Subject: FW: x\nContent-Type: text/plain; charset=\0\n\n\xff",
    "charset that is none": b"Subject: FW: x\nContent-Type: text/plain; charset=zlib\n\n\xff",
    "charset of every error": b"Subject: FW: x\nContent-Type: text/plain; charset=undefined\n\nx",
    "broken base64": b"Subject: FW: x\nContent-Transfer-Encoding: base64\n\nA=B=C====" + b"A" * 999,
    "empty boundary": b'Subject: FW: x\nContent-Type: multipart/mixed; boundary=""\n\n--\n--',
    "NUL in headers": b"From: \0J\0an <\0jan@x.test>\nSubject: \0F\0W: \0x\nTo: a\0@x.test\n\n\0",
    "carriage returns in headers": b"From: a\rb <a@x.test>\nSubject: FW\r: x\rBcc: y\n\nx",
    "headers of eight bits": b"From: \xff\xfe <a\xff@x.test>\nSubject: \xc3\n\n",
    "level of digits": b"X-MS-Exchange-Organization-SCL: " + b"9" * 100_000,
    "level of other digits": "X-MS-Exchange-Organization-SCL: ५५\n\n".encode(),
}


def assert_bounded(reading):
    named = [reading.sender, reading.reply_to, reading.forwarded, *reading.recipients]
    texts = [text for party in named if party for text in party]
    texts += [reading.thread_subject, *reading.references]
    for text in texts:
        assert clean_text(text, 1000) == text
        assert not re.search(r"[\x00-\x1f\x7f]", text)
        assert text.encode().decode() == text, "a database takes it"
    assert all(len(text) <= 254 for text in texts if text not in reading.references)
    assert all(len(text) <= 1000 for text in reading.references)
    assert len(reading.recipients) <= 100
    assert len(reading.references) <= 64
    assert all(party.address for party in reading.recipients)
    assert all(party.address != "" or party.name for party in named if party)
    assert reading.automatic in ("", *JUNK_REASONS)


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_mail_is_read_at_once(raw):
    start = time.process_time()
    reading = read(raw)
    # thirty times what is measured; what grows with the square of the size takes many seconds
    assert time.process_time() - start < 3
    assert_bounded(reading)


def test_at_most_100_recipients():
    assert len(read(HOSTILE["5,000 Cc"]).recipients) == 100
    people = [", ".join(f"jan{number}@{name}.test" for number in range(60)) for name in "ab"]
    found = read(headers(To=people[0], Cc=people[1])).recipients
    assert [party.address for party in found[59:]][:2] == ["jan59@a.test", "jan0@b.test"]
    assert len(found) == 100


@pytest.mark.parametrize(("number", "expected"), [(19, "spam"), (20, "")])
def test_20_headers_of_a_name_are_looked_at(number, expected):
    raw = b"X-Spam-Flag: NO\n" * number + b"X-Spam-Flag: YES\n\n"
    assert read(raw).automatic == expected


FRAGMENTS = st.sampled_from(
    [
        b"From: ", b"To: ", b"Cc: ", b"Reply-To: ", b"Subject: ", b"FW: ", b"Re: ", b"VS:", b"\r\n",
        b"\n", b"\n\n", b"\n ", b"References: ", b"In-Reply-To: ", b"<a@b>", b"Jan <jan@x.test>",
        b"noreply@x.test", b"=?utf-8?q?", b"=?utf-16?b?", b"=?utf-7?q?+2AA-", b"?=", b"=FF", b"\0",
        b"\xff", b"\xed\xa0\x80", b'"', b"(", b")", b"<", b">", b",", b";", b"@", b"\\",
        b"[mailto:", b"]", b"Content-Type: ", b"multipart/mixed", b"multipart/report",
        b"; boundary=b",
        b"\n--b\n", b"\n--b--\n", b"text/plain", b"text/html", b"message/rfc822", b"; charset=",
        b"utf-7", b"utf-16", b"iso-2022-jp", b"Content-Transfer-Encoding: ",
        b"base64", b"quoted-printable",
        b"---------- Forwarded message ---------\n", b"-----Original Message-----\n", b"Sent: x\n",
        b"Date: y\n", b"Od: ", b"<div>", b"<br>", b"<!--", b"<style>", b"&lt;", b"&#xd800;",
        b"&#0;",
        b"List-Id: ", b"Received: x\n", b"Auto-Submitted: ", b"X-Spam-Status: ", b"\xe2\x80\xae",
    ]
)  # fmt: skip


@given(st.lists(FRAGMENTS | st.binary(max_size=8), max_size=60).map(b"".join))
def test_any_fragments_are_read(raw):
    assert_bounded(read(raw, {"x.test"}))


@given(st.binary(max_size=500))
def test_any_bytes_are_read(raw):
    assert_bounded(read(raw))
    assert_bounded(read(b"From: " + raw))
    assert_bounded(read(b"Subject: FW: x\n\nFrom: " + raw + b"\nTo: x\nSent: y\nSubject: z"))


@given(st.text(max_size=60))
def test_encoded_words_return(text):
    expected = mail_headers.clean_name(text.replace("=?", ""))
    word = base64.b64encode(text.replace("=?", "").encode("utf-8", "ignore")).decode()
    assert mail_headers.clean_name(f"=?utf-8?b?{word}?=") == expected


@given(st.binary(max_size=100))
def test_base64_is_decoded_as_far_as_it_goes(data):
    encoded = base64.encodebytes(data)
    assert mail_headers.decode_transfer(encoded, "base64") == data
    cut = mail_headers.decode_transfer(encoded.rstrip(b"=\n")[:-1], "base64")
    assert data.startswith(cut) and len(cut) >= len(data) - 3


def test_an_ordinary_mail_takes_no_time():
    raw = (
        headers(
            **{
                f"Received{n}": "from a by b with esmtp id 1 for <sales@company.test>"
                for n in range(20)
            },
            From="Jan Nowak <jan@customer.test>",
            To="Sales <sales@company.test>",
            Subject="FW: Windows",
        )
        + b"A line of the text of a mail.\r\n" * 20
    )
    start = time.process_time()
    for _time in range(200):
        read(raw)
    assert (time.process_time() - start) / 200 < 0.005  # measured: 0.0002
