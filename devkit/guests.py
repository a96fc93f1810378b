"""`./dev test guests`: modules of others beside the addon, installed before it and after it.

Those of the Odoo Community Association are wheels, of the versions in `guests.txt`; the others are
the host's own. A group is installed at once; where that fails, each of its modules alone, to say
which one it is.
"""

import os
import shutil

from . import environment
from .console import complain, run_step, say
from .errors import DevError
from .locks import locked
from .odoo_process import odoo_environment
from .paths import ADDON_NAME, ROOT, dev_home, short_hash
from .pytest_runs import run_pytest
from .selection import ADDON_TESTS
from .session import databases
from .testing import conclude

PINS = ROOT / "devkit" / "guests.txt"
WHEEL = "odoo-addon-"
HOST_GUESTS = (
    *("crm_iap_enrich", "crm_livechat", "google_gmail", "hr", "mass_mailing"),
    *("microsoft_outlook", "project", "sale_crm", "sms", "website_crm"),
)
# What the addon is for, and where it meets others; no test that counts queries, as others add some.
MAIN_TESTS = (
    *("test_anchors.py", "lead/test_private_person.py", "lead/test_known_company.py"),
    *("communication/test_lead_communication.py", "communication/test_attach.py"),
    *("call/test_pbx_import.py", "email/test_doc_emails.py", "event/test_doc_events.py"),
)


def run_guests(names, arguments=()):
    """Install guests before and after the addon, run its main tests beside them, and conclude.

    :param list names: of modules; empty for all, in two groups
    :param arguments: further arguments for pytest
    :raise DevError: for a module that is no guest
    """
    groups = [names] if names else [pinned_guests(), list(HOST_GUESTS)]
    if unknown := set(names) - set(pinned_guests()) - set(HOST_GUESTS):
        raise DevError(f"{', '.join(sorted(unknown))}: see {PINS.name} for the guests there are.")
    broken, outcomes = [], []
    with databases() as found:
        found.environment = odoo_environment(found.host, found.variables, ensure_guests())
        for group in groups:
            broken += [f"{name}, installed before" for name in failing(try_before, found, group)]
            found_broken = failing(try_after, found, group)
            broken += [f"{name}, installed after" for name in found_broken]
            if beside := [name for name in group if name not in found_broken]:
                outcomes.append(run_main_tests(found, beside, arguments))
    for what in broken:
        complain(f"does not get along with {ADDON_NAME}: {what}")
    return conclude(outcomes) or int(bool(broken))


def failing(attempt, found, group):
    """Return the modules of a group that make an attempt fail; it is tried with all at once."""
    if succeeds(attempt, found, group):
        return []
    return [name for name in group if len(group) == 1 or not succeeds(attempt, found, [name])]


def succeeds(attempt, found, group):
    """Tell whether an attempt with some modules succeeds."""
    try:
        attempt(found, group)
    except DevError as error:
        complain(str(error))
        return False
    return True


def try_before(found, group):
    """Install guests, and the addon after them."""
    with found.throw_away_copy(found.host_template()) as name:
        found.install(",".join(group), name)
        found.install(ADDON_NAME, name)


def try_after(found, group):
    """Install guests where the addon is."""
    with found.throw_away_copy(found.plain_addon_template()) as name:
        found.install(",".join(group), name)


def run_main_tests(found, group, arguments):
    """Run the main tests beside guests that were installed after the addon."""
    say(f"The main tests beside {', '.join(group)}")
    with found.throw_away_copy(found.addon_template()) as name:
        found.install(",".join(group), name)
        paths = [str(ADDON_TESTS / path) for path in MAIN_TESTS]
        options = [f"--odoo-database={name}", "--odoo-http"]
        return run_pytest("guests", [*paths, *options, *arguments], found.environment)


def pinned_guests():
    """Return the names of the modules whose versions are pinned."""
    lines = [line for line in PINS.read_text().splitlines() if line.startswith(WHEEL)]
    return [line.removeprefix(WHEEL).partition("==")[0] for line in lines]


def ensure_guests():
    """Return the folder of the pinned modules, fetched if it is not there."""
    folder = dev_home() / f"guests-{short_hash(PINS.read_text())}"
    with locked("guests", waiting_for="fetching modules of others"):
        if not folder.is_dir():
            part = folder.with_name(f"{folder.name}.part")
            shutil.rmtree(part, ignore_errors=True)
            install = [environment.python(), "-m", "pip", "install", "--no-input", "--no-deps"]
            run_step(
                "Fetch modules of others",
                [*install, "--target", part, "-r", PINS],
                env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"},
            )
            part.rename(folder)
    return folder
