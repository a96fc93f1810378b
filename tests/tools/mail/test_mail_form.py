import pytest

from lead_communications.tools.mail import address_name, form
from lead_communications.tools.mail.counterpart import find
from lead_communications.tools.mail.form import Visitor
from lead_communications.tools.mail.headers import Party
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
    ],
)
def test_name_in_from(name, sender, address, expected):
    assert form.person_in_from(Party(name, sender), address) == expected


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
