"""The last released version of the addon, as it was installed: what an upgrade starts from.

Its wheel lies in `releases`, so that a checkout without history can be tested, too.
"""

import contextlib
import subprocess
import zipfile

from .errors import DevError
from .odoo_process import odoo_command
from .paths import ADDON_NAME, ROOT, inside, short_hash

FOLDER = ROOT / "releases"


def release_wheel():
    """Return the wheel of the last release.

    :raise DevError: unless there is just one
    """
    wheels = sorted(FOLDER.glob("*.whl"))
    if len(wheels) != 1:
        raise DevError(f"In {FOLDER} there should be one wheel: that of the last release.")
    return wheels[0]


def keep_release(wheel):
    """Put the wheel of a new release in the place of the last one."""
    for old in FOLDER.glob("*.whl"):
        old.unlink()
    return wheel.rename(FOLDER / wheel.name)


def release_folder():
    """Return the folder in which the addon of the last release lies, for Odoo's addons path."""
    wheel = release_wheel()
    folder = inside("releases", wheel.stem, "odoo").parent
    if not (folder / "odoo" / "addons" / ADDON_NAME / "__manifest__.py").is_file():
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(folder)
    return folder / "odoo" / "addons"


def release_template(databases, fill):
    """Return the name of a template with the last release, its demo data, and what ``fill`` adds.

    :param Path fill: a script for Odoo's shell
    """
    folder = release_folder()
    state = f"{databases.host_template_name}/{folder}/{fill.read_text()}"
    name = f"{databases.prefix}_release_{short_hash(state)}"
    return databases.ensure_template(name, lambda draft: build(databases, draft, folder, fill))


def build(databases, name, folder, fill):
    """Build the template of :func:`release_template`."""
    databases.copy(databases.host_template(), name)
    addons = f"--addons-path={databases.host.addons_folder},{folder}"
    databases.odoo(
        f"Install the last release of {ADDON_NAME} with demo data (once)",
        *("-d", name, "-i", ADDON_NAME, "--with-demo", addons),
        *("--stop-after-init", "--no-http", "--log-level=warn"),
    )
    with open(fill) as script, contextlib.suppress(BrokenPipeError):
        run_script(databases, name, script, addons)


def run_script(databases, name, script, *arguments):
    """Run a script in Odoo's shell on a database, and return what it prints.

    :raise DevError: when it fails
    """
    command = odoo_command("shell", "-d", name, "--no-http", "--log-level=error", *arguments)
    answer = subprocess.run(
        command,
        stdin=script,
        env=databases.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode or "Traceback" in answer.stderr:
        raise DevError(f"The script failed:\n{answer.stderr[-3000:]}")
    return answer.stdout
