"""The virtual environment of the private folder, with the versions of `requirements.lock`."""

import hashlib
import importlib.util
import os
import shutil
import sys

from .console import run_step
from .errors import DevError
from .paths import LOCK_FILE, dev_home
from .system import have_root_install

MARKER = "lock.sha256"


def venv_folder():
    """Return the folder of the virtual environment."""
    return dev_home() / "venv"


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


def fingerprint():
    """Return what the environment depends on: the lock file and the interpreter."""
    content = LOCK_FILE.read_bytes() + sys.version.encode() + sys.base_prefix.encode()
    return hashlib.sha256(content).hexdigest()


def ensure_venv():
    """Create the virtual environment, or bring it up to the lock file, if it is not yet so."""
    marker = venv_folder() / MARKER
    if marker.is_file() and marker.read_text() == fingerprint():
        return
    if importlib.util.find_spec("ensurepip") is None:
        have_root_install(["python3-venv"], "virtual environments for Python")
    marker.unlink(missing_ok=True)
    shutil.rmtree(venv_folder(), ignore_errors=True)
    run_step("Create the virtual environment", [sys.executable, "-m", "venv", venv_folder()])
    run_step(
        "Install the Python packages of requirements.lock",
        [python(), "-m", "pip", "install", "--no-input", "-r", LOCK_FILE],
        env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"},
    )
    check_platform_tools()
    marker.write_text(fingerprint())


def check_platform_tools():
    """Complain when pip ended well and yet a tool that everything needs is missing."""
    if not tool("pytest").exists():
        raise DevError(f"pytest is missing in {venv_folder()}: run './dev clean' and try again.")
