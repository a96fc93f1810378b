import re
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from ..common import SALESMAN, LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestResPartner(LeadCommunicationsCommon):
    """The history stands on the contact and on the company, for those who may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.env["res.partner"].create({"name": "Acme", "is_company": True})
        cls.ewa, cls.jan, cls.other = cls.env["res.partner"].create(
            [
                {"name": "Ewa", "parent_id": cls.acme.id},
                {"name": "Jan", "parent_id": cls.acme.id, "active": False},
                {"name": "Somebody else"},
            ]
        )
        cls.ewa_lead = cls._create_lead(name="Ewa's", partner_id=cls.ewa.id)
        cls.jan_lead = cls._create_lead(name="Jan's", partner_id=cls.jan.id)
        cls.ben_lead = cls._create_lead(name="Ben's", partner_id=cls.ewa.id, user_id=cls.ben.id)
        cls.no_lead = cls._create_lead(name="Nobody's")
        cls.by_contact = cls._event(cls.ewa_lead)
        cls.by_colleague = cls._event(cls.jan_lead)
        cls.of_ben = cls._event(cls.ben_lead)
        cls.by_partner = cls._event(cls.no_lead, partner_id=cls.ewa.id)
        cls.by_company = cls._event(cls.no_lead, customer_company_id=cls.acme.id)
        cls.by_participant = cls._event(
            cls.no_lead, participant_ids=[Command.set((cls.ewa | cls.other).ids)]
        )
        cls.unrelated = cls._event(cls.no_lead, partner_id=cls.other.id)

    @classmethod
    def _event(cls, lead, **values):
        events = cls.env["lead.communication"]
        noted = {"type": "note", "state": "done", "subject": "Noted"}
        nobody = {"partner_id": False, "customer_company_id": False}
        return events.create(events._complete_event_values(lead, noted | nobody | values))

    def _history(self, partner, user):
        action = partner.with_user(user).action_open_communications()
        rows = self.env["lead.communication"].with_user(user).search(action["domain"])
        partner.invalidate_recordset(["communication_count"])
        self.assertEqual(partner.with_user(user).communication_count, len(rows))
        return rows.sudo()

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_history_of_a_contact(self):
        self.assertEqual(
            self._history(self.ewa, self.anna),
            self.by_contact | self.by_partner | self.by_participant,
        )
        self.assertEqual(self._history(self.jan, self.anna), self.by_colleague)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_history_of_a_company_is_that_of_its_people(self):
        mine = self.by_contact | self.by_partner | self.by_participant
        mine |= self.by_colleague | self.by_company
        self.assertEqual(self._history(self.acme, self.anna), mine)
        self.assertEqual(self._history(self.acme, self.marek), mine | self.of_ben)

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_what_others_may_not_see_is_not_counted(self):
        self.assertEqual(self._history(self.acme, self.ben), self.of_ben)
        self.assertFalse(self._history(self.acme, self.otto))

    def test_calls_and_emails_of_the_lead_are_there(self):
        call = self._create_call()
        mail = self._receive()
        (call | mail)._decide("attach", self.ewa_lead)
        waiting = self._create_call(number="+48229999999", phone_sanitized="+48229999999")
        history = self._history(self.ewa, self.anna)
        self.assertLessEqual(call | mail, history)
        self.assertNotIn(waiting, history)

    # ---- ANOTHER CONTACT, ANOTHER COMPANY ----

    def _attached(self, lead, **email):
        """Return a call and an email that were with the contact of ``lead``."""
        rows = self._create_call() | self._receive(**email)
        rows._decide("attach", lead)
        return rows

    def test_history_stays_when_the_lead_gets_another_contact(self):
        rows = self._attached(self.ewa_lead)
        for contact in (self.other, self.jan, self.env["res.partner"]):
            self.ewa_lead.with_user(self.anna).partner_id = contact
            with self.subTest(contact=contact.name):
                self.assertLessEqual(rows | self.by_contact, self._history(self.ewa, self.anna))
                self.assertLessEqual(rows, self._history(self.acme, self.anna))
                self.assertFalse(rows & self._history(self.other, self.anna))
                # And on the lead, with whom it was beside its contact.
                self.assertEqual(self.ewa_lead.call_ids | self.ewa_lead.email_ids, rows)
                self.assertEqual(rows.partner_id, self.ewa)
        new = self._attached(self.ewa_lead, message_id="<new@customer.test>")
        self.ewa_lead.partner_id = self.other
        self.assertFalse(new.partner_id, "they are with whom the lead is with")
        self.assertLessEqual(new, self._history(self.other, self.anna))

    def test_what_the_new_contact_wrote_was_with_them(self):
        """The first contact was the wrong one: that is why there is another."""
        self.other.write({"email": "Jan@customer.test", "phone": "+48 22 123 45 67"})
        mail, call = self._receive(), self._create_call()
        unknown = self._create_call(number="+48229999999", phone_sanitized="+48229999999")
        (mail | call | unknown)._decide("attach", self.ewa_lead)
        self.ewa_lead.partner_id = self.other
        self.assertEqual((mail | call).partner_id, self.other)
        self.assertEqual(unknown.partner_id, self.ewa)
        self.ewa_lead.partner_id = self.jan
        self.assertEqual((mail | call).partner_id, self.other)

    def test_number_of_both_contacts_is_that_of_the_former_one(self):
        (self.ewa | self.other).phone = "+48 22 123 45 67"
        rows = self._attached(self.ewa_lead)
        self.ewa_lead.partner_id = self.other
        self.assertEqual(rows.partner_id, self.ewa)

    def test_what_was_on_the_wrong_lead_is_with_the_contact_of_the_right_one(self):
        self.ewa.email = "jan@customer.test"
        call, mail = rows = self._attached(self.ewa_lead)
        lead = self._create_lead(partner_id=self.jan.id)
        for put in (
            lambda: rows.with_user(self.anna)._decide("move", lead.with_user(self.anna)),
            lambda: rows._decide("reopen") and rows._decide("attach", lead),
        ):
            self.ewa_lead.partner_id = self.other
            self.assertEqual(rows.partner_id, self.ewa)
            put()
            # Her address says that she wrote the email; of the call only the lead said so.
            self.assertFalse(call.partner_id)
            self.assertEqual(mail.partner_id, self.ewa)
            self.assertIn(call, self._history(self.jan, self.anna))
            self.assertNotIn(call, self._history(self.ewa, self.anna))
            self.ewa_lead.partner_id = self.ewa
            rows._decide("move", self.ewa_lead)

    def test_history_stays_when_leads_are_merged(self):
        rows = self._attached(self.jan_lead)
        (self.ewa_lead | self.jan_lead).with_user(self.marek).merge_opportunity()
        self.assertEqual(rows.lead_id.partner_id, self.ewa)
        self.assertLessEqual(rows, self._history(self.jan, self.anna))

    def test_history_stays_with_the_company_when_its_person_goes(self):
        rows = self._attached(self.ewa_lead) | self.by_contact
        beta = self.env["res.partner"].create({"name": "Beta", "is_company": True})
        self.ewa.with_user(self.admin).parent_id = beta
        self.assertLessEqual(rows, self._history(self.acme, self.anna))
        self.assertLessEqual(rows, self._history(self.ewa, self.anna))
        later = self._event(self.ewa_lead)
        self.assertNotIn(later, self._history(self.acme, self.anna))
        self.assertIn(later, self._history(beta, self.anna))

    def test_company_of_a_new_contact_has_the_history(self):
        """Of a lead with a company that was chosen, and a contact that is created later."""
        lead = self._create_lead(existing_company_id=self.acme.id, contact_name="Ola Nowa")
        rows = self._attached(lead)
        self.assertLessEqual(rows, self._history(self.acme, self.anna))
        beta = self.env["res.partner"].create({"name": "Beta", "is_company": True})
        lead.existing_company_id = beta
        self.assertLessEqual(rows, self._history(self.acme, self.anna))
        self.assertFalse(self._history(beta, self.anna))

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_emails_of_a_former_contact_stay_hidden(self):
        call, mail = self._attached(self.ewa_lead)
        files = self.env["ir.attachment"].create(
            {"name": "offer", "res_model": "crm.lead", "res_id": self.ewa_lead.id}
        )
        mail.mail_message_id.attachment_ids = files
        self.env["ir.rule"].create(
            {
                "name": "Ewa is hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "groups": [Command.link(self.env.ref(SALESMAN).id)],
                "domain_force": f"[('id', '!=', {self.ewa.id})]",
            }
        )
        self.ewa_lead.partner_id = self.other
        rows = (call | mail).with_user(self.anna)
        self.assertEqual(rows.search([("id", "in", rows.ids)]), call)
        self.assertEqual(rows._filtered_access("read"), call)
        for record in (mail.mail_message_id, files):
            self.assertFalse(record.with_user(self.anna).has_access("read"))

    def test_another_contact_costs_the_same_for_many_rows(self):
        def price(times):
            lead = self._create_lead(partner_id=self.ewa.id)
            self._create_calls_on(lead, times)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            lead.with_user(self.anna).partner_id = self.other
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        price(1)
        self.assertEqual(price(30), price(2))

    def _create_calls_on(self, lead, times):
        for _time in range(times):
            self._create_call(state="done", lead_id=lead.id)

    def test_button_on_the_form(self):
        form = Form(self.acme.with_user(self.anna))
        self.assertEqual(form.communication_count, 5)
        no_sales = self._create_user("nina_t", "base.group_partner_manager")
        self.assertNotIn("communication_count", Form(self.acme.with_user(no_sales))._view["fields"])

    def test_found_by_indexes(self):
        """The history of a contact is not searched for among all communications."""
        now = fields.Datetime.now()
        self.env["lead.communication"].create(
            [
                {
                    "type": "note",
                    "state": "done",
                    "subject": str(number),
                    "lead_id": self.no_lead.id,
                    "partner_id": self.other.id,
                    "company_id": self.company.id,
                    "date": now - timedelta(minutes=number),
                }
                for number in range(3000)
            ]
        )
        self.env.flush_all()
        self.env.cr.execute("ANALYZE lead_communication, lead_communication_participant_rel")
        query = (
            self.env["lead.communication"]
            .with_user(self.anna)
            ._search(self.ewa._communications_domain())
        )
        plan = self.env.execute_query_dict(SQL("EXPLAIN %s", query.select()))
        text = "\n".join(row["QUERY PLAN"] for row in plan)
        self.assertFalse(re.search("Seq Scan on lead_communication( |$)", text, re.M), text)
