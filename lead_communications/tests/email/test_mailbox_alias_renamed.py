from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxAliasRenamed(LeadCommunicationsCommon):
    """The alias of a team is renamed: the mailbox follows, and the answers keep coming."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "company.test"})
        cls.company.alias_domain_id = cls.domain
        cls.team.write({"alias_name": "windows", "alias_domain_id": cls.domain.id})
        cls.box = cls.env["lead.mailbox"].create(
            {
                "name": "Windows",
                "address": "windows@company.test",
                "alias_team_id": cls.team.id,
                "team_id": cls.team.id,
                "member_ids": [(6, 0, cls.ben.ids)],
            }
        )
        cls.lead = cls._create_lead(email_from="jan@customer.test", user_id=cls.ben.id)
        cls._hand_over(to="windows@company.test", message_id="<first@customer.test>")
        cls.row = cls._rows()
        cls.row._decide("attach", cls.lead)

    @classmethod
    def _hand_over(cls, **headers):
        return cls.env["mail.thread"].message_process("crm.lead", cls._mail(**headers))

    @classmethod
    def _rows(cls):
        return cls.env["lead.communication"].search([("mailbox_ids", "in", cls.box.ids)])

    def _reply_to(self):
        return self.lead._notify_get_reply_to()[self.lead.id]

    def test_the_address_follows(self):
        cases = [
            (lambda: self.team.write({"alias_name": "doors"}), "doors@company.test"),
            (lambda: self.team.alias_id.write({"alias_name": "gates"}), "gates@company.test"),
            (lambda: self.domain.write({"name": "company.example"}), "gates@company.example"),
            (
                lambda: self.team.write(
                    {"alias_domain_id": self.domain.create({"name": "other.test"}).id}
                ),
                "gates@other.test",
            ),
        ]
        for rename, address in cases:
            with self.subTest(address=address):
                rename()
                self.assertEqual(self.box.address, address)
                self.assertIn(address, self._reply_to())
                self.assertEqual(self.env["lead.mailbox"]._of_address(address), self.box)
                self.assertFalse(self.box.error_message)
                self.assertIn(address, self.env["lead.mailbox"]._own_mailbox_addresses())
                before = len(self._rows())
                self._hand_over(to=address)
                self.assertEqual(len(self._rows()), before + 1)

    def test_an_answer_to_the_old_address_comes_in(self):
        waiting = self._hand_over(to="windows@company.test", message_id="<waits@customer.test>")
        self.team.alias_name = "doors"
        self.team.alias_name = "gates"
        raw = self._mail(to="windows@company.test", in_reply_to="<first@customer.test>")
        self.env["mail.thread"].message_process("crm.lead", raw)
        answer = self.lead.email_ids - self.row
        self.assertRecordValues(answer, [{"state": "done", "rule": "answer"}])
        self.assertEqual(answer.mailbox_ids, self.box)
        self.assertEqual(answer._original_bytes(), raw)
        self._hand_over(to="doors@company.test", references="<x@y.test> <waits@customer.test>")
        rows = self._rows() - answer - self.row
        self.assertEqual(len(rows), 2)
        self.assertEqual(len(set(rows.mapped("conversation_ref"))), 1)
        self.assertIn(waiting, rows.ids)

    def test_new_mail_to_the_old_address_is_the_hosts(self):
        """It is nobody's any more, and may become somebody else's."""
        self.team.alias_name = "doors"
        before = self._rows()
        self._hand_over(to="windows@company.test", subject="Natively")
        self._hand_over(to="windows@company.test", in_reply_to="<unknown@x.test>")
        self.assertEqual(self._rows(), before)
        other = self.team.copy({"name": "Others", "alias_name": "windows"})
        other.alias_domain_id = self.domain
        other_box = self.box.copy({"alias_team_id": other.id, "address": "windows@company.test"})
        self._hand_over(to="windows@company.test", in_reply_to="<first@customer.test>")
        self.assertEqual((self.lead.email_ids - self.row).mailbox_ids, other_box)

    def test_an_address_of_their_own_stays(self):
        self.box.address = "sales@elsewhere.test"
        self.team.alias_name = "doors"
        self.assertEqual(self.box.address, "sales@elsewhere.test")
        self.assertFalse(self.box.error_message, "a server of theirs may forward it")

    def test_an_alias_that_is_taken_away_and_given_back(self):
        self.team.alias_name = False
        self.assertIn("nobody takes", self.box.error_message)
        self.assertEqual(self.box.health, "problem")
        self._hand_over(to="windows@company.test", in_reply_to="<first@customer.test>")
        self.assertEqual(len(self.lead.email_ids), 2, "what is on its way comes in")
        self.team.alias_name = "doors"
        self.assertEqual(self.box.address, "doors@company.test")
        self.assertFalse(self.box.error_message)

    def test_health_tells_of_an_address_that_nothing_takes(self):
        self.box.address = "window@company.test"
        self.assertIn("window@company.test, which no mailbox receives", self.box.error_message)
        self.assertEqual(self.box.with_user(self.ben).health, "problem")
        takers = {
            "another alias": lambda: self.team.copy({"name": "Typo", "alias_name": "window"}),
            "a mailbox on a server": lambda: self.mailbox.write({"address": "window@company.test"}),
            "the catchall": lambda: self.domain.write({"catchall_alias": "window"}),
        }
        for name, create in takers.items():
            with self.subTest(name=name), self.env.cr.savepoint() as savepoint:
                create()
                self.box.invalidate_recordset()
                self.assertFalse(self.box.error_message)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_the_alias_of_another_team_is_no_business_of_the_mailbox(self):
        other = self.team.copy({"name": "Others", "alias_name": "gates"})
        other.alias_name = "fences"
        self.assertEqual(self.box.address, "windows@company.test")
        self.assertFalse(self.box.former_addresses)
