from odoo.tests import tagged

from ..tours import ToursCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestUndoTours(ToursCommon):
    """Undo, by the key after a reload, in the list of one's decisions, and back to the search."""

    def test_undo_by_the_key_and_in_the_list(self):
        self._use_leads(True)
        calls = self._waiting(3)
        for call in calls[:2]:
            call.with_user(self.anna).action_ignore()
        self._tour("undo_keys", self.anna, path="/odoo/lead-inbox")
        self.assertEqual(set(calls.mapped("state")), {"ready"})

    def test_undo_goes_back_to_the_search_and_the_row(self):
        calls = self._waiting(3)
        leads = self.env["crm.lead"].search_count([])
        self._tour("undo_back", self.anna, path="/odoo/lead-calls")
        self.assertEqual(set(calls.mapped("state")), {"ready"})
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)
