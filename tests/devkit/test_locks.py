"""Locks, and the lease that decides who stops PostgreSQL."""

import fcntl
import os
import signal
import subprocess
import sys

import pytest

from devkit import locks, postgres
from devkit.paths import ROOT

HOLD = """
import sys
from devkit.locks import locked
with locked("probe", shared=sys.argv[1] == "shared"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def private_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DEV_HOME", str(tmp_path))
    monkeypatch.delenv("PGHOST", raising=False)


@pytest.fixture
def holder():
    processes = []

    def start(mode):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, mode],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


def is_free():
    with locks.locked_if_free("probe") as free:
        return free


def test_a_lock_is_held_against_another_process(holder):
    holder("exclusive")
    assert not is_free()


def test_shared_locks_go_together_and_keep_an_exclusive_one_out(holder):
    holder("shared")
    with locks.locked("probe", shared=True):
        assert not is_free()


def test_a_killed_process_gives_its_lock_back(holder):
    process = holder("exclusive")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert is_free()


class FakeCluster:
    calls = []
    environment = {"PGHOST": "/socket"}

    def start(self):
        self.calls.append("start")

    def stop(self):
        self.calls.append("stop")


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setattr(FakeCluster, "calls", [])
    monkeypatch.setattr(postgres, "Cluster", FakeCluster)
    return FakeCluster.calls


def test_the_last_one_to_leave_stops_the_server(calls):
    with postgres.server():
        with postgres.server():
            pass
        assert calls == ["start", "start"]
    assert calls == ["start", "start", "stop"]


def test_the_server_is_left_to_another_command(calls):
    other = locks.open_lock("postgres-lease")
    fcntl.flock(other, fcntl.LOCK_SH)
    with postgres.server():
        pass
    os.close(other)
    assert "stop" not in calls


def test_the_server_is_stopped_after_a_failure_too(calls):
    with pytest.raises(ZeroDivisionError), postgres.server():
        raise ZeroDivisionError
    assert calls == ["start", "stop"]


def test_a_given_server_is_neither_started_nor_stopped(calls, monkeypatch):
    monkeypatch.setenv("PGHOST", "db.example")
    with postgres.server() as variables:
        assert variables == {"PGHOST": "db.example"}
    assert calls == []


def test_a_long_path_gives_the_server_a_short_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DEV_HOME", str(tmp_path / ("x" * 80)))
    folder = postgres.cluster_folder_of({})
    assert str(folder).startswith("/var/tmp/lead_communications-")
    assert len(f"{folder}/socket/.s.PGSQL.5432") < 107
