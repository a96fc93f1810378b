"""Whose mail it is, by what its headers say and the folder it lies in."""

import pytest

from lead_communications.tools.mail.counterpart import find
from lead_communications.tools.mail.reading import read

OWN = {"sales@seller.example", "jan@seller.example"}
FORWARD = "From: Anna <anna@customer.example>\nSent: today\nTo: Jan\nSubject: Doors\n"
FORM = "Name: Ewa\nEmail: ewa@x.example\nPhone: 601 222 333\nMessage: a\n"
NO_ADDRESS = "Name: Ewa\nPhone: 601 222 333\nMessage: a\n"


def counterpart(sender, to, text="Text", role="inbox", subject="Doors", more=""):
    head = f"From: {sender}\nTo: {to}\nSubject: {subject}\n{more}"
    raw = f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()
    return find(read(raw, {"seller.example"}), role, OWN)


@pytest.mark.parametrize(
    ("values", "address", "is_outgoing", "source"),
    [
        # we wrote it, wherever it lies
        (("jan@seller.example", "anna@c.example", "a", "sent"), "anna@c.example", True, "header"),
        (("jan@seller.example", "anna@c.example", "a"), "anna@c.example", True, "header"),
        (
            ("jan@seller.example", "sales@seller.example, ewa@x.example, b@x.example"),
            *("ewa@x.example", True, "header"),
        ),
        (("jan@seller.example", "sales@seller.example", "a", "sent"), "", True, "header"),
        (("jan@alias.example", "anna@c.example", "a", "sent"), "anna@c.example", True, "header"),
        (("jan@seller.example", "ewa@x.example", FORM, "sent"), "ewa@x.example", True, "header"),
        # one of us writes to us
        (("jan@seller.example", "sales@seller.example"), "jan@seller.example", False, "nobody"),
        # a colleague passes a customer's mail on; a customer's forward is the customer's
        (
            ("jan@seller.example", "sales@seller.example", FORWARD, "inbox", "FW: Doors"),
            *("anna@customer.example", False, "forwarded"),
        ),
        (
            ("jan@seller.example", "ewa@x.example", FORWARD, "inbox", "FW: Doors"),
            *("anna@customer.example", False, "forwarded"),
        ),
        (
            ("ewa@x.example", "sales@seller.example", FORWARD, "inbox", "FW: Doors"),
            *("ewa@x.example", False, "header"),
        ),
        (("anna@c.example", "sales@seller.example"), "anna@c.example", False, "header"),
        (
            ("anna@c.example", "sales@seller.example", "a", "spam"),
            "anna@c.example",
            False,
            "header",
        ),
        # accounts of machines, and one that a person has
        (("noreply@x.example", "sales@seller.example"), "noreply@x.example", False, "nobody"),
        (("root@x.example", "sales@seller.example"), "root@x.example", False, "header"),
        (("Nobody", "sales@seller.example"), "", False, "header"),
    ],
)
def test_counterpart(values, address, is_outgoing, source):
    found = counterpart(*values)
    assert (found.party.address, found.is_outgoing, found.source) == (address, is_outgoing, source)


@pytest.mark.parametrize(
    ("reply_to", "text", "name", "phone"),
    [
        ("ewa@x.example", FORM, "Ewa", "601 222 333"),
        ("Ewa Lis via Shop <ewa@x.example>", FORM, "Ewa Lis", "601 222 333"),
        ("other@x.example", FORM, "", ""),
        # of whom the text names the number alone, it is not told whose it is
        ("ewa@x.example", NO_ADDRESS, "Ewa", ""),
        ("ewa@x.example", "Name: Ewa\n", "Ewa", ""),
    ],
)
def test_reply_to_and_the_text_are_of_the_same_person(reply_to, text, name, phone):
    found = counterpart(
        "form@shop.example", "sales@seller.example", text, more=f"Reply-To: {reply_to}\n"
    )
    assert (found.party.name, found.phone, found.source) == (name, phone, "header")
    assert not found.is_outgoing


@pytest.mark.parametrize(
    ("sender", "text", "expected"),
    [
        ("form@shop.example", NO_ADDRESS, ("Ewa", "", "601 222 333", "text")),
        (
            "Ewa Lis <form@shop.example>",
            "Email: ewa@x.example\nMessage: a\n",
            ("Ewa Lis", "ewa@x.example", "", "text"),
        ),
        # an address of ours is not the visitor's
        (
            "form@shop.example",
            FORM.replace("ewa@x", "sales@seller"),
            ("Ewa", "", "601 222 333", "text"),
        ),
        ("Ewa Lis <form@shop.example>", "a", ("Ewa Lis", "form@shop.example", "", "nobody")),
        ("Ewa Lis <sales@seller.example>", "a", ("", "sales@seller.example", "", "nobody")),
    ],
)
def test_what_a_form_tells(sender, text, expected):
    found = counterpart(sender, "sales@seller.example", text)
    assert (found.party.name, found.party.address, found.phone, found.source) == expected
    assert not found.is_outgoing


FROM_SITE = FORWARD.replace("Anna <anna@customer", "Shop <noreply@shop")
PHP = "X-Mailer: PHPMailer\n"
REPLY_TO = "Reply-To: ewa@x.example\n"


@pytest.mark.parametrize(
    ("sender", "text", "subject", "more", "expected"),
    [
        # a colleague passes on what a form sent, or a machine, or a person who writes as in a form
        ("jan", FROM_SITE + FORM, "FW: Doors", "", ("Ewa", "ewa@x.example", "text", True)),
        ("jan", FROM_SITE, "FW: Doors", "", ("", "noreply@shop.example", "nobody", True)),
        (
            *("jan", FORWARD + FORM, "FW: Doors", ""),
            ("Anna", "anna@customer.example", "forwarded", False),
        ),
        ("jan", FORWARD + FORM, "FW: Form", "", ("Ewa", "ewa@x.example", "text", True)),
        # our own form, and one of us who wants the answers elsewhere
        ("sales", "a", "Form", PHP + REPLY_TO, ("", "ewa@x.example", "header", True)),
        ("sales", FORM, "Doors", "", ("Ewa", "ewa@x.example", "text", True)),
        ("sales", "a", "Doors", "", ("", "sales@seller.example", "nobody", False)),
    ],
)
def test_what_comes_for_others(sender, text, subject, more, expected):
    to = "sales@seller.example"
    found = counterpart(f"{sender}@seller.example", to, text, subject=subject, more=more)
    assert (*found.party, found.source, found.is_for_others) == expected
    assert not found.is_outgoing


def test_who_of_us_wants_the_answers_elsewhere_has_written():
    found = counterpart("jan@seller.example", "anna@c.example", more=REPLY_TO)
    assert (found.party.address, found.is_outgoing, found.is_for_others) == (
        *("anna@c.example", True, False),
    )


@pytest.mark.parametrize(
    ("sender", "is_for_others"), [("noreply@x.example", True), ("ewa@x.example", False)]
)
def test_machine_writes_for_others(sender, is_for_others):
    found = counterpart(sender, "sales@seller.example")
    assert found.is_for_others is is_for_others
