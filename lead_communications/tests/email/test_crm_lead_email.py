from urllib.parse import parse_qs, urlsplit

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import EmailCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestCrmLeadEmail(EmailCommon):
    """Write an email: to whom, from what, by which program, and what is said against it."""

    def test_template_fills_the_composer(self):
        template = self._template()
        form = self._form(self._write())
        self.assertEqual(form.template_id, template)
        self.assertEqual(form.subject, "About Windows for a house")
        self.assertIn("Dear customer", form.body)
        self.assertEqual(form.partner_ids[:].mapped("email_normalized"), ["jan@customer.test"])

    def test_recipient_is_ready_whatever_the_template_says(self):
        for use_default_to in (True, False):
            with self.subTest(use_default_to=use_default_to):
                self._template(use_default_to=use_default_to, name="0")
                partners = self._form(self._write()).partner_ids[:]
                self.assertEqual(partners.mapped("email_normalized"), ["jan@customer.test"])
                again = self._write()
                self.assertEqual(again["context"]["default_partner_ids"], partners.ids)

    def test_both_addresses_when_the_contact_has_another_one(self):
        contact = self._contact_with_another_address()
        self.assertEqual(
            self.lead._email_addresses(), ["jan@customer.test", "office@customer.test"]
        )
        recipients = self.lead._email_recipients()
        self.assertIn(contact, recipients)
        self.assertEqual(
            set(recipients.mapped("email_normalized")),
            {"jan@customer.test", "office@customer.test"},
        )

    def test_one_recipient_when_both_are_the_same(self):
        contact = self.env["res.partner"].create({"name": "Jan", "email": "JAN@customer.test"})
        self.lead.partner_id = contact
        self.assertEqual(self.lead._email_recipients(), contact)

    def test_address_of_a_hidden_contact_stays_hidden(self):
        self._contact_with_another_address()
        self._hide_contacts()
        lead = self.lead.with_user(self.anna)
        self.assertEqual(lead._email_addresses(), ["jan@customer.test"])
        self.assertNotIn("office", lead.email_warning or "")

    def _contact_with_another_address(self):
        contact = self.env["res.partner"].create({"name": "Office", "email": "jan@customer.test"})
        self.lead.partner_id = contact
        self.env.flush_all()
        # Odoo keeps the two the same; an import or another system does not.
        self.env.cr.execute(
            "UPDATE res_partner SET email = %(to)s, email_normalized = %(to)s WHERE id = %(id)s",
            {"to": "office@customer.test", "id": contact.id},
        )
        self.env.invalidate_all()
        return contact

    def _hide_contacts(self):
        self.env["ir.rule"].create(
            {
                "name": "No contacts of customers",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('email', 'not like', 'customer.test')]",
            }
        )

    def test_needs_an_address(self):
        for email, message in ((False, "Fill in"), ("no address", "not an email address")):
            with self.subTest(email=email):
                self.lead.email_from = email
                with self.assertRaisesRegex(UserError, message):
                    self._write()

    def test_needs_the_right_to_change_the_lead(self):
        with self.assertRaises(AccessError):
            self._write(self.ben)

    # ---- TEMPLATES ----

    def test_ranking_of_templates(self):
        """Own, team, stage, language, last used, name: each decides over those behind it."""
        self.lead.write({"team_id": self.team.id, "lang_id": self._polish().id})
        everybody = self._template(name="Z")
        self.assertEqual(self._suggested(), everybody)
        first_by_name = self._template(name="A")
        self.assertEqual(self._suggested(), first_by_name)
        self._send(self._write(), template_id=everybody)
        self.assertEqual(self._suggested(), everybody, "last used")
        for_lang = self._template(name="Z lang", lead_lang_id=self._polish().id)
        self.assertEqual(self._suggested(), for_lang)
        stage = self.lead.stage_id
        for_stage = self._template(name="Z stage", lead_stage_ids=[Command.set(stage.ids)])
        self.assertEqual(self._suggested(), for_stage)
        for_team = self._template(name="Z team", lead_team_ids=[Command.set(self.team.ids)])
        self.assertEqual(self._suggested(), for_team)
        own = self._template(name="Z own", user_id=self.anna.id)
        self._template(name="B of Ben", user_id=self.ben.id)
        self.assertEqual(self._suggested(), own)

    def test_what_is_meant_for_others_is_not_suggested(self):
        self.lead.lang_id = self._polish()
        other_stage = self.env["crm.stage"].create({"name": "Elsewhere"})
        other_team = self.env["crm.team"].create({"name": "Elsewhere"})
        for name, value in (
            ("lead_team_ids", [Command.set(other_team.ids)]),
            ("lead_stage_ids", [Command.set(other_stage.ids)]),
            ("lead_lang_id", self.env.ref("base.lang_en").id),
        ):
            with self.subTest(name=name):
                template = self._template(**{name: value, "user_id": self.anna.id})
                self.assertFalse(self._suggested())
                # It can be chosen all the same.
                form = self._form(self._write())
                self.assertFalse(form.template_id)
                form.template_id = template
                self.assertIn("Dear customer", form.body)
                template.unlink()

    def test_last_used_is_that_of_the_person(self):
        self._template(name="A")
        second = self._template(name="B")
        other = self._create_lead(name="Ben's", user_id=self.ben.id, email_from="b@customer.test")
        self._send(self._write(self.ben, other), self.ben, template_id=second)
        self.assertEqual(self._suggested(other, self.ben), second)
        self.assertNotEqual(self._suggested(), second)

    def test_ranking_asks_a_constant_number_of_queries(self):
        self._template()
        self._queries(self._suggested)
        one = self._queries(self._suggested)
        for _number in range(5):
            self._template()
        self.assertEqual(self._queries(self._suggested), one)

    def _queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        return self.env.cr.sql_log_count - before

    def _suggested(self, lead=None, user=None):
        return (lead or self.lead).with_user(user or self.anna)._suggested_mail_template()

    def _polish(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        return self.env.ref("base.lang_pl")

    def test_text_in_the_language_of_the_customer(self):
        polish = self._polish()
        template = self._template()
        translated = template.with_context(lang="pl_PL")
        translated.write(
            {"subject": "Oferta: {{ object.name }}", "body_html": "<p>Dzień dobry</p>"}
        )
        for lang in ("lead", "contact"):
            with self.subTest(lang=lang):
                if lang == "lead":
                    self.lead.lang_id = polish
                else:
                    self.lead.partner_id = self.env["res.partner"].create(
                        {"name": "Jan", "email": "jan@customer.test", "lang": "pl_PL"}
                    )
                form = self._form(self._write())
                self.assertEqual(form.subject, "Oferta: Windows for a house")
                self.assertIn("Dzień dobry", form.body)
                self.lead.lang_id = False

    # ---- THE PERSON'S OWN MAIL PROGRAM ----

    def test_without_a_template_the_mail_program_opens(self):
        self.lead.write({"email_from": "jan+a&b@customer.test", "name": "Zażółć & co?"})
        self.anna.signature = "<p>Anna<br>Windows</p>"
        action = self._write()
        self.assertEqual(action["tag"], "lead_communications.open_mail_client")
        to, subject, body = self._prepared(action)
        self.assertEqual((to, subject), ("jan%2Ba%26b%40customer.test", "Zażółć & co?"))
        self.assertEqual(body.split(), ["Hello,", "Anna", "Windows"])

    def test_by_preference_the_mail_program_opens_with_the_template(self):
        self._template(body_html="<p>Dear <b>customer</b> &amp; co</p>")
        self.anna.with_user(self.anna).lead_email_program = "own"
        _to, subject, body = self._prepared(self._write())
        self.assertEqual(subject, "About Windows for a house")
        self.assertIn("Dear *customer* & co", body)

    def _prepared(self, action):
        self.assertEqual(action["tag"], "lead_communications.open_mail_client")
        url = urlsplit(action["params"]["url"])
        query = parse_qs(url.query)
        return url.path, query["subject"][0], query["body"][0]

    def test_preference_is_in_the_own_preferences(self):
        view = self.env.ref("base.view_users_form_simple_modif")
        with Form(self.anna.with_user(self.anna), view) as form:
            form.lead_email_program = "own"
        self.assertEqual(self.anna.lead_email_program, "own")
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.ben.with_user(self.anna).write({"lead_email_program": "own"})

    # ---- WARNINGS ----

    def test_wrong_blacklisted_and_bounced_addresses_are_pointed_out(self):
        self._template()
        cases = {
            "not an email address": lambda: self.lead.write({"email_from": "jan at customer.test"}),
            "blacklisted": lambda: self.env["mail.blacklist"]._add("jan@customer.test"),
            "came back: 2": lambda: self.lead.write({"message_bounce": 2}),
        }
        for words, happen in cases.items():
            with self.subTest(words=words):
                self.lead.write({"email_from": "jan@customer.test", "message_bounce": 0})
                self.env.invalidate_all()
                happen()
                self.assertIn(words, self.lead.with_user(self.anna).email_warning)

    def test_good_address_has_no_warning(self):
        self._template()
        self.assertFalse(self.lead.with_user(self.anna).email_warning)
        self.assertFalse(self._form(self._write()).lead_email_warning)

    def test_composer_points_it_out_and_still_sends(self):
        self._template()
        self.env["mail.blacklist"]._add("jan@customer.test")
        partner = self.lead._email_recipients()
        partner.message_bounce = 3
        form = self._form(self._write())
        self.assertIn("blacklisted", form.lead_email_warning)
        self.assertIn("came back: 3", form.lead_email_warning)
        self.assertEqual(self._send(self._write()).state, "done")

    def test_what_is_no_address_is_not_sent_to(self):
        self._template()
        action = self._write()
        wrong = self.env["res.partner"].create({"name": "Wrong", "email": "nobody at home"})
        form = self._form(action)
        form.partner_ids.add(wrong)
        self.assertIn("nobody at home", form.lead_email_warning)
        with self.assertRaisesRegex(UserError, "nobody at home"):
            form.save().action_send_mail()

    def test_warnings_ask_a_constant_number_of_queries(self):
        emails = [f"jan{number}@customer.test" for number in range(50)]
        Lead = self.env["crm.lead"]
        Lead._address_warnings(emails)
        with self.assertQueryCount(3):
            Lead._address_warnings(emails)
