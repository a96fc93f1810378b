from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon


class DecisionsCommon(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["lead.communication.decision"]

    def _last(self, user=None):
        return self.log.with_user(user or self.anna).search([], limit=1)

    def _calls(self, *names):
        return self.env["lead.communication"].concat(
            *(self._create_call(contact_name=name) for name in names)
        )

    def _undo_last(self, user=None):
        return self.env["lead.communication"].with_user(user or self.anna).action_undo_last()


@tagged("post_install", "-at_install", "lead_communications")
class TestUndoOfMany(DecisionsCommon):
    """Of a decision about several rows, what still stands is undone; the rest is named."""

    def test_what_a_colleague_has_decided_since_stays_and_is_named(self):
        calls = self._calls("Jan", "Eva", "Ola")
        calls.with_user(self.anna).action_ignore()
        calls[1].with_user(self.clara).action_reopen()
        calls[1].with_user(self.clara)._decide("attach", self._create_lead(user_id=False))
        notice = calls[0].with_user(self.anna).action_undo()
        self.assertEqual(calls.mapped("state"), ["ready", "done", "ready"])
        self.assertEqual(notice["params"]["type"], "warning")
        self.assertIn("Left as it is: Eva (Clara: Attach).", notice["params"]["message"])

    def test_what_is_hidden_by_now_stays_and_is_counted(self):
        calls = self._calls("Jan", "Eva")
        calls.with_user(self.anna).action_ignore()
        calls[1].user_id = self.ben
        notice = calls[0].with_user(self.anna).action_undo()
        self.assertEqual(calls.mapped("state"), ["ready", "ignored"])
        self.assertNotIn("Eva", notice["params"]["message"])
        self.assertIn("others: 1", notice["params"]["message"])

    def test_what_is_on_leads_of_others_by_now_stays(self):
        calls = self._calls("Jan", "Eva")
        leads = self._create_lead() | self._create_lead()
        for call, lead in zip(calls, leads, strict=True):
            call.with_user(self.anna)._decide("attach", lead.with_user(self.anna))
        target = self._create_lead()
        calls.with_user(self.anna)._decide("move", target.with_user(self.anna))
        leads[1].user_id = self.ben
        notice = calls[0].with_user(self.anna).action_undo()
        self.assertEqual(calls.lead_id, leads[0] | target)
        self.assertIn("Eva (not yours to change)", notice["params"]["message"])
        with self.assertRaises(AccessError):
            calls[1].with_user(self.anna).action_undo()

    def test_the_row_that_is_asked_for_is_never_left_in_silence(self):
        calls = self._calls("Jan", "Eva")
        calls.with_user(self.anna).action_ignore()
        calls[1].user_id = self.ben
        with self.assertRaises(AccessError):
            calls[1].with_user(self.anna).action_undo()
        self.assertEqual(set(calls.mapped("state")), {"ignored"})

    def test_what_was_deleted_is_not_told_of(self):
        calls = self._calls("Jan", "Eva")
        calls.with_user(self.anna).action_ignore()
        calls[1].unlink()
        notice = calls[0].with_user(self.anna).action_undo()
        self.assertEqual(notice["params"]["type"], "success")

    @users("anna_t")
    def test_undo_twice_fast_takes_back_one(self):
        call = self._calls("Jan").with_env(self.env)
        call._decide("attach", self._create_lead().with_env(self.env))
        call._decide("move", self._create_lead().with_env(self.env))
        seen = call.sudo().decision_id.id
        first = call.lead_id
        call.with_context(undo_decision_id=seen).action_undo()
        with self.assertRaisesRegex(UserError, "taken back already"):
            call.with_context(undo_decision_id=seen).action_undo()
        self.assertEqual(call.state, "done")
        self.assertNotEqual(call.lead_id, first)

    def test_a_created_lead_stays_once_it_is_more_than_that(self):
        cases = {
            "edited": lambda lead: lead.write({"name": "Edited"}),
            "won": lambda lead: lead.action_set_won(),
            "merged": lambda lead: (lead | self._create_lead()).merge_opportunity(),
            "with another call": lambda lead: self._calls("Eva")._decide("attach", lead),
        }
        for name, touch in cases.items():
            with self.subTest(name):
                call = self._calls("Jan")
                call.with_user(self.anna)._decide("create")
                lead = call.lead_id
                self.env.flush_all()
                touch(lead)
                self._make_later(call.lead_id)
                notice = call.with_user(self.anna).action_undo()
                self.assertEqual(call.state, "ready")
                self.assertFalse(notice["params"]["gone_lead_ids"])
                self.assertIn("so it stays", notice["params"]["message"])

    def _make_later(self, lead):
        """Let the last change have been later: all that a test does is done at one time."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = write_date + interval '1 minute' WHERE id = %s",
            [lead.id],
        )
        self.env.invalidate_all()

    def test_the_lead_was_deleted_meanwhile(self):
        call = self._calls("Jan")
        call.with_user(self.anna)._decide("create")
        decision = self._last()
        call.lead_id.with_user(self.marek).unlink()
        self.assertEqual((call.state, decision.undo_state), ("ready", "changed"))
        self.assertIn("Marek: Lead deleted", decision.undo_note)
        with self.assertRaisesRegex((UserError, RedirectWarning), "Marek was first"):
            decision.action_undo()


@tagged("post_install", "-at_install", "lead_communications")
class TestUndoLast(DecisionsCommon):
    """The key takes back one decision after the other, across reloads."""

    def test_one_after_the_other(self):
        calls = self._calls("Jan", "Eva", "Ola")
        for call in calls:
            call.with_user(self.anna).action_ignore()
        for left in (2, 1, 0):
            self._undo_last()
            self.assertEqual(len(calls.filtered(lambda row: row.state == "ignored")), left)
        with self.assertRaisesRegex(UserError, "can be taken back any more"):
            self._undo_last()

    def test_of_one_row_from_the_last_to_the_first(self):
        call = self._calls("Jan")
        call.with_user(self.anna).action_ignore()
        call.with_user(self.anna).action_reopen()
        call.with_user(self.anna)._snooze(fields.Datetime.now() + timedelta(hours=2))
        states = []
        for _level in range(3):
            self._undo_last()
            states.append((call.state, call.is_snoozed))
        self.assertEqual(states, [("ready", False), ("ignored", False), ("ready", False)])

    def test_only_ones_own(self):
        call = self._calls("Jan")
        call.with_user(self.clara).action_ignore()
        with self.assertRaises(UserError):
            self._undo_last()
        self.assertEqual(call.state, "ignored")

    def test_what_a_colleague_has_decided_since_is_said_and_no_other_is_undone(self):
        calls = self._calls("Jan", "Eva")
        for call in calls:
            call.with_user(self.anna).action_ignore()
        calls[1].with_user(self.clara).action_reopen()
        with self.assertRaisesRegex((UserError, RedirectWarning), "Clara was first"):
            self._undo_last()
        self.assertEqual(calls.mapped("state"), ["ignored", "ready"])

    def test_an_old_one_is_chosen_in_the_list(self):
        call = self._calls("Jan")
        call.with_user(self.anna).action_ignore()
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            action = self._undo_last()
        self.assertEqual(action["res_model"], "lead.communication.decision")
        self.assertEqual(call.state, "ignored")

    def test_it_is_for_salespeople(self):
        clerk = self._create_user("clerk_t", "base.group_user")
        with self.assertRaises(AccessError):
            self._undo_last(clerk)


@tagged("post_install", "-at_install", "lead_communications")
class TestMyDecisions(DecisionsCommon):
    """Each person sees their own decisions, what can be undone of them, and why the rest cannot."""

    def test_everybody_sees_their_own(self):
        self._calls("Jan").with_user(self.anna).action_ignore()
        self._calls("Eva").with_user(self.clara).action_ignore()
        own = self.log.with_user(self.anna).search([])
        self.assertEqual(own.user_id, self.anna)
        self.assertNotIn("before", own.fields_get())
        with self.assertRaises(AccessError):
            own.read(["before"])
        of_clara = self._last(self.clara).with_user(self.anna)
        for method in ("action_undo", "action_open"):
            with self.assertRaises(AccessError):
                getattr(of_clara, method)()
        with self.assertRaises(AccessError):
            own.write({"action": "create"})
        self.assertTrue(
            self.log.with_user(self.admin).search_count([("user_id", "=", self.anna.id)])
        )

    def test_what_it_says(self):
        calls = self._calls("Jan", "Eva", "Ola", "Adam")
        calls.with_user(self.anna).action_ignore()
        decision = self._last()
        self.assertRecordValues(
            decision,
            [
                {
                    "summary": "Jan, Eva, Ola, others: 1",
                    "row_count": 4,
                    "undo_state": "possible",
                    "undo_note": False,
                }
            ],
        )
        calls[0].with_user(self.clara).action_reopen()
        self._again(decision, "partly", "Clara: Reopen")
        decision.action_undo()
        self._again(decision, "changed", "Clara: Reopen")
        calls[1:].unlink()
        calls[0].decision_id = False
        self._again(decision, "undone", "")
        calls[0].unlink()
        self._again(decision, "final", "Deleted meanwhile")

    def _again(self, decision, state, note):
        self.env.invalidate_all()
        self.assertEqual(decision.undo_state, state)
        self.assertIn(note, decision.undo_note or "")

    def test_names_are_for_who_may_see_them(self):
        calls = self._calls("Jan", "Eva")
        calls.with_user(self.anna).action_ignore()
        calls[1].user_id = self.ben
        self.assertEqual(self._last().summary, "Jan, others: 1")

    def test_who_has_decided_since_is_told_of_what_one_may_see(self):
        calls = self._calls("Jan", "Eva")
        calls.with_user(self.anna).action_ignore()
        for call in calls:
            call.with_user(self.clara).action_reopen()
        self.assertIn("Clara", self._last().undo_note)
        calls.user_id = self.ben
        self.env.invalidate_all()
        self.assertEqual((self._last().undo_state, self._last().undo_note), ("changed", False))

    def test_undo_and_open_from_the_list(self):
        calls = self._calls("Jan", "Eva")
        calls.with_user(self.anna).action_ignore()
        decision = self._last()
        self.assertIn(decision.action_open()["res_id"], calls.ids)
        decision.action_undo()
        self.assertEqual(set(calls.mapped("state")), {"ready"})
        with self.assertRaisesRegex(UserError, "taken back already"):
            decision.action_undo()

    def test_what_is_given_back_by_a_deletion_is_final(self):
        call = self._calls("Jan")
        call.with_user(self.marek)._decide("create")
        call.lead_id.with_user(self.marek).unlink()
        decision = self._last(self.marek)
        self.assertEqual((decision.action, decision.undo_state), ("release", "final"))
        with self.assertRaisesRegex(UserError, "cannot be undone"):
            decision.action_undo()

    def test_a_page_costs_the_same_whatever_is_on_it(self):
        counts = []
        for number in (2, 10):
            for _one in range(number):
                self._calls(*("Jan" for _row in range(number))).with_user(self.anna).action_ignore()
            self.env.flush_all()
            self.env.invalidate_all()
            page = self.log.with_user(self.anna).search([], limit=number)
            before = self.cr.sql_log_count
            page.read(["summary", "row_count", "undo_state", "undo_note"])
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    # ---- BACK TO READY ----

    def test_back_to_ready_of_a_selection(self):
        ignored, done, snoozed, waiting = self._calls("Jan", "Eva", "Ola", "Adam")
        ignored.with_user(self.anna).action_ignore()
        done.with_user(self.anna)._decide("attach", self._create_lead())
        snoozed.with_user(self.anna)._snooze(fields.Datetime.now() + timedelta(hours=2))
        rows = ignored | done | snoozed | waiting
        action = self.env.ref("lead_communications.lead_communication_reopen_selection_action")
        notice = (
            action.with_user(self.anna)
            .with_context(active_model=rows._name, active_ids=rows.ids)
            .run()
        )
        self.assertEqual(set(rows.mapped("state")), {"ready"})
        self.assertFalse(rows.filtered("is_snoozed"))
        self.assertIn("Back in Ready: 3", notice["params"]["message"])
        self._undo_last()  # they were two decisions
        self._undo_last()
        self.assertEqual(
            [(row.state, row.is_snoozed) for row in rows],
            [("ignored", False), ("done", False), ("ready", True), ("ready", False)],
        )

    def test_what_was_not_received_is_left(self):
        call = self._calls("Jan")
        call.with_user(self.anna).action_ignore()
        event = self.env["lead.communication"].create(
            {"type": "note", "state": "done", "lead_id": self._create_lead().id}
        )
        (call | event).with_user(self.anna).action_reopen()
        self.assertEqual((call.state, event.state), ("ready", "done"))
        with self.assertRaisesRegex(UserError, "Only what was received"):
            event.with_user(self.anna).action_reopen()
