"""`./dev wheel`: the addon as pip installs it, as the OCA builds its addons (whool).

What only developers need is left out: the tests.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path

from . import environment
from .console import run_step, say
from .paths import ADDON, ADDON_NAME
from .session import databases, set_up

LEFT_OUT = ("tests", "static/tests")
BUILD = "import sys; from whool.buildapi import build_wheel; build_wheel(sys.argv[1])"
USE = f"""
import odoo.addons.{ADDON_NAME} as addon
assert addon.__path__[0].startswith("{{addons}}"), addon.__path__
module = env["ir.module.module"].search([("name", "=", "{ADDON_NAME}")])
assert module.state == "installed", module.state
env["lead.communication"].search_count([])
"""


def make_wheel(folder):
    """Build the wheel into a folder, try whether it installs, and return the exit status."""
    set_up()
    wheel = build_wheel(Path(folder).resolve())
    try_wheel(wheel)
    say(f"{wheel} is built, and was installed in a new database.")
    return 0


def build_wheel(folder):
    """Build the wheel of what git tracks of the addon, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work:
        source = Path(work) / ADDON_NAME
        for name in packed_files():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ADDON / name, source / name)
        made = Path(work) / "made"
        made.mkdir()
        run_step("Build the wheel", [environment.python(), "-c", BUILD, made], cwd=source)
        (wheel,) = made.glob("*.whl")
        return Path(shutil.copy(wheel, folder))


def packed_files():
    """Return the paths, relative to the addon's folder, of what is in the wheel."""
    command = ["git", "ls-files", "-z"]
    tracked = subprocess.run(command, cwd=ADDON, capture_output=True, text=True, check=True).stdout
    return [name for name in tracked.split("\0") if name and not is_left_out(name)]


def is_left_out(name):
    """Tell whether a file of the addon is for developers only."""
    return any(name.startswith(f"{folder}/") for folder in LEFT_OUT)


def try_wheel(wheel):
    """Install a wheel with pip in a folder of its own, and its addon in a database from there.

    :raise DevError: with the log, when pip or Odoo refuses it or Odoo finds something wrong
    """
    with tempfile.TemporaryDirectory() as work, databases() as found:
        pip = [environment.python(), "-m", "pip", "install", "--no-deps", "--no-input", "--quiet"]
        run_step("Install the wheel", [*pip, "--target", work, wheel])
        addons = Path(work) / "odoo" / "addons"
        options = ["--addons-path", f"{found.host.addons_folder},{addons}"]
        with found.throw_away_copy(found.host_template(), "wheel") as name:
            found.odoo(
                f"Install {ADDON_NAME} from the wheel",
                *("-d", name, "-i", ADDON_NAME, "--stop-after-init", "--no-http"),
                *("--log-level=warn", *options),
            )
            found.script("Use the addon of the wheel", name, USE.format(addons=addons), options)
