"""A test per sentence of the documentation about emails in the lead's card.

Three parts of it: “Write an email from a lead” and “Emails in the lead card” (calls and emails),
the questions about mail in CRM, and “Event: Email” (events).
"""

import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EmailCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestWriteAnEmailFromALead(EmailCommon):
    def _is_offered(self):
        """Tell whether the card shows the button, for a lead that is there already."""
        arch = self.env["crm.lead"].get_view(self.env.ref("crm.crm_lead_view_form").id)["arch"]
        self.assertIn('name="action_write_email"', arch)
        condition = 'invisible="not email_from or not id"'
        self.assertIn(condition, arch)
        return bool(self.lead.email_from)

    def test_the_write_an_email_action_is_available_if_the_email_field_is_filled(self):
        self.assertTrue(self._is_offered())
        self.assertTrue(self._write())

    def test_and_is_not_available_if_the_email_field_is_empty(self):
        self.lead.email_from = False
        self.assertFalse(self._is_offered())

    def test_if_email_templates_are_configured_the_system_suggests_a_template(self):
        template = self._template()
        self.assertEqual(self._write()["context"]["default_template_id"], template.id)

    def test_and_generates_subject_and_body(self):
        self._template(body_html='<p>Dear <t t-out="object.contact_name"/></p>')
        form = self._form(self._write())
        self.assertEqual(form.subject, "About Windows for a house")
        self.assertIn("Dear Jan Kowalski", form.body)

    def test_if_there_are_no_templates_your_default_email_client_opens_with_a_prepared_message(
        self,
    ):
        action = self._write()
        self.assertEqual(action["tag"], "lead_communications.open_mail_client")
        self.assertTrue(action["params"]["url"].startswith("mailto:jan%40customer.test?subject="))
        self.assertIn("&body=", action["params"]["url"])

    def test_before_sending_verify_the_address_in_the_email_field(self):
        self._template()
        self.assertFalse(self.lead.email_warning)
        self.env["mail.blacklist"]._add("jan@customer.test")
        self.env.invalidate_all()
        self.assertIn("blacklisted", self.lead.email_warning)
        self.assertIn("blacklisted", self._form(self._write()).lead_email_warning)


@tagged("post_install", "-at_install", "lead_communications")
class TestEmailsInTheLeadCard(EmailCommon):
    def test_the_lead_card_can_show_a_list_of_linked_emails(self):
        self.assertEqual(self.lead.with_user(self.anna).latest_email_ids, self.mail)

    def test_this_helps_you_see_the_correspondence_history_in_the_lead_context(self):
        sent = self._send(self.mail.with_user(self.anna).action_reply())
        rows = self.lead.with_user(self.anna).latest_email_ids
        self.assertEqual(rows, sent | self.mail)
        self.assertEqual(rows.mapped("direction"), ["outgoing", "incoming"])


@tagged("post_install", "-at_install", "lead_communications")
class TestMailInCrm(EmailCommon):
    def test_the_person_responsible_for_an_email_is_the_employee_responsible_for_the_form(self):
        self.lead.user_id = self.clara
        self.env.cr.precommit.run()
        self.assertEqual(self.mail.user_id, self.clara)
        self._template()
        sent = self._send(self._write(self.marek), self.marek)
        self.assertEqual(sent.user_id, self.clara)

    def test_an_email_has_the_time_when_it_is_actually_received(self):
        self.assertTrue(self.mail.received_date)
        self.assertIn("received_date", self._form_fields())

    def test_an_email_has_the_time_when_it_got_into_crm(self):
        self.assertTrue(self.mail.create_date)
        self.assertIn("create_date", self._form_fields())

    def test_an_email_has_the_time_when_it_was_processed(self):
        waiting = self._receive(subject="New", message_id="<new@customer.test>")
        self.assertFalse(waiting.processed_date)
        waiting.with_user(self.anna)._decide("attach", self.lead.with_user(self.anna))
        self.assertEqual(waiting.processed_date, waiting.decision_date)
        # By a rule, at once: nobody decided.
        answer = self._receive(subject="Re: x", in_reply_to=self.mail.message_ref)
        self.assertEqual(answer.processed_date, answer.create_date)
        self.assertIn("processed_date", self._form_fields())

    def _form_fields(self):
        view = self.env.ref("lead_communications.lead_communication_view_form_email")
        return self.env["lead.communication"].with_user(self.anna).get_view(view.id)["arch"]

    def test_emails_are_linked_to_another_lead_by_who_may_modify_it(self):
        other = self._create_lead(name="Another", user_id=self.anna.id)
        self.mail.with_user(self.anna)._decide("move", other.with_user(self.anna))
        self.assertEqual(self.mail.lead_id, other)
        of_ben = self._create_lead(name="Ben's", user_id=self.ben.id)
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.mail.with_user(self.anna)._decide("move", of_ben.with_user(self.anna))

    def test_only_employees_with_permissions_can_view_the_items_to_which_the_email_is_linked(self):
        self.assertFalse(self.mail.with_user(self.ben).has_access("read"))
        for user in (self.anna, self.clara, self.marek):
            self.assertTrue(self.mail.with_user(user).has_access("read"))

    def test_without_permissions_to_the_contact_he_will_not_see_the_email(self):
        self.lead.partner_id = self.env["res.partner"].create({"name": "X", "email": "x@y.test"})
        self.env["ir.rule"].create(
            {
                "name": "No contacts",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('email', 'not like', 'y.test')]",
            }
        )
        self.assertFalse(self.mail.with_user(self.anna).has_access("read"))


@tagged("post_install", "-at_install", "lead_communications")
class TestEventEmail(EmailCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template = cls._template()
        cls.later = fields.Datetime.now().replace(microsecond=0) + timedelta(days=1)

    def _planned(self):
        return self._send(self._write(), scheduled_date=fields.Datetime.to_string(self.later))

    def test_this_type_of_event_allows_for_sending_emails(self):
        row = self._send(self._write())
        self.assertEqual((row.type, row.direction, row.state), ("email", "outgoing", "done"))
        self.assertEqual(self._sent()["email_to"], ['"Jan Kowalski" <jan@customer.test>'])

    def test_this_type_of_event_allows_for_receiving_emails(self):
        sent = self._send(self._write())
        answer = self._receive(subject="Re: About Windows", in_reply_to=sent.message_ref)
        self.assertEqual((answer.lead_id, answer.direction), (self.lead, "incoming"))

    def test_this_type_of_event_allows_for_storing_emails(self):
        row = self._send(self._write())
        self.assertIn("Dear customer", row.with_user(self.anna).body)
        self.assertIn("how much", self.mail.with_user(self.anna).body)
        self.assertTrue(self.mail.raw)

    def test_to_exchange_emails_you_can_connect_your_imap_account(self):
        self.assertEqual(self.mailbox.server_id.server_type, "imap")
        self.assertEqual(self._receive(subject="By IMAP").mailbox_ids, self.mailbox)

    def test_all_information_about_sent_and_received_emails_is_automatically_recorded(self):
        row = self._send(self._write())
        self.assertIn(row, self.lead.email_ids)
        self.assertIn(row.mail_message_id, self.lead.message_ids)
        self.assertIn(self.mail.mail_message_id, self.lead.message_ids)

    def test_it_is_easier_to_track_the_communication_history(self):
        self.assertEqual(self.mail.answer_state, "awaiting")
        self._send(self.mail.with_user(self.anna).action_reply())
        self.assertFalse(self.mail.answer_state)

    def test_click_on_the_event_button_and_select_email_from_the_provided_menu(self):
        lead = self.lead.with_user(self.anna).with_context(event_type="email")
        self.assertEqual(lead.action_new_event()["res_model"], "mail.compose.message")

    def test_the_system_populates_sent_to_with_the_leads_and_the_contact_persons_address(self):
        contact = self.env["res.partner"].create({"name": "Office", "email": "jan@customer.test"})
        self.lead.partner_id = contact
        self.env.flush_all()
        # Odoo keeps the two the same; an import or another system does not.
        self.env.cr.execute(
            "UPDATE res_partner SET email = %(to)s, email_normalized = %(to)s WHERE id = %(id)s",
            {"to": "o@c.test", "id": contact.id},
        )
        self.env.invalidate_all()
        form = self._form(self._write())
        self.assertEqual(
            set(form.partner_ids[:].mapped("email_normalized")), {"jan@customer.test", "o@c.test"}
        )
        row = self._send(self._write())
        self.assertEqual(set(row.email_to.split(", ")), {"jan@customer.test", "o@c.test"})
        self.assertEqual(len(self._mails), 2)

    def test_enter_the_subject_and_email_text(self):
        form = self._form(self._write())
        form.subject, form.body = "Other words", "<p>Another text</p>"
        with self.mock_mail_gateway():
            form.save().action_send_mail()
        self.assertEqual(self._sent()["subject"], "Other words")
        self.assertIn("Another text", self._sent()["body"])

    def test_additionally_you_can_attach_a_file_to_the_email(self):
        file = (
            self.env["ir.attachment"]
            .with_user(self.anna)
            .create(
                {
                    "name": "offer.pdf",
                    "datas": base64.b64encode(b"%PDF-1.4"),
                    "res_model": "mail.compose.message",
                    "res_id": 0,
                }
            )
        )
        form = self._form(self._write())
        form.attachment_ids.add(file)
        with self.mock_mail_gateway():
            form.save().action_send_mail()
        row = self.lead.email_ids - self.mail
        self.assertEqual(self._sent()["attachments"][0][0], "offer.pdf")
        (link,) = row.with_user(self.anna).attachment_links
        self.assertEqual(link["name"], "offer.pdf")

    def test_in_the_account_field_enter_the_address_from_which_the_email_will_be_sent(self):
        for account, sender in (
            (self.mailbox, '"Anna" <sales@company.test>'),
            (self.mailbox.browse(), self.anna.email_formatted),
        ):
            with self.subTest(sender=sender):
                self._send(self._write(), lead_mailbox_id=account)
                self.assertEqual(self._sent()["email_from"], sender)

    def test_enter_in_the_responsible_field_who_is_responsible_for_sending_or_managing(self):
        row = self._send(self._write(), lead_user_id=self.clara)
        self.assertEqual(row.user_id, self.clara)

    def test_scheduled_the_event_is_planned_and_yet_to_occur(self):
        row = self._planned()
        self.assertEqual((row.state, row.date, row.lead_id), ("planned", self.later, self.lead))
        self.assertFalse(self._mails)

    def test_completed_the_event_has_taken_place(self):
        row = self._planned()
        with self.mock_mail_gateway():
            row.scheduled_message_id._post_message()
        self.assertEqual(row.state, "done")
        self.assertTrue(self._sent())

    def test_canceled_the_event_has_been_canceled_and_will_not_occur(self):
        row = self._planned()
        scheduled = row.scheduled_message_id
        row.with_user(self.anna).action_cancel()
        self.assertEqual(row.state, "canceled")
        self.assertFalse(scheduled.exists())

    def test_an_account_is_one_that_the_person_may_use(self):
        self.mailbox.member_ids = [Command.set(self.ben.ids)]
        form = self._form(self._write())
        self.assertFalse(form.lead_mailbox_id)
        composer = form.save()
        composer.sudo().lead_mailbox_id = self.mailbox
        with self.assertRaises(AccessError):
            composer.action_send_mail()

    def test_who_prefers_it_writes_in_his_own_mail_program(self):
        preferences = self.env.ref("base.view_users_form_simple_modif")
        with Form(self.anna.with_user(self.anna), preferences) as form:
            form.lead_email_program = "own"
        self.assertEqual(self._write()["tag"], "lead_communications.open_mail_client")
