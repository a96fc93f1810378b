from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestMailboxMember(LeadCommunicationsCommon, MockEmail):
    """Nobody becomes a member of a mailbox unseen by its members."""

    def _notices(self, user):
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("subject", "ilike", "Sales")]
        )

    def test_administrator_who_makes_himself_a_member_leaves_a_trace(self):
        mailbox = self.mailbox.with_user(self.admin)
        with self.mock_mail_gateway():
            mailbox.write({"member_ids": [Command.link(self.admin.id)]})
            mailbox.write({"member_ids": [Command.unlink(self.admin.id)]})
        log = self.mailbox.with_user(self.anna).member_log.splitlines()
        self.assertRegex(log[0], "Admin: - Admin$")
        self.assertRegex(log[1], "Admin: \\+ Admin$")
        self.assertRegex(log[2], "\\+ Anna$")
        self.assertEqual(len(self._notices(self.anna)), 1)

    def test_nobody_takes_the_trace_away(self):
        mailbox = self.mailbox.with_user(self.admin)
        before = mailbox.member_log
        mailbox.write({"member_log": False})
        mailbox.write({"member_log": "x", "member_ids": [Command.link(self.ben.id)]})
        self.assertIn(before, mailbox.member_log)
        self.assertRegex(mailbox.member_log.splitlines()[0], "Admin: \\+ Ben$")

    def test_members_that_stay_are_no_news(self):
        before = self.mailbox.member_log
        self.mailbox.member_ids = self.anna
        self.assertEqual(self.mailbox.member_log, before)
        self.assertFalse(self._notices(self.anna))
