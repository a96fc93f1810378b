from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestExceptionMembers(LeadCommunicationsCommon):
    """An exception sets aside the mail of its writers' mailboxes, and tells nothing of others'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Exceptions = cls.env["lead.communication.exception"]

    def _exception(self, user, value="customer.test", **values):
        return self.Exceptions.with_user(user).create({"value": value} | values)

    def test_that_of_a_non_member_sets_nothing_aside(self):
        self._exception(self.ben)
        self.assertEqual(self._receive().state, "ready")

    def test_that_of_a_member_does(self):
        self._exception(self.anna)
        self.assertEqual(self._receive().state, "ignored")

    def test_that_of_who_sees_all_leads_and_is_no_member_does_not(self):
        self._exception(self.clara)
        self.assertEqual(self._receive().state, "ready")

    def test_managers_and_administrators_look_after_those_of_the_company(self):
        for user in (self.marek, self.admin):
            exception = self._exception(user)
            self.assertEqual(self._receive().state, "ignored")
            exception.unlink()

    def test_a_member_who_adds_it_too_is_heard(self):
        exception = self._exception(self.ben)
        row = self._receive()
        wizard = row.with_user(self.anna).action_ignore_always()
        wizard = self.env[wizard["res_model"]].with_user(self.anna).browse(wizard["res_id"])
        wizard.email_kind = "domain"
        wizard.action_ignore_always()
        self.assertEqual((row.state, row.exception_id), ("ignored", exception))
        self.assertEqual(exception.also_user_ids, self.anna)
        self.assertEqual(self._receive().state, "ignored")

    def test_what_it_becomes_later_is_not_what_the_member_added(self):
        exception = self._exception(self.ben, "other.test")
        exception.sudo().also_user_ids = self.anna
        exception.with_user(self.ben).write({"value": "customer.test"})
        self.assertFalse(exception.also_user_ids)
        self.assertEqual(self._receive().state, "ready")

    def test_the_wider_one_of_a_member_counts_where_that_of_a_non_member_does_not(self):
        self._exception(self.ben, "jan@customer.test")
        wide = self._exception(self.anna)
        self.assertEqual(self._receive().exception_id, wide)

    def test_one_of_the_mailboxes_is_enough(self):
        other = self.mailbox.copy(
            {
                "server_id": self.server.copy({"state": "done"}).id,
                "address": "b@company.test",
                "member_ids": [Command.set(self.ben.ids)],
            }
        )
        row = self._receive()
        other._receive(row._original_bytes())
        self.assertEqual(row.mailbox_ids, self.mailbox | other)
        exception = self._exception(self.ben)
        row._except()
        self.assertEqual((row.state, row.exception_id), ("ignored", exception))

    def test_nobody_signs_for_others(self):
        for values in ({"user_id": self.anna.id}, {"also_user_ids": [Command.link(self.anna.id)]}):
            exception = self._exception(self.ben, **values)
            exception.write(values)
            self.assertEqual(
                (exception.user_id, len(exception.sudo().also_user_ids)), (self.ben, 0)
            )
            exception.unlink()

    def test_it_tells_non_members_neither_how_much_nor_when(self):
        exception = self._exception(self.marek)
        self._receive()
        counts = {
            user: exception.with_user(user).read(["hit_count", "last_hit_date"])[0]
            for user in (self.anna, self.ben, self.clara, self.marek, self.admin)
        }
        self.assertEqual(counts[self.anna]["hit_count"], 1)
        self.assertTrue(counts[self.anna]["last_hit_date"])
        for user in (self.ben, self.clara, self.marek, self.admin):
            self.assertEqual(counts[user]["hit_count"], 0, user.login)
            self.assertFalse(counts[user]["last_hit_date"], user.login)

    @mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule")
    def test_that_another_company_has_one_is_not_found_out(self):
        self._exception(self.otto)
        for value in ("customer.test", "unknown.test"):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self._exception(self.anna, value, company_id=self.other_company.id)
            own = self._exception(self.anna, value)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                own.company_id = self.other_company
                own.flush_recordset()
