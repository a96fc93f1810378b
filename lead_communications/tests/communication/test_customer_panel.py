from datetime import date, timedelta

from odoo import fields
from odoo.tests import tagged, users
from odoo.tools import format_date

from ..common import LeadCommunicationsCommon

NUMBER = "+48600100200"
PANEL = {"candidates": {}, "company_leads": {}}


@tagged("post_install", "-at_install", "lead_communications")
class TestCustomerPanel(LeadCommunicationsCommon):
    """What stands beside a row about the customer: as much as the reader may see, and no more."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call = cls._create_call(number="600 100 200", phone_sanitized=NUMBER)
        cls.firm = cls.env["res.partner"].create({"name": "Acme", "is_company": True})

    def _found(self, **values):
        return self._create_lead(**({"phone": NUMBER} | values))

    def _of_firm(self, **values):
        return self._create_lead(existing_company_id=self.firm.id, **values)

    def _past_call(self, lead, days, **values):
        """Return a call that was put on ``lead``, so many days ago."""
        call = self._create_call(
            **{
                "phone_sanitized": "+48223334455",
                "date": fields.Datetime.now() - timedelta(days=days),
                "result": "answered",
            }
            | values
        )
        call._decide("attach", lead)
        return call

    def _read(self, row=None):
        row = row or self.call
        self.env.flush_all()
        self.env.invalidate_all()
        (values,) = row.with_user(self.env.user).web_read(PANEL)
        return values["candidates"], values["company_leads"]

    # ---- THE LEAD ----

    @users("anna_t")
    def test_lead_with_amount_stage_and_next_activity(self):
        lead = self._found(expected_revenue=12000.5, partner_name="Acme")
        lead.company_currency.sudo().position = "after"
        lead.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=date(2020, 1, 31),
            summary="Send the offer",
            user_id=self.anna.id,
        )
        ((found,), _others) = self._read()
        self.assertEqual(found["id"], lead.id)
        self.assertEqual(found["partner"], "Acme")
        self.assertEqual(found["stage"], lead.stage_id.name)
        self.assertEqual(
            found["revenue"], f"12,000.50\N{NO-BREAK SPACE}{lead.company_currency.symbol}"
        )
        self.assertEqual(
            found["activity"],
            {
                "name": "Send the offer",
                "date": format_date(self.env, date(2020, 1, 31)),
                "state": "overdue",
            },
        )

    @users("anna_t")
    def test_what_is_not_there_is_left_out(self):
        self._found()
        ((found,), others) = self._read()
        self.assertEqual((found["revenue"], found["activity"]), ("", False))
        self.assertEqual(found["contacts"], [])
        self.assertEqual(others, {"leads": [], "more": 0, "hidden": 0})

    @users("anna_t")
    def test_amount_is_in_the_currency_of_the_company_of_the_lead(self):
        lead = self._found(expected_revenue=7, company_id=self.company.id)
        other = self.env.ref("base.JPY") if self.company.currency_id.name != "JPY" else None
        self.company.sudo().currency_id = other.sudo()
        ((found,), _others) = self._read()
        self.assertEqual(lead.company_currency, other)
        self.assertIn("¥", found["revenue"])
        self.assertNotIn(".", found["revenue"])

    @users("anna_t")
    def test_decided_row_tells_of_its_lead(self):
        lead = self._found(name="Windows")
        before = self._past_call(lead, 3)
        self.call.with_env(self.env)._decide("attach", lead)
        ((found,), _others) = self._read()
        self.assertEqual((found["name"], found["reason"]), ("Windows", ""))
        self.assertEqual([one["id"] for one in found["contacts"]], before.ids)

    # ---- CONTACTS ----

    @users("anna_t")
    def test_last_contacts_are_the_newest_of_what_took_place(self):
        lead = self._found()
        calls = [self._past_call(lead, days, duration=65) for days in (9, 5, 7, 3, 8)]
        ((found,), _others) = self._read()
        newest = [calls[3].id, calls[1].id, calls[2].id]
        self.assertEqual([one["id"] for one in found["contacts"]][:3], newest)
        contact = found["contacts"][0]
        self.assertEqual((contact["type"], contact["direction"]), ("call", "incoming"))
        self.assertEqual(contact["text"], "Answered · 1:05")

    @users("anna_t")
    def test_emails_of_a_hidden_contact_are_no_contacts(self):
        hidden = self.env["res.partner"].sudo().create({"name": "Secret Person"})
        lead = self._found()
        call = self._past_call(lead, 3)
        mail = self._receive(subject="Secret subject")
        mail._decide("attach", lead)
        ((found,), _others) = self._read()
        self.assertEqual({one["id"] for one in found["contacts"]}, {mail.id, call.id})
        lead.sudo().partner_id = hidden
        lead.sudo().phone = NUMBER
        self.env["ir.rule"].sudo().create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {hidden.id})]",
            }
        )
        candidates, _others = self._read()
        self.assertEqual([one["id"] for one in candidates[0]["contacts"]], call.ids)
        self.assertNotIn("Secret", str(candidates))

    # ---- THE COMPANY ----

    @users("anna_t")
    def test_other_open_leads_of_the_company(self):
        found = self._found(existing_company_id=self.firm.id)
        others = [self._of_firm(name=f"Other {number}") for number in range(7)]
        self._of_firm(name="Lost").action_set_lost()
        self._of_firm(name="Won").action_set_won()
        _candidates, company = self._read()
        shown = [lead["id"] for lead in company["leads"]]
        self.assertEqual(len(shown), 5)
        self.assertLess(set(shown), {lead.id for lead in others})
        self.assertNotIn(found.id, shown)
        self.assertEqual((company["more"], company["hidden"]), (2, 0))

    @users("anna_t")
    def test_leads_of_others_are_a_number(self):
        self._found(existing_company_id=self.firm.id)
        self._of_firm(name="Secret lead", user_id=self.ben.id)
        self._of_firm(
            name="Secret lead elsewhere",
            user_id=self.otto.id,
            company_id=self.other_company.id,
            team_id=False,
        )
        candidates, company = self._read()
        self.assertEqual(company, {"leads": [], "more": 0, "hidden": 1})
        self.assertNotIn("Secret", str((candidates, company)))

    @users("anna_t")
    def test_candidates_that_are_hidden_are_not_told_about(self):
        self._found(user_id=self.ben.id, name="Secret lead", partner_name="Secret firm")
        candidates, company = self._read()
        self.assertFalse(candidates or company["leads"])

    # ---- COSTS ----

    def _cost(self, row):
        row = row.with_env(self.env(user=self.anna, context={}))
        for _warm in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            (values,) = row.web_read(PANEL)
        return values["candidates"], self.env.cr.sql_log_count - before

    def _fill(self, count):
        for number in range(count):
            lead = self._found(name=f"Lead {number}", existing_company_id=self.firm.id)
            lead.activity_schedule("mail.mail_activity_data_todo", user_id=self.anna.id)
            for days in range(4):
                self._past_call(lead, days)
            self._of_firm()

    def test_many_leads_cost_no_more_queries_than_two(self):
        self._fill(2)
        candidates, two = self._cost(self.call)
        self.assertEqual(len(candidates), 2)
        self._fill(10)
        candidates, many = self._cost(self.call)
        self.assertEqual(len(candidates), 12)
        self.assertEqual(many, two)
        self.assertLessEqual(many, 30)
