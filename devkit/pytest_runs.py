"""Runs of pytest: one at a time on the terminal, or several side by side."""

import json
import os
import re
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter, deque
from dataclasses import dataclass, field

from . import environment
from .console import say
from .paths import ROOT, inside
from .processes import spawn, stop_after

TICK_SECONDS = 30
PERCENT = re.compile(r"\[ *(\d+)%\]")


@dataclass
class Outcome:
    """What one run of pytest came to.

    `seconds` is how long the tests of each class or module took, by its dotted name; `failures` are
    the node ids of the tests that failed, where the report has their files (`xunit1`).
    """

    status: int
    tests: int
    failed: int
    skipped: int
    seconds: dict = field(default_factory=dict)
    failures: list = field(default_factory=list)

    @property
    def passed(self):
        """Return the number of tests that ran and passed."""
        return self.tests - self.failed - self.skipped


def run_pytest(step, arguments, variables):
    """Run pytest with its output on the terminal, and return what its report says."""
    report = report_of(step)
    terminal = {"stdin": None} if sys.stdin and sys.stdin.isatty() else {}  # for --pdb
    process = spawn_pytest(step, arguments, variables, **terminal)
    try:
        status = process.wait()
    except KeyboardInterrupt as error:
        stop_after(error, [process])
        raise
    return take_report(report, status)


class Run:
    """A run of pytest beside others: what it says is kept until it is over.

    :param str name: what it is called while it runs
    :param str step: names its files, as no other run of this command
    """

    def __init__(self, name, step, arguments, variables):
        self.name = name
        self._log = inside("reports", f"{step}-{os.getpid()}.log")
        self._report = report_of(step)
        # It may have been other tests that failed in this step the last time.
        failures_of(step).unlink(missing_ok=True)
        color = ["--color=yes"] if sys.stdout.isatty() else []
        with open(self._log, "w") as output:
            options = {"stdout": output, "stderr": subprocess.STDOUT}
            self.process = spawn_pytest(step, [*color, *arguments], variables, **options)

    @property
    def is_over(self):
        """Tell whether pytest has ended."""
        return self.process.poll() is not None

    @property
    def percent(self):
        """Return how much of it is done, as pytest counts it."""
        found = PERCENT.findall(self._log.read_text(errors="replace"))
        return int(found[-1]) if found else 0

    def conclude(self):
        """Print what pytest said, and return what its report says."""
        say(self.name)
        print(self._log.read_text(errors="replace"), end="", flush=True)
        self._log.unlink()
        return take_report(self._report, self.process.returncode)


def run_side_by_side(starters, lanes):
    """Run several pytests, some at the same time, and return their outcomes.

    Each of them ends with this command, however it ends.

    :param starters: functions that start a :class:`Run` and return it
    :param int lanes: how many may run at the same time
    """
    waiting, running, outcomes = deque(starters), [], []
    told = time.monotonic()
    try:
        while waiting or running:
            while waiting and len(running) < lanes:
                running.append(waiting.popleft()())
            time.sleep(0.2)
            for run in [run for run in running if run.is_over]:
                running.remove(run)
                outcomes.append(run.conclude())
            if running and time.monotonic() - told > TICK_SECONDS:
                told = time.monotonic()
                say("so far: " + ", ".join(f"{run.name}: {run.percent} %" for run in running))
    except BaseException as error:
        stop_after(error, [run.process for run in running])
        for run in running:
            run.conclude()
        raise
    return outcomes


def spawn_pytest(step, arguments, variables, **options):
    """Start pytest, which writes its report to :func:`report_of` the step."""
    command = [environment.python(), "-m", "pytest", f"--junitxml={report_of(step)}"]
    command += ["-o", f"cache_dir={cache_of(step)}", *arguments]
    variables = {"HYPOTHESIS_STORAGE_DIRECTORY": str(inside("hypothesis")), **variables}
    return spawn(command, cwd=ROOT, env=variables, **options)


def report_of(step):
    """Return the file of a step's report in this command."""
    return inside("reports", f"{step}-{os.getpid()}.xml")


def cache_of(step):
    """Return the folder in which pytest remembers what failed in a step."""
    return inside("pytest_cache", step)


def take_report(report, status):
    """Read a report and remove it."""
    outcome = read_report(report, status)
    report.unlink(missing_ok=True)
    return outcome


def read_report(report, status):
    """Return the numbers of pytest's report; there is none when it died or could not start.

    A test has several entries when it has sub-tests, and counts once.
    """
    if not report.is_file():
        return Outcome(status or 1, 0, 0, 0)
    tests, failed, skipped, seconds, failures = set(), set(), set(), Counter(), set()
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = (case.get("classname"), case.get("name"))
        tests.add(name)
        seconds[name[0]] += float(case.get("time") or 0)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(name)
            failures.add(node_id(case))
        elif case.find("skipped") is not None:
            skipped.add(name)
    numbers = len(tests), len(failed), len(skipped - failed)
    return Outcome(status, *numbers, dict(seconds), sorted(filter(None, failures)))


def node_id(case):
    """Return the node id of a test in a report that has files, else None."""
    if not case.get("file"):
        return None
    module = case.get("file").removesuffix(".py").replace("/", ".")
    inside_module = case.get("classname", "").removeprefix(module).strip(".")
    return "::".join(filter(None, [case.get("file"), inside_module, case.get("name")]))


def join_failures(steps, whole):
    """Let `--lf` find under one step what failed in the parts that it was run in."""
    failed = {}
    for step in steps:
        path = failures_of(step)
        failed |= json.loads(path.read_text()) if path.is_file() else {}
    path = failures_of(whole)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(failed))


def failures_of(step):
    """Return the file in which pytest's cache has the tests that failed."""
    return cache_of(step) / "v" / "cache" / "lastfailed"
