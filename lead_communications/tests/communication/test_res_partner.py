import re
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from ..common import LeadCommunicationsCommon


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
