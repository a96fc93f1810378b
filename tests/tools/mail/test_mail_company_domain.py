import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.mail.company_domain import company_of_domain, is_of_many


@pytest.mark.parametrize(
    ("domain", "company"),
    [
        ("acme.com", "Acme"),
        ("ACME.com.", "Acme"),
        ("mail.acme.com", "Acme"),
        ("info.pl", "Info"),
        ("media.pl", "Media"),
        ("xn--kna-0na.acme.pl", "Acme"),
        ("mail.acme.co.uk", "Acme"),
        ("okna-drzwi.com.pl", "Okna Drzwi"),
        ("okna.krakow.pl", "Okna"),
        ("3m.com", "3m"),
        ("innova.pl", "Innova"),
    ],
)
def test_a_domain_of_its_own_names_the_company(domain, company):
    assert company_of_domain(domain, "Jan Morawski", "jan.morawski") == company


@pytest.mark.parametrize(
    "domain",
    [
        # nobody's
        *("example.com", "example.org", "mail.example.net", "example.co.uk", "example.pl"),
        *("acme.test", "acme.invalid", "acme.localhost", "acme.local", "localhost"),
        *("przyklad.pl", "twojadomena.pl", "yourcompany.com", "[192.168.0.1]", "10.0.0.7", "", "."),
        # of everybody
        *("gmail.com", "poczta.onet.pl", "mail.wp.pl", "web.de", "mail.ru"),
        # of the customers of a provider of lines, of machines, of shops
        *("toya.net.pl", "vectra.pl", "t-ipconnect.de", "plus.com", "rr.com", "tampabay.rr.com"),
        *("acme.onmicrosoft.com", "acme.home.pl", "acme.wixsite.com", "vps123.ovh.net"),
        *("acme.myshopify.com", "acme.github.io", "em123.acme.sendgrid.net", "googlegroups.com"),
        *(
            "privaterelay.appleid.com",
            "users.noreply.github.com",
            "allegromail.pl",
            "m.facebook.com",
        ),
        # of schools
        *(
            "harvard.edu",
            "students.mimuw.edu.pl",
            "ox.ac.uk",
            "uni-koeln.de",
            "student.tu-berlin.de",
        ),
        *("unimelb.edu.au", "univ-lyon1.fr", "uj.pl", "student.agh.edu.pl", "uniwersytet.pl"),
        # not to be read
        *("xn--kna-0na.pl", "shop.xn--kna-0na.pl", "123.pl", "um.krakow.pl", "mf.gov.pl"),
    ],
)
def test_what_is_of_nobody_or_of_many_names_no_company(domain):
    assert company_of_domain(domain, "Ewa Lis", "ewa.lis") == ""


@pytest.mark.parametrize(
    ("domain", "expected"),
    [
        *(("gmail.com", True), ("toya.net.pl", True), ("ox.ac.uk", True), ("example.org", True)),
        *(("windows.example.com", True), ("acme.home.pl", True), ("acme.pl", False), ("", False)),
        # whose it is, it is of one
        *(("kowalski.pl", False), ("um.krakow.pl", False)),
    ],
)
def test_who_writes_from_a_domain_of_many_need_not_know_the_others(domain, expected):
    assert is_of_many(domain) is expected


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("jan@kowalski.pl", ""),
        ("jan@kowalski.pl", "Jan Kowalski"),
        ("kowalski@kowalski.pl", ""),
        ("mail@jankowalski.pl", "Jan Kowalski"),
        ("jan.kowalski@jankowalski.pl", ""),
        ("info@jan-kowalski.pl", "Jan Kowalski"),
        ("mail@kowalski-jan.pl", "Jan Kowalski"),
        ("me@jkowalski.pl", "Jan Kowalski"),
        ("anna@dabrowska.pl", ""),
        ("lukasz@wisniewski.pl", "Łukasz Wiśniewski"),
        ("kontakt@hansmueller.de", "Hans Müller"),
        ("hans@mueller.de", "Hans Müller"),
        ("jane@doe.name", ""),
        ("jane@janedoe.com", "Jane Doe"),
        ("jane@doe.co.uk", "DOE, Jane"),
        ("o.petrenko@petrenko.com.ua", ""),
    ],
)
def test_a_domain_of_one_person_names_no_company(address, name):
    local, _at, domain = address.partition("@")
    assert company_of_domain(domain, name, local) == ""


@pytest.mark.parametrize(
    ("address", "name", "company"),
    [
        # an office: the firm of somebody
        ("biuro@kowalski.pl", "", "Kowalski"),
        ("biuro@kowalski.pl", "Jan Kowalski", "Kowalski"),
        ("info@acme.com", "Acme Windows", "Acme"),
        # the trade is in the name
        ("anna@nowak-okna.pl", "Anna Nowak", "Nowak Okna"),
        ("jan@acme.com", "Jan Kowalski", "Acme"),
        ("j.kowalski@okna.pl", "", "Okna"),
    ],
)
def test_the_firm_of_somebody_is_one(address, name, company):
    local, _at, domain = address.partition("@")
    assert company_of_domain(domain, name, local) == company


@given(st.text(), st.text(max_size=20), st.text(max_size=20))
def test_any_text_is_taken(domain, name, local):
    assert isinstance(company_of_domain(domain, name, local), str)
