from odoo.exceptions import AccessError, RedirectWarning
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon

NUMBER = "+48600100200"


@tagged("post_install", "-at_install", "lead_communications")
class TestSuggestion(LeadCommunicationsCommon):
    """What is offered first, and what one key attaches to: what was read, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call(number="600 100 200", phone_sanitized=NUMBER)

    def _found(self, **values):
        return self._create_lead(**({"phone": NUMBER} | values))

    def _press(self, lead_id, call=None):
        row = (call or self.call).with_env(self.env)
        return row.with_context(suggested_lead_id=lead_id, lead_stay=True).action_attach_suggested()

    def _assert_asks(self, action, call=None):
        """Assert that the dialog asks, and that nothing was decided; return the dialog."""
        self.assertEqual(action["res_model"], "lead.communication.attach")
        self.assertEqual((call or self.call).state, "ready")
        dialog = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("has changed meanwhile", dialog.notice)
        return dialog

    @users("anna_t")
    def test_only_what_is_sure_is_attached_by_one_key(self):
        self._create_call(user_id=self.anna.id)
        for suggested, leads in (
            ("create", ()),
            ("create", [{"phone": "+48700100200"}]),
            ("create", [{"user_id": self.ben.id}]),
            ("attach", [{}]),
            ("choose", [{}, {}]),
        ):
            with self.subTest(suggested=suggested, leads=leads), self.env.cr.savepoint() as point:
                found = self.env["crm.lead"].concat(*(self._found(**values) for values in leads))
                row = self.call.with_env(self.env)
                self.assertEqual(row.suggestion, suggested)
                if suggested == "attach":
                    self.assertEqual(row.found_lead_id, found)
                point.rollback()
                self.env.invalidate_all()

    @users("anna_t")
    def test_closed_leads_are_neither_suggested_nor_in_the_way(self):
        lost, won = self._found(), self._found()
        lost.action_set_lost()
        won.action_set_won()
        row = self.call.with_env(self.env)
        self.assertEqual(row.suggestion, "create")
        lead = self._found()
        row.invalidate_recordset()
        self.assertEqual((row.suggestion, row.found_lead_id), ("attach", lead))

    @users("anna_t")
    def test_what_is_decided_has_no_suggestion(self):
        lead, row = self._found(), self.call.with_env(self.env)
        self.assertEqual(row.suggestion, "attach")
        row._decide("ignore")
        self.assertFalse(row.suggestion)
        row._decide("reopen")
        row._decide("attach", lead)
        self.assertFalse(row.suggestion)

    @users("anna_t")
    def test_an_answer_to_a_closed_lead_asks(self):
        lead = self._create_lead(email_from="jan@customer.test")
        first = self._receive(message_id="<first@customer.test>")
        first.with_env(self.env)._decide("attach", lead)
        lead.action_set_lost()
        answer = self._receive(in_reply_to="<first@customer.test>", subject="Re: windows")
        answer.invalidate_recordset()
        self.assertEqual(answer.with_env(self.env).suggestion, "choose")
        self._create_lead(email_from="jan@customer.test")
        answer.invalidate_recordset()
        self.assertEqual(answer.with_env(self.env).suggestion, "choose")

    # ---- THE BUTTON ----

    @users("anna_t")
    def test_it_is_put_on_the_lead_that_the_button_named(self):
        lead = self._found()
        params = self._press(lead.id)["params"]
        self.assertEqual((self.call.state, self.call.lead_id), ("done", lead))
        self.assertEqual(params["open"]["res_id"], lead.id)
        self.assertTrue(params["stay"])

    @users("anna_t")
    def test_another_lead_since_asks(self):
        lead = self._found()
        self._found()
        dialog = self._assert_asks(self._press(lead.id))
        self.assertFalse(dialog.lead_id)
        self.assertEqual(len(dialog.candidate_ids), 2)

    @users("anna_t")
    def test_a_lead_that_was_closed_merged_or_given_away_since_asks(self):
        lead, other = self._found(), self._found(phone=False)
        lead.action_set_lost()
        self._assert_asks(self._press(lead.id))
        lead.action_unarchive()
        (lead | other).with_user(self.marek).merge_opportunity()
        (left,) = (lead | other).exists()
        gone = (lead | other) - left
        self.call.invalidate_recordset()
        dialog = self._assert_asks(self._press(gone.id))
        self.assertEqual(dialog.lead_id, left)
        left.sudo().user_id = self.ben
        self.env.flush_all()
        self.call.invalidate_recordset()
        self._assert_asks(self._press(left.id))

    @users("anna_t")
    def test_a_lead_that_nobody_suggested_asks(self):
        self._found()
        stranger = self._create_lead(name="Stranger")
        hidden = self._found(user_id=self.ben.id)
        for lead_id in (None, 0, True, "1", [1], 2**31 - 1, stranger.id, hidden.id):
            with self.subTest(lead_id=lead_id):
                self._assert_asks(self._press(lead_id))

    @users("anna_t")
    def test_the_second_is_told_who_was_first(self):
        lead = self._found()
        self.call.with_user(self.clara)._decide("attach", lead)
        self.call.invalidate_recordset()
        with self.assertRaisesRegex(RedirectWarning, "Clara was first"):
            self._press(lead.id)

    @users("ben_t")
    def test_a_call_of_others_is_attached_to_nothing(self):
        lead = self._found(user_id=self.ben.id)
        with self.assertRaises(AccessError):
            self._press(lead.id)
        self.assertEqual(self.call.state, "ready")
