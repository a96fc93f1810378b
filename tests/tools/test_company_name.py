import pytest

from lead_communications.tools import company_name

SAME = [
    ("Acme", "ACME"),
    ("Acme Sp. z o.o.", "ACME sp. z o. o."),
    ("Acme Sp. z o.o.", "Acme sp.z o.o."),
    ("Acme Sp. z o.o.", "Acme spółka z o.o."),
    ("Acme Sp. z o.o.", "ACME Spółka z ograniczoną odpowiedzialnością"),
    ("Acme Sp. z o.o.", "„Acme” Sp. z o.o."),
    ("Acme Sp. z o.o. sp. k.", "Acme spółka z o.o. sp.k."),
    ("Acme S.A.", "Acme SA"),
    ("Acme S.A.", "ACME S. A."),
    ("Acme S.A.", "Acme Spółka Akcyjna"),
    ("Żółć Łódź S.A.", "ZOLC LODZ SA"),
    ("Cafe\u0301 Noir SARL", "Café Noir S.A.R.L."),
    ("Müller GmbH", "Mu\u0308ller G.m.b.H."),
    ("Müller GmbH", "Müller Gesellschaft mit beschränkter Haftung"),
    ("Müller GmbH & Co. KG", "Müller GmbH und Co KG"),
    ("Weiß AG", "Weiss Aktiengesellschaft"),
    ("O'Neil Ltd.", "O’NEIL LIMITED"),
    ("Smith & Sons Ltd", "Smith  & Sons, Limited"),
    ("Foo, Inc.", "Foo Incorporated"),
    ("Foo L.L.C.", "foo llc"),
    ("Foo SAS", "S. A. S. Foo"),
    ("Jansen B.V.", "Jansen BV"),
    ("Novák s.r.o.", "Novak, spol. s r. o."),
    ("Møller A/S", "Moller AS"),
    ("Kovács Kft.", "KOVACS KFT"),
    ("ООО «Окна»", "Окна, ООО"),
    ("UAB Langai", "Langai, UAB"),
    ("株式会社サンプル", "サンプル 株式会社"),
    ("株式会社サンプル", "サンプル㈱"),
    ("株式会社サンプル", "（株）サンプル"),
    ("有限会社ガラス", "ガラス(有)"),
    ("주식회사 삼성", "삼성㈜"),
    ("주식회사삼성", "(주) 삼성"),
    ("ООО «Окна»", "Общество с ограниченной ответственностью «Окна»"),
    ("ИП Йотов", "Йотов, индивидуальный предприниматель"),
    ("ТОВ «Вікна»", "Товариство з обмеженою відповідальністю «Вікна»"),
    ("UAB Langai", "Uždaroji akcinė bendrovė Langai"),
    ("Acme Pty Ltd", "ACME Pty. Limited"),
    ("Acme Pvt. Ltd.", "Acme Private Limited"),
    ("Acme Co., Ltd.", "Acme Company Limited"),
    ("Acme Pte Ltd", "Acme Pte. Limited"),
    ("ＡＣＭＥ Ltd", "Acme Ltd."),
    ("PHU Kowalski Jan", "P.H.U. Kowalski Jan"),
    ("Acme\u00a0Polska", "Acme Polska"),
]
SIMILAR = [
    ("Acme", "Acme Sp. z o.o."),
    ("Acme S.A.", "Acme Sp. z o.o."),
    ("Müller GmbH", "Müller GmbH & Co. KG"),
    ("Metal-Bud", "Metalbud"),
    ("Casa", "Casa S.A."),
    ("Atlas", "Atlas AS"),
]
OTHER = [
    ("Acme", "Acme Polska"),
    ("Ca", "Casa"),
    ("SA", "AS"),
    ("Vi SA", "Visa"),
    ("", ""),
    ("!!!", "???"),
    ("Kowalski", "Kowalska"),
    ("Kowalski i Syn", "Kowalski"),
    ("Окна", "Okna"),
]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        *((*pair, "same") for pair in SAME),
        *((*pair, "similar") for pair in SIMILAR),
        *((*pair, "") for pair in OTHER),
    ],
)
def test_compare(one, other, found):
    assert company_name.compare(one, other) == found
    assert company_name.compare(other, one) == found


@pytest.mark.parametrize(
    ("name", "form"),
    [("Foo S. A. S.", "sas"), ("Foo Ltd. S.A.", "ltd sa"), ("Foo GmbH & Co. KG", "gmbhcokg")],
)
def test_each_form_is_told_once_and_in_one_spelling(name, form):
    assert company_name.read(name) == ("foo", form)


@pytest.mark.parametrize("name", ["SA", "Sp. z o.o.", "株式会社", "PHU", "Co", None])
def test_a_form_alone_is_no_form(name):
    if name and name != "株式会社":
        assert company_name.read(name).core
    assert company_name.compare(name, "Acme") == ""


@pytest.mark.parametrize("word", ["sa ", "sp z o o ", "(株)", "ﷺ", "a,"])
def test_what_is_too_long_for_a_name_is_compared_as_it_stands(word):
    # With the patterns it would take minutes.
    text = word * 30_000
    assert company_name.compare(text, text.upper()) == "same"
    assert company_name.read(f"{text}Ltd").form == ""


def test_the_longest_name_has_a_form():
    name = "x" * (company_name.LONGEST - 4) + " Ltd"
    assert company_name.read(name).form == "ltd"
    assert company_name.read(f"x{name}").form == ""
