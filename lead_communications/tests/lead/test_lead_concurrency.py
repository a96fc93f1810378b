import threading
from unittest.mock import patch

from odoo import api
from odoo.service.model import retrying
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.lead import late_index
from ..committed import CommittedCase


@tagged("post_install", "-at_install", "lead_communications")
class TestCrmLeadConcurrency(CommittedCase):
    """Real transactions on a real database: what is made here is committed, then deleted."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            users = self._create_users(env, 2)
            leads = env["crm.lead"].create(
                [
                    {
                        "name": self.mark,
                        "type": "lead",
                        "is_new_company": True,
                        "partner_name": self.mark,
                        "contact_name": f"Contact {number}",
                        "user_id": user.id,
                    }
                    for number, user in enumerate(users)
                ]
            )
            self.user_ids, self.lead_ids = users.ids, leads.ids

    def _delete(self):
        with self._env() as env:
            env["crm.lead"].browse(self.lead_ids).unlink()
            partners = env["res.partner"].search([("name", "=", self.mark)])
            (partners.child_ids | partners).unlink()
            env["res.users"].browse(self.user_ids).active = False

    def _convert(self, user_id, lead_id, barrier, errors):
        """Convert as the web client does: one request, run again by Odoo if need be."""
        try:
            with self.registry.cursor() as cr:
                env = api.Environment(cr, user_id, {"active_ids": [lead_id]})
                lead = env["crm.lead"].browse(lead_id)
                lead.read(["name"])  # the form was open: the snapshot is taken
                barrier.wait(180)

                def convert():
                    values = {"lead_id": lead_id, "name": "convert", "action": "create"}
                    env["crm.lead2opportunity.partner"].create(values).action_apply()

                retrying(convert, env)
        except Exception as error:  # noqa: BLE001 - told by the test
            errors.append(error)

    def _convert_together(self, *lead_ids):
        barrier, errors = threading.Barrier(2), []
        threads = [
            threading.Thread(target=self._convert, args=(user_id, lead_id, barrier, errors))
            for user_id, lead_id in zip(self.user_ids, lead_ids, strict=True)
        ]
        with mute_logger("odoo.sql_db", "odoo.service.model"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(300)
        self.assertEqual(errors, [])

    def test_two_leads_of_one_new_company_create_it_once(self):
        self._convert_together(*self.lead_ids)
        with self._env() as env:
            company = env["res.partner"].search([("name", "=", self.mark)])
            self.assertEqual(len(company), 1)
            contacts = env["crm.lead"].browse(self.lead_ids).partner_id
            self.assertEqual(contacts, company.child_ids)
            self.assertEqual(len(contacts), 2)

    def test_two_people_convert_one_lead_and_create_its_customer_once(self):
        self._convert_together(self.lead_ids[0], self.lead_ids[0])
        with self._env() as env:
            company = env["res.partner"].search([("name", "=", self.mark)])
            self.assertEqual(len(company), 1)
            self.assertEqual(company.child_ids, env["crm.lead"].browse(self.lead_ids[0]).partner_id)


@tagged("post_install", "-at_install", "lead_communications")
class TestLateIndexes(CommittedCase):
    """Indexes on large tables are built after the installation, beside those who write."""

    NAME = "crm_lead_email_normalized_idx"

    def _index(self):
        """Return definition, comment and whether PostgreSQL uses it; None if it is not there."""
        with self._env() as env:
            env.cr.execute(
                "SELECT pg_get_indexdef(c.oid), obj_description(c.oid, 'pg_class'), i.indisvalid"
                " FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid WHERE relname = %s",
                [self.NAME],
            )
            return env.cr.fetchone()

    def _run(self, statement):
        with self._env() as env:
            env.cr.execute(statement)

    def _build(self):
        with self._env() as env:
            thread = env["lead.late.indexes"]._cron_build()
        if thread:
            thread.join()
        return thread

    def test_what_is_missing_or_was_interrupted_is_built(self):
        before = self._index()
        self.addCleanup(self._build)
        self.assertFalse(self._build(), "Nothing is missing")
        self._run(f"DROP INDEX {self.NAME}")
        self._build()
        self.assertEqual(self._index(), before)
        self._run(f"DROP INDEX {self.NAME}")
        with mute_logger(late_index.__name__, "odoo.sql_db"):
            # It fails halfway, and leaves what is left when somebody kills it.
            late_index._build(
                self.registry.db_name,
                [f"CREATE UNIQUE INDEX CONCURRENTLY {self.NAME} ON crm_lead ((1))"],
            )
        self.assertFalse(self._index()[2])
        self._build()
        self.assertEqual(self._index(), before)

    def test_one_that_support_has_adjusted_stays(self):
        self.addCleanup(self._build)
        before = self._index()
        self._run(f"COMMENT ON INDEX {self.NAME} IS NULL")
        self.assertFalse(self._build())
        self._run(f"COMMENT ON INDEX {self.NAME} IS 'of an earlier version'")
        self.assertTrue(self._build())
        self.assertEqual(self._index(), before)

    def test_an_installation_leaves_it_out_where_many_write(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, 1, {})
            index = env.registry["crm.lead"]._table_objects[self.NAME]
            cr.execute(f"DROP INDEX {self.NAME}")
            with patch.object(late_index, "ROWS_AT_ONCE", 0):
                index.apply_to_database(env["crm.lead"])
            self.assertEqual(len(env["lead.late.indexes"]._missing()), 1)
            cr.rollback()
        self.assertTrue(self._index())
