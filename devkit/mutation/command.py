"""`./dev mutate`: which tests go with which files, and the engine that runs them."""

import json
import os
from pathlib import Path

from devkit import environment
from devkit.console import say
from devkit.errors import DevError
from devkit.paths import ADDON, ROOT, inside
from devkit.processes import Terminated, spawn, stop, wait_or
from devkit.session import set_up
from devkit.testing import PURE_TESTS, find_path

from .equal import read_equal
from .report import report

# Pure Python, by its folder: the tests that need no Odoo
PURE = {
    "tools": PURE_TESTS / "tools",
    "telephony": PURE_TESTS / "telephony",
    "ami": PURE_TESTS / "telephony",
}
# Seconds that a test may take. Those of arbitrary input and of speed take longer, and notice nearly
# nothing that the others do not; what survives can be tried on them too, with --slow.
LIMIT = 1
NO_LIMIT = 3600


def mutate(options):
    """Find out which faults in some files the tests do not notice, and return the exit status."""
    files = files_of(options.paths or [str(ADDON / name) for name in ("tools", "telephony")])
    set_up()
    entries = read_equal()
    mutants = []
    for wanted, variables in steps(files, options):
        mutants += run_engine(wanted, variables)
    for mutant in mutants:
        mutant["file"] = str(Path(mutant["file"]).relative_to(ROOT))
    return report(mutants, entries, bool(options.sample))


def files_of(paths):
    """Return the files of the addon that paths mean.

    :raise DevError: when one is not there, or holds nothing that can be tried
    """
    found = []
    for given in paths:
        path = find_path(given)
        files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
        files = [file for file in files if is_code(file)]
        if not files:
            raise DevError(f"There is no code of the addon in {given}.")
        found += [file for file in files if file not in found]
    return found


def is_code(file):
    """Tell whether a file is Python that the addon runs."""
    if not file.is_relative_to(ADDON) or file.suffix != ".py":
        return False
    return file.relative_to(ADDON).parts[0] in PURE and bool(file.read_text().strip())


def steps(files, options):
    """Yield what the engine is to do, and the environment that it needs."""
    pure = [file for file in files if room_of(file) in PURE]
    if pure:
        yield pure_step(pure, options), pure_variables()


def room_of(file):
    """Return the folder of the addon that a file is in."""
    return file.relative_to(ADDON).parts[0]


def pure_step(files, options):
    """Return what to do with files that need no Odoo."""
    tests = selected_tests(options) or sorted({str(PURE[room_of(file)]) for file in files})
    package = [file for folder in PURE for file in sorted((ADDON / folder).rglob("*.py"))]
    return {
        "files": [str(file) for file in files],
        "package": [str(file) for file in package],
        "tests": tests,
        "options": ["-p", "no:odoo"],
        "jobs": options.jobs,
        "sample": options.sample,
        "limit": NO_LIMIT if options.slow else LIMIT,
    }


def selected_tests(options):
    """Return the tests that the command line asks for."""
    found = []
    for given in options.tests or ():
        name, separator, node = given.partition("::")
        found.append(f"{find_path(name)}{separator}{node}")
    return found


def pure_variables():
    """Return the environment of pure Python, as the tests have it."""
    variables = {**os.environ, "LC_ALL": "C.UTF-8"}
    variables.pop("ODOO_RC", None)
    return variables


def run_engine(wanted, variables):
    """Run the engine and return the mutants with their outcomes.

    :raise DevError: when it cannot find out
    """
    question, answer = (inside("mutation", f"{name}-{os.getpid()}.json") for name in "qa")
    question.write_text(json.dumps(wanted))
    command = [environment.python(), "-m", "devkit.mutation.engine", question, answer]
    process = spawn(command, cwd=ROOT, env={**variables, "PYTHONHASHSEED": "0"})
    try:
        process.wait()
        if not answer.is_file():
            raise DevError("The mutants could not be tried.")
        return json.loads(answer.read_text())
    except Terminated:
        stop(process)
        raise
    except KeyboardInterrupt:
        wait_or(process, lambda: stop(process))
        raise
    finally:
        for file in (question, answer):
            file.unlink(missing_ok=True)
        say("What was found out is kept for the next time.")
