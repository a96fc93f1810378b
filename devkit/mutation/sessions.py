"""One session of pytest in this process, whose tests are run by us."""

import time

import hypothesis
import pytest
from hypothesis import Phase

from .children import NOTICED, SURVIVED, leave_note

QUIET = ("-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "--capture=no")


class Session:
    """A plugin that hands the collected tests to a function instead of running them.

    :param work: is called with this object; what it returns is in `answer`
    :param is_wanted: tells of a test whether it may be run
    """

    def __init__(self, work, is_wanted):
        self.work = work
        self.is_wanted = is_wanted
        self.items = {}
        self.answer = None
        self.failed = False
        self.skipped = False

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self):
        """Let Hypothesis try the same examples each time, and not look for the smallest failure."""
        hypothesis.settings.register_profile(
            "repeatable",
            hypothesis.settings(),
            derandomize=True,
            database=None,
            phases=[Phase.explicit, Phase.generate],
        )
        hypothesis.settings.load_profile("repeatable")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session):
        """Let the function work with the tests."""
        if session.testsfailed:
            raise session.Interrupted("the tests cannot be loaded")
        self.items = {item.nodeid: item for item in session.items if self.is_wanted(item)}
        self.answer = self.work(self)
        return True

    def pytest_runtest_logreport(self, report):
        """Take note of what a test came to."""
        self.failed = self.failed or report.failed
        self.skipped = self.skipped or report.skipped

    def run(self, names):
        """Run tests and return the exit status of a child; the first one that fails ends it.

        It is noted before it runs, as it may never end.
        """
        for _item in self.run_each(names, lambda item: leave_note(f"{item.path}\n{item.nodeid}")):
            if self.failed:
                return NOTICED
        return SURVIVED

    def run_each(self, names, begin=lambda item: None):
        """Run tests in turn, yielding each of them after it; before it, a function is called."""
        items = [self.items[name] for name in names if name in self.items]
        for item, following in zip(items, [*items[1:], None], strict=True):
            self.failed = self.skipped = False
            begin(item)
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            yield item


def in_session(arguments, work, is_wanted):
    """Load tests with pytest, call the function with the session, and return what it returns.

    :return: the function's answer, or None when the tests cannot be loaded
    """
    session = Session(work, is_wanted)
    pytest.main([*QUIET, *map(str, arguments)], plugins=[session])
    return session.answer


def clock():
    """Return the seconds of the wall clock, and those that this process has calculated."""
    return time.monotonic(), time.process_time()
