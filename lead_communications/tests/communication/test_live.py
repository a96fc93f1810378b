from odoo.tests import tagged

from ..live import LiveCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestListRefresh(LiveCommon):
    """Open lists are told that they are out of date, and nothing else."""

    def test_once_per_decision(self):
        calls = self._create_call() | self._create_call()
        self._messages()
        calls.with_user(self.anna).action_ignore()
        self.assertEqual(self._changes(), [self._call_message])
        calls[0].with_user(self.anna).action_reopen()
        self.assertEqual(self._changes(), [self._call_message])
        calls[0].with_user(self.anna).action_create_lead()
        self.assertEqual(self._changes(), [self._call_message])

    def test_received_mail(self):
        row = self._receive()
        self.assertEqual(self._changes(), [self._email_message])
        row.with_user(self.anna).action_ignore()
        self.assertEqual(self._changes(), [self._email_message])

    def test_deleted_lead(self):
        call = self._create_call()
        call.with_user(self.anna).action_create_lead()
        self._messages()
        call.lead_id.unlink()
        self.assertEqual(self._changes(), [self._call_message])

    def test_salespeople_listen(self):
        for user in (self.anna, self.marek):
            self.assertIn(self.group_calls, user.all_group_ids)
            self.assertIn(self.group_emails, user.all_group_ids)
