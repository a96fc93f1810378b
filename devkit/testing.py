"""`./dev test`: the tests that need no Odoo, and the addon's tests in copies of its template."""

import contextlib
import os
from collections import Counter
from functools import partial

from .balance import remember, split_in_two
from .console import complain, say
from .pytest_runs import Run, join_failures, run_pytest, run_side_by_side
from .selection import ADDON_TESTS, WITH, by_module, find_test_files, read_sources, split_paths
from .services import ensure_services, uses_browser
from .session import databases, set_up

NOTHING_SELECTED = 5
# What pytest returns when all tests have passed, or some have failed
ENDED = (0, 1)
PURE_STEP, ADDON_STEP, HALVES = "pure", "addon", ("half_1", "half_2")
# The two halves, and beside them first the pure tests, then those with another module.
LANES = 3


def run_tests(paths, keyword=None, extra=()):
    """Run the selected tests and return the exit status.

    :param list paths: rooms, files, folders or node ids; empty for everything
    :param str keyword: pytest's `-k` expression
    :param extra: further arguments for pytest
    """
    pure, models = split_paths(paths)
    arguments = [*(["-k", keyword] if keyword else []), *extra]
    ensure_services(read_sources(models))
    # Options like --pdb, -x and --lf are for one pytest that has the terminal.
    if str(ADDON_TESTS) in models and not arguments:
        return conclude(run_whole(pure, by_module(models)))
    outcomes = []
    if pure:
        outcomes.append(run_pure_tests(pure, arguments))
    for module, selected in by_module(models).items():
        outcomes.append(run_addon_tests(selected, arguments, module))
    return conclude(outcomes)


# -- one after the other -------------------------------------------------------------------------


def run_pure_tests(paths, arguments):
    """Run the tests that need neither Odoo nor a database."""
    set_up()
    say("Pure Python tests")
    return run_pytest(PURE_STEP, [*pure_options(paths), *arguments], pure_environment())


def run_addon_tests(paths, arguments, module=None):
    """Run the addon's tests in a throw-away copy of the template of its current state.

    :param str module: another module that the tests need there
    """
    with databases() as found, found.throw_away_copy(template_for(found, paths, module)) as name:
        say(f"Tests in Odoo, in the database {name}")
        options = [*addon_options(paths, name, module), *arguments]
        return run_pytest(ADDON_STEP, options, found.environment)


# -- all of them, side by side ---------------------------------------------------------------


def run_whole(pure, models):
    """Run everything, the addon's tests in two halves at the same time, and return the outcomes.

    :param dict models: the addon's tests by the module that they need
    """
    files = find_test_files(ADDON_TESTS)
    halves = dict(zip(HALVES, split_in_two(files, ADDON_TESTS), strict=True))
    with databases() as found, contextlib.ExitStack() as copies:
        start = partial(start_addon_tests, found, copies)
        jobs = [partial(start_pure_tests, pure)] if pure else []
        jobs += [partial(start, half, list(map(str, paths))) for half, paths in halves.items()]
        with_more = {WITH + name: name for name in models if name}
        jobs += [partial(start, step, models[name], name) for step, name in with_more.items()]
        outcomes = run_side_by_side(jobs, LANES)
    join_failures([*HALVES, *with_more], ADDON_STEP)
    remember_seconds(outcomes, files)
    return outcomes


def start_pure_tests(paths):
    """Start the tests that need neither Odoo nor a database."""
    say("Pure Python tests: started")
    return Run("Pure Python tests", PURE_STEP, pure_options(paths), pure_environment())


def start_addon_tests(found, copies, step, paths, module=None):
    """Start a part of the addon's tests in a copy of the template that is of no other part.

    :param ExitStack copies: drops the copies
    """
    template = template_for(found, paths, module, is_whole=True)
    database = copies.enter_context(found.throw_away_copy(template, step))
    name = f"Tests in Odoo, {step.replace('_', ' ')}"
    say(f"{name}: started in the database {database}")
    return Run(name, step, addon_options(paths, database, module), found.environment)


def remember_seconds(outcomes, files):
    """Keep how long the addon's tests took, so that the next halves are as long as each other.

    A run that was stopped does not know how long the file at which it was takes.
    """
    seconds = Counter()
    for outcome in outcomes:
        if outcome.status in ENDED:
            seconds.update(outcome.seconds)
    remember(seconds, files, ADDON_TESTS)


# -- what both ways share ------------------------------------------------------------------------


def template_for(found, paths, module=None, is_whole=False):
    """Return the name of the template whose copies the tests run in, with all that they need.

    :param bool is_whole: take no shortcut, for that is what the whole run is for
    """
    if module:
        # Those need no page: it would take a minute to build the bundles of the other module.
        return found.addon_template_with(module)
    template = found.addon_template() if is_whole else found.equal_addon_template()
    if uses_browser(read_sources(paths)):
        found.warm_assets(template)
    return template


def addon_options(paths, database, module=None):
    """Return pytest's arguments for the addon's tests."""
    # They assert by methods: pytest need not rewrite them, nor the tests of Odoo that they import.
    options = [*paths, f"--odoo-database={database}", "--odoo-http", "--assert=plain"]
    return options if module else [*options, f"--ignore-glob=*/{WITH}*"]


def pure_options(paths):
    """Return pytest's arguments for the tests that need no Odoo."""
    return [*paths, "-p", "no:odoo"]


def pure_environment():
    """Return the environment of the tests that need no Odoo."""
    variables = {**os.environ, "LC_ALL": "C.UTF-8"}
    variables.pop("ODOO_RC", None)
    return variables


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
