"""Whose a call is, and how long people spoke: transfers, parking, pick-up, forwarding, queues.

Each call is reported as a push, as call records and by the manager interface; by each way, by all
of them, and in every order it is the same.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from asterisk_reports import (
    ANNA,
    BEN,
    BOARD,
    CUSTOMER,
    EPOCH,
    LINE,
    MOBILE,
    OTHER,
    brought_together,
    by_manager_interface,
    channel,
    dial,
    events,
    facts,
    fetched,
    hung_up,
    known,
    moment,
    picked_up,
    push,
    row,
    spoke,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from lead_communications.telephony.conversation import Speaker, last_speaker


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of call: what is reported of it by each way, and what it was."""

    cdr: list
    ami: list = field(default_factory=list)
    push: list = field(default_factory=list)
    owner: int | None
    agent: str
    seconds: int
    #: Everybody who spoke, and for how long.
    spoke: dict[str, int]
    direction: str = "incoming"
    number: str = CUSTOMER
    line: str = LINE
    result: str = "answered"
    #: A push alone cannot know it all: how long somebody spoke whom nobody dialled.
    is_push_enough: bool = True


FROM_ANNA = {"Channel": channel("101", 1), "CallerIDNum": "101", "Context": "from-internal"}
OUTSIDE = {"DialString": f"{MOBILE}@carrier", "DestCallerIDNum": MOBILE}
BLIND = Kind(
    cdr=[
        row(0, 5, 20, called=("101", 2)),
        row(20, 25, 625, called=("102", 3), dst="102"),
    ],
    ami=[
        dial(0, "101"),
        picked_up(5, "101"),
        dial(20, "102", 3, Exten="102"),
        picked_up(25, "102", 3, Exten="102"),
        hung_up(625),
    ],
    push=[push(625, peer="102", answered=600, agent="101", spoke=spoke(("101", 15, 20)))],
    owner=BEN,
    agent="102",
    seconds=615,
    spoke={"101": 15, "102": 600},
)
KINDS = {
    "plain": Kind(
        cdr=[row(0, 5, 65)],
        ami=[dial(0, "101"), picked_up(5, "101"), hung_up(65)],
        push=[push(65, peer="101", answered=60)],
        owner=ANNA,
        agent="101",
        seconds=60,
        spoke={"101": 60},
    ),
    "blind transfer": BLIND,
    # Whose text is smaller says nothing.
    "blind transfer, the other way": Kind(
        cdr=[row(0, 5, 20, called=("102", 2)), row(20, 25, 625, called=("101", 3), dst="101")],
        ami=[
            picked_up(5, "102"),
            dial(20, "101", 3, Exten="101"),
            picked_up(25, "101", 3, Exten="101"),
            hung_up(625),
        ],
        push=[push(625, peer="101", answered=600, agent="102", spoke=spoke(("102", 15, 20)))],
        owner=ANNA,
        agent="101",
        seconds=615,
        spoke={"101": 600, "102": 15},
    ),
    "there and back": Kind(
        cdr=[
            row(0, 5, 20),
            row(20, 25, 85, called=("102", 3), dst="102"),
            row(85, 90, 100, called=("101", 4), dst="101"),
        ],
        ami=[
            picked_up(5, "101"),
            picked_up(25, "102", 3, Exten="102"),
            picked_up(90, "101", 4, Exten="101"),
            hung_up(100),
        ],
        push=[push(100, peer="101", answered=10, spoke=spoke(("101", 15, 20), ("102", 60, 85)))],
        owner=ANNA,
        agent="101",
        seconds=85,
        spoke={"101": 25, "102": 60},
    ),
    # 101 asks 102 first, in a call of their own that becomes part of this one.
    "attended transfer": Kind(
        cdr=[
            row(0, 5, 40),
            row(
                *(20, 22, 40),
                caller=("101", 3),
                called=("102", 4),
                src="101",
                dst="102",
                dcontext="from-internal",
                uniqueid=OTHER,
            ),
            row(40, 40, 100, called=("102", 4)),
        ],
        ami=[
            picked_up(5, "101"),
            brought_together("AttendedTransfer", 40, "Transferee", ("TransferTarget", "102")),
            hung_up(100),
        ],
        push=[push(100, peer="101", answered=95, bridged=channel("102", 4))],
        owner=BEN,
        agent="102",
        seconds=95,
        spoke={"101": 35, "102": 60},
        is_push_enough=False,
    ),
    "parked, fetched by another": Kind(
        cdr=[
            row(0, 5, 20),
            row(20, 20, 50, called=None, dst="700", lastapp="Park"),
            row(50, 50, 110, called=("102", 3), dst="700", lastapp="Park"),
        ],
        ami=[picked_up(5, "101"), fetched(50, "102"), hung_up(110)],
        push=[push(110, peer="101", answered=15, bridged=channel("102", 3))],
        owner=BEN,
        agent="102",
        seconds=75,
        spoke={"101": 15, "102": 60},
        is_push_enough=False,
    ),
    # The same, as the record of who fetched it.
    "parked, and the one who fetched it called the place": Kind(
        cdr=[
            row(0, 5, 20),
            row(
                *(49, 50, 110),
                caller=("102", 3),
                called=("carrier", 1),
                src="102",
                dst="701",
                dcontext="from-internal",
                lastapp="ParkedCall",
                lastdata="701",
                uniqueid=OTHER,
            ),
        ],
        ami=[picked_up(5, "101"), fetched(50, "102"), hung_up(110)],
        push=[push(110, peer="101", answered=15, bridged=channel("102", 3))],
        owner=BEN,
        agent="102",
        seconds=75,
        spoke={"101": 15, "102": 60},
        is_push_enough=False,
    ),
    "picked up by a colleague": Kind(
        cdr=[row(0, 8, 68, called=("102", 3), lastdata="PJSIP/101,30")],
        ami=[dial(0, "101"), picked_up(8, "102", 3), hung_up(68)],
        push=[push(68, peer="101", answered=60, bridged=channel("102", 3))],
        owner=BEN,
        agent="102",
        seconds=60,
        spoke={"102": 60},
        is_push_enough=False,
    ),
    # Whoever holds the mobile phone is nobody here: it is the line's.
    "forwarded to a mobile": Kind(
        cdr=[row(0, 8, 68, called=("carrier", 3), lastdata=f"PJSIP/{MOBILE}@carrier,30")],
        ami=[dial(0, "carrier", 3, **OUTSIDE), picked_up(8, "carrier", 3, **OUTSIDE), hung_up(68)],
        push=[push(68, peer=f"{MOBILE}@carrier", answered=60, agent="101")],
        owner=99,
        agent="",
        seconds=60,
        spoke={},
    ),
    # Who has a user goes before who is none, though the latter spoke last.
    "transferred to a mobile": Kind(
        cdr=[
            row(0, 5, 20),
            row(20, 30, 90, called=("carrier", 3), dst=MOBILE, lastdata=f"PJSIP/{MOBILE}@carrier"),
        ],
        ami=[picked_up(5, "101"), picked_up(30, "carrier", 3, **OUTSIDE), hung_up(90)],
        push=[push(90, peer=f"{MOBILE}@carrier", answered=60, spoke=spoke(("101", 15, 20)))],
        owner=ANNA,
        agent="101",
        seconds=75,
        spoke={"101": 15},
    ),
    "transferred to a telephone of nobody": Kind(
        cdr=[row(0, 5, 20), row(20, 25, 85, called=("206", 3), dst="206")],
        ami=[picked_up(5, "101"), picked_up(25, "206", 3, Exten="206"), hung_up(85)],
        push=[push(85, peer="206", answered=60, spoke=spoke(("101", 15, 20)))],
        owner=ANNA,
        agent="101",
        seconds=75,
        spoke={"101": 15, "206": 60},
    ),
    "follow me": Kind(
        cdr=[
            row(0, 8, 68, called=None, dstchannel="Local/FMPR-101@from-internal-0000000b;1"),
            row(
                *(1, 8, 68),
                called=("101", 3),
                channel="Local/FMPR-101@from-internal-0000000b;2",
                dst="FMPR-101",
                dcontext="from-internal",
                uniqueid=OTHER,
            ),
        ],
        ami=[
            dial(0, "101", DestChannel="Local/FMPR-101@from-internal-0000000b;1"),
            picked_up(8, "101", DestChannel="Local/FMPR-101@from-internal-0000000b;1"),
            hung_up(68),
        ],
        push=[push(68, peer="FMPR-101", answered=60)],
        owner=ANNA,
        agent="101",
        seconds=60,
        spoke={"101": 60},
    ),
    "queue with several agents": Kind(
        cdr=[
            row(0, None, 15, called=("101", 2), lastapp="Queue", lastdata="sales,tT"),
            row(0, None, 15, called=("205", 3), lastapp="Queue", lastdata="sales,tT"),
            row(0, 22, 82, called=("102", 4), lastapp="Queue", lastdata="sales,tT"),
        ],
        ami=[dial(0, "101"), dial(0, "205", 3), dial(15, "102", 4), picked_up(22, "102", 4)],
        push=[push(82, member="PJSIP/102", answered=60, dialstatus="")],
        owner=BEN,
        agent="102",
        seconds=60,
        spoke={"102": 60},
    ),
    "queue, then transferred": Kind(
        cdr=[
            row(0, 10, 70, called=("102", 2), lastapp="Queue", lastdata="sales,tT"),
            row(70, 75, 105, called=("101", 3), dst="101"),
        ],
        ami=[picked_up(10, "102"), picked_up(75, "101", 3, Exten="101"), hung_up(105)],
        push=[
            push(*(105,), peer="101", answered=30, spoke=f"PJSIP/102||60|{EPOCH + 70}~", agent="")
        ],
        owner=ANNA,
        agent="101",
        seconds=90,
        spoke={"101": 30, "102": 60},
    ),
    "two telephones, one after the other": Kind(
        cdr=[
            row(0, None, 20, called=("101", 2)),
            row(20, 25, 85, called=("102", 3)),
        ],
        ami=[dial(0, "101"), dial(20, "102", 3), picked_up(25, "102", 3), hung_up(85)],
        push=[push(85, peer="102", answered=60, agent="101")],
        owner=BEN,
        agent="102",
        seconds=60,
        spoke={"102": 60},
    ),
    "transferred to one who does not answer": Kind(
        cdr=[row(0, 5, 20), row(20, None, 50, called=("102", 3), dst="102")],
        ami=[picked_up(5, "101"), dial(20, "102", 3, Exten="102"), hung_up(50)],
        push=[push(50, agent="101", dialstatus="NOANSWER", spoke=spoke(("101", 15, 20)))],
        owner=ANNA,
        agent="101",
        seconds=15,
        spoke={"101": 15},
    ),
    "missed by all": Kind(
        cdr=[row(0, None, 30, called=("101", 2)), row(0, None, 30, called=("102", 3))],
        ami=[dial(0, "101"), dial(0, "102", 3), hung_up(30, ChannelState="4")],
        push=[push(30, dialstatus="NOANSWER")],
        owner=99,
        agent="",
        seconds=0,
        spoke={},
        result="missed",
    ),
    "outgoing, transferred": Kind(
        cdr=[
            row(
                *(0, 5, 35),
                caller=("101", 1),
                called=("carrier", 2),
                src="101",
                dst=CUSTOMER,
                dcontext="from-internal",
                lastdata=f"PJSIP/{CUSTOMER}@carrier",
            ),
            row(35, 40, 100, caller=("carrier", 2), called=("102", 3), dst="102", uniqueid=OTHER),
        ],
        ami=[
            picked_up(
                *(5, "carrier"),
                Channel=channel("101", 1),
                CallerIDNum="101",
                Exten=CUSTOMER,
                Context="from-internal",
                DestCallerIDNum=CUSTOMER,
            ),
            picked_up(*(40, "102", 3), Channel=channel("carrier", 2), Exten="102", Uniqueid=OTHER),
        ],
        push=[
            push(
                *(35,),
                direction="outbound",
                agent="101",
                did=CUSTOMER,
                src="101",
                peer=f"{CUSTOMER}@carrier",
                answered=30,
            ),
            push(
                *(100,),
                direction="internal",
                uniqueid=OTHER,
                did="102",
                agent=CUSTOMER,
                peer="102",
                answered=60,
                start=EPOCH + 35,
            ),
        ],
        owner=BEN,
        agent="102",
        seconds=90,
        spoke={"101": 30, "102": 60},
        direction="outgoing",
        line="",
    ),
    "colleagues, one of whom calls outside": Kind(
        cdr=[
            row(
                *(0, 5, 35),
                caller=("101", 1),
                called=("102", 2),
                src="101",
                dst="102",
                dcontext="from-internal",
            ),
            row(
                *(35, 40, 100),
                caller=("101", 1),
                called=("carrier", 3),
                src="101",
                dst=CUSTOMER,
                dcontext="from-internal",
                lastdata=f"PJSIP/{CUSTOMER}@carrier",
            ),
        ],
        ami=[
            picked_up(5, "102", 2, **FROM_ANNA, Exten="102"),
            picked_up(40, "carrier", 3, **FROM_ANNA, Exten=CUSTOMER, DestCallerIDNum=CUSTOMER),
            hung_up(100, **FROM_ANNA, Exten=CUSTOMER),
        ],
        push=[
            push(
                *(100,),
                direction="outbound",
                agent="101",
                did=CUSTOMER,
                src="101",
                peer=f"{CUSTOMER}@carrier",
                answered=60,
                start=EPOCH + 35,
            )
        ],
        owner=ANNA,
        agent="101",
        seconds=60,
        spoke={"101": 60},
        direction="outgoing",
        line="",
    ),
}


def expected(kind):
    return {
        "direction": kind.direction,
        "number": kind.number,
        "line": kind.line,
        "result": kind.result,
        "agent": kind.agent,
        "owner": kind.owner,
        "team": 4 if kind.line else 2,
        "seconds": kind.seconds,
        "spoke": kind.spoke,
    }


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_call_records(kind):
    assert facts(kind.cdr) == expected(kind)


def ways(kind):
    """Return each way in, and what comes by it."""
    return {
        "push": kind.push,
        "file": kind.cdr,
        "manager interface": kind.ami,
        "its call records": [by_manager_interface(record) for record in kind.cdr],
    }


#: What is known however a call is reported: all but for how long somebody spoke.
ALWAYS = ("direction", "number", "line", "result", "agent", "owner", "team")


def told(found):
    """Return what every way knows, and who spoke."""
    return {name: found[name] for name in ALWAYS} | {"spoke": set(found["spoke"])}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_manager_interface_alone(kind):
    """By its records all is known, with and without its events; by its events whose the call is."""
    alone = ways(kind)
    records, live = alone["its call records"], alone["manager interface"]
    assert facts(records) == facts([*live, *records]) == facts([*live, *kind.cdr]) == expected(kind)
    assert told(facts(live)) == told(expected(kind))


SWAPPED = {"outside": "TransferTarget", "ours": ("Transferee", "102")}


@pytest.mark.parametrize(
    ("report", "agent"),
    [
        # Whoever transfers may have called the colleague first, and the customer then.
        (brought_together("AttendedTransfer", 40, **SWAPPED), "102"),
        (brought_together("AttendedTransfer", 40, **SWAPPED, Result="Fail"), "101"),
        # Two of ours, somebody else outside, nobody at all
        (
            brought_together("UnParkedCall", 40, "Parkee", ("Retriever", "102"), ParkeeChannel=""),
            "101",
        ),
        (fetched(40, "carrier"), "101"),
        (
            brought_together(
                *("UnParkedCall", 40, "Parkee", ("Retriever", "102")),
                ParkeeChannel=channel("205", 7),
            ),
            "101",
        ),
    ],
)
def test_who_takes_over_without_being_dialled(report, agent):
    reports = [picked_up(5, "101"), report, hung_up(100)]
    for order in (reports, reports[::-1]):
        found = facts(order)
        assert (found["agent"], found["number"], found["direction"]) == (
            agent,
            CUSTOMER,
            "incoming",
        )


def test_call_of_which_no_more_is_told_is_from_outside():
    (found,) = events([fetched(50, "102")])
    assert (found.direction, found.number, found.extension) == ("incoming", CUSTOMER, "102")
    to_customer = {"ParkeeUniqueid": OTHER, "ParkeeLinkedid": f"{EPOCH}.1"}
    report = brought_together("UnParkedCall", 50, "Parkee", ("Retriever", "102"), **to_customer)
    (found,) = events([report])
    assert (found.external_id, found.direction) == (f"{EPOCH}.1", "outgoing")
    assert (found.number, found.extension) == (CUSTOMER, "102")


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_push_alone(kind):
    """Of whom nobody dialled it is not known since when they spoke, but that they spoke last."""
    found, right = facts(kind.push), expected(kind)
    if kind.is_push_enough:
        assert found == right
    else:
        assert {name: found[name] for name in ALWAYS} == {name: right[name] for name in ALWAYS}
        assert set(found["spoke"]) >= set(right["spoke"])


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_all_ways_together(kind):
    assert facts([report for reports in ways(kind).values() for report in reports]) == expected(
        kind
    )


@settings(max_examples=150)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_order_and_repetition_change_nothing(name, data):
    reports = [report for alone in ways(KINDS[name]).values() for report in alone]
    chosen = data.draw(st.lists(st.sampled_from(reports), min_size=1, unique=True))
    shuffled = data.draw(st.permutations(chosen + data.draw(st.lists(st.sampled_from(chosen)))))
    assert known(shuffled) == known(chosen)


def test_lengths_of_a_second_more_or_less_are_the_same_conversation():
    """A push may come a second later than the record; neither makes the call longer."""
    assert facts([push(66, peer="101", answered=60), row(0, 5, 65)])["seconds"] == 60


def test_two_who_spoke_at_the_same_time_are_nobody_in_particular():
    """A name or a number is no reason to give it to one of them."""
    both = [row(0, 5, 65, called=("101", 2)), row(0, 5, 65, called=("102", 3))]
    found = facts(both)
    assert (found["agent"], found["owner"]) == ("", 99)
    assert found["spoke"] == {"101": 60, "102": 60}
    assert timedelta(seconds=found["seconds"]) == timedelta(minutes=1)


@pytest.mark.parametrize("later", ["600600000", "600600009"])
def test_counterpart_is_the_number_that_was_shown_first(later):
    """Of numbers that are equally full; that one text is smaller says nothing."""
    assert (
        facts([row(20, 25, 85, called=("102", 3), src=later), row(0, 5, 20)])["number"] == CUSTOMER
    )


def test_line_is_the_number_that_was_called_first_however_long_the_next_one_is():
    """Of numbers that are known to be ours before others, of the first leg before later ones."""
    transferred = row(20, 25, 85, called=("102", 3), dst="2212341009999")
    assert facts([transferred, row(0, 5, 20)])["line"] == LINE
    board = BOARD.site.clean(events([transferred])[0])
    assert not next(iter(board.known_legs)).is_known_line


def speaker(extension, last, until, seconds=60, is_exact=True):
    return Speaker(
        extension=extension,
        first=moment(last),
        last=moment(last),
        until=moment(until) if until is not None else None,
        seconds=seconds,
        is_exact=is_exact,
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        # Whoever came last, though the other one is said to have been there a second longer
        (speaker("101", 0, 101), speaker("102", 40, 100), "102"),
        # Whoever stayed, though the other one came later
        (speaker("101", 0, 100), speaker("102", 40, 60), "101"),
        # When the other one left is not told
        (speaker("101", 0, 100), speaker("102", 40, None), "102"),
        # What is said of their own leg, of two who began at once
        (speaker("101", 8, 68, is_exact=False), speaker("102", 8, None, 0), "102"),
        (speaker("101", 8, 68, is_exact=False), speaker("102", 8, 68), "102"),
        (speaker("101", 8, 68, 59), speaker("102", 8, 68), "102"),
        (speaker("101", 8, 68), speaker("102", 8, 68), None),
    ],
)
def test_who_spoke_last(one, other, expected):
    for found in ((one, other), (other, one)):
        last = last_speaker(found)
        assert (last and last.extension) == expected
