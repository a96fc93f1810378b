from freezegun import freeze_time

from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestSeenAgain(LeadCommunicationsCommon):
    """An email that comes in again is one row, which says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.mailbox.copy(
            {
                "name": "Service",
                "server_id": cls.server.copy().id,
                "address": "service@company.test",
                "member_ids": [(6, 0, cls.ben.ids)],
            }
        )

    def test_when_and_in_which_mailbox(self):
        raw = self._mail()
        row = self._receive(raw)
        self.assertFalse(row.seen_again)
        for moment, mailbox in (("2026-11-02 10:00:00", self.mailbox), ("2026-11-03", self.other)):
            with freeze_time(moment):
                self.assertEqual(self._receive(raw, mailbox), row)
        seen = row.seen_again.splitlines()
        self.assertEqual(len(seen), 2)
        self.assertRegex(seen[0], "3.*2026.*Service")
        self.assertRegex(seen[1], "2.*2026.*Sales")

    def test_a_mailbox_is_named_to_those_who_may_know_it(self):
        raw = self._mail()
        row = self._receive(raw)
        self._receive(raw, self.other)
        for user, name in ((self.ben, "Service"), (self.anna, "of others")):
            self.assertIn(name, row.with_user(user).seen_again)
            self.assertNotIn("Sales", row.with_user(user).seen_again)

    def test_the_newest_are_kept(self):
        raw = self._mail()
        row = self._receive(raw)
        for day in range(1, 26):
            with freeze_time(f"2026-11-{day:02}"):
                self._receive(raw)
        self.assertEqual(len(row.seen_again.splitlines()), 20)
        self.assertIn("25", row.seen_again.splitlines()[0])

    def test_a_copy_of_what_is_on_a_lead_already(self):
        lead = self._create_lead()
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        message = lead.message_post(
            body="Hello",
            message_type="comment",
            partner_ids=partner.ids,
            subtype_xmlid="mail.mt_comment",
        )
        row = lead.email_ids
        copy = self._mail(message_id=message.message_id, **{"from": "sales@company.test"})
        self.assertEqual(self.mailbox._receive(copy, role="sent"), row)
        self.assertIn("Sales", row.seen_again)
