"""Translations: the template of terms that Odoo exports, and the Polish file that follows it."""

import json
import subprocess

from . import environment
from .console import say
from .databases import LANGUAGE
from .errors import DevError
from .locks import locked
from .paths import ADDON, ADDON_NAME, ROOT, inside
from .session import databases

TEMPLATE = ADDON / "i18n" / f"{ADDON_NAME}.pot"
POLISH = ADDON / "i18n" / f"{LANGUAGE.partition('_')[0]}.po"
SCRIPT = ROOT / "devkit" / "launcher" / "catalogs.py"


def export_terms():
    """Return the path of a fresh export of the addon's terms, made by the host itself."""
    target = inside("i18n", f"{ADDON_NAME}.pot")
    with databases() as found:
        name = found.addon_template()
        with locked(name, waiting_for="at work on the same database"):
            found.odoo(
                "Export the addon's terms",
                *("i18n", "export", "-d", name, "-l", "pot", "-o", target, ADDON_NAME),
            )
    return target


def run_catalogs(action, *paths):
    """Run the script that reads and writes catalogs, and return its findings.

    It is a script because polib is in the virtual environment and not in this interpreter.
    """
    command = [environment.python(), SCRIPT, action, *paths]
    result = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise DevError(f"The catalogs cannot be read: {result.stderr.strip().splitlines()[-1]}")
    return json.loads(result.stdout)


def check_translations():
    """Return what is wrong with the template and with the Polish translation."""
    missing = [path for path in (TEMPLATE, POLISH) if not path.is_file()]
    if missing:
        names = ", ".join(str(path.relative_to(ROOT)) for path in missing)
        return [f"{names} missing: './dev i18n' writes them"]
    return run_catalogs("check", export_terms(), TEMPLATE, POLISH)


def update_translations():
    """Write the template anew and merge it into the Polish file; return the exit status."""
    exported = export_terms()
    TEMPLATE.parent.mkdir(exist_ok=True)
    for line in run_catalogs("merge", exported, TEMPLATE, POLISH):
        say(line)
    return 0
