"""Where things lie: the checkout, the addon, and the private folder that git ignores."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDON_NAME = "lead_communications"
ADDON = ROOT / ADDON_NAME
LOCK_FILE = ROOT / "requirements.lock"


def dev_home():
    """Return the private folder: `DEV_HOME`, else `.dev` in the checkout.

    `DEV_HOME` lets several worktrees share one host, one virtual environment and one server.
    """
    return Path(os.environ.get("DEV_HOME") or ROOT / ".dev").expanduser().absolute()


def inside(*parts):
    """Return a path inside the private folder, whose parent folder exists afterwards."""
    path = dev_home().joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def short_hash(text, length=8):
    """Return the first hexadecimal digits of the SHA-256 of a text: a name that fits anywhere."""
    return hashlib.sha256(str(text).encode()).hexdigest()[:length]
