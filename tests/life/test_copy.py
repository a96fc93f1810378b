"""A copy of the database beside the original: restored as it is, and neutralized."""

import contextlib
import http.client
import importlib.util
import json
import os
import socket
import subprocess
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from devkit.databases import marker_of_lock, psql
from devkit.locks import locked
from devkit.odoo_process import odoo_command
from devkit.paths import ADDON_NAME, ROOT
from devkit.processes import spawn, stop
from devkit.releases import run_script
from devkit.session import databases
from lead_communications.telephony.signature import SIGNATURE_HEADER, sign

HERE = Path(__file__).parent
CDR_SAMPLES = ROOT / ADDON_NAME / "tests" / "call" / "samples" / "asterisk"
DOVECOT = ROOT / ADDON_NAME / "tests" / "email" / "dovecot.py"
LOGIN = "copied"
REPORT = b"event=hangup&direction=inbound&linkedid=pushed-%d&src=221234567&did=101&start=%d&end=%d"
# What is where it was, and how much there is.
STATE = """
    SELECT json_build_object(
        'calls', (SELECT count(*) FROM lead_communication c JOIN lead_pbx p ON p.id = c.pbx_id
                   WHERE p.name = 'Copied'),
        'emails', (SELECT count(*) FROM lead_communication_mailbox_rel r
                     JOIN lead_mailbox m ON m.id = r.lead_mailbox_id WHERE m.name = 'Copied'),
        'uids', (SELECT json_agg(f.last_uid ORDER BY f.id) FROM lead_mailbox_folder f
                   JOIN lead_mailbox m ON m.id = f.mailbox_id WHERE m.name = 'Copied'),
        'bytes', (SELECT json_agg("offset" ORDER BY id) FROM lead_pbx_file),
        'failures', (SELECT count(*) FROM lead_communication_failure),
        'secrets', (SELECT concat_ws('/', key, live_secret, ami_secret, cdr_folder)
                      FROM lead_pbx WHERE name = 'Copied'))
"""


class Place:
    """One database on the server that others share with it."""

    def __init__(self, found, name, folder):
        self.found = found
        self.name = name
        self.folder = folder

    def run(self, script, **values):
        """Run a script with some names in Odoo's shell; return what it says it found, if it does.

        :raise DevError: when it fails
        """
        path = self.folder / f"{self.name}-{script}"
        lines = [f"{name} = {value!r}\n" for name, value in values.items()]
        path.write_text("".join(lines) + (HERE / script).read_text())
        with path.open() as code:
            told = run_script(self.found, self.name, code)
        answers = [line for line in told.splitlines() if "ANSWER " in line]
        return json.loads(answers[-1].partition("ANSWER ")[2]) if answers else None

    def state(self):
        return json.loads(self.found.query(STATE, self.name))

    def key_and_secret(self):
        answer = self.found.query(
            "SELECT key, live_secret FROM lead_pbx WHERE name = 'Copied'", self.name
        )
        return answer.split("|")


class Outside:
    """What is there once, whatever the number of databases: a mail server and a folder."""

    def __init__(self, folder, dovecot):
        self.cdr_folder = folder
        self.dovecot = dovecot
        self.mails = 0

    def call(self, name):
        """Let the telephone system write the record of one more call."""
        with (self.cdr_folder / "Master.csv").open("ab") as file:
            file.write((CDR_SAMPLES / f"cdr_{name}.csv").read_bytes())

    def mail(self, size=0):
        """Let one more email arrive."""
        self.mails += 1
        message = EmailMessage()
        message["From"] = "Jan Nowak <jan@customer.test>"
        message["To"] = "copied@company.test"
        message["Subject"] = f"Windows {self.mails}"
        message["Message-ID"] = f"<{self.mails}@customer.test>"
        message["Date"] = "Mon, 02 Nov 2026 10:00:00 +0000"
        message.set_content("How much is a window?")
        if size:
            message.add_attachment(b"x" * size, maintype="application", subtype="pdf")
        self.dovecot.deliver(message.as_bytes(), LOGIN)

    def files(self):
        return {path.name: path.read_bytes() for path in self.cdr_folder.iterdir()}

    def seen(self):
        """Return how many emails there are in the folders, and how many are marked as read."""
        import imaplib

        connection = imaplib.IMAP4("127.0.0.1", self.dovecot.imap_port)
        try:
            connection.login(LOGIN, self.dovecot.password)
            connection.select("INBOX", readonly=True)
            found = [connection.search(None, what)[1][0].split() for what in ("ALL", "SEEN")]
            return [len(numbers) for numbers in found]
        finally:
            connection.logout()


@pytest.fixture(scope="module")
def outside(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cdr")
    spec = importlib.util.spec_from_file_location("dovecot", DOVECOT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    dovecot = module.Dovecot().start()
    dovecot.password = module.PASSWORD
    yield Outside(folder, dovecot)
    dovecot.stop()


@pytest.fixture(scope="module")
def found():
    with databases() as one:
        yield one


@pytest.fixture(scope="module")
def original(found, outside, tmp_path_factory):
    """A database with two emails, one of them in part, and two calls."""
    folder = tmp_path_factory.mktemp("scripts")
    with found.throw_away_copy(found.addon_template(), "original") as name:
        place = Place(found, name, folder)
        place.run(
            "copy_world.py",
            CDR_FOLDER=str(outside.cdr_folder),
            IMAP_PORT=outside.dovecot.imap_port,
            LOGIN=LOGIN,
            PASSWORD=outside.dovecot.password,
        )
        outside.mail()
        outside.mail(size=1_200_000)
        outside.call("in_answered")
        outside.call("in_noanswer")
        place.run("copy_jobs.py")
        state = place.state()
        assert (state["calls"], state["emails"], state["failures"]) == (2, 2, 0)
        yield place


@contextlib.contextmanager
def database_beside(original, part):
    """Yield the name of a database that is dropped afterwards, and by nobody else before."""
    found, name = original.found, f"{original.name}_{part}"
    with locked(name):
        found.drop(name)
        try:
            yield name
        finally:
            found.drop(name)
    marker_of_lock(name).unlink(missing_ok=True)


@pytest.fixture(scope="module")
def restored(found, original):
    """The dump of the original, restored beside it."""
    dump = original.folder / "dump"
    program = Path(psql())
    environment = {**os.environ, **found.variables}
    copied = [program.with_name("pg_dump"), "-Fc", "-f", dump, original.name]
    subprocess.run(copied, env=environment, check=True)
    with database_beside(original, "restored") as name:
        found.query(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        restore = [program.with_name("pg_restore"), "--no-owner", "-d", name, dump]
        subprocess.run(restore, env=environment, check=True)
        found.copy_files(original.name, name)
        yield Place(found, name, original.folder)


@pytest.fixture(scope="module")
def neutralized(found, original):
    """A copy that was neutralized by Odoo's own command."""
    with database_beside(original, "neutralized") as name:
        found.query(f'CREATE DATABASE "{name}" TEMPLATE "{original.name}"')
        found.copy_files(original.name, name)
        found.odoo("Neutralize a copy", "neutralize", "-d", name)
        yield Place(found, name, original.folder)


@pytest.fixture(scope="module")
def more(outside, original, restored, neutralized):
    """Since the copies were made there is one more call and one more email."""
    outside.call("in_group")
    outside.mail()
    return original.state()


def test_a_neutralized_copy_reaches_nobody(outside, more, neutralized):
    """Neither by a job, should somebody switch it on, nor by a button."""
    files, seen = outside.files(), outside.seen()
    answer = neutralized.run("copy_reach.py")
    assert answer["reached"] == []
    assert answer["active"] == ["Base: Auto-vacuum internal data"]
    assert answer["jobs"] > 12
    assert (answer["cut"], answer["failed"]) == (1, "failed")
    assert (answer["can_dial"], answer["dials"]) == (False, [])
    archived = [words for words in answer["refused"] if "server is archived" in words]
    assert {words.partition(":")[0] for words in archived} == {
        "action_fetch",
        "action_choose_folders",
        "action_fetch_whole",
    }
    state = neutralized.state()
    assert (state["calls"], state["emails"]) == (2, 2)
    assert (state["uids"], state["bytes"]) == (more["uids"], more["bytes"])
    assert more["secrets"] not in state["secrets"]
    assert (outside.files(), outside.seen()) == (files, seen)


def test_a_restored_copy_takes_the_same_in_and_leaves_all_where_it_is(outside, more, restored):
    """Restored as it is, it takes for itself what the original gets as well: once each."""
    files, seen = outside.files(), outside.seen()
    for _time in range(2):
        restored.run("copy_jobs.py")
        state = restored.state()
        assert (state["calls"], state["emails"]) == (3, 3)
    assert state["secrets"] == more["secrets"]
    assert (outside.files(), outside.seen()) == (files, seen)


def test_the_original_goes_on_where_it_was(more, original, neutralized, restored):
    """Whatever its copies did meanwhile."""
    assert original.state() == more
    for _time in range(2):
        original.run("copy_jobs.py")
        state = original.state()
        assert (state["calls"], state["emails"], state["failures"]) == (3, 3, 0)
    assert state["secrets"] == more["secrets"]
    assert state["uids"] == [uid + 1 for uid in more["uids"]]
    assert [now > then for now, then in zip(state["bytes"], more["bytes"], strict=True)] == [True]


# ---- TWO DATABASES ON ONE SERVER ----


class Served:
    """One Odoo with all databases: which one is asked, the name of the host says."""

    def __init__(self, found, port):
        self.found = found
        self.port = port

    def post(self, place, secret, key, number=0, **headers):
        """Push a report; return the status and the answer."""
        now = int(time.time())
        body = REPORT % (number, now - 60, now)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {
                "Host": f"{place.name}.example.com",
                "Content-Type": "application/x-www-form-urlencoded",
                SIGNATURE_HEADER: sign(body, secret, now),
                **headers,
            }
            connection.request("POST", f"/{ADDON_NAME}/pbx/{key}", body, headers)
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        finally:
            connection.close()


@pytest.fixture(scope="module")
def served(found, more, original, restored, neutralized):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = odoo_command(
        "-d",
        ",".join(place.name for place in (original, restored, neutralized)),
        "--db-filter=^%d$",
        f"--http-port={port}",
        "--max-cron-threads=0",
        "--log-level=error",
    )
    process = spawn(command, cwd=ROOT, env=found.environment, start_new_session=True)
    try:
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline:
            assert process.poll() is None
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.2)
        yield Served(found, port)
    finally:
        stop(process)


def test_a_report_reaches_the_database_that_its_host_names(served, original, restored):
    """The key and the secret of a copy that was not neutralized are those of the original."""
    key, secret = original.key_and_secret()
    before = restored.state()
    calls = original.state()["calls"]
    status, answer, _headers = served.post(original, secret, key, number=1)
    assert (status, json.loads(answer)) == (200, {"status": "ok", "calls": 1})
    assert original.state()["calls"] == calls + 1
    assert restored.state() == before


def test_a_key_of_another_database_is_unknown_and_leaves_no_trace(served, original, neutralized):
    key, secret = original.key_and_secret()
    before = [place.state() for place in (original, neutralized)]
    status, answer, headers = served.post(neutralized, secret, key, number=2)
    assert (status, json.loads(answer)["code"]) == (404, "unknown_pbx")
    assert "Set-Cookie" not in headers
    # Nor is the key of the copy, of which nobody has the secret.
    neutral_key, *_rest = neutralized.key_and_secret()
    assert served.post(original, secret, neutral_key, number=3)[0] == 404
    assert served.post(neutralized, secret, neutral_key, number=4)[0] == 401
    assert [place.state() for place in (original, neutralized)] == before


def test_a_host_of_no_database_is_answered_by_none(served, original, restored):
    """Nor does the header that names a database lead past the filter."""
    key, secret = original.key_and_secret()
    before = [place.state() for place in (original, restored)]
    nowhere = {"Host": "elsewhere.example.com"}
    for headers in (nowhere, nowhere | {"X-Odoo-Database": original.name}):
        assert served.post(original, secret, key, number=5, **headers)[0] == 404
    other = {"X-Odoo-Database": restored.name}
    assert served.post(original, secret, key, number=6, **other)[0] == 404
    assert [place.state() for place in (original, restored)] == before
