"""What an administrator copies to their Asterisk or FreePBX, run by a shell and by a dialplan."""

import hashlib
import hmac
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from asterisk_machine import Channel
from provider_checks import FORM, URL, untranslated

from lead_communications import telephony
from lead_communications.telephony import asterisk, asterisk_dialplan, freepbx
from lead_communications.telephony.call_event import merge_all
from lead_communications.telephony.payload import PayloadError
from lead_communications.telephony.site import Site

BOTH = [asterisk, freepbx]
CALLS = [f"event=hangup&direction=inbound&uniqueid=1.{at}&linkedid=1.{at}" for at in range(450)]

# ---- THE SERVICE ----

SHIM = """#!/bin/sh
echo "$0 $*" >> "{log}"
exec {command} "$@"
"""
#: Notes what was sent, and answers with the next of the given status codes.
CURL = """#!/bin/sh
echo "$0 $*" >> "{log}"
for last in "$@"; do
    case "$last" in @*) cat "${{last#@}}" >> "{place}/sent.$(head -c 3 "{place}/codes")" ;; esac
done
head -c 3 "{place}/codes"
tail -c +5 "{place}/codes" > "{place}/rest" && mv "{place}/rest" "{place}/codes"
"""
#: Nobody waits; the service is killed once the answers are used up.
SLEEP = """#!/bin/sh
[ -s "{place}/codes" ] || kill "$PPID"
"""


def block(lines, begin, end):
    """Return what is copied from the line ``begin`` to the line ``end``, without the indent."""
    first = lines.index(f"    {begin}")
    last = len(lines) - 1 - lines[::-1].index(f"    {end}")
    return "\n".join(line[4:] for line in lines[first : last + 1]) + "\n"


def serve(place, secret, codes, calls):
    """Run the service until it has got the answers ``codes``; return what is in the queue then."""
    path, queue = place / "bin", place / "queue"
    path.mkdir()
    queue.mkdir()
    for name in ("openssl", "od", "tr", "sed", "wc", "cat"):
        shim = SHIM.format(log=place / "argv.log", command=shutil.which(name))
        (path / name).write_text(shim)
    (path / "curl").write_text(CURL.format(log=place / "argv.log", place=place))
    (path / "sleep").write_text(SLEEP.format(place=place))
    for shim in path.iterdir():
        shim.chmod(0o755)
    (place / "codes").write_text("".join(f"{code} " for code in codes))
    (place / "secret").write_text(f"{secret}\n")
    (queue / "calls").write_text("".join(f"{call}\n" for call in calls))
    steps = asterisk.setup_steps(URL, untranslated)
    script = block(steps.splitlines(), "#!/bin/sh", "done")
    script = script.replace(asterisk_dialplan.SECRET_FILE, str(place / "secret"))
    (place / "send").write_text(script.replace(asterisk_dialplan.QUEUE, str(queue)))
    environ = {"PATH": f"{path}:{os.environ['PATH']}"}
    subprocess.run(["sh", place / "send"], env=environ, timeout=60, check=False)
    return sorted(file.name.rpartition(".")[0] for file in queue.iterdir())


@pytest.mark.parametrize("secret", ["short", "x" * 64, "y" * 65, "z\u0105" * 100])
def test_service_signs_and_shows_the_secret_to_nobody(tmp_path, secret):
    assert serve(tmp_path, secret, [200], CALLS[:2]) == []
    seen = (tmp_path / "argv.log").read_text()
    assert secret not in seen
    t, signature = re.search(r"X-Signature: t=(\d+),v1=([0-9a-f]{64})", seen).groups()
    body = (tmp_path / "sent.200").read_bytes()
    expected = hmac.new(secret.encode(), f"{t}.".encode() + body, hashlib.sha256).hexdigest()
    assert signature == expected


def test_queue_is_sent_in_parts_and_in_order(tmp_path):
    assert serve(tmp_path, "secret", [200, 200, 200], CALLS) == []
    assert (tmp_path / "sent.200").read_text().splitlines() == CALLS


def test_what_odoo_cannot_take_waits_and_is_sent_again(tmp_path):
    assert serve(tmp_path, "secret", ["000", 503, 401, 200], CALLS[:3]) == []
    assert (tmp_path / "sent.200").read_text().splitlines() == CALLS[:3]


def test_what_odoo_refuses_is_kept_and_stops_nothing(tmp_path):
    left = serve(tmp_path, "secret", [400, 200, 200], CALLS)
    assert len(left) == 1
    assert left[0].startswith("refused.")
    assert (tmp_path / "sent.200").read_text().splitlines() == CALLS[200:]


def test_body_of_the_service_is_read_line_by_line():
    body = "\n".join([*CALLS[:3], "direction=inbound", ""]).encode()
    parsed = asterisk.parse(body, FORM)
    assert [event.external_id for event in parsed.events] == ["1.0", "1.1", "1.2"]
    assert [(row.number, row.text) for row in parsed.broken] == [(4, "direction=inbound")]
    with pytest.raises(PayloadError):
        asterisk.parse(b"direction=inbound", FORM)


def test_test_report_is_no_call():
    channel = Channel(asterisk_dialplan.dialplan(), EPOCH="1795305367", UNIQUEID="1.7")
    channel.run("lead-communications", "test")
    [(_path, line)] = channel.queue
    parsed = asterisk.parse(f"{CALLS[0]}\n{line}\n".encode(), FORM)
    assert [event.external_id for event in parsed.events] == ["1.0"]
    assert parsed.trials == [line]
    assert line.startswith("event=test&start=1795305367&uniqueid=1.7&system=")


# ---- THE DIALPLAN ----

SAID = ("LC_DIRECTION", "LC_NUMBER", "LC_AGENT", "LC_START")
FORKS_OR_WAITS = re.compile(
    r"\b(Try)?(System|AGI|SHELL|CURL|Exec\w*|Wait\w*|ODBC\w*|Playback|Read|DB)\(", re.IGNORECASE
)


@pytest.mark.parametrize("provider", BOTH)
def test_no_step_of_the_dialplan_starts_a_process_or_waits(provider):
    steps = provider.setup_steps(URL, untranslated)
    assert not FORKS_OR_WAITS.search(steps)


@pytest.mark.parametrize(
    ("way", "before_dial"), [("incoming", 1), ("outgoing", 0), ("internal", 0)]
)
def test_a_call_costs_one_line_when_it_rings_and_one_when_it_ends(way, before_dial):
    channel = Channel(asterisk_dialplan.dialplan(), EPOCH="1795305367")
    channel.run("lead-communications", way, "221234100", "101")
    assert len(channel.queue) == before_dial
    channel.hang_up()
    assert len(channel.queue) == before_dial + 1
    assert {path for path, _line in channel.queue} == {f"{asterisk_dialplan.QUEUE}/calls"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("incoming", "221234100", "101"), ("incoming", "102", "102")),
        (("incoming", "221234100", "101"), ("internal", "102", "600100200")),
        (("outgoing", "600100200", "101"), ("incoming", "102", "102")),
    ],
)
def test_second_gosub_of_a_transferred_call_overwrites_nothing(first, second):
    channel = Channel(asterisk_dialplan.dialplan(), EPOCH="1795305367")
    channel.run("lead-communications", *first)
    said = {name: text for name, text in channel.variables.items() if name in SAID}
    assert len(said) == len(SAID)
    channel.run("lead-communications", *second)
    assert {name: channel.variables[name] for name in SAID} == said
    # Whoever rings now is told, under the number that was called.
    rings = [line for _path, line in channel.queue if "event=ring" in line]
    assert len(rings) == (2 if first[0] == "incoming" else 0)
    channel.hang_up()
    assert sum("event=hangup" in line for _path, line in channel.queue) == 1


# ---- FREEPBX ----

#: Where its own extensions.conf, which includes ours first, has the same hooks without anything.
STUBS = "".join(
    f"[macro-{name}-predial-hook]\nexten => s,1,Return()\n"
    for name in ("dialout-trunk", "dialout-one", "dial-hunt", "dial-ringall")
)


def freepbx_channel(**variables):
    steps = freepbx.setup_steps(URL, untranslated)
    return Channel(steps, STUBS, EPOCH="1795305367", **variables)


@pytest.mark.parametrize(
    ("hook", "variables", "said"),
    [
        (
            "dialout-one",
            {"FROM_DID": "221234100", "DEXTEN": "101"},
            ("inbound", "221234100", "101"),
        ),
        ("dialout-one", {"DEXTEN": "102", "AMPUSER": "101"}, ("internal", "102", "101")),
        ("dial-ringall", {"FROM_DID": "221234100"}, ("inbound", "221234100", "")),
        ("dial-hunt", {"FROM_DID": "221234100"}, ("inbound", "221234100", "")),
        (
            "dialout-trunk",
            {"DIAL_NUMBER": "600100200", "AMPUSER": "101"},
            ("outbound", "600100200", "101"),
        ),
        # Forwarded to a mobile: still the call that came in.
        (
            "dialout-trunk",
            {"FROM_DID": "221234100", "DIAL_NUMBER": "600100200"},
            ("inbound", "221234100", ""),
        ),
    ],
)
def test_hooks_of_freepbx_say_what_kind_of_call_it_is(hook, variables, said):
    channel = freepbx_channel(**variables)
    channel.run(f"macro-{hook}-predial-hook", "s")
    assert tuple(channel.variables[name] for name in SAID[:3]) == said
    channel.hang_up()
    assert "event=hangup" in channel.queue[-1][1]


@pytest.mark.parametrize("hook", ["dial-ringall", "dial-hunt"])
def test_ring_group_that_a_colleague_calls_is_nobody_elses(hook):
    channel = freepbx_channel(AMPUSER="101")
    channel.run(f"macro-{hook}-predial-hook", "s")
    assert not channel.queue + channel.handlers


def test_files_that_freepbx_generates_are_left_alone():
    steps = freepbx.setup_steps(URL, untranslated)
    files = set(re.findall(r"/etc/asterisk/([\w-]+\.conf)", steps))
    assert files == {"extensions_custom.conf", "manager_custom.conf", "cdr_manager.conf"}


def test_export_of_its_table_is_read():
    path = Path(telephony.__file__).parents[1] / "tests" / "call" / "samples" / "files"
    raw = (path / "freepbx_export.tsv").read_bytes()
    columns = re.findall(r"SELECT (.*?) FROM", freepbx.setup_steps(URL, untranslated), re.DOTALL)
    assert raw.decode().split("\n")[0].split("\t") == re.split(r",\s+", columns[0])
    site = Site(tz="Europe/Warsaw", country_code="PL", extensions={"101"})
    parsed = freepbx.parse(raw, "text/csv", site=site)
    assert not parsed.broken
    missed, answered = merge_all(parsed.events).values()
    assert (missed.result, missed.number) == ("missed", "+48600700001")
    assert missed.contact_name == "Jan K"
    assert (answered.result, answered.line_number, answered.extension) == (
        "answered",
        "222004000",
        "101",
    )
    assert answered.recording.endswith(".wav")
