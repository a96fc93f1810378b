from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon

CANARY = "Canary"


@tagged("post_install", "-at_install", "lead_communications")
class TestOracles(LeadCommunicationsCommon):
    """What is not shown is not found out by searching, sorting, grouping or exporting either."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._create_lead(user_id=False)
        start = fields.Datetime.now() + timedelta(days=1)
        cls.meeting = cls.env["calendar.event"].create(
            {
                "name": f"{CANARY} meeting",
                "description": f"<p>{CANARY} text</p>",
                "location": f"{CANARY} place",
                "privacy": "private",
                "user_id": cls.ben.id,
                "partner_ids": [Command.set(cls.ben.partner_id.ids)],
                "start": start,
                "stop": start + timedelta(hours=1),
                "opportunity_id": cls.lead.id,
                # As Odoo fills it in a meeting planned on the lead: the lead gets a reminder.
                "res_model_id": cls.env["ir.model"]._get_id("crm.lead"),
                "res_id": cls.lead.id,
            }
        )
        cls.event = cls.env["lead.communication"].search(
            [("calendar_event_id", "=", cls.meeting.id)]
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def test_name_of_a_private_meeting(self):
        Model = self.env["lead.communication"].with_user(self.anna)
        self.assertTrue(self.event.with_user(self.anna).has_access("read"))
        for name in ("calendar_event_id.name", "calendar_event_id", "calendar_event_id.location"):
            with self.assertRaises(AccessError):
                Model.search_count([(name, "ilike", CANARY)])
        with self.assertRaises(AccessError):
            Model.search([], order="calendar_event_id")
        with self.assertRaises(AccessError):
            Model.formatted_read_group([], ["calendar_event_id"], ["__count"])
        with self.assertRaises(AccessError):
            self.event.with_user(self.anna).read(["calendar_event_id"])

    def test_reminder_on_the_lead_says_no_more_than_that_it_is_private(self):
        for change in ({}, {"name": f"{CANARY} again"}, {"description": f"<p>{CANARY}</p>"}):
            self.meeting.write(change)
            reminder = self.lead.activity_ids.with_user(self.anna)
            self.assertEqual(reminder.summary, "Private meeting")
            self.assertFalse(reminder.note)
        self.meeting.write({"privacy": "public", "name": "Open to all"})
        self.assertEqual(self.lead.activity_ids.with_user(self.anna).summary, "Open to all")

    def test_that_it_is_in_the_calendar_is_still_said(self):
        self.assertTrue(self.event.with_user(self.anna).is_in_calendar)
        action = self.event.with_user(self.anna).action_open_meeting()
        self.assertEqual(action["res_id"], self.meeting.id)

    def test_reminder_of_a_private_meeting_does_not_name_it(self):
        self.meeting.activity_ids.unlink()
        self.event._decide("complete")
        self.event._decide("plan")
        self.assertEqual(self.event.state, "planned")
        self.assertTrue(self.meeting.activity_ids)
        self.assertNotIn(CANARY, str(self.meeting.activity_ids.read(["summary", "note"])))

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_what_rows_were_before_a_decision(self):
        row = self._receive(message_id="<canary@customer.test>")
        row._decide("attach", self.lead)
        decision = row.decision_id
        self.assertIn("canary@", str(decision.before))
        decisions = decision.with_user(self.admin)
        with self.assertRaises(AccessError):
            decisions.read(["before"])
        with self.assertRaises(AccessError):
            decisions.search([("before", "ilike", "canary")])
        self.assertNotIn("canary", str(decisions.read()))
        row.with_user(self.marek).action_undo()
        self.assertEqual(row.state, "ready")

    def test_exports_of_managers_and_administrators(self):
        """Whatever stands beside a row that they see, two fields deep."""
        self.mailbox.name = f"{CANARY} mailbox"
        row = self._receive(message_id="<canary@customer.test>")
        row._decide("attach", self.lead)
        other = self._receive(in_reply_to=row.message_ref, subject=f"{CANARY} subject")
        other._decide("reopen")
        other.conversation_ref = row.conversation_ref
        rows = row | self.event
        for user in (self.marek, self.admin):
            user.group_ids |= self.env.ref("base.group_allow_export")
            for record in rows.with_user(user):
                for path in self._paths(record):
                    self.env.flush_all()
                    self.env.invalidate_all()
                    if user == self.admin and path.startswith("mailbox_ids/"):
                        continue  # they manage the mailboxes
                    try:
                        cells = record.export_data([path])["datas"]
                    except AccessError as error:
                        cells = error
                    with self.subTest(user=user.login, path=path):
                        self.assertNotIn(CANARY, str(cells))

    def _paths(self, record):
        for name, field in record._fields.items():
            if not record._has_field_access(field, "read"):
                continue
            if not field.relational:
                yield name
                continue
            comodel = self.env[field.comodel_name].with_user(record.env.user)
            if comodel._name in ("res.users", "res.partner", "res.company", "crm.lead"):
                continue
            for subname, subfield in comodel._fields.items():
                if subfield.type in ("char", "text", "html", "json"):
                    yield f"{name}/{subname}"

    def test_text_of_emails_of_a_hidden_contact_is_not_found_through_the_lead(self):
        contact = self.env["res.partner"].create({"name": "Secret Contact"})
        self.env["ir.rule"].create(
            {
                "name": "Anna does not see the contact",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": "[('name', '!=', 'Secret Contact')]"
                " if user.login == 'anna_t' else [(1, '=', 1)]",
            }
        )
        lead = self._create_lead(partner_id=contact.id)
        row = self._receive(body=f"{CANARY} text", attachments=[(f"{CANARY}.pdf", b"%PDF")])
        row._decide("attach", lead)
        Lead = self.env["crm.lead"].with_user(self.anna)
        self.assertEqual(Lead.search_count([("id", "=", lead.id)]), 1)
        for name in (
            "message_ids.body",
            "message_ids.attachment_ids.name",
            "email_ids.preview",
            "email_ids.text_search",
        ):
            with self.subTest(name=name):
                found = [("id", "=", lead.id), (name, "ilike", CANARY)]
                self.assertEqual(Lead.search_count(found), 0)
                self.assertEqual(Lead.with_user(self.clara).search_count(found), 1)
