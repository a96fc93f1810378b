import json
import time
from datetime import datetime, timedelta

from odoo.fields import Command
from odoo.tests import freeze_time, new_test_user, tagged

from ..live import LiveCommon
from .captures import cdr
from .common import CSV, LeadPbxCommon

RINGING = "lead_communications/ringing"
OVER = "lead_communications/ringing_over"


class RingingCommon(LeadPbxCommon, LiveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx.line_ids = [
            Command.create({"number": "22 700 11 01", "user_id": cls.anna.id}),
            Command.create({"number": "22 700 11 02", "user_id": cls.ben.id}),
        ]
        cls.team.member_ids = cls.anna | cls.ben

    def setUp(self):
        super().setUp()
        self.now = int(time.time())

    def _report(self, call="1", age=0, **values):
        """Report a call that started ``age`` seconds ago; it rings unless ``values`` say more."""
        start = self.now - age
        push = {"event": "start", "linkedid": f"{start}.{call}", "start": str(start), "end": ""}
        if values.get("event") == "hangup":
            push["end"] = str(start + 9)
        return self._push(**push | values)

    def _rings(self):
        """Return whom a popup is shown, by name."""
        return sorted(user.name for user in self._popups())

    def _popups(self):
        """Return ``{user: what their popup shows}`` of those who were told since the last time."""
        popups = {}
        for channel, _kind, load in self._messages(kind=RINGING):
            self.assertEqual(list(load), ["id"], "nothing else is told")
            user = self.env["res.users"].search([("partner_id", "=", channel[1])])
            call = self.env["lead.communication"].with_user(user).browse(load["id"])
            if message := call.get_ringing_message():
                popups[user] = message
        return popups


@tagged("post_install", "-at_install", "lead_communications")
class TestRinging(RingingCommon):
    """A ringing call is shown at once to whom it is for, and to nobody else."""

    def test_popup_of_the_salesperson_of_the_line(self):
        lead = self._create_lead(phone="+48221234567", partner_name="Acme")
        self._report(name="Jan", did="%2B48227001101")
        call = self._rows()
        self.assertEqual(
            self._popups(),
            {
                self.anna: {
                    "id": call.id,
                    "number": "+48 22 123 45 67",
                    "contact_name": "Jan",
                    "line": "+48227001101",
                    "lead_count": 1,
                    "leads": [
                        {
                            "id": lead.id,
                            "name": "Windows for a house",
                            "partner": "Acme",
                            "stage": lead.stage_id.name,
                            "salesperson": "Anna",
                        }
                    ],
                }
            },
        )

    def test_popups_of_all_telephones_that_ring(self):
        """At once or one after the other; whoever it rings for may open the call."""
        self.pbx.team_id = False
        self._report(did="", agent="101")
        self.assertEqual(self._rings(), ["Anna"])
        self._report(did="", agent="102")
        self.assertEqual(self._rings(), ["Ben"])
        call = self._rows()
        self.assertFalse(call.user_id)
        self.assertTrue(call.with_user(self.anna).has_access("read"))
        self._report(event="hangup", did="", agent="102", dialstatus="NOANSWER")
        self.assertFalse(call.agent_ids)

    def test_sent_to_the_user_only(self):
        with self.assertBus(
            get_params=lambda: (
                [
                    (self.cr.dbname, "res.partner", self.anna.partner_id.id),
                    (self.cr.dbname, "res.groups", self.group_calls.id),
                ],
                None,
            )
        ):
            self._report()

    def test_one_popup_however_often_reported(self):
        self._report()
        self.assertEqual(self._rings(), ["Anna"])
        self._report()
        self._report(name="Jan")
        self._report(name="Jan+Kowalski")
        self.assertEqual(self._rings(), [])

    def test_over_when_it_ends(self):
        self._report()
        call = self._rows()
        self._messages()
        self._report(event="hangup")
        over = self._messages(kind=OVER)
        self.assertEqual(over, [(("res.partner", self.anna.partner_id.id), OVER, {"id": call.id})])
        self._report(event="hangup", name="Jan")
        self._report()
        self.assertFalse(self._messages(kind=OVER) + self._messages(kind=RINGING))

    def test_over_when_a_colleague_answers(self):
        self._report()
        self._messages()
        self._report(event="hangup", dialstatus="ANSWER", answered="3", peer="102")
        self.assertEqual(self._rows().user_id, self.ben)
        self.assertEqual(
            [channel for channel, _kind, _load in self._messages(kind=OVER)],
            [("res.partner", self.anna.partner_id.id)],
        )

    def test_over_when_somebody_decides(self):
        self._report()
        self._messages()
        self._rows().with_user(self.anna).action_ignore()
        self.assertEqual(len(self._messages(self.anna, OVER)), 1)
        self._report(name="Jan")
        self.assertFalse(self._rings())

    def test_ended_call_is_no_popup(self):
        self._report(event="hangup")
        self.assertEqual(self._rings(), [])

    def test_old_call_is_no_popup(self):
        self._report(age=100)
        self.assertEqual(self._rings(), ["Anna"])
        self._report("2", age=121)
        self._report("3", age=86_400)
        self.assertEqual(self._rings(), [])
        self.pbx._receive(cdr(), CSV)
        self.assertEqual(self._rings(), [])

    def test_call_rings_for_two_minutes(self):
        for age, told in ((119, ["Anna"]), (120, [])):
            with self.subTest(age=age), freeze_time(datetime.fromtimestamp(self.now)):
                self._report(str(age), age=age)
                self.assertEqual(self._rings(), told)

    def test_call_that_was_answered_rings_no_more(self):
        """Its report may say when it was answered, and not yet how it ended."""
        self._report()
        self._messages()
        call = self._rows()
        call.answer_date = call.date
        call._run_steps("after_report")
        self.assertEqual(len(self._messages(self.anna, OVER)), 1)
        call.write({"answer_date": False, "result": "missed"})
        call._run_steps("after_report")
        self.assertEqual(self._rings(), [])

    def test_email_does_not_ring(self):
        self._create_call(type="email", external_id=False)._run_steps("after_report")
        self._create_call(state="ignored")._run_steps("after_report")
        self.assertEqual(self._rings(), [])
        self._create_call()._run_steps("after_report")
        self.assertEqual(self._rings(), ["Anna"])

    def test_popup_ends_when_the_end_is_not_reported(self):
        self._report()
        call = self._rows()
        self._messages()
        call.date -= timedelta(minutes=3)
        self._report(linkedid=call.external_id, name="Jan", start="")
        self.assertEqual(len(self._messages(self.anna, OVER)), 1)

    def test_outgoing_and_internal_calls_are_no_popup(self):
        self._report(direction="outbound", src="101", did="600100200")
        self._report("2", direction="internal", src="101", did="102")
        self.assertEqual(self._rings(), [])

    def test_call_of_nobody_rings_at_the_team(self):
        self._report(did="")
        self.assertEqual(self._rings(), ["Anna", "Ben"])
        self._report(did="", event="hangup")
        self.assertEqual(len(self._messages(kind=OVER)), 2)

    def test_call_to_the_line_of_a_team(self):
        self.line_team.member_ids = self.ben
        self._report(did="%2B48227001900")
        self.assertEqual(self._rings(), ["Ben"])

    def test_extension_that_rings_in_another_team(self):
        self.line_team.member_ids = self.clara
        # Ben sits at 102, but the call belongs to a team that they are not in.
        self._report(did="%2B48227001900", agent="102")
        self.assertEqual(self._rings(), ["Clara"])
        self.line_team.member_ids |= self.ben
        self._report("2", did="%2B48227001900", agent="102")
        self.assertEqual(self._rings(), ["Ben", "Clara"])

    def test_who_sits_where_it_does_not_ring(self):
        self.pbx.line_ids.filtered(lambda line: line.extension == "101").user_id = self.clara
        self._report(did="%2B48227001900", agent="101")
        self.assertEqual(self._rings(), ["Clara"])
        self._report("2", did="%2B48227001900", agent="102")
        self.assertEqual(self._rings(), [])

    def test_user_without_the_right_to_calls(self):
        employee = new_test_user(self.env, "eve_t", "base.group_user")
        self.pbx.line_ids[0].user_id = employee
        self._report(agent="101", did="")
        self.assertNotIn("Eve", self._rings())
        self.pbx.line_ids.filtered("number").user_id = employee
        self._messages()
        self._report("2")
        self.assertFalse(self._messages(kind=RINGING), "not even that it rings")

    def test_user_of_another_company(self):
        self.team.member_ids |= self.otto
        self._report(did="")
        told = {channel for channel, _kind, _load in self._messages(kind=RINGING)}
        self.assertEqual(
            told, {("res.partner", user.partner_id.id) for user in self.anna | self.ben}
        )

    def test_who_left_the_team(self):
        self.team.crm_team_member_ids.filtered(lambda one: one.user_id == self.ben).active = False
        self._report(did="")
        self.assertEqual(self._rings(), ["Anna"])

    def test_archived_user(self):
        self.ben.active = False
        self._report(did="")
        self.assertEqual(self._rings(), ["Anna"])


@tagged("post_install", "-at_install", "lead_communications")
class TestRingingRights(RingingCommon):
    """A popup shows what its reader may read: each one their own leads."""

    def test_nobody_else_is_shown_anything(self):
        self._report()
        call = self._rows()
        self.assertTrue(call.with_user(self.anna).get_ringing_message())
        for user in (self.ben, self.marek, self.otto):
            self.assertFalse(call.with_user(user).get_ringing_message(), user.name)
        self.line_team.member_ids = self.ben
        call.ringing_user_ids = (self.anna | self.otto).ids
        self.assertFalse(call.with_user(self.otto).get_ringing_message(), "of another company")

    def test_nothing_is_shown_of_what_is_over_or_gone(self):
        self._report()
        call = self._rows().with_user(self.anna)
        self._report(event="hangup")
        self.assertFalse(call.get_ringing_message())
        gone = self._create_call(ringing_user_ids=self.anna.ids)
        self.assertTrue(gone.with_user(self.anna).get_ringing_message())
        gone.unlink()
        self.assertFalse(gone.with_user(self.anna).get_ringing_message())

    def test_hidden_leads_are_in_no_message(self):
        self._create_lead(name="Secret of Anna", phone="+48221234567", partner_name="Annas Ltd")
        self._create_lead(name="Secret of Ben", phone="+48221234567", user_id=self.ben.id)
        self._create_lead(name="Of nobody", phone="+48221234567", user_id=False)
        self._report(did="")
        texts = {user: json.dumps(shown) for user, shown in self._popups().items()}
        for user, own, hidden in ((self.anna, "Anna", "Ben"), (self.ben, "Ben", "Anna")):
            with self.subTest(user=user.name):
                text = texts[user]
                self.assertIn(f"Secret of {own}", text)
                self.assertIn("Of nobody", text)
                self.assertNotIn(f"Secret of {hidden}", text)
                self.assertIn('"lead_count": 2', text)
        self.assertNotIn("Annas", texts[self.ben])

    def test_leads_of_another_company(self):
        self.anna.company_ids |= self.other_company
        self._create_lead(
            name="Elsewhere", phone="+48221234567", company_id=self.other_company.id, user_id=False
        )
        self._create_lead(name="Here", phone="+48221234567", company_id=self.company.id)
        self._report()
        ringing = self._popups()[self.anna]
        self.assertEqual([lead["name"] for lead in ringing["leads"]], ["Here"])

    def test_rights_of_the_reporting_user_do_not_count(self):
        """An integrator reports in another company's context: the popup is Anna's all the same."""
        self._create_lead(name="Mine", phone="+48221234567", company_id=self.company.id)
        pbx = self.pbx.with_context(allowed_company_ids=self.other_company.ids)
        self.pbx = pbx
        self._report()
        ringing = self._popups()[self.anna]
        self.assertEqual([lead["name"] for lead in ringing["leads"]], ["Mine"])

    def test_at_most_five_leads(self):
        for number in range(7):
            self._create_lead(name=f"Lead {number}", phone="+48221234567")
        self._report()
        ringing = self._popups()[self.anna]
        self.assertEqual(len(ringing["leads"]), 5)
        self.assertEqual(ringing["lead_count"], 7)

    def test_what_is_not_known_of_a_lead_is_empty(self):
        partner = self.env["res.partner"].create({"name": "Maria", "phone": "+48221234567"})
        self._create_lead(name="Of a contact", partner_id=partner.id, partner_name=False)
        self._create_lead(
            name="Bare", phone="+48221234567", user_id=False, team_id=False, stage_id=False
        )
        self._report()
        ringing = self._popups()[self.anna]
        leads = {lead["name"]: lead for lead in ringing["leads"]}
        self.assertEqual(leads["Of a contact"]["partner"], "Maria")
        bare = leads["Bare"]
        self.assertEqual([bare[name] for name in ("partner", "stage", "salesperson")], [""] * 3)
        self.assertEqual(ringing["contact_name"], "")

    def test_anonymous_caller(self):
        self._create_lead(phone=False)
        self._report(src="anonymous")
        ringing = self._popups()[self.anna]
        self.assertEqual((ringing["number"], ringing["leads"]), ("", []))

    def test_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        self.anna.lang = "pl_PL"
        lead = self._create_lead(phone="+48221234567")
        lead.stage_id.with_context(lang="pl_PL").name = "Nowy etap"
        self._report()
        ringing = self._popups()[self.anna]
        self.assertEqual(ringing["leads"][0]["stage"], "Nowy etap")


@tagged("post_install", "-at_install", "lead_communications")
class TestRefreshByReports(RingingCommon):
    """Open lists are told that a telephone system has reported."""

    def test_once_per_report(self):
        self.pbx._receive(cdr("in_answered", "in_queue", "internal", "out_answered"), CSV)
        self.assertEqual(self._changes(), [self._call_message])
        self.pbx._receive(cdr("in_answered"), CSV)
        self.assertEqual(self._changes(), [])

    def test_of_missed_calls(self):
        """Their activities use savepoints, each of which sends what there is to be sent."""
        self.pbx._receive(cdr(), CSV)
        self.assertIn(self._call_message, self._changes())

    def test_as_many_queries_for_a_team_of_one_and_of_fifteen(self):
        people = self.env["res.users"].browse()
        for number in range(15):
            people |= new_test_user(
                self.env,
                f"agent_{number}",
                "sales_team.group_sale_salesman",
                company_id=self.company.id,
                company_ids=[Command.set(self.company.ids)],
            )
        counts = []
        for name, team in (("warm", people), ("one", people[:1]), ("fifteen", people)):
            self.line_team.member_ids = team
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._report(name, did="%2B48227001900")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            told = self._messages(kind=RINGING)
            self.assertEqual(len(told), len(team))
        self.assertEqual(counts[1], counts[2])

    def test_no_query_is_added_while_nothing_rings(self):
        rows = self._create_call(date="2026-01-01") | self._create_call(date="2026-01-01")
        rows._run_steps("after_report")  # reads the rows, which a report has read already
        queries = self.env.cr.sql_log_count
        rows._run_steps("after_report")
        # The one is for the exceptions.
        self.assertEqual(self.env.cr.sql_log_count, queries + 1)
        self.assertEqual(self._changes(), [self._call_message])
