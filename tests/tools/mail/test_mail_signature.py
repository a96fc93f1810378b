"""The end of an email: who wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail import signature

BODY = "Good morning,\nhow much is a window for a room of 12 m2, 3 pieces?\n\n"

CASES = {
    "polish": (
        "Pozdrawiam\nJan Kowalski\nOkna i Drzwi Sp. z o.o.\nul. Długa 5, 00-001 Warszawa\n"
        "tel. 22 123 45 67, kom. 600 100 200\nNIP 525-000-11-22",
        ("+48600100200", "Okna i Drzwi Sp. z o.o."),
    ),
    "polish, landline only": (
        "Z poważaniem,\nAnna Lis\nGlas S.A.\ntel.: (22) 123-45-67",
        ("+48221234567", "Glas S.A."),
    ),
    "english": (
        "Best regards,\nJohn Smith\nAcme Ltd.\nT: +44 20 7946 0958 | F: +44 20 7946 0959",
        ("+442079460958", "Acme Ltd."),
    ),
    "german": (
        "Mit freundlichen Grüßen\nKarl Groß\nFenster GmbH & Co. KG\nMobil: +49 1512 3456789",
        ("+4915123456789", "Fenster GmbH & Co. KG"),
    ),
    "dashes": ("-- \nEwa\n+48 600 100 200", ("+48600100200", "")),
    "fax alone": ("Regards\nJohn\nFax: +44 20 7946 0959", ("", "")),
    "tax number is no phone": ("Pozdrawiam\nJan\nNIP 521 123 45 67", ("", "")),
    "by the name": ("Jan Kowalski\nkom. 600 100 200", ("+48600100200", "")),
    "number at the end without a mark": ("Call me: 600 100 200", ("+48600100200", "")),
    "nothing": ("Thanks!", ("", "")),
    "answered mail is somebody else's": (
        "Regards\nJan\n\nOn Mon, 2 Nov 2026 at 10:00 Ben wrote:\n> Ben\n> +48 600 999 888",
        ("", ""),
    ),
    "outlook's block is somebody else's": (
        "Pozdrawiam\nJan\n\nFrom: Ben <ben@company.test>\nSent: Monday\nRegards\n600 999 888",
        ("", ""),
    ),
    "a date is no number": ("Regards\nJan\n2026-11-02 10:15", ("", "")),
    "the company has a place of its own below the name": (
        "JAN KOWALSKI\nGlas S.A.\nul. Długa 5\n00-001 Warszawa\nPoland\nwww.glas.test",
        ("", "Glas S.A."),
    ),
    "what follows the closing words is all read, whoever is named": (
        "Pozdrawiam\nGlas S.A.\nJan Kowalski",
        ("", "Glas S.A."),
    ),
    "empty lines at the end do not count": (
        "Call me: 600 100 200\n\n\n \n\n\n\n\n",
        ("+48600100200", ""),
    ),
    "without a mark the last four lines count": (
        "600 100 200\none\ntwo\nthree",
        ("+48600100200", ""),
    ),
    "without a mark the fifth line from the end does not": (
        "600 100 200\none\ntwo\nthree\nfour",
        ("", ""),
    ),
    "without a mark a line of 59 characters counts": (
        "You had better call in the morning, the number: 600 100 200",
        ("+48600100200", ""),
    ),
    "without a mark a line of 60 characters is a sentence": (
        "You had better call in the mornings, the number: 600 100 200",
        ("", ""),
    ),
    "telephone below a tax number": (
        "Pozdrawiam\nNIP 521 123 45 67\n600 100 200",
        ("+48600100200", ""),
    ),
    "telephone behind a fax": (
        "Pozdrawiam\nFax: 22 123 45 68, tel. 22 123 45 67",
        ("+48221234567", ""),
    ),
    "fax, 20 characters before the number": (
        "Pozdrawiam\nFax:                22 123 45 67",
        ("", ""),
    ),
    "fax, 21 characters before the number": (
        "Pozdrawiam\nFax:                 22 123 45 67",
        ("+48221234567", ""),
    ),
    "company below an address": (
        "Regards\nJohn Smith, sales@acme.ltd, Acme Ltd\nAcme Windows Ltd",
        ("", "Acme Windows Ltd"),
    ),
    "form alone": ("Regards\nJohn\nLtd", ("", "")),
    "form alone in brackets": ("Regards\nJohn\n(Ltd)", ("", "")),
    "form alone behind a stroke": ("Regards\nJohn\n| Ltd.", ("", "")),
    "name behind a stroke": ("Regards\nJohn\n| Acme Ltd. |", ("", "Acme Ltd.")),
    "name of one letter": ("Regards\nJohn\nA Ltd", ("", "A Ltd")),
    "form with 24 characters behind": (
        "Regards\nAcme Ltd, Window and Doors, York",
        ("", "Acme Ltd"),
    ),
    "form in the middle of a sentence": (
        "Regards\nAcme Ltd, Windows and Doors, York",
        ("", ""),
    ),
    "an address that ends like a form": ("Regards\nJan\nWarszawa 00-001", ("", "")),
    "three letters without a closing": ("Glas LLC", ("", "Glas LLC")),
    "small words that join": ("Fenster und Glas GmbH", ("", "Fenster und Glas GmbH")),
    "a small word that joins nothing": ("Doors from Acme Ltd", ("", "")),
    "two letters that are no form without a closing": ("Type SA", ("", "")),
    "three small words": ("Regards\nJan\nWe only need doors, Acme Ltd", ("", "")),
    "a number in front of a form": ("Regards\nJan\nWarszawa 00-001 AG", ("", "")),
    "a sentence with a small first letter": ("Regards\nJan\nin Acme Ltd", ("", "")),
    "a sentence that begins with a product": ("Regards\nJan\niPads of Acme Ltd", ("", "")),
    "a weight": ("I would like to order hinges, about 500 kg\nOskar", ("", "")),
    "a weight in capitals": ("Regards\nOskar\n500 KG", ("", "")),
    "words like forms": (
        "Regards\nOskar\nHotel with spa\nSmith and co\nas before\nla sa",
        ("", ""),
    ),
    "a form in small letters": ("Regards\nOskar\nAcme ag", ("", "")),
    "two letters without a closing": ("Please send Type SA", ("", "")),
    "a sentence that ends with a company": ("We are now working for Acme Ltd", ("", "")),
    "a sentence below the closing": (
        "Regards\nOskar\nPlease note that since today there is also Acme Ltd",
        ("", ""),
    ),
    "a letter that begins with thanks": (
        "Thank you for your quick offer of windows\nA\nB\nC\nD\nWe are Acme Ltd\nE\nF\nG\nH",
        ("", ""),
    ),
    "quoted in bold, as HTML becomes text": (
        "Thanks, I take 10.\nBruno\n\n*From:* Anna Seller <anna@seller.test>\n*Sent:* Monday\n"
        "*To:* Bruno\n*Subject:* Offer\n\nKind regards\nSeller Ltd.\nMobile: +44 7400 123456",
        ("", ""),
    ),
    "quoted in German": (
        "Danke!\n\nAm 26.11.26 um 16:10 schrieb Anna:\nMit freundlichen Grüßen\nSeller GmbH",
        ("", ""),
    ),
}
for _form in (
    "株式会社サンプル",
    "サンプル株式会社",
    "(주)창호",
    "上海门窗有限公司",
    "ООО «Окна»",
    "ТОВ «Вікна»",
    "UAB Langai",
    "SIA Logi",
    "Okna S.A.",
    "Okna s.r.o.",
    "Okna, a.s.",
    "Ventanas S.L.",
    "Janelas Lda.",
    "Janelas Ltda.",
    "Finestre S.r.l.",
    "Finestre SpA",
    "Fenêtres SARL",
    "Fenêtres SAS",
    "Ramen B.V.",
    "Vinduer A/S",
    "Vinduer ApS",
    "Vinduer AS",
    "Fönster AB",
    "Ikkunat Oy",
    "Aknad OÜ",
    "Ablak Kft.",
    "Prozori d.o.o.",
    "Прозорци ЕООД",
    "Pencere A.Ş.",
    "Pencere Ltd. Şti.",
    "Παράθυρα Α.Ε.",
    "Windows Pty Ltd",
    "Windows Inc.",
    "Windows LLC",
    "Windows plc",
    "Fenster KG",
    "Fenster AG",
    "Fenster e.K.",
    "Zakład produkcji okien Jan Kowalski Sp. z o.o.",
):
    CASES[f"form: {_form}"] = (f"Best regards\nJan\n{_form}", ("", _form))
for _closing in (
    "Med vänliga hälsningar,",
    "С уважением,",
    "З повагою",
    "Cordialement,",
    "Atenciosamente,",
    "Saygılarımla",
    "よろしくお願いいたします。",
    "此致",
    "감사합니다.",
    "Ystävällisin terveisin",
    "Lugupidamisega",
    "Ar cieņu",
    "Pagarbiai",
    "Üdvözlettel,",
    "S pozdravem",
    "Lep pozdrav",
    "Με εκτίμηση,",
    "בברכה,",
    "مع التحية",
    "Trân trọng,",
    "ขอแสดงความนับถือ",
    "Cu stimă,",
    "Kind regards from Poland",
    "Regards, John Smith",
    "Pozdrawiam serdecznie",
    "Regards, John Adam Smith",
    "Regards from our",
    "-- ",
    "---",
):
    CASES[f"closing: {_closing}"] = (
        f"{_closing}\n600 100 200\nGlas S.A.\na\nb\nc\nd\ne",
        ("+48600100200", "Glas S.A."),
    )


for _sentence in ("Regards from all of us", "Thanks, we need that today"):
    CASES[f"no closing: {_sentence}"] = (f"{_sentence}\nGlas S.A.\na\nb\nc\nd\ne", ("", ""))


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES)
def test_signature(text, expected):
    assert signature.read(BODY + text, "PL", "Jan Kowalski") == expected


def test_ours_is_no_customers():
    ours = signature.Ours({"+48600100200"}, {"GLAS s.a.", "Okna"}, {"seller.test"})
    text = "Pozdrawiam\nJan\nGlas S.A.\nkom. 600 100 200\ntel. 22 123 45 67"
    assert signature.read(text, "PL", ours=ours) == ("+48221234567", "")
    line = "Pozdrawiam\ntel. 600 100 200, 22 123 45 67"
    assert signature.read(line, "PL", ours=ours).phone == "+48221234567"
    assert signature.read("Pozdrawiam\nOkna Sp. z o.o.", "PL", ours=ours).company == ""
    assert signature.read("Pozdrawiam\nOkna Plus S.A.", "PL", ours=ours).company
    for address in ("anna@seller.test", "anna@mail.Seller.test"):
        assert signature.read(f"{text}\n{address}", "PL", ours=ours) == ("", "")
    for address in ("anna@seller.test.pl", "anna@bestseller.test"):
        assert signature.read(f"{text}\n{address}", "PL", ours=ours).phone


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Regards\n" + "x " * 244 + " 600 100 200", "+48600100200"),
        ("Regards\n" + "x " * 245 + "600 100 200", ""),
        ("a\n" * 9994 + "\n600 100 200", "+48600100200"),
        ("a\n" * 9995 + "600 100 200", ""),
    ],
    ids=[
        "500 characters of a line",
        "501 characters of a line",
        "20,000 characters of a text",
        "20,001 characters of a text",
    ],
)
def test_only_the_beginning_is_read(text, expected):
    assert signature.read(text, "PL").phone == expected


@pytest.mark.parametrize(("lines", "company"), [(12, "Glas S.A."), (13, "")])
def test_a_signature_has_14_lines_at_most(lines, company):
    text = BODY + "Pozdrawiam\nGlas S.A.\n" + "x\n" * lines
    assert signature.read(text, "PL").company == company


@pytest.mark.parametrize(("length", "is_found"), [(80, True), (81, False)])
def test_the_name_of_a_company_has_80_characters_at_most(length, is_found):
    name = "A" * (length - 4) + " Ltd"
    assert signature.read(f"Regards\n{name}", "PL").company == (name if is_found else "")


def test_without_name_and_mark_the_beginning_of_a_text_is_no_signature():
    assert signature.read("Glas S.A.\none\ntwo\nthree\nfour", "PL") == ("", "")


@given(st.text(), st.text(max_size=20))
def test_any_text_is_taken(text, name):
    found = signature.read(text, "PL", name)
    assert len(found.company) <= signature.COMPANY_LENGTH
    assert "\0" not in found.company


def test_a_huge_text_is_quick():
    signature.read("a b\n" * 1_000_000 + "Regards\nJan\n600 100 200", "PL")
    signature.read("(" * 100_000, "PL")
    signature.read(("1 " * 40_000 + "\n") * 3, "PL")
