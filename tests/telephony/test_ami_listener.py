"""The AMI listener as it runs: a process, between a scripted Asterisk and an Odoo that fails."""

import contextlib
import datetime
import http.server
import itertools
import os
import random
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time

import pytest
from provider_checks import post
from test_asterisk import EXPECTED, SAMPLES, facts
from test_asterisk_ami import CALLS, EVENT_IDS, expected

from lead_communications import ami, telephony
from lead_communications.ami import growing_file
from lead_communications.telephony import asterisk, asterisk_ami
from lead_communications.telephony.call_event import merge_all

LISTEN = telephony.__file__.replace("telephony/__init__.py", "ami/listen.py")
SECRET, ODOO_SECRET = "ami-Tajemnica-ł", "odoo-Secret-1"
PATIENCE = 20


def blocks(name):
    """Return the events of a captured stream as the bytes that Asterisk sent, without the login."""
    raw = (SAMPLES / f"ami_{name}.txt").read_bytes().split(b"\r\n\r\n")
    return [block + b"\r\n\r\n" for block in raw[1:] if block.strip()]


def until(condition, what="it"):
    """Wait until ``condition()`` is true."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen in {PATIENCE} s"
        time.sleep(0.02)


class Asterisk:
    """An AMI server that plays a script: lists of blocks, with a cut connection after each."""

    def __init__(self, context=None):
        self.script, self.connections, self.pings = [], 0, 0
        self.answers_pings = True
        self._chunks = random.Random(7)
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self):
        self._socket.close()
        self.cut()

    def cut(self):
        """Close all connections."""
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def say(self, *parts):
        """Let the open connection say some blocks."""
        self._send(self._open[-1], b"".join(parts))

    def _accept(self):
        while True:
            try:
                connection, _address = self._socket.accept()
                if self._context:
                    connection = self._context.wrap_socket(connection, server_side=True)
            except ssl.SSLError:
                continue
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            connection.sendall(b"Asterisk Call Manager/11.0.0\r\n")
            reader = connection.makefile("rb")
            login = self._action(reader)
            if login.get("Secret") != SECRET or login.get("Username") != "odoo":
                self._reply(connection, login, b"Error", b"Message: Authentication failed\r\n")
                return
            self._reply(connection, login, b"Success", b"Message: Authentication accepted\r\n")
            self._open.append(connection)
            self.connections += 1
            if self.script:
                self._send(connection, b"".join(self.script.pop(0)))
                return
            while action := self._action(reader):
                self.pings += 1
                if self.answers_pings:
                    self._reply(connection, action, b"Success", b"Ping: Pong\r\n")

    def _send(self, connection, data):
        """Send ``data`` cut anywhere, also inside a character or a line end."""
        while data:
            size = self._chunks.randint(1, 3000)
            connection.sendall(data[:size])
            data = data[size:]

    def _action(self, reader):
        fields = {}
        while (line := reader.readline().decode().rstrip("\r\n")) or (not fields and line):
            name, _colon, value = line.partition(": ")
            fields[name] = value
        return fields

    def _reply(self, connection, action, response, more):
        action_id = action.get("ActionID", "").encode()
        connection.sendall(b"Response: %s\r\nActionID: %s\r\n%s\r\n" % (response, action_id, more))


class Odoo(http.server.ThreadingHTTPServer):
    """An HTTP server that records what is signed, after the mishaps of its list."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.mishaps, self.events, self.requests = [], [], 0
        self.mode = "ok"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}/lead_communications/pbx/key"

    def calls(self):
        return merge_all(self.events)


class _Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        odoo = self.server
        body = self.rfile.read(int(self.headers["Content-Length"]))
        odoo.requests += 1
        mishap = odoo.mishaps.pop(0) if odoo.mishaps else odoo.mode
        if mishap == "drop":
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if mishap not in ("ok", "taken, but nobody hears"):
            status, text = mishap
            return self._answer(status, text)
        asterisk.verify(post(body, self.headers), [ODOO_SECRET], time.time())
        if b"poison" in body:
            return self._answer(400, b'{"status": "error", "code": "bad"}')
        parsed = asterisk.parse(body, self.headers["Content-Type"], "UTC")
        assert not parsed.broken
        odoo.events += parsed.events
        if mishap == "ok":
            return self._answer(200, b'{"status": "ok", "calls": 1}')
        self.connection.shutdown(socket.SHUT_RDWR)

    def do_GET(self):
        self._answer(200, b'{"status": "ok"}')  # what a redirected POST would get

    def _answer(self, status, text):
        self.send_response(status)
        if status == 302:
            self.send_header("Location", self.path)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_arguments):
        pass


MISHAPS = [
    (503, b"busy"),
    "drop",
    (200, b"<html>Welcome to the hotel</html>"),
    (302, b""),
    "taken, but nobody hears",
    (401, b'{"status": "error", "code": "signature_mismatch"}'),
    (404, b""),
    (200, b'{"status": "no"}'),
]


class Listener:
    """The process with its configuration."""

    def __init__(self, folder, asterisk_port, url):
        self.config = folder / "listener.conf"
        self.queue = folder / "queue" / "queue.sqlite"
        self.cdr = folder / "Master.csv"
        self.log = folder / "log"
        self.values = {
            "asterisk": {"host": "127.0.0.1", "port": asterisk_port, "user": "odoo"},
            "odoo": {"url": url, "secret": ODOO_SECRET},
            "listener": {"queue": self.queue, "longest_pause": 0.2, "cdr_interval": 0.2},
        }
        self.values["asterisk"]["secret"] = SECRET
        self.process = None

    def start(self, *arguments):
        lines = []
        for section, values in self.values.items():
            lines += [f"[{section}]", *(f"{name} = {value}" for name, value in values.items())]
        self.config.touch(mode=0o600)
        self.config.write_text("\n".join(lines), encoding="utf-8")
        command = [sys.executable, LISTEN, "--config", str(self.config), *arguments]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, env={**os.environ, "LC_ALL": "C.UTF-8"}
            )
        return self

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        """End it in order; return its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def waiting(self, table="outbox"):
        """Return how many entries the queue holds."""
        if not self.queue.exists():
            return 0
        with contextlib.closing(sqlite3.connect(self.queue, timeout=10)) as connection:
            try:
                return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            except sqlite3.OperationalError:
                return 0


@pytest.fixture
def pbx():
    server = Asterisk()
    yield server
    server.close()


@pytest.fixture
def odoo():
    server = Odoo()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def listener(tmp_path, pbx, odoo):
    process = Listener(tmp_path, pbx.port, odoo.url)
    yield process
    if process.process and process.process.poll() is None:
        process.kill()
    log = process.log.read_text() if process.log.exists() else ""
    assert "Traceback" not in log, log
    for secret in (SECRET, ODOO_SECRET, "Kowalski", "48221234567"):
        assert secret not in log


def check(odoo):
    """Check that Odoo was told exactly what happened."""
    assert {key: facts(event) for key, event in odoo.calls().items()} == {
        EVENT_IDS[name]: expected(name) for name in CALLS
    }


# ---- STREAMS ----


def test_all_calls_arrive_however_often_the_connection_is_cut(pbx, odoo, listener):
    """Every connection ends in the middle; the next one begins some events earlier."""
    events = [block for name in CALLS for block in blocks(name)]
    cuts = [0, 90, 200, 333, 480, len(events)]
    pbx.script = [events[max(a - 12, 0) : b] for a, b in itertools.pairwise(cuts)]
    odoo.mishaps = list(MISHAPS)
    listener.start()
    until(lambda: pbx.connections > 5, "the last connection")
    until(lambda: not odoo.mishaps and not listener.waiting(), "the delivery")
    check(odoo)
    assert listener.end() == 0


def test_what_was_read_survives_a_kill_while_odoo_is_down(pbx, odoo, listener):
    odoo.mode = (503, b"")
    pbx.script = [blocks("in_answered")]
    listener.start()
    until(lambda: pbx.connections == 2 and listener.waiting() >= 4, "the reading")
    listener.kill()
    pbx.script = [[block for name in CALLS[1:] for block in blocks(name)]]
    listener.start()
    until(lambda: pbx.connections == 4, "the reading of the others")
    listener.kill()
    assert not odoo.events
    odoo.mode = "ok"
    listener.start()
    until(lambda: odoo.events and not listener.waiting(), "the delivery")
    check(odoo)


def test_killed_at_any_moment_the_cdr_file_makes_it_whole(pbx, odoo, listener):
    """Calls go on while the listener dies again and again; the CDR file has each that ended."""
    listener.cdr.write_bytes(b"")
    chance = random.Random(19)
    listener.start("--cdr", str(listener.cdr))
    until(lambda: pbx.connections == 1, "the connection")
    for round_, name in enumerate(CALLS):
        events = blocks(name)
        cut = chance.randrange(len(events))
        with contextlib.suppress(OSError, IndexError):
            pbx.say(*events[:cut])
        listener.kill()
        with contextlib.suppress(OSError, IndexError):
            pbx.say(*events[cut:])
        with listener.cdr.open("ab") as file:
            file.write((SAMPLES / f"cdr_{name}.csv").read_bytes())
        odoo.mishaps += chance.sample(MISHAPS, 2)
        seen = pbx.connections
        listener.start("--cdr", str(listener.cdr))
        until(lambda seen=seen: pbx.connections > seen, f"connection {round_}")
    until(lambda: len(odoo.calls()) == len(CALLS) and not listener.waiting(), "the delivery")
    check(odoo)


def test_event_is_reported_at_once(pbx, odoo, listener):
    listener.start()
    until(lambda: pbx.connections == 1)
    time.sleep(0.3)
    started = time.monotonic()
    pbx.say(*[block for block in blocks("in_answered") if b"Event: DialBegin" in block])
    until(lambda: odoo.events, "the report")
    assert time.monotonic() - started < 1
    (event,) = odoo.events
    assert (event.result, event.extension) == ("", "101")


def test_accents_and_old_encodings(pbx, odoo, listener):
    (begin,) = [block for block in blocks("in_answered") if b"Event: DialBegin" in block]
    pbx.script = [
        [begin.replace(b"Jan Kowalski", "Żółć Gęślą".encode())],
        [begin.replace(b"Jan Kowalski", b"J\xf3zef").replace(b"5367.0", b"5367.9")],
    ]
    listener.start()
    until(lambda: len(odoo.events) == 2, "the reports")
    assert {event.contact_name for event in odoo.events} == {"Żółć Gęślą", "Józef"}


def test_time_is_added_if_asterisk_does_not_tell_it(pbx, odoo, listener):
    events = [block for block in blocks("in_answered") if b"Event: DialEnd" in block]
    lines = [line for line in events[0].split(b"\r\n") if not line.startswith(b"Timestamp")]
    pbx.script = [[b"\r\n".join(lines)]]
    listener.start()
    until(lambda: odoo.events, "the report")
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    assert abs(odoo.events[0].answer - now) < datetime.timedelta(minutes=1)


def test_entry_that_odoo_refuses_stops_no_other(pbx, odoo, listener):
    poison = b"Event: Hangup\r\nChannel: poison\r\n\r\n"
    calls = [block for name in CALLS for block in blocks(name)]
    odoo.mishaps = [(503, b"")] * 3
    pbx.script = [[*calls[:200], poison, *calls[200:]]]
    listener.start()
    until(lambda: odoo.events and not listener.waiting(), "the delivery")
    check(odoo)
    assert listener.waiting("refused") == 1


def test_silent_connection_is_noticed(pbx, listener):
    listener.values["listener"]["ping_interval"] = 0.2
    listener.start()
    until(lambda: pbx.pings > 2, "the pings")
    assert pbx.connections == 1
    pbx.answers_pings = False
    until(lambda: pbx.connections > 1, "the new connection")


def test_wrong_secret_is_tried_again(pbx, odoo, listener):
    listener.values["asterisk"]["secret"] = "wrong"
    listener.start()
    until(lambda: "refuses the user" in listener.log.read_text(), "the refusal")
    assert listener.process.poll() is None
    assert not pbx.connections
    assert listener.end() == 0


# ---- THE CDR FILE ----


def append(path, *names):
    with path.open("ab") as file:
        for name in names:
            file.write((SAMPLES / f"cdr_{name}.csv").read_bytes())


def test_calls_of_an_outage_come_from_the_cdr_file(pbx, odoo, listener):
    append(listener.cdr, "in_busy")  # history
    listener.values["listener"]["cdr"] = listener.cdr
    listener.start()
    until(lambda: listener.waiting("position"), "the first look")
    assert listener.end() == 0
    append(listener.cdr, "in_answered", "in_queue")
    os.rename(listener.cdr, f"{listener.cdr}.2")
    append(listener.cdr, "in_group")
    os.rename(listener.cdr, f"{listener.cdr}.1")
    append(listener.cdr, "in_noanswer")
    with listener.cdr.open("ab") as file:
        file.write(b'"""Outgoing')  # a row that is being written
    listener.start()
    until(lambda: len(odoo.calls()) == 4, "the delivery")
    with listener.cdr.open("r+b") as file:
        file.seek(-len(b'"""Outgoing'), os.SEEK_END)
        file.truncate()
    append(listener.cdr, "out_answered")
    until(lambda: len(odoo.calls()) == 5, "the last row")
    check(odoo)
    requests = odoo.requests
    listener.end()
    listener.start()
    time.sleep(1)
    assert odoo.requests == requests  # nothing twice


def test_file_that_is_emptied_in_place_is_read_from_its_start(odoo, listener):
    append(listener.cdr, *EXPECTED)
    listener.values["listener"]["cdr"] = listener.cdr
    listener.start()
    until(lambda: listener.waiting("position"), "the first look")
    listener.cdr.write_bytes(b"")
    append(listener.cdr, "in_group")
    until(lambda: odoo.events, "the delivery")
    assert facts(odoo.calls()[EVENT_IDS["in_group"]]) == expected("in_group")


def test_rows_of_a_file_with_a_header_go_with_it(odoo, listener):
    columns = "calldate,src,dst,dstchannel,lastapp,channel,duration,billsec,disposition,uniqueid"
    listener.cdr.write_text(f"{columns}\n")
    listener.values["listener"]["cdr"] = listener.cdr
    listener.start()
    until(lambda: listener.waiting("position"), "the first look")
    with listener.cdr.open("a") as file:
        file.write(
            "2026-11-21 23:56:07,+48221234567,+48227001101,PJSIP/101-00000001,Dial,"
            "PJSIP/carrier-00000000,5,4,ANSWERED,1795305367.0\n"
        )
    until(lambda: odoo.events, "the delivery")
    assert facts(odoo.calls()["1795305367.0"]) == expected("in_answered")


def test_missing_cdr_file_is_waited_for(odoo, listener):
    append(listener.cdr, "in_busy")
    listener.values["listener"]["cdr"] = listener.cdr
    listener.start()
    until(lambda: listener.waiting("position"), "the first look")
    os.rename(listener.cdr, f"{listener.cdr}.1")
    until(lambda: "cannot be read" in listener.log.read_text(), "the complaint")
    append(listener.cdr, "in_answered")
    until(lambda: odoo.events, "the delivery")


def test_lines_longer_than_a_block():
    """A file whose lines are longer than what is read at once is still read line by line."""
    path = SAMPLES / "cdr_in_group.csv"
    with path.open("rb") as file:
        position, lines = growing_file.start(file), []
        while True:
            rows, position = growing_file.read_lines(file, position, 50)
            if not rows:
                break
            lines.append(rows)
        assert b"".join(lines) == path.read_bytes()
        assert position == growing_file.end(file)


# ---- THE PROCESS ----


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604])
def test_configuration_that_others_can_read_is_refused(listener, mode):
    listener.start()
    listener.kill()
    listener.config.chmod(mode)
    listener.start()
    assert listener.process.wait(PATIENCE) == 2
    assert "chmod 600" in listener.log.read_text()


@pytest.mark.parametrize(
    ("section", "name", "value", "words"),
    [
        ("odoo", "url", "odoo.example.com", "no address of the web"),
        ("asterisk", "port", "x", "no number"),
        ("asterisk", "user", "", "user is missing"),
        ("odoo", "secret", "a\n b", "one line"),
    ],
)
def test_configuration_that_cannot_work_is_refused(listener, section, name, value, words):
    listener.values[section][name] = value
    assert listener.start().process.wait(PATIENCE) == 2
    assert words in listener.log.read_text()


def test_second_listener_on_one_queue_is_refused(pbx, listener, tmp_path):
    listener.start()
    until(lambda: pbx.connections == 1)
    second = subprocess.run(
        [sys.executable, LISTEN, "--config", str(listener.config)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (second.returncode, "in use" in second.stderr) == (2, True)


def test_it_ends_at_once_in_every_state(pbx, odoo, listener):
    odoo.mode = "drop"
    pbx.script = [blocks("in_answered")]
    listener.start()
    until(lambda: listener.waiting() and odoo.requests > 1)
    started = time.monotonic()
    assert listener.end() == 0
    assert time.monotonic() - started < 5


def test_queue_is_for_its_owner_only(pbx, listener):
    listener.start()
    until(lambda: pbx.connections == 1)
    assert listener.queue.stat().st_mode & 0o077 == 0


def test_tls(tmp_path, odoo):
    certificate = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    pbx = Asterisk(context)
    pbx.script = [blocks("in_answered")]
    listener = Listener(tmp_path, pbx.port, odoo.url)
    listener.values["asterisk"] |= {"host": "localhost", "tls": "yes"}
    listener.start()
    try:
        until(lambda: "certificate verify failed" in listener.log.read_text(), "the refusal")
        listener.end()
        assert not odoo.events
        listener.values["asterisk"]["ca_file"] = certificate
        listener.start()
        until(lambda: odoo.events, "the report")
    finally:
        listener.kill()
        pbx.close()


def make_certificate(folder):
    """Return a file with a key and its self-signed certificate for localhost."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return path


def test_signature_is_the_one_that_odoo_checks(monkeypatch):
    monkeypatch.syspath_prepend(str(ami.__path__[0]))
    import sender

    body = b"x\n\xff"
    signed = sender.signature(body, ODOO_SECRET, 1795305367)
    assert signed == asterisk.sign(body, ODOO_SECRET, 1795305367)
    assert sender.CONTENT_TYPES["ami"] == asterisk_ami.CONTENT_TYPE
