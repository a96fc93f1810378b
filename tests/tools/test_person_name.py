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
        ("Kowalski,", ("Kowalski,", "", "")),
        ("", ("", "", "")),
        (None, ("", "", "")),
    ],
)
def test_split(name, parts):
    assert person_name.split(name) == parts


def test_join_leaves_out_what_is_empty():
    assert person_name.join(" Jan ", False, "Kowalski") == "Jan Kowalski"
    assert person_name.join(None, "", " ") == ""


@given(st.text(max_size=60).filter(lambda text: "," not in text))
def test_nothing_of_a_name_is_lost(name):
    assert person_name.join(*person_name.split(name)) == " ".join(name.split())
