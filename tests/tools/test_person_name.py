import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools import person_name


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Jan Kowalski", ("Jan", "", "Kowalski")),
        ("Anna Maria Nowak-Lis", ("Anna", "Maria", "Nowak-Lis")),
        ("Kowalski, Jan", ("Jan", "", "Kowalski")),
        ("de la Cruz, Juan Carlos", ("Juan", "Carlos", "de la Cruz")),
        ("  Jan \t Kowalski ", ("Jan", "", "Kowalski")),
        ("Jan", ("Jan", "", "")),
        ("dr Jan Kowalski", ("Jan", "", "Kowalski")),
        ("Mr. John Smith Jr.", ("John", "", "Smith")),
        ("Jan Kowalski, Prezes", ("Jan", "", "Kowalski")),
        ("Jan Kowalski, Prezes Zarządu", ("Jan", "", "Kowalski")),
        ("Kowalski, Jan, Dyrektor", ("Jan", "", "Kowalski")),
        ("Smith, John, PhD", ("John", "", "Smith")),
        ("John Smith, MBA", ("John", "", "Smith")),
        ("Vincent van der Berg", ("Vincent", "", "van der Berg")),
        ("Maria de la Cruz", ("Maria", "", "de la Cruz")),
        ("Maria Luisa de la Cruz", ("Maria", "Luisa", "de la Cruz")),
        ("Anna De Marco", ("Anna", "", "De Marco")),
        ("Maria dos Santos Silva", ("Maria", "", "dos Santos Silva")),
        ("José Ortega y Gasset", ("José", "", "Ortega y Gasset")),
        ("van Gogh", ("", "", "van Gogh")),
        ("Al Pacino", ("Al", "", "Pacino")),
        ("prof. dr hab. Anna Nowak-Kowalska", ("Anna", "", "Nowak-Kowalska")),
        ("mgr inż. Piotr Zieliński", ("Piotr", "", "Zieliński")),
        ("Pani Anna Maria Wiśniewska", ("Anna", "Maria", "Wiśniewska")),
        ("Herr Dr. Hans Müller", ("Hans", "", "Müller")),
        ("M. Pierre Dupont", ("Pierre", "", "Dupont")),
        ("Señora Ana García", ("Ana", "", "García")),
        ("Anna Kowalska – CEO", ("Anna", "", "Kowalska")),
        ("Jan Kowalski | Acme", ("Jan", "", "Kowalski")),
        ("Jan Kowalski (Acme)", ("Jan", "", "Kowalski")),
        ('Jan "Janek" Kowalski', ("Jan", "", "Kowalski")),
        ("P. Kowalski", ("", "", "Kowalski")),
        ("Herr Müller", ("", "", "Müller")),
        ("J. R. R. Tolkien", ("J.", "R. R.", "Tolkien")),
        ("Anna Nowak - Lis", ("Anna", "", "Nowak")),
        ("Dr", ("Dr", "", "")),
        ("Don Johnson", ("Don", "", "Johnson")),
        ("Di Novak", ("Di", "", "Novak")),
        ("Jack Ma", ("Jack", "", "Ma")),
        ("M Dupont", ("M", "", "Dupont")),
        ("(Acme)", ("(Acme)", "", "")),
        ("王小明", ("王小明", "", "")),
        ("Kowalski,", ("Kowalski,", "", "")),
        ("Kowalski,, Jan", ("Jan", "", "Kowalski")),
        (", Jan", ("Jan", "", "")),
        ("Kowalski Jr.", ("", "", "Kowalski")),
        ("Kowalski, Dr PhD", ("PhD", "", "Kowalski")),
        ("", ("", "", "")),
        (None, ("", "", "")),
    ],
)
def test_split(name, parts):
    assert person_name.split(name) == parts


def test_join_leaves_out_what_is_empty():
    assert person_name.join(" Jan ", False, "Kowalski") == "Jan Kowalski"
    assert person_name.join(None, "", " ") == ""


# Nothing but names: no titles, no signs.
_WORDS = st.lists(
    st.sampled_from(["Jan", "Ola", "Kowalska-Lis", "O'Neil", "Li", "Łoś"]), max_size=5
)


@given(_WORDS)
def test_nothing_of_a_name_is_lost(words):
    assert person_name.join(*person_name.split("  ".join(words))) == " ".join(words)


@given(st.text(max_size=60))
def test_any_text_is_taken_and_a_name_is_left(text):
    parts = person_name.split(text)
    assert bool("".join(parts)) is bool(text.split())


def test_many_titles_are_left_out_at_once():
    # A title at a time, each with a copy of the rest, would take minutes.
    assert person_name.split("dr " * 100_000 + "Jan Kowalski") == ("Jan", "", "Kowalski")
