"""Any call that somebody dialled is the same by whatever it is reported: legs, people, results.

A story says who rang, who answered and how long they spoke; from it follow what each way reports,
and, counted by another rule than the code's, what the call was.
"""

from dataclasses import dataclass

from asterisk_reports import (
    BOARD,
    CUSTOMER,
    LINE,
    MOBILE,
    OTHER,
    by_manager_interface,
    channel,
    dial,
    facts,
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

TELEPHONES = ("101", "102", "205", "206", MOBILE)
FAILURES = {"NO ANSWER": ("missed", "NOANSWER", "16"), "BUSY": ("busy", "BUSY", "17")}
#: What a dialplan says of where a leg goes by the trunk.
TRUNK = {"DialString": f"{MOBILE}@carrier", "DestCallerIDNum": MOBILE}


@dataclass(frozen=True)
class Stage:
    """Who rings at once, for how long, and how long one of them speaks then; None: nobody."""

    rings: tuple[str, ...]
    after: int
    answers: str = ""
    seconds: int = 0


@dataclass(frozen=True)
class Story:
    stages: tuple[Stage, ...]
    failure: str
    is_incoming: bool

    def timed(self):
        """Yield each stage with the moments it begins, is answered and ends, in seconds."""
        at = 0
        for number, stage in enumerate(self.stages):
            answer = at + stage.after
            end = answer + stage.seconds
            yield number, stage, at, answer, end
            at = end

    @property
    def end(self):
        return [end for *_stage, end in self.timed()][-1]


@st.composite
def stories(draw):
    is_incoming = draw(st.booleans())
    stages = []
    for number in range(draw(st.integers(1, 4))):
        if number == 0 and not is_incoming:
            rings = [CUSTOMER]
        else:
            rings = draw(st.lists(st.sampled_from(TELEPHONES), min_size=1, max_size=3, unique=True))
        answers = draw(st.sampled_from([*rings, ""]))
        seconds = draw(st.integers(4, 600)) if answers else 0
        stages.append(Stage(tuple(rings), draw(st.integers(4, 40)), answers, seconds))
        if not answers and (not is_incoming or any(stage.answers for stage in stages)):
            break  # a transfer that fails ends the call, and so does an outgoing call
    return Story(tuple(stages), draw(st.sampled_from(sorted(FAILURES))), is_incoming)


# ---- WHAT IS REPORTED ----


def leg(story, number, name, at):
    """Return what a call record says of a leg beside its times."""
    trunk = name in (MOBILE, CUSTOMER)
    more = {"called": ("carrier" if trunk else name, 2 + number * 5 + at)}
    if trunk:
        more["lastdata"] = f"PJSIP/{name}@carrier"
    if story.is_incoming:
        return more | ({"dst": name} if is_transfer(story, number) else {})
    if number == 0:
        return more | {
            "caller": ("101", 1),
            "src": "101",
            "dst": CUSTOMER,
            "dcontext": "from-internal",
        }
    return more | {"caller": ("carrier", 2), "dst": name, "uniqueid": OTHER}


def is_transfer(story, number):
    return any(stage.answers for stage in story.stages[:number])


def call_records(story):
    reports = []
    for number, stage, at, answer, end in story.timed():
        for place, name in enumerate(stage.rings):
            more = leg(story, number, name, place)
            if name == stage.answers:
                reports.append(row(at, answer, end, **more))
            else:
                more["disposition"] = "NO ANSWER" if stage.answers else story.failure
                reports.append(row(at, None, answer, **more))
    return reports


def manager_events(story):
    reports = []
    for number, stage, at, answer, _end in story.timed():
        for place, name in enumerate(stage.rings):
            serial = 2 + number * 5 + place
            fields = {"Exten": name} if is_transfer(story, number) else {}
            if name == MOBILE:
                fields |= TRUNK
            if not story.is_incoming and number == 0:
                fields = {
                    "Channel": channel("101", 1),
                    "CallerIDNum": "101",
                    "Context": "from-internal",
                    "Exten": CUSTOMER,
                    "DestCallerIDNum": CUSTOMER,
                }
            elif not story.is_incoming:
                fields |= {"Channel": channel("carrier", 2), "Uniqueid": OTHER}
            endpoint = "carrier" if name in (MOBILE, CUSTOMER) else name
            reports.append(dial(at, endpoint, serial, **fields))
            if name == stage.answers:
                reports.append(picked_up(answer, endpoint, serial, **fields))
    if story.is_incoming:
        cause = "16" if is_transfer(story, len(story.stages)) else FAILURES[story.failure][2]
        reports.append(hung_up(story.end, Cause=cause))
    return reports


def pushes(story):
    """Return what the dialplan says at the end: who spoke last, and what it kept of the others."""
    if not story.is_incoming:
        return []  # of what it reports of the second channel, the kinds of test_ownership.py
    talks = [
        (
            f"{stage.answers}@carrier" if stage.answers == MOBILE else stage.answers,
            stage.seconds,
            end,
        )
        for _number, stage, _at, _answer, end in story.timed()
        if stage.answers
    ]
    if not story.stages[-1].answers:
        status = FAILURES[story.failure][1]
        return [push(story.end, dialstatus=status, spoke=spoke(*talks))]
    (*before, (peer, seconds, _end)) = talks
    return [push(story.end, peer=peer, answered=seconds, spoke=spoke(*before))]


# ---- WHAT IT WAS ----


def right(story):
    talks = [(stage.answers, stage.seconds) for stage in story.stages if stage.answers]
    if not story.is_incoming:
        talks = [("101" if name == CUSTOMER else name, seconds) for name, seconds in talks]
    spoke = {}
    for name, seconds in talks:
        if name != MOBILE:
            spoke[name] = spoke.get(name, 0) + seconds
    people = [name for name, _seconds in talks if BOARD.users.get(name)]
    telephones = [name for name, _seconds in talks if name != MOBILE]
    agent = (people or telephones or [""])[-1]
    if not talks:
        agent = "101" if not story.is_incoming else rang_alone(story)
    owner = BOARD.users.get(agent)
    if story.is_incoming and (not talks or not owner):
        owner = 99
    result = "answered" if talks else FAILURES[story.failure][0]
    return {
        "direction": "incoming" if story.is_incoming else "outgoing",
        "number": CUSTOMER,
        "line": LINE if story.is_incoming else "",
        "result": "no_answer" if result == "missed" and not story.is_incoming else result,
        "agent": agent,
        "owner": owner,
        "team": 4 if story.is_incoming else 2,
        "seconds": sum(seconds for _name, seconds in talks),
        "spoke": spoke,
    }


def rang_alone(story):
    rang = {name for stage in story.stages for name in stage.rings} - {MOBILE}
    return rang.pop() if len(rang) == 1 else ""


def without(found, *names):
    return {name: value for name, value in found.items() if name not in names}


@settings(max_examples=75)
@given(stories())
def test_each_way_alone(story):
    expected = right(story)
    records = call_records(story)
    assert facts(records) == expected
    assert facts([by_manager_interface(record) for record in records]) == expected
    live, names = facts(manager_events(story)), ("seconds", "spoke")
    if not story.is_incoming and not is_transfer(story, len(story.stages)):
        names += ("result",)  # that it was not answered is told by its record
        assert live["result"] == ""
    assert without(live, *names) == without(expected, *names)
    assert set(live["spoke"]) == set(expected["spoke"])
    if reports := pushes(story):
        # Who rang and did not answer, the dialplan does not tell.
        names = () if expected["result"] == "answered" else ("agent",)
        assert without(facts(reports), *names) == without(expected, *names)


@settings(max_examples=75)
@given(stories(), st.data())
def test_mixed_in_any_order(story, data):
    """With the records every column is the same, whatever else is reported, and when."""
    records = call_records(story)
    told = st.sampled_from(
        [record for one in records for record in (one, by_manager_interface(one))]
    )
    others = [*manager_events(story), *pushes(story), *map(by_manager_interface, records)]
    more = data.draw(st.lists(st.sampled_from(others), max_size=12))
    order = data.draw(st.permutations([*records, *more, data.draw(told)]))
    found = known(order)
    assert without(found, "start", "answer", "end") == right(story)
    assert found["start"] == moment(0)
    assert found["end"] == moment(story.end)
    answers = [answer for _number, stage, _at, answer, _end in story.timed() if stage.answers]
    assert found["answer"] == (moment(answers[0]) if answers else None)
