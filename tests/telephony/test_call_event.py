from dataclasses import replace
from datetime import datetime
from functools import reduce
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from provider_checks import gist

from lead_communications.telephony.call_event import (
    DIRECTIONS,
    RESULTS,
    CallEvent,
    merge,
    merge_all,
)

moments = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 2))
# Few letters, so that texts of one length, equal ones and empty ones meet often.
texts = st.text("ab", max_size=2)
events = st.builds(
    CallEvent,
    external_id=st.just("1795305367.0"),
    direction=st.sampled_from(DIRECTIONS),
    number=texts,
    contact_name=texts,
    line_number=texts,
    extension=texts,
    result=st.sampled_from(RESULTS),
    start=moments,
    answer=moments,
    end=moments,
    talk_seconds=st.integers(0, 9),
    recording=texts,
    is_first=st.booleans(),
    is_by_person=st.booleans(),
    is_exact=st.booleans(),
    is_aside=st.booleans(),
)


def event(**values):
    return CallEvent(**{"external_id": "1", "direction": "incoming", **values})


@given(events, events)
def test_merge_is_commutative(a, b):
    assert merge(a, b) == merge(b, a)


@given(events, events, events)
def test_merge_is_associative(a, b, c):
    assert merge(merge(a, b), c) == merge(a, merge(b, c))


@given(events)
def test_single_report_says_what_its_leg_says(a):
    """The short way to it and the long one are the same."""
    assert gist(replace(a, legs=a.known_legs)) == gist(a)
    assert replace(a, legs=a.known_legs) == a


@given(events)
def test_merge_is_idempotent(a):
    assert merge(a, a) == a


@given(events, events)
def test_merging_a_report_again_changes_nothing(a, b):
    assert merge(merge(a, b), b) == merge(a, b)


def test_all_orders_and_repeats_give_the_same_call():
    reports = [
        event(start=datetime(2026, 3, 1, 9, 0, 0), number="600111222"),
        event(result="missed", extension="103", start=datetime(2026, 3, 1, 9, 0, 1)),
        event(result="busy", extension="102", end=datetime(2026, 3, 1, 9, 0, 9)),
        event(
            result="answered",
            extension="101",
            answer=datetime(2026, 3, 1, 9, 0, 5),
            end=datetime(2026, 3, 1, 9, 1, 5),
            talk_seconds=60,
            recording="a.wav",
        ),
        event(direction="outgoing", number="+48600999888", result="no_answer", extension="carrier"),
    ]
    expected = event(
        number="600111222",
        extension="101",
        result="answered",
        start=datetime(2026, 3, 1, 9, 0, 0),
        answer=datetime(2026, 3, 1, 9, 0, 5),
        end=datetime(2026, 3, 1, 9, 1, 5),
        talk_seconds=60,
        recording="a.wav",
    )
    for order in permutations(reports):
        assert gist(reduce(merge, order)) == expected
        assert gist(reduce(merge, (*order, *order[:2]))) == expected


def test_stronger_result_wins():
    ranked = ["answered", "voicemail", "missed", "busy", "rejected", "canceled", "failed", ""]
    for stronger, weaker in pairwise(ranked):
        merged = merge(event(result=weaker), event(result=stronger))
        assert merged.result == stronger


@pytest.mark.parametrize(
    ("direction", "result"),
    [("incoming", "missed"), ("internal", "missed"), ("outgoing", "no_answer")],
)
def test_unanswered_is_named_after_the_direction(direction, result):
    assert event(direction=direction, result="missed").result == result
    assert event(direction=direction, result="no_answer").result == result


def test_extension_is_whose_leg_gave_the_result():
    answered = event(result="answered", extension="101")
    rang = event(result="missed", extension="100")
    assert merge(rang, answered).extension == "101"
    # Answered by somebody unknown is not answered by whom it merely rang at.
    assert merge(rang, replace(answered, extension="")).extension == ""
    # Two reports of the same leg: one may know nobody.
    assert merge(answered, replace(answered, extension="")).extension == "101"


def test_counterpart_is_that_of_the_leg_that_gives_the_direction():
    anonymous = event(number="")
    forwarded = event(direction="outgoing", number="+48600999888")
    merged = merge(forwarded, anonymous)
    assert (merged.direction, merged.number) == ("incoming", "")


def test_fuller_text_wins():
    merged = merge(event(contact_name="Jan"), event(contact_name="Jan Kowalski"))
    assert merged.contact_name == "Jan Kowalski"
    assert merge(event(recording="b"), event(recording="a")).recording == "a"


def test_no_time_is_before_the_start():
    broken = event(start=datetime(2026, 3, 1, 9), end=datetime(2026, 3, 1, 8))
    assert broken.end == broken.start
    assert event(end=datetime(2026, 3, 1, 9)).start == datetime(2026, 3, 1, 9)


def test_different_calls_stay_apart():
    with pytest.raises(ValueError, match="different calls"):
        merge(event(), event(external_id="2"))
    assert list(merge_all([event(), event(external_id="2"), event()])) == ["1", "2"]


@pytest.mark.parametrize("values", [{"direction": ""}, {"result": "ANSWERED"}])
def test_unknown_words_are_refused(values):
    with pytest.raises(ValueError, match="unknown"):
        event(**values)


def test_report_that_tells_nothing_more_is_of_a_call_that_is_going_on():
    bare = CallEvent(external_id="1", direction="incoming")
    assert (bare.result, bare.talk_seconds, bare.start, bare.end) == ("", 0, None, None)


def test_earliest_time_is_the_start_if_none_is_given():
    known = event(answer=datetime(2026, 3, 1, 9, 0, 5), end=datetime(2026, 3, 1, 9, 1, 5))
    assert known.start == datetime(2026, 3, 1, 9, 0, 5)
    given = event(start=datetime(2026, 3, 1, 9), answer=datetime(2026, 3, 1, 8))
    assert (given.start, given.answer) == (datetime(2026, 3, 1, 9), datetime(2026, 3, 1, 9))
