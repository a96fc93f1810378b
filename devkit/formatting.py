"""Prettier for XML, from npm, in the private folder."""

import os
import shutil

from .console import run_step
from .errors import DevError
from .locks import locked
from .paths import ROOT, dev_home, inside
from .system import have_root_install

PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")


def prettier_command():
    """Return the command line of prettier with its XML plugin, installed if it is not there yet."""
    folder = ensure_prettier()
    modules = folder / "node_modules"
    plugin = modules / "@prettier" / "plugin-xml" / "src" / "plugin.js"
    program = modules / "prettier" / "bin" / "prettier.cjs"
    configuration = ROOT / ".prettierrc.json"
    return ["node", program, "--config", configuration, "--plugin", plugin, "--ignore-path", ""]


def ensure_prettier():
    """Install the npm packages of the lock file, and return the folder they are in."""
    folder = dev_home() / "node"
    lock = (ROOT / "package-lock.json").read_text()
    stamp = inside("node", "installed.json")
    with locked("node", waiting_for="installing the npm packages"):
        if not shutil.which("npm"):
            have_root_install(["nodejs", "npm"], "checks of XML files")
        if stamp.is_file() and stamp.read_text() == lock:
            return folder
        for name in PACKAGE_FILES:
            shutil.copy(ROOT / name, folder / name)
        run_step(
            "Install the npm packages of package-lock.json",
            ["npm", "ci", "--no-audit", "--no-fund"],
            cwd=folder,
            env={**os.environ, "npm_config_update_notifier": "false"},
        )
        if not (folder / "node_modules" / "prettier").is_dir():
            raise DevError(f"npm did not install prettier in {folder}: remove it and try again.")
        stamp.write_text(lock)
    return folder
