"""`./dev mutate`: which tests go with which files, and the engine that runs them."""

import contextlib
import json
import os
from pathlib import Path

from devkit import environment
from devkit.errors import DevError
from devkit.paths import ADDON, ROOT, inside
from devkit.processes import spawn, stop_after
from devkit.selection import ADDON_TESTS, PURE_TESTS, find_path
from devkit.session import databases, set_up
from devkit.testing import pure_environment

from .equal import read_equal
from .report import report

# Pure Python, by its folder: the tests that need no Odoo
PURE = {
    "tools": PURE_TESTS / "tools",
    "telephony": PURE_TESTS / "telephony",
    "ami": PURE_TESTS / "telephony",
}
MODELS = "models"
# Seconds that a test may take. Those of arbitrary input and of speed take longer, and notice nearly
# nothing that the others do not; what survives can be tried on them too, with --slow.
LIMIT, LIMIT_IN_ODOO, NO_LIMIT = 1, 10, 3600


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
    """Tell whether a file is Python of the addon whose tests can be told."""
    if not file.is_relative_to(ADDON) or file.suffix != ".py":
        return False
    return folder_of(file) in (*PURE, MODELS) and bool(file.read_text().strip())


def folder_of(file):
    """Return the folder of the addon that a file is in."""
    return file.relative_to(ADDON).parts[0]


def steps(files, options):
    """Yield what the engine is to do, and the environment that it needs."""
    if pure := [file for file in files if folder_of(file) in PURE]:
        yield pure_step(pure, options), pure_environment()
    by_tests = {}
    for file in files:
        if folder_of(file) == MODELS:
            by_tests.setdefault(tests_of_model(file), []).append(file)
    for tests, models in by_tests.items():
        with databases() as found, contextlib.ExitStack() as copies:
            template = found.addon_template()
            names = [
                copies.enter_context(found.throw_away_copy(template, f"job_{number}"))
                for number in range(options.jobs)
            ]
            yield models_step(models, tests, names, options), found.environment


def tests_of_model(file):
    """Return the tests of a model: those of its room, or all of them when it is in none."""
    parts = file.relative_to(ADDON / MODELS).parts
    room = ADDON_TESTS / parts[0]
    return room if len(parts) > 1 and room.is_dir() else ADDON_TESTS


def pure_step(files, options):
    """Return what to do with files that need no Odoo."""
    package = python_in(*(ADDON / folder for folder in PURE))
    return {
        **common_step(files, options),
        "package": package,
        "users": package,
        "tests": selected_tests(options) or sorted({str(PURE[folder_of(file)]) for file in files}),
        "databases": [],
        "limit": NO_LIMIT if options.slow else LIMIT,
    }


def models_step(files, tests, names, options):
    """Return what to do with models: their constants are used by themselves alone."""
    return {
        **common_step(files, options),
        "package": python_in(ADDON / MODELS),
        "users": [],
        "tests": selected_tests(options) or [str(tests)],
        "databases": names,
        "limit": NO_LIMIT if options.slow else LIMIT_IN_ODOO,
    }


def common_step(files, options):
    """Return what all steps have in common.

    Of the others, `package` is the code of which it is found out who runs it, `users` are the files
    that may use a constant of another one, and `limit` is in seconds.
    """
    return {
        "files": [str(file) for file in files],
        "jobs": options.jobs,
        "sample": options.sample,
        "slow": options.slow,
    }


def python_in(*folders):
    """Return the Python files in some folders."""
    return [str(file) for folder in folders for file in sorted(folder.rglob("*.py"))]


def selected_tests(options):
    """Return the tests that the command line asks for."""
    found = []
    for given in options.tests or ():
        name, separator, node = given.partition("::")
        found.append(f"{find_path(name)}{separator}{node}")
    return found


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
    except KeyboardInterrupt as error:
        stop_after(error, [process])
        raise
    finally:
        for file in (question, answer):
            file.unlink(missing_ok=True)
