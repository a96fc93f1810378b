"""Click-to-dial: what Asterisk is asked, how long it may take, and what is made of its answers.

A real connection to a server is tried by the tests in Odoo; here time passes only as a test says.
"""

from collections import deque
from types import SimpleNamespace

import pytest

from lead_communications.telephony import asterisk_originate
from lead_communications.telephony.asterisk_originate import (
    DialError,
    Manager,
    clean_number,
    originate,
)

MANAGER = Manager(host="pbx.example.com", port=5038, user="odoo", secret="s3cret")
SUCCESS = "Response: Success\r\nActionID: {id}\r\n\r\n"
ERROR = "Response: Error\r\nActionID: {id}\r\nMessage: Not today\r\n\r\n"
RESULT = "Event: OriginateResponse\r\nActionID: {id}\r\nResponse: %s\r\nReason: 3\r\n\r\n"
NOISE = "Event: VarSet\r\nVariable: A\r\n\r\n"
CLOSED = ""


class Pbx:
    """Stands for the connection to an Asterisk that says what a script has: seconds and texts."""

    def __init__(self):
        self.greeting = ["Asterisk Call Manager/11.0.0\r\n"]
        self.replies = {"Login": [SUCCESS], "Originate": [SUCCESS]}
        self.now = 1000.0
        self.actions = []
        self.connected_to = self.patience = None
        self.longest_lines = set()
        self.closed = 0
        self._script = deque()
        self._timeout = None

    def create_connection(self, address, timeout):
        self.connected_to, self.patience = address, timeout
        self._script.extend(self.greeting)
        return self

    def makefile(self, _mode):
        return self

    def settimeout(self, seconds):
        self._timeout = seconds

    def sendall(self, raw):
        assert raw.endswith(b"\r\n\r\n")
        action = dict(line.split(": ", 1) for line in raw.decode().strip().split("\r\n"))
        self.actions.append(action)
        for step in self.replies[action["Action"]]:
            if isinstance(step, str):
                text = step.replace("{id}", action["ActionID"])
                self._script.extend(text.splitlines(keepends=True) or [CLOSED])
            else:
                self._script.append(step)

    def readline(self, longest):
        self.longest_lines.add(longest)
        if not self._timeout:
            raise BlockingIOError
        pause = 0
        while self._script and not isinstance(self._script[0], str):
            pause += self._script.popleft()
        if pause > self._timeout or not self._script:
            self.now += self._timeout
            raise TimeoutError
        self.now += pause
        return self._script.popleft().encode()

    def close(self):
        self.closed += 1

    @property
    def seconds(self):
        """Return how long it took."""
        return self.now - 1000


@pytest.fixture
def pbx(monkeypatch):
    pbx = Pbx()
    sockets = SimpleNamespace(create_connection=pbx.create_connection)
    monkeypatch.setattr(asterisk_originate, "socket", sockets)
    monkeypatch.setattr(asterisk_originate, "time", SimpleNamespace(monotonic=lambda: pbx.now))
    return pbx


def dial(**values):
    call = {"channel": "PJSIP/101", "extension": "101", "context": "from-internal"}
    originate(MANAGER, **{**call, "number": "+48221234567", **values})


def refusal(**values):
    """Return why it was not dialled."""
    with pytest.raises(DialError) as caught:
        dial(**values)
    return caught.value.code, str(caught.value)


# ---- WHAT IS ASKED ----


def test_telephone_rings_for_half_a_minute_and_shows_the_number(pbx):
    dial()
    login, call = pbx.actions
    assert len({login.pop("ActionID"), call.pop("ActionID"), ""}) == 3
    assert login == {"Action": "Login", "Username": "odoo", "Secret": "s3cret", "Events": "call"}
    assert call == {
        "Action": "Originate",
        "Channel": "PJSIP/101",
        "Context": "from-internal",
        "Exten": "+48221234567",
        "Priority": "1",
        "CallerID": '"+48221234567" <101>',
        "Timeout": "30000",
        "Async": "true",
    }


def test_connection_is_tried_for_three_seconds_and_closed_in_the_end(pbx):
    dial()
    assert pbx.connected_to == ("pbx.example.com", 5038)
    assert pbx.patience == 3
    assert pbx.closed == 2  # the socket, and the file that reads from it


@pytest.mark.parametrize(
    "values",
    [
        {"number": ""},
        {"number": "1,2"},
        {"number": "12\n"},
        {"number": "1" * 33},
        {"number": "\u0661"},
        {"channel": "PJSIP/101&PJSIP/102"},
        {"channel": ""},
        {"extension": '101> "x" <102'},
        {"context": "a b"},
        {"context": "x" * 81},
    ],
)
def test_what_would_dial_more_never_reaches_asterisk(pbx, values):
    with pytest.raises(ValueError, match=r"not a number|not the name"):
        dial(**values)
    assert pbx.connected_to is None


def test_header_of_two_lines_is_never_sent(pbx):
    manager = Manager(host="pbx", port=5038, user="odoo", secret="x\r\nAction: Command")
    with pytest.raises(ValueError, match="one line"):
        originate(manager, channel="a", extension="b", context="c", number="1")
    assert pbx.actions == []


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("+48 22 123-45-67", "+48221234567"),
        ("(22) 123.45/67", "221234567"),
        ("*21#", "*21#"),
        ("1" * 32, "1" * 32),
        ("1" * 33, ""),
        ("12 ext. 3", ""),
        ("+", ""),
        (None, ""),
    ],
)
def test_number_as_people_write_it(written, dialled):
    assert clean_number(written) == dialled


# ---- WHAT ASTERISK ANSWERS ----


def test_what_is_no_asterisk_is_not_told_the_password(pbx):
    pbx.greeting = ["SSH-2.0-OpenSSH_9.2\r\n"]
    assert refusal() == ("refused", "This is no Asterisk Manager Interface.")
    assert pbx.actions == []


def test_wrong_password(pbx):
    pbx.replies["Login"] = ["Response: Error\r\nActionID: {id}\r\nMessage: Wrong\r\n\r\n"]
    assert refusal() == ("denied", "Wrong")
    assert [action["Action"] for action in pbx.actions] == ["Login"]


def test_refusal_is_told_in_the_words_of_asterisk_if_it_has_any(pbx):
    pbx.replies["Originate"] = [ERROR]
    assert refusal() == ("refused", "Not today")
    pbx.replies["Originate"] = ["Response: Error\r\nActionID: {id}\r\n\r\n"]
    assert refusal() == ("refused", "refused")


def test_answers_to_others_and_events_are_passed_over(pbx):
    others = ERROR.replace("{id}", "somebody-else")
    event = "Event: Newchannel\r\nActionID: {id}\r\n\r\n"
    pbx.replies = {
        "Login": [NOISE, others, event, SUCCESS],
        "Originate": [
            *(NOISE, others, event, SUCCESS),
            *(RESULT.replace("{id}", "somebody-else") % "Failure", event),
        ],
    }
    dial()


@pytest.mark.parametrize("step", ["Login", "Originate"])
def test_connection_that_is_closed(pbx, step):
    pbx.replies[step] = [CLOSED]
    assert refusal() == ("refused", "The connection was closed.")


def test_answer_has_two_hundred_lines_at_most(pbx):
    longer = SUCCESS.replace("\r\n\r\n", "\r\n" + "A: b\r\n" * 197 + "\r\n")
    pbx.replies["Originate"] = [longer]
    dial()
    pbx.replies["Originate"] = [longer.replace("\r\n\r\n", "\r\nA: b\r\n\r\n")]
    assert refusal() == ("refused", "The answer is too long.")


def test_answer_comes_after_199_others_at_most(pbx):
    pbx.replies["Login"] = [*[NOISE] * 199, SUCCESS]
    dial()
    pbx.replies["Login"] = [*[NOISE] * 200, SUCCESS]
    assert refusal() == ("refused", "The answer did not come.")


def test_line_without_end_is_read_in_pieces(pbx):
    dial()
    assert pbx.longest_lines == {4096}


# ---- HOW LONG IT TAKES ----


@pytest.mark.parametrize("step", ["Login", "Originate"])
def test_nobody_waits_longer_than_five_seconds_for_all_answers(pbx, step):
    pbx.greeting = [1, *pbx.greeting]
    pbx.replies[step] = [3.5, SUCCESS]
    dial()
    pbx.now = 1000.0
    pbx.replies[step] = [4.5, SUCCESS]
    assert refusal() == ("timeout", "timeout")
    assert pbx.seconds == 5


def test_answer_of_which_the_rest_would_come_too_late_is_not_waited_for(pbx):
    pbx.replies["Login"] = [5, "Response: Success\r\n", "ActionID: {id}\r\n\r\n"]
    assert refusal() == ("timeout", "timeout")
    assert pbx.seconds == 5


def test_telephone_that_is_not_there_is_reported_within_a_second(pbx):
    pbx.replies["Originate"] = [SUCCESS, NOISE, 0.9, RESULT % "Failure"]
    assert refusal() == ("unanswered", "3")
    pbx.replies["Originate"] = [SUCCESS, RESULT % "Success"]
    dial()


def test_telephone_that_rings_is_not_waited_for(pbx):
    pbx.replies["Originate"] = [SUCCESS, 2, RESULT % "Failure"]
    dial()
    assert pbx.seconds == 1


def test_telephone_rings_although_much_else_happens_meanwhile(pbx):
    pbx.replies["Originate"] = [SUCCESS, *[NOISE] * 300, RESULT % "Success"]
    dial()


def test_telephone_rings_although_the_connection_is_closed_then(pbx):
    pbx.replies["Originate"] = [SUCCESS, CLOSED]
    dial()
