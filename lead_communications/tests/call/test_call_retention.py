from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import SQL

from .captures import cdr
from .common import LeadPbxCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestCallRetention(LeadPbxCommon):
    """Ignored calls are deleted in time, and stay deleted however often they are reported."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx.retention_days = 30

    def setUp(self):
        super().setUp()
        self.pbx._take_in(cdr("in_answered"), "text/csv")
        self.call = self._rows()
        self.call.recording = "call.wav"

    def _run(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "lead_communications.lead_communication_retention_cron"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _age(self, days):
        self.env.flush_all()
        date = fields.Datetime.now() - timedelta(days=days)
        for record in (self.call, self.call.decision_id):
            query = SQL(
                "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                SQL.identifier(record._table),
                date,
                record.ids,
            )
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def test_nothing_is_left_of_the_counterpart(self):
        self.call.with_user(self.anna).action_ignore()
        self._age(31)
        self._run()
        self.assertTrue(self.call.is_purged)
        self.env.cr.execute(
            "SELECT t::text FROM lead_communication t WHERE id = %s", [self.call.id]
        )
        [stored] = self.env.cr.fetchone()
        for trace in ("Kowalski", "221234567", "call.wav"):
            self.assertNotIn(trace, stored)
        self.assertFalse(self.call.with_user(self.anna).has_access("read"))
        with self.assertRaises(AccessError):
            self.call.with_user(self.anna).action_reopen()

    def test_it_does_not_come_back_with_its_file(self):
        self.call.action_ignore()
        self._age(31)
        self._run()
        taken = self.pbx._take_in(cdr("in_answered"), "text/csv")
        self.assertEqual((taken.created, len(self._rows())), (0, 1))
        self.assertEqual((self.call.number, self.call.state), (False, "ignored"))

    def test_what_stays(self):
        self._age(100)
        self._run()
        self.assertFalse(self.call.is_purged)
        # The days begin with the decision.
        self.call.action_ignore()
        self._run()
        self.assertFalse(self.call.is_purged)
        self.pbx.retention_days = 0
        self._age(10_000)
        self._run()
        self.assertFalse(self.call.is_purged)

    def test_what_no_person_decided_counts_from_when_it_came_in(self):
        self.call.write({"state": "ignored", "rule": "before_start"})
        self._age(31)
        self._run()
        self.assertTrue(self.call.is_purged)
