from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from lead_communications.telephony.line_days import DAY, free_days

START = date(2026, 1, 1)
LAST = START + 20 * DAY


def test_without_other_lines_all_days_are_free():
    assert free_days([], LAST) == [(False, LAST)]


def test_what_is_without_begin_or_end_takes_all():
    assert free_days([(False, False)], LAST) == []
    assert free_days([(False, START)], LAST) == [(START + DAY, LAST)]
    assert free_days([(START, False)], LAST) == [(False, START - DAY)]


def test_what_comes_later_takes_nothing():
    assert free_days([(LAST + DAY, False)], LAST) == [(False, LAST)]


@given(st.lists(st.integers(1, 30), unique=True, max_size=6).map(sorted))
def test_each_day_is_either_taken_or_free(days):
    pairs = zip(days[::2], days[1::2], strict=False)
    taken = [(START + one * DAY, START + other * DAY) for one, other in pairs]
    free = free_days(taken, LAST)
    for number in range(-2, 40):
        day = START + number * DAY
        is_free = [(not first or first <= day) and day <= last for first, last in free]
        is_taken = any(first <= day <= last for first, last in taken)
        assert sum(is_free) == (day <= LAST and not is_taken)
