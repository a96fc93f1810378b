import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.tests import tagged

from ...telephony.call_event import CallEvent
from ..committed import CommittedCase


@tagged("post_install", "-at_install", "lead_communications")
class TestCollisionLog(CommittedCase):
    """Two reports of one call at once: who called is not in the log."""

    def setUp(self):
        super().setUp()
        with self._env() as env:
            values = {
                "name": self.mark,
                "provider": "asterisk",
                "country_id": env.ref("base.pl").id,
            }
            self.pbx_id = env["lead.pbx"].create(values).id

    def _delete(self):
        with self._env() as env:
            env["lead.communication"].search([("external_id", "=", self.mark)]).unlink()
            env["lead.pbx"].browse(self.pbx_id).unlink()

    def _report(self, env, **values):
        event = CallEvent(
            external_id=self.mark,
            direction="incoming",
            number="+48600100200",
            contact_name="Jan Secret",
            **values,
        )
        env["lead.communication"]._record_calls(env["lead.pbx"].browse(self.pbx_id), [event])

    def test_neither_a_new_call_nor_a_change_of_one_is_logged(self):
        for result in ("", "missed"):
            with self.subTest(result=result), self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                cr.execute("SELECT 1 FROM lead_pbx LIMIT 1")  # the snapshot is taken
                with self._env() as other:
                    self._report(other, result=result, line_number="1" * (1 + len(result)))
                with (
                    self.assertNoLogs("odoo.sql_db"),
                    self.assertRaises(psycopg2.errors.SerializationFailure),
                ):
                    self._report(env, result=result, line_number="2" * (1 + len(result)))

    def test_nor_is_that_another_report_has_just_come(self):
        with self.registry.cursor() as cr:
            pbx = api.Environment(cr, SUPERUSER_ID, {})["lead.pbx"].browse(self.pbx_id)
            self.assertFalse(pbx.last_event_date)  # the snapshot is taken
            with self._env() as other:
                other["lead.pbx"].browse(self.pbx_id)._touch()
            with (
                self.assertNoLogs("odoo.sql_db"),
                self.assertRaises(psycopg2.errors.SerializationFailure),
            ):
                pbx._touch()
