"""Running Odoo's own commands with our configuration file."""

import os

from . import environment
from .paths import ROOT, dev_home, inside, short_hash

LAUNCHER = ROOT / "devkit" / "launcher" / "odoo-bin"


def odoo_environment(host, database_variables, guests=None):
    """Return the environment in which the host's Python code runs and finds PostgreSQL.

    :param Path guests: a folder with the Python packages of more modules
    """
    variables = {**os.environ, **database_variables}
    variables["PYTHONPATH"] = os.pathsep.join(map(str, filter(None, [host.python_path, guests])))
    variables["ODOO_RC"] = str(write_configuration(host, guests))
    variables["LC_ALL"] = "C.UTF-8"
    # Odoo works in UTC whatever the machine's time zone is
    variables["TZ"] = "UTC"
    for name in ("PYTHONHOME", "PGDATABASE"):
        variables.pop(name, None)
    return variables


def write_configuration(host, guests=None):
    """Write the configuration file that all of Odoo's commands read, and return its path.

    How to reach the database is not in it: libpq takes that from the environment.
    """
    folders = [host.addons_folder, ROOT, *([guests / "odoo" / "addons"] if guests else [])]
    lines = [
        "[options]",
        f"addons_path = {','.join(str(folder) for folder in folders)}",
        f"data_dir = {dev_home() / 'data'}",
        "http_interface = 127.0.0.1",
        "workers = 0",
        "list_db = False",
        "server_wide_modules = base,rpc,web",
        "limit_time_cpu = 0",
        "limit_time_real = 0",
        f"screenshots = {dev_home() / 'screenshots'}",
    ]
    path = inside("odoo", f"{short_hash(str(ROOT) + str(guests or ''))}.conf")
    text = "\n".join(lines) + "\n"
    if not path.is_file() or path.read_text() != text:
        path.write_text(text)
    return path


def odoo_command(*arguments):
    """Return the command line of one of Odoo's own commands."""
    return [str(environment.python()), str(LAUNCHER), *map(str, arguments)]
