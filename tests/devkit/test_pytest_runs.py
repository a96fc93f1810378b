"""Runs of pytest: what they say, what they come to, and that none outlives its command."""

import json
import sys
import time

import pytest

from devkit import processes, pytest_runs
from devkit.processes import Terminated, spawn
from devkit.pytest_runs import Run, read_report, run_side_by_side


@pytest.fixture(autouse=True)
def private_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DEV_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(pytest_runs.environment, "python", lambda: sys.executable)
    monkeypatch.setattr(pytest_runs, "ROOT", tmp_path)
    return tmp_path


class FakeRun:
    """A process that takes the place of pytest's."""

    name, percent = "fake", 0

    def __init__(self, code, *arguments):
        self.process = spawn([sys.executable, "-c", code, *arguments])
        self.is_concluded = False

    @property
    def is_over(self):
        return self.process.poll() is not None

    def conclude(self):
        self.is_concluded = True
        return self.process.returncode


# Fails unless the other one runs at the same time.
MEET = """
import pathlib, sys, time
own, other = map(pathlib.Path, sys.argv[1:])
own.touch()
end = time.monotonic() + 60
while not other.exists():
    assert time.monotonic() < end
    time.sleep(0.01)
"""
# Ends in order when it is told to, which takes a moment.
SLEEP = """
import pathlib, sys, time
try:
    pathlib.Path(sys.argv[1]).touch()
    time.sleep(600)
except KeyboardInterrupt:
    time.sleep(0.1)
    sys.exit(7)
"""


def test_as_many_run_at_the_same_time_as_there_are_lanes(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    jobs = [lambda: FakeRun(MEET, one, two), lambda: FakeRun(MEET, two, one)]
    assert run_side_by_side(jobs, lanes=2) == [0, 0]


def test_no_more_run_than_there_are_lanes():
    runs = []

    def start():
        assert all(run.is_over for run in runs)
        runs.append(FakeRun("pass"))
        return runs[-1]

    assert run_side_by_side([start, start], lanes=1) == [0, 0]


@pytest.mark.parametrize("error", [Terminated, KeyboardInterrupt, ValueError])
def test_all_of_them_end_when_the_command_is_stopped(tmp_path, monkeypatch, error):
    # Nothing has told them of this Ctrl-C, as a terminal does.
    monkeypatch.setattr(processes, "STOP_SECONDS", 5 if error is not KeyboardInterrupt else 2)
    runs = []

    def start(name):
        runs.append(FakeRun(SLEEP, tmp_path / name))
        return runs[-1]

    def fail():
        while not all((tmp_path / name).exists() for name in ("one", "two")):
            time.sleep(0.01)
        raise error

    with pytest.raises(error):
        run_side_by_side([lambda: start("one"), lambda: start("two"), fail], lanes=3)
    assert [run.process.poll() for run in runs] == [7, 7]
    assert all(run.is_concluded for run in runs)


def test_a_run_says_nothing_before_its_end_and_then_all_of_it(tmp_path, capfd):
    test = tmp_path / "test_words.py"
    test.write_text("def test_good(): pass\n\ndef test_bad(): assert 'these words' == ''\n")
    run = Run("The words", "words", [str(test), "-p", "no:odoo"], {})
    run.process.wait()
    assert run.is_over
    assert run.percent == 100
    assert not capfd.readouterr().out
    outcome = run.conclude()
    said = capfd.readouterr().out
    assert said.startswith("[dev] The words\n")
    assert "these words" in said
    assert (outcome.status, outcome.passed, outcome.failed) == (1, 1, 1)
    assert list(outcome.seconds) == ["test_words"]
    assert not list((tmp_path / "home" / "reports").iterdir())


def test_the_next_run_finds_what_failed_in_the_parts(tmp_path):
    bad = tmp_path / "test_bad.py"
    bad.write_text("def test_bad(): assert False\n")
    good = tmp_path / "test_good.py"
    good.write_text("def test_good(): pass\n")
    for step, test in (("half_2", bad), ("half_1", bad), ("half_2", good)):
        run_to_the_end(step, test)
    pytest_runs.join_failures(["half_1", "half_2"], "whole")
    failed = {"test_bad.py::test_bad": True}
    assert json.loads(pytest_runs.failures_of("whole").read_text()) == failed
    pytest_runs.run_pytest("whole", [str(tmp_path), "-p", "no:odoo", "--lf"], {})
    assert json.loads(pytest_runs.failures_of("whole").read_text()) == failed


def test_what_failed_in_the_parts_and_passes_now_is_forgotten(tmp_path):
    test = tmp_path / "test_it.py"
    test.write_text("def test_it(): assert False\n")
    run_to_the_end("half_1", test)
    test.write_text("def test_it(): pass\n")
    run_to_the_end("half_2", test)  # where it is after a new balance
    run_to_the_end("half_1", tmp_path / "test_it.py::test_none")
    pytest_runs.join_failures(["half_1", "half_2"], "whole")
    assert json.loads(pytest_runs.failures_of("whole").read_text()) == {}


def run_to_the_end(step, test):
    run = Run(step, step, [str(test), "-p", "no:odoo"], {})
    run.process.wait()
    return run.conclude()


def test_the_report_of_pytest_is_read(tmp_path):
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        '<testcase classname="x.a.A" name="good" time="1.5"/>'
        '<testcase classname="x.b.A" name="good"/>'
        '<testcase classname="x.a.B" name="bad" time="2.0"><failure/></testcase>'
        '<testcase classname="x.a.A" name="broken"><error/></testcase>'
        '<testcase classname="x.a.A" name="left"><skipped/></testcase>'
        '<testcase classname="x.a.A" name="many"/><testcase classname="x.a.A" name="many"/>'
        "</testsuite></testsuites>"
    )
    outcome = read_report(report, 1)
    assert (outcome.tests, outcome.passed, outcome.failed, outcome.skipped) == (6, 3, 2, 1)
    assert outcome.seconds == {"x.a.A": 1.5, "x.b.A": 0, "x.a.B": 2}


def test_a_pytest_that_died_is_a_failure_even_with_status_0(tmp_path):
    assert read_report(tmp_path / "missing.xml", 0).status == 1
