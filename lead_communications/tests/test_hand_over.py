from datetime import date, datetime, time, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..telephony.call_event import CallEvent
from .common import LeadCommunicationsCommon

TODAY = date(2026, 11, 28)


@tagged("post_install", "-at_install", "lead_communications")
class TestHandOver(LeadCommunicationsCommon):
    """A salesperson's last day: all that is open goes to others, what took place stays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead()
        cls.won = cls._create_lead()
        cls.won.action_set_won()
        cls.customer = cls.env["res.partner"].create({"name": "Ewa", "email": "ewa@customer.test"})
        cls.planned = cls._plan("call")
        cls.meeting = cls._plan("meeting", participant_ids=[Command.set(cls.customer.ids)])
        cls.done = cls._plan("meeting")
        cls.done._decide("complete")
        cls.call = cls._create_call()
        cls.email = cls._receive()
        cls.email.user_id = cls.anna
        cls.callback = cls._create_call(phone_sanitized="+48221230000", result="missed")
        cls.callback._request_callback()
        cls.todo = cls.lead.activity_schedule(
            "mail.mail_activity_data_todo", user_id=cls.anna.id, summary="Send samples"
        )
        cls.call.with_user(cls.anna).action_claim()
        exceptions = cls.env["lead.communication.exception"]
        cls.exception = exceptions.with_user(cls.anna).create({"value": "noise@spam.test"}).sudo()
        cls.also = exceptions.with_user(cls.ben).create({"value": "spam.test"}).sudo()
        cls.also.also_user_ids = cls.anna
        cls.line = cls.env["lead.pbx.line"].create(
            {"pbx_id": cls.pbx.id, "extension": "101", "user_id": cls.anna.id}
        )

    @classmethod
    def _plan(cls, kind, **values):
        rows = cls.env["lead.communication"].with_user(cls.anna)
        return rows.create(
            {
                "type": kind,
                "state": "planned",
                "subject": f"Planned {kind}",
                "date": fields.Datetime.now() + timedelta(days=1),
                "lead_id": cls.lead.id,
            }
            | values
        ).sudo()

    def _wizard(self, user=None, by=None, **values):
        user = (user or self.anna).with_user(by or self.admin)
        action = user.action_hand_over()
        wizard = self.env[action["res_model"]].with_user(by or self.admin).browse(action["res_id"])
        wizard.write({"last_day": TODAY} | values)
        return wizard

    def _counts(self, wizard, name="count"):
        return {line.kind: line[name] for line in wizard.line_ids}

    # ---- ALL OF IT ----

    def test_all_is_handed_over_and_counted_before_and_after(self):
        self.mailbox.member_ids += self.admin
        wizard = self._wizard(successor_id=self.ben.id)
        self.assertEqual(
            self._counts(wizard),
            {
                "mailbox": 1,
                "line": 1,
                "event": 2,
                "lead": 1,
                "call": 2,
                "email": 1,
                "asked": 1,
                "activity": 1,
                "claim": 1,
                "exception": 2,
            },
        )
        mails = self.env["mail.mail"].search_count([("model", "!=", "calendar.event")])
        wizard.action_hand_over()
        self.assertFalse(any(self._counts(wizard, "left_count").values()))
        self.assertEqual(self._counts(wizard)["call"], 2)
        rows = self.planned | self.meeting | self.call | self.email | self.callback
        self.assertEqual(self.lead.user_id | rows.user_id, self.ben)
        self.assertEqual(rows.mapped("state"), ["planned", "planned", "ready", "ready", "ready"])
        self.assertEqual(self.meeting.calendar_event_id.user_id, self.ben)
        activities = self.planned.activity_id | self.callback.callback_activity_id | self.todo
        self.assertEqual((len(activities), activities.user_id), (3, self.ben))
        self.assertFalse(self.call.claimed_by_id)
        self.assertEqual((self.exception | self.also).user_id, self.ben)
        self.assertFalse((self.exception | self.also).also_user_ids)
        self.assertEqual(self.mailbox.member_ids, self.ben | self.admin)
        # What took place, and what is decided, stays.
        self.assertEqual((self.done.user_id, self.won.user_id), (self.anna, self.anna))
        self.assertEqual(
            self.env["mail.mail"].search_count([("model", "!=", "calendar.event")]), mails
        )
        # Nobody is asked about a meeting that was handed over.
        self.assertFalse(self.lead.activity_ids.filtered(lambda one: "Take over" in one.summary))

    def test_twice_is_once_and_a_second_manager_finds_nothing(self):
        first = self._wizard(by=self.marek, successor_id=self.ben.id)
        second = self._wizard(by=self.marek, successor_id=self.clara.id)
        for wizard in (first, first, second):
            wizard.action_hand_over()
        self.assertEqual((self.lead | self.won).mapped("user_id"), self.ben | self.anna)
        self.assertEqual((self.planned | self.call).user_id, self.ben)
        self.assertEqual(self._counts(first)["lead"], 1)

    def test_before_and_after_they_are_archived(self):
        self.anna.action_archive()
        self.assertFalse(self.planned.user_id)
        self._wizard(successor_id=self.ben.id).action_hand_over()
        self.assertEqual(self.lead.user_id | self.planned.user_id, self.ben)
        self.assertEqual(self.exception.user_id | self.also.user_id, self.ben)
        self.assertFalse(self.also.with_context(active_test=False).also_user_ids)
        members = self.mailbox.with_context(active_test=False).member_ids
        self.assertEqual((members, self.line.user_id), (self.ben, self.ben))
        self.anna.action_unarchive()
        self.assertEqual(self.planned.user_id, self.ben)
        self.assertFalse(self.planned.former_user_id)

    # ---- TO WHOM ----

    def test_each_kind_has_a_successor_of_its_own_and_can_be_left(self):
        wizard = self._wizard(by=self.marek, successor_id=self.ben.id)
        lines = {line.kind: line for line in wizard.line_ids}
        lines["call"].successor_id = self.clara
        lines["exception"].is_chosen = False
        wizard.action_hand_over()
        self.assertEqual((self.call | self.callback).user_id, self.clara)
        self.assertEqual(self.callback.callback_activity_id.user_id, self.clara)
        self.assertEqual(self.lead.user_id, self.ben)
        self.assertEqual(self.exception.user_id, self.anna)
        self.assertEqual(wizard.left_count, 2)

    def test_where_nobody_is_chosen_it_is_the_teams(self):
        self.team.write({"member_ids": [Command.link(self.ben.id)], "user_id": self.marek.id})
        self._wizard(team_id=self.team.id).action_hand_over()
        self.assertFalse(self.lead.user_id | self.planned.user_id | self.call.user_id)
        self.assertEqual(self.lead.team_id, self.team)
        self.assertEqual(self.call.team_id | self.planned.team_id, self.team)
        self.assertEqual(self.todo.user_id, self.marek)
        # Nobody else would see its mail; of nobody they would be for everything.
        self.assertEqual(self.mailbox.member_ids, self.anna)
        self.assertEqual(self.exception.user_id, self.anna)

    def test_who_cannot_have_it_is_refused_in_words(self):
        archived = self._create_user("gone_t", "sales_team.group_sale_salesman")
        archived.active = False
        away = self._create_user(
            "away_t",
            "sales_team.group_sale_salesman",
            company_id=self.other_company.id,
            company_ids=[Command.set(self.other_company.ids)],
        )
        for values, words in (
            ({}, "Choose to whom it goes"),
            ({"successor_id": self.anna.id}, "it is theirs now"),
            ({"successor_id": archived.id}, "Gone is archived"),
            ({"successor_id": away.id}, "Away does not work in"),
        ):
            wizard = self._wizard(by=self.marek).sudo()
            wizard.write(values)
            with self.subTest(words), self.assertRaisesRegex(UserError, words):
                wizard.with_user(self.marek).action_hand_over()
        self.assertEqual(self.lead.user_id, self.anna)

    def test_events_go_to_nobody_who_may_not_see_their_lead(self):
        wizard = self._wizard(by=self.marek, successor_id=self.ben.id)
        wizard.line_ids.filtered(lambda line: line.kind == "lead").is_chosen = False
        with self.assertRaisesRegex(UserError, "Ben may not see the leads of: Planned Events"):
            wizard.action_hand_over()

    def test_emails_go_to_members_of_the_mailbox(self):
        self.mailbox.member_ids += self.marek
        wizard = self._wizard(by=self.marek, successor_id=self.ben.id)
        with self.assertRaisesRegex(UserError, "only members of the mailbox"):
            wizard.action_hand_over()

    # ---- WHOSE IT IS TO HAND OVER ----

    def test_what_is_not_the_managers_stays_and_is_a_number(self):
        self.anna.company_ids += self.other_company
        foreign = self._create_lead(company_id=self.other_company.id, team_id=False)
        wizard = self._wizard(by=self.marek, successor_id=self.ben.id)
        self.assertEqual(
            {kind: count for kind, count in self._counts(wizard, "hidden_count").items() if count},
            {"mailbox": 1, "line": 1, "lead": 1, "email": 1},
        )
        wizard.action_hand_over()
        self.assertEqual(wizard.hidden_count, 4)
        self.assertEqual(foreign.user_id, self.anna)
        self.assertEqual(self.email.user_id, self.anna)
        self.assertEqual((self.mailbox.member_ids, self.line.user_id), (self.anna, self.anna))

    def test_salespeople_hand_over_nothing(self):
        for user in (self.anna, self.clara):
            with self.assertRaisesRegex(AccessError, "Sales managers and administrators"):
                self.anna.with_user(user).action_hand_over()
            with self.assertRaises(AccessError):
                self.env["lead.communication.hand.over"].with_user(user).create(
                    {"user_id": self.anna.id}
                )
        wizard = self._wizard(by=self.marek, successor_id=self.ben.id)
        with self.assertRaises(AccessError):
            wizard.with_user(self.admin).action_hand_over()

    # ---- LINES ----

    def _user_of(self, switchboard, extension, day):
        event = CallEvent(
            external_id="1", direction="incoming", start=datetime.combine(day, time(12))
        )
        return switchboard.user_of(extension, event)

    def test_a_line_is_anothers_from_the_next_day_on(self):
        self._wizard(successor_id=self.ben.id).action_hand_over()
        self.assertEqual(self.line.user_id, self.ben)
        switchboard = self.pbx._switchboard()
        for day, user in ((TODAY, self.anna), (TODAY + timedelta(days=1), self.ben)):
            self.assertEqual(self._user_of(switchboard, "101", day), user.id)

    def test_days_of_others_stay_theirs(self):
        line = self.line.copy({"extension": "102", "number": "+48221239999"})
        july = {"date_from": date(2026, 7, 1), "date_until": date(2026, 7, 14)}
        self.line.create(
            {"pbx_id": self.pbx.id, "extension": "102", "user_id": self.clara.id} | july
        )
        since = self.line.copy({"extension": "103", "date_from": date(2026, 3, 1)})
        later = self.line.copy({"extension": "104", "date_from": date(2026, 12, 24)})
        self._wizard(successor_id=self.ben.id).action_hand_over()
        self.assertEqual((line | since | later).user_id, self.ben)
        self.assertEqual(since.date_from, date(2026, 11, 29))
        self.assertEqual(later.date_from, date(2026, 12, 24))
        switchboard = self.pbx._switchboard()
        for extension, day, user in (
            ("102", date(2026, 6, 30), self.anna),
            ("102", date(2026, 7, 14), self.clara),
            ("102", date(2026, 7, 15), self.anna),
            ("102", date(2026, 11, 29), self.ben),
            ("103", date(2026, 11, 28), self.anna),
        ):
            self.assertEqual(self._user_of(switchboard, extension, day), user.id, (extension, day))
