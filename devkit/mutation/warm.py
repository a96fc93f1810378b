"""Mutants inside functions: forks of a process that has the tests loaded already."""

import contextlib
import gc
import sys
from pathlib import Path

from devkit.paths import dev_home

from .children import UNUSABLE, Task, be_silent, run_tasks
from .measuring import measure, new_coverage
from .placing import body_lines, changed_functions, compile_module, living_functions
from .plan import UNCOVERED, Order, drop_unreliable, outcome_of
from .sessions import in_session


def run_warm(plan, tell, say):
    """Load the tests, and find out about the mutants inside functions.

    :param tell: is called with a mutant, its outcome, and the file of the test that noticed it
    :param say: is called with a sentence about how far it is
    :return: what `fresh` needs for the other mutants: the measurement, their files and keys, and
        the names of the modules that are loaded; None when the tests cannot be loaded
    """
    imported = new_coverage(plan.files)
    imported.start()

    def work(session):
        plan.host.load()
        imported.stop()
        measurement = measure(session, plan, say)
        others = Warm(session, plan, measurement, lines_run(imported, plan.mutants)).run(tell)
        return measurement, others, modules_elsewhere()

    try:
        return in_session([*plan.host.options(0), *plan.tests], work, plan.host.is_wanted)
    finally:
        imported.stop()


def lines_run(measured, files):
    """Return {file: lines} of what a coverage has seen."""
    data = measured.get_data()
    return {file: set(data.lines(file) or ()) for file in files}


class Warm:
    """Runs tests in forks of this process, in which a function has the code of a mutant.

    :param dict imported: {file: lines that ran when the tests were loaded}
    """

    def __init__(self, session, plan, measurement, imported):
        self.session = session
        self.plan = plan
        self.measurement = measurement
        self.imported = imported
        self.order = Order(measurement)
        self.functions = living_functions(plan.mutants)

    def run(self, tell):
        """Find out about the mutants, and return the files and keys of those for other processes.

        :param tell: is called with a mutant, its outcome, and the file of the test that noticed it
        """
        gc.collect()
        gc.freeze()  # the forks share what the collector does not touch
        others, works = self.sort(tell)
        for ending in run_tasks((self.task(*work) for work in works), self.plan.jobs):
            mutant = ending.task.name
            if ending.status == UNUSABLE:
                others.append((mutant.file, mutant.key))
            else:
                by = self.order.noticed_by(mutant.file, ending)
                tell(mutant, outcome_of(ending.status), by)
        return others

    def sort(self, tell):
        """Return the files and keys of the mutants for other processes, and the others' tasks."""
        changes = [(mutant, self.replacements(mutant)) for mutant in self.plan.all_mutants()]
        others = [(mutant.file, mutant.key) for mutant, found in changes if found is None]
        changes = [(mutant, found) for mutant, found in changes if found is not None]
        files = {mutant.file for mutant, _found in changes if self.names(mutant)}
        drop_unreliable(self.measurement, self.plan.jobs, self.task_without_fault, sorted(files))
        works = []
        for mutant, found in changes:
            if names := self.names(mutant):
                works.append((mutant, mutant.file, found, names))
            else:
                tell(mutant, UNCOVERED)
        return others, works

    def names(self, mutant):
        """Return the names of the tests that run a mutant's lines."""
        return self.measurement.running(mutant.file, mutant.lines)

    def task_without_fault(self, file):
        """Return the task that runs all tests of a file."""
        return self.task(file, file, [], self.measurement.running(file))

    def task(self, name, file, changes, names):
        """Return the task that runs tests with other code in some functions."""
        names = self.order.of(file, names)

        def work(slot):
            be_silent()
            self.plan.host.enter(slot)
            with contextlib.suppress(ValueError):  # the function has other free variables now
                for function, code in changes:
                    function.__code__ = code
                return self.session.run(names)
            return UNUSABLE

        return Task(name, work, *self.order.limits(names))

    def replacements(self, mutant):
        """Return [(function, code)] that turn the loaded module into the mutant.

        :return: None when that is not enough: what an import has run already stays as it was
        """
        original = compile_module(self.plan.sources[mutant.file], mutant.file)
        changes = changed_functions(original, compile_module(mutant.source, mutant.file))
        found = []
        for place, code in changes or [(None, None)]:
            living = self.functions.get((mutant.file, place))
            if not living or not can_wait(code, self.imported[mutant.file]):
                return None
            found += [(function, code) for function in living]
        return found


def can_wait(code, imported):
    """Tell whether a function is only called by tests, as far as its lines tell."""
    lines = body_lines(code)
    return bool(lines) and not lines & imported


def modules_elsewhere():
    """Return the names of the loaded modules that no mutant is in: those of libraries."""
    here, libraries = str(Path.cwd()), str(dev_home())
    return [
        name
        for name, module in list(sys.modules.items())
        if (file := getattr(module, "__file__", None))
        and (file.startswith(libraries) or not file.startswith(here))
    ]
