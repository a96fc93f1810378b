"""What the tests run in: plain Python, or Odoo with a database for each job."""

import functools
import re
import sys
import threading
from pathlib import Path

from devkit.selection import ADDON_TESTS

# What a file of tests has that commits, or that starts a browser
UNSUITABLE = re.compile(
    r"^(?:from|import) .*\b(?:committed|forked|tours|hoot|live)\b|\b(?:start_tour|browser_js)\b",
    re.MULTILINE,
)
# and what one has that starts a server of mail
DOVECOT = re.compile(r"^(?:from|import) .*\bdovecot\b", re.MULTILINE)


class Plain:
    """Python, without anything around it."""

    # tells apart ways to run tests in which other ones of a file are run
    way = "plain"

    def options(self, _slot):
        """Return pytest's arguments for the child of a slot."""
        return ["-p", "no:odoo"]

    def prepare(self):
        """Make the libraries importable that the tests import."""

    def load(self):
        """Load what the tests share, before the forks."""

    def enter(self, _slot):
        """Make a fork independent of the process that it comes from."""

    def is_wanted(self, _item):
        """Tell whether a test can be run in a fork, and soon enough."""
        return True


class Odoo(Plain):
    """Odoo: the registry is loaded once, and each job has its own copy of the database.

    :param list databases: as many as there are jobs; tests of two jobs in the same one would wait
        for each other, as they create the same users
    :param bool is_patient: run the tests with a server of mail, too
    """

    def __init__(self, databases, is_patient):
        self.databases = databases
        self.is_patient = is_patient
        self.way = f"Odoo {is_patient}"

    def options(self, slot):
        """Return pytest's arguments for the child of a slot."""
        return [f"--odoo-database={self.databases[slot]}", "--odoo-http", "--ignore-glob=*/with_*"]

    def prepare(self):
        """Let Odoo find its addons, as pytest's plugin does."""
        import odoo.tools
        from odoo.modules.module import initialize_sys_path

        odoo.tools.config.parse_config([f"--database={self.databases[0]}"])
        initialize_sys_path()

    def load(self):
        """Load the registry, and close the connections that this took."""
        from odoo import sql_db
        from odoo.modules.registry import Registry
        from odoo.service import server

        server.load_server_wide_modules()
        threading.current_thread().testing = True
        Registry(self.databases[0])
        sql_db.close_all()

    def enter(self, slot):
        """Let the registry work on the database of the slot, with connections of its own."""
        from odoo import sql_db
        from odoo.modules.registry import Registry
        from odoo.tools import config

        name = self.databases[slot]
        registry = Registry.registries[self.databases[0]]
        sql_db._Pool = sql_db._Pool_readonly = None
        registry.db_name = name
        registry._db, registry._db_readonly = sql_db.db_connect(name), None
        Registry.registries[name] = registry
        config["db_name"] = [name]

    def is_wanted(self, item):
        """Tell whether a test is rolled back, and needs no browser."""
        from odoo.tests import TransactionCase

        owner = getattr(item, "cls", None)
        if owner is None or not issubclass(owner, TransactionCase):
            return False
        text = "\n".join(text_of_module(base.__module__) for base in owner.__mro__)
        return not UNSUITABLE.search(text) and (self.is_patient or not DOVECOT.search(text))


@functools.cache
def text_of_module(name):
    """Return the text of a module of the addon's tests; of another one it says nothing."""
    file = Path(getattr(sys.modules[name], "__file__", None) or "")
    return file.read_text() if file.is_relative_to(ADDON_TESTS) else ""
