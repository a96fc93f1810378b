"""The npm packages of the lock file, in the private folder."""

import os
import shutil

from .console import run_step
from .errors import DevError
from .locks import locked
from .paths import ROOT, dev_home, inside, short_hash
from .system import have_root_install

PACKAGE_FILES = ("package.json", "package-lock.json", ".npmrc")
# Those that are called by their files.
NEEDED = ("axe-core", "eslint", "prettier")


def ensure_packages():
    """Install the npm packages of the lock file, and return the folder they are in."""
    lock = (ROOT / "package-lock.json").read_text()
    folder = dev_home() / f"node-{short_hash(lock)}"
    stamp = inside(folder.name, "installed")
    with locked("node", waiting_for="installing the npm packages"):
        if not shutil.which("npm"):
            have_root_install(
                ["nodejs", "npm"], "checks of XML and JavaScript files, and of accessibility"
            )
        if stamp.is_file():
            return folder
        for name in PACKAGE_FILES:
            shutil.copy(ROOT / name, folder / name)
        run_step(
            "Install the npm packages of package-lock.json",
            ["npm", "ci", "--no-audit", "--no-fund"],
            cwd=folder,
            env={**os.environ, "npm_config_update_notifier": "false"},
        )
        for name in NEEDED:
            if not (folder / "node_modules" / name).is_dir():
                raise DevError(f"npm did not install {name} in {folder}: remove it and try again.")
        stamp.touch()
    return folder
