from odoo.tests import tagged

from .test_snooze_tours import SnoozeToursCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestUndoTours(SnoozeToursCommon):
    """Undo goes back to where one came from."""

    def test_undo_goes_back_to_the_search_and_the_row(self):
        calls = self._waiting(3)
        leads = self.env["crm.lead"].search_count([])
        self._tour("undo_back", self.anna, path="/odoo/lead-calls")
        self.assertEqual(set(calls.mapped("state")), {"ready"})
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)
