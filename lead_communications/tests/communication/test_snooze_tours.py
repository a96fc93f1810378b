from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..tours import ToursCommon


class SnoozeToursCommon(ToursCommon):
    def _waiting(self, count):
        """Return calls of ``Caller 0`` and so on, each older than the one before."""
        return self.env["lead.communication"].concat(
            *(
                self._create_call(
                    contact_name=f"Caller {number}",
                    number=f"+4822123450{number}",
                    phone_sanitized=f"+4822123450{number}",
                    date=fields.Datetime.now() - timedelta(hours=number + 1),
                    result="missed",
                )
                for number in range(count)
            )
        )


@tagged("post_install", "-at_install", "lead_communications")
class TestSnoozeTours(SnoozeToursCommon):
    """What waits is put off by keys, and comes back."""

    def test_snooze_by_keyboard(self):
        calls = self._waiting(4)
        self._tour("snooze_keys", self.anna, path="/odoo/lead-inbox")
        self.assertEqual(calls.mapped("is_snoozed"), [True, False, True, False])
        self.assertEqual(set(calls.mapped("state")), {"ready"})


@tagged("post_install", "-at_install", "lead_communications")
class TestSnoozePhoneTours(SnoozeToursCommon):
    """The same on a telephone."""

    browser_size = "360x740"
    touch_enabled = True

    def test_snooze_on_a_phone(self):
        calls = self._waiting(2)
        self._tour("snooze_phone", self.anna, path="/odoo/lead-inbox")
        self.assertEqual(calls.mapped("is_snoozed"), [True, False])
