import pytest

from lead_communications.tools.mail import address_name, form
from lead_communications.tools.mail.counterpart import find
from lead_communications.tools.mail.form import Visitor
from lead_communications.tools.mail.headers import Headers, Party
from lead_communications.tools.mail.html import html_to_text
from lead_communications.tools.mail.reading import read


def fields(visitor):
    return visitor.name, visitor.address, visitor.phone


@pytest.mark.parametrize(
    "text, expected",
    [
        # Contact Form 7, as people change its template, and as it comes
        (
            "Name: Olga Kania\nE-mail: Olga.Kania@kania.example\nMessage: Price of a door?",
            ("Olga Kania", "olga.kania@kania.example", ""),
        ),
        (
            "From: Olga Kania <olga@kania.example>\nSubject: Doors\n\nMessage Body:\nHello",
            ("Olga Kania", "olga@kania.example", ""),
        ),
        # WPForms and Gravity Forms: the value stands below
        (
            "Name\nOlga Kania\n\nEmail\nolga@kania.example\n\nPhone\n601 222 333\n\nMessage\nhi",
            ("Olga Kania", "olga@kania.example", "601 222 333"),
        ),
        # Shopify
        (
            "Country Code:\nPL\n\nName:\nOlga\n\nEmail:\nolga@kania.example\n\nBody:\nHello",
            ("Olga", "olga@kania.example", ""),
        ),
        # bold in HTML, links in the plain text
        (
            "*Imię i nazwisko:* Jan Żak\n*Adres e-mail*: jan@zak.example<mailto:jan@zak.example>\n"
            "*Telefon kontaktowy:* +48 601 222 333\n*Treść wiadomości:* Ile?",
            ("Jan Żak", "jan@zak.example", "+48 601 222 333"),
        ),
        (
            "> Your Name (required): Jan Żak\n> Your Email *: jan@zak.example\n> Your Message: a",
            ("Jan Żak", "jan@zak.example", ""),
        ),
        ("First Name: Jan\nLast Name: Żak\nEmail: j@zak.example", ("Jan Żak", "j@zak.example", "")),
        ("Imię - Jan\nNazwisko - Żak\nE-mail - j@zak.example", ("Jan Żak", "j@zak.example", "")),
        # other scripts
        (
            "氏名：佐藤 太郎\nメールアドレス：sato@satou.example\n電話番号：03-1234-5678\n"
            "お問い合わせ内容：窓",
            ("佐藤 太郎", "sato@satou.example", "03-1234-5678"),
        ),
        (
            "Имя: Иван Петров\nТелефон: +7 495 123-45-67\nСообщение: Окна",
            ("Иван Петров", "", "+7 495 123-45-67"),
        ),
        (
            "Vor- und Nachname: Eva Groß\nE-Mail-Adresse: eva@gross.example\nNachricht: Hallo",
            ("Eva Groß", "eva@gross.example", ""),
        ),
        (
            "Nom et prénom : Zoé Roux\nAdresse e-mail : zoe@roux.example\nVotre message : Bonjour",
            ("Zoé Roux", "zoe@roux.example", ""),
        ),
        (
            "Nome e cognome: Ugo Re\nIndirizzo email: ugo@re.example\nMessaggio: Ciao",
            ("Ugo Re", "ugo@re.example", ""),
        ),
        (
            "Jméno a příjmení: Jan Dub\nTelefon: 777 123 456\nDotaz: okna",
            ("Jan Dub", "", "777 123 456"),
        ),
        (
            "Ad Soyad: Ali Kaya\nE-posta: ali@kaya.example\nMesajınız: selam",
            ("Ali Kaya", "ali@kaya.example", ""),
        ),
        # the address is confirmed
        (
            "Name: Jan\nEmail: jan@zak.example\nEmail: JAN@zak.example\nMessage: a",
            ("Jan", "jan@zak.example", ""),
        ),
    ],
)
def test_visitor_is_named_by_the_labels(text, expected):
    visitor = form.visitor(text)
    assert fields(visitor) == expected
    assert visitor.is_found


def test_table_of_html_is_read():
    text = html_to_text(
        "<table><tr><td><b>Name</b></td><td>Olga Kania</td></tr>"
        "<tr><th>Email</th><td><a href='mailto:o@kania.example'>o@kania.example</a></td></tr>"
        "</table>"
    )
    assert fields(form.visitor(text)) == ("Olga Kania", "o@kania.example", "")


@pytest.mark.parametrize(
    "text",
    [
        "Hi all, who is in on Monday?\n\nKasia\nTel: 22 123 45 67\nE-mail: kasia@supplier.example",
        # a digest: whoever is taken, the other is lost
        "Name: Ann\nEmail: a@ann.example\n\nName: Bob\nEmail: b@bob.example\nMessage: x",
        "Email: olga@kania.example",
        "Name: Olga Kania\nMessage: no address, no number",
        "",
    ],
)
def test_nobody_is_found(text):
    visitor = form.visitor(text)
    assert not visitor.is_found or not visitor.name


def test_one_line_alone_is_no_form():
    assert not form.visitor("Email: olga@kania.example").is_found
    assert form.visitor("") == form.NO_VISITOR == Visitor("", "", "", 0)


def test_two_numbers_are_nobodys():
    text = "Name: Jan\nPhone: 601 222 333\nMobile: 601 444 555\nMessage: x"
    assert form.visitor(text).phone == ""


@pytest.mark.parametrize(
    "line", ["From: Site <noreply@site.example>", "Email: noreply@site.example"]
)
def test_address_of_nobody_is_no_visitors(line):
    visitor = form.visitor(f"{line}\nName: Jan\nPhone: 601 222 333\nMessage: x")
    assert fields(visitor) == ("Jan", "", "601 222 333")


@pytest.mark.parametrize("name", ["http://spam.example Win", "12345", "x" * 200])
def test_what_is_no_name_is_none(name):
    assert form.visitor(f"Name: {name}\nEmail: a@b.example\nMessage: x").name == ""


@pytest.mark.parametrize(
    "address",
    ["wordpress@shop.example", "www@shop.example", "webform@x.example", "contact-form@x.example"],
)
def test_machine(address):
    assert address_name.is_site(address)


@pytest.mark.parametrize(
    "address", ["jan@shop.example", "info@x.example", "shopov@x.example", "formanek@x.example"]
)
def test_no_machine(address):
    assert not address_name.is_site(address)
    assert not address_name.is_form(address)


@pytest.mark.parametrize(
    "name, sender, address, expected",
    [
        ("Karolina Duda", "wordpress@shop.example", "karolina.duda@gmail.com", "Karolina Duda"),
        ("Łukasz Żak", "info@agency.example", "lukasz@zak.example", "Łukasz Żak"),
        ("Karolina Duda", "wordpress@shop.example", "kd77@gmail.com", "Karolina Duda"),
        ("Karolina Duda", "wordpress@shop.example", "", "Karolina Duda"),
        ("'Hanna Berg' via Shop", "noreply@shop.example", "h1@berg.example", "Hanna Berg"),
        ("Website", "form@agency.example", "anna@wolska.example", ""),
        ("Fair Portal", "leads@fairportal.example", "nils@lang.example", ""),
        ("Blinds Shop", "wordpress@blinds-shop.example", "x1@gmail.com", ""),
        ("Jan Nowak", "jan.nowak@agency.example", "x1@gmail.com", ""),
        ("Jan Nowak", "jan.nowak@agency.example", "office@agency.example", "Jan Nowak"),
        ("Info Studio", "info@studio.example", "x1@gmail.com", ""),
        ("", "form@agency.example", "anna@wolska.example", ""),
        # a word of two letters says nothing
        ("Jo", "info@agency.example", "jo@x.example", ""),
        ("Jan", "info@agency.example", "jan@x.example", "Jan"),
        ("Eva Li", "wordpress@li-shop.example", "x1@gmail.com", "Eva Li"),
        ("Eva Lis", "wordpress@lis-shop.example", "x1@gmail.com", ""),
        ("Contact Form", "wordpress@shop.example", "x1@gmail.com", ""),
        # of two to four words, with capitals
        ("Karolina", "wordpress@shop.example", "kd77@gmail.com", ""),
        ("karolina duda", "wordpress@shop.example", "kd77@gmail.com", ""),
        ("Ana Maria De Sousa", "wordpress@shop.example", "", "Ana Maria De Sousa"),
        ("Ana Maria De Sousa Reis", "wordpress@shop.example", "", ""),
    ],
)
def test_name_in_from(name, sender, address, expected):
    assert form.person_in_from(Party(name, sender), address) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        # from the 81st line on nothing is looked at; empty lines are none
        (["x"] * 78 + ["Name: Jan", "Email: jan@zak.example"], ("Jan", "jan@zak.example", "")),
        (["x"] * 79 + ["Name: Jan", "Email: jan@zak.example"], ("Jan", "", "")),
        (
            ["", "* *"] * 99 + ["Name: Jan", "Email: jan@zak.example"],
            ("Jan", "jan@zak.example", ""),
        ),
        # of a line the first 500 characters
        (["Email:" + "jan@zak.example".rjust(494)], ("", "jan@zak.example", "")),
        (["Email:" + "jan@zak.example".rjust(495)], ("", "jan@zak.exampl", "")),
        # of a name the first 80, if it is so short
        ([f"Name: {'x' * 80}"], ("x" * 80, "", "")),
        ([f"Name: {'x' * 81}"], ("", "", "")),
        ([f"First name: {'x' * 50}", f"Last name: {'y' * 50}"], (f"{'x' * 50} {'y' * 29}", "", "")),
        # more than half of it are letters
        (["Name: ab12"], ("", "", "")),
        (["Name: abc12"], ("abc12", "", "")),
        # the parts of a name
        (["First name: Jan"], ("Jan", "", "")),
        (["Last name: Kot"], ("Kot", "", "")),
        (["Name: Jan", "Last name: Jan"], ("Jan", "", "")),
        (["First name: Jan", "Last name: Jan"], ("Jan", "", "")),
        (["First name: Jan", "Name: Jan Kot"], ("Jan Kot", "", "")),
        (["Nombre: Jan", "Apellidos: Kot"], ("Jan Kot", "", "")),
        (["Name: 12", "Name: Jan"], ("Jan", "", "")),
        # the value stands in the same line or below, and there once
        (["Name:", "", "Jan", "Ewa"], ("Jan", "", "")),
        (["Name:", "Email: jan@zak.example", "Jan"], ("", "jan@zak.example", "")),
        (["Name", "Phone", "601 222 333"], ("", "", "601 222 333")),
        # one number in two spellings
        (["Phone: 601 222 333", "Mobile: +48 601-222-333"], ("", "", "601 222 333")),
        (["Phone: 601 222 333", "Mobile: 501 222 333"], ("", "", "")),
        (["Phone: call me"], ("", "", "")),
        (["Email: <mailto:jan@zak.example>"], ("", "jan@zak.example", "")),
        (["Email: jan@zak.example<mailto:x@y.example>"], ("", "jan@zak.example", "")),
        (["What is your name? Jan"], ("", "", "")),
        (["What is your name?: Jan"], ("Jan", "", "")),
        (["Your the name: Jan"], ("", "", "")),
        (["Name == Jan"], ("", "", "")),
    ],
)
def test_what_is_read_of_labelled_lines(lines, expected):
    assert fields(form.visitor("\n".join(lines))) == expected


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("Name: a", 1),
        ("First name: a\nLast name: b\nName: c", 1),
        ("Last name: b", 1),
        ("Email: a@b.example", 1),
        ("Phone: 601 222 333\nMessage: a", 2),
        ("Name: a\nEmail: a@b.example\nPhone: 1\nMessage: a", 4),
        ("Hello: a", 0),
    ],
)
def test_labels_are_counted_by_what_they_ask_for(text, labels):
    assert form.visitor(text).labels == labels


SENDER = Party("Agency", "info@agency.example")
EWA = Visitor("Ewa Lis", "ewa@x.example", "", 2)


@pytest.mark.parametrize(
    ("head", "sender", "visitor", "score"),
    [
        (b"Subject: Question", SENDER, EWA, 0),
        (b"", SENDER, form.NO_VISITOR, 0),
        (b"", Party("Agency", "wordpress@agency.example"), EWA, 2),
        (b"X-Mailer: PHP/8.2", SENDER, EWA, 1),
        (b"X-Mailer: Outlook", SENDER, EWA, 0),
        (b"X-WPCF7-Content-Type: a\nX-PHP-Script: a", SENDER, EWA, 1),
        (b"", Party("Agency Website", SENDER.address), EWA, 1),
        (b"Subject: Contact us", SENDER, EWA, 1),
        (b"", SENDER, EWA._replace(labels=3), 1),
        # who writes about themselves, in either order of the names
        (b"", Party("Lis Ewa", SENDER.address), EWA, -4),
        (b"", Party("Ewa", SENDER.address), EWA, -4),
        (b"", Party("Ewa Anna Lis", SENDER.address), EWA, -4),
        (b"", Party("Ewa Kot", SENDER.address), EWA, 0),
        (b"", Party("1", SENDER.address), EWA, 0),
        (b"", Party("\u0141uk\u0105\u015b", SENDER.address), EWA._replace(name="Lukas"), -4),
        (b"", SENDER, EWA._replace(address="ewa@agency.example"), -1),
        (b"", Party("Agency", "agency@gmail.com"), EWA, -1),
        (b"", Party("", ""), EWA._replace(address=""), 0),
    ],
)
def test_evidence_of_a_form(head, sender, visitor, score):
    assert form.evidence(Headers(head), sender, visitor) == score


@pytest.mark.parametrize(
    ("address", "is_form"),
    [
        ("Contact-Form@x.example", True),
        ("wordpress@x.example", True),
        ("formanek@x.example", False),
        ("www@x.example", False),
    ],
)
def test_address_of_a_form_and_nothing_else(address, is_form):
    assert address_name.is_form(address) is is_form


@pytest.mark.parametrize(
    ("name", "person"),
    [
        ("Tom via Shop", "Tom"),
        ("'Tom Reis' via Shop", "Tom Reis"),
        ("Tom (via Shop)", "Tom"),
        ("Olivia Reis", "Olivia Reis"),
        ("via Shop", "via Shop"),
    ],
)
def test_name_without_who_passed_it_on(name, person):
    assert form.without_via(name) == person


def mail(sender, subject="Question", text="Name: Ewa\nEmail: ewa@x.example\nMessage: a", more=""):
    head = f"From: {sender}\nTo: sales@seller.example\nSubject: {subject}\n{more}"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def found(raw, own=("sales@seller.example",)):
    counterpart = find(read(raw, {"seller.example"}), "inbox", set(own))
    return counterpart.source, counterpart.party.address


@pytest.mark.parametrize(
    "raw",
    [
        mail("Website <hello@agency.example>"),
        mail("Agency <info@agency.example>", more="X-Mailer: PHPMailer 6.9\n"),
        mail("Agency <info@agency.example>", more="X-PHP-Originating-Script: 33:form.php\n"),
        mail("Agency <info@agency.example>", "Nowe zapytanie ze strony"),
        mail("forms@formhost.example", text="Name: Ewa\nEmail: ewa@x.example"),
        mail("noreply@agency.example", text="Name: Ewa\nEmail: ewa@x.example"),
        mail("sales@seller.example", text="Name: Ewa\nEmail: ewa@x.example"),
        mail("noreply@agency.example", more="Reply-To: sales@seller.example\n"),
    ],
)
def test_form_speaks_for_its_visitor(raw):
    assert found(raw) == ("text", "ewa@x.example")


@pytest.mark.parametrize(
    "raw, sender",
    [
        # a person writes about somebody, or about themselves
        (mail("Jan Kowal <jan@kowal.example>"), "jan@kowal.example"),
        (mail("Ewa <ewa@gmail.com>", "Zapytanie ze strony"), "ewa@gmail.com"),
        (mail("Jan <jan@x.example>", "Enquiry"), "jan@x.example"),
        (mail("Jan Kowal <jan@kowal.example>", "Re: Form"), "jan@kowal.example"),
        (mail("Root <root@jan.example>", text="Hello, what is a door?"), "root@jan.example"),
    ],
)
def test_person_speaks_for_themselves(raw, sender):
    assert found(raw) == ("header", sender)


@pytest.mark.parametrize(
    "sender",
    ["wordpress@shop.example", "no-reply@shop.example", "Form <forms@formhost.example>"],
)
def test_form_that_names_nobody_is_nobody(sender):
    assert found(mail(sender, text="Somebody has called."))[0] == "nobody"
    two = "Name: A\nEmail: a@a.example\n\nName: B\nEmail: b@b.example"
    assert found(mail(sender, text=two))[0] == "nobody"


def test_first_address_of_reply_to_that_is_not_ours():
    more = "Reply-To: office@seller.example, Nils Lang <nils@lang.example>, x@y.example\n"
    raw = mail("leads@fair.example", text="A visitor.", more=more)
    assert found(raw, ("office@seller.example",)) == ("header", "nils@lang.example")


def test_copy_of_a_form_to_its_visitor_is_no_mail_of_ours():
    raw = mail("sales@seller.example").replace(
        b"To: sales@seller.example", b"To: sales@seller.example, ewa@x.example"
    )
    assert found(raw) == ("text", "ewa@x.example")


def test_lines_of_any_length_are_read_quickly():
    text = ("Name: " + "a" * 100_000 + "\n") * 1000 + "\n" * 100_000
    assert form.visitor(text) == Visitor(labels=1)


IN_ONE_LINE = (
    "Name: Jan Kowal Email: jan@kowal.example Phone: 601 222 333",
    "Imię i nazwisko: Jan Kowal, E-mail: jan@kowal.example, Telefon: 601 222 333",
    "Name: Jan Kowal | Email: jan@kowal.example | Phone: 601 222 333",
    "Vorname: Jan Nachname: Kowal\nE-Mail: jan@kowal.example Telefon: 601 222 333",
    "full_name: Jan Kowal\nphone_number: 601 222 333\nemail: jan@kowal.example",
    "Auftraggeber: Jan Kowal\nTelefon: 601 222 333\nE-Mail: jan@kowal.example",
    "姓名：Jan Kowal 邮箱：jan@kowal.example 电话：601 222 333",
)


@pytest.mark.parametrize("text", IN_ONE_LINE)
def test_fields_in_one_line(text):
    found = form.visitor(text)
    assert (found.name, found.address, found.phone) == (
        "Jan Kowal",
        "jan@kowal.example",
        "601 222 333",
    )


def test_a_sentence_with_a_colon_is_no_field():
    assert form.visitor("I ask you for this, name: Jan Email: jan@kowal.example").labels == 0


LABELS_OF = {
    "is": ("Nafn", "Netfang", "Sími"),
    "ga": ("Ainm", "Ríomhphost", "Fón"),
    "mt": ("Isem", "Email", "Telefon"),
    "mk": ("Име", "Е-пошта", "Телефон"),
    "sq": ("Emri", "Email", "Telefoni"),
    "ca": ("Nom", "Correu electrònic", "Telèfon"),
    "eu": ("Izena", "Posta elektronikoa", "Telefonoa"),
    "hi": ("नाम", "ईमेल", "फ़ोन"),
    "fa": ("نام", "ایمیل", "تلفن"),
    "ka": ("სახელი", "ელფოსტა", "ტელეფონი"),
    "be": ("Імя", "Пошта", "Тэлефон"),
    "sk": ("Meno", "E-mail", "Telefón"),
}


@pytest.mark.parametrize("labels", LABELS_OF.values(), ids=LABELS_OF)
def test_labels_of_smaller_languages(labels):
    values = ("Jan Kowal", "jan@kowal.example", "601 222 333")
    lines = [f"{label}: {value}" for label, value in zip(labels, values, strict=True)]
    found = form.visitor("\n".join(lines))
    assert (found.name, found.address, found.phone) == values
