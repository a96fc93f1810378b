from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationAccess(LeadCommunicationsCommon):
    """Who sees what, by every route."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ben_lead = cls._create_lead(user_id=cls.ben.id, name="Castle of Ben")
        cls.free_lead = cls._create_lead(user_id=False, team_id=False)
        cls.rows = {
            "call of anna": cls._create_call(),
            "call of ben": cls._create_call(user_id=cls.ben.id),
            "call of the team of anna": cls._create_call(user_id=False, team_id=cls.team.id),
            "call of nobody": cls._create_call(user_id=False, team_id=False),
            "call on a lead of ben": cls._create_call(
                user_id=False, lead_id=cls.ben_lead.id, state="done"
            ),
            "call on a free lead": cls._create_call(
                user_id=cls.ben.id, lead_id=cls.free_lead.id, state="done"
            ),
            "mail in the mailbox of anna": cls._receive(),
        }
        cls.mail_row = cls.rows["mail in the mailbox of anna"]
        linked = cls._receive(subject="For Ben")
        linked._decide("attach", cls.ben_lead)
        cls.rows["mail on a lead of ben"] = linked
        everything_of_anna = {
            "call of anna",
            "call of the team of anna",
            "call on a free lead",
            "mail in the mailbox of anna",
        }
        calls = {name for name in cls.rows if name.startswith("call")}
        cls.visible = {
            cls.anna: everything_of_anna,
            cls.ben: {
                "call of ben",
                "call on a lead of ben",
                "call on a free lead",
                "mail on a lead of ben",
            },
            cls.clara: calls | {"mail on a lead of ben"},
            cls.marek: calls | {"mail on a lead of ben"},
            cls.admin: calls | {"mail on a lead of ben"},
            cls.otto: {"call on a free lead"},
        }

    def _matrix(self):
        for user, visible in self.visible.items():
            for name, row in self.rows.items():
                with self.subTest(user=user.login, row=name):
                    yield row.with_user(user), name in visible

    def test_read_by_user(self):
        for row, visible in self._matrix():
            row.invalidate_recordset()
            self.assertEqual(row.has_access("read"), visible)
            if not visible:
                with self.assertRaises(AccessError):
                    row.read(["subject", "number"])
                with self.assertRaises(AccessError):
                    row.web_read({"lead_id": {"fields": {"display_name": {}}}})

    def test_search_and_counts_by_user(self):
        Communication = self.env["lead.communication"]
        ids = [row.id for row in self.rows.values()]
        for user, visible in self.visible.items():
            with self.subTest(user=user.login):
                domain = [("id", "in", ids)]
                Model = Communication.with_user(user)
                expected = {self.rows[name] for name in visible}
                self.assertEqual(set(Model.search(domain).sudo()), expected)
                self.assertEqual(Model.search_count(domain), len(expected))
                groups = Model.formatted_read_group(domain, ["lead_id"], ["__count"])
                self.assertEqual(sum(group["__count"] for group in groups), len(expected))

    def test_message_and_attachments_follow_the_row(self):
        row = self._receive(subject="With a plan", attachments=[("plan.pdf", b"%PDF-1.4 plan")])
        message, attachment = row.mail_message_id, row.mail_message_id.attachment_ids
        raw = self.env["ir.attachment"].search(
            [("res_model", "=", row._name), ("res_field", "=", "raw"), ("res_id", "=", row.id)]
        )
        self.assertEqual(len(raw), 1)

        def readers(record):
            return {
                user
                for user in (self.anna, self.ben, self.clara, self.marek, self.admin, self.otto)
                if record.with_user(user).has_access("read")
            }

        for record in (message, attachment, raw):
            self.assertEqual(readers(record), {self.anna}, record)
        row._decide("attach", self.ben_lead)
        for record in (message, attachment, raw):
            self.assertEqual(
                readers(record), {self.ben, self.clara, self.marek, self.admin}, record
            )

    def test_being_in_copy_opens_no_back_door(self):
        row = self._receive(subject="Copy", cc=self.ben.email)
        row._decide("attach", self._create_lead())
        self.assertFalse(row.mail_message_id.with_user(self.ben).has_access("read"))

    def test_reply_on_a_lead_in_copy_opens_no_back_door(self):
        row = self._receive(subject="Start")
        row._decide("attach", self._create_lead())
        reply = self._receive(subject="Re: Start", in_reply_to=row.message_ref, cc=self.ben.email)
        self.assertEqual(reply.state, "done")
        self.assertFalse(reply.mail_message_id.with_user(self.ben).has_access("read"))

    def test_record_rule_of_the_administrator_on_leads_counts(self):
        self.env["ir.rule"].create(
            {
                "name": "Only castles",
                "model_id": self.env["ir.model"]._get_id("crm.lead"),
                "domain_force": "[('name', 'ilike', 'castle')]",
            }
        )
        row = self.rows["call on a free lead"]
        self.assertFalse(row.with_user(self.clara).has_access("read"))
        self.assertNotIn(row, self.env["lead.communication"].with_user(self.clara).search([]))

    def test_row_follows_the_company_of_its_lead(self):
        row = self.rows["call on a free lead"]
        self.free_lead.company_id = self.other_company
        self.assertTrue(row.with_user(self.otto).has_access("read"))
        self.assertFalse(row.with_user(self.clara).has_access("read"))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_nobody_writes_creates_or_deletes_by_rpc(self):
        row = self.rows["call of anna"]
        for user in (self.anna, self.marek, self.admin):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    row.with_user(user).write({"state": "ignored"})
                with self.assertRaises(AccessError):
                    row.with_user(user).create({"type": "call"})
                with self.assertRaises(AccessError):
                    row.with_user(user).unlink()

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_employee_without_sales_sees_nothing(self):
        employee = self._create_user("employee_t", "base.group_user")
        for row in self.rows.values():
            self.assertFalse(row.with_user(employee).has_access("read"))

    def test_mailbox_is_read_by_its_members_and_managed_by_administrators(self):
        readers = {
            user
            for user in (self.anna, self.ben, self.clara, self.marek, self.admin, self.otto)
            if self.mailbox.with_user(user).has_access("read")
        }
        self.assertEqual(readers, {self.anna, self.admin})
        self.assertFalse(self.mailbox.with_user(self.anna).has_access("write"))
        with self.assertRaises(AccessError):
            self.mailbox.with_user(self.anna).read(["server_id"])

    def test_administrator_sees_how_much_waits_and_not_what(self):
        mailbox = self.mailbox.with_user(self.admin)
        self.assertEqual(mailbox.waiting_count, 1)
        self.assertFalse(
            self.env["lead.communication"]
            .with_user(self.admin)
            .search([("mailbox_ids", "in", mailbox.ids), ("state", "=", "ready")])
        )

    def test_attach_dialog_is_the_users_own_and_names_no_hidden_lead(self):
        call = self._create_call(phone_sanitized="+48225550000", number="+48225550000")
        self.ben_lead.phone = "+48 22 555 00 00"
        action = call.with_user(self.anna).action_attach()
        wizard = self.env["lead.communication.attach"].with_user(self.anna).browse(action["res_id"])
        self.assertFalse(wizard.candidate_ids)
        with self.assertRaises(AccessError):
            wizard.lead_id = self.ben_lead.id
        with self.assertRaises(AccessError):
            wizard.with_user(self.ben).read(["lead_id"])
        with self.assertRaises(AccessError):
            self.env["lead.communication.attach.candidate"].with_user(self.anna).create(
                {"wizard_id": wizard.id, "lead_id": self.ben_lead.id}
            )

    def test_lead_found_is_never_a_hidden_one(self):
        call = self._create_call(phone_sanitized="+48225550000", number="+48225550000")
        self.ben_lead.phone = "+48 22 555 00 00"
        self.assertFalse(call.with_user(self.anna).found_lead_id)
        self.assertEqual(call.with_user(self.clara).found_lead_id, self.ben_lead)
