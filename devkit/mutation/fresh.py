"""Mutants of what an import runs: forks that have not imported the module yet."""

import contextlib
import importlib
import sys
import warnings
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

from .children import NOTICED, SURVIVED, Task, be_silent, run_tasks
from .placing import compile_module
from .plan import UNCOVERED, Order, drop_unreliable, outcome_of
from .sessions import in_session

START_SECONDS = 60


class MutantLoader(SourceFileLoader):
    """A loader whose source is another one than that of the file."""

    def __init__(self, name, path, source):
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname):
        """Return the code of the source, of which nothing is written anywhere."""
        return compile_module(self.source, self.path)


class MutantFinder(MetaPathFinder):
    """A finder that replaces the source of one file, whatever name it is imported by."""

    def __init__(self, file, source):
        self.file = file
        self.source = source

    def find_spec(self, fullname, path, target=None):
        """Return the spec of the module if it is the one of that file."""
        stem = Path(self.file).stem
        if stem not in ("__init__", fullname.rpartition(".")[2]):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin != self.file:
            return None
        spec.loader = MutantLoader(fullname, self.file, self.source)
        return spec


class Fresh:
    """Runs tests in processes that import a mutated module.

    :param modules: the names of the libraries that all of them can share
    """

    def __init__(self, plan, measurement, modules):
        self.plan = plan
        self.measurement = measurement
        self.order = Order(measurement)
        self.modules = modules

    def run(self, mutants, tell):
        """Find out about mutants.

        :param tell: is called with a mutant, its outcome, and the file of the test that noticed it
        """
        self.plan.host.prepare()
        load(self.modules)
        files = sorted(file for file in {mutant.file for mutant in mutants} if self.tests_for(file))
        drop_unreliable(self.measurement, self.plan.jobs, self.task_without_fault, files)
        tests = {file: self.tests_for(file) for file in files}
        for mutant in mutants:
            if not tests.get(mutant.file):
                tell(mutant, UNCOVERED)
        tasks = (
            self.task(mutant, mutant.file, mutant.source, tests[mutant.file])
            for mutant in mutants
            if tests.get(mutant.file)
        )
        for ending in run_tasks(tasks, self.plan.jobs):
            by = self.order.noticed_by(ending.task.name.file, ending)
            tell(ending.task.name, outcome_of(ending.status), by)

    def task_without_fault(self, file):
        """Return the task that runs all tests of a file."""
        return self.task(file, file, self.plan.sources[file], self.tests_for(file))

    def tests_for(self, file):
        """Return the tests that run anything of a file, or of the files that use it; else all."""
        users = self.plan.users[file]
        names = {name for user in users for name in self.measurement.running(user)}
        return self.measurement.in_order(names or self.measurement.tests)

    def task(self, name, file, source, names):
        """Return the task that runs tests with another source of a file."""
        portions = self.portions(file, self.order.of(file, names))

        def work(slot):
            be_silent()
            sys.meta_path.insert(0, MutantFinder(file, source))
            for tests in portions:
                if run_tests(self.plan.host, slot, tests) != SURVIVED:
                    return NOTICED
            return SURVIVED

        processor, wall = self.order.limits(names)
        return Task(name, work, START_SECONDS + processor, START_SECONDS + wall)

    def portions(self, file, names):
        """Return tests in two portions: it takes time to load all files of tests.

        The first one has those in the files of the tests that noticed something or should.
        """
        early = {name.partition("::")[0] for name in self.order.early(file, names)}
        first = [name for name in names if name.partition("::")[0] in early]
        return [
            part for part in (first, [name for name in names if name not in set(first)]) if part
        ]


def run_tests(host, slot, names):
    """Load tests and run them; they also fail when they cannot be loaded."""
    files = sorted({name.partition("::")[0] for name in names})
    arguments = [*host.options(slot), *files]
    status = in_session(arguments, lambda session: session.run(names), host.is_wanted)
    return NOTICED if status is None else status


def load(modules):
    """Import libraries before the forks do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
