from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationClaim(LeadCommunicationsCommon):
    """“I am on it”: who sees it, for how long, and what ends it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call(user_id=False, team_id=cls.team.id)

    def _search(self, *domain):
        return self.env["lead.communication"].search([("id", "=", self.call.id), *domain])

    @users("anna_t")
    def test_a_claim_is_seen_by_others_and_searched(self):
        self.call.with_env(self.env).action_claim()
        self.assertEqual(self.call.with_user(self.clara).claimed_by_id, self.anna)
        self.assertTrue(self._search(("claimed_by_id", "=", self.anna.id)))
        self.assertFalse(self._search(("claimed_by_id", "!=", self.anna.id)))
        self.assertFalse(self._search(("claimed_by_id", "=", False)))

    def test_a_second_person_is_told_and_changes_nothing(self):
        self.call.with_user(self.anna).action_claim()
        with self.assertRaisesRegex(UserError, "Anna has been on it since"):
            self.call.with_user(self.clara).action_claim()
        self.assertEqual(self.call.claim_user_id, self.anna)

    def test_of_several_only_those_are_claimed_that_are_free(self):
        other = self._create_call()
        self.call.with_user(self.anna).action_claim()
        (self.call | other).with_user(self.clara).action_claim()
        self.assertEqual((self.call | other).mapped("claim_user_id"), self.anna | self.clara)

    def test_a_claim_expires_by_itself(self):
        self.env["ir.config_parameter"].set_param("lead_communications.claim_minutes", 5)
        self.call.with_user(self.anna).action_claim()
        for minutes, claimant in ((4, self.anna), (6, self.env["res.users"])):
            with freeze_time(fields.Datetime.now() + timedelta(minutes=minutes)):
                self.call.invalidate_recordset()
                self.assertEqual(self.call.claimed_by_id, claimant)
                self.assertEqual(bool(self._search(("claimed_by_id", "=", False))), not claimant)
        with freeze_time(fields.Datetime.now() + timedelta(minutes=6)):
            self.call.with_user(self.clara).action_claim()
        self.assertEqual(self.call.claim_user_id, self.clara)

    def test_nonsense_in_a_setting_is_refused_where_it_is_typed(self):
        parameters = self.env["ir.config_parameter"]
        for value in ("15 min", "-1", "1e3", "٣", "9" * 12):
            with self.subTest(value=value), self.assertRaisesRegex(ValidationError, "whole number"):
                parameters.set_param("lead_communications.claim_minutes", value)
        parameters.set_param("lead_communications.claim_minutes", " 30 ")
        self.assertEqual(self.call._claim_time(), timedelta(minutes=30))
        self.team.decide_hours = 24
        with self.assertRaisesRegex(ValidationError, "within 0 to 8784"):
            self.team.decide_hours = 10**9

    def test_nonsense_in_a_setting_breaks_no_list(self):
        numbers = {"claim_minutes": 7, "decide_hours": 7, "hint_digits": 7, "switchboard_digits": 2}
        for name, number in numbers.items():
            self.env["ir.config_parameter"].set_param(f"lead_communications.{name}", number)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE ir_config_parameter SET value = 'soon' WHERE key LIKE 'lead_communications.%'"
        )
        self.env.registry.clear_cache()
        self.assertEqual(self.call._claim_time(), timedelta(minutes=15))
        self.assertTrue(self._search(("claimed_by_id", "=", False)))
        self.assertEqual((self.call._hint_digits(), self.call._switchboard_digits()), (8, 3))
        self.call.with_user(self.anna).action_claim()
        self.env["lead.communication"]._cron_remind_overdue()
        lead = self._create_lead()
        self.assertFalse(lead.is_data_required)
        self.assertFalse(self.call._counterpart_along())

    def test_claiming_again_goes_on(self):
        self.call.with_user(self.anna).action_claim()
        with freeze_time(fields.Datetime.now() + timedelta(minutes=10)):
            self.call.with_user(self.anna).action_claim()
            self.assertEqual(self.call.claim_date, fields.Datetime.now())

    def test_a_claim_is_released_by_its_owner_and_by_managers(self):
        for user, is_released in ((self.clara, False), (self.anna, True), (self.marek, True)):
            with self.subTest(user=user.name):
                self.call.with_user(self.anna).action_claim()
                call = self.call.with_user(user)
                self.assertEqual(call.is_releasable, is_released)
                call.action_release()
                self.assertEqual(not self.call.claimed_by_id, is_released)
                self.assertFalse(call.is_releasable)

    def test_a_mixed_selection_is_released_as_far_as_one_may(self):
        other = self._create_call(user_id=False, team_id=self.team.id)
        self.call.with_user(self.anna).action_claim()
        other.with_user(self.clara).action_claim()
        (self.call | other).with_user(self.clara).action_release()
        self.assertEqual((self.call | other).mapped("claimed_by_id"), self.anna)

    def test_a_colleague_may_decide_and_that_ends_the_claim(self):
        self.call.with_user(self.anna).action_claim()
        told = {"lead_claims_told": [[self.call.id, self.anna.id]]}
        self.call.with_user(self.clara).with_context(**told).action_ignore()
        self.assertRecordValues(
            self.call, [{"state": "ignored", "claim_user_id": False, "claim_date": False}]
        )
        self.call.with_user(self.clara).action_undo()
        self.assertFalse(self.call.claimed_by_id)

    def test_what_is_decided_cannot_be_claimed(self):
        self.call.with_user(self.clara).action_ignore()
        with self.assertRaisesRegex(UserError, "Clara was first"):
            self.call.with_user(self.anna).action_claim()

    def test_whoever_may_not_see_it_may_not_claim_it(self):
        email = self._receive()
        refused = [(self.call, self.ben), (self.call, self.otto), (email, self.ben)]
        refused += [(email, self.marek), (email, self.admin)]
        for row, user in refused:
            with self.subTest(type=row.type, user=user.name):
                for button in ("action_claim", "action_release"):
                    with self.assertRaises(AccessError):
                        getattr(row.with_user(user), button)()
                self.assertFalse(row.claim_user_id)

    def test_a_selection_is_claimed_by_the_action_menu(self):
        action = self.env.ref("lead_communications.lead_communication_claim_action")
        action.with_user(self.anna).with_context(
            active_model="lead.communication", active_ids=self.call.ids
        ).run()
        self.assertEqual(self.call.claimed_by_id, self.anna)

    def test_open_lists_are_told(self):
        self.env.cr.precommit.data.clear()
        self.call.with_user(self.anna).action_claim()
        self.assertIn("call", self.env.cr.precommit.data["lead_communications.changed"])

    def test_a_page_of_rows_asks_nothing_more(self):
        calls = self.call
        for _number in range(20):
            calls |= self._create_call()
        calls.with_user(self.clara).action_claim()
        self.env.flush_all()
        self.env.invalidate_all()
        rows = calls.with_user(self.clara)
        rows.mapped("claim_date")
        with self.assertQueryCount(0):
            self.assertEqual(rows.mapped("claimed_by_id").ids, self.clara.ids)
