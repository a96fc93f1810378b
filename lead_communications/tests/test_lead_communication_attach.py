from odoo.exceptions import UserError
from odoo.tests import tagged, users

from .common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationAttach(LeadCommunicationsCommon):
    """Which leads are proposed, and the dialog in which one is chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call(number="+48 600 100 200", phone_sanitized="+48600100200")

    def _open(self, communications=None):
        action = (communications or self.call).with_env(self.env).action_attach()
        return self.env[action["res_model"]].browse(action["res_id"])

    @users("anna_t")
    def test_one_open_lead_is_preselected(self):
        lead = self._create_lead(phone="600 100 200")
        wizard = self._open()
        self.assertEqual(wizard.lead_id, lead)
        self.assertEqual(wizard.candidate_ids.reason, "same number")

    @users("anna_t")
    def test_several_open_leads_always_ask(self):
        leads = self._create_lead(phone="600 100 200") | self._create_lead(phone="600 100 200")
        wizard = self._open()
        self.assertFalse(wizard.lead_id)
        self.assertEqual(wizard.candidate_ids.lead_id, leads)
        with self.assertRaisesRegex(UserError, "Choose"):
            wizard.action_attach()

    @users("anna_t")
    def test_open_before_won_before_lost(self):
        lost = self._create_lead(phone="600 100 200", name="Lost")
        lost.action_set_lost()
        won = self._create_lead(phone="600 100 200", name="Won")
        won.action_set_won()
        opened = self._create_lead(phone="600 100 200", name="Open")
        wizard = self._open()
        self.assertEqual(wizard.candidate_ids.lead_id.mapped("name"), ["Open", "Won", "Lost"])
        self.assertEqual(wizard.lead_id, opened)

    @users("anna_t")
    def test_lead_of_a_contact_with_the_number_is_found(self):
        partner = self.env["res.partner"].sudo().create({"name": "Jan", "phone": "600 100 200"})
        lead = self._create_lead(partner_id=partner.id)
        lead.sudo().write({"phone": "+48 22 999 00 00"})
        partner.sudo().phone = "600 100 200"
        wizard = self._open()
        self.assertEqual(wizard.candidate_ids.lead_id, lead)
        self.assertIn("same contact", wizard.candidate_ids.reason)

    @users("anna_t")
    def test_email_is_found_by_its_sender(self):
        lead = self._create_lead(email_from="Jan <JAN@customer.test>")
        wizard = self._open(self._receive())
        self.assertEqual((wizard.lead_id, wizard.candidate_ids.reason), (lead, "same address"))

    @users("clara_t")
    def test_lead_of_another_company_is_not_proposed(self):
        self.clara.company_ids |= self.other_company
        self._create_lead(
            phone="600 100 200",
            user_id=self.otto.id,
            company_id=self.other_company.id,
            team_id=False,
        )
        call = self.call.with_user(self.clara).with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        self.assertFalse(call.found_lead_id)

    @users("anna_t")
    def test_attach_of_a_selection_skips_what_is_decided(self):
        calls = self.call | self._create_call() | self._create_call()
        calls[1]._decide("ignore")
        lead = self._create_lead()
        wizard = self._open(calls)
        wizard.lead_id = lead
        params = wizard.action_attach()["params"]
        self.assertEqual(params["next"]["res_id"], lead.id)
        self.assertTrue(params["is_partial"])
        self.assertIn("meanwhile: 1", params["message"])
        self.assertEqual(calls.mapped("state"), ["done", "ignored", "done"])

    @users("anna_t")
    def test_button_of_a_row_attaches_to_that_lead(self):
        self._create_lead(phone="600 100 200")
        lead = self._create_lead(phone="600 100 200")
        wizard = self._open()
        wizard.candidate_ids.filtered(lambda row: row.lead_id == lead).action_attach()
        self.assertEqual(self.call.lead_id, lead)

    @users("anna_t")
    def test_page_of_eighty_costs_the_queries_of_one(self):
        def count(number):
            calls = self.env["lead.communication"]
            for index in range(number):
                phone = f"+4822700{index:04d}"
                calls |= self._create_call(number=phone, phone_sanitized=phone)
                self._create_lead(phone=phone)
            self.env.flush_all()
            self.env.invalidate_all()
            calls = calls.with_env(self.env)
            start = self.cr.sql_log_count
            found = calls.mapped("found_lead_id")
            self.assertEqual(len(found), number)
            return self.cr.sql_log_count - start

        count(1)  # rights and other caches
        self.assertEqual(count(80), count(2))
