import contextlib
import sqlite3

import pytest

from lead_communications.tools import address
from lead_communications.tools.exception_key import spellings

LETTERS, ASCII = "info@müller-fenster.example", "info@xn--mller-fenster-wob.example"


def test_a_domain_has_two_spellings():
    assert spellings("müller-fenster.example") == spellings("xn--mller-fenster-wob.example")
    assert set(address.same_addresses(LETTERS)) == {LETTERS, ASCII}
    assert set(address.same_addresses(ASCII)) == {LETTERS, ASCII}
    assert address.same_addresses("info@acme.example") == ["info@acme.example"]
    assert address.same_addresses("") == address.same_addresses(None) == []
    assert address.same_domains({"acme.example", "müller.example"}) == {
        "acme.example",
        "müller.example",
        "xn--mller-kva.example",
    }


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (LETTERS, ASCII, True),
        ("jan.kowalski@gmail.com", "jankowalski+windows@googlemail.com", True),
        ("jan+a@outlook.com", "jan@outlook.com", True),
        ("ja.n@outlook.com", "jan@outlook.com", False),
        ("jan@hotmail.com", "jan@outlook.com", False),
        ("jan+a@acme.example", "jan@acme.example", False),
        ("ja.n@acme.example", "jan@acme.example", False),
        ("ja.n@yahoo.com", "jan@yahoo.com", False),
        ("jan@acme.example", "jan@acme.test", False),
    ],
)
def test_compared_as_the_provider_does_where_that_is_known(one, other, is_same):
    assert (address.compared(one) == address.compared(other)) is is_same


@pytest.mark.parametrize(
    ("one", "key"),
    [
        ("jan.kowalski+windows@googlemail.com", "jankowalski@gmail.com"),
        ("jan@gmail.com", "jan@gmail.com"),
        ("ja.n+a@outlook.com", "ja.n@outlook.com"),
        ("jan@msn.com", "jan@msn.com"),
        ("ja.n+a@acme.example", ""),
    ],
)
def test_the_database_finds_the_same_key(one, key):
    assert address.mailbox_key(one) == key
    sql, condition = address.mailbox_sql("address")
    with contextlib.closing(sqlite3.connect(":memory:")) as database:
        database.create_function("split_part", 3, split_part, deterministic=True)
        database.execute("CREATE TABLE mail (address)")
        database.execute(f"CREATE INDEX by_mailbox ON mail {address.mailbox_index('address')}")
        database.execute("INSERT INTO mail VALUES (?)", [one])
        found = database.execute(f"SELECT {sql} FROM mail WHERE {condition}").fetchall()
    assert found == ([(key,)] if key else [])


def split_part(text, mark, number):
    return [*text.split(mark), ""][number - 1]


def test_what_is_no_address_is_compared_as_it_is():
    assert address.compared("jan") == "jan"
    assert address.compared(None) == ""
    assert address.mailbox_key("jan@acme.example") == address.mailbox_key("") == ""
