import ast
from datetime import timedelta
from email.utils import format_datetime

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase

NUMBER = "+48221234567"
READY = ("state", "=", "ready")
INBOX = [("type", "in", ["call", "email"]), READY]
LISTS = {
    "inbox": [("type", "in", ["call", "email"])],
    "call": [("type", "=", "call")],
    "email": [("type", "=", "email")],
}
PREVIEW = "lead_communications.lead_communication_view_form_preview"


@tagged("post_install", "-at_install", "lead_communications")
class TestTriage(LeadCommunicationsCommon):
    """The Inbox: what its rows say, how they are found, opened, counted and decided."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rows = cls.env["lead.communication"].with_user(cls.anna)

    def _search_number(self, text):
        return self.rows.search([("number_search", "ilike", text), ("id", "in", self.calls.ids)])

    # ---- WHAT A ROW SAYS ----

    def test_party_is_the_best_that_is_known(self):
        unknown = self._create_call(number=False, phone_sanitized=False)
        for call, party in (
            (self._create_call(contact_name="Jan"), "Jan"),
            (self._create_call(number="22 123 45 67"), NUMBER),
            (self._create_call(number="anonymous", phone_sanitized=False), "anonymous"),
            (unknown, "Unknown"),
            (self._receive(), "Jan Kowalski"),
        ):
            with self.subTest(party=party):
                self.assertEqual(call.counterpart_name, party)

    def test_summary_of_a_call_is_result_and_length(self):
        call = self._create_call(result="answered", duration=83)
        self.assertEqual(call.summary, "Answered · 1:23")
        self.assertEqual(self._create_call(result="missed").summary, "Missed")
        self.assertEqual(self._create_call().summary, "Going on")
        named = self._create_call(result="missed", contact_name="Jan")
        self.assertEqual(named.summary, f"Missed · {NUMBER}")

    def test_summary_of_an_email_is_subject_and_text(self):
        self.assertEqual(
            self._receive().summary,
            "A question about windows – Good morning, how much is a window?",
        )

    def test_attempts_are_waiting_calls_of_the_number(self):
        first, second = self._create_call(), self._create_call()
        other = self._create_call(phone_sanitized="+48221234568")
        self._create_call().with_user(self.anna)._decide("ignore")
        mail = self._receive()
        counts = {row.id: row.attempt_count for row in (first | second | other | mail)}
        self.assertEqual(counts, {first.id: 2, second.id: 2, other.id: 1, mail.id: 0})

    def test_attempts_in_queues_of_others_are_not_counted(self):
        call = self._create_call()
        self._create_call(user_id=self.ben.id)
        self.assertEqual(call.with_user(self.anna).attempt_count, 1)
        self.assertEqual(call.with_user(self.clara).attempt_count, 2)

    def test_candidates_tell_why_and_hide_leads_of_others(self):
        mine = self._create_lead(name="Mine", phone=NUMBER, partner_name="Acme")
        self._create_lead(name="Hidden", phone=NUMBER, user_id=self.ben.id)
        (candidate,) = self._create_call().with_user(self.anna).candidates
        self.assertEqual(candidate["id"], mine.id)
        self.assertEqual(candidate["name"], "Mine")
        self.assertIn("same number", candidate["reason"])
        self.assertEqual(candidate["partner"], "Acme")
        self.assertEqual(candidate["salesperson"], "Anna")
        self.assertEqual(candidate["status"], "pending")

    # ---- FINDING A NUMBER ----

    def test_number_is_found_in_any_spelling(self):
        self.calls = call = self._create_call(number="22 123 45 67")
        self.calls |= self._create_call(number="+48601200300", phone_sanitized="+48601200300")
        for text in (
            NUMBER,
            "22 123 45 67",
            "(22) 123-45-67",
            "0048 22 1234567",
            "48221234567",
            "tel:+48-22-123-45-67",
            "2212345",
            "123 45 67",
        ):
            with self.subTest(text=text):
                self.assertEqual(self._search_number(text), call)

    def test_number_that_is_none_finds_by_its_text_only(self):
        self.calls = self._create_call() | self._create_call(
            number="anonymous", phone_sanitized=False
        )
        self.assertEqual(self._search_number("anonym"), self.calls[1])
        self.assertFalse(self._search_number("Kowalski 1"))
        self.assertFalse(self._search_number("' OR 1=1 --"))

    def test_several_numbers_at_once(self):
        call = self._create_call()
        found = self.rows.search([("number_search", "in", ["22 123 45 67", "12"])])
        self.assertIn(call, found)

    # ---- GROUPING ----

    def test_counterpart_is_number_or_address_or_name(self):
        calls = self._create_call(contact_name="Jan") | self._create_call(number="22 123 45 67")
        short = self._create_call(number="101", phone_sanitized=False)
        named = self._create_call(number=False, phone_sanitized=False, contact_name="Ola")
        unknown = self._create_call(number=False, phone_sanitized="")
        mail = self._receive()
        rows = calls | short | named | unknown | mail
        domain = [("id", "in", rows.ids)]
        groups = self.rows.formatted_read_group(domain, ["counterpart"], ["__count"])
        found = {group["counterpart"]: group for group in groups}
        expected = {NUMBER: calls, "101": short, "Ola": named, "jan@customer.test": mail}
        expected[False] = unknown
        self.assertEqual(found.keys(), expected.keys())
        for counterpart, members in expected.items():
            with self.subTest(counterpart=counterpart):
                self.assertEqual(set(members.mapped("counterpart")), {counterpart})
                self.assertEqual(found[counterpart]["__count"], len(members))
                extra = found[counterpart]["__extra_domain"]
                self.assertEqual(self.rows.search([*domain, *extra]), members)

    def test_rows_are_grouped_in_each_list(self):
        self._create_call(line_number="+48221234500")
        self._receive()
        for kind, domain in LISTS.items():
            view = self.env.ref(f"lead_communications.lead_communication_view_search_{kind}")
            arch = etree.fromstring(self.rows.get_view(view.id, "search")["arch"])
            names = {
                node.get("name"): ast.literal_eval(node.get("context"))["group_by"]
                for node in arch.iterfind(".//filter[@context]")
            }
            expected = {"group_by_counterpart", "group_by_date", "group_by_user_id"}
            expected |= {"group_by_line_number"} if kind != "email" else set()
            expected |= {"group_by_mailbox_ids"} if kind != "call" else set()
            self.assertLessEqual(expected, names.keys(), kind)
            for name, spec in names.items():
                with self.subTest(kind=kind, name=name):
                    self.assertTrue(self.rows.web_read_group(domain, [spec])["groups"])

    def test_filters_of_each_list(self):
        call, today = self._create_call(date="2026-01-02"), self._create_call(result="missed")
        mail = self._receive(attachments=[("a.pdf", b"%PDF-")])
        plain = self._receive(subject="Plain")
        nobody = self._create_call(user_id=False, team_id=self.team.id, date="2026-01-02")
        rows = call | today | mail | plain | nobody
        common = {
            "filter_mine": call | today,
            "filter_unassigned": mail | plain | nobody,
            "filter_my_teams": nobody,
            "filter_today": today,
            "filter_old": call | mail | plain | nobody,
            "filter_missed": today,
            "filter_attachments": mail,
        }
        absent = {"inbox": set(), "call": {"filter_attachments"}, "email": {"filter_missed"}}
        for kind, domain in LISTS.items():
            view = self.env.ref(f"lead_communications.lead_communication_view_search_{kind}")
            arch = etree.fromstring(self.rows.get_view(view.id, "search")["arch"])
            for name, expected in common.items():
                with self.subTest(kind=kind, name=name):
                    nodes = arch.xpath(f"//filter[@name='{name}']")
                    self.assertEqual(len(nodes), name not in absent[kind])
                    for node in nodes:
                        leaves = safe_eval(node.get("domain"), {"uid": self.anna.id})
                        found = self.rows.search([*leaves, *domain, ("id", "in", rows.ids)])
                        self.assertEqual(found, expected.filtered_domain(domain).sorted())

    # ---- OPENING ----

    def test_a_row_opens_in_the_form_of_its_type(self):
        for row, kind in ((self._create_call(), "call"), (self._receive(), "email")):
            with self.subTest(kind=kind):
                form = self.env.ref(f"lead_communications.lead_communication_view_form_{kind}")
                self.assertEqual(row.get_formview_id(), form.id)
                action = row.with_user(self.anna).action_open()
                self.assertEqual(action["path"], f"lead-{kind}s")
                self.assertEqual(action["res_id"], row.id)
                self.assertEqual(action["views"], [(form.id, "form")])

    def test_a_hidden_row_is_not_opened(self):
        with self.assertRaises(AccessError):
            self._create_call().with_user(self.ben).action_open()

    # ---- DECIDING ----

    def test_attach_to_a_found_lead(self):
        lead = self._create_lead(phone=NUMBER)
        call = self._create_call().with_user(self.anna)
        notice = call.with_context(found_lead_id=lead.id, lead_stay=True).action_attach_found()
        self.assertEqual((call.state, call.lead_id), ("done", lead))
        self.assertFalse(notice["params"]["next"])
        self.assertEqual(notice["params"]["open"]["res_id"], lead.id)
        self.assertTrue(notice["params"]["stay"])

    def test_attach_to_a_lead_of_others_is_refused(self):
        lead = self._create_lead(user_id=self.ben.id)
        call = self._create_call().with_user(self.anna)
        with self.assertRaises(AccessError):
            call.with_context(found_lead_id=lead.id).action_attach_found()
        self.assertEqual(call.state, "ready")

    def test_attach_to_no_lead_is_refused(self):
        for lead_id in (None, 0, 2**31 - 1):
            with self.subTest(lead_id=lead_id), self.assertRaises(UserError):
                call = self._create_call().with_user(self.anna)
                call.with_context(found_lead_id=lead_id).action_attach_found()

    def test_attach_to_a_found_lead_comes_too_late(self):
        lead = self._create_lead(phone=NUMBER)
        call = self._create_call()
        call.with_user(self.clara)._decide("attach", lead)
        with self.assertRaisesRegex(RedirectWarning, "Clara was first"):
            call.with_user(self.anna).with_context(found_lead_id=lead.id).action_attach_found()

    def test_create_leaves_the_list_open_only_in_the_inbox(self):
        for stay in (True, False):
            with self.subTest(stay=stay):
                number = f"+4822123450{stay:d}"
                call = self._create_call(number=number, phone_sanitized=number)
                params = call.with_user(self.anna).with_context(lead_stay=stay).action_create_lead()
                params = params["params"]
                self.assertEqual(bool(params["open"]), stay)
                self.assertEqual(bool(params["next"]), not stay)

    def test_undo_of_create_stays_in_the_inbox(self):
        call = self._create_call().with_user(self.anna)
        call.action_create_lead()
        notice = call.with_context(lead_stay=True).action_undo()
        self.assertEqual(notice["tag"], "lead_communications.undone")
        self.assertEqual(notice["params"]["row_id"], call.id)
        self.assertEqual(call.state, "ready")

    # ---- COUNTING ----

    def test_count_is_what_the_inbox_shows_at_first(self):
        before = self.rows.count_ready()
        mine = self._create_call() | self._create_call(user_id=False, team_id=self.team.id)
        mine |= self._receive()
        self._create_call(user_id=self.ben.id)
        self._create_call(company_id=self.other_company.id, pbx_id=False, user_id=False)
        mine[0].copy({"external_id": "x"}).with_user(self.anna)._decide("ignore")
        after = self.rows.count_ready()
        self.assertEqual(after.get("call", 0) - before.get("call", 0), 2)
        self.assertEqual(after.get("email", 0) - before.get("email", 0), 1)
        domain = [*INBOX, ("user_id", "in", [self.anna.id, False])]
        self.assertEqual(sum(after.values()), self.rows.search_count(domain))

    def test_manager_counts_calls_of_nobody_and_not_those_of_others(self):
        rows = self.rows.with_user(self.marek)
        before = rows.count_ready().get("call", 0)
        self._create_call(user_id=False)
        self._create_call()
        self.assertEqual(rows.count_ready()["call"] - before, 1)

    def test_count_is_for_salespeople(self):
        clerk = self._create_user("clerk_t", "base.group_user")
        with self.assertRaises(AccessError):
            self.rows.with_user(clerk).count_ready()

    def test_count_costs_one_query_of_rows(self):
        self._create_call()
        self.rows.count_ready()
        self.env.flush_all()
        with self.assertQueryCount(
            4
        ):  # the user's teams and mailboxes, what waits, what is snoozed
            self.rows.with_env(self.env(user=self.anna, context={})).count_ready()

    # ---- COSTS ----

    def _fill(self, count):
        now = fields.Datetime.now()
        for number in range(count // 2):
            phone = f"+4822123{number:04}"
            date = now - timedelta(minutes=number)
            self._create_call(number=phone, phone_sanitized=phone, date=date)
            sender = f"Jan <jan{number}@c{number}.test>"
            mail = self._mail(date=format_datetime(date), **{"from": sender})
            self._receive(mail)
            self._create_lead(name=f"Lead {number}", phone=phone)

    def _read_page(self, kind, limit):
        """Read a page of a list as the web client does; return the number of rows, of queries."""
        self.env.flush_all()
        self.env.invalidate_all()
        xmlid = f"lead_communications.lead_communication_view_list_{kind}"
        view = self.rows.get_view(self.env.ref(xmlid).id, "list")
        names = view["models"]["lead.communication"]
        specification = {name: {} for name in names if name != "id"}
        for name in {"found_lead_id", "user_id", "claimed_by_id", "mailbox_ids"} & set(names):
            specification[name] = {"fields": {"display_name": {}}}
        rows = self.rows.with_env(self.env(user=self.anna, context={}))
        before = self.env.cr.sql_log_count
        domain = [*LISTS[kind], READY]
        page = rows.web_search_read(domain, specification, limit=limit)["records"]
        return len(page), self.env.cr.sql_log_count - before

    def test_a_page_of_80_costs_no_more_queries_than_one_of_8(self):
        self._fill(160)
        for kind, limit in (("inbox", 22), ("call", 21), ("email", 22)):
            with self.subTest(kind=kind):
                self._read_page(kind, 8)  # what is cached once and for all
                few, few_queries = self._read_page(kind, 8)
                many, many_queries = self._read_page(kind, 80)
                self.assertEqual((few, many), (8, 80))
                self.assertEqual(many_queries, few_queries)
                self.assertLessEqual(many_queries, limit)

    def test_preview_is_read_for_one_row_by_few_queries(self):
        self._create_lead(phone=NUMBER)
        call = self._create_call(result="answered", duration=5)
        names = self.rows.get_view(self.env.ref(PREVIEW).id, "form")["models"]["lead.communication"]
        specification = {name: {} for name in names if name != "id"}
        for _warm in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            row = call.with_env(self.env(user=self.anna, context={}))
            before = self.env.cr.sql_log_count
            (values,) = row.web_read(specification)
        self.assertEqual(values["candidates"][0]["reason"], "same number")
        self.assertLessEqual(self.env.cr.sql_log_count - before, 40)


@tagged("post_install", "-at_install", "lead_communications")
class TestInboxSession(LeadCommunicationsCommon, PatientHttpCase):
    def test_counter_is_there_while_something_is_connected(self):
        def told():
            self.authenticate("anna_t", "anna_t")
            info = self.make_jsonrpc_request("/web/session/get_session_info", {})
            return info["lead_communications_types"]

        self.assertEqual(told(), ["call", "email"])
        self.env["lead.pbx"].search([]).active = False
        self.assertEqual(told(), ["email"])
        self.env["lead.mailbox"].search([]).active = False
        self.assertEqual(told(), [])
