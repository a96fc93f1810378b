"""The last released version of the addon: what an upgrade starts from."""

import contextlib
import io
import subprocess
import tarfile

from .errors import DevError
from .odoo_process import odoo_command
from .paths import ADDON_NAME, ROOT, inside, short_hash

#: The tag of the last release; where a checkout has no tags, the commit that it names.
VERSION = "19.0.1.0.0"
COMMIT = "ead1fddd439a8d4513313bb17884f6cdccb9e936"


def release_folder():
    """Return the folder in which the addon of the last release lies, for Odoo's addons path.

    :raise DevError: when the checkout does not have it
    """
    for name in (VERSION, COMMIT):
        command = ["git", "archive", "--format=tar", name, ADDON_NAME]
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        if not answer.returncode:
            break
    else:
        raise DevError(
            f"This checkout has neither the tag {VERSION} nor the commit {COMMIT[:7]}: fetch the"
            " whole history, from which the upgrade is tested."
        )
    folder = inside("releases", short_hash(answer.stdout), ADDON_NAME).parent
    if not (folder / ADDON_NAME / "__manifest__.py").is_file():
        with tarfile.open(fileobj=io.BytesIO(answer.stdout)) as archive:
            archive.extractall(folder, filter="data")
    return folder


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
        f"Install {ADDON_NAME} {VERSION} with demo data (once)",
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
