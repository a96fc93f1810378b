import uuid
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.fields import Command
from odoo.modules.registry import Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name


@contextmanager
def committed_env(registry):
    """Give an environment of the superuser, committed at the end."""
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


class CommittedCase(BaseCase):
    """Real transactions on a real database: what is made here is committed, then deleted."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.mark = f"concurrency-{uuid.uuid4().hex}"
        self.addCleanup(self._delete)

    def _env(self):
        return committed_env(self.registry)

    def _delete(self):
        """Delete what was committed."""

    def _create_users(self, env, count, **values):
        """Return salespeople who see all leads."""
        salesman = env.ref("sales_team.group_sale_salesman_all_leads")
        users = env["res.users"].with_context(no_reset_password=True)
        return users.create(
            [
                {
                    "name": f"User {number}",
                    "login": f"{self.mark}-{number}",
                    "group_ids": [Command.set(salesman.ids)],
                }
                | values
                for number in range(count)
            ]
        )
