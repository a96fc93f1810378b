"""What the tests run in: plain Python, or Odoo with a database for each job."""

import re
import threading
from pathlib import Path

# What files of tests name that commit, or start a browser or a server of mail
UNSUITABLE = re.compile(r"\b(forked|committed|dovecot|start_tour|browser_js|tours|hoot|live)\b")


class Plain:
    """Python, without anything around it."""

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
    """

    def __init__(self, databases):
        self.databases = databases

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
        """Tell whether a test is rolled back, and needs neither a browser nor a server of mail."""
        from odoo.tests import TransactionCase

        owner = getattr(item, "cls", None)
        if owner is None or not issubclass(owner, TransactionCase):
            return False
        return not UNSUITABLE.search(Path(item.path).read_text())
