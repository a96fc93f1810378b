import pytest

from lead_communications.tools.spreadsheet import harmless


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1+1", "-2", "@SUM(A1)", "\t=1", "\r=1", "{=1}", "+cmd|' /C calc'!A0", "\uff1d1"],
)
def test_what_would_be_calculated_is_text(text):
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("value", ["a=1", "", "+48 22 123-45-67", "+48 22*", 1, False, None, b"=1"])
def test_everything_else_stays(value):
    assert harmless(value) == value
