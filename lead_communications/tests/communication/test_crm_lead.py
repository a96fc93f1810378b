from odoo.exceptions import AccessError
from odoo.tests import tagged, users
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon


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

    # ---- COMPANIES ----

    def test_rows_go_along_when_their_lead_changes_its_company(self):
        lead = self._create_lead(company_id=self.company.id, user_id=False, team_id=False)
        call = self._create_call()
        call.with_user(self.anna)._decide("attach", lead)
        lead.company_id = self.other_company
        self.assertEqual(call.company_id, self.other_company)

    def test_rows_of_a_merged_lead_are_of_the_company_of_what_is_left(self):
        here = self._create_lead(company_id=self.company.id, user_id=False, team_id=False)
        there = self._create_lead(company_id=self.other_company.id, user_id=False, team_id=False)
        call = self._create_call()
        call._decide("attach", here)
        there._merge_dependences(here)
        self.assertEqual((call.lead_id, call.company_id), (there, self.other_company))

    def test_rows_stay_where_they_came_in_on_a_lead_of_all_companies(self):
        lead = self._create_lead(company_id=False, user_id=False, team_id=False)
        call = self._create_call()
        call._decide("attach", lead)
        lead.company_id = False
        self.assertEqual(call.company_id, self.company)
