"""What is read of mail as it comes: the samples are of real kinds, and each has relatives here."""

import base64
import binascii
import quopri
import struct
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_of_parts import HEAD, PDF, mail, multipart, names, part, text_of
from outlook_mail import attribute, properties, rtf, tnef_file, winmail
from smime import ber, compressed, der, oid, signed

from lead_communications.tools.mail import invitation, message, original, reading, text
from lead_communications.tools.mail.rtf import text_of_rtf, unpack_rtf

SAMPLES = Path(__file__).parents[3] / "lead_communications" / "tests" / "email" / "samples"

#: Name of the sample: what is in its text, in its order; the names of its files.
RIGHT = {
    "iso2022jp-no-charset": ("お世話になっております。 窓を二十枚見積もりお願いします。", ""),
    "gb2312-declared-gbk": ("您好，我們需要朱镕基大厦的窗户报价，囍字花纹。", ""),
    "latin1-is-cp1252": ("500 €, c’est tout – merci", ""),
    "ascii-is-utf8": ("Proszę o wycenę łazienki", ""),
    "utf8-is-cp1252": ("Preis für 3 Türen, 500 € – Grüße", ""),
    "shiftjis-is-cp932": ("㈱佐藤工務店です。①窓 ②扉 の見積もり 髙橋", ""),
    "ksc5601-is-cp949": ("안녕하세요. 뷁 창문 견적 부탁드립니다. 똠방", ""),
    "html-part-empty": ("Please quote 20 doors, delivery in March.", ""),
    "smime-opaque": ("Please quote 7 windows for our bank branch.", "smime.p7m"),
    "clock-past": ("Sent from the office scanner.", ""),
    "year-three-digits": ("Do you deliver on Saturdays?", ""),
    "file-names": (
        "See files.",
        "zażółć.pdf, oferté 2.pdf, rysunek łazienki.pdf, no quotes here.pdf",
    ),
    "boundary-unquoted": ("The drawing is attached.", "drawing.pdf"),
    "boundary-wrong": ("I need twelve handles.", ""),
    "no-content-type-utf8": ("Zażółć gęślą jaźń, proszę o wycenę.", ""),
    "raw-subject-cp1250": ("Dobrý den, prosím o nabídku.", ""),
    "only-a-csv": ("", "windows.csv"),
    "apple-mail-mixed": ("FIRST: the living room SECOND: the bathroom", "drawing.png"),
    "inline-images-same-name": ("Outside: Inside:", "image.png, image.png"),
    "calendar-reply": (
        "Vera Blum has accepted your invitation. Please ring at the back door.",
        "invite.ics, invite.ics",
    ),
    "pec-message": (
        "Il messaggio originale e' incluso in allegato. Chiediamo offerta per 40 finestre.",
        "postacert.eml",
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_samples(name):
    raw = (SAMPLES / f"{name}.eml").read_bytes()
    found = message.read(raw)
    text, files = RIGHT[name]
    shown = text_of(raw)
    for word in text.split():
        before, is_there, shown = shown.partition(word)
        assert is_there, (word, before)
    assert ", ".join(file.name for file in found.files) == files
    assert found.is_whole
    if text:  # the original shows the same
        assert original.text(raw) or original.html(raw)


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.eml")), ids=lambda path: path.stem)
def test_all_samples_are_read_completely(path):
    raw = path.read_bytes()
    found = message.read(raw)
    assert found.is_whole
    assert found.texts or found.files


# ---- HEADERS ----

CZECH = "Poptávka: okna, rozměry v příloze"


@pytest.mark.parametrize(
    ("subject", "charset", "expected"),
    [
        (CZECH.encode("cp1250"), b"windows-1250", CZECH),
        (CZECH.encode("cp1250"), b"", CZECH),
        ("Zapytanie o łazienkę".encode("iso-8859-2"), b"iso-8859-2", "Zapytanie o łazienkę"),
        ("Сколько стоит окно".encode("koi8-r"), b"koi8-r", "Сколько стоит окно"),
        ("Сколько стоит окно".encode("cp1251"), b"", "Сколько стоит окно"),
        ("窗户多少钱".encode("gbk"), b"gb2312", "窗户多少钱"),
        ("見積もりのお願い".encode("cp932"), b"shift_jis", "見積もりのお願い"),
        ("Zażółć".encode(), b"iso-8859-1", "Zażółć"),
        (b"=?gb2312?B?tLC7p7GovNsg6UaH1g==?=", b"", "窗户报价 镕囍"),
        (b"=?iso-8859-1?Q?500_=80?=", b"", "500 €"),
        (b"=?us-ascii?Q?Za=C5=BC?=", b"", "Zaż"),
        (b"=?utf-8?Q?f=FCr_3_T=FCren?=", b"", "für 3 Türen"),
    ],
)
def test_subject_in_any_bytes(subject, charset, expected):
    kind = b"Content-Type: text/plain; charset=" + charset if charset else b"X: y"
    raw = b"From: a@b.test\nSubject: " + subject + b"\n" + kind + b"\n\nx"
    assert dict(original.headers(raw))["Subject"] == expected
    assert reading.read(raw).thread_subject == expected.casefold()


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (b"filename=plan.pdf", "plan.pdf"),
        (b"filename=my long plan.pdf", "my long plan.pdf"),
        (b"filename=my long plan.pdf; size=5", "my long plan.pdf"),
        (b'filename="a; b=c.pdf"; size=5', "a; b=c.pdf"),
        (rb'filename="a \"b\".pdf"', 'a "b".pdf'),
        ('filename="zażółć.pdf"'.encode(), "zażółć.pdf"),
        ("filename=zażółć gęślą.pdf".encode(), "zażółć gęślą.pdf"),
        (b'filename="za\xbf\xf3\xb3\xe6.pdf"', "zażółć.pdf"),
        (b'filename="=?utf-8?B?xbzDs8WCdy5wZGY=?="', "żółw.pdf"),
        (b'filename="=?utf-8?Q?=C5=BC=C3=B3?= =?utf-8?Q?=C5=82w.pdf?="', "żółw.pdf"),
        (b"filename==?utf-8?Q?=C5=BC=C3=B3=C5=82w.pdf?=", "żółw.pdf"),
        (b"filename*=utf-8''%C5%BC%C3%B3%C5%82w.pdf", "żółw.pdf"),
        (b"filename*=iso-8859-2'pl'%BF%F3%B3w.pdf", "żółw.pdf"),
        (b"filename*0*=utf-8''plan%20; filename*1*=%C5%BC.pdf", "plan ż.pdf"),
        (b'filename*1=".pdf"; filename*0="plan"', "plan.pdf"),
        (b"filename*0*=utf-8''%C5; filename*1*=%BC.pdf", "ż.pdf"),
        (b'filename*0="=?utf-8?B?xbzDs"; filename*1="8WCdy5wZGY=?="', "żółw.pdf"),
        (b"filename=\"a.pdf\"; filename*=utf-8''%C5%BC.pdf", "ż.pdf"),
        (b"FILENAME=plan.pdf", "plan.pdf"),
        (b'filename = "plan.pdf"', "plan.pdf"),
        (b'filename="plan.pdf', "plan.pdf"),
        (b'filename="plan\n .pdf"', "plan .pdf"),
        (b"filename*=x-unknown''%C5%BC.pdf", "ż.pdf"),
        (b'filename=""', "attachment.pdf"),
        (b"size=5", "attachment.pdf"),
    ],
)
def test_names_of_files(parameter, expected):
    file = b"Content-Type: application/pdf\nContent-Disposition: attachment; " + parameter
    assert names(multipart(part("x"), file + b"\n\nx")) == [expected]


def test_name_in_the_charset_of_the_text():
    name = "załącznik.pdf".encode("iso-8859-2")
    file = b"Content-Type: application/pdf; name=" + name + b"\n\nx"
    text = part("Cześć".encode("iso-8859-2"), "text/plain; charset=iso-8859-2")
    assert names(multipart(text, file)) == ["załącznik.pdf"]


def test_file_keeps_its_bytes():
    content = "szerokość;wysokość\r\n".encode("utf-16")
    raw = multipart(
        part("See"),
        part(
            base64.b64encode(content),
            'text/csv; name="a.csv"; charset=utf-16',
            "Content-Transfer-Encoding: base64",
        ),
    )
    assert message.read(raw).files[0].content == content


# ---- STRUCTURE ----

BROKEN = {
    "no boundary": HEAD
    + b"Content-Type: multipart/mixed\n\n--x\n"
    + part("Hello")
    + b"\n--x\n"
    + PDF,
    "another boundary": multipart(part("Hello"), PDF).replace(b'"b"', b'"c"'),
    "a long one": multipart(part("Hello"), PDF, boundary="-" * 20 + "=_1").replace(b'"----', b'"'),
    "not quoted": multipart(part("Hello"), PDF, boundary="=_1=?2").replace(b'"', b""),
    "quoted in single marks": multipart(part("Hello"), PDF).replace(b'"b"', b"'b'"),
    "with a space": multipart(part("Hello"), PDF, boundary="a b"),
    "not closed": multipart(part("Hello"), PDF, end=False),
    "closed too early": multipart(part("Hello")) + b"--b\n" + PDF + b"\n--b--",
    "closed by another": multipart(part("Hello"), PDF, end=False) + b"--other--\n",
    "no empty line": multipart(part("Hello"), PDF).replace(b"\n\n--b", b"\n--b", 1),
    "spaces behind": multipart(part("Hello"), PDF).replace(b"--b\n", b"--b \t\n"),
    "text above": multipart(PDF).replace(b"\n\n--b", b"\n\nHello\n--b", 1),
    "text below": multipart(PDF) + b"\nHello\n",
    "text without boundary": HEAD + b"Content-Type: multipart/mixed; boundary=b\n\nHello",
    "headers of the part are none": multipart(b"Hello", PDF),
    "CRLF": multipart(part("Hello"), PDF).replace(b"\n", b"\r\n"),
    "CR": multipart(part("Hello"), PDF).replace(b"\n", b"\r"),
    "in Base64": HEAD
    + b"Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64\n\n"
    + base64.encodebytes(multipart(part("Hello"), PDF, head=b"").partition(b"\n\n")[2]),
    "says Base64": multipart(
        part("Hello"), PDF, head=HEAD + b"Content-Transfer-Encoding: base64\n"
    ),
    "another one, no headers": multipart(b"\nHello").replace(b'"b"', b'"c"'),
    "not said": multipart(part("Hello"), PDF).replace(b"Content-Type: multipart/mixed", b"X: y", 1),
    "said to be a text": multipart(part("Hello"), PDF).replace(
        b"multipart/mixed", b"text/plain", 1
    ),
    "no subtype": multipart(part("Hello"), PDF).replace(b"multipart/mixed", b"multipart", 1),
    "nested alike": multipart(multipart(part("Hello"), head=b""), PDF),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_structures(name):
    raw = BROKEN[name]
    assert text_of(raw) == "Hello"
    if b"application/pdf" in raw or "Base64" in name:
        assert [file.content for file in message.read(raw).files] == [b"%PDF-1.4"]
    assert original.text(raw).strip() == "Hello"
    assert reading.content(raw).plain.strip() == "Hello" or "text " in name


def test_alternatives_that_do_not_say_so():
    raw = multipart(part("Hi"), part("<p>Hi", "text/html")).replace(b"Content-Type: m", b"X: m", 1)
    assert text_of(raw) == "<p>Hi"


@pytest.mark.parametrize(
    "body",
    [
        b"-- \nJan\n--\n",
        b"--b\nContent-Type: is what they call it\nand so on",
        b"See\n--b\nContent-Type: text/plain\n\nHi\n--b--\n",
    ],
)
def test_text_that_is_like_parts_is_text(body):
    assert message.read(HEAD + b"\n" + body).texts[0].text == body.decode()


def test_text_with_a_name_is_shown_if_there_is_no_other():
    named = part("The text", 'text/plain; name="body.txt"', "Content-Disposition: inline")
    assert (text_of(multipart(named)), names(multipart(named))) == ("The text", [])
    raw = multipart(part("Hi"), named)
    assert (text_of(raw), names(raw)) == ("Hi", ["body.txt"])
    attached = named.replace(b"inline", b"attachment")
    assert (text_of(multipart(attached)), names(multipart(attached))) == ("", ["body.txt"])


def test_rtf_is_text():
    assert text_of(mail(r"{\rtf1 Hi\par there}", "text/rtf")) == "Hi there"


def test_what_only_programs_read_is_left_out():
    above = b"\n\nThis is a multi-part message in MIME format.\n--b"
    assert text_of(multipart(part("Hello")).replace(b"\n\n--b", above, 1)) == "Hello"
    assert text_of(multipart(PDF).replace(b"\n\n--b", above, 1)) == ""


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", "Plain"),
        (
            "<html><head><title>x</title><style>p{}</style></head><body> &nbsp;\n</body></html>",
            "Plain",
        ),
        ("<img src='https://track.test/1.gif'>", "Plain"),
        ("<img src='cid:a'>", "Plain"),
        ("<p>Words", "<p>Words"),
        ("<p>&nbsp;x", "<p>&nbsp;x"),
    ],
)
def test_an_empty_alternative_does_not_win(html, expected):
    for alternatives in ((part("Plain"), part(html, "text/html")),):
        assert text_of(multipart(*alternatives, kind="alternative")) == expected
    raw = multipart(part("Plain"), part(html, "text/html"), kind="alternative", head=b"")
    related = multipart(raw, PDF, kind="related", boundary="r")
    assert text_of(related) == expected
    assert len(names(related)) == 1


def test_pictures_are_better_than_nothing():
    raw = multipart(part(" "), part("<img src='cid:a'>", "text/html"), kind="alternative")
    assert text_of(raw) == "<img src='cid:a'>"


def test_files_within_alternatives_stay():
    inner = multipart(part("<p>Hi", "text/html"), PDF, kind="related", head=b"")
    assert names(multipart(part("Hi"), inner, kind="alternative")) == ["attachment.pdf"]
    assert names(multipart(PDF, part("Hi"), kind="alternative")) == ["attachment.pdf"]


def test_alternatives_of_one_program_are_neither_shown_nor_files():
    amp = part("<html amp4email>", "text/x-amp-html")
    raw = multipart(part("Hi"), amp, part("<p>Hi", "text/html"), kind="alternative")
    assert (text_of(raw), names(raw)) == ("<p>Hi", [])


@pytest.mark.parametrize(
    "kind",
    ['text/csv; name="a.csv"', 'application/pdf; name="a.pdf"', 'image/png; name="a.png"'],
)
def test_mail_that_is_a_file(kind):
    raw = mail("abc", kind)
    assert (text_of(raw), names(raw)) == ("", [kind.split('"')[1]])
    raw = mail("abc", "text/plain", 'Content-Disposition: attachment; filename="a.txt"')
    assert (text_of(raw), names(raw)) == ("", ["a.txt"])


def test_html_that_does_not_say_so():
    assert message.read(HEAD + b"\n<html><body>Hi").texts[0].kind == "html"
    assert message.read(HEAD + b"\n2 < 3").texts[0].kind == "plain"
    assert message.read(HEAD + b"Content-Type: text\n\n<p>Hi").texts[0].kind == "plain"


def test_carried_mail():
    inner = "From: Eva <eva@other.test>\nSubject: =?utf-8?q?Okna/drzwi?= 3\n\nA question"
    raw = multipart(part("See below"), part(inner, "message/rfc822"))
    assert names(raw) == ["Okna drzwi 3.eml"]
    shown = text_of(raw)
    assert shown.startswith("See below") and shown.endswith("A question")
    assert "From: Eva <eva@other.test> Subject: Okna/drzwi 3" in shown
    coded = base64.encodebytes(inner.encode())
    raw = multipart(part(coded, "message/rfc822", "Content-Transfer-Encoding: base64"))
    assert text_of(raw).endswith("A question")
    assert message.read(raw).files[0].content == inner.encode()
    named = part(inner, 'message/rfc822; name="mail.eml"')
    assert names(multipart(named)) == ["mail.eml"]


@pytest.mark.parametrize("kind", ["application/octet-stream", "application/x-eml"])
@pytest.mark.parametrize("is_coded", [True, False])
def test_file_that_holds_a_mail(kind, is_coded):
    inner = b"Received: by mx\nFrom: Eva <eva@other.test>\nSubject: Okna\n\nA question"
    head = f'{kind}; name="Okna do domu.EML"'
    coding = "Content-Transfer-Encoding: base64"
    one = part(base64.encodebytes(inner), head, coding) if is_coded else part(inner, head)
    raw = multipart(part("See below"), one)
    assert names(raw) == ["Okna do domu.EML"]
    assert message.read(raw).files[0].content == inner
    assert text_of(raw).endswith("A question")
    assert [found.text("subject") for found in text.content(raw).messages] == ["Okna"]


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("a.eml", b"Subject: nobody wrote it\nTo: x@y.test\n\nHi"),
        ("a.eml", b"From: x@y.test\n\nHi"),
        ("a.eml", b"\x00\xff\xd8 From: no mail"),
        ("a.txt", b"From: x@y.test\nSubject: s\nTo: z@y.test\n\nHi"),
    ],
)
def test_file_that_holds_no_mail(name, inner):
    raw = multipart(part("See"), part(inner, f'application/octet-stream; name="{name}"'))
    assert (names(raw), text_of(raw)) == ([name], "See")


def test_files_of_carried_mail():
    inner = multipart(part("Documents"), PDF, head=b"Subject: Inner\n")
    raw = multipart(part("See"), part(inner, "message/rfc822"))
    assert names(raw) == ["Inner.eml", "attachment.pdf"]


def test_report_shows_what_it_says_itself():
    inner = part("From: a@b.test\n\nNever sent", "message/rfc822")
    status = part("Action: failed", "message/delivery-status")
    raw = multipart(part("Not delivered"), status, inner, kind="report")
    assert text_of(raw) == "Not delivered"
    assert names(raw) == ["delivery-status.txt", "message.eml"]


# ---- SIGNED AND ENCRYPTED ----


P7M = 'application/pkcs7-mime; smime-type=signed-data; name="smime.p7m"'
ENTITY = b"Content-Type: text/plain; charset=utf-8\r\n\r\nSeven windows"


def p7m(block, kind=P7M):
    return mail(base64.encodebytes(block), kind, "Content-Transfer-Encoding: base64")


@pytest.mark.parametrize(
    "block",
    [
        signed(ENTITY),
        signed(ENTITY, ber),
        signed(ENTITY, ber, 5),
        signed(ENTITY, der, 3),
        signed(multipart(part("Seven windows"), PDF, head=b"")),
        base64.encodebytes(signed(ENTITY)),
        b"-----BEGIN PKCS7-----\n" + base64.encodebytes(signed(ENTITY)) + b"-----END PKCS7-----\n",
        signed(p7m(signed(ENTITY)).removeprefix(HEAD)),
    ],
    ids=["DER", "BER", "in pieces", "pieces in DER", "parts", "Base64", "PEM", "twice"],
)
def test_signed_block_is_unpacked(block):
    for kind in (P7M, "application/x-pkcs7-mime", 'application/octet-stream; name="smime.p7m"'):
        found = message.read(p7m(block, kind))
        assert [one.text for one in found.texts] == ["Seven windows"]
        assert found.protection == "signed" and found.is_whole
        assert found.files[0].name == "smime.p7m"
        assert original.text(p7m(block, kind)) == "Seven windows"
        assert reading.content(p7m(block, kind)).plain == "Seven windows"


def test_document_that_somebody_signed_stays_a_file():
    document = part(
        base64.b64encode(signed(b"%PDF-1.4 contract")),
        'application/pkcs7-mime; name="contract.pdf.p7m"',
        "Content-Transfer-Encoding: base64",
    )
    raw = multipart(part("See"), document)
    assert (text_of(raw), names(raw)) == ("See", ["contract.pdf.p7m"])
    assert not message.read(raw).protection


def test_signature_beside_the_text():
    signature = part("x", "application/pkcs7-signature")
    found = message.read(multipart(part("Hi"), signature, kind="signed"))
    assert (found.protection, [file.name for file in found.files]) == ("signed", ["smime.p7s"])


@pytest.mark.parametrize(
    "raw",
    [
        p7m(der(0x30, oid(3), der(0xA0, der(0x30))), "application/pkcs7-mime"),
        p7m(ber(0x30, oid(3), ber(0xA0, der(0x30))), 'application/octet-stream; name="a.p7m"'),
        p7m(der(0x30, der(6, bytes.fromhex("2a864886f70d0109100117")), der(0xA0)), P7M),
        p7m(signed(p7m(der(0x30, oid(3), der(0xA0))).removeprefix(HEAD))),
        multipart(part("Version: 1", "application/pgp-encrypted"), PDF, kind="encrypted"),
        mail("Hi\n-----BEGIN PGP MESSAGE-----\n\nhQ==\n-----END PGP MESSAGE-----"),
        mail("<pre>\n-----BEGIN PGP MESSAGE-----\n\nhQ==", "text/html"),
    ],
    ids=["S/MIME", "BER", "authenticated", "signed", "PGP/MIME", "PGP", "PGP in HTML"],
)
def test_encrypted_mail_says_so(raw):
    assert message.read(raw).protection == "encrypted"


def test_compressed_block_is_unpacked_within_limits():
    assert text_of(p7m(compressed(zlib.compress(ENTITY)))) == "Seven windows"
    bomb = p7m(compressed(zlib.compress(ENTITY + bytes(60_000_000))))
    started = time.process_time()
    assert text_of(bomb) == ""
    assert time.process_time() - started < 5


@given(st.binary(max_size=80))
def test_any_block_is_read(data):
    assert message.read(p7m(b"\x30\x80" + oid(2) + b"\xa0\x80\x30\x80" + data)).texts is not None
    assert message.read(p7m(b"\x30\x80" * 40 + data)).texts is not None


# ---- OUTLOOK'S OWN FORMAT ----


HTML_RTF = (
    rb"{\rtf1\ansi\ansicpg1250\fromhtml1 {\fonttbl{\f0\fcharset238 Arial;}}"
    rb"{\*\htmltag64 <p>}\htmlrtf \par \htmlrtf0 Prosz\'ea o \u322?azienk\'ea{\*\htmltag72 </p>}}"
)


def tnef_mail(block, *others):
    file = part(
        base64.encodebytes(block),
        'application/ms-tnef; name="winmail.dat"',
        "Content-Transfer-Encoding: base64",
    )
    return multipart(*others, file)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((0x1000, 0x1E, "Proszę".encode("cp1250") + b"\0"), "Proszę"),
        ((0x1000, 0x1F, "Proszę\0".encode("utf-16-le")), "Proszę"),
        ((0x1013, 0x102, b"<p>Hi</p>"), "<p>Hi</p>"),
        ((0x1009, 0x102, rtf(HTML_RTF)), "<p>Proszę o łazienkę</p>"),
        ((0x1009, 0x102, rtf(rb"{\rtf1\ansicpg1250{\info x}A\par B\'b9}")), "A Bą"),
    ],
    ids=["code page", "Unicode", "HTML", "HTML in RTF", "RTF"],
)
def test_text_of_outlook(values, text):
    block = winmail(attribute(1, 0x69003, properties((0x1A, 0x1E, b"IPM.Note\0"), values)))
    assert text_of(tnef_mail(block)) == text
    assert text_of(tnef_mail(block, part(" "))) == text
    assert text_of(tnef_mail(block, part("The same"))) == "The same"
    assert names(tnef_mail(block)) == []


def test_files_of_outlook():
    block = winmail(
        tnef_file(
            b"PLAN~1.PDF\0", b"%PDF", (0x3707, 0x1F, "Plan łazienki.pdf\0".encode("utf-16-le"))
        ),
        tnef_file("Zał.txt\0".encode("cp1250"), b"abc", (0x370E, 0x1E, b"text/plain\0")),
        tnef_file(b"a.png\0", b"PNG", (0x370E, 0x1E, b"image/png\0"), (0x3712, 0x1E, b"cid1@x\0")),
    )
    found = message.read(tnef_mail(block, part("See"))).files
    assert [(file.name, file.content, file.type, file.content_id) for file in found] == [
        ("Plan łazienki.pdf", b"%PDF", "application/octet-stream", ""),
        ("Zał.txt", b"abc", "text/plain", ""),
        ("a.png", b"PNG", "image/png", "cid1@x"),
    ]


@pytest.mark.parametrize(
    "block", [b"", b"\x78\x9f\x3e\x22", winmail(tnef_file(b"a", b"b" * 100))[:-60], b"PK\3\4"]
)
def test_file_that_cannot_be_unpacked_stays(block):
    found = message.read(tnef_mail(block, part("See")))
    assert [file.name for file in found.files] == ["winmail.dat"] or block == b"\x78\x9f\x3e\x22"
    assert found.is_whole is (block == b"\x78\x9f\x3e\x22")


@given(st.binary(max_size=80))
def test_any_file_of_outlook_is_read(data):
    assert message.read(tnef_mail(winmail(attribute(1, 0x69003, data), data))).texts is not None
    text_of_rtf(b"{\\rtf1" + data)
    unpack_rtf(struct.pack("<III", 99, 99, 0x75465A4C) + bytes(4) + data)


def test_hostile_files_of_outlook_are_read_in_good_time():
    started = time.process_time()
    for block in (
        winmail(attribute(1, 1, b"") * 300_000),
        winmail(attribute(1, 0x69003, struct.pack("<I", 2**32 - 1) + bytes(3_000_000))),
        winmail(attribute(1, 0x69003, properties((0x1009, 0x102, rtf(b"{" * 2_000_000))))),
    ):
        assert message.read(tnef_mail(block)).texts is not None
    assert time.process_time() - started < 20


# ---- INVITATIONS ----


def calendar(*lines, method="REQUEST"):
    return "\r\n".join(
        [
            *("BEGIN:VCALENDAR", f"METHOD:{method}"),
            *("BEGIN:VTIMEZONE", "DTSTART:19700101T000000", "END:VTIMEZONE"),
            *("BEGIN:VEVENT", *lines, "BEGIN:VALARM", "SUMMARY:Alarm", "END:VALARM", "END:VEVENT"),
            "END:VCALENDAR",
        ]
    )


@pytest.mark.parametrize(
    ("lines", "when"),
    [
        (["DTSTART:20261201T090000Z", "DTEND:20261201T100000Z"], "2026-12-01 09:00 – 10:00 (UTC)"),
        (
            ["DTSTART;TZID=Europe/Warsaw:20261201T090000", "DURATION:PT1H30M"],
            "2026-12-01 09:00 – 10:30 (Europe/Warsaw)",
        ),
        (
            ['DTSTART;TZID="W. Europe, Standard: Time":20261231T233000', "DTEND:20270101T003000"],
            "2026-12-31 23:30 – 2027-01-01 00:30 (W. Europe, Standard: Time)",
        ),
        (["DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261202"], "2026-12-01"),
        (["DTSTART;VALUE=DATE:20261201", "DTEND:20261204"], "2026-12-01 – 2026-12-03"),
        (["DTSTART:20261201T0900"], "2026-12-01"),
        (["DTSTART:20269901T090000Z"], ""),
        (["DTSTART:tomorrow"], ""),
    ],
)
def test_when(lines, when):
    assert invitation.read(calendar("SUMMARY:x", *lines)).when == when


def test_what_where_and_who():
    event = invitation.read(
        calendar(
            "SUMMARY;LANGUAGE=pl:Pomiar\\, łazienka\\n2",
            "LOCATION:Długa 5\r\n  Kraków",
            'ORGANIZER;CN="Kowalski: Jan":MAILTO:jan@customer.test',
        )
    )
    assert event == (
        "Pomiar, łazienka 2",
        "",
        "Długa 5 Kraków",
        "Kowalski: Jan <jan@customer.test>",
        False,
    )
    assert invitation.read(calendar("SUMMARY:x", method="CANCEL")).is_canceled
    assert invitation.read(calendar("SUMMARY:x", "STATUS:CANCELLED")).is_canceled
    assert invitation.read("BEGIN:VCALENDAR\nEND:VCALENDAR") is None


def test_mail_with_an_invitation():
    event = part(calendar("SUMMARY:Visit"), "text/calendar; method=REQUEST; charset=utf-8")
    found = message.read(multipart(part("Hi"), event, kind="alternative"))
    assert [one.text for one in found.texts] == ["Hi"]
    assert [event.what for event in found.events] == ["Visit"]
    assert [file.name for file in found.files] == ["invite.ics"]
    found = message.read(mail(calendar("SUMMARY:Visit"), 'application/ics; name="invite.ics"'))
    assert [event.what for event in found.events] == ["Visit"]
    found = message.read(mail(calendar("SUMMARY:Visit"), "text/calendar"))
    assert [event.what for event in found.events] == ["Visit"]


@given(st.text())
def test_any_calendar_is_read(text):
    invitation.read(text)
    invitation.read(calendar(text, "DTSTART" + text, "DURATION:P" + text))


# ---- TRANSFER ENCODINGS ----


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("base64", base64.encodebytes("Zażółć".encode()) + b"\n\n-- \nList footer, added below"),
        ("base64", base64.encodebytes("Zażółć".encode()).replace(b"=", b"")),
        ("BASE64", base64.encodebytes("Zażółć".encode())),
        ("quoted-printable", quopri.encodestring("Zażółć".encode())),
        ("x-uuencode", b"begin 644 a\n" + binascii.b2a_uu("Zażółć".encode()) + b"`\nend\n"),
        ("utf-8", "Zażółć".encode()),
    ],
)
def test_transfer_encodings(encoding, body):
    raw = mail(body, "text/plain; charset=utf-8", f"Content-Transfer-Encoding: {encoding}")
    assert text_of(raw) == "Zażółć"


# ---- BOUNDS ----


def test_text_above_the_limit_says_so(monkeypatch):
    monkeypatch.setattr("lead_communications.tools.mail.parts.MAX_TEXT", 10)
    monkeypatch.setattr("lead_communications.tools.mail.message.MAX_TEXT", 10)
    assert message.read(mail("a" * 10)).is_whole
    for raw in (mail("a" * 11), multipart(part("aaaa"), part("<p>bbbbbb", "text/html"))):
        found = message.read(raw)
        assert not found.is_whole
        assert sum(len(one.text) for one in found.texts) <= 10


def test_html_that_nobody_could_wait_for_is_shown_as_text():
    half = part("<b>x</b>" * 30_000, "text/html")
    found = message.read(multipart(half, half))
    assert [one.kind for one in found.texts] == ["html", "plain"] and not found.is_whole
    assert set(found.texts[1].text) == {"x"}
    assert message.read(multipart(half)).is_whole


@pytest.mark.parametrize("count", [1990, 10_000])
def test_10000_parts(count):
    started = time.process_time()
    found = message.read(multipart(*[part("x")] * count))
    assert found.is_whole is (count == 1990)
    assert found.texts and found.files == []
    assert time.process_time() - started < 10


def test_10000_levels():
    levels = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
        for level in range(10_000)
    )
    carried = b"Content-Type: message/rfc822\n\n" * 10_000
    for raw in (HEAD + levels + part("x"), HEAD + carried + part("x")):
        started = time.process_time()
        found = message.read(raw)
        assert not found.is_whole
        assert len(found.texts) + len(found.files) >= 0
        assert time.process_time() - started < 10


@given(st.binary(max_size=200))
def test_anything_is_read(data):
    for raw in (data, HEAD + data, multipart(data, part(data)), mail(data, "text/html")):
        found = message.read(raw)
        assert all(isinstance(one.text, str) for one in found.texts)
        assert all(file.name for file in found.files)
        assert found.protection in ("", "signed", "encrypted") and found.events == []
