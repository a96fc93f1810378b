"""What has to be found out, and in which order the tests are asked."""

from dataclasses import dataclass, field
from pathlib import Path

from devkit.errors import DevError

from .children import NOTICED, SURVIVED, run_tasks

KILLED, TIMEOUT, SURVIVES, UNCOVERED = "killed", "timeout", "survived", "uncovered"
REMEMBERED = 20


@dataclass
class Plan:
    """What has to be found out about the mutants of some files.

    :param list tests: files, folders or node ids
    :param host: what they run in
    :param dict mutants: {file: mutants that have no outcome yet}
    :param dict sources: {file: its text}
    :param dict users: {file: the files that use it, and itself}
    :param known: what earlier runs found out about the tests
    :param list files: whose lines are looked at
    :param float limit: seconds of calculation that a test may take, unless nothing else will do
    """

    tests: list
    host: object
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
        early = self.early(file, names)
        rest = set(names) - set(early)
        return [*early, *(name for name in names if name in rest)]

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

    def limits(self, names):
        """Return how long tests may take that are not endless: calculation, and wall clock."""
        wall, processor = self.measurement.seconds(names)
        return 2 + 4 * processor, 60 + 10 * wall


def outcome_of(status):
    """Return what the exit status of a child says of its mutant."""
    if status == SURVIVED:
        return SURVIVES
    return TIMEOUT if status < 0 else KILLED


def drop_unreliable(measurement, jobs, task_of, files):
    """Run the tests without any fault, as they are run with one; those that fail are of no use.

    :param task_of: returns the task of a file
    :raise DevError: when it is not a test that fails
    """
    while files:
        failed = []
        for ending in run_tasks(map(task_of, files), jobs):
            name = ending.note.partition("\n")[2]
            if ending.status == SURVIVED and name:
                continue
            if ending.status != NOTICED or not name:
                raise DevError(f"The tests of {ending.task.name} cannot be run ({ending.status}).")
            measurement.drop(name)
            failed.append(ending.task.name)
        files = failed
