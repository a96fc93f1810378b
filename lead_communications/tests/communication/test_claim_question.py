from datetime import timedelta
from unittest.mock import Mock, patch

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from ...models.communication import claim_question
from ...models.communication.claim_question import ClaimedError
from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestClaimQuestion(LeadCommunicationsCommon):
    """What a colleague is on is decided after a question, by whatever way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call, cls.other, cls.third = (
            cls._create_call(number=number, phone_sanitized=number, team_id=cls.team.id)
            for number in ("+48221234501", "+48221234502", "+48221234503")
        )
        cls.lead = cls._create_lead(user_id=False, phone="+48221234501")
        cls.call.with_user(cls.anna).action_claim()

    def setUp(self):
        super().setUp()
        self.rows = self.call | self.other | self.third
        self.seen = self.rows.with_user(self.clara)

    def _ask(self, action):
        """Return what is asked; nothing was decided."""
        self.assertEqual(action["tag"], "lead_communications.ask_first")
        self.assertEqual(set(self.rows.mapped("state")), {"ready"})
        self.assertEqual(self.call.claimed_by_id, self.anna)
        return action["params"]

    def _answer(self, params, choice=-1):
        """Press the button once more, as the screen does."""
        records = self.env[params["model"]].with_user(self.clara)
        records = records.browse(params["choices"][choice]["ids"])
        return getattr(records.with_context(**params["context"]), params["method"])()

    def test_each_button_asks_and_goes_on_when_told(self):
        buttons = {
            "action_create_lead": "Create Anyway",
            "action_attach": "Attach Anyway",
            "action_attach_found": "Attach Anyway",
            "action_attach_suggested": "Attach Anyway",
            "action_ignore": "Ignore Anyway",
            "action_ignore_always": "Ignore Anyway",
        }
        leads = {"found_lead_id": self.lead.id, "suggested_lead_id": self.lead.id}
        row = self.call.with_user(self.clara).with_context(**leads)
        for name, label in buttons.items():
            with self.subTest(button=name):
                params = self._ask(getattr(row.with_context(lead_stay=True), name)())
                self.assertRegex(params["message"], r"^Anna has been on it since .+\?$")
                self.assertEqual([one["label"] for one in params["choices"]], [label])
                self.assertEqual(params["choices"][0]["ids"], self.call.ids)
                self.assertTrue(params["context"]["lead_stay"])
                with self.env.cr.savepoint() as savepoint:
                    answer = self._answer(params)
                    self.assertNotEqual(answer.get("tag"), "lead_communications.ask_first")
                    savepoint.rollback()

    def test_one_s_own_claim_and_one_that_expired_ask_nothing(self):
        self.call.with_user(self.anna).action_ignore()
        self.assertEqual(self.call.state, "ignored")
        self.other.with_user(self.anna).action_claim()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=16)):
            self.other.invalidate_recordset()
            self.other.with_user(self.clara).action_ignore()
        self.assertEqual(self.other.state, "ignored")

    def test_of_a_selection_the_others_can_be_taken_alone(self):
        params = self._ask(self.seen.action_ignore())
        self.assertRegex(params["message"], "Anna has been on 1 of the 3 since")
        labels = [one["label"] for one in params["choices"]]
        self.assertEqual(labels, ["Only the Others (2)", "Ignore Anyway"])
        self._answer(params, 0)
        self.assertEqual(self.rows.mapped("state"), ["ready", "ignored", "ignored"])
        self.assertEqual(self.call.claimed_by_id, self.anna)

    def test_a_selection_is_taken_whole(self):
        self.other.with_user(self.marek).action_claim()
        params = self._ask(self.seen.action_ignore())
        self.assertRegex(params["message"], "Anna has been on 1 .* Marek has been on 1 ")
        self._answer(params)
        self.assertEqual(set(self.rows.mapped("state")), {"ignored"})

    def test_whoever_comes_while_one_is_asked_is_asked_about_too(self):
        params = self._ask(self.seen.action_ignore())
        self.other.with_user(self.marek).action_claim()
        again = self._ask(self._answer(params))
        self.assertRegex(again["message"], "^Marek has been on 1")
        self._answer(again)
        self.assertEqual(set(self.rows.mapped("state")), {"ignored"})

    def test_a_claim_that_came_while_the_dialog_was_open_is_asked_about(self):
        action = self.other.with_user(self.clara).action_attach()
        wizard = self.env[action["res_model"]].with_user(self.clara).browse(action["res_id"])
        wizard.lead_id = self.lead
        self.other.with_user(self.anna).action_claim()
        for name in ("action_attach", "action_create"):
            params = self._ask(getattr(wizard, name)())
            self.assertEqual(
                (params["model"], params["choices"][0]["ids"]), (wizard._name, wizard.ids)
            )
        self._answer(self._ask(wizard.action_attach()))
        self.assertEqual(self.other.lead_id, self.lead)

    def test_the_dialogs_know_what_was_told(self):
        for name in ("action_create_lead", "action_attach"):
            with self.subTest(button=name), self.env.cr.savepoint() as savepoint:
                params = self._ask(getattr(self.call.with_user(self.clara), name)())
                action = self._answer(params)
                wizard = self.env[action["res_model"]].with_user(self.clara)
                wizard = wizard.with_context(**action["context"]).browse(action["res_id"])
                wizard.lead_id = self.lead
                wizard.action_attach()
                self.assertEqual(self.call.lead_id, self.lead)
                savepoint.rollback()

    def test_an_exception_takes_nothing_from_a_colleague_and_is_not_made(self):
        number = "+48221234502"
        more = self._create_call(number=number, phone_sanitized=number, team_id=self.team.id)
        action = self.other.with_user(self.clara).action_ignore_always()
        more.with_user(self.anna).action_claim()
        wizard = self.env[action["res_model"]].with_user(self.clara).browse(action["res_id"])
        exceptions = self.env["lead.communication.exception"]
        before = exceptions.search_count([])
        params = self._ask(wizard.action_ignore_always())
        self.assertEqual((more.state, exceptions.search_count([])), ("ready", before))
        self._answer(params)
        self.assertEqual((more.state, self.other.state), ("ignored", "ignored"))

    def test_what_is_decided_along_is_asked_about(self):
        self.env["res.config.settings"].create({"lead_decide_counterpart": True}).execute()
        more = self._create_call(number="+48221234501", phone_sanitized="+48221234501")
        row = more.with_user(self.clara).with_context(found_lead_id=self.lead.id)
        params = self._ask(row.action_attach_found())
        self.assertRegex(params["message"], "Anna has been on 1 of the 2")
        self.assertEqual(len(params["choices"]), 1)

    def test_the_rest_of_a_party_is_asked_about(self):
        more = self._create_call(number="+48221234501", phone_sanitized="+48221234501")
        more.with_user(self.clara).action_ignore()
        self._ask(more.with_user(self.clara).action_decide_others())

    def test_without_a_screen_it_is_refused(self):
        request = Mock()
        request.dispatcher.routing_type = "json2"
        refused = self.assertRaisesRegex(ClaimedError, "Anna has been on it since")
        with patch.object(claim_question, "request", request), refused:
            self.call.with_user(self.clara).action_ignore()

    def test_nonsense_in_the_context_tells_of_nothing(self):
        for told in (True, 7, "all", [self.call.id], {"a": 1}, [[self.call.id]]):
            with self.subTest(told=told):
                row = self.call.with_user(self.clara).with_context(lead_claims_told=told)
                self._ask(row.action_ignore())

    def test_the_system_asks_nobody(self):
        self.call.sudo()._decide("ignore")
        self.assertEqual(self.call.state, "ignored")

    def test_a_selection_is_looked_at_by_no_query_of_its_own(self):
        calls = self.env["lead.communication"].concat(*(self._create_call() for _one in range(20)))
        calls = calls.with_user(self.clara)._lock()
        calls.mapped("claimed_by_id")
        with self.assertQueryCount(0):
            calls._check_claims("ignore")
