"""`./dev run`: Odoo with the addon and its demo data, served on the loopback interface."""

import http.client
import time

from . import addon
from .console import complain, say
from .databases import marker
from .errors import DevError
from .locks import locked_if_free
from .odoo_process import odoo_command
from .paths import ADDON_NAME, ROOT, short_hash
from .processes import spawn, stop
from .session import databases
from .system import check_port

DEFAULT_PORT = 8069
ANSWER_SECONDS = 120
# Who can log in, and what they look at first
LOGINS = (
    ("salesperson", "anna", "odoo/lead-inbox"),
    ("manager", "marek", "odoo/lead-inbox"),
    ("administrator", "admin", "odoo/settings"),
)


def serve(port=DEFAULT_PORT, fresh=False):
    """Serve the addon until Ctrl-C or SIGTERM, and return the exit status."""
    check_port(port)
    with databases() as found, locked_if_free(found.run_name) as free:
        if not free:
            raise DevError("Another './dev run' of this checkout is at work: use it, or stop it.")
        prepare_database(found, fresh)
        check_port(port)
        return serve_database(found, port)


def prepare_database(found, fresh=False):
    """Create the database of this checkout, or upgrade it when the addon's files have changed."""
    name = found.run_name
    host_state, addon_state = short_hash(found.host.version), addon.database_fingerprint()
    stamp = marker(name)
    if fresh:
        say("Drop the database and start anew")
        found.drop(name)
    if not stamp.is_file() or not found.exists(name):
        found.drop(name)
        found.copy(found.addon_template(), name)
    else:
        known_host, _colon, known_addon = stamp.read_text().partition(":")
        if known_host != host_state:
            upgrade(found, "base", "Upgrade everything, for the host has changed")
        elif known_addon != addon_state:
            upgrade(found, ADDON_NAME, f"Upgrade {ADDON_NAME}, whose files have changed")
    stamp.write_text(f"{host_state}:{addon_state}")


def upgrade(found, module, what):
    """Upgrade a module, and those that depend on it, in the database of this checkout."""
    arguments = ["-d", found.run_name, "-u", module, "--stop-after-init", "--no-http"]
    found.odoo(what, *arguments, "--log-level=warn")


def serve_database(found, port):
    """Start Odoo, say where it answers, and wait for its end or for ours."""
    command = odoo_command(
        *("-d", found.run_name, f"--db-filter=^{found.run_name}$", f"--http-port={port}"),
        *("--max-cron-threads=1", "--log-handler=werkzeug:WARNING"),
    )
    # In a session of its own, so that Ctrl-C reaches Odoo once, through us, and it ends in order.
    process = spawn(command, cwd=ROOT, env=found.environment, start_new_session=True)
    try:
        wait_for_answer(process, port)
        print_welcome(port)
        status = process.wait()
        complain(f"Odoo has ended by itself, with status {status}.")
        return 1
    except KeyboardInterrupt:
        say("Stopping ...")
        return 0
    finally:
        stop(process)


def wait_for_answer(process, port):
    """Wait until the login page answers.

    :raise DevError: when Odoo ends before, or takes too long
    """
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise DevError("Odoo has ended before it could answer: its messages are above.")
        if answers(port):
            return
        time.sleep(0.3)
    raise DevError(f"Odoo does not answer after {ANSWER_SECONDS} s: its messages are above.")


def answers(port):
    """Tell whether the login page can be had."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/web/login")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def print_welcome(port):
    """Print who can log in, and where each of them begins."""
    width = max(len(role) for role, _login, _path in LOGINS)
    print("\n  Log in with the login as the password:\n")
    for role, login, path in LOGINS:
        print(f"  {role:<{width}}  {login:<6} http://127.0.0.1:{port}/{path}")
    print("\n  Ctrl-C stops it.\n", flush=True)
