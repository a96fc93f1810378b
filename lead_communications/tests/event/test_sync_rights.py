from datetime import date

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestSyncRights(LeadCommunicationsCommon):
    """What follows an activity or a meeting by itself goes nowhere where its user may not go."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.call_type = cls.env.ref("mail.mail_activity_data_call")
        cls.lead = cls._create_lead(name="Secret of Anna")
        cls.ben_lead = cls._create_lead(user_id=cls.ben.id, name="Of Ben")
        cls.rows = cls.env["lead.communication"]

    def _activity(self, user, lead, **values):
        return lead.with_user(user).activity_schedule(
            activity_type_id=self.call_type.id,
            summary="Ring Jan",
            date_deadline=date(2026, 11, 30),
            automated=False,
            **({"user_id": user.id} | values),
        )

    def _meeting(self, user, lead, **values):
        return (
            self.env["calendar.event"]
            .with_user(user)
            .create(
                {
                    "name": "Measure",
                    "start": "2027-01-04 09:00:00",
                    "stop": "2027-01-04 10:00:00",
                    "opportunity_id": lead.id,
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": lead.id,
                }
                | values
            )
        )

    def _row_of(self, activity):
        return self.rows.search([("activity_id", "=", activity.id)])

    def _place(self, record):
        return {"res_model_id": self.env["ir.model"]._get_id(record._name), "res_id": record.id}

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_activity_is_moved_to_no_record_that_the_user_may_not_change(self):
        """Neither a lead nor a row of others, nor to one that is not there: no name is shown."""
        activity = self._activity(self.ben, self.ben_lead)
        row = self._row_of(activity)
        gone = self._create_lead()
        gone.unlink()
        foreign = self._create_lead(company_id=self.other_company.id, user_id=False)
        for target in (self.lead, foreign, gone, self._create_call(), self.mailbox):
            for values in (self._place(target), {"res_id": target.id}):
                if "res_model_id" not in values and target._name != "crm.lead":
                    continue
                with (
                    self.subTest(target=target, values=values),
                    self.assertRaises(AccessError) as refused,
                    self.env.cr.savepoint(),
                ):
                    activity.write(values)
                self.assertNotIn("Secret", str(refused.exception))
            self.assertEqual(row.lead_id, self.ben_lead)
            self.assertEqual(activity.res_name, "Of Ben")

    def test_activity_moved_to_another_company_takes_its_row_there(self):
        clara = self.clara
        clara.company_ids = self.company | self.other_company
        lead = self._create_lead(company_id=self.other_company.id, user_id=False)
        activity = self._activity(clara, self.lead)
        activity.with_context(allowed_company_ids=clara.company_ids.ids).write({"res_id": lead.id})
        self.assertRecordValues(
            self._row_of(activity), [{"lead_id": lead.id, "company_id": self.other_company.id}]
        )

    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_who_is_asked_takes_no_event_off_the_lead_of_others(self):
        activity = self._activity(self.anna, self.lead, user_id=self.ben.id).with_user(self.ben)
        with self.assertRaises(AccessError) as refused, self.env.cr.savepoint():
            activity.write({"res_id": self.ben_lead.id})
        self.assertNotIn("Secret", str(refused.exception))
        self.assertEqual(self._row_of(activity).lead_id, self.lead)

    def test_activity_that_names_a_meeting_of_others_decides_nothing_about_it(self):
        meeting = self._meeting(self.anna, self.lead)
        row = self.rows.search([("calendar_event_id", "=", meeting.id)])
        self.assertEqual(row.state, "planned")
        for finish in ("action_feedback", "action_archive", "unlink"):
            with self.subTest(finish=finish):
                activity = self._activity(self.ben, self.ben_lead)
                activity.calendar_event_id = meeting.id
                kwargs = {"feedback": "I was there"} if finish == "action_feedback" else {}
                getattr(activity, finish)(**kwargs)
                self.assertEqual(row.state, "planned")
                self.assertNotIn("I was there", row.description or "")

    def test_reminder_of_the_meeting_still_completes_its_event(self):
        meeting = self._meeting(self.anna, self.lead)
        row = self.rows.search([("calendar_event_id", "=", meeting.id)])
        self._activity(self.anna, self.lead, calendar_event_id=meeting.id).action_feedback()
        self.assertEqual(row.state, "done")

    def test_meeting_takes_over_no_event_of_another_lead(self):
        """Who is asked on the lead of others keeps what they plan by it on their own lead."""
        activity = self._activity(self.anna, self.lead, user_id=self.ben.id)
        row = self._row_of(activity)
        self._meeting(self.ben, self.ben_lead, activity_ids=[Command.link(activity.id)])
        self.assertRecordValues(row, [{"lead_id": self.lead.id, "calendar_event_id": False}])

    def test_context_of_a_client_keeps_nothing_from_following(self):
        marks = {"lead_event_sync": True, "lead_event_series": True}
        lead = self.ben_lead.with_context(**marks)
        activity = self._activity(self.ben, lead).with_context(**marks)
        row = self._row_of(activity)
        self.assertTrue(row)
        activity.with_user(self.ben).with_context(**marks).write({"summary": "Other"})
        self.assertEqual(row.subject, "Other")
        meeting = self._meeting(self.ben, self.ben_lead)
        of_meeting = self.rows.search([("calendar_event_id", "=", meeting.id)])
        meeting.with_context(**marks).unlink()
        self.assertEqual(of_meeting.state, "canceled")

    def test_defaults_of_a_client_are_not_written_in_what_follows(self):
        defaults = {"default_completed_by_id": self._create_call().id, "default_is_recorded": True}
        activity = self._activity(self.ben, self.ben_lead.with_context(**defaults))
        self.assertRecordValues(
            self._row_of(activity), [{"completed_by_id": False, "is_recorded": False}]
        )
