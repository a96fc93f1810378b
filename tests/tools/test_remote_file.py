import contextlib
import gc
import itertools
import socket
import ssl
import threading
import time
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lead_communications.tools import remote_file
from lead_communications.tools.remote_file import (
    Policy,
    RemoteFile,
    RemoteFileError,
    Target,
    build_url,
    check_template,
    clean_range,
    is_allowed,
    open_remote,
    parse_hosts,
)
from lead_communications.tools.remote_file.target import redirected

SOUND = b"RIFF" + bytes(range(256)) * 1000


class Server(ThreadingHTTPServer):
    """Sends ``body`` with ``headers``; ``answer`` may be replaced by anything else."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests = []
        self.status = 200
        self.headers = {"Content-Type": "audio/x-wav"}
        self.body = SOUND
        self.pieces = None
        self.pause = 0
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self.thread.start()

    @property
    def name(self):
        return f"127.0.0.1:{self.server_port}"

    @property
    def url(self):
        return f"http://{self.name}/a.wav"

    def stop(self):
        self.is_over.set()
        self.shutdown()
        self.server_close()
        self.thread.join()

    def handle_error(self, request, client_address):
        """The reader may hang up at any time."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server = self.server
        server.requests.append((self.path, dict(self.headers)))
        body, status, headers = server.body, server.status, dict(server.headers)
        if "Range" in self.headers and status == 200 and "Accept-Ranges" in headers:
            start, end = self.headers["Range"].removeprefix("bytes=").split("-")
            end = min(int(end or len(body)), len(body) - 1)
            headers["Content-Range"] = f"bytes {start}-{end}/{len(body)}"
            body, status = body[int(start) : end + 1], 206
        self.send_response(status)
        if "Transfer-Encoding" not in headers and "Content-Length" not in headers:
            headers["Content-Length"] = str(len(body))
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        for piece in server.pieces or [body]:
            self.wfile.write(piece)
            self.wfile.flush()
            if server.is_over.wait(server.pause):
                return

    def log_message(self, *_args):
        pass


@pytest.fixture
def server():
    server = Server()
    yield server
    server.stop()


@pytest.fixture
def other_server():
    server = Server()
    yield server
    server.stop()


class Response:
    """Stands for the response of a server that sends a file in pieces."""

    status = 200
    length = None

    def __init__(self, *pieces):
        self.pieces = list(pieces)
        self.headers = Message()

    def read1(self, _size):
        return self.pieces.pop(0) if self.pieces else b""

    def close(self):
        pass


def opened(response, **values):
    return RemoteFile(response, Target.parse("http://pbx.test/a.wav"), policy(**values), None)


def policy(*servers, **values):
    hosts = frozenset(server.name for server in servers)
    return Policy(**{"hosts": hosts, "allow_private": True, "timeout": 5} | values)


def resolve_to(monkeypatch, *addresses):
    """Let the name server answer each question with the next of ``addresses``."""
    answers = iter(addresses)

    def getaddrinfo(_host, port, **_kwargs):
        address = next(answers)
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


@contextlib.contextmanager
def refused(code):
    with pytest.raises(RemoteFileError) as caught:
        yield
    assert caught.value.code == code
    # Nothing that was read is left in the error: it ends in logs and on screens.
    assert "127.0.0.1" not in str(caught.value)
    assert caught.value.__cause__ is None


# ---- ADDRESSES ----

PUBLIC = ("8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808")
PRIVATE = (
    "127.0.0.1",
    "127.8.9.10",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.10",
    "100.64.0.1",
    "::1",
    "fd12::1",
    "::ffff:127.0.0.1",
    "::ffff:192.168.1.10",
    "64:ff9b::10.0.0.1",
)
NEVER = (
    "0.0.0.0",
    "0.1.2.3",
    "::",
    "::ffff:0.0.0.0",
    "::7f00:1",
    "169.254.169.254",
    "169.254.1.1",
    "::ffff:169.254.169.254",
    "64:ff9b::169.254.169.254",
    "64:ff9b:1::1",
    "2002:a9fe:a9fe::1",
    "2002:7f00:1::1",
    "2001:0:7f00:1::1",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "fd00:ec2::254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.1",
    "224.0.0.1",
    "::ffff:224.0.0.1",
    "ff02::1",
    "ff0e::1",
    "240.0.0.1",
    "255.255.255.255",
    "2001:db8::1",
    "100::1",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address):
    assert is_allowed(address)
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_allowed_if_configured(address):
    assert not is_allowed(address)
    assert is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", NEVER)
def test_special_addresses_are_never_allowed(address):
    assert not is_allowed(address)
    assert not is_allowed(address, allow_private=True)


@pytest.mark.parametrize("address", PRIVATE + NEVER)
def test_name_of_a_refused_address_is_refused(monkeypatch, address):
    resolve_to(monkeypatch, address)
    with refused("address_refused"):
        open_remote("http://pbx.test/a.wav", Policy(hosts=parse_hosts("pbx.test")))


def test_one_refused_address_among_good_ones_is_enough(monkeypatch):
    def getaddrinfo(_host, port, **_kwargs):
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in ("8.8.8.8", "10.0.0.1")
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with refused("address_refused"):
        open_remote("http://pbx.test/a.wav", Policy(hosts=parse_hosts("pbx.test")))


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1", "[::ffff:7f00:1]", "[::1]"])
def test_other_spellings_of_loopback_are_refused(server, host):
    name = f"{host}:{server.server_port}"
    with refused("address_refused"):
        open_remote(f"http://{name}/a.wav", Policy(hosts=parse_hosts(name)))
    assert not server.requests


def test_name_is_resolved_once_and_the_checked_address_is_used(monkeypatch, server):
    resolve_to(monkeypatch, "127.0.0.1")  # a second question would end in StopIteration
    hosts = parse_hosts(f"pbx.test:{server.server_port}")
    file = open_remote(
        f"http://pbx.test:{server.server_port}/a.wav", Policy(hosts=hosts, allow_private=True)
    )
    assert file.content() == SOUND
    assert server.requests[0][1]["Host"] == f"pbx.test:{server.server_port}"


def test_addresses_share_the_time_and_none_is_tried_when_it_is_over(monkeypatch):
    clock = SimpleNamespace(now=0.0, monotonic=lambda: clock.now)
    monkeypatch.setattr(remote_file.connection, "time", clock)
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{number}", 80))
        for number in (1, 2, 3)
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_kwargs: found)
    durations, allowed = [2, 3, 0], []

    def connect(sock, _address):
        allowed.append(sock.gettimeout())
        clock.now += durations.pop(0)
        raise TimeoutError

    monkeypatch.setattr(socket.socket, "connect", connect)
    with refused("timeout"):
        open_remote("http://pbx.test/a", policy(hosts=frozenset(["pbx.test"]), timeout=5))
    assert allowed == [5, 3]


def test_unknown_name(monkeypatch):
    def getaddrinfo(*_args, **_kwargs):
        raise socket.gaierror("pbx.test")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with refused("unreachable"):
        open_remote("http://pbx.test/a.wav", Policy(hosts=parse_hosts("pbx.test")))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.wav",
        "//pbx.test/a.wav",
        "file:///etc/passwd",
        "ftp://pbx.test/a.wav",
        "gopher://pbx.test/a",
        "http://",
        "http:///a.wav",
        "http://user@pbx.test/a.wav",
        "http://user:word@pbx.test/a.wav",
        "http://evil.test\\@pbx.test/a.wav",
        "http://pbx.test\\.evil.test/",
        "http://pbx.test/a\\\\..\\\\b",
        "http://pbx.test:0/",
        "http://pbx.test:99999/",
        "http://pbx.test:x/",
        "http://pbx.test/a\r\nX-Header: 1",
        "http://pbx.test/a\x00",
        "http://pbx\t.test/a",
        "http://pbx.test\n.evil.test/",
        "http://pbx test/",
        "http://pb\u0445.test/",
        "http://[::1/a",
        "http://[fe80::1%25lo]/a",
        "http://pbx.test./a",
    ],
)
def test_what_is_no_address(url):
    with refused("bad_url"):
        Target.parse(url)


def test_target():
    target = Target.parse("HTTPS://PBX.Test:8443/a b/ż.wav?x=%20&y=ó#part")
    assert target == Target("https", "pbx.test", 8443, "/a%20b/%C5%BC.wav?x=%20&y=%C3%B3")
    assert target.origin == "https://pbx.test:8443"
    assert Target.parse("http://[::1]").name == "[::1]:80"


def test_hosts():
    hosts = parse_hosts(" pbx.test \nCDN.test:8443\n[::1]\nhttps://media.test\n\n")
    assert hosts == {"pbx.test", "cdn.test:8443", "[::1]", "media.test:443"}
    assert parse_hosts(None) == frozenset()
    for text in ("pbx.test/folder", "user@pbx.test", "*.test", "pbx.test:x"):
        with refused("bad_url"):
            parse_hosts(text)


@pytest.mark.parametrize(
    ("url", "is_listed"),
    [
        ("http://pbx.test/a", True),
        ("https://pbx.test/a", True),
        ("http://pbx.test:80/a", True),
        ("http://pbx.test:22/a", False),
        ("http://pbx.test:443/a", False),
        ("http://cdn.test:8443/a", True),
        ("https://cdn.test/a", False),
        ("http://evil.test/pbx.test", False),
        ("http://evilpbx.test/", False),
        ("http://pbx.test.evil.test/", False),
        ("http://[::1]/", True),
        ("http://[::1]:8069/", False),
    ],
)
def test_listed_hosts(url, is_listed):
    hosts = parse_hosts("pbx.test\ncdn.test:8443\n[::1]")
    assert Target.parse(url).is_listed(hosts) is is_listed


def test_host_that_is_not_listed_is_not_asked(server, other_server):
    with refused("host_refused"):
        open_remote(other_server.url, policy(server))
    assert not other_server.requests


# ---- NAMES OF RECORDINGS ----


@pytest.mark.parametrize(
    ("recording", "path"),
    [
        ("a.wav", "a.wav"),
        ("2026/11/22/out-100.wav", "2026/11/22/out-100.wav"),
        ("/var/spool/a.wav", "var/spool/a.wav"),
        ("a b+ż.wav", "a%20b%2B%C5%BC.wav"),
        ("a?x=1#y&z", "a%3Fx%3D1%23y%26z"),
        ("%2e%2e/a", "%252e%252e/a"),
        ("@evil.test", "%40evil.test"),
        ("//evil.test/a", "evil.test/a"),
        ("...", "..."),
    ],
)
def test_name_of_a_file(recording, path):
    template = "https://pbx.test/recordings/{recording}"
    assert build_url(template, recording) == f"https://pbx.test/recordings/{path}"


def test_name_in_a_query():
    template = "https://pbx.test/get?file={recording}&x=1"
    assert build_url(template, "2026/a b&c.wav") == (
        "https://pbx.test/get?file=2026%2Fa%20b%26c.wav&x=1"
    )


@pytest.mark.parametrize(
    "recording",
    ["", "/", "..", ".", "../a", "a/../b", "a/./b", "a//b", "a/", "a\\..\\b", "a\nb", "a\x00", " "],
)
def test_what_is_no_name(recording):
    with refused("bad_url"):
        build_url("https://pbx.test/{recording}", recording)


def test_address_instead_of_a_name():
    assert build_url("", "https://cdn.test/a?b=c") == "https://cdn.test/a?b=c"
    with refused("bad_url"):
        build_url("", "a.wav")


def test_templates():
    assert check_template("https://pbx.test/{recording}?x=1").origin == "https://pbx.test:443"
    for template in (
        "https://pbx.test/",
        "https://{recording}/",
        "https://{recording}.test/a",
        "https://pbx.test/#{recording}",
        "https://pbx.test/{recording}/{recording}",
        "pbx.test/{recording}",
        "file:///{recording}",
        "https://user:word@pbx.test/{recording}",
    ):
        with refused("bad_url"):
            check_template(template)


# ---- READING ----


def test_file_is_read(server):
    file = open_remote(server.url + "?a=b", policy(server))
    assert (file.status, file.content_type, file.length) == (200, "audio/wav", len(SOUND))
    assert (file.content_range, file.accepts_ranges) == (None, False)
    assert file.content() == SOUND
    path, headers = server.requests[0]
    assert path == "/a.wav?a=b"
    assert "Authorization" not in headers
    assert "Range" not in headers


def test_part_of_a_file(server):
    server.headers["Accept-Ranges"] = "bytes"
    file = open_remote(server.url, policy(server), "bytes=1000-1099")
    assert (file.status, file.length, file.accepts_ranges) == (206, 100, True)
    assert file.content_range == f"bytes 1000-1099/{len(SOUND)}"
    assert file.content() == SOUND[1000:1100]


def test_server_that_ignores_the_range(server):
    file = open_remote(server.url, policy(server), "bytes=1000-")
    assert file.status == 200
    assert file.content() == SOUND


def test_part_that_nobody_asked_for(server):
    server.status = 206
    with refused("failed"):
        open_remote(server.url, policy(server))
    server.headers["Content-Range"] = f"bytes 0-{len(SOUND) - 1}/{len(SOUND)}"
    with refused("failed"):
        open_remote(server.url, policy(server))
    for content_range in (None, "bytes 0-1", "bytes 0-1/2\x7f"):
        server.headers["Content-Range"] = content_range
        with refused("failed"):
            open_remote(server.url, policy(server), "bytes=0-1")


@pytest.mark.parametrize("header", ["bytes=0-", "bytes=0-1", "bytes=-500"])
def test_ranges(header):
    assert clean_range(header) == header


@pytest.mark.parametrize(
    "header",
    [None, "", "bytes=", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "bytes=0-\r\nX: 1", "bytes=0-\n"],
)
def test_what_is_no_range(header):
    assert clean_range(header) is None


def test_chunked_and_endless_bodies(server):
    server.headers["Transfer-Encoding"] = "chunked"
    server.pieces = [b"%x\r\n%s\r\n" % (len(SOUND), SOUND), b"0\r\n\r\n"]
    file = open_remote(server.url, policy(server))
    assert file.length is None
    assert file.content() == SOUND
    server.headers = {"Content-Type": "audio/mpeg", "Content-Length": None}
    server.pieces = None
    file = open_remote(server.url, policy(server))
    assert file.length is None
    assert file.content() == SOUND


def test_empty_file(server):
    server.body = b""
    assert open_remote(server.url, policy(server)).content() == b""


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (204, "failed"),
        (304, "failed"),
        (400, "failed"),
        (401, "denied"),
        (403, "denied"),
        (404, "missing"),
        (410, "missing"),
        (416, "bad_range"),
        (500, "failed"),
    ],
)
def test_status(server, status, code):
    server.status = status
    with refused(code):
        open_remote(server.url, policy(server))


@pytest.mark.parametrize(
    ("given", "file", "expected"),
    [
        ("audio/mpeg", "a", "audio/mpeg"),
        ("Audio/X-WAV; charset=x", "a.mp3", "audio/wav"),
        ("audio/x-gsm", "a.gsm", "application/octet-stream"),
        ("audio/mpegurl", "a.m3u8", "application/octet-stream"),
        ("audio/anything", "a.MP3", "audio/mpeg"),
        ("application/octet-stream", "a.wav", "audio/wav"),
        ("application/octet-stream", "a.html", "application/octet-stream"),
        ("binary/octet-stream", "a.ogg?x=.mp3", "audio/ogg"),
        (None, "a.mp3", "audio/mpeg"),
    ],
)
def test_type(server, given, file, expected):
    server.headers["Content-Type"] = given
    with contextlib.closing(open_remote(f"http://{server.name}/{file}", policy(server))) as remote:
        assert remote.content_type == expected


@pytest.mark.parametrize(
    "given",
    [
        "text/html",
        "text/plain",
        "image/svg+xml",
        "application/xml",
        "application/json",
        "video/mp4",
    ],
)
def test_what_is_no_audio(server, given):
    server.headers["Content-Type"] = given
    with refused("wrong_type"):
        open_remote(server.url, policy(server))


def test_page_is_noticed_in_the_first_512_bytes():
    with refused("wrong_type"):
        opened(Response(b" " * 511, b"<html>"))


def test_no_more_than_512_bytes_are_waited_for():
    response = Response(b"x" * 512, b"y")
    file = opened(response)
    assert response.pieces == [b"y"]
    assert file.content() == b"x" * 512 + b"y"


@pytest.mark.parametrize("total", ["1000", "*"])
def test_only_the_beginning_of_a_file_shows_what_it_is(server, total):
    server.status, server.body = 206, b"<" * 100
    server.headers["Content-Range"] = f"bytes 100-199/{total}"
    file = open_remote(server.url, policy(server), "bytes=100-199")
    assert file.content_range == f"bytes 100-199/{total}"
    assert file.content() == b"<" * 100
    server.headers["Content-Range"] = f"bytes 0-99/{total}"
    with refused("wrong_type"):
        open_remote(server.url, policy(server), "bytes=0-99")


@pytest.mark.parametrize("encoding", ["gzip", "br"])
def test_encoded_file_is_refused(server, encoding):
    server.headers["Content-Encoding"] = encoding
    with refused("wrong_type"):
        open_remote(server.url, policy(server))


@pytest.mark.parametrize(
    "pieces",
    [
        [b"<!DOCTYPE html><script>"],
        [b"\xef\xbb\xbf \r\n<svg/>"],
        [b" ", b"\n", b"<", b"html>"],
        [b"#EXTM3U\nhttp://evil.test/"],
        [b"#EXT", b"m3u\n"],
        [b"[Playlist]\nFile1=x"],
    ],
)
def test_page_or_playlist_that_claims_to_be_audio(server, pieces):
    server.headers["Content-Length"] = None
    server.pieces, server.pause = pieces, 0.02
    with refused("wrong_type"):
        open_remote(server.url, policy(server))


def test_suffix():
    assert remote_file.suffix("audio/wav") == ".wav"
    assert remote_file.suffix("audio/ogg") == ".ogg"
    assert remote_file.suffix("application/octet-stream") == ""


# ---- LIMITS ----


def test_large_file_is_refused_before_it_is_read(server):
    with refused("too_large"):
        open_remote(server.url, policy(server, max_size=len(SOUND) - 1))
    server.headers["Accept-Ranges"] = "bytes"
    with refused("too_large"):
        open_remote(server.url, policy(server, max_size=len(SOUND) - 1), "bytes=0-1")
    assert open_remote(server.url, policy(server, max_size=len(SOUND))).content() == SOUND


def test_limits_unless_others_are_set(server):
    usual = Policy(hosts=frozenset([server.name]), allow_private=True)
    assert (usual.timeout, usual.patience) == (10, 120)
    server.headers["Content-Length"] = "104857600"
    open_remote(server.url, usual).close()
    server.headers["Content-Length"] = "104857601"
    with refused("too_large"):
        open_remote(server.url, usual)


def test_large_file_without_a_length_is_cut_off(server):
    server.headers["Content-Length"] = None
    server.pieces = [SOUND] * 100
    file = open_remote(server.url, policy(server, max_size=2 * len(SOUND)))
    with refused("too_large"):
        file.content()


def test_server_that_does_not_answer():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        name = f"127.0.0.1:{silent.getsockname()[1]}"
        begin = time.monotonic()
        with refused("timeout"):
            open_remote(
                f"http://{name}/a",
                Policy(hosts=frozenset([name]), allow_private=True, timeout=0.3),
            )
        assert time.monotonic() - begin < 2


def test_waiting_for_a_server_does_not_keep_odoo_from_stopping():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        name = f"127.0.0.1:{silent.getsockname()[1]}"
        own = Policy(hosts=frozenset([name]), allow_private=True)
        errors = []

        def ask():
            with refused("unreachable"):
                open_remote(f"http://{name}/a", own)
            errors.append("unreachable")

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        with silent.accept()[0] as connection:
            connection.recv(1)
            timers = [one for one in threading.enumerate() if isinstance(one, threading.Timer)]
        asking.join(5)
    assert errors
    assert timers
    assert all(timer.daemon for timer in timers)


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        name = f"127.0.0.1:{closed.getsockname()[1]}"
    with refused("unreachable"):
        open_remote(f"http://{name}/a", Policy(hosts=frozenset([name]), allow_private=True))


@pytest.mark.parametrize("piece", [b"X-Slow: 1\r\n", b"x", b"HTTP/1.1 100 Continue\r\n\r\n"])
def test_server_that_drips_its_head(piece):
    """Each byte comes in time, the end never: a timeout of the socket alone does not help."""

    def drip(silent):
        connection = silent.accept()[0]
        with connection, contextlib.suppress(OSError):
            connection.sendall(b"" if b"100" in piece else b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(piece)
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as silent:
        thread = threading.Thread(target=drip, args=(silent,), daemon=True)
        thread.start()
        name = f"127.0.0.1:{silent.getsockname()[1]}"
        begin = time.monotonic()
        with refused("timeout"):
            open_remote(
                f"http://{name}/a",
                Policy(hosts=frozenset([name]), allow_private=True, timeout=0.5),
            )
        assert time.monotonic() - begin < 3
        thread.join(5)
        assert not thread.is_alive()


def test_server_that_stops_sending(server):
    server.headers["Content-Length"] = str(2 * len(SOUND))
    server.pause = 30
    file = open_remote(server.url, policy(server, timeout=0.3))
    with refused("timeout"):
        file.content()


def test_server_that_sends_too_slowly(server):
    server.headers["Content-Length"] = "100000"
    server.pieces, server.pause = [b"x" * 600] + [b"x"] * 1000, 0.05
    file = open_remote(server.url, policy(server, patience=0.3))
    begin = time.monotonic()
    with refused("timeout"):
        file.content()
    assert time.monotonic() - begin < 3


def test_time_that_the_server_takes_adds_up(monkeypatch):
    """Each of four pieces takes a second, also the empty one that is the end."""
    clock = itertools.count()
    monkeypatch.setattr(remote_file.file, "time", SimpleNamespace(monotonic=clock.__next__))
    pieces = [b"x" * 600] * 3
    assert opened(Response(*pieces), patience=4).content() == b"x" * 1800
    file = opened(Response(*pieces), patience=3)
    with refused("timeout"):
        file.content()


def test_slow_reader_is_no_slow_server(server):
    file = open_remote(server.url, policy(server, patience=0.2))
    read = b""
    for chunk in file:
        time.sleep(0.1)
        read += chunk
    assert read == SOUND


def test_transfer_that_breaks_off(server):
    server.headers["Content-Length"] = str(2 * len(SOUND))
    with refused("incomplete"):
        open_remote(server.url, policy(server)).content()
    server.headers = {"Content-Type": "audio/wav", "Transfer-Encoding": "chunked"}
    server.pieces = [b"fffff\r\n" + SOUND]
    with refused("incomplete"):
        open_remote(server.url, policy(server)).content()


def test_no_connection_is_left_open(server):
    before = len(_open_sockets())
    open_remote(server.url, policy(server)).close()
    open_remote(server.url, policy(server)).content()
    server.status = 404
    with refused("missing"):
        open_remote(server.url, policy(server))
    assert len(_open_sockets()) == before


def _open_sockets():
    gc.disable()  # what only the garbage collector closes was left open
    try:
        return [
            one
            for one in gc.get_objects()
            if type(one) is socket.socket
            and one.fileno() != -1
            and one.family == socket.AF_INET
            and _is_client(one)
        ]
    finally:
        gc.enable()


def _is_client(sock):
    try:
        return (
            sock.getpeername()[1] < sock.getsockname()[1]
            and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) == 0
        )
    except OSError:
        return False


# ---- REDIRECTS ----


def redirect(server, location, status=302):
    server.status, server.headers = status, {"Location": location}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_to_a_listed_host_is_followed(server, other_server, status):
    redirect(server, other_server.url, status)
    file = open_remote(server.url, policy(server, other_server), "bytes=0-")
    assert file.content() == SOUND
    assert other_server.requests[0][1]["Range"] == "bytes=0-"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://evil.test/", "host_refused"),
        ("http://169.254.169.254/latest/meta-data/", "host_refused"),
        ("//evil.test/a", "host_refused"),
        ("file:///etc/passwd", "bad_url"),
        ("http://[::1", "bad_url"),
        ("http://user:word@127.0.0.1/", "bad_url"),
        ("/again", "redirect_refused"),
        ("", "redirect_refused"),
    ],
)
def test_redirect_to_anything_else_is_refused(server, location, code):
    redirect(server, location)
    with refused(code):
        open_remote(server.url, policy(server))
    assert len(server.requests) <= 4


def test_three_redirects_are_followed_and_no_more(server):
    redirect(server, "/again")
    with refused("redirect_refused"):
        open_remote(server.url, policy(server))
    assert len(server.requests) == 4


def test_redirect_is_resolved_and_checked_again(monkeypatch, server):
    """The name server changes its mind: the first answer is public, the second is not."""
    redirect(server, "/a.wav")
    allowed = iter([True, False])
    monkeypatch.setattr(remote_file.addresses, "is_allowed", lambda *_args: next(allowed))
    with refused("address_refused"):
        open_remote(server.url, policy(server))
    assert len(server.requests) == 1


def test_redirect_from_https_to_http_is_refused():
    with refused("redirect_refused"):
        redirected(Target.parse("https://pbx.test/a"), "http://pbx.test/a")


# ---- CREDENTIALS ----


def test_credentials_are_sent_to_their_origin_only(server, other_server):
    redirect(server, other_server.url)
    own = policy(
        server,
        other_server,
        user="odoo",
        password="zażółć:1",
        auth_origin=f"http://{server.name}",
    )
    open_remote(server.url, own).close()
    scheme, token = server.requests[0][1]["Authorization"].split()
    assert (scheme, b64decode(token).decode()) == ("Basic", "odoo:zażółć:1")
    assert "Authorization" not in other_server.requests[0][1]


@pytest.mark.parametrize(
    ("url", "origin", "is_sent"),
    [
        ("https://pbx.test/a", "https://pbx.test:443", True),
        ("http://pbx.test/a", "https://pbx.test:443", False),
        ("https://pbx.test:8443/a", "https://pbx.test:443", False),
        ("https://cdn.test/a", "https://pbx.test:443", False),
        ("https://cdn.test/a", "", True),
        ("http://cdn.test/a", "", False),
    ],
)
def test_who_sees_the_credentials(url, origin, is_sent):
    own = Policy(hosts=frozenset(), user="odoo", password="secret", auth_origin=origin)
    assert bool(own.authorization(Target.parse(url))) is is_sent


# ---- TLS ----


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Return the file of a certificate and key for ``pbx.test``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pbx.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("pbx.test")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "pbx.pem"
    pem = serialization.Encoding.PEM
    path.write_bytes(
        signed.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


@pytest.fixture
def tls_server(certificate):
    server = Server()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    yield server
    server.stop()


def _open_tls(monkeypatch, server, host):
    resolve_to(monkeypatch, "127.0.0.1")
    name = f"{host}:{server.server_port}"
    return open_remote(f"https://{name}/a.wav", policy(server, hosts=frozenset([name])))


def test_certificate_is_verified_for_the_name(monkeypatch, tls_server, certificate):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    file = _open_tls(monkeypatch, tls_server, "pbx.test")
    assert file.content() == SOUND
    with refused("bad_certificate"):
        _open_tls(monkeypatch, tls_server, "evil.test")


def test_unknown_certificate_is_refused(monkeypatch, tls_server):
    with refused("bad_certificate"):
        _open_tls(monkeypatch, tls_server, "pbx.test")
    assert not tls_server.requests


def test_server_that_drips_its_head_after_a_late_handshake(monkeypatch, certificate):
    """The time is over during the handshake, which alone would have been in time."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    connect = socket.socket.connect

    def connect_slowly(sock, address):
        connect(sock, address)
        time.sleep(0.15)

    def drip(silent):
        connection = silent.accept()[0]
        time.sleep(0.3)
        with (
            contextlib.suppress(OSError),
            context.wrap_socket(connection, server_side=True) as encrypted,
        ):
            encrypted.sendall(b"HTTP/1.1 200 OK\r\n")
            for _again in range(100):
                encrypted.sendall(b"x")
                time.sleep(0.05)

    resolve_to(monkeypatch, "127.0.0.1")
    monkeypatch.setattr(socket.socket, "connect", connect_slowly)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        thread = threading.Thread(target=drip, args=(silent,), daemon=True)
        thread.start()
        name = f"pbx.test:{silent.getsockname()[1]}"
        begin = time.monotonic()
        with refused("timeout"):
            open_remote(f"https://{name}/a", policy(hosts=frozenset([name]), timeout=0.2))
        assert time.monotonic() - begin < 3
        thread.join(5)


def test_proxy_of_the_environment_is_not_used(monkeypatch, server):
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert open_remote(server.url, policy(server)).content() == SOUND
