import pytest
from hypothesis import given
from hypothesis import strategies as st

from lead_communications.tools.spreadsheet import harmless, original


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "{=1}", "+cmd|' /C calc'!A0", "\uff1d1"],
)
def test_what_would_be_calculated_is_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["a=1", "", "+48 22 123-45-67", "+48 22*", 1, False, None, b"=1"])
def test_everything_else_stays(value):
    assert harmless(value) == value


@given(st.text("'=+-@{ex48 ", max_size=6) | st.from_regex(r"\A'{0,3}external:"))
def test_what_was_exported_is_read_back_as_it_was(text):
    assert original(harmless(text)) == text


def test_a_number_is_read_back_from_a_file_in_which_odoo_marked_it():
    assert original("'+48 22 123 45 67") == "+48 22 123 45 67"
