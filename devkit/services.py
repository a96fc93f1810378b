"""What some tests need: the programs Chromium and Dovecot of the machine, and axe from npm."""

import os
import re
import shutil
from pathlib import Path

from .environment import VENV_PACKAGES, can_create_venv
from .npm import ensure_packages
from .system import have_root_install

# The names under which Odoo looks for it
CHROMIUM_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
CHROMIUM_PACKAGE = "chromium"
# What the tests call, or the helper that does it for them.
CHROMIUM_USE = re.compile(r"start_tour|browser_js|HttpCase|ToursCommon|HootCase")
DOVECOT_PACKAGES = {
    "dovecot-imapd": "imap",
    "dovecot-lmtpd": "lmtp",
    "dovecot-pop3d": "pop3",
}
DOVECOT_USE = re.compile(r"dovecot|MailboxCommon", re.IGNORECASE)
DOVECOT_MODULES = Path("/usr/lib/dovecot")
# The variable by which the tests find the script, which runs in the page
AXE_VARIABLE = "LEAD_COMMUNICATIONS_AXE"
SYSTEM_FOLDERS = "/usr/sbin:/sbin"


def ensure_services(sources):
    """Have what the tests need before anything slow begins: installed when root, else asked for.

    :param str sources: the text of the selected tests, which tells what they use
    """
    missing = [] if can_create_venv() else list(VENV_PACKAGES)
    if uses_browser(sources):
        missing += missing_browser()
    if DOVECOT_USE.search(sources):
        missing += missing_mail_server()
    if missing:
        have_root_install(missing, "the tests")
    if AXE_VARIABLE in sources:
        script = ensure_packages() / "node_modules" / "axe-core" / "axe.min.js"
        os.environ[AXE_VARIABLE] = str(script)


def uses_browser(sources):
    """Tell whether tests may open pages, in a browser or not."""
    return bool(CHROMIUM_USE.search(sources))


def missing_browser():
    """Return the package of the browser unless there is one."""
    return [] if any(map(shutil.which, CHROMIUM_NAMES)) else [CHROMIUM_PACKAGE]


def missing_mail_server():
    """Return the packages of Dovecot and of the protocols that are not there."""
    path = f"{os.environ.get('PATH', '')}:{SYSTEM_FOLDERS}"
    is_there = bool(shutil.which("dovecot", path=path))
    return [
        package
        for package, program in DOVECOT_PACKAGES.items()
        if not is_there or not (DOVECOT_MODULES / program).exists()
    ]
