from ast import literal_eval
from datetime import datetime, timedelta

from freezegun import freeze_time
from lxml import etree

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon

NIGHT = datetime(2026, 7, 6, 22, 30)  # 00:30 of the next day in Warsaw


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationReport(LeadCommunicationsCommon):
    """The numbers of reports, made by hand and by the database, and whose they are."""

    def _age(self, row, **delta):
        """Let ``row`` have come in earlier."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_communication SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(**delta), row.id),
        )
        row.invalidate_recordset()

    def _group(self, rows, groupby, aggregates, user=None, tz="UTC"):
        model = self.env["lead.communication"].with_user(user or self.env.user)
        return model.with_context(tz=tz)._read_group([("id", "in", rows.ids)], groupby, aggregates)

    def _measures(self, rows, *names):
        """Return the totals, which have to be those of the rows one by one, too."""
        return [round(value, 2) if value else value for value in self._group(rows, [], names)[0]]

    # ---- MEASURES ----

    def test_durations(self):
        start = datetime(2026, 7, 6, 10)
        calls = self._create_call(
            date=start,
            answer_date=start + timedelta(seconds=10),
            date_end=start + timedelta(seconds=5410),
            duration=5400,
            result="answered",
        )
        calls |= self._create_call(
            date=start, date_end=start + timedelta(seconds=30), result="missed"
        )
        names = ("talk_time:sum", "average_talk_time:avg", "ring_seconds:avg", "duration:sum")
        self.assertEqual(self._measures(calls, *names), [1.5, 1.5, 20, 5400])
        self.assertEqual(calls.mapped("ring_seconds"), [10, 30])
        self.assertEqual(calls.mapped("average_talk_time"), [1.5, 0])

    def test_time_to_decision_is_that_of_a_person_about_what_was_received(self):
        call, email, ruled = self._create_call(), self._receive(), self._create_call()
        logged = self._create_call(pbx_id=False, external_id=False)
        rows = call | email | ruled | logged
        for row, hours in ((call, 3), (email, 1), (ruled, 50), (logged, 70)):
            self._age(row, hours=hours)
        call.with_user(self.anna).action_ignore()
        email.with_user(self.anna).action_create_lead()
        logged.with_user(self.anna).action_ignore()
        ruled._decide("ignore")
        self.assertFalse(ruled.decided_date)
        self.assertEqual(self._measures(rows, "decision_hours:avg", "__count"), [2, 4])
        self.assertEqual([round(row.decision_hours) for row in rows], [3, 1, 0, 0])

    def test_what_is_taken_back_was_not_decided(self):
        call = self._create_call()
        row = call.with_user(self.anna)
        row.action_ignore()
        decided = call.decided_date
        self.assertTrue(decided)
        with freeze_time(decided + timedelta(hours=1)):
            row.action_reopen()
            self.assertFalse(call.decided_date)
            row.action_undo()
            self.assertEqual((call.state, call.decided_date), ("ignored", decided))
            row.action_undo()
            self.assertFalse(call.decided_date)
            row._assign(self.anna, self.team)
            self.assertFalse(call.decided_date)
            row.action_create_lead()
            self.assertEqual(call.decided_date, decided + timedelta(hours=1))

    def test_moving_it_on_is_no_first_decision(self):
        call = self._create_call()
        call.with_user(self.anna)._decide("attach", self._create_lead().with_user(self.anna))
        decided = call.decided_date
        with freeze_time(decided + timedelta(days=1)):
            call.with_user(self.anna)._decide("move", self._create_lead().with_user(self.anna))
        self.assertEqual(call.decided_date, decided)

    # ---- DAYS ----

    def test_days_are_those_of_the_reader(self):
        """The filters of the lists and reports begin at midnight where the reader is."""
        midnights = {
            "Pacific/Auckland": datetime(2026, 11, 9, 11),
            "America/Los_Angeles": datetime(2026, 11, 9, 8),
            "UTC": datetime(2026, 11, 9),
        }
        filters = {
            "today": ("lead_communication_view_search", "filter_today", 0),
            "30 days": ("lead_communication_view_search_report", "filter_recent", 30),
        }
        for zone, midnight in midnights.items():
            for name, (view, filter_name, days) in filters.items():
                with self.subTest(zone, name=name), freeze_time(midnight + timedelta(hours=9)):
                    start = midnight - timedelta(days=days)
                    if zone == "America/Los_Angeles" and days:
                        start -= timedelta(hours=1)  # daylight saving time
                    late = self._create_call(date=start)
                    early = self._create_call(date=start - timedelta(seconds=1))
                    domain = self._filter_domain(view, filter_name)
                    rows = (late | early).with_context(tz=zone)
                    self.assertEqual(rows.search([*domain, ("id", "in", rows.ids)]), late)
                    days_of = rows._read_group([("id", "in", rows.ids)], ["date:day"], ["__count"])
                    self.assertEqual([count for _day, count in days_of], [1, 1])

    def _filter_domain(self, view, name):
        arch = etree.fromstring(self.env.ref(f"lead_communications.{view}").arch)
        return literal_eval(arch.find(f".//filter[@name='{name}']").get("domain"))

    # ---- RESPONSES ----

    def test_a_missed_call_is_answered_by_the_call_back(self):
        now = fields.Datetime.now()
        missed = self._create_call(result="missed", date=now - timedelta(hours=3))
        spoken = self._create_call(
            result="answered", direction="outgoing", date=now - timedelta(hours=1), duration=9
        )
        (missed | spoken)._run_steps("after_report")
        self.assertEqual(self._measures(missed | spoken, "response_hours:avg"), [2])
        self.assertEqual(missed.response_hours, 2)

    def test_an_email_is_answered_by_the_first_one_that_goes_out(self):
        now = fields.Datetime.now()
        lead = self._create_lead(email_from="jan@customer.test")
        email = self._receive(date=None)
        email._decide("attach", lead)
        for hours in (4, 6):
            with freeze_time(now + timedelta(hours=hours)):
                lead.message_post(
                    body="It costs 100",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    partner_ids=lead._email_recipients().ids,
                    date=fields.Datetime.now(),
                )
        sent = lead.email_ids.filtered(lambda row: row.direction == "outgoing")
        self.assertEqual(len(sent), 2)
        self.assertEqual(email.responded_date, min(sent.mapped("date")))
        self.assertAlmostEqual(email.response_hours, 4, places=1)

    def test_an_answer_that_is_fetched_before_its_question_counts(self):
        question = "<question@customer.test>"
        answer = self._receive(
            **{"from": "Anna <sales@company.test>", "to": "jan@customer.test"},
            in_reply_to=question,
            date="Mon, 02 Nov 2026 12:15:00 +0100",
        )
        self.assertEqual(answer.direction, "outgoing")
        first = self._receive(message_id=question)
        again = self._receive(in_reply_to=answer.message_ref)
        self.assertEqual(again.conversation_ref, answer.conversation_ref)
        self.assertFalse(first.responded_date and again.response_hours < 0)
        self.assertEqual(again.responded_date, answer.date)
        late = self._receive(in_reply_to=answer.message_ref, date="Mon, 02 Nov 2026 15:00:00 +0100")
        self.assertFalse(late.responded_date)

    # ---- GROUPS ----

    def test_the_hour_is_that_of_the_reader(self):
        calls = self._create_call(date=NIGHT) | self._create_call(date=NIGHT + timedelta(days=9))
        for tz, hour in (("UTC", "22:00"), ("Europe/Warsaw", "00:00")):
            with self.subTest(tz=tz):
                groups = self._group(calls, ["hour"], ["__count"], tz=tz)
                self.assertEqual(groups, [(hour, 2)])
                rows = calls.with_context(tz=tz)
                self.assertEqual(rows[0].hour, hour)
                found = rows.search([("id", "in", rows.ids), ("hour", "=", hour)])
                self.assertEqual(found, rows)
                self.assertFalse(rows.search([("id", "in", rows.ids), ("hour", "!=", hour)]))

    def test_each_group_of_the_reports_can_be_read_and_opened(self):
        call = self._create_call(line_number="+48220000000", result="missed")
        email = self._receive()
        (call | email).with_user(self.anna).action_ignore()
        model = self.env["lead.communication"].with_user(self.anna)
        domain = [("id", "in", (call | email).ids)]
        arch = self.env.ref("lead_communications.lead_communication_view_search_report")
        view = model.get_view(arch.id, "search")["arch"]
        names = [name for name in model._fields if f"'group_by': '{name}" in view]
        self.assertIn("decision_user_id", names)
        self.assertIn("mailbox_ids", names)
        for name in names:
            with self.subTest(group=name):
                spec = f"{name}:day" if name == "date" else name
                groups = model.formatted_read_group(
                    domain, [spec], ["__count", "decision_hours:avg"]
                )
                self.assertEqual(sum(group["__count"] for group in groups), 2)
                for group in groups:
                    found = model.search_count([*domain, *group["__extra_domain"]])
                    self.assertEqual(found, group["__count"])
        decided = self._group(call | email, ["decision_user_id"], ["__count"], self.anna)
        self.assertEqual(decided, [(self.anna, 2)])

    def test_the_client_is_offered_the_measures_and_groups(self):
        description = self.env["lead.communication"].fields_get()
        for name, aggregator in (
            ("talk_time", "sum"),
            ("average_talk_time", "avg"),
            ("ring_seconds", "avg"),
            ("decision_hours", "avg"),
            ("response_hours", "avg"),
        ):
            self.assertEqual(description[name]["aggregator"], aggregator, name)
        for name in ("hour", "decision_user_id", "line_number", "mailbox_ids", "rule"):
            self.assertTrue(description[name]["groupable"], name)

    def test_everybody_counts_what_he_may_see(self):
        of_anna = self._create_call()
        of_ben = self._create_call(user_id=self.ben.id)
        of_otto = self._create_call(
            user_id=self.otto.id, company_id=self.other_company.id, pbx_id=False
        )
        email = self._receive()
        rows = of_anna | of_ben | of_otto | email
        expected = {self.anna: 2, self.ben: 1, self.clara: 2, self.marek: 2, self.otto: 1}
        for user, count in expected.items():
            with self.subTest(user=user.name):
                self.assertEqual(self._group(rows, [], ["__count"], user), [(count,)])

    def test_the_menus_open_their_views(self):
        menus = self.env["ir.ui.menu"].search(
            [
                (
                    "parent_id",
                    "=",
                    self.env.ref("lead_communications.lead_communication_reports_menu").id,
                )
            ]
        )
        self.assertEqual(len(menus), 5)
        for menu in menus:
            with self.subTest(menu=menu.name):
                action = menu.action
                model = self.env[action.res_model].with_user(self.marek)
                views = [(view.view_id.id, view.view_mode) for view in action.view_ids]
                model.get_views(views, {"load_filters": True})


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationDigest(LeadCommunicationsCommon):
    """The tiles of the digest: whose numbers, of which days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.digest = cls.env["digest.digest"].create(
            {
                "name": "Calls and emails",
                "company_id": cls.company.id,
                "user_ids": [Command.set(cls.anna.ids)],
                "kpi_lead_waiting": True,
                "kpi_lead_missed": True,
                "kpi_lead_decision": True,
                "kpi_res_users_connected": False,
                "kpi_mail_message_total": False,
            }
        )

    def _tiles(self, user, company=None):
        kpis = self.digest._compute_kpis(company or self.company, user)
        return {kpi["kpi_name"]: kpi for kpi in kpis}

    def _values(self, user):
        return {
            name.removeprefix("kpi_lead_"): [
                float(tile[f"kpi_col{number}"]["value"]) for number in (1, 2, 3)
            ]
            for name, tile in self._tiles(user).items()
        }

    def _come_in(self, row, days):
        date = fields.Datetime.now() - timedelta(days=days)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE lead_communication SET create_date = %s, date = %s WHERE id = %s",
            (date, date, row.id),
        )
        self.env.invalidate_all()
        return row

    def test_values_by_person_and_time(self):
        self.env["lead.communication"].search([]).unlink()  # of the demo
        yesterday = self._come_in(self._create_call(result="missed"), 0.5)
        self._come_in(self._create_call(result="missed", called_back_date=NIGHT), 3)
        self._come_in(self._create_call(user_id=self.ben.id, result="missed"), 20)
        self._come_in(self._create_call(result="missed", direction="outgoing"), 0.5)
        self._come_in(self._receive(), 0.5)
        self._come_in(self._create_call(result="answered"), 400)  # it still waits
        self._create_call(user_id=self.otto.id, company_id=self.other_company.id, pbx_id=False)
        expected = {"waiting": [5, 5, 5], "missed": [1, 1, 1], "decision": [0, 0, 0]}
        self.assertEqual(self._values(self.anna), expected)
        expected = {"waiting": [5, 5, 5], "missed": [1, 1, 2], "decision": [0, 0, 0]}
        self.assertEqual(self._values(self.clara), expected)
        yesterday.with_user(self.anna).action_ignore()
        yesterday.decided_date = yesterday.create_date + timedelta(hours=11, minutes=30)
        expected = {"waiting": [4, 4, 4], "missed": [0, 0, 1], "decision": [11.5, 11.5, 11.5]}
        self.assertEqual(self._values(self.clara), expected)

    def test_each_tile_opens_a_report(self):
        for name, tile in self._tiles(self.anna).items():
            with self.subTest(tile=name):
                xmlid = tile["kpi_action"].split("?")[0]
                self.assertEqual(self.env.ref(xmlid).res_model, "lead.communication")

    def test_who_does_not_sell_has_no_tiles(self):
        worker = self._create_user("worker_t", "base.group_user")
        self.assertFalse(self._tiles(worker))

    def test_the_email_is_made(self):
        self.digest.action_send_manual()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("Calls and Emails That Wait", mail.body_html)
        self.assertIn("lead_communication_report_waiting_action", mail.body_html)
