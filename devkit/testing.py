"""`./dev test`: the tests that need no Odoo, then the addon's tests in a copy of its template."""

import os
import sys
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from pathlib import Path

from . import addon, environment
from .console import complain, say
from .errors import DevError
from .paths import ADDON, ROOT, inside
from .processes import Terminated, spawn, stop, wait_or
from .services import ensure_services, uses_browser
from .session import databases, set_up

PURE_TESTS = ROOT / "tests"
ADDON_TESTS = ADDON / "tests"
# A folder of tests that need another of the host's modules is called with_ and its name.
WITH = "with_"
NOTHING_SELECTED = 5


@dataclass
class Outcome:
    """What one run of pytest came to."""

    status: int
    tests: int
    failed: int
    skipped: int

    @property
    def passed(self):
        """Return the number of tests that ran and passed."""
        return self.tests - self.failed - self.skipped


def run_tests(paths, keyword=None, extra=()):
    """Run the selected tests and return the exit status.

    :param list paths: files, folders or node ids; empty for everything
    :param str keyword: pytest's `-k` expression
    :param extra: further arguments for pytest
    """
    pure, models = split_paths(paths)
    arguments = [*(["-k", keyword] if keyword else []), *extra]
    ensure_services(read_sources(models))
    outcomes = []
    if pure:
        set_up()
        outcomes.append(run_pure_tests(pure, arguments))
    for module, selected in by_module(models).items():
        outcomes.append(run_addon_tests(selected, arguments, module))
    return conclude(outcomes)


def by_module(paths):
    """Return the selected paths of the addon's tests by the module that they need beside it.

    :return: {module, or None when the addon and what it depends on are enough: paths}
    """
    found = {}
    for given in paths:
        path = Path(given.partition("::")[0])
        inside_of = [part for part in path.relative_to(ADDON_TESTS).parts if part.startswith(WITH)]
        if inside_of:
            found.setdefault(inside_of[0].removeprefix(WITH), []).append(given)
            continue
        found.setdefault(None, []).append(given)
        for folder in sorted(path.rglob(f"{WITH}*")):
            found.setdefault(folder.name.removeprefix(WITH), []).append(str(folder))
    return found


def split_paths(paths):
    """Sort the selected paths into those of the pure tests and those of the addon's tests.

    :raise DevError: when a path does not exist, or is in neither folder
    """
    if not paths:
        addon_tests = [str(ADDON_TESTS)] if addon.is_addon_there() and ADDON_TESTS.is_dir() else []
        return [str(PURE_TESTS)], addon_tests
    pure, models = [], []
    for given in paths:
        name, separator, node = given.partition("::")
        path = find_path(name)
        if path in (ROOT, ADDON):
            models.append(str(ADDON_TESTS))
        elif path.is_relative_to(ADDON_TESTS):
            models.append(f"{path}{separator}{node}")
        elif path.is_relative_to(PURE_TESTS):
            pure.append(f"{path}{separator}{node}")
        else:
            raise DevError(f"{given} is neither in {PURE_TESTS} nor in {ADDON_TESTS}.")
        if path == ROOT:
            pure.append(str(PURE_TESTS))
    return pure, models


def find_path(name):
    """Return the path that a name means, seen from the current folder or from the checkout."""
    for base in (Path.cwd(), ROOT):
        if (base / name).exists():
            return (base / name).resolve()
    raise DevError(f"There is no {name}: give files or folders of tests, as they are on the disk.")


def run_pure_tests(paths, arguments):
    """Run the tests that need neither Odoo nor a database."""
    say("Pure Python tests")
    variables = {**os.environ, "LC_ALL": "C.UTF-8"}
    variables.pop("ODOO_RC", None)
    return run_pytest("pure", [*paths, "-p", "no:odoo", *arguments], variables)


def run_addon_tests(paths, arguments, module=None):
    """Run the addon's tests in a throw-away copy of the template of its current state.

    :param str module: another module that the tests need there
    """
    with databases() as found:
        template = found.addon_template_with(module) if module else found.addon_template()
        # Those need no page: it would take a minute to build the bundles of the other module.
        if not module and uses_browser(read_sources(paths)):
            found.warm_assets(template)
        with found.throw_away_copy(template) as name:
            say(f"Tests in Odoo, in the database {name}")
            options = [f"--odoo-database={name}", "--odoo-http", *arguments]
            if not module:
                options.append(f"--ignore-glob=*/{WITH}*")
            return run_pytest("addon", [*paths, *options], found.environment)


def read_sources(paths):
    """Return the text of the Python files that the selected paths mean."""
    files = []
    for path in paths:
        path = Path(path.partition("::")[0])
        files += sorted(path.rglob("*.py")) if path.is_dir() else [path]
    return "".join(file.read_text() for file in files)


def run_pytest(step, arguments, variables):
    """Run pytest with its output on the terminal, and return what its report says."""
    report = inside("reports", f"{step}-{os.getpid()}.xml")
    command = [environment.python(), "-m", "pytest", f"--junitxml={report}"]
    command += ["-o", f"cache_dir={inside('pytest_cache', step)}", *arguments]
    variables = {"HYPOTHESIS_STORAGE_DIRECTORY": str(inside("hypothesis")), **variables}
    terminal = {"stdin": None} if sys.stdin and sys.stdin.isatty() else {}  # for --pdb
    process = spawn(command, cwd=ROOT, env=variables, **terminal)
    try:
        status = process.wait()
    except Terminated:
        stop(process)
        raise
    except KeyboardInterrupt:
        # it has had the terminal's Ctrl-C too, unless somebody sent it to us alone
        wait_or(process, lambda: stop(process))
        raise
    outcome = read_report(report, status)
    report.unlink(missing_ok=True)
    return outcome


def read_report(report, status):
    """Return the numbers of pytest's report; there is none when it died or could not start.

    A test has several entries when it has sub-tests, and counts once.
    """
    if not report.is_file():
        return Outcome(status or 1, 0, 0, 0)
    tests, failed, skipped = set(), set(), set()
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        name = (case.get("classname"), case.get("name"))
        tests.add(name)
        if case.find("failure") is not None or case.find("error") is not None:
            failed.add(name)
        elif case.find("skipped") is not None:
            skipped.add(name)
    return Outcome(status, len(tests), len(failed), len(skipped - failed))


def conclude(outcomes):
    """Return the exit status for the runs of pytest, and print the sum of them.

    A run that selected nothing is fine as long as another one selected something. A skipped test
    is a failure: it is how a missing browser or library would go unnoticed.
    """
    total = {
        name: sum(getattr(outcome, name) for outcome in outcomes)
        for name in ("tests", "passed", "failed", "skipped")
    }
    bad = [outcome for outcome in outcomes if outcome.status not in (0, NOTHING_SELECTED)]
    if not total["tests"] and not bad:
        complain("No test was selected: look at the paths and at -k.")
        return NOTHING_SELECTED
    if total["skipped"]:
        complain(
            f"{total['skipped']} tests were skipped, which counts as a failure here: './dev test --"
            " -rs' tells why."
        )
    print(
        f"total: {total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped",
        flush=True,
    )
    if bad:
        return bad[0].status
    return 1 if total["skipped"] else 0
