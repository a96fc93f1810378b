from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestMixedSets(LeadCommunicationsCommon):
    """What is refused for one reason lets nothing through that is refused for another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        of_ben = cls.env["lead.mailbox"].create(
            {
                "name": "Of Ben",
                "address": "ben@company.test",
                "server_id": cls.server.copy({"state": "done"}).id,
                "member_ids": [Command.set(cls.ben.ids)],
                "fetch_since": "2020-01-01",
            }
        )
        foreign = of_ben.copy(
            {
                "address": "other@other.test",
                "server_id": cls.server.copy({"state": "done"}).id,
                "company_id": cls.other_company.id,
                "member_ids": [Command.set(cls.otto.ids)],
            }
        )
        files = [("plan.pdf", b"%PDF-1.4 secret")]
        cls.visible = cls._receive(body="of anna", attachments=files)
        cls.hidden = cls._receive(mailbox=of_ben, body="secret of ben", attachments=files)
        cls.foreign = cls._receive(mailbox=foreign, body="secret of otto", attachments=files)
        cls.rows = cls.visible | cls.hidden | cls.foreign
        cls.env.flush_all()
        cls.env.invalidate_all()

    def test_rows_are_checked_each_for_itself(self):
        for rows in (self.rows, self.foreign | self.hidden, self.hidden | self.foreign):
            allowed = rows.with_user(self.anna)._filtered_access("read")
            self.assertEqual(allowed.sudo(), rows & self.visible)

    def test_bodies_are_not_found_among_others(self):
        Message = self.env["mail.message"].with_user(self.anna)
        messages = self.rows.mail_message_id
        self.assertEqual(
            Message.search([("id", "in", messages.ids)]).ids, self.visible.mail_message_id.ids
        )
        self.assertFalse(Message.search([("body", "ilike", "secret of")]))
        allowed = messages.with_user(self.anna)._filtered_access("read")
        self.assertEqual(allowed.ids, self.visible.mail_message_id.ids)

    def test_originals_and_files_are_not_found_among_others(self):
        Attachment = self.env["ir.attachment"].with_user(self.anna)
        any_field = ["|", ("res_field", "=", False), ("res_field", "!=", False)]
        of_rows = [("res_model", "=", self.rows._name), ("res_id", "in", self.rows.ids)]
        files = Attachment.sudo().search(of_rows + any_field)
        self.assertEqual(len(files), 6)
        for domain in (of_rows + any_field, [("id", "in", files.ids)]):
            found = Attachment.search(domain)
            self.assertEqual(set(found.sudo().mapped("res_id")), {self.visible.id}, domain)
        allowed = files.with_user(self.anna)._filtered_access("read")
        self.assertEqual(set(allowed.sudo().mapped("res_id")), {self.visible.id})

    def test_activities_are_not_found_among_others(self):
        activities = self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(row._name),
                    "res_id": row.id,
                    "summary": "secret",
                    "user_id": self.marek.id,
                }
                for row in self.rows
            ]
        )
        found = activities.with_user(self.anna).search([("id", "in", activities.ids)])
        self.assertEqual(found.sudo().mapped("res_id"), self.visible.ids)

    def test_followers_are_not_told_of_others(self):
        self.rows.message_subscribe(self.marek.partner_id.ids)
        rows = self.rows.with_user(self.anna)
        self.assertEqual(
            rows.search([("message_partner_ids", "in", self.marek.partner_id.ids)]).sudo(),
            self.visible,
        )

    def test_reported_rows_among_foreign_events_stay_as_they_are(self):
        lead = self._create_lead(company_id=self.other_company.id, user_id=False)
        event = self.env["lead.communication"].create(
            {"type": "note", "state": "done", "lead_id": lead.id, "company_id": lead.company_id.id}
        )
        call = self._create_call(lead_id=self._create_lead().id, state="done")
        for operation in ("write", "unlink"):
            rows = (event | call).with_user(self.anna)
            self.assertFalse(rows._filtered_access(operation), operation)

    def test_files_on_a_lead_by_every_spelling_of_the_domain(self):
        contact = self.env["res.partner"].create({"name": "Secret Contact"})
        self.env["ir.rule"].create(
            {
                "name": "Anna does not see the contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Secret Contact')]"
                " if user.login == 'anna_t' else [(1, '=', 1)]",
            }
        )
        lead = self._create_lead(partner_id=contact.id)
        self.hidden._decide("attach", lead)
        file = self.hidden.mail_message_id.attachment_ids
        self.assertEqual((file.res_model, file.res_id), ("crm.lead", lead.id))
        Attachment = self.env["ir.attachment"].with_user(self.anna)
        for on_leads in (
            [("res_model", "=", "crm.lead")],
            [("res_model", "=?", "crm.lead")],
            [("res_model", "in", ["crm.lead", "x"])],
            ["!", ("res_model", "!=", "crm.lead")],
            ["!", ("res_model", "not in", ["crm.lead"])],
            ["|", ("res_model", "=", "crm.lead"), ("res_model", "=", "crm.team")],
            [("res_model", "=like", "crm.lead")],
            [("res_model", "like", "crm.lea")],
            [("res_model", "!=", False)],
        ):
            with self.subTest(domain=on_leads):
                self.assertNotIn(file.id, Attachment.search(on_leads).ids)
                self.assertEqual(Attachment.search_count([("id", "=", file.id), *on_leads]), 0)
