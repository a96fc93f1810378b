from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationReminder(LeadCommunicationsCommon):
    """What waits for too long is told to one person, once, until it is decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.communication"].search([]).unlink()  # of the demo
        cls.type = cls.env.ref("lead_communications.mail_activity_type_decide")
        cls.team.user_id = cls.clara

    def _wait(self, row, hours):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_communication SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(hours=hours), row.id),
        )
        self.env.invalidate_all()
        return row

    def _call(self, hours=25, **values):
        return self._wait(self._create_call(**({"team_id": self.team.id} | values)), hours)

    def _remind(self):
        """Let the scheduler look; return what everybody is asked."""
        cron = self.env.ref("lead_communications.lead_communication_reminder_cron")
        cron.ir_actions_server_id.with_user(cron.user_id).run()
        return self._asked()

    def _asked(self):
        activities = self.env["mail.activity"].search([("activity_type_id", "=", self.type.id)])
        self.assertEqual(len(activities), len(activities.user_id))
        return {one.user_id: one.summary.rsplit(" ", 1)[-1] for one in activities}

    def test_one_activity_for_all_that_waits_of_a_person(self):
        self._call(), self._call(), self._call(hours=23)
        self._call(user_id=self.ben.id)
        self._call(state="ignored")
        mails = self.env["mail.mail"].search_count([])
        self.assertEqual(self._remind(), {self.anna: "2", self.ben: "1"})
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        activity = self.env["mail.activity"].search(
            [("activity_type_id", "=", self.type.id), ("user_id", "=", self.anna.id)]
        )
        self.assertIn('href="/odoo/lead-calls"', activity.note)
        self.assertNotIn("/odoo/lead-emails", activity.note)
        activity.with_user(self.anna).check_access("read")

    def test_it_follows_what_waits_and_goes_by_itself(self):
        calls = self._call() | self._call()
        self._remind()
        activity = self.env["mail.activity"].search([("activity_type_id", "=", self.type.id)])
        calls[0].with_user(self.anna).action_ignore()
        self.assertEqual(self._remind(), {self.anna: "1"})
        self.assertEqual(activity.summary[-1], "1")
        calls[1].with_user(self.clara).action_ignore()
        self.assertEqual(self._remind(), {})
        self.assertFalse(activity.exists())

    # ---- AT THE DECISION ----

    def test_the_last_decision_takes_it_back_at_once(self):
        first, last = self._call(), self._call()
        self._call(hours=23)
        self._remind()
        first.with_user(self.anna).action_ignore()
        self.assertEqual(self._asked(), {self.anna: "2"}, "Counted anew by the hour")
        last.with_user(self.clara).action_ignore()
        self.assertEqual(self._asked(), {})

    def test_those_of_others_stay(self):
        mine = self._call()
        self._call(user_id=self.ben.id)
        unassigned = self._call(user_id=False)
        self.assertEqual(self._remind(), {self.anna: "1", self.ben: "1", self.clara: "1"})
        mine.with_user(self.clara).action_ignore()
        self.assertEqual(self._asked(), {self.ben: "1", self.clara: "1"})
        unassigned.with_user(self.anna)._decide("attach", self._create_lead())
        self.assertEqual(self._asked(), {self.ben: "1"})

    def test_what_waits_of_nobody_keeps_it(self):
        gone = self._create_user("gone_t", "sales_team.group_sale_salesman")
        gone.active = False
        mine = self._call(user_id=self.clara.id)
        others = self._call(user_id=False) | self._call(user_id=gone.id)
        self.assertEqual(self._remind(), {self.clara: "3"})
        for call in mine | others[0]:
            call.with_user(self.clara).action_ignore()
            self.assertEqual(self._asked(), {self.clara: "3"})
        others[1].with_user(self.clara).action_ignore()
        self.assertEqual(self._asked(), {})

    def test_what_is_given_away_reminds_no_longer(self):
        self._call().with_user(self.anna)._assign(self.clara, self.env["crm.team"])
        call = self._call()
        self.assertEqual(self._remind(), {self.anna: "1", self.clara: "1"})
        call.with_user(self.anna)._assign(self.clara, self.env["crm.team"])
        self.assertEqual(self._asked(), {self.clara: "1"})

    def test_an_email_that_becomes_the_business_of_its_lead(self):
        email = self._wait(self._receive(), 25)
        self.assertEqual(self._remind(), {self.anna: "1"})
        email.with_user(self.anna)._decide("attach", self._create_lead(user_id=self.ben.id).sudo())
        self.assertEqual(self._asked(), {})

    def test_a_young_row_costs_no_query(self):
        old, young = self._call(), self._create_call()
        counts = []
        for row in (young, old):
            self.env.flush_all()
            self.env.invalidate_all()
            row.with_user(self.anna)._decide("ignore")
            before = self.cr.sql_log_count
            row._settle_reminders("ignore")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], 0)
        self.assertLessEqual(counts[1], 4)

    def test_limit_without_a_team_is_a_setting(self):
        settings = self.env["res.config.settings"]
        self.assertEqual(settings.create({}).lead_decide_hours, 24)
        self._call(hours=5, team_id=False, user_id=self.ben.id)
        for hours, asked in ((4, True), (6, False), (0, False)):
            settings.create({"lead_decide_hours": hours}).execute()
            self.assertEqual(settings.create({}).lead_decide_hours, hours)
            self.assertEqual(self.ben in self._remind(), asked, hours)
        with self.assertRaises(ValidationError):
            settings.create({"lead_decide_hours": -1})

    def test_nobody_is_asked_twice_a_day(self):
        self._call()
        self._remind()
        self.env["mail.activity"].search([("user_id", "=", self.anna.id)]).action_feedback()
        self.assertEqual(self._remind(), {})
        with freeze_time(fields.Datetime.now() + timedelta(days=1)):
            self.assertEqual(self._remind(), {self.anna: "1"})

    def test_a_day_is_that_of_the_person(self):
        """Done on the second of November where they are, until midnight there."""
        cases = {
            # 9:00 and 23:59 of that day, and 0:00 of the next one, in UTC
            "Pacific/Auckland": ("2026-11-01 20:00", "2026-11-02 10:59", "2026-11-02 11:00"),
            "America/Los_Angeles": ("2026-11-02 17:00", "2026-11-03 07:59", "2026-11-03 08:00"),
        }
        self.anna.tz = False
        for zone, moments in cases.items():
            with self.subTest(zone), self.env.cr.savepoint() as savepoint:
                done, evening, tomorrow = map(fields.Datetime.to_datetime, moments)
                self.anna.tz = zone
                with freeze_time(done):
                    self._call()
                    self._remind()
                    activity = self.env["mail.activity"].search([("user_id", "=", self.anna.id)])
                    activity.action_feedback()
                self.env.flush_all()
                self.env.cr.execute(
                    "UPDATE mail_activity SET write_date = %s WHERE id = %s", (done, activity.id)
                )
                self.env.invalidate_all()
                with freeze_time(evening):
                    self.assertEqual(self._remind(), {})
                with freeze_time(tomorrow):
                    self.assertEqual(self._remind(), {self.anna: "1"})
                savepoint.rollback()
            self.env.invalidate_all()

    def test_who_is_responsible(self):
        self.team.member_ids |= self.ben
        leaderless = self.env["crm.team"].create({"name": "No Leader", "company_id": False})
        self._call(user_id=False)
        self._call(user_id=False, team_id=leaderless.id)
        self._call(user_id=False, team_id=False)
        gone = self._create_user("gone_t", "sales_team.group_sale_salesman")
        gone.active = False
        self._call(user_id=gone.id)
        self.assertEqual(self._remind(), {self.clara: "2"})

    def test_emails_are_told_to_a_member_of_the_mailbox(self):
        self.mailbox.team_id = self.team
        email = self._wait(self._receive(), 25)
        self.assertEqual(self._remind(), {self.anna: "1"})
        self.mailbox.member_ids |= self.ben
        email.with_user(self.anna)._assign(self.ben, self.env["crm.team"])
        self.assertEqual(self._remind(), {self.ben: "1"})
        email.user_id = False
        self.mailbox.member_ids = [Command.clear()]
        self.assertEqual(self._remind(), {self.clara: "1"})

    def test_an_email_of_two_mailboxes_is_one(self):
        other = self.mailbox.copy(
            {"server_id": self.server.copy().id, "member_ids": [Command.set(self.anna.ids)]}
        )
        email = self._receive()
        email.mailbox_ids |= other
        self._wait(email, 25)
        self.assertEqual(self._remind(), {self.anna: "1"})

    def test_the_limit_is_that_of_the_team(self):
        self._call(hours=5)
        without_team = self._call(hours=25, team_id=False, user_id=self.ben.id)
        for hours, asked in ((4, True), (6, False), (0, False)):
            self.team.decide_hours = hours
            self.assertEqual(self.anna in self._remind(), asked, hours)
        self.assertIn(self.ben, self._asked())
        self.env["ir.config_parameter"].set_param("lead_communications.decide_hours", "0")
        self.assertNotIn(self.ben, self._remind())
        self.assertEqual(without_team.state, "ready")

    def test_each_is_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.env["ir.module.module"].search(
            [("name", "=", "lead_communications")]
        )._update_translations(["pl_PL"])
        self.anna.lang = "pl_PL"
        self._call(), self._call(user_id=self.ben.id)
        self._remind()
        activities = self.env["mail.activity"].search([("activity_type_id", "=", self.type.id)])
        values = {one.user_id: one.summary for one in activities}
        self.assertIn("Waits for your decision", values[self.ben])
        translated = self.env["lead.communication"].with_context(lang="pl_PL").env
        self.assertEqual(
            values[self.anna], translated._("Waits for your decision: %(count)s", count=1)
        )

    def test_a_fixed_number_of_queries(self):
        counts = []
        for number in (2, 12):
            for index in range(number):
                user = self._create_user(
                    f"user{number}x{index}_t", "sales_team.group_sale_salesman"
                )
                self._call(user_id=user.id), self._call(user_id=user.id)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["lead.communication"]._cron_remind_overdue()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(len(self._asked()), 14)
        self.assertLessEqual(counts[1], counts[0] + 4)
