"""The host: the Odoo 19 that `ODOO_HOME` names, or Debian's package unpacked privately."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from .console import run_step, say
from .errors import DevError
from .mirror import apt_options, debian_mirror, keyring
from .paths import dev_home
from .system import check_disk

SERIES = "19.0"
ODOO_PACKAGE = "odoo-19"
ODOO_PIN = "19.0.0+dfsg-1"
# Odoo's package holds symbolic links to the JavaScript and the fonts of these. The release is named
# because newer ones have other paths (Font Awesome 4.7 is what Odoo uses).
LINKED_PACKAGES = {
    "fonts-font-awesome": "bookworm",
    "fonts-inconsolata": "bookworm",
    "fonts-montserrat": "sid",
    "fonts-ocr-b": "sid",
    "fonts-roboto-unhinted": "bookworm",
    "libjs-jquery": "bookworm",
    "libjs-jquery-form": "bookworm",
    "libjs-underscore": "bookworm",
}
DEBIAN_SUITES = ("sid", "bookworm")
PYTHON_FOLDERS = (".", "..", "usr/lib/python3/dist-packages", "lib/python3/dist-packages")


class Host:
    """An Odoo 19: where Python finds the package `odoo`, and where its addons are."""

    def __init__(self, python_path):
        self.python_path = Path(python_path)
        self.package = self.python_path / "odoo"

    @property
    def addons_folder(self):
        """Return the folder of the host's addons.

        Beside it, Debian's package has another folder `addons` that holds only the Python code.
        """
        for folder in (self.package / "addons", self.python_path / "addons"):
            if (folder / "crm" / "views").is_dir():
                return folder
        raise DevError(
            f"The Odoo in {self.python_path} has no addon crm: set ODOO_HOME to another."
        )

    @property
    def version(self):
        """Return the series and the state of the code, for naming what is built from it."""
        release = self.package / "release.py"
        return f"{self.python_path}:{release.stat().st_mtime_ns}:{release.read_text()}"


def ensure_host():
    """Return the host, fetched first if `ODOO_HOME` names none and it is not there yet."""
    if os.environ.get("ODOO_HOME"):
        return find_host(os.environ["ODOO_HOME"])
    folder = dev_home() / "host"
    marker = folder / "version.json"
    if not marker.is_file() or json.loads(marker.read_text())["wanted"] != ODOO_PIN:
        fetch_host(folder)
    return Host(folder / "usr/lib/python3/dist-packages")


def find_host(home):
    """Return the host in a folder that is a source tree, an installation, or the package itself.

    :raise DevError: when there is no Odoo in the folder, or another series
    """
    for candidate in PYTHON_FOLDERS:
        python_path = Path(home).expanduser().absolute().joinpath(candidate).resolve()
        release = python_path / "odoo" / "release.py"
        if release.is_file():
            check_series(release, home)
            return Host(python_path)
    raise DevError(
        f"ODOO_HOME is {home}, and there is no Odoo in it: set it to an Odoo {SERIES} source tree"
        " or installation, or unset it to have Debian's package fetched."
    )


def check_series(release, home):
    """Refuse an Odoo of another series than the addon is written for."""
    match = re.search(r"^version_info\s*=\s*\((\d+),\s*(\d+)", release.read_text(), re.MULTILINE)
    found = ".".join(match.groups()) if match else "unknown"
    if found != SERIES:
        raise DevError(f"ODOO_HOME is {home}, which holds Odoo {found}: {SERIES} is needed.")


def fetch_host(folder):
    """Download Odoo's package and the ones that its links need, and unpack them into a folder."""
    for program in ("apt-get", "dpkg-deb"):
        if not shutil.which(program):
            raise DevError(
                f"There is no {program} here to fetch Debian's {ODOO_PACKAGE} with: set ODOO_HOME"
                f" to an Odoo {SERIES} source tree or installation."
            )
    dev_home().mkdir(parents=True, exist_ok=True)
    check_disk(dev_home())
    work = dev_home() / "apt"
    shutil.rmtree(work, ignore_errors=True)
    options = prepare_apt(work)
    run_step("Read the package lists of the Debian mirror", ["apt-get", *options, "update"])
    version = choose_version(madison(options, ODOO_PACKAGE))
    packages = [f"{ODOO_PACKAGE}={version}"]
    packages += [f"{name}/{suite}" for name, suite in LINKED_PACKAGES.items()]
    debs = work / "debs"
    debs.mkdir()
    step = f"Download Odoo {version} and what its links need"
    run_step(step, ["apt-get", *options, "download", *packages], cwd=debs)
    unpack(sorted(debs.glob("*.deb")), folder)
    (folder / "version.json").write_text(json.dumps({"wanted": ODOO_PIN, "version": version}))
    shutil.rmtree(work)


def prepare_apt(work):
    """Create the private folders of apt and return the options that make it use only them."""
    mirror = debian_mirror()
    (work / "lists" / "partial").mkdir(parents=True)
    (work / "cache" / "archives" / "partial").mkdir(parents=True)
    lines = [f"deb [signed-by={keyring()}] {mirror} {suite} main\n" for suite in DEBIAN_SUITES]
    (work / "sources.list").write_text("".join(lines))
    return apt_options(work)


def madison(options, package):
    """Return the versions of a package that the mirror has."""
    command = ["apt-cache", *options, "madison", package]
    answer = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    return [line.split("|")[1].strip() for line in answer.splitlines() if line.count("|") == 2]


def choose_version(versions):
    """Return the pinned version, or else the newest one of the series, and say so.

    :param list versions: what the mirror has, newest first
    """
    if ODOO_PIN in versions:
        return ODOO_PIN
    for version in versions:
        if version.startswith(f"{SERIES}."):
            say(f"The mirror no longer has {ODOO_PACKAGE} {ODOO_PIN}: {version} is taken instead.")
            return version
    raise DevError(
        f"The Debian mirror has no {ODOO_PACKAGE} of series {SERIES}: set DEBIAN_MIRROR to one that"
        f" has it, or ODOO_HOME to an Odoo {SERIES} source tree or installation."
    )


def unpack(debs, folder):
    """Unpack packages into a folder, which appears only once it is whole."""
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    loop = 'target=$1; shift; for deb; do dpkg-deb -x "$deb" "$target"; done'
    run_step(f"Unpack {len(debs)} packages", ["sh", "-ec", loop, "unpack", part, *debs])
    dangling = [path for path in part.rglob("*") if path.is_symlink() and not path.exists()]
    if dangling:
        names = ", ".join(str(path.relative_to(part)) for path in dangling[:3])
        say(
            f"{len(dangling)} links of Odoo's package lead nowhere ({names}): a package is missing"
            " in LINKED_PACKAGES of devkit/host.py, and some page may fail."
        )
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
