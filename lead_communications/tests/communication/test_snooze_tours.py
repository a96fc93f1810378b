from odoo.tests import tagged

from ..tours import ToursCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestSnoozeTours(ToursCommon):
    """What waits is put off by keys, and comes back."""

    def test_snooze_by_keyboard(self):
        calls = self._waiting(4)
        self._tour("snooze_keys", self.anna, path="/odoo/lead-inbox")
        self.assertEqual(calls.mapped("is_snoozed"), [True, False, True, False])
        self.assertEqual(set(calls.mapped("state")), {"ready"})


@tagged("post_install", "-at_install", "lead_communications")
class TestSnoozePhoneTours(ToursCommon):
    """The same on a telephone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_snooze_on_a_phone(self):
        calls = self._waiting(2)
        self._tour("snooze_phone", self.anna, path="/odoo/lead-inbox")
        self.assertEqual(calls.mapped("is_snoozed"), [True, False])
