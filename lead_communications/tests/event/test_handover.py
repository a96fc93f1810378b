from collections import Counter
from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon

DAY = timedelta(days=1)


@tagged("post_install", "-at_install", "lead_communications")
class TestHandover(LeadCommunicationsCommon):
    """What was promised is kept, whoever goes and wherever the lead goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now().replace(microsecond=0)
        cls.lead = cls._create_lead(user_id=cls.anna.id)
        cls.customer = cls.env["res.partner"].create({"name": "Ewa", "email": "ewa@customer.test"})
        cls.call = cls._plan("call")
        cls.meeting = cls._plan("meeting")
        cls.shared = cls._plan("meeting", participant_ids=[Command.set(cls.customer.ids)])
        cls.events = cls.call | cls.meeting | cls.shared

    @classmethod
    def _plan(cls, kind, by=None, **values):
        rows = cls.env["lead.communication"].with_user(by or cls.anna)
        return rows.create(
            {
                "type": kind,
                "state": "planned",
                "subject": f"Planned {kind}",
                "date": cls.now + DAY,
                "lead_id": cls.lead.id,
                "user_id": cls.anna.id,
            }
            | values
        ).sudo()

    def _mailed(self):
        """Return who was mailed, and how often: Odoo invites whom a meeting is given to."""
        mails = self.env["mail.mail"].search([("model", "!=", "crm.lead")])
        return Counter(partner.id for mail in mails for partner in mail.recipient_ids)

    # ---- A PERSON GOES ----

    def test_events_of_who_is_gone_are_those_of_the_lead(self):
        self.lead.user_id = self.ben
        self.events.user_id = self.anna
        mailed = self._mailed()
        self.anna.action_archive()
        self.assertEqual(self.events.mapped("state"), ["planned"] * 3)
        self.assertEqual(self.events.user_id, self.ben)
        self.assertTrue(self.call.activity_id.active)
        self.assertEqual(self.call.activity_id.user_id, self.ben)
        self.assertEqual(self.shared.calendar_event_id.user_id, self.ben)
        self.assertIn(self.customer, self.shared.calendar_event_id.partner_ids)
        self.assertLessEqual(set(self._mailed() - mailed), {self.ben.partner_id.id})

    def test_events_are_nobodys_when_the_lead_is_theirs_too(self):
        for archive in (self.anna.action_archive, lambda: self.anna.write({"active": False})):
            archive()
            self.assertRecordValues(
                self.events, [{"state": "planned", "user_id": False}] * len(self.events)
            )
            self.assertTrue(self.call.activity_id.active)
            self.assertFalse(self.call.activity_id.user_id)
            self.assertTrue(self.meeting.calendar_event_id.active)
            self.assertTrue(self.call.with_user(self.marek).has_access("read"))
            self.anna.action_unarchive()
            self.assertEqual(self.events.user_id, self.anna)
            self.assertEqual(self.call.activity_id.user_id, self.anna)
            self.assertFalse(self.events.former_user_id)

    def test_what_somebody_took_over_stays_theirs(self):
        self.anna.action_archive()
        self.call.user_id = self.ben
        self.meeting._decide("complete")
        self.anna.action_unarchive()
        self.assertEqual(self.call.user_id, self.ben)
        self.assertFalse(self.meeting.user_id)
        self.assertEqual(self.shared.user_id, self.anna)

    def test_what_took_place_stays_as_it_was(self):
        self.call._decide("complete")
        self.meeting._decide("cancel")
        self.anna.action_archive()
        self.lead.user_id = self.ben
        self.assertEqual((self.call | self.meeting).user_id, self.anna)
        self.assertEqual((self.call.state, self.meeting.state), ("done", "canceled"))

    def test_archiving_twice_loses_nothing(self):
        self.anna.action_archive()
        self.anna.action_archive()
        self.assertEqual(self.events.former_user_id, self.anna)
        self.anna.action_unarchive()
        self.anna.action_unarchive()
        self.assertEqual(self.events.user_id, self.anna)

    # ---- A LEAD GOES ----

    def test_lead_takes_its_planned_events_along(self):
        others = self._plan("call", user_id=self.marek.id)
        mailed = self._mailed()
        self.lead.with_user(self.anna).write({"user_id": self.ben.id, "team_id": self.team.id})
        self.assertEqual((self.call | self.meeting).user_id, self.ben)
        self.assertEqual(self.call.team_id, self.team)
        self.assertEqual(self.call.activity_id.user_id, self.ben)
        self.assertEqual(others.user_id, self.marek)
        self.assertLessEqual(set(self._mailed() - mailed), {self.ben.partner_id.id})

    def test_new_salesperson_is_asked_about_meetings_with_others(self):
        self.lead.user_id = self.ben
        self.assertEqual(self.shared.user_id, self.anna)
        asked = self.lead.activity_ids.filtered(lambda one: one.user_id == self.ben)
        asked -= self.events.activity_id
        (question,) = asked.filtered(lambda one: "Take over" in (one.summary or ""))
        self.assertEqual(question.summary, "Take over the planned meetings of Anna")
        self.assertNotIn("Planned meeting", str(question.note))

    def test_lead_of_nobody_leaves_events_to_nobody(self):
        self.lead.user_id = False
        self.assertFalse((self.call | self.meeting).user_id)
        self.assertEqual(self.shared.user_id, self.anna)

    def test_the_same_salesperson_again_changes_nothing(self):
        self.lead.write({"user_id": self.anna.id})
        self.assertEqual(self.events.user_id, self.anna)

    def test_many_leads_at_once(self):
        second = self._create_lead(user_id=self.marek.id)
        theirs = self._plan("call", self.marek, lead_id=second.id, user_id=self.marek.id)
        (self.lead | second).write({"user_id": self.ben.id})
        self.assertEqual((self.call | theirs).user_id, self.ben)

    def test_what_is_nobodys_is_the_next_salespersons(self):
        self.anna.action_archive()
        self.assertFalse(self.events.user_id)
        self.lead.with_user(self.marek).user_id = self.ben
        self.assertEqual(self.events.user_id, self.ben)
        self.assertEqual(self.call.activity_id.user_id, self.ben)
        self.assertEqual(self.shared.calendar_event_id.user_id, self.ben)
        self.anna.action_unarchive()
        self.assertEqual(self.events.user_id, self.ben)

    def _convert(self, lead, model="crm.lead2opportunity.partner", **values):
        lead.type = "lead"
        context = {"active_model": "crm.lead", "active_ids": lead.ids, "active_id": lead.id}
        wizard = self.env[model].with_user(self.marek).with_context(**context)
        wizard.create({"name": "convert"} | values).action_apply()

    def _assign(self, lead):
        """Let Odoo give the lead to the only member of a team, as its job does."""
        team = self.env["crm.team"].create({"name": "Assigned"})
        self.env["crm.team.member"].create(
            {"crm_team_id": team.id, "user_id": self.ben.id, "assignment_max": 30}
        )
        lead.write({"user_id": False, "team_id": team.id})
        lead.date_open = False
        team._assign_and_convert_leads(force_quota=True)

    def _import(self, lead):
        lead.env["ir.model.data"].create(
            {"module": "base", "name": "handed", "model": "crm.lead", "res_id": lead.id}
        )
        leads = self.env["crm.lead"].with_user(self.marek)
        answer = leads.load(["id", "user_id"], [["base.handed", self.ben.name]])
        self.assertFalse(answer["messages"])

    def test_however_a_lead_gets_its_salesperson_the_events_go_along(self):
        mass = "crm.lead2opportunity.partner.mass"
        ways = {
            "drag or mass edit": lambda lead: lead.with_user(self.marek).write(
                {"user_id": self.ben.id}
            ),
            "conversion": lambda lead: self._convert(lead, action="create", user_id=self.ben.id),
            "conversion of many": lambda lead: self._convert(
                lead,
                mass,
                action="each_exist_or_create",
                user_ids=[Command.set(self.ben.ids)],
                force_assignment=True,
            ),
            "assignment": self._assign,
            "import": self._import,
        }
        for name, give in ways.items():
            with self.subTest(name):
                lead = self._create_lead(user_id=self.anna.id)
                event = self._plan("call", lead_id=lead.id)
                give(lead)
                self.assertEqual(lead.user_id, self.ben)
                self.assertEqual((event.state, event.user_id), ("planned", self.ben))
                self.assertFalse(event.with_user(self.anna).has_access("read"))

    def test_events_of_merged_leads_are_those_of_the_lead_that_is_left(self):
        other = self._create_lead(user_id=self.ben.id)
        theirs = self._plan("call", by=self.ben, lead_id=other.id, user_id=self.ben.id)
        left = (self.lead | other).merge_opportunity(user_id=self.ben.id)
        self.assertEqual((self.call | theirs).lead_id, left)
        self.assertEqual((self.call | theirs).user_id, self.ben)
