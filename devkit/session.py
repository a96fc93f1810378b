"""What every command that works with Odoo needs: the host, the environment, the server."""

import contextlib

from .databases import Databases
from .environment import ensure_venv
from .errors import DevError
from .host import ensure_host
from .locks import locked
from .paths import dev_home
from .postgres import server


def set_up():
    """Prepare the private folder, the host and the virtual environment, and return the host."""
    try:
        dev_home().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DevError(
            f"{dev_home()} cannot be created ({error.strerror}): set DEV_HOME to a folder of yours."
        ) from error
    with locked("setup", waiting_for="setting the private folder up"):
        host = ensure_host()
        ensure_venv()
    return host


@contextlib.contextmanager
def databases():
    """Yield the databases of a running server, rid of what killed commands left behind."""
    host = set_up()
    with server() as variables:
        found = Databases(host, variables)
        found.drop_stale()
        yield found
