"""A TCP proxy that cuts a connection at a chosen command of the client."""

import contextlib
import socket
import threading


class CuttingProxy:
    """Forward connections to a server at this machine, and cut one of them.

    :param int port: of the server.

    ``when`` says what becomes of the command number ``at`` (1 is the first of a connection):
    ``before``: the server never sees it; ``answer``: the client gets half of the beginning of the
    answer; ``after``: the server carries it out, and the client hears nothing of it.
    ``is_deadly(line)`` tells of any command whether the connection breaks at it, each time.
    """

    def __init__(self, port):
        self._server_port = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.at, self.when = 0, None
        self.commands = []
        self.is_cut = False
        self.connections = 0
        self.is_deadly = None
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        """Accept no connection any more."""
        self._listener.close()

    def cut(self, at=0, when=None):
        """Cut the next connections there; without a place, only note the commands."""
        self.at, self.when, self.commands, self.is_cut = at, when, [], False

    def _accept(self):
        while True:
            try:
                client, _address = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _answer(self, line, earlier):
        """Return what is answered to a command instead of the server; None to let it answer.

        :param list earlier: the commands of the same connection before it.
        """

    def _passed_on(self, line):
        """Return what the server gets of a command."""
        return line

    def _altered(self, data, earlier):
        """Return what the client gets of an answer after the commands ``earlier``."""
        return data

    def _serve(self, client):
        self.connections += 1
        server = socket.create_connection(("127.0.0.1", self._server_port))
        pair = _Pair(client, server)
        threading.Thread(target=self._forward_answers, args=(pair,), daemon=True).start()
        with contextlib.suppress(OSError):  # cut by the other thread
            for line in client.makefile("rb"):
                self.commands.append(line)
                pair.is_last = len(self.commands) == self.at
                self.is_cut = self.is_cut or pair.is_last
                if pair.is_last and self.when == "before":
                    break
                if self.is_deadly and self.is_deadly(line):
                    break
                if answer := self._answer(line, pair.commands):
                    client.sendall(answer)
                    continue
                pair.commands.append(line)
                server.sendall(self._passed_on(line))
        if not pair.is_last or self.when == "before":
            pair.close()

    def _forward_answers(self, pair):
        with contextlib.suppress(OSError):  # cut by the other thread
            while data := pair.server.recv(65536):
                if pair.is_last and self.when == "after":
                    break
                if pair.is_last and self.when == "answer":
                    pair.client.sendall(data[: len(data) // 2])
                    break
                pair.client.sendall(self._altered(data, pair.commands))
        pair.close()


class _Pair:
    """The two connections of which one is the other's continuation."""

    def __init__(self, client, server):
        self.client, self.server = client, server
        self.commands = []
        self.is_last = False

    def close(self):
        for end in (self.client, self.server):
            with contextlib.suppress(OSError):  # closed already
                end.shutdown(socket.SHUT_RDWR)
            end.close()
