"""Programs of the machine that some tests need: Chromium and Dovecot."""

import os
import shutil
from pathlib import Path

from .system import have_root_install

# The names under which Odoo looks for it
CHROMIUM_NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")
DOVECOT_PACKAGES = {
    "dovecot-imapd": "imap",
    "dovecot-lmtpd": "lmtp",
    "dovecot-pop3d": "pop3",
}
DOVECOT_MODULES = Path("/usr/lib/dovecot")
SYSTEM_FOLDERS = "/usr/sbin:/sbin"


def ensure_chromium():
    """Have a browser for tours and hoot tests: installed when root, else asked for."""
    if not any(shutil.which(name) for name in CHROMIUM_NAMES):
        have_root_install(["chromium"], "the browser tests")


def ensure_dovecot():
    """Have a mail server for the mailbox tests: installed when root, else asked for."""
    path = f"{os.environ.get('PATH', '')}:{SYSTEM_FOLDERS}"
    missing = [
        package for package, program in DOVECOT_PACKAGES.items() if not is_there(program, path)
    ]
    if missing:
        have_root_install(missing, "the mailbox tests")


def is_there(program, path):
    """Tell whether Dovecot and one of its protocols are installed."""
    return bool(shutil.which("dovecot", path=path)) and (DOVECOT_MODULES / program).exists()
