from datetime import timedelta

from odoo import fields
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestNotice(LeadCommunicationsCommon):
    """What is said after a decision: what happened, to what, with the way back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call()
        cls.email = cls._receive()
        cls.lead = cls._create_lead(name="48 windows")

    def _params(self, action):
        self.assertEqual(action["tag"], "lead_communications.decided")
        return action["params"]

    def _said(self, action):
        return self._params(action)["message"]

    @users("anna_t")
    def test_each_decision_says_what_happened(self):
        call = self.call.with_env(self.env).with_context(found_lead_id=self.lead.id)
        said = self._said(call.action_attach_found())
        self.assertEqual(said, "Attached to “48 windows”: 1 call.")
        self.assertEqual(self._said(call.action_reopen()), "Back in Ready: 1 call.")
        self.assertEqual(self._said(call.action_ignore()), "Ignored: 1 call.")
        call.action_undo()
        name = call._default_lead_name()
        self.assertEqual(self._said(call.action_create_lead()), f"Created “{name}” from 1 call.")

    @users("anna_t")
    def test_what_is_put_off_is_counted_with_what_goes_along(self):
        call = self.call.with_env(self.env)
        others = self._create_call() | self._create_call()
        until = fields.Datetime.now() + timedelta(days=40)
        said = self._said(call._snooze(until)._decided_notice(call))
        self.assertRegex(said, r"^Snoozed until .+: 1 call\.$")
        said = self._said(call.action_decide_others())
        self.assertEqual(said, "Snoozed too (same number): 2 calls.")
        self.assertTrue(all(others.mapped("is_snoozed")))
        self.assertEqual(self._said(call.action_reopen()), "Back in Ready: 1 call.")

    @users("anna_t")
    def test_a_selection_is_counted_by_kind(self):
        rows = (self.call | self.email | self._create_call()).with_env(self.env)
        self.assertEqual(self._said(rows.action_ignore()), "Ignored: 2 calls and 1 email.")

    @users("anna_t")
    def test_the_rest_of_a_number_is_told_with_the_number(self):
        more = self._create_call() | self._create_call()
        call = self.call.with_env(self.env)
        call.action_ignore()
        params = self._params(call.action_decide_others())
        self.assertEqual(params["message"], "Ignored too (same number): 2 calls.")
        more[0].with_env(self.env).with_context(
            undo_decision_id=params["decision_id"]
        ).action_undo()
        self.assertEqual((self.call.state, *more.mapped("state")), ("ignored", "ready", "ready"))

    @users("anna_t")
    def test_what_is_decided_along_is_told(self):
        self.env["res.config.settings"].sudo().create({"lead_decide_counterpart": True}).execute()
        self._create_call()
        call = self.call.with_env(self.env).with_context(found_lead_id=self.lead.id)
        self.assertEqual(
            self._said(call.action_attach_found()),
            "Attached to “48 windows”: 1 call. Attached too (same number): 1 call.",
        )

    @users("anna_t")
    def test_the_lead_is_offered_where_the_screen_stays(self):
        call = self.call.with_env(self.env).with_context(found_lead_id=self.lead.id)
        params = self._params(call.with_context(lead_stay=True).action_attach_found())
        self.assertEqual(params["open"]["res_id"], self.lead.id)
        self.assertFalse(params["next"])
        call.action_undo()
        params = self._params(call.action_attach_found())
        self.assertEqual(params["next"]["res_id"], self.lead.id)

    @users("anna_t")
    def test_what_is_back_in_ready_offers_no_rest(self):
        self._create_call()
        call = self.call.with_env(self.env)
        call.action_ignore()
        self.assertFalse(self._params(call.action_reopen())["others"])

    @users("anna_t")
    def test_an_event_has_its_notice_and_the_way_back(self):
        for button, state, words in (
            ("action_complete", "done", "Completed: “Agree on the date”."),
            ("action_cancel", "canceled", "Canceled: “Agree on the date”."),
        ):
            with self.subTest(button=button):
                event = self.env["lead.communication"].create(
                    {"type": "call", "lead_id": self.lead.id, "subject": "Agree on the date"}
                )
                params = self._params(getattr(event, button)())
                self.assertEqual((event.state, params["message"]), (state, words))
                self.assertFalse(params["others"])
                event.with_context(undo_decision_id=params["decision_id"]).action_undo()
                self.assertEqual(event.state, "planned")
