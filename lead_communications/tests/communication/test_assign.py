from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged, users

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationAssign(LeadCommunicationsCommon):
    """What waits is given to a colleague or a team, who must be able to see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call(team_id=cls.team.id)
        cls.email = cls._receive()
        cls.ben_team = cls.env["crm.team"].create(
            {"name": "Team Ben", "company_id": False, "member_ids": [Command.set(cls.ben.ids)]}
        )

    def _give(self, row, user=None, team=None, note="", by=None):
        rows = row.with_user(by or self.anna)
        wizard = self.env["lead.communication.assign"].browse(rows.action_assign()["res_id"])
        wizard = wizard.with_user(rows.env.user)
        wizard.write({"user_id": user and user.id, "team_id": team and team.id, "note": note})
        return wizard.action_assign()

    def _asked(self, user):
        return self.env["mail.activity"].search(
            [("user_id", "=", user.id), ("summary", "=like", "Decide:%")]
        )

    # ---- CALLS ----

    def test_a_call_is_in_the_queue_of_the_colleague_who_is_asked(self):
        notice = self._give(self.call, self.ben, note="He asks for\nthe <b>price</b>")
        self.assertRecordValues(
            self.call, [{"state": "ready", "user_id": self.ben.id, "team_id": self.team.id}]
        )
        self.assertTrue(self.call.with_user(self.ben).has_access("read"))
        self.assertFalse(self.call.with_user(self.anna).has_access("read"))
        self.assertIn("Ben", notice["params"]["message"])
        # What the one who gave it away looks at is theirs no more: they go back to the queue.
        self.assertEqual(notice["params"]["next"]["path"], "lead-calls")
        activity = self._asked(self.ben)
        self.assertEqual(activity.res_id, self.call.id)
        self.assertIn("&lt;b&gt;", self.call.assign_note)
        note = self.call.message_ids[0]
        self.assertEqual(note.author_id, self.anna.partner_id)
        self.assertTrue(note.is_internal)
        self.assertFalse(note.notification_ids)

    def test_nobody_is_mailed(self):
        mails = self.env["mail.mail"].search_count([])
        self._give(self.call, self.ben, note="Yours")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_a_call_is_given_to_a_team(self):
        self._give(self.call, team=self.ben_team)
        self.assertRecordValues(self.call, [{"user_id": False, "team_id": self.ben_team.id}])
        self.assertTrue(self.call.with_user(self.ben).has_access("read"))
        self.assertFalse(self._asked(self.ben))

    def test_undo_gives_back_person_and_team_and_asks_nobody(self):
        self._give(self.call, self.ben, team=self.ben_team)
        self.call.with_user(self.anna).action_undo()
        self.assertRecordValues(
            self.call,
            [{"user_id": self.anna.id, "team_id": self.team.id, "decision_id": False}],
        )
        self.assertFalse(self._asked(self.ben))

    def test_only_who_gave_it_away_takes_back_what_he_does_not_see(self):
        self._give(self.call, self.clara, by=self.clara)
        with self.assertRaises(AccessError):
            self.call.with_user(self.anna).action_undo()
        self.call.with_user(self.clara).action_ignore()
        with self.assertRaises(AccessError):
            self.call.with_user(self.anna).action_undo()

    def test_it_cannot_be_taken_back_once_the_colleague_decided(self):
        self._give(self.call, self.ben)
        self.call.with_user(self.ben).action_ignore()
        with self.assertRaises(AccessError):
            self.call.with_user(self.anna).action_undo()
        self.assertEqual(self.call.state, "ignored")

    def test_any_decision_closes_the_activity(self):
        for button in ("action_create_lead", "action_ignore"):
            with self.subTest(button=button):
                call = self._create_call()
                self._give(call, self.ben)
                self.assertEqual(len(self._asked(self.ben)), 1)
                getattr(call.with_user(self.clara), button)()
                self.assertFalse(self._asked(self.ben))

    def test_an_activity_that_was_done_stays_as_it_is(self):
        self._give(self.call, self.ben)
        activity = self._asked(self.ben)
        activity.with_user(self.ben).action_feedback()
        self.call.with_user(self.clara).action_ignore()
        self.assertTrue(activity.exists())

    def test_the_next_one_is_asked_instead(self):
        self._give(self.call, self.ben)
        self._give(self.call, self.clara, by=self.ben)
        self.assertFalse(self._asked(self.ben))
        self.assertEqual(len(self._asked(self.clara)), 1)

    def test_whoever_takes_it_himself_is_not_asked(self):
        self._give(self.call, self.clara, by=self.clara)
        self.assertEqual(self.call.user_id, self.clara)
        self.assertFalse(self._asked(self.clara))

    def test_whoever_gets_a_missed_call_calls_back(self):
        call = self._create_call(result="missed", phone_sanitized="+48221112233")
        call._run_steps("after_report")
        self.assertEqual(call.callback_activity_id.user_id, self.anna)
        self._give(call, self.ben)
        self.assertEqual(call.callback_activity_id.user_id, self.ben)

    # ---- REFUSED ----

    def test_who_may_not_see_it_does_not_get_it(self):
        worker = self._create_user("worker_t", "base.group_user")
        empty = self.env["crm.team"].create({"name": "Empty", "company_id": False})
        other = self.env["crm.team"].create(
            {
                "name": "Others",
                "company_id": self.other_company.id,
                "member_ids": [Command.set(self.otto.ids)],
            }
        )
        self.anna.company_ids |= self.other_company
        refused = [(self.call, worker, None), (self.email, worker, None)]
        refused += [(self.call, self.otto, None), (self.call, None, empty)]
        refused += [(self.call, None, other), (self.call, self.ben, other)]
        refused += [(self.email, self.ben, None), (self.email, self.clara, None)]
        refused += [(self.email, self.marek, None), (self.email, None, self.ben_team)]
        for row, user, team in refused:
            with self.subTest(row=row.type, user=user and user.name, team=team and team.name):
                with self.assertRaisesRegex(UserError, "cannot see this"), self.cr.savepoint():
                    self._give(row, user, team)
                row.invalidate_recordset()
                self.assertFalse(row.decision_id)
                self.assertFalse(row.assign_activity_id)

    def test_a_team_of_a_company_of_others_is_not_to_be_had(self):
        other = self.env["crm.team"].create({"name": "Others", "company_id": self.other_company.id})
        with self.assertRaises(AccessError):
            self._give(self.call, None, other)

    def test_somebody_must_be_chosen(self):
        with self.assertRaisesRegex(UserError, "Choose a colleague"):
            self._give(self.call)

    def test_only_who_sees_it_and_only_what_waits(self):
        with self.assertRaises(AccessError):
            self._give(self.call, self.ben, by=self.ben)
        wizards = self.env["lead.communication.assign"].with_user(self.ben)
        for row in self.call | self.email:
            with self.assertRaises(AccessError):
                wizards.create({"communication_ids": row.ids})
            with self.assertRaises(AccessError):
                row.with_user(self.ben)._assign(self.ben, self.ben_team)
        self.call.with_user(self.anna).action_ignore()
        with self.assertRaisesRegex(UserError, "was first"):
            self._give(self.call, self.ben)

    # ---- EMAILS ----

    def test_an_email_goes_to_a_member_with_its_conversation_and_one_activity(self):
        self.mailbox.member_ids |= self.ben
        answer = self._receive(subject="Re: A question", in_reply_to=self.email.message_ref)
        notice = self._give(self.email, self.ben, note="Yours")
        self.assertEqual((self.email | answer).user_id, self.ben)
        self.assertEqual(len(self._asked(self.ben)), 1)
        self.assertFalse(notice["params"]["next"])
        self.email.with_user(self.anna).action_split()
        self.assertEqual(self.email.user_id, self.ben)
        self.email.with_user(self.ben).action_create_lead()
        self.assertFalse(self._asked(self.ben))
        self.assertEqual(self.email.user_id, self.ben)

    def test_the_dialog_offers_members_only(self):
        self.mailbox.member_ids |= self.ben
        action = self.email.with_user(self.anna).action_assign()
        wizard = self.env["lead.communication.assign"].with_user(self.anna)
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(wizard.allowed_user_ids, self.anna | self.ben)
        form = Form(wizard)
        form.user_id = self.ben
        form.save().action_assign()
        self.assertEqual(self.email.user_id, self.ben)

    @users("clara_t")
    def test_many_at_once_cost_a_fixed_number_of_queries(self):
        counts = []
        for number in (2, 20):
            calls = self.env["lead.communication"]
            for _number in range(number):
                calls |= self._create_call(user_id=False).with_env(self.env)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            calls._assign(self.ben.with_env(self.env), self.env["crm.team"], "Yours")
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len(calls.sudo().assign_activity_id), number)
        self.assertLessEqual(counts[1], counts[0] + 2)
