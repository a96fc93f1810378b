from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon


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
    def test_nobody_writes_creates_or_deletes_what_was_reported_by_rpc(self):
        row = self.rows["call of anna"]
        for user in (self.anna, self.marek, self.admin):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    row.with_user(user).write({"state": "ignored"})
                with self.assertRaises(AccessError):
                    row.with_user(user).create({"type": "call", "pbx_id": self.pbx.id})
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


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationContact(LeadCommunicationsCommon):
    """An email on a lead with a contact is for the readers of both."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contact = cls.env["res.partner"].create({"name": "Secret Contact"})
        cls.open_contact = cls.env["res.partner"].create({"name": "Open Contact"})
        cls.env["ir.rule"].create(
            {
                "name": "Ben does not see the contact",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Secret Contact')]"
                " if user.login == 'ben_t' else [(1, '=', 1)]",
            }
        )
        cls.lead = cls._create_lead(user_id=cls.ben.id, partner_id=cls.contact.id)
        cls.other_lead = cls._create_lead(user_id=cls.ben.id, partner_id=cls.open_contact.id)
        attachments = [("plan.pdf", b"%PDF-1.4 plan")]
        cls.row = cls._receive(subject="Secret", attachments=attachments)
        cls.other_row = cls._receive(subject="Open", attachments=attachments)
        cls.call = cls._create_call(user_id=cls.ben.id)
        for row, lead in (
            (cls.row, cls.lead),
            (cls.other_row, cls.other_lead),
            (cls.call, cls.lead),
        ):
            row._decide("attach", lead)
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _raw(self, row):
        return self.env["ir.attachment"].search(
            [("res_model", "=", row._name), ("res_field", "=", "raw"), ("res_id", "=", row.id)]
        )

    def test_lead_itself_and_its_calls_are_seen(self):
        lead = self.lead.with_user(self.ben)
        self.assertTrue(lead.has_access("read"))
        self.assertEqual(lead.call_ids, self.call)
        self.assertEqual(lead.call_count, 1)

    def test_rows_by_read_search_and_group(self):
        Communication = self.env["lead.communication"].with_user(self.ben)
        rows = self.row | self.other_row | self.call
        domain = [("id", "in", rows.ids)]
        self.assertFalse(self.row.with_user(self.ben).has_access("read"))
        with self.assertRaises(AccessError):
            self.row.with_user(self.ben).read(["subject"])
        with self.assertRaises(AccessError):
            self.row.with_user(self.ben).action_reopen()
        self.assertEqual(Communication.search(domain), self.other_row | self.call)
        self.assertEqual(Communication.search_count(domain), 2)
        groups = dict(Communication._read_group(domain, ["lead_id"], ["__count"]))
        self.assertEqual(groups, {self.lead: 1, self.other_lead: 1})
        self.assertEqual(rows.with_user(self.ben)._filtered_access("read"), rows - self.row)

    def test_emails_of_the_lead_are_neither_named_nor_counted(self):
        lead, other_lead = self.lead.with_user(self.ben), self.other_lead.with_user(self.ben)
        self.assertFalse(lead.email_ids)
        self.assertEqual((lead.email_count, other_lead.email_count), (0, 1))
        [values] = lead.web_read({"email_ids": {"fields": {"subject": {}}}, "email_count": {}})
        self.assertEqual((values["email_ids"], values["email_count"]), ([], 0))
        self.assertEqual(self.lead.with_user(self.clara).email_count, 1)
        Lead = self.env["crm.lead"].with_user(self.ben)
        self.assertFalse(Lead.search([("email_ids.subject", "=", "Secret")]))
        self.assertTrue(Lead.search([("email_ids.subject", "=", "Open")]))

    def test_message_and_chatter(self):
        Message = self.env["mail.message"].with_user(self.ben)
        message, other = self.row.mail_message_id, self.other_row.mail_message_id
        self.assertFalse(message.with_user(self.ben).has_access("read"))
        self.assertFalse(message.with_user(self.ben).has_access("write"))
        with self.assertRaises(AccessError):
            message.with_user(self.ben).read(["body"])
        self.assertTrue(other.with_user(self.ben).has_access("read"))
        ids = [("id", "in", (message | other).ids)]
        self.assertEqual(Message.search(ids).ids, other.ids)
        self.assertNotIn(message.id, Message._message_fetch([], thread=self.lead)["messages"].ids)
        self.assertTrue(message.with_user(self.clara).has_access("read"))
        self.assertIn(
            message, Message.with_user(self.clara)._message_fetch([], thread=self.lead)["messages"]
        )

    def test_note_does_not_name_the_message_that_it_follows(self):
        message = self.row.mail_message_id
        self.assertEqual(message.subject, "Secret")
        note = self.lead.with_user(self.clara).message_post(body="A note", parent_id=message.id)
        self.assertEqual(note.parent_id, message)
        for user, name in ((self.ben, False), (self.clara, "Secret")):
            self.env.invalidate_all()
            note = note.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(note.read(["parent_id"])[0]["parent_id"], (message.id, name))
                [values] = note.web_read({"parent_id": {"fields": {"display_name": {}}}})
                self.assertEqual(values["parent_id"]["display_name"], name)
                [group] = note.formatted_read_group([("id", "=", note.id)], ["parent_id"])
                self.assertEqual(group["parent_id"], (message.id, name))
        self.assertEqual(message.display_name, "Secret")

    def test_attachments_and_original(self):
        Attachment = self.env["ir.attachment"].with_user(self.ben)
        attachment, raw = self.row.mail_message_id.attachment_ids, self._raw(self.row)
        self.assertEqual(attachment.res_model, "crm.lead")
        for file in (attachment, raw):
            self.assertFalse(file.with_user(self.ben).has_access("read"))
            self.assertFalse(Attachment.search([("id", "in", file.ids)]))
            self.assertTrue(file.with_user(self.clara).has_access("read"))
        on_lead = [("res_model", "=", "crm.lead"), ("res_id", "=", self.lead.id)]
        self.assertFalse(Attachment.search(on_lead))
        self.assertEqual(Attachment.with_user(self.clara).search(on_lead), attachment)
        other = self.other_row.mail_message_id.attachment_ids
        self.assertTrue(other.with_user(self.ben).has_access("read"))
        self.assertEqual((attachment | other).with_user(self.ben)._filtered_access("read"), other)

    def test_own_file_on_the_lead_stays(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.ben)
            .create({"name": "a.txt", "raw": b"a", "res_model": "crm.lead", "res_id": self.lead.id})
        )
        self.assertTrue(file.has_access("write"))
        self.assertEqual(file.search([("res_model", "=", "crm.lead"), ("id", "=", file.id)]), file)

    def test_answer_to_the_contact_is_hidden_too_except_from_its_author(self):
        self.contact.email = "secret@customer.test"
        self.lead.message_subscribe(self.ben.partner_id.ids)
        answer = self.lead.with_user(self.clara).message_post(
            body="Dear Secret",
            message_type="comment",
            partner_ids=self.contact.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertEqual(self.lead.email_count, 2)
        self.assertFalse(answer.with_user(self.ben).has_access("read"))
        self.assertIn(self.ben.partner_id, self.lead.message_partner_ids)
        self.assertEqual(answer.notification_ids.res_partner_id, self.contact)
        self.assertTrue(answer.with_user(self.clara).has_access("read"))
        note = self.lead.with_user(self.clara).message_post(
            body="A note", message_type="comment", partner_ids=self.ben.partner_id.ids
        )
        self.assertTrue(note.with_user(self.ben).has_access("read"))
        self.assertIn(self.ben.partner_id, note.notification_ids.res_partner_id)

    def test_contact_given_to_the_lead_or_taken_from_it(self):
        self.other_lead.partner_id = self.contact
        self.assertFalse(self.other_row.with_user(self.ben).has_access("read"))
        Communication = self.env["lead.communication"].with_user(self.ben)
        self.assertNotIn(self.other_row, Communication.search([]))
        self.lead.partner_id = False
        self.assertTrue(self.row.with_user(self.ben).has_access("read"))
        self.assertIn(self.row, Communication.search([]))

    def test_archived_contact_is_a_contact(self):
        (self.contact | self.open_contact).active = False
        self.assertFalse(self.row.with_user(self.ben).has_access("read"))
        self.assertTrue(self.other_row.with_user(self.ben).has_access("read"))
        rows = self.env["lead.communication"].with_user(self.ben).search([("type", "=", "email")])
        self.assertIn(self.other_row, rows)

    def test_price_of_asking_for_the_contact(self):
        Communication = self.env["lead.communication"].with_user(self.ben)
        # warm: rules, groups
        Communication.search([("state", "=", "done")]).read(["subject"])
        self.lead.with_user(self.ben).read(["email_count"])
        self.env.invalidate_all()
        with self.assertQueryCount(4):  # the user's teams and mailboxes, companies, and the rows
            Communication.search_fetch([("state", "=", "ready")], ["subject"])
        self.env.invalidate_all()
        leads = (self.lead | self.other_lead).with_user(self.ben)
        leads.read(["name", "partner_id"])
        with self.assertQueryCount(2):  # the emails of all, and which contacts are readable
            leads.mapped("email_count")


@tagged("post_install", "-at_install", "lead_communications")
class TestDialogs(LeadCommunicationsCommon):
    """What a person has entered in a dialog is theirs alone, as long as Odoo keeps it."""

    def test_dialogs_are_those_of_who_opened_them(self):
        """Each dialog that a salesperson or a manager may open, by what gives a right to it."""
        rights = self.env["ir.model.access"].search(
            [("perm_read", "=", True), ("group_id", "!=", self.env.ref("base.group_system").id)]
        )
        dialogs = {
            right.model_id.model
            for right in rights
            if right.model_id.transient and right.model_id.model.startswith("lead.")
        }
        self.assertGreaterEqual(dialogs, {"lead.communication.snooze", "lead.communication.assign"})
        for name in sorted(dialogs):
            with self.subTest(name):
                domain = self.env["ir.rule"].with_user(self.anna)._compute_domain(name, "read")
                owners = [
                    leaf.value
                    for leaf in domain.iter_conditions()
                    if leaf.field_expr == "create_uid"
                ]
                self.assertTrue(owners)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_dialogs_of_others_are_hidden(self):
        call = self._create_call().with_user(self.anna)
        for action in (call.action_snooze(), call.action_after_call()):
            dialog = self.env[action["res_model"]].browse(action["res_id"])
            self.assertTrue(dialog.with_user(self.anna).has_access("read"))
            self.assertFalse(dialog.with_user(self.ben).has_access("read"))
            self.assertFalse(dialog.with_user(self.marek).has_access("write"))
            self.assertNotIn(dialog, dialog.with_user(self.ben).search([]))
