from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tours import ToursCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestEventTours(ToursCommon):
    """What is planned on a lead's card, and comes about."""

    def test_planned_call_is_completed_by_the_real_one(self):
        lead = self._create_lead(phone="+48 22 123 45 67")
        self._tour("plan_events", self.anna, path=f"/odoo/crm.lead/{lead.id}")
        now = fields.Datetime.now() + timedelta(minutes=1)
        call = self._create_call(
            direction="outgoing", result="answered", duration=60, date=now, date_end=now
        )
        self._tour("real_call", self.anna, path="/odoo/lead-calls")
        planned = self.env["lead.communication"].search([("subject", "=", "Agree on the colour")])
        self.assertEqual((planned.state, planned.completed_by_id), ("done", call))
        self._tour("call_took_place", self.anna, path=f"/odoo/crm.lead/{lead.id}")
