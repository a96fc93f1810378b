"""Click-to-dial on Asterisk: one Originate action by its Manager Interface (AMI) over TCP.

Sources: ``AMI-v2-Specification.md`` and ``API_Documentation/AMI_Actions/Originate.md`` of the
Asterisk documentation. The telephone of the caller rings first; when it is picked up, Asterisk
dials the number in the given context.
"""

import re
import socket
import time
from dataclasses import dataclass
from uuid import uuid4

CONNECT_TIMEOUT = 3
#: Seconds for all answers together: somebody waits for them in front of the screen.
ANSWER_TIMEOUT = 5
#: A telephone that is not there is reported at once; one that rings is reported when it is
#: answered, and nobody waits for that.
RESULT_WAIT = 1
RING_TIMEOUT = 30
MAX_LINE = 4096
MAX_ANSWER = 200

NUMBER = re.compile(r"\+?[0-9*#]{1,32}", re.ASCII)
#: What a channel, a context or an extension may be made of; a comma or "&" would dial more.
NAME = re.compile(r"[A-Za-z0-9_.@/+*#:-]{1,80}", re.ASCII)


class DialError(Exception):
    """It was not dialled. ``code`` is one of unreachable, timeout, refused, denied, unanswered."""

    def __init__(self, code: str, message: str = ""):
        super().__init__(message or code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Manager:
    """Where an Asterisk listens for managers, and as whom to log in."""

    host: str
    port: int
    user: str
    secret: str


def clean_number(text: str) -> str:
    """Return what is dialled of a number as people write it, ``""`` if it cannot be dialled."""
    number = re.sub(r"[\s().\-/\u2010-\u2015]", "", text or "")
    return number if NUMBER.fullmatch(number) else ""


def originate(manager: Manager, *, channel: str, extension: str, context: str, number: str) -> None:
    """Let the telephone ``channel`` ring, and dial ``number`` when it is picked up.

    :param extension: of that telephone; the dialplan knows by it who calls.
    :raise DialError: it did not come to that.
    :raise ValueError: a value holds what has no place in it.
    """
    if not NUMBER.fullmatch(number):
        raise ValueError("not a number that can be dialled")
    if not all(NAME.fullmatch(name) for name in (channel, extension, context)):
        raise ValueError("not the name of a channel, an extension or a context")
    with _Connection(manager) as connection:
        connection.log_in()
        connection.originate(channel, extension, context, number)


class _Connection:
    def __init__(self, manager: Manager):
        self._manager = manager
        self._socket = None
        self._file = None
        self._deadline = None

    def __enter__(self):
        address = (self._manager.host, self._manager.port)
        try:
            self._socket = socket.create_connection(address, timeout=CONNECT_TIMEOUT)
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that cannot be one
            raise DialError("unreachable", str(error)) from None
        self._file = self._socket.makefile("rb")
        self._deadline = time.monotonic() + ANSWER_TIMEOUT
        return self

    def __exit__(self, *_exception):
        self._file.close()
        self._socket.close()

    def log_in(self) -> None:
        try:
            greeting = self._line()
            if not greeting.startswith("Asterisk Call Manager/"):
                raise DialError("refused", "This is no Asterisk Manager Interface.")
            manager = self._manager
            answer = self._ask(
                Action="Login", Username=manager.user, Secret=manager.secret, Events="call"
            )
        except TimeoutError:
            raise DialError("timeout") from None
        except OSError as error:
            raise DialError("refused", str(error)) from None
        if answer.get("response") != "Success":
            raise DialError("denied", answer.get("message", ""))

    def originate(self, channel: str, extension: str, context: str, number: str) -> None:
        try:
            action_id = uuid4().hex
            answer = self._ask(
                action_id,
                Action="Originate",
                Channel=channel,
                Context=context,
                Exten=number,
                Priority="1",
                # The telephone shows the name; the number is the caller's in what is dialled next.
                CallerID=f'"{number}" <{extension}>',
                Timeout=str(RING_TIMEOUT * 1000),
                Async="true",
            )
            if answer.get("response") != "Success":
                raise DialError("refused", answer.get("message", ""))
            self._check_result(action_id)
        except TimeoutError:
            raise DialError("timeout") from None
        except OSError as error:
            raise DialError("refused", str(error)) from None

    def _check_result(self, action_id: str) -> None:
        """Raise DialError if Asterisk says soon that the telephone cannot ring."""
        self._deadline = time.monotonic() + RESULT_WAIT
        try:
            result = self._answer(action_id, "event", "OriginateResponse")
        except (OSError, DialError):
            # It rings, the manager may not see such events, or too much else happens on a busy PBX.
            return
        if result.get("response") == "Failure":
            raise DialError("unanswered", result.get("reason", ""))

    def _ask(self, action_id: str = "", **headers: str) -> dict[str, str]:
        """Send an action and return the answer to it."""
        headers["ActionID"] = action_id or uuid4().hex
        for value in headers.values():
            # A line of its own would be a header, an empty one an action of its own.
            if not value.isprintable():
                raise ValueError("a header of an action must be one line of text")
        text = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._socket.sendall(f"{text}\r\n".encode())
        return self._answer(headers["ActionID"], "response")

    def _answer(self, action_id: str, name: str, value: str = "") -> dict[str, str]:
        """Return the next packet about the action that has the header; others are passed over."""
        for _packet in range(MAX_ANSWER):
            packet = self._packet()
            if packet.get("actionid") == action_id and name in packet:
                if not value or packet[name] == value:
                    return packet
        raise DialError("refused", "The answer did not come.")

    def _packet(self) -> dict[str, str]:
        packet = {}
        for _header in range(MAX_ANSWER):
            line = self._line()
            if not line:
                return packet
            key, _colon, value = line.partition(":")
            packet[key.strip().lower()] = value.strip()
        raise DialError("refused", "The answer is too long.")

    def _line(self) -> str:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise TimeoutError
        self._socket.settimeout(remaining)
        line = self._file.readline(MAX_LINE)
        if not line:
            raise ConnectionError("The connection was closed.")
        return line.decode(errors="replace").strip()
