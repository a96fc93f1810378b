"""`./dev release`: a version, from a clean checkout to a tag and a wheel that were tried."""

import re
import subprocess

from . import environment
from .addon import read_manifest
from .console import say
from .errors import DevError
from .lint import run_lint
from .manifest_check import VERSION
from .paths import ADDON, ROOT
from .releases import keep_release
from .screenshots import take_screenshots
from .session import set_up
from .testing import run_tests
from .wheel import build_wheel, try_wheel

MANIFEST = ADDON / "__manifest__.py"
FRAGMENTS = ROOT / "changelog"
DIST = ROOT / "dist"


def make_release(version):
    """Make a release and return the exit status. Nothing is sent anywhere.

    The version goes into the manifest, the fragments into the changelog, the screenshots are taken
    anew, all is tested, the wheel is built and tried, and takes the place of the last release, from
    which the next one is upgraded; all of it is committed and tagged.

    :param str version: as in the manifest, above the present one
    """
    set_up()
    check_version(version, read_manifest()["version"], tags())
    check_clean()
    set_version(version)
    fold_fragments(version)
    take_screenshots()
    if run_lint() or run_tests([]):
        raise DevError("The release was not made: what failed is above. 'git restore .' undoes it.")
    wheel = build_wheel(DIST)
    try_wheel(wheel)
    wheel = keep_release(wheel)
    git("add", "--all")
    git("commit", "--message", f"[REL] {version}")
    git("tag", "--annotate", version, "--message", version)
    say(f"{version} is tagged, and {wheel} is in its place: push the branch and the tag.")
    return 0


def check_version(version, present, known):
    """Raise an error unless a version is well formed, new, and not below the present one.

    :param known: the tags that there are
    """
    if not VERSION.fullmatch(version):
        raise DevError(f"{version} is not of the form 19.0.x.y.z.")
    if version in known:
        raise DevError(f"{version} is released already.")
    if numbers(version) < numbers(present):
        raise DevError(f"{version} is below {present}, which the manifest has.")


def numbers(version):
    """Return the numbers of a version, to compare it by."""
    return [int(number) for number in version.split(".")]


def check_clean():
    """Raise an error if there is anything that is not committed."""
    if git("status", "--porcelain"):
        raise DevError("There are changes that are not committed: commit or stash them first.")


def set_version(version):
    """Write the version into the manifest."""
    text = MANIFEST.read_text()
    MANIFEST.write_text(re.sub(r'("version": ")[^"]+', rf"\g<1>{version}", text, count=1))


def fold_fragments(version):
    """Move what the fragments say into the changelog, and remove them."""
    if not any(FRAGMENTS.glob("*.*.md")):
        raise DevError(f"Nothing is written in {FRAGMENTS}: what has changed?")
    command = [environment.tool("towncrier"), "build", "--yes", "--version", version]
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def tags():
    """Return the names of all tags."""
    return git("tag", "--list").split()


def git(*arguments):
    """Run git in the checkout and return what it printed."""
    command = ["git", *arguments]
    return subprocess.run(
        command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.strip()
