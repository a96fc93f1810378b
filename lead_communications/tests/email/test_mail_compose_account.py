import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import EmailCommon

MAILBOX = "sales@company.test"


@tagged("post_install", "-at_install", "lead_communications")
class TestMailComposeAccount(EmailCommon):
    """Under which address an email from a lead goes out, and who is responsible for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._template()
        cls.offers = cls._create_mailbox("Offers", "offers@company.test", cls.anna)
        cls.of_ben = cls._create_mailbox("Ben", "ben@company.test", cls.ben)

    @classmethod
    def _create_mailbox(cls, name, address, members):
        server = cls.env["fetchmail.server"].create({"name": name, "server_type": "imap"})
        return cls.env["lead.mailbox"].create(
            {
                "name": name,
                "address": address,
                "server_id": server.id,
                "member_ids": [Command.set(members.ids)],
            }
        )

    def test_mailbox_of_the_customers_mail_is_the_default(self):
        form = self._form(self._write())
        self.assertEqual(form.lead_mailbox_id, self.mailbox)
        self.assertEqual(form.email_from, f'"Anna" <{MAILBOX}>')
        self.mailbox.member_ids = self.ben
        form = self._form(self._write())
        self.assertFalse(form.lead_mailbox_id)
        self.assertEqual(form.email_from, self.anna.email_formatted)

    def test_account_is_chosen_and_answers_come_back_to_it(self):
        row = self._send(self._write(), lead_mailbox_id=self.offers)
        self.assertEqual(self._sent()["email_from"], '"Anna" <offers@company.test>')
        self.assertIn("offers@company.test", self._sent()["reply_to"])
        self.assertEqual(row.email_from, "Anna <offers@company.test>")
        self.assertEqual(row.mail_message_id.author_id, self.anna.partner_id)

    def test_own_address_can_be_chosen(self):
        empty = self.env["lead.mailbox"]
        self._send(self._write(), lead_mailbox_id=empty)
        self.assertEqual(self._sent()["email_from"], self.anna.email_formatted)

    def test_choice_stays_when_the_template_changes(self):
        other = self._template(name="Other")
        form = self._form(self._write())
        form.lead_account = str(self.offers.id)
        form.template_id = other
        self.assertEqual(form.email_from, '"Anna" <offers@company.test>')

    def test_members_choose_among_their_own(self):
        composer = self.env["mail.compose.message"].with_user(self.anna)
        accounts = composer.fields_get(["lead_account"])["lead_account"]["selection"]
        self.assertEqual([name for _key, name in accounts], ["My own address", "Offers", "Sales"])
        form = self._form(self._write())
        with self.assertRaises(AccessError):
            form.lead_account = str(self.of_ben.id)

    def test_template_says_from_where(self):
        self.template.email_from = "{{ object.user_id.email_formatted }}"
        form = self._form(self._write())
        self.assertFalse(form.lead_mailbox_id)
        self.assertEqual(form.email_from, self.anna.email_formatted)

    def test_template_of_a_mailbox_of_others_goes_out_under_the_own_address(self):
        self.template.email_from = "ben@company.test"
        self._send(self._write(), lead_mailbox_id=self.env["lead.mailbox"])
        self.assertEqual(self._sent()["email_from"], self.anna.email_formatted)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_sends_under_a_mailbox_of_others(self):
        """By no way that a client has: the composer, the chatter, later, by a template, changed."""
        anna = self.env(user=self.anna)
        lead = self.lead.with_env(anna)
        partners = lead._email_recipients().ids
        later = fields.Datetime.now() + timedelta(days=1)
        own = lead.message_post(body="Mine", message_type="comment")
        template = self._template(name="Mine", user_id=self.anna.id).with_env(anna)

        def compose(**values):
            composer = anna["mail.compose.message"].create(
                {
                    "model": "crm.lead",
                    "res_ids": str(lead.ids),
                    "partner_ids": partners,
                    "subject": "Hello",
                    "body": "Hello",
                }
                | values
            )
            return composer

        ways = {
            "composer, account": lambda: compose(lead_mailbox_id=self.of_ben.id).action_send_mail(),
            "composer, sender": lambda: compose(
                lead_mailbox_id=False, email_from="ben@company.test"
            ).action_send_mail(),
            "composer, among others": lambda: compose(
                lead_mailbox_id=False, email_from="a@company.test, Ben <BEN@company.test>"
            ).action_send_mail(),
            "composer, a mailing": lambda: compose(
                composition_mode="mass_mail", email_from="ben@company.test"
            ).action_send_mail(),
            "composer, later": lambda: compose(
                lead_mailbox_id=False,
                email_from="ben@company.test",
                scheduled_date=fields.Datetime.to_string(later),
            ).action_schedule_message(),
            "later": lambda: anna["mail.scheduled.message"].create(
                {
                    "model": "crm.lead",
                    "res_id": lead.id,
                    "author_id": self.anna.partner_id.id,
                    "partner_ids": partners,
                    "scheduled_date": later,
                    "notification_parameters": json.dumps({"email_from": "ben@company.test"}),
                }
            ),
            "chatter": lambda: lead.message_post(
                body="Hello",
                message_type="comment",
                email_from="Ben <ben@company.test>",
                partner_ids=partners,
            ),
            "as if it was received": lambda: lead.message_post(
                body="Hello",
                message_type="email",
                email_from="ben@company.test",
                partner_ids=partners,
            ),
            "notification": lambda: lead.message_notify(
                body="Hello", email_from="ben@company.test", partner_ids=partners
            ),
            "changed": lambda: own.write({"email_from": "ben@company.test"}),
            "by a template": lambda: template.send_mail(
                lead.id, email_values={"email_from": "ben@company.test"}
            ),
            "by an own template": lambda: (
                template.write({"email_from": "ben@company.test"}),
                template.send_mail(lead.id),
            ),
        }
        for way, send in ways.items():
            with (
                self.subTest(way=way),
                self.mock_mail_gateway(),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                send()
            self.assertFalse(self._mails, way)

    def test_no_spelling_of_the_address_is_another_one(self):
        lead = self.lead.with_user(self.anna)
        for sender in (
            '"ben"@company.test',
            "ben@company.test.",
            "ben@company\u3002test",
            "b\u200ben@company.test",
            "\uff42en@company.test",
            "ben(x)@company.test",
            "ben @ company.test",
            "=?utf-8?q?ben=40company=2Etest?=",
            "=?utf-8?b?YmVuQGNvbXBhbnkudGVzdA==?= <anna@company.test>",
            "Anna <anna@company.test>, <BEN@Company.Test>",
            "ben@company.test <anna@company.test>",
        ):
            with (
                self.subTest(sender=sender),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                lead.message_post(body="Hello", message_type="comment", email_from=sender)

    def test_own_address_of_a_user_opens_no_mailbox_of_others(self):
        """Nothing goes out under it, now or later; what stays inside is written as before."""
        self.anna.email = "ben@company.test"
        lead = self.lead.with_user(self.anna)
        partners = lead._email_recipients().ids
        later = fields.Datetime.now() + timedelta(days=1)
        sender = self.anna.email_formatted
        values = {"body": "Hello", "message_type": "comment", "partner_ids": partners}
        template = self._template(name="Mine", email_from=self.anna.email)
        ways = {
            "chatter": lambda: lead.message_post(
                **values, subtype_xmlid="mail.mt_comment", email_from=sender
            ),
            "note": lambda: lead.message_post(
                **values, subtype_xmlid="mail.mt_note", email_from=sender
            ),
            "delayed": lambda: lead.message_post(**values, email_from=sender, scheduled_date=later),
            "notify": lambda: lead.message_notify(
                body="Hello", partner_ids=partners, email_from=sender
            ),
            "template": lambda: template.with_user(self.anna).send_mail(lead.id),
            "later": lambda: (
                self.env["mail.scheduled.message"]
                .with_user(self.anna)
                .create(
                    {
                        "model": "crm.lead",
                        "res_id": lead.id,
                        "author_id": self.anna.partner_id.id,
                        "partner_ids": partners,
                        "scheduled_date": later,
                        "notification_parameters": json.dumps({"email_from": sender}),
                    }
                )
            ),
        }
        for way, send in ways.items():
            with (
                self.subTest(way=way),
                self.mock_mail_gateway(),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                send()
            self.assertFalse(self._mails, way)
        note = lead.message_post(body="Remember", message_type="comment", email_from=sender)
        self.assertEqual(note.author_id, self.anna.partner_id)

    def test_who_left_the_mailbox_does_not_send_what_he_planned(self):
        later = fields.Datetime.now() + timedelta(days=1)
        row = self._send(
            self._write(),
            lead_mailbox_id=self.offers,
            scheduled_date=fields.Datetime.to_string(later),
        )
        self.assertEqual(row.state, "planned")
        self.offers.member_ids = self.ben
        with (
            self.mock_mail_gateway(),
            mute_logger("odoo.addons.mail.models.mail_scheduled_message"),
        ):
            row.scheduled_message_id._post_message(raise_exception=False)
        self.assertEqual(row.state, "canceled")
        self.assertNotIn("jan@customer.test", str([mail["email_to"] for mail in self._mails]))

    def test_other_documents_go_out_as_they_did(self):
        partner = self.env["res.partner"].create({"name": "P", "email": "p@customer.test"})
        message = partner.with_user(self.anna).message_post(
            body="Invoice", message_type="comment", email_from="ben@company.test"
        )
        self.assertEqual(message.email_from, "ben@company.test")

    # ---- RESPONSIBLE ----

    def test_responsible_is_the_salesperson_of_the_lead_or_the_writer(self):
        for salesperson, expected in ((self.ben, self.ben), (False, self.clara)):
            with self.subTest(salesperson=salesperson):
                self.lead.user_id = salesperson
                row = self._send(self._write(self.clara), self.clara)
                self.assertEqual(row.user_id, expected)

    def test_responsible_is_chosen(self):
        row = self._send(self._write(), lead_user_id=self.clara)
        self.assertEqual(row.user_id, self.clara)
        self.assertEqual(row.mail_message_id.author_id, self.anna.partner_id)

    def test_responsible_may_see_the_lead(self):
        with self.assertRaisesRegex(UserError, "Otto"):
            self._send(self._write(), lead_user_id=self.otto)
        with self.assertRaisesRegex(UserError, "Ben"):
            self._send(self._write(), lead_user_id=self.ben)

    def test_context_of_a_client_is_not_believed(self):
        for chosen in (
            {"user_id": self.ben.id, "template_id": -1},
            {"user_id": "x", "template_id": [1]},
            {},
        ):
            with self.subTest(chosen=chosen):
                lead = self.lead.with_user(self.anna)
                message = lead.with_context(lead_email=chosen, lead_scheduled_id="x").message_post(
                    body="Hello",
                    message_type="comment",
                    partner_ids=lead._email_recipients().ids,
                    subtype_xmlid="mail.mt_comment",
                )
                row = self.env["lead.communication"].search([("mail_message_id", "=", message.id)])
                self.assertEqual((row.user_id, row.mail_template_id.ids), (self.anna, []))

    def test_mailing_to_several_leads_goes_out_as_before(self):
        other = self._create_lead(name="Another", email_from="ewa@customer.test")
        leads = self.lead | other
        action = {
            "res_model": "mail.compose.message",
            "context": {
                "default_model": "crm.lead",
                "default_res_ids": leads.ids,
                "default_composition_mode": "mass_mail",
                "default_subject": "News",
                "default_body": "<p>News</p>",
            },
        }
        with self.mock_mail_gateway():
            self._form(action).save().action_send_mail()
        self.assertEqual(len(self._mails), 2)
        self.assertEqual({mail["email_from"] for mail in self._mails}, {self.anna.email_formatted})

    def test_people_without_leads_write_their_own_emails_as_before(self):
        clerk = self._create_user("zoe_t", "base.group_partner_manager")
        partner = self.env["res.partner"].create({"name": "P", "email": "p@customer.test"})
        action = {
            "res_model": "mail.compose.message",
            "context": {
                "default_model": "res.partner",
                "default_res_ids": partner.ids,
                "default_composition_mode": "comment",
                "default_partner_ids": partner.ids,
                "default_subject": "Invoice",
                "clicked_on_full_composer": True,
            },
        }
        form = self._form(action, clerk)
        form.body = "<p>Here it is</p>"
        with self.mock_mail_gateway():
            form.save().action_send_mail()
        self.assertEqual(self._sent()["email_from"], clerk.email_formatted)
