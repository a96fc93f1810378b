from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestCreateAnother(LeadCommunicationsCommon):
    """Create on the card of what is on a lead already."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(name="48 windows")
        cls.call = cls._create_call(result="answered", duration=60)
        cls.call.with_user(cls.anna)._decide("attach", cls.lead.with_user(cls.anna))

    def _answer(self, row, scope):
        """Press Create, and the button in the question."""
        params = row.action_create_another()["params"]
        choices = {one["context"]["lead_create_scope"]: one for one in params["choices"]}
        context = params["context"] | choices[scope]["context"]
        return getattr(row.with_context(**context), params["method"])()

    @users("anna_t")
    def test_it_asks_first_and_the_call_goes_to_the_new_lead(self):
        call = self.call.with_env(self.env)
        question = call.action_create_another()
        self.assertEqual(question["tag"], "lead_communications.ask_first")
        self.assertIn("48 windows", question["params"]["message"])
        self.assertEqual(call.lead_id, self.lead)
        notice = self._answer(call, "one")["params"]
        lead = call.lead_id
        self.assertNotEqual(lead, self.lead)
        self.assertEqual((lead.phone, lead.user_id), ("+48 22 123 45 67", self.anna))
        self.assertEqual(notice["next"]["res_id"], lead.id)
        self.assertIn("Created “", notice["message"])
        self.assertEqual((self.lead.call_count, lead.call_count), (0, 1))

    @users("anna_t")
    def test_undo_takes_the_lead_away_and_gives_the_call_back(self):
        call = self.call.with_env(self.env)
        self._answer(call, "one")
        lead = call.lead_id
        call.action_undo()
        self.assertFalse(lead.exists())
        self.assertEqual((call.lead_id, call.state), (self.lead, "done"))

    @users("anna_t")
    def test_a_lead_that_was_worked_on_stays(self):
        call = self.call.with_env(self.env)
        self._answer(call, "one")
        lead = call.lead_id
        lead.message_post(body="Called back", message_type="comment")
        call.action_undo()
        self.assertTrue(lead.exists())
        self.assertEqual(call.lead_id, self.lead)

    @users("anna_t")
    def test_an_email_alone_or_with_its_conversation(self):
        first = self._receive(message_id="<one@customer.test>")
        second = self._receive(in_reply_to="<one@customer.test>", references="<one@customer.test>")
        rows = (first | second).with_env(self.env)
        rows[0]._decide("attach", self.lead.with_env(self.env), others=rows[1])
        question = rows[0].action_create_another()["params"]
        labels = [one["label"] for one in question["choices"]]
        self.assertEqual(labels, ["Only This Email", "Whole Conversation (2)"])
        self._answer(rows[0], "all")
        self.assertEqual(rows[0].lead_id, rows[1].lead_id)
        self.assertNotEqual(rows.lead_id, self.lead)
        self.assertEqual(first.mail_message_id.res_id, first.lead_id.id)
        rows[0].action_undo()
        self.assertEqual(rows.lead_id, self.lead)
        self._answer(rows[1], "one")
        self.assertEqual(rows[0].lead_id, self.lead)
        self.assertNotEqual(rows[1].lead_id, self.lead)
        self.assertEqual(second.mail_message_id.res_id, second.lead_id.id)

    @users("anna_t")
    def test_what_waits_or_did_not_come_in_has_none(self):
        waiting = self._create_call().with_env(self.env)
        event = self.env["lead.communication"].create({"type": "note", "lead_id": self.lead.id})
        event.action_complete()
        for row in (waiting, event):
            with self.subTest(state=row.state), self.assertRaisesRegex(UserError, "came in"):
                row.with_context(lead_create_scope="one").action_create_another()

    def test_whoever_may_not_change_the_lead_creates_nothing(self):
        before = self.env["crm.lead"].search_count([])
        for user in (self.ben, self.otto):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                call = self.call.with_user(user).with_context(lead_create_scope="one")
                call.action_create_another()
        self.assertEqual(self.env["crm.lead"].search_count([]), before)
