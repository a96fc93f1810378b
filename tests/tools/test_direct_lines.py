import pytest

from lead_communications.tools import direct_lines


@pytest.mark.parametrize(
    ("switchboard", "line", "digits", "is_behind"),
    [
        ("+49301234560", "+4930123456123", 3, True),
        ("+49301234560", "+493012345612", 3, True),
        ("+49301234560", "+4930123456123", 2, False),
        ("+49301234560", "+4930123456", 3, True),
        ("+48221234100", "+48221234123", 2, True),
        ("+48221234100", "+48221234123", 1, False),
        ("+48221234100", "+48221234223", 2, False),
        ("+12127365000", "+12127365123", 3, True),
        # The switchboard shows the beginning alone.
        ("+4930123456", "+4930123456123", 3, True),
        # Neighbours, of which none is a switchboard
        ("+48221234101", "+48221234123", 3, False),
        # Mobile, free of charge
        ("+48600300100", "+48600300123", 3, False),
        ("+18003569300", "+18003569377", 3, False),
        ("+49301234560", "+4930123456123", 0, False),
        ("+48221234100", "+48221234100", 3, False),
    ],
)
def test_lines_behind_a_switchboard(switchboard, line, digits, is_behind):
    assert (switchboard in direct_lines.switchboards(line, digits)) is is_behind


@pytest.mark.parametrize(
    ("number", "digits", "stem"),
    [
        ("+49301234560", 3, "+4930123456"),
        ("+48221234000", 3, "+48221234"),
        ("+48221234000", 2, "+482212340"),
        ("+48221234123", 3, ""),
        ("+48600300100", 3, ""),
        ("+49301234560", 0, ""),
        ("101", 3, ""),
    ],
)
def test_stem_of_switchboard(number, digits, stem):
    assert direct_lines.stem_of_switchboard(number, digits) == stem


def test_stems_of_a_line_begin_with_the_number_itself():
    assert direct_lines.stems("+4930123456123", 2) == [
        "+4930123456123",
        "+493012345612",
        "+49301234561",
    ]
    assert direct_lines.stems("+48600300123", 2) == []
