from ast import literal_eval
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .captures import cdr
from .common import LeadPbxCommon

NUMBER = "+48221234567"


@tagged("post_install", "-at_install", "lead_communications")
class TestHistory(LeadPbxCommon):
    """Calls from before the start date of their telephone system."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx.tz = "Europe/Warsaw"

    def _missed(self, start, **values):
        epoch = int((start - fields.Datetime.to_datetime("1970-01-01")).total_seconds())
        return self._push(start=str(epoch), end=str(epoch + 5), **values)[0]

    def test_form_proposes_today(self):
        context = literal_eval(self.env.ref("lead_communications.lead_pbx_action").context)
        systems = self.env["lead.pbx"].with_context(**context)
        today = fields.Date.context_today(systems)
        self.assertEqual(systems.default_get(["start_date"]), {"start_date": today})
        self.assertFalse(self.pbx.start_date)

    def test_without_a_start_date_all_calls_wait(self):
        self.pbx._take_in(cdr(), "text/csv")
        self.assertNotIn("before_start", self._rows().mapped("rule"))
        self.assertIn("ready", self._rows().mapped("state"))

    def test_history_is_attached_to_the_one_lead_that_fits_or_set_aside(self):
        self.pbx.start_date = fields.Date.today() + timedelta(days=1)
        lead = self._create_lead(phone=NUMBER)
        closed = self._create_lead(phone=NUMBER)
        closed.action_set_lost()
        for number in range(2):
            self._create_lead(phone="+48600700002", name=f"Twin {number}")
        before = self.env["mail.activity"].search_count([])
        now = fields.Datetime.now()
        fitting = self._missed(now, linkedid="1.1")
        unclear = self._missed(now, linkedid="1.2", src="%2B48600700002")
        unknown = self._missed(now, linkedid="1.3", src="%2B48600700003")
        self.assertEqual((fitting.state, fitting.lead_id), ("done", lead))
        self.assertEqual((unclear | unknown).mapped("state"), ["ignored"] * 2)
        self.assertEqual(set(self._rows().mapped("rule")), {"before_start"})
        self.assertFalse(self._rows().callback_activity_id)
        self.assertEqual(self.env["mail.activity"].search_count([]), before)

    def test_start_is_midnight_where_the_system_stands(self):
        self.pbx.start_date = "2026-11-20"
        before = self._missed(fields.Datetime.to_datetime("2026-11-19 22:59:59"), linkedid="1.1")
        after = self._missed(fields.Datetime.to_datetime("2026-11-19 23:00:00"), linkedid="1.2")
        self.assertEqual((before.state, after.state), ("ignored", "ready"))
        self.pbx.tz = "UTC"
        self.assertEqual(self.pbx._switchboard().start.hour, 0)

    def test_what_a_person_gave_back_stays(self):
        self.pbx.start_date = "2026-11-20"
        row = self._missed(fields.Datetime.to_datetime("2026-11-19 10:00:00"))
        row.action_reopen()
        self._push(start="1795305366", end="1795305399")
        row.flush_recordset()
        self.assertEqual(row.state, "ready")

    def test_internal_and_current_calls_are_no_history(self):
        self.pbx.start_date = fields.Date.today() - timedelta(days=1)
        row = self._missed(fields.Datetime.now())
        self.assertEqual((row.state, row.rule), ("ready", False))
        self.assertTrue(row.is_callback_requested)

    def test_leads_of_other_companies_are_told_to_nobody(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_lead(phone=NUMBER, company_id=other.id, user_id=False, team_id=False)
        self.pbx.start_date = fields.Date.today() + timedelta(days=1)
        row = self._missed(fields.Datetime.now())
        self.assertEqual((row.state, row.lead_id.id), ("ignored", False))

    def test_queries_do_not_grow_with_the_calls(self):
        self.pbx.start_date = fields.Date.today() + timedelta(days=1)
        counts = []
        for batch in range(1, 4):
            body = "".join(
                f"2026-11-21 10:00:{number:02d},4860070{batch}0{number:02d},222004000,PJSIP/101-1,"
                f"Dial,4,ANSWERED,{batch}79530{number:04d}.0\n"
                for number in range(1 if batch < 3 else 40)
            )
            raw = "start,src,dst,dstchannel,lastapp,billsec,disposition,uniqueid\n" + body
            before = self.env.cr.sql_log_count
            self.pbx._take_in(raw.encode(), "text/csv")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(len(self._rows()), 42)
        self.assertLessEqual(counts[2], counts[1])
