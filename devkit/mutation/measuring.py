"""Which test runs which line, and how long each test takes."""

import unittest
from dataclasses import dataclass, field

import coverage
import pytest

from .children import answers
from .sessions import clock

MEASURE_SECONDS = 3600
SETUP = " (setup)"


@dataclass
class Test:
    """A test that passes, and what it takes."""

    name: str
    bundle: str  # what shares an expensive beginning
    wall: float = 0
    processor: float = 0
    passed: bool = True


@dataclass
class Measurement:
    """What is known about the tests."""

    tests: dict = field(default_factory=dict)  # {name: Test}
    lines: dict = field(default_factory=dict)  # {file: {line: names of tests}}
    broken: list = field(default_factory=list)  # names of tests that fail by themselves

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


def measure(session, files, limit):
    """Run all tests of a session in two children and return the measurement.

    One runs them in their order and sees their lines; the other one, in the reverse order and
    undisturbed, how long they take. Tests that fail in one of them are of no use.

    :param float limit: seconds; a test that takes longer is left out
    """
    names = list(session.items)
    seen, timed = answers(
        [
            lambda _slot: see_lines(session, names, files),
            lambda _slot: take_times(session, names[::-1]),
        ],
        MEASURE_SECONDS,
    )
    if seen is None or timed is None:
        return None
    lines, passed = seen
    tests = {name: test for name, test in timed.items() if test.passed and name in passed}
    broken = [name for name in names if name not in tests]
    tests = {name: test for name, test in tests.items() if test.wall <= limit}
    return Measurement(tests, lines, broken)


def take_times(session, names):
    """Run tests and return {name: Test}."""
    found = {}
    before = clock()
    for name in session.run_each(names):
        after = clock()
        wall, processor = (end - start for start, end in zip(before, after, strict=True))
        passed = not session.failed and not session.skipped
        found[name] = Test(name, bundle_of(session.items[name]), wall, processor, passed)
        before = clock()
    return found


def see_lines(session, names, files):
    """Run tests and return {file: {line: names of tests}} and the names of those that passed."""
    measured = new_coverage(files)
    session.items[names[0]].config.pluginmanager.register(Contexts(measured))
    measured.start()
    passed = {name for name in session.run_each(names) if not session.failed}
    measured.stop()
    groups = {}
    for name in names:
        groups.setdefault(group_of(session.items[name]), []).append(name)
    return lines_of(measured.get_data(), session, groups), passed


def lines_of(data, session, groups):
    """Return {file: {line: names of tests}}; what is set up for one test is so for its group."""
    found = {}
    for file in data.measured_files():
        for line, contexts in data.contexts_by_lineno(file).items():
            names = found.setdefault(file, {}).setdefault(line, set())
            for context in filter(None, contexts):
                name = context.removesuffix(SETUP)
                together = groups[group_of(session.items[name])] if name != context else ()
                names.update([name, *together])
    return found


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
