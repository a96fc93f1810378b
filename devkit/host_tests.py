"""`./dev test host`: the host's own tests with the addon, and what fails without it, too.

A test that fails with the addon runs again without it. One that fails there as well is the host's
own matter; one that does not, and fails with the addon once more, has found something that the
addon does to the host.
"""

from dataclasses import dataclass
from functools import partial

from .console import complain, say
from .errors import DevError
from .paths import ADDON_NAME, ROOT
from .pytest_runs import run_pytest
from .selection import read_sources
from .services import ensure_services, uses_browser
from .session import databases

# What pytest returns when all tests have passed, some have failed, or none was selected
PASSED, FAILED, NOTHING_SELECTED = 0, 1, 5


@dataclass(frozen=True)
class Suite:
    """Tests of the host: paths within its addons, and a module to install for them."""

    paths: tuple
    module: str = ""


SUITES = {
    "crm": Suite(("crm/tests",)),
    "sales_team": Suite(("sales_team/tests",)),
    "calendar": Suite(("calendar/tests",)),
    "sms": Suite(("sms/tests", "crm_sms/tests")),
    "mail": Suite(
        (
            "test_mail/tests/test_mail_gateway.py",
            "test_mail/tests/test_mail_composer.py",
            "test_mail/tests/test_mail_composer_mixin.py",
            "test_mail/tests/test_mail_activity.py",
            "test_mail/tests/test_mail_activity_mixin.py",
            "test_mail/tests/test_mail_activity_plan.py",
            "test_mail/tests/test_mail_scheduled_message.py",
        ),
        "test_mail",
    ),
    "website_crm": Suite(("website_crm/tests",), "website_crm"),
    "crm_livechat": Suite(("crm_livechat/tests",), "crm_livechat"),
    "mass_mailing": Suite(("mass_mailing/tests",), "mass_mailing"),
}
# Less than a minute, for each change: what the addon has broken before, and where it reaches deep.
SHORT = "short"
SHORT_SUITE = Suite(
    (
        "crm/tests/test_crm_ui.py::TestCrmKanbanUI",
        "crm/tests/test_crm_lead.py::TestCRMLead::test_crm_lead_compute_commercial_partner",
        "crm/tests/test_crm_lead_convert_mass.py",
        "crm/tests/test_crm_lead_notification.py",
    )
)


def run_host_tests(names, arguments=()):
    """Run suites of the host's tests, one after the other, and return the exit status.

    :param list names: of the suites; empty for all of them
    :param arguments: further arguments for pytest
    :raise DevError: for a name that no suite has
    """
    known = {**SUITES, SHORT: SHORT_SUITE}
    if unknown := [name for name in names if name not in known]:
        raise DevError(f"The host has no tests {unknown[0]}: give {', '.join(known)}.")
    broken, count = [], 0
    with databases() as found:
        for name in names or SUITES:
            outcome, ours = run_suite(found, name, known[name], arguments)
            count += outcome.tests
            broken += ours
    for test in broken:
        complain(f"fails only with {ADDON_NAME}: {test}")
    if not count:
        complain("No test was selected: look at -k.")
        return NOTHING_SELECTED
    say(f"{count} tests of the host, {len(broken)} fail only with {ADDON_NAME}")
    return FAILED if broken else PASSED


def run_suite(found, name, suite, arguments):
    """Run a suite with the addon, and what fails without it.

    :return: pytest's outcome, and the node ids of the tests that fail only with the addon
    """
    folder = found.host.addons_folder
    paths = [str(folder / path) for path in suite.paths]
    # Of the short ones, none opens a page, though others in their files do.
    sources = "" if name == SHORT else read_sources(paths)
    ensure_services(sources)
    beside = partial(run_beside, found, suite.module, uses_browser(sources))
    say(f"The host's tests {name}, with {ADDON_NAME}")
    template = found.addon_template() if name == SHORT else found.plain_addon_template()
    outcome = beside(template, [*paths, *arguments])
    ours = set(outcome.failures)
    if ours:
        say(f"The {len(ours)} that failed, without {ADDON_NAME}")
        ours -= set(beside(found.host_template(), in_folder(folder, ours)).failures)
    if ours:
        # On a busy machine, a browser is too slow now and then.
        say(f"The {len(ours)} that failed only with {ADDON_NAME}, once more")
        ours &= set(beside(template, in_folder(folder, ours)).failures)
    return outcome, sorted(ours)


def in_folder(folder, tests):
    """Return the paths of tests whose node ids begin in a folder."""
    return [str(folder / test) for test in sorted(tests)]


def run_beside(found, module, is_served, template, arguments):
    """Run tests of the host in a copy of a template, and return their outcome.

    :param str module: another module to install there, or empty
    :param bool is_served: whether the tests open pages
    :raise DevError: when pytest could not run them
    """
    if is_served and not module:
        found.warm_assets(template)
    with found.throw_away_copy(template) as name:
        if module:
            found.install(module, name)
        options = [f"--rootdir={found.host.addons_folder}", f"-c{ROOT / 'pyproject.toml'}"]
        # Of all families of reports, this one has the files of tests.
        options += ["-ojunit_family=xunit1", "--odoo-http", f"--odoo-database={name}"]
        outcome = run_pytest("host", [*options, *arguments], found.environment)
    if outcome.status not in (PASSED, FAILED, NOTHING_SELECTED):
        raise DevError("The host's tests could not be run: what pytest said is above.")
    return outcome
