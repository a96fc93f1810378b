"""`./dev screenshots`: the pictures in the README and on the addon's page, from the demo data.

What the pictures show is noted beside them as a hash, so that a test can tell whether they are out
of date.
"""

import contextlib
import hashlib
import subprocess

from . import environment
from .errors import DevError
from .odoo_process import odoo_command
from .paths import ADDON, ROOT
from .processes import spawn, stop
from .serving import wait_for_answer
from .session import databases
from .system import free_port

FOLDER = ADDON / "static" / "description"
STAMP = FOLDER / "screenshots.sha256"
#: What the screens are made of
SOURCES = (
    "views/communication/inbox_views.xml",
    "views/call/call_views.xml",
    "views/email/email_views.xml",
    "wizard/communication/attach_views.xml",
    "static/src/communication/**/*.xml",
    "static/src/communication/**/*.scss",
)


def take_screenshots():
    """Take all pictures of a new database with demo data, and return the exit status."""
    with databases() as found, serve_copy(found) as address:
        command = [environment.python(), "-m", "devkit.camera", address, FOLDER]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            raise DevError("The screenshots could not be taken: what Chromium said is above.")
    STAMP.write_text(fingerprint() + "\n")
    return 0


def fingerprint(folder=ADDON):
    """Return a hash of the files that the pictures show."""
    files = sorted({path for pattern in SOURCES for path in folder.glob(pattern)})
    lines = [f"{path.relative_to(folder)} {sha256(path)}" for path in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def sha256(path):
    """Return the hash of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextlib.contextmanager
def serve_copy(found):
    """Yield the address of Odoo on a new database with demo data."""
    port = free_port()
    with found.throw_away_copy(found.addon_template(), "screens") as name:
        options = ["-d", name, f"--db-filter=^{name}$", f"--http-port={port}"]
        command = odoo_command(*options, "--max-cron-threads=0", "--log-level=warn")
        process = spawn(command, cwd=ROOT, env=found.environment, start_new_session=True)
        try:
            wait_for_answer(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(process)
