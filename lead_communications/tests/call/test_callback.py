import itertools
from datetime import datetime, timedelta

from odoo import fields
from odoo.tests import freeze_time, tagged

from ...telephony.call_event import CallEvent
from ..common import LeadCommunicationsCommon

NUMBER = "+48221234567"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationCallback(LeadCommunicationsCommon):
    """A missed call leaves one activity for the right person, until the caller is spoken to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0) - timedelta(hours=2)
        cls.pbx.line_ids = [(0, 0, {"extension": "101", "user_id": cls.anna.id})]
        cls.team.user_id = cls.marek

    def _event(self, name="one", minutes=0, **values):
        start = self.now + timedelta(minutes=minutes)
        return CallEvent(
            **{
                "external_id": name,
                "direction": "incoming",
                "number": NUMBER,
                "result": "missed",
                "start": start,
                "end": start + timedelta(seconds=30),
            }
            | values
        )

    def _answered(self, name="answer", minutes=10, **values):
        return self._event(
            name, minutes, **{"result": "answered", "extension": "101", "talk_seconds": 20} | values
        )

    def _report(self, *events):
        self.env["lead.communication"]._record_calls(self.pbx, events)
        return self.env["lead.communication"].search([("pbx_id", "=", self.pbx.id)])

    def _open(self, calls):
        return calls.callback_activity_id.filtered("active")

    def test_missed_call_asks_the_agent_once(self):
        for _times in range(3):
            calls = self._report(self._event(extension="101"))
        activity = self._open(calls)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.anna)
        self.assertIn(NUMBER, activity.summary)

    def test_several_missed_calls_of_a_number_ask_once(self):
        calls = self._report(self._event("one", 0), self._event("two", 5))
        calls = self._report(self._event("three", 7))
        self.assertEqual(len(self._open(calls)), 1)

    def test_latest_of_several_missed_calls_has_the_activity(self):
        calls = self._report(self._event("one", 0), self._event("two", 5), self._event("three", 2))
        asking = calls.filtered("callback_activity_id")
        self.assertEqual(asking.external_id, "two")
        self.assertEqual(asking.callback_activity_id.res_id, asking.id)

    def test_who_is_asked_gets_no_email_about_it(self):
        self._create_lead(phone=NUMBER, user_id=self.ben.id)
        partners = (self.anna | self.ben | self.marek).partner_id
        domain = [("partner_ids", "in", partners.ids)]
        before = self.env["mail.message"].search_count(domain)
        calls = self._report(
            self._event("of anna", number="+48221234501", extension="101"),
            self._event("of ben"),
            self._event("of the team", number="+48221234502"),
        )
        self.assertEqual(self._open(calls).user_id, self.anna | self.ben | self.marek)
        calls.filtered("callback_activity_id").with_user(self.marek)._assign(
            self.clara, self.env["crm.team"]
        )
        self.assertEqual(self._open(calls).user_id, self.clara)
        self.assertEqual(self.env["mail.message"].search_count(domain), before)
        self.assertFalse(calls.message_ids)

    def test_of_nobody_asks_the_salesperson_of_the_only_open_lead(self):
        self._create_lead(phone=NUMBER, user_id=self.ben.id)
        calls = self._report(self._event())
        self.assertEqual(self._open(calls).user_id, self.ben)
        self.assertTrue(calls.with_user(self.ben).has_access("read"))

    def test_of_nobody_on_a_lead_asks_its_salesperson(self):
        call = self._report(self._event(result="", end=None))
        self._create_lead(phone=NUMBER, user_id=self.clara.id)
        call._decide("attach", self._create_lead(phone=NUMBER, user_id=self.ben.id))
        self.assertFalse(call.user_id)
        self._report(self._event())
        self.assertEqual(self._open(call).user_id, self.ben)

    def test_of_nobody_asks_the_leader_of_the_team(self):
        calls = self._report(self._event())
        self.assertEqual(self._open(calls).user_id, self.marek)

    def test_next_answered_call_closes_it_in_either_direction(self):
        for direction in ("incoming", "outgoing"):
            with self.subTest(direction=direction):
                number = NUMBER[:-1] + str(len(direction))
                missed = self._event(direction, number=number, extension="101")
                calls = self._report(missed).filtered(lambda call: call.external_id == direction)  # noqa: B023
                activity = self._open(calls)
                answer = self._answered(f"{direction}-answer", direction=direction, number=number)
                self._report(answer)
                self.assertEqual(calls.called_back_date, answer.start)
                self.assertFalse(activity.active)
                self.assertFalse(self._open(calls))

    def test_conversation_settles_what_was_missed_in_thirty_days_before(self):
        for pause, is_settled in (
            (timedelta(days=30), True),
            (timedelta(days=30, seconds=1), False),
        ):
            for is_missed_first in (True, False):
                with self.subTest(pause=pause, is_missed_first=is_missed_first):
                    name = f"{pause} {is_missed_first}"
                    number = f"+482212345{pause.seconds}{is_missed_first:d}"
                    missed = self._event(name, start=self.now - pause, end=None, number=number)
                    answer = self._answered(f"{name}-answer", 0, number=number)
                    for event in (missed, answer) if is_missed_first else (answer, missed):
                        calls = self._report(event)
                    call = calls.filtered(lambda call: call.external_id == name)  # noqa: B023
                    self.assertEqual(call.called_back_date, is_settled and self.now)

    def test_conversation_in_another_company_settles_nothing(self):
        other = self.pbx.copy({"company_id": self.other_company.id, "team_id": False})
        call = self._report(self._event(extension="101"))
        self.env["lead.communication"]._record_calls(other, [self._answered()])
        self.assertFalse(call.called_back_date)
        self.assertTrue(self._open(call))

    def test_only_recent_calls_of_the_missed_numbers_are_looked_at(self):
        call = self._create_call(result="missed", date=self.now)
        recent = self._create_call(result="missed", date=self.now - timedelta(days=30))
        self._create_call(result="missed", date=self.now - timedelta(days=30, seconds=1))
        self._create_call(result="missed", date=self.now, phone_sanitized="+48221234599")
        self._create_call(
            result="missed", date=self.now, company_id=self.other_company.id, user_id=False
        )
        self._create_call(type="email", external_id=False, result="missed", date=self.now)
        groups = list(call._calls_of_missed_numbers())
        self.assertEqual(groups, [recent | call])
        self.assertEqual(self.env["lead.communication"]._calls_of_missed_numbers(), [])

    def test_any_order_of_reports_ends_the_same(self):
        events = [
            self._event("one", 0),
            self._answered("two", 10, direction="outgoing"),
            self._event("three", 20),
            self._event("four", 25, number="+48221234599"),
        ]
        seen = set()
        for number, order in enumerate(itertools.permutations(events)):
            pbx = self.pbx.copy({"name": f"PBX {number}"})
            company = self.env["res.company"].create({"name": f"Company {number}"})
            pbx.write({"company_id": company.id, "team_id": False})
            rows = self.env["lead.communication"]
            for event in order:
                rows._record_calls(pbx, [event])
            rows = rows.search([("pbx_id", "=", pbx.id)], order="date")
            seen.add(tuple(rows.mapped("called_back_date")))
        self.assertEqual(seen, {(self.now + timedelta(minutes=10), False, False, False)})

    def test_old_calls_of_a_file_ask_for_nothing(self):
        calls = self._report(self._event(start=datetime(2025, 1, 1), end=None, extension="101"))
        self.assertFalse(calls.callback_activity_id)

    def test_call_is_fresh_for_two_days(self):
        for age, is_asked in (
            (timedelta(days=2), True),
            (timedelta(days=2, seconds=1), False),
        ):
            with self.subTest(age=age), freeze_time(self.now):
                number = f"+482212345{age.seconds:02}"
                self._report(
                    self._event(str(age), start=self.now - age, number=number, extension="101")
                )
                calls = self.env["lead.communication"].search([("phone_sanitized", "=", number)])
                self.assertEqual(bool(calls.callback_activity_id), is_asked)

    def test_which_results_ask_to_call_back(self):
        cases = [
            ("incoming", "missed", True),
            ("incoming", "voicemail", True),
            ("incoming", "busy", True),
            ("incoming", "rejected", True),
            ("incoming", "canceled", False),
            ("incoming", "failed", False),
            ("incoming", "answered", False),
            ("outgoing", "busy", False),
            ("outgoing", "rejected", False),
        ]
        for number, (direction, result, is_asked) in enumerate(cases, start=10):
            with self.subTest(direction=direction, result=result):
                values = {"direction": direction, "result": result, "extension": "101"}
                name = f"{direction} {result}"
                self._report(self._event(name, number=f"+482212345{number}", **values))
                call = self.env["lead.communication"].search([("external_id", "=", name)])
                self.assertEqual(bool(call.callback_activity_id), is_asked)

    def test_ignored_call_that_is_missed_asks_for_nothing(self):
        call = self._report(self._event(result="", end=None, extension="101"))
        call._decide("ignore")
        self._report(self._event(extension="101"))
        self.assertFalse(call.callback_activity_id)

    def test_anonymous_and_internal_calls_ask_for_nothing(self):
        calls = self._report(
            self._event("one", number="anonymous", extension="101"),
            self._event("two", direction="internal", number="", extension="101"),
        )
        self.assertFalse(calls.callback_activity_id)

    def test_ringing_call_asks_for_nothing_yet(self):
        calls = self._report(self._event(result="", end=None, extension="101"))
        self.assertFalse(calls.callback_activity_id)

    def test_new_missed_call_after_the_activity_was_done_asks_again(self):
        calls = self._report(self._event("one", extension="101"))
        self._open(calls).with_user(self.anna).action_feedback(feedback="No luck")
        self.assertFalse(self._open(calls))
        calls = self._report(self._event("one", extension="101", contact_name="Jan"))
        self.assertEqual(calls.contact_name, "Jan")
        self.assertFalse(self._open(calls), "The same call asks once")
        calls = self._report(self._event("two", 30, extension="101"))
        self.assertEqual(len(self._open(calls)), 1)

    def test_ignored_call_takes_its_activity_along(self):
        call = self._report(self._event(extension="101"))
        activity = self._open(call)
        call.with_user(self.anna).action_ignore()
        self.assertFalse(activity.exists())

    def test_activity_moves_to_the_lead_and_is_closed_there(self):
        call = self._report(self._event(extension="101"))
        lead = self._create_lead()
        call.with_user(self.anna)._decide("attach", lead.with_user(self.anna))
        activity = self._open(call)
        self.assertEqual((activity.res_model, activity.res_id), ("crm.lead", lead.id))
        self._report(self._answered())
        self.assertFalse(activity.active)
        self.assertEqual(call.called_back_date, self._answered().start)

    def test_activity_moves_to_whom_the_call_is_assigned(self):
        call = self._report(self._event(extension="101"))
        call.with_user(self.marek)._assign(self.ben, self.env["crm.team"])
        activity = self._open(call)
        self.assertEqual(activity.user_id, self.ben)
        self.assertEqual((activity.res_model, activity.res_id), (call._name, call.id))

    def test_activity_that_somebody_took_over_stays_with_them(self):
        call = self._report(self._event(extension="101"))
        self._open(call).user_id = self.clara
        call.with_user(self.anna)._decide("attach", self._create_lead().with_user(self.anna))
        self.assertEqual(self._open(call).user_id, self.clara)

    def test_closed_activity_says_when_in_the_time_of_its_user(self):
        for tz, words in (
            ("Asia/Tokyo", "11/03/2026 12:10:00 AM"),
            (False, "11/02/2026 03:10:00 PM"),
        ):
            with self.subTest(tz=tz), freeze_time("2026-11-02 16:00:00"):
                self.anna.tz = tz
                start = datetime(2026, 11, 2, 15, 0)
                number = f"+482212345{len(tz or ''):02}"
                self._report(
                    self._event(str(tz), number=number, start=start, end=None, extension="101")
                )
                call = self.env["lead.communication"].search([("external_id", "=", str(tz))])
                start += timedelta(minutes=10)
                self._report(self._answered(f"{tz}-answer", number=number, start=start, end=None))
                message = call.message_ids.filtered("mail_activity_type_id")
                self.assertIn(f"Called back on {words}", message.body)

    def test_activity_of_a_call_that_was_answered_after_all_is_closed(self):
        calls = self._report(self._event(extension="101"))
        activity = self._open(calls)
        calls = self._report(self._event(result="answered", extension="101", talk_seconds=5))
        self.assertEqual(calls.result, "answered")
        self.assertFalse(self._open(calls))
        self.assertFalse(activity.active)

    # ---- ANOTHER NUMBER OF THE SAME PARTY ----

    OTHER = "+48221234598"

    def test_conversation_of_no_length_settles_nothing(self):
        call = self._report(self._event(extension="101"))
        self._report(self._answered(talk_seconds=0, end=None))
        self.assertFalse(call.called_back_date)
        self.assertTrue(self._open(call))
        self._report(self._answered())
        self.assertTrue(call.called_back_date)

    def test_conversation_under_another_number_of_the_lead_settles_it(self):
        lead = self._create_lead(phone=NUMBER)
        earlier = self._answered("earlier", -60 * 24 * 90, number=self.OTHER)
        self._report(earlier)._decide("attach", lead)
        for is_missed_first in (True, False):
            with self.subTest(is_missed_first=is_missed_first):
                name = str(is_missed_first)
                events = [
                    self._event(name, extension="101"),
                    self._answered(f"{name}-answer", number=self.OTHER),
                ]
                for event in events if is_missed_first else reversed(events):
                    calls = self._report(event)
                call = calls.filtered(lambda call: call.external_id == name)  # noqa: B023
                self.assertEqual(call.called_back_date, events[1].start)
                self.assertFalse(self._open(call))
                self.assertFalse(call.lead_id)
                (call | calls.filtered(lambda row: row.state == "ready")).unlink()

    def test_conversation_that_is_put_on_the_same_lead_settles_it(self):
        lead = self._create_lead()
        calls = self._report(self._event(extension="101"), self._answered(number=self.OTHER))
        missed = calls.filtered(lambda call: call.result == "missed")
        missed.with_user(self.anna)._decide("attach", lead.with_user(self.anna))
        self.assertTrue(self._open(missed))
        (calls - missed).with_user(self.anna)._decide("attach", lead.with_user(self.anna))
        self.assertEqual(missed.called_back_date, (calls - missed).date)
        self.assertFalse(self._open(missed))

    def test_number_that_several_parties_have_says_nothing_of_their_others(self):
        """A switchboard: it may have been anybody there."""
        for number in (NUMBER, self.OTHER):
            earlier = self._answered(number, -60 * 24 * 90, number="+48221234000")
            call = self._report(earlier).filtered(lambda row: row.external_id == number)  # noqa: B023
            call._decide("attach", self._create_lead(phone=number))
        self._report(self._event(extension="101"), self._answered(number="+48221234000"))
        call = self.env["lead.communication"].search([("external_id", "=", "one")])
        self.assertFalse(call.called_back_date)
        self.assertTrue(self._open(call))

    def test_conversation_on_another_lead_of_somebody_else_settles_nothing(self):
        self._create_lead(phone=NUMBER)
        self._create_lead(phone=self.OTHER)
        call = self._report(self._event(extension="101"))
        self._report(self._answered(number=self.OTHER))
        self.assertFalse(call.called_back_date)

    def test_number_costs_three_queries_more(self):
        """One finds the exception, one the other calls of the number, one what is put off of it."""

        def count(events):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            self._report(*events)
            return self.cr.sql_log_count - start

        count([self._answered("warm", number="+48221230000")])
        with_number = count([self._answered("a", number="+48221230001")])
        without = count([self._answered("b", number="anonymous")])
        self.assertLessEqual(with_number, without + 3)
