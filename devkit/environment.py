"""The virtual environment of the private folder, with the versions of `requirements.lock`."""

import functools
import hashlib
import importlib.util
import os
import shutil
import sys

from .console import run_step
from .locks import keep_lock, locked_if_free
from .paths import LOCK_FILE, dev_home
from .system import check_disk, have_root_install

# Written last, so that a folder without it is one whose creation was interrupted.
MARKER = "complete"
VENV_PACKAGES = ("python3-venv",)


def venv_folder():
    """Return the folder of the virtual environment for the present lock file and interpreter."""
    return dev_home() / f"venv-{fingerprint()[:12]}"


def python():
    """Return the interpreter that has the packages of the lock file."""
    return venv_folder() / "bin" / "python"


def tool(name):
    """Return the path of a command that the lock file's packages installed."""
    return venv_folder() / "bin" / name


def site_packages():
    """Return the folder that holds the installed packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return venv_folder() / "lib" / version / "site-packages"


@functools.cache
def fingerprint():
    """Return what the environment depends on: the lock file and the interpreter."""
    content = LOCK_FILE.read_bytes() + sys.version.encode() + sys.base_prefix.encode()
    return hashlib.sha256(content).hexdigest()


def ensure_venv():
    """Create the virtual environment of the present lock file if it is not there yet.

    Each state of the lock file has a folder of its own, so that a change of it does not pull the
    packages away from under a command that is running. `venv` always leads to the present one.
    """
    folder = venv_folder()
    if not (folder / MARKER).is_file():
        check_disk(dev_home(), 1)
        create_venv(folder)
        remove_old_venvs(folder)
    keep_lock(folder.name)
    link = dev_home() / "venv"
    if not link.is_symlink() or link.resolve() != folder.resolve():
        remove(link)
        link.symlink_to(folder.name)


def can_create_venv():
    """Tell whether this Python has what Debian keeps in a package of its own."""
    return importlib.util.find_spec("ensurepip") is not None


def create_venv(folder):
    """Create a virtual environment and install the packages of the lock file in it."""
    if not can_create_venv():
        have_root_install(VENV_PACKAGES, "virtual environments")
    remove(folder)
    run_step("Create the virtual environment", [sys.executable, "-m", "venv", folder])
    run_step(
        "Install the Python packages of requirements.lock",
        [python(), "-m", "pip", "install", "--no-input", "-r", LOCK_FILE],
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"},
    )
    (folder / MARKER).touch()


def remove_old_venvs(present):
    """Remove the environments of earlier lock files that no command uses."""
    for folder in dev_home().glob("venv-*"):
        if folder != present:
            with locked_if_free(folder.name) as free:
                if free:
                    remove(folder)


def remove(path):
    """Remove a folder, or a link to one, if there is any."""
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)
