from odoo.exceptions import UserError
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationCounterpart(LeadCommunicationsCommon):
    """A decision is offered for the rest of the same party, or made for it by setting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call()
        cls.more = cls._create_call() | cls._create_call()
        cls.stranger = cls._create_call(phone_sanitized="+48600999888", number="600 999 888")
        cls.of_ben = cls._create_call(user_id=cls.ben.id)
        cls.lead = cls._create_lead(phone="22 123 45 67", email_from="jan@customer.test")
        cls.email = cls._receive()

    def _create_anyway(self, call):
        """Press Create, and again in the dialog that names the open lead of the same number."""
        action = call.action_create_lead()
        return self.env[action["res_model"]].browse(action["res_id"]).action_create()

    @users("anna_t")
    def test_rest_of_the_party_is_offered_and_decided_alike(self):
        call = self.call.with_env(self.env)
        params = call._decide("attach", self.lead.with_env(self.env))._decided_notice()["params"]
        self.assertIn("calls: 2, emails: 1", params["others"])
        self.assertEqual(set((self.more | self.email).mapped("state")), {"ready"})
        notice = call.action_decide_others()["params"]
        self.assertEqual((self.more | self.email).lead_id, self.lead)
        self.assertEqual((self.stranger | self.of_ben).mapped("state"), ["ready", "ready"])
        self.assertFalse(notice["others"])
        self.assertEqual(notice["message"], "Attached too (same party): 2 calls and 1 email.")
        with self.assertRaisesRegex(UserError, "Nothing else"):
            call.action_decide_others()

    @users("anna_t")
    def test_ignore_offers_the_rest_too(self):
        call = self.call.with_env(self.env)
        params = call.action_ignore()["params"]
        self.assertIn("calls: 2, emails: 0", params["others"])
        call.action_decide_others()
        self.assertEqual(self.more.mapped("state"), ["ignored", "ignored"])
        self.assertEqual(self.email.state, "ready")

    @users("anna_t")
    def test_by_setting_one_decision_counts_for_all(self):
        self.env["res.config.settings"].sudo().create({"lead_decide_counterpart": True}).execute()
        call = self.call.with_env(self.env)
        params = self._create_anyway(call)["params"]
        self.assertEqual(self.more.lead_id, call.lead_id)
        self.assertEqual(self.more.decision_id, self.call.decision_id)
        self.assertEqual(self.of_ben.state, "ready")
        self.assertFalse(params["others"])
        call.action_undo()
        self.assertEqual(self.more.mapped("state"), ["ready", "ready"])

    @users("anna_t")
    def test_selection_says_how_many_others_decided(self):
        self.more[0].with_user(self.marek)._decide("ignore")
        params = (self.call | self.more).with_env(self.env).action_ignore()["params"]
        self.assertTrue(params["is_partial"])
        self.assertIn("meanwhile: 1", params["message"])

    def test_another_company_is_another_party(self):
        other = self._create_call(company_id=self.other_company.id)
        self.call._decide("attach", self.lead)
        self.assertNotIn(other, self.call._same_counterpart())

    @users("anna_t")
    def test_undo_of_create_leads_back_to_the_list(self):
        call = self.call.with_env(self.env)
        self._create_anyway(call)
        self.assertEqual(
            call.action_undo()["params"]["fallback"]["res_model"], "lead.communication"
        )
