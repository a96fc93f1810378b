from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestCrmLead(LeadCommunicationsCommon):
    """The lead's card, and what becomes of its history."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(email_from="jan@customer.test", phone="+48 22 123 45 67")
        cls.call = cls._create_call()
        cls.call._decide("attach", cls.lead)
        cls.mail = cls._receive()
        cls.mail._decide("attach", cls.lead)

    @users("anna_t")
    def test_counters_and_tabs(self):
        lead = self.lead.with_env(self.env)
        self.assertEqual((lead.call_count, lead.email_count), (1, 1))
        self.assertEqual((lead.call_ids, lead.email_ids), (self.call, self.mail))

    def test_deleted_lead_gives_back_what_was_received(self):
        message = self.mail.mail_message_id
        self.lead.with_user(self.marek).unlink()
        self.assertRecordValues(self.call | self.mail, [{"state": "ready", "lead_id": False}] * 2)
        self.assertEqual(self.mail.mail_message_id, message)
        self.assertTrue(message.exists())
        self.assertIn("how much", self.mail.with_user(self.anna).body)
        self.assertEqual(self.mail.decision_id.action, "release")

    def test_deleted_lead_gives_back_mail_that_came_by_the_alias_to_managers(self):
        self.env["mail.alias.domain"].create({"name": "company.test"})
        self.team.write({"alias_name": "windows", "use_leads": True})
        lead_id = self.env["mail.thread"].message_process(
            "crm.lead", self._mail(to="windows@company.test", subject="By the alias")
        )
        lead = self.env["crm.lead"].browse(lead_id)
        row = lead.email_ids
        self.assertEqual((row.state, row.direction), ("done", "incoming"))
        lead.unlink()
        self.assertEqual(row.state, "ready")
        self.assertIn("how much", row.with_user(self.marek).body)
        self.assertFalse(row.with_user(self.anna).has_access("read"))
        row.with_user(self.marek)._decide("create")
        self.assertEqual(row.lead_id.name, "By the alias")

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_delete_without_the_right_changes_nothing(self):
        with self.assertRaises(AccessError):
            self.lead.with_user(self.anna).unlink()
        self.assertEqual(self.call.lead_id, self.lead)

    def test_deleted_lead_takes_our_own_mail_along(self):
        partner = self.env["res.partner"].create({"name": "Jan", "email": "jan@customer.test"})
        self.lead.message_post(
            body="Our offer",
            subtype_xmlid="mail.mt_comment",
            message_type="comment",
            partner_ids=partner.ids,
        )
        sent = self.lead.email_ids - self.mail
        self.assertEqual(sent.direction, "outgoing")
        self.lead.unlink()
        self.assertFalse(sent.exists())

    def test_merged_lead_keeps_the_history_of_both(self):
        other = self._create_lead(name="The same house")
        call = self._create_call()
        call._decide("attach", other)
        head = (self.lead | other).merge_opportunity()
        self.assertEqual(head.call_ids, self.call | call)
        self.assertEqual(head.email_ids, self.mail)
        self.assertEqual(self.mail.subject, "A question about windows")
        self.assertIn(self.mail.mail_message_id, head.message_ids)

    def test_lost_and_archived_lead_keeps_its_history(self):
        self.lead.action_set_lost()
        self.assertEqual(self.lead.call_ids, self.call)
        self.assertTrue(self.call.with_user(self.anna).has_access("read"))

    @users("anna_t")
    def test_write_an_email_opens_the_template(self):
        template = self._template()
        lead = self.lead.with_env(self.env)
        action = lead.action_write_email()
        self.assertEqual(action["context"]["default_template_id"], template.id)
        composer = Form(
            self.env[action["res_model"]].with_context(**action["context"]),
        ).save()
        self.assertEqual(composer.subject, "About Windows for a house")
        self.assertIn("Dear customer", composer.body)
        self.assertEqual(composer.partner_ids.mapped("email_normalized"), ["jan@customer.test"])

    @users("anna_t")
    def test_recipient_is_ready_whatever_the_template_says(self):
        for values in ({"use_default_to": True}, {"use_default_to": False}):
            with self.subTest(**values):
                self._template(**values, name="0")
                action = self.lead.with_env(self.env).action_write_email()
                Composer = self.env[action["res_model"]].with_context(**action["context"])
                partners = Form(Composer).save().partner_ids
                self.assertEqual(partners.mapped("email_normalized"), ["jan@customer.test"])
                again = self.lead.with_env(self.env).action_write_email()
                self.assertEqual(again["context"]["default_partner_ids"], partners.ids)

    @users("anna_t")
    def test_email_written_from_the_card_is_in_its_history(self):
        self._template()
        action = self.lead.with_env(self.env).action_write_email()
        composer = Form(self.env[action["res_model"]].with_context(**action["context"])).save()
        composer._action_send_mail()
        sent = self.lead.email_ids - self.mail
        self.assertRecordValues(
            sent,
            [
                {
                    "direction": "outgoing",
                    "state": "done",
                    "subject": "About Windows for a house",
                    "email_normalized": "jan@customer.test",
                    "user_id": self.env.uid,
                }
            ],
        )

    @users("anna_t")
    def test_own_template_before_everybodys(self):
        self._template(name="A for all")
        own = self._template(name="Z of Anna", user_id=self.anna.id)
        self._template(name="B of Ben", user_id=self.ben.id)
        self.assertEqual(self.lead.with_env(self.env)._suggested_mail_template(), own)

    @users("anna_t")
    def test_write_an_email_without_a_template_opens_the_mail_client(self):
        self.env["mail.template"].sudo().search([("model", "=", "crm.lead")]).unlink()
        self.lead.sudo().write({"email_from": "jan+a&b@customer.test", "name": "Zażółć & co?"})
        action = self.lead.with_env(self.env).action_write_email()
        self.assertEqual(action["tag"], "lead_communications.open_mail_client")
        self.assertEqual(
            action["params"]["url"],
            "mailto:jan%2Ba%26b%40customer.test?subject=Za%C5%BC%C3%B3%C5%82%C4%87%20%26%20co%3F",
        )

    @users("anna_t")
    def test_write_an_email_needs_an_address(self):
        self.lead.sudo().email_from = False
        with self.assertRaisesRegex(UserError, "email"):
            self.lead.with_env(self.env).action_write_email()

    def _template(self, **values):
        return (
            self.env["mail.template"]
            .sudo()
            .create(
                {
                    "name": "0 Offer",
                    "model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "subject": "About {{ object.name }}",
                    "body_html": "<p>Dear customer</p>",
                    "use_default_to": True,
                }
                | values
            )
        )
