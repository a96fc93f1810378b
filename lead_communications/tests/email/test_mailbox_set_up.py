from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestMailboxSetUp(LeadCommunicationsCommon):
    """Nobody gains sight of mail by a change of the set-up of its mailbox."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls._create_user(
            "both_t",
            "sales_team.group_sale_manager",
            company_ids=[Command.set((cls.company | cls.other_company).ids)],
        )
        cls.waiting = cls._receive(body="waits")
        cls.ignored = cls._receive(body="set aside")
        cls.ignored._decide("ignore")
        cls.failure = cls.env["lead.communication.failure"]._keep(
            "email", b"secret", "error", mailbox=cls.mailbox
        )
        cls.users = cls.anna | cls.ben | cls.clara | cls.marek | cls.admin | cls.otto | cls.both

    def _seen(self):
        """Return what each user sees of the mail, the failures included."""
        self.env.flush_all()
        self.env.invalidate_all()
        seen = set()
        for user in self.users:
            env = self.env(user=user, context={"allowed_company_ids": user.company_ids.ids})
            for row in filter(None, (self.waiting, self.ignored, self.failure.exists())):
                Model = env[row._name].with_context(active_test=False)
                if Model.search_count([("id", "=", row.id)]) or row.with_env(env).has_access(
                    "read"
                ):
                    seen.add((user, row))
        return seen

    def test_changes(self):
        team = self.env["crm.team"].create({"name": "Alias", "alias_name": "alias-of-team"})
        server = self.server.copy({"state": "done"})
        before = self._seen()
        self.assertEqual(
            before, {(self.anna, r) for r in (self.waiting, self.ignored, self.failure)}
        )
        for title, values in {
            "archived": {"active": False},
            "off": {"mode": "off"},
            "other company": {"company_id": self.other_company.id, "team_id": False},
            "other server": {"server_id": server.id},
            "alias instead of a server": {"server_id": False, "alias_team_id": team.id},
            "other address": {"address": "other@company.test"},
            "no members": {"member_ids": [Command.clear()]},
        }.items():
            with self.subTest(change=title):
                self.mailbox.write(values)
                self.assertLessEqual(self._seen(), before)
        self.assertFalse(self._seen())
        self.mailbox.write({"server_id": server.id, "alias_team_id": False})
        team.unlink()
        self.assertFalse(self._seen())

    def test_member_who_is_deleted_leaves_it_to_nobody(self):
        user = self._create_user("gone_t", "sales_team.group_sale_salesman")
        self.mailbox.member_ids = user
        user.unlink()
        self.assertFalse(self._seen())

    def test_one_with_mail_is_not_deleted_but_archived(self):
        before = self._seen()
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.mailbox.with_user(self.admin).unlink()
        self.mailbox.with_user(self.admin).active = False
        self.assertEqual(self._seen(), before)

    def test_one_with_mail_on_leads_is_not_deleted_either(self):
        """The mail waits again when the lead is deleted."""
        lead = self._create_lead()
        self.failure.unlink()
        self.ignored._decide("reopen")
        (self.waiting | self.ignored)._decide("attach", lead)
        with self.assertRaises(UserError):
            self.mailbox.unlink()
        lead.unlink()
        self.assertEqual(self._seen(), {(self.anna, self.waiting), (self.anna, self.ignored)})

    def test_one_with_failures_is_not_deleted(self):
        mailbox = self.mailbox.copy(
            {"server_id": self.server.copy({"state": "done"}).id, "address": "b@company.test"}
        )
        failure = self.env["lead.communication.failure"]._keep(
            "email", b"secret", "error", mailbox=mailbox
        )
        with self.assertRaises(UserError):
            mailbox.unlink()
        failure.state = "solved"
        mailbox.unlink()
        self.assertFalse(mailbox.exists())

    def test_one_of_which_retention_deleted_everything_goes(self):
        self.failure.unlink()
        self.waiting._decide("ignore")
        rows = self.waiting | self.ignored
        rows._purge()
        self.mailbox.with_user(self.admin).unlink()
        self.assertFalse(self.mailbox.exists())
        self.assertFalse(self._seen())
