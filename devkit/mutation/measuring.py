"""Which test runs which line, and how long each test takes; kept for each file of tests."""

import json
import unittest
from dataclasses import dataclass, field

import coverage
import pytest

from devkit.errors import DevError

from .children import be_silent, run_for_answers
from .sessions import clock

MEASURE_SECONDS = 3600
SETUP = " (setup)"


@dataclass
class MeasuredTest:
    """A test, and what it takes."""

    name: str
    bundle: str  # what shares an expensive beginning
    wall: float
    processor: float
    passed: bool


@dataclass
class Measurement:
    """What is known about the tests.

    :param dict tests: {name: Test}, of those that pass
    :param dict lines: {file: {line: names of tests}}
    :param list broken: names of the tests that fail by themselves, or are skipped
    :param float limit: seconds of calculation; tests that take longer are only used for what no
        other one runs
    """

    limit: float

    tests: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    broken: list = field(default_factory=list)

    def add(self, record):
        """Add what is known about one file of tests."""
        for values in record["tests"]:
            test = MeasuredTest(**values)
            if test.passed:
                self.tests[test.name] = test
            else:
                self.broken.append(test.name)
        for file, lines in record["lines"].items():
            for line, names in lines.items():
                self.lines.setdefault(file, {}).setdefault(int(line), set()).update(names)

    def drop(self, name):
        """Forget a test that fails among others."""
        if self.tests.pop(name, None):
            self.broken.append(name)

    def running(self, file, lines=None):
        """Return the names of the tests that run some of a file's lines, or any of them."""
        found = self.lines.get(file, {})
        lines = found if lines is None else lines
        return self.in_order({name for line in lines for name in found.get(line, ())})

    def in_order(self, names):
        """Return those of the tests that can be used, the quickest first.

        Tests that share an expensive beginning stay together.
        """
        tests = [self.tests[name] for name in names if name in self.tests]
        tests = [test for test in tests if test.processor <= self.limit] or tests
        costs = {}
        for test in tests:
            costs[test.bundle] = costs.get(test.bundle, 0) + test.wall
        tests.sort(key=lambda test: (costs[test.bundle], test.bundle, test.wall, test.name))
        return [test.name for test in tests]

    def seconds(self, names):
        """Return how long tests take together: on the wall clock, and in calculation."""
        tests = [self.tests[name] for name in names]
        return sum(test.wall for test in tests), sum(test.processor for test in tests)


class Contexts:
    """A plugin that tells coverage which test runs, and apart from it what is set up for it."""

    def __init__(self, measured):
        self.measured = measured

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item):
        """Keep apart what is set up for a test."""
        self.measured.switch_context(item.nodeid + SETUP)
        try:
            return (yield)
        finally:
            self.measured.switch_context(item.nodeid)


def new_coverage(files):
    """Return a coverage of some files that is kept in memory."""
    return coverage.Coverage(data_file=None, config_file=False, include=list(map(str, files)))


def measure(session, plan, tell):
    """Run the tests of a session, a file at a time, and return the measurement.

    :param tell: is called with a sentence about how far it is
    :raise DevError: when the tests of a file end the process
    """
    found = Measurement(plan.limit)
    items = items_by_file(session)
    records = {file: plan.known.record(file) for file in items}
    works = {
        file: lambda slot, file=file: see(session, items[file], plan, slot)
        for file, record in records.items()
        if record is None
    }
    for number, (file, record) in enumerate(run_for_answers(works, plan.jobs, MEASURE_SECONDS), 1):
        if record is None:
            raise DevError(f"The tests of {file} end the process that they run in.")
        records[file] = json.loads(json.dumps(record))
        plan.known.keep_record(file, record)
        tell(f"{number} of {len(works)} files of tests were run to see what they run")
    for record in records.values():
        found.add(record)
    return found


def items_by_file(session):
    """Return {file of tests: its tests in the reverse order}.

    That they pass in their own order is known: one that needs an order of its own would fail here
    and not later, where it would look as if it noticed every fault.
    """
    found = {}
    for item in reversed(session.items.values()):
        found.setdefault(str(item.path), []).append(item)
    return found


def see(session, items, plan, slot):
    """Run tests and return their lines and times."""
    be_silent()
    plan.host.enter(slot)
    measured = new_coverage(plan.files)
    items[0].config.pluginmanager.register(Contexts(measured))
    measured.start()
    tests = []
    before = clock()
    for item in session.run_each([item.nodeid for item in items]):
        after = clock()
        seconds = [end - start for start, end in zip(before, after, strict=True)]
        passed = not session.failed and not session.skipped
        tests.append(vars(MeasuredTest(item.nodeid, bundle_of(item), *seconds, passed)))
        before = clock()
    measured.stop()
    return {"tests": tests, "lines": lines_of(measured.get_data(), items)}


def lines_of(data, items):
    """Return {file: {line: names of tests}}; what is set up for one test is so for its group."""
    groups = {}
    for item in items:
        groups.setdefault(group_of(item), []).append(item.nodeid)
    owners = {item.nodeid: [item.nodeid] for item in items}
    owners |= {item.nodeid + SETUP: groups[group_of(item)] for item in items}
    return {
        file: {
            line: sorted({name for context in contexts for name in owners.get(context, ())})
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }


def group_of(item):
    """Return what the tests have in common for which something is set up once: class or file."""
    return bundle_of(item) if is_unittest(item) else item.nodeid.partition("::")[0]


def bundle_of(item):
    """Return the name that tests share whose class has an expensive beginning, else its own."""
    return item.nodeid.rpartition("::")[0] if is_unittest(item) else item.nodeid


def is_unittest(item):
    """Tell whether a test is one of a class with setUpClass()."""
    owner = getattr(item, "cls", None)
    return bool(owner) and issubclass(owner, unittest.TestCase)
