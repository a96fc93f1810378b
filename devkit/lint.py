"""`./dev lint`: every checker, two at a time, and a canary that proves they still complain."""

import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from . import addon, environment
from .console import complain, say
from .errors import DevError
from .formatting import eslint_command, prettier_command
from .manifest_check import check_manifest
from .paths import ADDON, ADDON_NAME, ROOT
from .session import set_up
from .translations import check_translations, run_catalogs

CANARY = ROOT / "devkit" / "canary"
PYTHON_SOURCES = ("dev", "devkit", "tests", "bench", ADDON_NAME)
SPELLED_SOURCES = (*PYTHON_SOURCES, "README.md", "CHANGELOG.md", "CONTRIBUTING.md", ".ci")
FAILED = 1
AT_ONCE = 2


@dataclass
class Tool:
    """A checker: its command line for some files, and what the canary must make it say."""

    name: str
    command: list
    canary_file: str
    complaint: str

    def run(self, files, folder):
        """Run it on files, and return its exit status and its output."""
        command = [str(part) for part in (*self.command, *files)]
        result = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, check=False, timeout=600
        )
        return result.returncode, result.stdout + result.stderr


def run_lint(fix=False):
    """Run all checks and return the exit status.

    :param bool fix: let the formatters change the files first
    """
    set_up()
    if fix:
        repair()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            failures = find_failures(pool)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    if failures:
        complain(f"Failed: {', '.join(failures)}.")
        return FAILED
    say("Everything is fine.")
    return 0


def find_failures(pool):
    """Run all checks and return the names of those that failed.

    :param ThreadPoolExecutor pool: runs the tools, while Odoo exports the terms
    """
    running = [(tool, files and pool.submit(tool.run, files, ROOT)) for tool, files in plan()]
    with tempfile.TemporaryDirectory() as folder:
        # away from the checkout, whose configuration leaves the canary out
        cage = Path(folder) / "cage"
        shutil.copytree(CANARY, cage)
        caged = [(tool, pool.submit(complains, tool, cage)) for tool, _files in plan()]
        failures = [name for name, check in own_checks() if not holds(name, check)]
        failures += [tool.name for tool, run in running if not passes(tool, run)]
        silent = [tool.name for tool, run in caged if not run.result()]
        return failures + check_canary(silent + silent_own_checks(cage))


def plan():
    """Return the checkers with the files that each is run on."""
    python = existing(PYTHON_SOURCES)
    xml, catalogs = addon_files("*.xml"), addon_files("*.po", "*.pot")
    scripts = addon_files("*.js")
    modules = [ADDON_NAME] if addon.is_addon_there() else []
    return [
        (ruff_check(), python),
        (ruff_format(), python),
        (pylint(), modules),
        (oca_module(), modules),
        (oca_catalogs(), catalogs),
        (prettier(), xml),
        (eslint(), scripts),
        (codespell(), existing(SPELLED_SOURCES)),
    ]


def existing(names):
    """Return those of the names that exist in the checkout."""
    return [name for name in names if (ROOT / name).exists()]


def addon_files(*patterns):
    """Return the addon's files of some kind, relative to the checkout."""
    files = {path for pattern in patterns for path in ADDON.rglob(pattern)}
    return sorted(str(path.relative_to(ROOT)) for path in files)


# -- the tools -----------------------------------------------------------------------------------


def ruff_check():
    """Return the checker of Python code."""
    command = [environment.tool("ruff"), "check", "--no-fix", "--output-format=concise"]
    command += ["--config", ROOT / "pyproject.toml"]
    return Tool("ruff check", command, "bad_addon/models/bad.py", "F401")


def ruff_format():
    """Return the checker of the format of Python code."""
    command = [environment.tool("ruff"), "format", "--check"]
    command += ["--config", ROOT / "pyproject.toml"]
    return Tool("ruff format", command, "bad_addon/models/bad.py", "Would reformat")


def pylint():
    """Return the checker of Odoo's conventions in Python code and manifests."""
    command = [environment.tool("pylint"), f"--rcfile={ROOT / '.pylintrc'}"]
    command += ["--disable=all", "--enable=odoolint"]
    # one model is split by theme into several files on purpose
    command += ["--disable=consider-merging-classes-inherited"]
    # support is the page where issues are reported: there is no address
    command += ["--disable=invalid-email"]
    # It knows tests by their folder, and those in rooms lie one deeper: texts there need no Polish.
    command += ["--ignore-paths=.*/tests/[a-z]+/.*"]
    return Tool("pylint-odoo", command, "bad_addon", "invalid-commit")


def oca_module():
    """Return the checker of XML and CSV files and of their use."""
    # Odoo shows a README.md as well, and so do the places where the addon is read.
    command = [environment.tool("oca-checks-odoo-module"), "--disable=prefer-readme-rst"]
    return Tool("oca-checks-odoo-module", command, "bad_addon", "xml-deprecated-data-node")


def oca_catalogs():
    """Return the checker of catalogs; their line length is as Odoo exports it."""
    command = [environment.tool("oca-checks-po"), "--disable=po-pretty-format"]
    complaint = "po-python-parse-printf"
    return Tool("oca-checks-po", command, "bad_addon/i18n/pl.po", complaint)


def prettier():
    """Return the checker of the format of XML files."""
    command = [*prettier_command(), "--check"]
    return Tool("prettier", command, "bad_addon/views/bad.xml", "bad.xml")


def eslint():
    """Return the checker of JavaScript code."""
    return Tool("eslint", eslint_command(), "bad_addon/static/src/bad.js", "no-unused-vars")


def codespell():
    """Return the checker of spelling."""
    command = [environment.tool("codespell"), "--toml", ROOT / "pyproject.toml"]
    return Tool("codespell", command, "bad_addon/models/bad.py", "recieve")  # codespell:ignore


def repair():
    """Let the tools that can change files do so."""
    ruff, configuration = environment.tool("ruff"), ROOT / "pyproject.toml"
    python, xml = existing(PYTHON_SOURCES), addon_files("*.xml")
    commands = [
        [ruff, "check", "--fix", "--quiet", "--config", configuration, *python],
        [ruff, "format", "--quiet", "--config", configuration, *python],
    ]
    if xml:
        commands.append([*prettier_command(), "--write", "--log-level=warn", *xml])
    for command in commands:
        subprocess.run([str(part) for part in command], cwd=ROOT, check=False)


# -- running them --------------------------------------------------------------------------------


def passes(tool, run):
    """Print what a checker found, and tell whether that is nothing.

    :param Future run: gives its exit status and its output; an empty list when it has no files
    """
    if not run:
        say(f"{tool.name}: nothing to check yet")
        return True
    status, output = run.result()
    if status:
        complain(f"{tool.name}: failed")
        print(output.strip(), flush=True)
    else:
        say(f"{tool.name}: ok")
    return not status


def own_checks():
    """Return the checks that are functions here, and return sentences."""
    if not addon.is_addon_there():
        say("manifest, translations: there is no addon yet")
        return []
    return [("manifest", lambda: check_manifest(ADDON)), ("translations", check_translations)]


def holds(name, check):
    """Run a check that returns sentences, print them, and tell whether there are none."""
    try:
        findings = check()
    except DevError as error:
        findings = [str(error)]
    if findings:
        complain(f"{name}: failed")
        print("\n".join(f"  {finding}" for finding in findings), flush=True)
    else:
        say(f"{name}: ok")
    return not findings


def check_canary(silent):
    """Say which checkers no longer complain about what is plainly wrong, and return them.

    A linter that an unknown option or version has switched off says nothing, just as one that
    finds nothing.
    """
    for name in silent:
        complain(f"{name} does not complain about devkit/canary: it is switched off or broken")
    if not silent:
        say("canary: each of them complains about it")
    return [f"canary of {name}" for name in silent]


def complains(tool, cage):
    """Tell whether a checker finds in the canary what it is there to find."""
    status, output = tool.run([tool.canary_file], cage)
    return status != 0 and tool.complaint in output


def silent_own_checks(cage):
    """Return those of our own checks that find nothing in the canary."""
    bad = cage / "bad_addon"
    catalogs = (
        bad / "i18n" / "exported.pot",
        bad / "i18n" / "bad_addon.pot",
        bad / "i18n" / "pl.po",
    )
    checks = {
        "manifest": lambda: check_manifest(bad),
        "translations": lambda: run_catalogs("check", *catalogs),
    }
    return [name for name, check in checks.items() if not check()]
