"""Mutants inside functions: forks of a process that has the tests loaded already."""

import contextlib
import gc
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .children import NOTICED, SURVIVED, UNUSABLE, Task, be_silent, run_tasks
from .measuring import measure, new_coverage
from .placing import body_lines, changed_functions, compile_module, living_functions
from .sessions import in_session

KILLED, TIMEOUT, SURVIVES, UNCOVERED = "killed", "timeout", "survived", "uncovered"
REMEMBERED = 20


@dataclass
class Plan:
    """What is found out about the mutants of some files.

    :param list tests: files, folders or node ids
    :param list options: pytest's further arguments
    :param dict mutants: {file: mutants that have no outcome yet}
    :param dict sources: {file: its text}
    :param dict users: {file: the files that use it, and itself}
    :param known: what earlier runs found out about the tests
    :param list files: whose lines are looked at
    :param float limit: seconds of calculation that a test may take, unless nothing else will do
    """

    tests: list
    options: list
    mutants: dict
    sources: dict
    users: dict
    known: object
    files: list = field(default_factory=list)
    jobs: int = 2
    limit: float = 3600

    def all_mutants(self):
        """Return the mutants of all files."""
        return [mutant for mutants in self.mutants.values() for mutant in mutants]


def run_warm(plan, tell, say):
    """Load the tests, and find out about the mutants inside functions.

    :param tell: is called with a mutant, its outcome, and the file of the test that noticed it
    :param say: is called with a sentence about how far it is
    :return: what `fresh` needs for the other mutants: the measurement, their keys, and the names of
        the modules that are loaded; None when the tests cannot be loaded
    """
    imported = new_coverage(plan.files)
    imported.start()

    def work(session):
        imported.stop()
        return work_with(session, plan, lines_run(imported, plan.mutants), tell, say)

    try:
        return in_session([*plan.options, *plan.tests], work)
    finally:
        imported.stop()


def lines_run(measured, files):
    """Return {file: lines} of what a coverage has seen."""
    data = measured.get_data()
    return {file: set(data.lines(file) or ()) for file in files}


def work_with(session, plan, imported, tell, say):
    """Measure the tests of a session, and run the mutants that can be run in it."""
    measurement = measure(session, plan, say)
    functions = living_functions(plan.mutants)
    gc.collect()
    gc.freeze()  # the forks share what the collector does not touch
    order, others, works = Order(measurement), [], []
    for mutant in plan.all_mutants():
        changes = replacements(mutant, plan.sources[mutant.file], functions, imported)
        names = measurement.running(mutant.file, mutant.lines)
        if changes is None:
            others.append((mutant.file, mutant.key))
        elif names:
            works.append((mutant, changes, names))
        else:
            tell(mutant, UNCOVERED)
    tasks = (task_of(session, order, *work) for work in works)
    for ending in run_tasks(tasks, plan.jobs):
        mutant = ending.task.name
        if ending.status == UNUSABLE:
            others.append((mutant.file, mutant.key))
        else:
            tell(mutant, outcome_of(ending.status), order.noticed_by(mutant.file, ending))
    return measurement, others, modules_elsewhere()


class Order:
    """The order of the tests for a mutant: first those that notice most probably.

    These are the ones that noticed other mutants of the file, the last one first, and then those
    of the tests that are called like the file.
    """

    def __init__(self, measurement):
        self.measurement = measurement
        self.successful = {}

    def of(self, file, names):
        """Return the names in their order."""
        early = {name: rank for rank, name in enumerate(self.early(file, names))}
        late = len(early)
        ranks = {name: (early.get(name, late), number) for number, name in enumerate(names)}
        return sorted(names, key=ranks.get)

    def early(self, file, names):
        """Return those of the names that come first."""
        successful = [name for name in self.successful.get(file, ()) if name in set(names)]
        own = f"test_{Path(file).stem}.py"
        called = [name for name in names if own == Path(name.partition("::")[0]).name]
        return list(dict.fromkeys([*successful, *called]))

    def noticed_by(self, file, ending):
        """Return the file of the test that ended a task, and let that test be early from now on."""
        path, _newline, name = ending.note.partition("\n")
        if ending.status == NOTICED and name:
            found = self.successful.setdefault(file, [])
            found[:] = [name, *(other for other in found if other != name)][:REMEMBERED]
        return path


def replacements(mutant, source, functions, imported):
    """Return [(function, code)] that turn the loaded module into the mutant.

    :return: None when that is not enough: what an import has run already stays as it was
    """
    changes = changed_functions(
        compile_module(source, mutant.file), compile_module(mutant.source, mutant.file)
    )
    found = []
    for place, code in changes or [(None, None)]:
        living = functions.get((mutant.file, place))
        if not living or not can_wait(code, imported[mutant.file]):
            return None
        found += [(function, code) for function in living]
    return found


def can_wait(code, imported):
    """Tell whether a function is only called by tests, as far as its lines tell."""
    lines = body_lines(code)
    return bool(lines) and not lines & imported


def task_of(session, order, mutant, changes, names):
    """Return the task that runs tests on a mutant."""
    names = order.of(mutant.file, names)

    def work(_slot):
        be_silent()
        with contextlib.suppress(ValueError):  # the function has other free variables now
            for function, code in changes:
                function.__code__ = code
            return session.run(names)
        return UNUSABLE

    return Task(mutant, work, *limits(order.measurement, names))


def limits(measurement, names):
    """Return how long tests may take that have nothing to do for ever: calculation, wall clock."""
    wall, processor = measurement.seconds(names)
    return 2 + 4 * processor, 15 + 6 * wall


def outcome_of(status):
    """Return what the exit status of a child says of its mutant."""
    if status == SURVIVED:
        return SURVIVES
    return TIMEOUT if status < 0 else KILLED


def modules_elsewhere():
    """Return the names of the loaded modules that are nobody's fault: those of libraries."""
    here = str(Path.cwd())
    return [
        name
        for name, module in list(sys.modules.items())
        if (file := getattr(module, "__file__", None))
        and ("site-packages" in file or not file.startswith(here))
    ]
