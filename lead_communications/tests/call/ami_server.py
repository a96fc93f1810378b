"""A little Asterisk Manager Interface over TCP, for tests in Odoo."""

import socket
import threading
from contextlib import contextmanager


class AmiServer:
    """Answers one login and one Originate, as its flags say, and keeps what it was sent."""

    def __init__(self):
        self.greeting = "Asterisk Call Manager/11.0.0"
        self.user, self.secret = "odoo", "s3cret"
        self.originate = "Success"
        self.result = None  # of an OriginateResponse event: Success or Failure
        self.silent_at = None  # "greeting", "Login", "Originate": says nothing from there on
        self.closed_at = None  # the same: closes the connection
        self.noise = b""  # sent before each answer
        self.actions = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def port(self):
        return self._socket.getsockname()[1]

    @contextmanager
    def running(self):
        self._thread.start()
        try:
            yield self
        finally:
            self._done.set()
            self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()
            self._thread.join(5)

    def _serve(self):
        while not self._done.is_set():
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                try:
                    self._talk(connection, lines)
                except OSError:
                    continue

    def _talk(self, connection, lines):
        if self._stops_at("greeting"):
            return
        connection.sendall(f"{self.greeting}\r\n".encode())
        while action := self._read(lines):
            self.actions.append(action)
            if self._stops_at(action["Action"]):
                return
            connection.sendall(self.noise + self._answer(action).encode())

    def _stops_at(self, place):
        if self.silent_at == place:
            self._done.wait(20)
        return place in (self.silent_at, self.closed_at)

    def _read(self, lines):
        action = {}
        for line in iter(lambda: lines.readline().decode().rstrip("\r\n"), ""):
            name, _colon, value = line.partition(": ")
            # A header twice, or one without a colon, is an injection: it is to be seen.
            action[name] = f"{action[name]}|{value}" if name in action else value
        return action

    def _answer(self, action):
        response, more = "Success", ""
        if action["Action"] == "Login":
            if (action["Username"], action["Secret"]) != (self.user, self.secret):
                response = "Error"
        else:
            response = self.originate
            if self.result:
                more = (
                    f"Event: OriginateResponse\r\nActionID: {action['ActionID']}\r\n"
                    f"Response: {self.result}\r\nReason: 0\r\n\r\n"
                )
        head = f"Response: {response}\r\nActionID: {action['ActionID']}\r\nMessage: It was said\r\n"
        return f"{head}\r\n{more}"
