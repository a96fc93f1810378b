"""Telling another server something: only it, in time, and a short answer."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lead_communications.tools.remote_file import Policy, RemoteFileError, exchange


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.status, self.headers, self.body, self.pause = 200, {}, b"{}", 0
        self.is_over = threading.Event()
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def name(self):
        return f"127.0.0.1:{self.server_port}"

    def handle_error(self, request, client_address):
        """The other side may hang up at any time."""


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        server = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        server.requests.append((self.command, self.path, dict(self.headers), body))
        self.send_response(server.status)
        for name, value in server.headers.items():
            self.send_header(name, value)
        self.end_headers()
        for position in range(0, len(server.body), 1024):
            self.wfile.write(server.body[position : position + 1024])
            self.wfile.flush()
            if server.is_over.wait(server.pause):
                return

    do_GET = do_POST

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    server = Server()
    yield server
    server.is_over.set()
    server.shutdown()
    server.server_close()


def told(server, method="POST", path="/a?b=c", headers=None, body=b"text", **policy):
    policy = {"hosts": frozenset([server.name]), "allow_private": True, "timeout": 2} | policy
    policy = {"patience": 2, "max_size": 10_000} | policy
    return exchange(method, f"http://{server.name}{path}", headers or {}, body, Policy(**policy))


def code(server, **values):
    with pytest.raises(RemoteFileError) as caught:
        told(server, **values)
    return caught.value.code


def test_what_is_sent(server):
    assert told(server, headers={"Authorization": "Bearer a", "User-Agent": "OpenAPI"}) == (
        200,
        b"{}",
    )
    [(method, path, headers, body)] = server.requests
    assert (method, path, body) == ("POST", "/a?b=c", b"text")
    assert headers["Authorization"] == "Bearer a"
    assert headers["User-Agent"] == "OpenAPI"
    assert headers["Accept-Encoding"] == "identity"
    assert "Range" not in headers
    told(server, method="GET", body=None)
    assert server.requests[1][0] == "GET"


@pytest.mark.parametrize("status", [201, 204, 400, 401, 404, 500])
def test_status_is_told(server, status):
    server.status, server.body = status, b"" if status == 204 else b"no"
    assert told(server) == (status, server.body)


def test_nobody_is_followed(server):
    server.status, server.headers = 302, {"Location": f"http://{server.name}/b"}
    assert code(server) == "redirect_refused"
    assert len(server.requests) == 1


def test_only_listed_hosts_and_allowed_addresses(server):
    assert code(server, hosts=frozenset(["pbx.example.com"])) == "host_refused"
    assert code(server, allow_private=False) == "address_refused"
    assert not server.requests


def test_long_answers(server):
    server.body = b"a" * 10_000
    assert told(server)[1] == server.body
    server.body += b"a"
    assert code(server) == "too_large"


def test_slow_answers(server):
    server.body, server.pause = b"a" * 9000, 0.3
    start = time.monotonic()
    assert code(server, patience=0.5) == "timeout"
    assert time.monotonic() - start < 2


def test_answer_that_breaks_off(server):
    server.headers = {"Content-Length": "50"}
    assert code(server) == "incomplete"


@pytest.mark.parametrize("headers", [{"A": "b\r\nC: d"}, {"A": "\u20ac"}])
def test_no_header_can_be_injected(server, headers):
    assert code(server, headers=headers) == "unreachable"
    assert not server.requests
