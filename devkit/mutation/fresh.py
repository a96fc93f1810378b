"""Mutants of what an import runs: forks that have not imported the module yet."""

import contextlib
import importlib
import sys
import warnings
from importlib.abc import MetaPathFinder
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path

from devkit.errors import DevError

from .children import NOTICED, SURVIVED, Task, be_silent, run_tasks
from .placing import compile_module
from .sessions import in_session
from .warm import limits, outcome_of

START_SECONDS = 20


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


def run_fresh(plan, measurement, mutants, modules, tell):
    """Run tests on mutants in processes that import the mutated module.

    :param modules: the names of the libraries that all of them can share
    :param tell: is called with a mutant, its outcome, and the file of the test that noticed it
    :raise DevError: when the tests fail without any fault
    """
    load(modules)
    names = {mutant.file: tests_for(plan, measurement, mutant.file) for mutant in mutants}
    originals = [
        task_of(plan, measurement, file, file, plan.sources[file], tests)
        for file, tests in names.items()
    ]
    for ending in run_tasks(originals, plan.jobs):
        if ending.status != SURVIVED:
            raise DevError(f"Without any fault in {ending.task.name}, {ending.note} fails.")
    tasks = [
        task_of(plan, measurement, mutant, mutant.file, mutant.source, names[mutant.file])
        for mutant in mutants
    ]
    for ending in run_tasks(tasks, plan.jobs):
        tell(ending.task.name, outcome_of(ending.status), ending.note)


def load(modules):
    """Import libraries before the forks do."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def tests_for(plan, measurement, file):
    """Return the tests that run anything of a file, or of the files that use it; else all."""
    names = {name for user in plan.users[file] for name in measurement.running(user)}
    return measurement.in_order(names or measurement.tests)


def task_of(plan, measurement, name, file, source, tests):
    """Return the task that runs tests with another source of a file."""
    files = sorted({test.partition("::")[0] for test in tests})

    def work(_slot):
        be_silent()
        sys.meta_path.insert(0, MutantFinder(file, source))
        status = in_session([*plan.options, *files], lambda session: session.run(tests))
        return NOTICED if status is None else status

    processor, wall = limits(measurement, tests)
    return Task(name, work, START_SECONDS + processor, START_SECONDS + wall)
