from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_mailbox import MailboxCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxHealth(MailboxCommon):
    """Why no mail arrives is said in words, to administrators and to members."""

    def setUp(self):
        super().setUp()
        self.cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        self.cron.write({"active": True, "nextcall": fields.Datetime.now()})

    def _assert_problem(self, text, health="problem"):
        for user in (self.anna, self.admin):
            mailbox = self.mailbox.with_user(user)
            mailbox.invalidate_recordset()
            self.assertIn(text, mailbox.error_message or "")
            self.assertEqual(mailbox.health, health)

    def test_member_opens_the_form_without_what_is_the_administrators(self):
        form = Form(
            self.mailbox.with_user(self.anna), view="lead_communications.lead_mailbox_view_form"
        )
        names = form._view["fields"].keys()
        self.assertNotIn("server_id", names)
        for name in names:
            for modifier in ("invisible", "readonly", "required"):
                form._get_modifier(name, modifier)

    def test_a_mailbox_that_works_says_so(self):
        self._deliver()
        self._fetch()
        mailbox = self.mailbox.with_user(self.anna)
        self.assertFalse(mailbox.error_message)
        self.assertEqual(mailbox.health, "ok")
        self.assertTrue(mailbox.last_fetch_date)
        self.assertEqual(mailbox.last_success_date, mailbox.last_fetch_date)
        self.assertEqual(mailbox.waiting_count, 1)

    def test_settings_that_keep_mail_away(self):
        self.server.state = "draft"
        self._assert_problem("not confirmed")
        self.server.write({"state": "done", "active": False})
        self._assert_problem("archived")
        self.server.active = True
        self.inbox.is_followed = False
        self._assert_problem("No folder is followed")
        self.inbox.is_followed = True
        self.mailbox.is_paused = True
        self._assert_problem("Resume", "paused")
        self.mailbox.write({"is_paused": False, "mode": "off"})
        self._assert_problem("off", "off")

    def test_the_inbox_is_chosen_for_something_else(self):
        form = Form(self.mailbox.with_user(self.admin))
        for role, words in (
            ("spam", "taken for spam"),
            ("sent", "your own"),
            ("drafts", "is read"),
        ):
            with self.subTest(role=role):
                with form.folder_ids.edit(0) as folder:
                    folder.role = role
                self.assertIn(words, form.error_message, "while it is chosen")
                self.inbox.role = role
                self._assert_problem(words)
                self.assertIn("“INBOX”", self.mailbox.error_message)
        self.inbox.write({"role": "spam", "name": "Inbox"})
        self._assert_problem("taken for spam")
        self.inbox.write({"is_followed": False})
        self.env["lead.mailbox.folder"].create(
            {"mailbox_id": self.mailbox.id, "name": "Junk", "role": "spam"}
        )
        self.assertFalse(self.mailbox.error_message)

    def test_drafts_that_are_followed_are_not_read(self):
        drafts = self.env["lead.mailbox.folder"].create(
            {"mailbox_id": self.mailbox.id, "name": "Drafts", "role": "drafts"}
        )
        self._assert_problem("“Drafts”")
        drafts.is_followed = False
        self.assertEqual(self.mailbox.health, "ok")

    def test_nobody_sees_the_mail(self):
        self.mailbox.member_ids = [Command.clear()]
        mailbox = self.mailbox.with_user(self.admin)
        self.assertIn("no members", mailbox.error_message)

    def test_the_scheduler_does_not_run(self):
        self.cron.nextcall = fields.Datetime.now() - timedelta(hours=2)
        self._assert_problem("the scheduler")
        self.cron.active = False
        self._assert_problem("switched off")

    @mute_logger("odoo.addons.lead_communications.models.email.fetchmail_server")
    def test_errors_of_the_connection_in_words(self):
        cases = [
            ({"password": "wrong"}, "user name or the password"),
            ({"port": self.dovecot.lmtp_port + 20000}, "Nothing answers"),
            ({"server": "no-such-host.invalid"}, "no mail server of this name"),
            ({"is_ssl": True}, "No encrypted connection"),
        ]
        for values, text in cases:
            with self.subTest(text=text):
                before = self.server.read(list(values))[0]
                self.server.write(values)
                self.assertTrue(self._fetch())
                self._assert_problem(text)
                self.assertFalse(self.mailbox.last_success_date)
                self.server.write({name: before[name] for name in values})
        self.assertIsNone(self._fetch())
        self.assertFalse(self.mailbox.error_message)

    def test_administrators_manage_and_do_not_read(self):
        self._deliver()
        self._fetch()
        mailbox = self.mailbox.with_user(self.admin)
        self.assertEqual((mailbox.waiting_count, mailbox.is_member), (1, False))
        self.assertFalse(self._rows().with_user(self.admin).has_access("read"))

    def test_a_list_of_mailboxes_costs_the_same_for_any_number(self):
        def read():
            self.env.invalidate_all()
            mailboxes = self.env["lead.mailbox"].with_user(self.admin).search([])
            start = self.env.cr.sql_log_count
            mailboxes.read(["health", "error_message", "sync_progress", "waiting_count"])
            return self.env.cr.sql_log_count - start

        read()
        few = read()
        for number in range(4):
            self.mailbox.copy({"server_id": self.server.copy().id, "name": f"Box {number}"})
        read()
        self.assertLessEqual(read(), few)
