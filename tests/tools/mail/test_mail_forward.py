from email.message import EmailMessage

import pytest

from lead_communications.tools.mail import html as mail_html
from lead_communications.tools.mail import text as mail_text
from lead_communications.tools.mail.reading import Party, read

ANNA = Party("Anna Klient", "anna@customer.test")
JAN = "From: Jan Nowak <jan@company.test>\nTo: sales@company.test\n"
SIGNATURE = "Jan Nowak\nSales\nPhone: +48 22 123 45 67\nwww.company.test\n"


def raw(subject, text, more=""):
    return (
        f"{JAN}Subject: {subject}\n{more}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()
    )


def gmail(label):
    return (
        f"---------- Forwarded message ---------\n{label}: Anna Klient <Anna@Customer.test>\n"
        "Date: śr., 27 paź 2021 o 09:31\nSubject: Okna\nTo: <jan@company.test>\n\n\nDzień dobry\n"
    )


def block(labels, above=""):
    who, when, to, subject = labels.split(", ")
    return (
        f"{above}{who} Anna Klient <anna@customer.test>\n{when} wtorek, 26 października 2021\n"
        f"{to} Jan Nowak <jan@company.test>\n{subject} Okna do domu: pilne\n\nDzień dobry\n"
    )


EN = "From:, Sent:, To:, Subject:"
PL = "Od:, Wysłano:, Do:, Temat:"
LINE = "________________________________\n"
FORWARDS = {
    "Gmail in English": ("Fwd: Okna", gmail("From")),
    "Gmail in Polish": ("Fwd: Okna", gmail("Od")),
    "Gmail in German": ("Fwd: Okna", gmail("Von")),
    "Gmail in French": ("Fwd: Okna", gmail("De")),
    "Gmail in Ukrainian": ("Fwd: Okna", gmail("Від")),
    "Gmail with bold name": ("Fwd: Okna", gmail("From").replace("Anna Klient", "*Anna Klient*")),
    "Gmail with a note": ("Fwd: Okna", "Proszę o kontakt\n\n" + SIGNATURE + "\n" + gmail("Od")),
    "Gmail without mark": ("Okna", "Proszę o kontakt\n\n" + gmail("Od")),
    "Gmail of an answer": ("Fwd: Re: Okna", gmail("Od")),
    "Outlook in English": ("FW: Okna", block(EN, LINE)),
    "Outlook in Polish": ("PD: Okna", block(PL, LINE)),
    "Outlook, capitals and spaces": ("Pd : Okna", block(PL).replace("Od:", "OD :")),
    "Outlook with stars": ("FW: Okna", block("*From:*, *Sent:*, *To:*, *Subject:*")),
    "Outlook in German": ("WG: Okna", block("Von:, Gesendet:, An:, Betreff:")),
    "Outlook in French": (
        "TR : Okna",
        block("De :, Envoyé :, À :, Objet :"),  # codespell:ignore
    ),
    "Outlook in Spanish": ("RV: Okna", block("De:, Enviado el:, Para:, Asunto:")),
    "Outlook in Italian": ("I: Okna", block("Da:, Inviato:, A:, Oggetto:")),
    "Outlook in Dutch": ("FW: Okna", block("Van:, Verzonden:, Aan:, Onderwerp:")),
    "Notes in Dutch": ("Doorst: Okna", block("Van:, Verzonden:, Aan:, Onderwerp:")),
    "Outlook in Czech": ("Přep: Okna", block("Od:, Odesláno:, Komu:, Předmět:")),
    "Outlook in Ukrainian": ("FW: Okna", block("Від:, Надіслано:, Кому:, Тема:")),
    "Outlook in Russian": ("FW: Okna", block("От:, Отправлено:, Кому:, Тема:")),
    "Danish mark": ("VS: Okna", block(EN)),
    "numbered mark": ("FW[2]: Okna", block(EN)),
    "mark behind the gateway's": ("[EXTERNAL] FW: Okna", block(EN)),
    "Outlook below a long note": ("FW: Okna", "Proszę\n" * 30 + SIGNATURE + block(EN)),
    "three headers without any mark": (
        "Okna",
        "From: Anna Klient <anna@customer.test>\nSent: x\nTo: y\n\nHi\n",
    ),
    "old Outlook": ("FW: Okna", block(EN, "-----Original Message-----\n")),
    "old Outlook with mailto": (
        "FW: Okna",
        block(EN).replace("<anna@customer.test>", "[mailto:anna@customer.test]"),
    ),
    "an address in square brackets": (
        "FW: Okna",
        block(EN).replace("<anna@customer.test>", "[anna@customer.test]"),
    ),
    "an address in round brackets": (
        "FW: Okna",
        block(EN).replace("<anna@customer.test>", "(anna@customer.test)"),
    ),
    "Outlook with a link as text": (
        "FW: Okna",
        block(EN).replace(
            "<anna@customer.test>", "<anna@customer.test<mailto:anna@customer.test>>"
        ),
    ),
    "Outlook without any mark, nothing above": ("Okna", block(PL, LINE)),
    "Apple Mail": (
        "Fwd: Okna",
        "Begin forwarded message:\n\n> From: Anna Klient <anna@customer.test>\n"
        "> Subject: Okna\n> Date: 26 October 2021 14:25:08 CEST\n> To: jan@company.test\n>\n> Hi\n",
    ),
    "Apple Mail in Polish, without mark": (
        "Okna",
        "Do obsługi.\n\nPoczątek przekazywanej wiadomości:\n\n> Od: Anna Klient"
        " <anna@customer.test>\n> Temat: Okna\n> Data: 26.10.2021\n> Do: j@company.test\n",
    ),
    "Apple Mail in Ukrainian": (
        "Fwd: Okna",
        "Початок листа, що пересилається:\n\nВід кого: Anna Klient <anna@customer.test>\n"
        "Тема: Okna\nДата: 26 жовтня 2021\nКому: j@company.test\n",
    ),
    "Thunderbird": (
        "Fwd: Okna",
        "\n\n-------- Forwarded Message --------\nSubject: \tOkna\nDate: \tTue, 26 Oct 2021\n"
        "From: \tAnna Klient <anna@customer.test>\nTo: \tjan@company.test\n\nHi\n",
    ),
    "Thunderbird in Polish": (
        "Fwd: Okna",
        "--- Treść przekazanej wiadomości ---\nTemat: \tOkna\nData: \tTue, 26 Oct 2021\n"
        "Nadawca: \tAnna Klient <anna@customer.test>\nAdresat: \tjan@company.test\n\nHi\n",
    ),
    "address on the next line": (
        "FW: Okna",
        block(EN).replace("Klient <anna", "Klient\n    <anna"),
    ),
    "two people who wrote it": (
        "FW: Okna",
        "From: Anna Klient <anna@customer.test>, Ewa <ewa@customer.test>\nSent: x\nTo: y\n",
    ),
    "recipients on four more lines": (
        "FW: Okna",
        "From: Anna Klient <anna@customer.test>\nTo: a\nb\nc\nd\ne\nSent: x\nSubject: y\n",
    ),
    "Gmail without mark, eight lines above": ("Okna", "Zdanie.\n" * 8 + gmail("From")),
    "Gmail without mark, a head and five lines above": (
        "Okna",
        "To: Sales\nSubject: Okna\nDate: today\n" + "Zdanie.\n" * 5 + gmail("From"),
    ),
    "many recipients on several lines": (
        "FW: Okna",
        block("From:, Sent:, To:, Subject:").replace("To: ", "To: a@x.test,\n b@x.test,\n "),
    ),
    "Yahoo, all in one line": (
        "Fw: Okna",
        "Proszę\n\n   ----- Przekazana wiadomość ----- Od: Anna Klient <anna@customer.test>Do: "
        '"jan@company.test" <jan@company.test>Wysłano: wtorek, 2 listopada 2021Temat: Okna\n Hi\n',
    ),
    "sent on behalf of": (
        "FW: Okna",
        block(EN).replace("Anna Klient", "Ewa <ewa@customer.test> on behalf of Anna Klient"),
    ),
    "a colleague's answer above the customer's": (
        "FW: Okna",
        block(EN).replace("Anna Klient <anna@customer.test>", "Jan Nowak <jan@company.test>")
        + block(EN),
    ),
    "a name without address above one with": (
        "FW: Okna",
        block(EN).replace(" <anna@customer.test>", "") + block(EN),
    ),
}
for _language, _labels in {
    "Danish": "Fra:, Sendt:, Til:, Emne:",
    "Swedish": "Från:, Skickat:, Till:, Ämne:",
    "Finnish": "Lähettäjä:, Lähetetty:, Vastaanottaja:, Aihe:",
    "Hungarian": "Feladó:, Elküldve:, Címzett:, Tárgy:",
    "Romanian": "De la:, Trimis:, Către:, Subiect:",
    "Turkish": "Kimden:, Gönderildi:, Kime:, Konu:",
}.items():
    FORWARDS[f"Outlook in {_language}"] = ("FW: Okna", block(_labels))
for _language, _sentence in {
    "English": 'On 28/10/2021 12:46, "Anna Klient" <anna@customer.test> wrote:',
    "Polish": "Dnia 28/10/2021, 12:46 użytkownik „Anna Klient” <anna@customer.test> napisał:",
    "German": 'Am 28/10/2021, 12:46 schrieb "Anna Klient" <anna@customer.test>:',
    "French": "Le 28/10/2021 12:46, « Anna Klient » <anna@customer.test> a écrit :",
    "Dutch": "Op 28/10/2021 12:46 heeft Anna Klient <anna@customer.test> geschreven:",
    "Czech": "28/10/2021 12:46, Anna Klient <anna@customer.test> napsal(a):",
    "Russian": '28/10/2021, 12:46 пользователь "Anna Klient" <anna@customer.test> написал:',
}.items():
    FORWARDS[f"Outlook on a Mac in {_language}"] = ("FW: Okna", f"\ufeff{_sentence}\n\n    Hi\n")
for _before in ("12:46, ", "12:46 PM ", "4:10 p.m. ", "12:46 Uhr ", "г. ", "kl. 12.46 ", "12 h "):
    FORWARDS[f"a sentence, {_before}and the name"] = (
        "FW: Okna",
        f"28/10/2021 {_before}Anna Klient <anna@customer.test> wrote:\n\n    Hi\n",
    )
NOT_FORWARDS = {
    "an answer of Outlook on a Mac": (
        "Okna",
        'On 28/10/2021 12:46, "Anna Klient" <anna@customer.test> wrote:\n\n    Hi\n',
    ),
    "a sentence without date": ("FW: Okna", "Contact Anna Klient <anna@customer.test>:\n"),
    "a date without address": ("FW: Okna", "On 28/10/2021 Anna wrote:\n\nHi\n"),
    "a sentence about no address": ("FW: Okna", 'On 28/10/2021, "Anna" <the client> wrote:\n'),
    "a sentence about what is no address": ("FW: Okna", 'On 28/10/2021, "Anna" <client> wrote:\n'),
    "one header below the mark of Gmail": (
        "Fwd: Okna",
        "---------- Forwarded message ---------\nFrom: Anna Klient <anna@customer.test>\n\nHi\n",
    ),
    "recipients on five more lines": (
        "FW: Okna",
        "From: Anna Klient <anna@customer.test>\nTo: a\nb\nc\nd\ne\nf\nSent: x\nSubject: y\n",
    ),
    "a head and six lines above": (
        "Okna",
        "To: Sales\nSubject: Okna\nDate: today\n" + "Zdanie.\n" * 6 + gmail("From"),
    ),
    "an answer that quotes a forward further below": (
        "Nowa sprawa",
        "Dziękuję\n\n" + block(EN) + gmail("From"),
    ),
    "an ordinary text": ("Okna", "Dzień dobry,\nproszę o ofertę.\n"),
    "an answer of Outlook": ("RE: Okna", "Dziękuję, pasuje.\n\n" + block(EN, LINE)),
    "an answer of Outlook, nothing above": ("ODP: Okna", block(PL)),
    "an answer to a forward": ("Re: Fwd: Okna", "Dziękuję\n\n" + gmail("Od")),
    "an answer that quotes a forward without mark": ("Re: Okna", gmail("Od")),
    "an answer with another subject": ("Nowa sprawa", "Dziękuję\n\n" + block(EN)),
    "an old Outlook's answer with another subject": (
        "Nowa sprawa",
        "Dziękuję\n\n" + block(EN, "-----Original Message-----\n"),
    ),
    "two headers without any mark": (
        "Okna",
        "From: Anna Klient <anna@customer.test>\nSent: x\n\nHi\n",
    ),
    "a mark without a forward": ("Fwd: Okna", "Zobacz załącznik\n"),
    "a travel plan": ("Trip", "From: Warsaw\nTo: Berlin\nWe need windows in both.\n"),
    "a travel plan with a mark": ("FW: Trip", "From: Warsaw\nTo: Berlin\nPrice: 10\n"),
    "a letter with a subject line": ("Okna", "To: Sales\nSubject: Okna\nDate: today\n\nHello\n"),
    "a forward far below": ("Okna", "Zdanie.\n" * 9 + gmail("From")),
    "a word with a colon as subject": ("Wgl: Okna", "Dzień dobry\n\n" + block(PL)),
    "only the sender's own": (
        "FW: Okna",
        block(EN).replace("Anna Klient <anna@customer.test>", "Jan Nowak <jan@company.test>"),
    ),
    "words about forwarding": ("Okna", "I forwarded message of Anna.\nFrom: Anna\nTo: Jan\n"),
}


@pytest.mark.parametrize(("subject", "text"), FORWARDS.values(), ids=FORWARDS)
def test_forward(subject, text):
    assert read(raw(subject, text)).forwarded == ANNA
    assert read(raw(subject, text).replace(b"\n", b"\r\n")).forwarded == ANNA


@pytest.mark.parametrize(("subject", "text"), FORWARDS.values(), ids=FORWARDS)
def test_forward_in_html_alone(subject, text):
    message = EmailMessage()
    message["From"], message["Subject"] = "Jan Nowak <jan@company.test>", subject
    lines = [line.replace("&", "&amp;").replace("<", "&lt;") for line in text.splitlines()]
    message.set_content(
        "<html><head><style>p:first-child {color: red}</style></head><body><!-- From: x -->"
        + "".join(f"<div><b>{line}</b>\n</div>" for line in lines),
        subtype="html",
    )
    assert read(bytes(message)).forwarded == ANNA


@pytest.mark.parametrize(("subject", "text"), NOT_FORWARDS.values(), ids=NOT_FORWARDS)
def test_no_forward(subject, text):
    assert read(raw(subject, text)).forwarded is None


@pytest.mark.parametrize("name", ["Peter Smith", "R. Smith", "U Thant", "Amr Amin", "Smith O Hara"])
def test_name_in_a_sentence_stays_whole(name):
    text = f"On 28/10/2021 12:46, {name} <anna@customer.test> wrote:\n\n    Hi\n"
    assert read(raw("FW: Okna", text)).forwarded == Party(name, "anna@customer.test")


@pytest.mark.parametrize(("lines", "is_found"), [(3, True), (2, False)])
def test_three_unknown_headers_are_those_of_an_email(lines, is_found):
    head = ["Ede: Anna Klient <anna@customer.test>", "Thẹre: Monday", "Zuu: Jan"][:lines]
    found = read(raw("FW: Okna", "\n".join([*head, "", "Hi"]))).forwarded
    assert found == (ANNA if is_found else None)


@pytest.mark.parametrize("header", ["References", "In-Reply-To"])
@pytest.mark.parametrize(
    ("subject", "text", "expected"),
    [
        ("Okna", block(PL), None),
        ("VS: Okna", block(EN), None),
        ("Okna", gmail("Od"), ANNA),
        ("Fwd: Okna", gmail("Od"), ANNA),
    ],
)
def test_references_are_of_an_answer(subject, text, expected, header):
    assert read(raw(subject, text, f"{header}: <1@company.test>\n")).forwarded == expected


@pytest.mark.parametrize(("above", "is_found"), [(297, True), (298, False)])
def test_300_lines_are_looked_at(above, is_found):
    text = "Zdanie.\n" * above + "From: Anna Klient <anna@customer.test>\nSent: x\nTo: y\n"
    assert bool(read(raw("FW: Okna", text)).forwarded) is is_found


@pytest.mark.parametrize(("length", "is_whole"), [(474, True), (475, False)])
def test_500_characters_of_a_line_are_looked_at(length, is_whole):
    text = f"From: {'a' * length} <anna@customer.test>\nSent: x\nTo: y\n"
    found = read(raw("FW: Okna", text)).forwarded
    assert (found.address == "anna@customer.test") is is_whole


def test_who_forwards_may_have_no_address():
    text = block(EN).replace(" <anna@customer.test>", "")
    message = raw("FW: Okna", text).replace(b" <jan@company.test>\nTo", b"\nTo", 1)
    assert read(message).sender == Party("Jan Nowak", "")
    assert read(message).forwarded == Party("Anna Klient", "")
    assert read(message.replace(b"Anna Klient", b"Jan Nowak")).forwarded is None


def test_nobody_may_forward():
    assert read(raw("FW: Okna", block(EN)).replace(b"From: Jan", b"X: Jan", 1)).forwarded == ANNA


def test_html_of_mail_programs():
    outlook = (
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class=MsoNormal><b><span>From:'
        "</span></b><span> Anna Klient &lt;<a href='mailto:anna@customer.test'>anna@customer.test"
        "</a>&gt; <br><b>Sent:</b> Tuesday<br><b>To:</b> Jan<br><b>Subject:</b> Okna</span></p>"
    )
    thunderbird = (
        "<br>-------- Forwarded Message --------\n<table class='moz-email-headers-table'><tbody>"
        "<tr><th>Subject: </th><td>Okna</td></tr><tr><th>From: </th><td>Anna Klient"
        " &lt;anna@customer.test&gt;</td></tr></tbody></table>"
    )
    for source in (outlook, thunderbird):
        head = f"{JAN}Subject: FW: Okna\nContent-Type: text/html\n\n"
        assert read((head + source).encode()).forwarded == ANNA


def test_only_a_name():
    text = block(EN).replace(" <anna@customer.test>", "")
    assert read(raw("FW: Okna", text)).forwarded == Party("Anna Klient", "")


def test_our_own_people_are_passed_over():
    text = block(EN).replace("Anna Klient <anna@customer.test>", "Ewa <ewa@company.test>")
    text += block(EN)
    assert read(raw("FW: Okna", text)).forwarded == Party("Ewa", "ewa@company.test")
    assert read(raw("FW: Okna", text), {"company.test"}).forwarded == ANNA


def carrying(subject="FW: Okna", note="", count=1, encoding=None):
    message = EmailMessage()
    message["From"], message["Subject"] = "Jan Nowak <jan@company.test>", subject
    message.set_content(note)
    for _index in range(count):
        inner = EmailMessage()
        inner["From"] = "Anna Klient <anna@customer.test>"
        inner.set_content("Dzień dobry")
        message.add_attachment(inner)
    return bytes(message)


def test_message_as_attachment():
    assert read(carrying()).forwarded == ANNA
    assert read(carrying(note="Proszę o kontakt\n" * 20)).forwarded == ANNA
    assert read(carrying("Okna")).forwarded == ANNA
    assert read(carrying("Okna", note="Mail in question attached")).forwarded == ANNA
    assert read(carrying("Re: Okna")).forwarded is None
    assert read(carrying(count=2)).forwarded == ANNA, "both are hers"
    own = carrying().replace(b"Anna Klient <anna@customer.test>", b"Jan <jan@company.test>")
    assert read(own).forwarded is None, "it is the sender's own"
    two = carrying(count=2).replace(b"Anna Klient <anna@", b"Ewa <ewa@", 1)
    assert read(two).forwarded is None, "which of them?"
    two = carrying(count=2).replace(b"<anna@", b"<ewa@", 1)
    assert read(two).forwarded is None, "which of them, though their names are the same?"
    assert (
        read(
            carrying(count=2).replace(b"Anna Klient <anna@customer", b"Ewa <ewa@company", 1),
            {"company.test"},
        ).forwarded
        == ANNA
    ), "the other one is ours"
    assert read(carrying().replace(b"From: Anna", b"X: Anna")).forwarded is None, "of nobody"


def test_message_in_base64():
    head = JAN.encode() + b"Subject: Fwd: x\nContent-Type: message/rfc822\n"
    inner = b"RnJvbTogQW5uYSBLbGllbnQgPGFubmFAY3VzdG9tZXIudGVzdD4KClRleHQK"
    assert read(head + b"Content-Transfer-Encoding: base64\n\n" + inner).forwarded == ANNA
    assert read(head + b"\n\nFrom: Anna Klient <anna@customer.test>\n\nText").forwarded == ANNA


def test_returned_message_is_no_forward():
    report = carrying().replace(b"multipart/mixed", b"multipart/report")
    assert b"multipart/report" in report
    assert read(report).forwarded is None


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-2", "cp1250", "utf-16"])
def test_encodings(encoding, charset):
    if (encoding, charset) == ("8bit", "utf-16"):
        encoding = "base64"  # the only one that carries it
    message = EmailMessage()
    message["From"], message["Subject"] = "Jan <jan@company.test>", "PD: Okna"
    text = block(PL).replace("Klient", "Żółć")
    message.set_content(text.encode(charset), "text", "plain", cte="base64")
    if encoding != "base64":
        message.set_content(text, charset=charset, cte=encoding)
    else:
        message.set_param("charset", charset)
    assert read(bytes(message)).forwarded == Party("Anna Żółć", "anna@customer.test")


def test_text_that_says_nothing_gives_way_to_html():
    message = EmailMessage()
    message["From"], message["Subject"] = "Jan <jan@company.test>", "FW: Okna"
    message.set_content("This message is shown by programs that know HTML.")
    html = block(EN).replace("<", "&lt;").replace("\n", "<br>")
    message.add_alternative(html, subtype="html")
    message.add_attachment(b"x" * 1000, "image", "png", filename="logo.png")
    assert read(bytes(message)).forwarded == ANNA


def test_attached_text_is_not_the_text():
    message = EmailMessage()
    message["From"], message["Subject"] = "Jan <jan@company.test>", "FW: Okna"
    message.set_content("See attached\n")
    message.add_attachment(block(EN), filename="mail.txt")
    assert read(bytes(message)).forwarded is None


def parts(*bodies, head="\n"):
    joined = "".join(f"--b\n{head}{body}\n" for body in bodies)
    kind = "Content-Type: multipart/mixed; boundary=b"
    return f"{JAN}Subject: FW: Okna\n{kind}\n\n{joined}--b--".encode()


def test_parts():
    assert read(parts(block(EN))).forwarded == ANNA, "a part needs no headers"
    assert read(parts(block(EN), "And another text")).forwarded == ANNA
    assert read(parts("A text", block(EN))).forwarded is None, "the first text is the text"
    assert read(parts("A text with --b in a line\n" + block(EN))).forwarded == ANNA
    assert read(parts("\n--b1\n--bb\n" + block(EN))).forwarded == ANNA, "other boundaries"
    assert read(parts(block(EN)).removesuffix(b"--b--")).forwarded == ANNA, "cut off"
    report = "Content-Type: multipart/report; boundary=c\n\n--c\n\nReport\n--c--\n"
    assert read(parts(report, "\n" + block(EN), head="")).forwarded == ANNA
    assert read(parts() + b"\n--b\n\n" + block(EN).encode()).forwarded == ANNA, "after the end"
    assert read(parts().replace(b"--b--", block(EN).encode())).forwarded == ANNA, "no boundary"
    attached = "Content-Disposition: attachment\n\n"
    assert read(parts(block(EN), head=attached)).forwarded is None


def test_only_the_beginning_is_looked_at():
    page = "A long line of a long text\n" * 4000
    picture = "Content-Type: image/png\n\n"
    deep = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(501))
    for text in (
        page[:27_000] + block(EN),
        page + block(EN),
        "From: " + "a" * 500 + " <anna@customer.test>\nSent: x\nTo: y\n",
    ):
        found = read(raw("FW: Okna", text)).forwarded
        assert not found or not found.address
    assert read(parts(*[picture] * 1997, "\n" + block(EN), head="")).forwarded == ANNA
    assert read(parts(*[picture] * 2001, "\n" + block(EN), head="")).forwarded is None
    assert read(parts(picture + page * 3, "\n" + block(EN), head="")).forwarded is None
    assert read(parts(deep + "\n" + block(EN), head="")).forwarded is None
    assert plain(raw("Okna", "A" * 70_000)) == "A" * 65_536


def plain(message):
    return mail_text.content(message).plain


def test_line_end_before_a_boundary_belongs_to_it():
    assert plain(parts("Hi")) == "Hi"


def test_262144_bytes_of_a_body_are_looked_at():
    picture = "Content-Type: image/png\n\n"
    # the pieces around it: 4 and 25 and 1 of the picture, 4 and 1 of the text
    message = parts(picture + "x" * 262_108, "\nHi", head="")
    body = message.index(b"\n\n--b") + 2
    assert message.index(b"Hi\n") == body + 262_143
    assert plain(message) == "H"


@pytest.mark.parametrize(("depth", "text"), [(500, "Hi\n"), (501, "")])
def test_500_levels_of_parts_are_looked_at(depth, text):
    kinds = [f"Content-Type: multipart/mixed; boundary=b{level}" for level in range(depth)]
    marks = "".join(f"{kind}\n\n--b{level}\n" for level, kind in enumerate(kinds))
    assert plain((marks + "\nHi\n").encode()) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            "<style>a</style>b<script>c<br>d</script>e<!-- <p>f -->g &lt;h&gt;\n i<br>j<P>k",
            "beg <h> i\nj\nk",
        ),
        ("<script>a</b>b<script>c</script>d", "d"),
        ("<!-- a </style> b -- c --!>d", "d"),
        ("</style>a</b>b", "ab"),
        ("<div>a</div><div>b</div><div><br></div><p>c</p>\n<p>d</p>", "a\nb\n\nc\n d\n"),
        ("<pre>a\nb\r\n\nc</pre>d", "a\nb\n\nc\nd"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "\ta\t\tb\t\n"),
        ("", ""),
    ],
)
def test_html_to_text(source, text):
    assert mail_html.html_to_text(source) == text


@pytest.mark.parametrize(
    ("recipient", "references", "is_forward"),
    [
        ("sales@company.test", "", True),
        ("sales@other-company.test", "", True),
        ("dana@customer.test", "", False),
        ("sales@company.test", "<1@customer.test>", False),
    ],
    ids=["to us", "to our other company", "to a customer", "an answer"],
)
def test_message_attached_to_a_letter_is_no_forward(recipient, references, is_forward):
    head = f"To: {recipient}\n" + (f"References: {references}\n" if references else "")
    message = head.encode() + carrying("Okna", note="As agreed, attached.")
    found = read(message, {"company.test", "other-company.test"}).forwarded
    assert found == (ANNA if is_forward else None)


@pytest.mark.parametrize(("subject", "note"), [("FW: Okna", "As agreed."), ("Okna", "")])
def test_message_attached_to_a_letter_with_a_mark_or_without_a_word_is_a_forward(subject, note):
    message = b"To: dana@customer.test\n" + carrying(subject, note)
    assert read(message, {"company.test"}).forwarded == ANNA
