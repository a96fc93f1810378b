from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..common import LeadCommunicationsCommon

EVENT_FORM = "lead_communications.lead_communication_view_form_event_dialog"
START = datetime(2026, 11, 24, 9, 0)


@tagged("post_install", "-at_install", "lead_communications")
class TestDocEvents(LeadCommunicationsCommon):
    """The product's page on events, sentence by sentence; of its email half see test_doc_emails."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Acme", "is_company": True})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ewa Nowak", "parent_id": cls.customer.id, "email": "ewa@acme.test"}
        )
        cls.source = cls.env.ref("lead_communications.utm_source_email")
        cls.lead = cls._create_lead(
            partner_id=cls.contact.id, source_id=cls.source.id, email_from="ewa@acme.test"
        ).with_user(cls.anna)

    def _form(self, kind="call"):
        """Return the form that the button of the type opens on the card, as anna sees it."""
        action = self.lead.with_context(event_type=kind).action_new_event()
        self.assertEqual((action["res_model"], action["target"]), ("lead.communication", "new"))
        model = self.env["lead.communication"].with_user(self.anna)
        return Form(model.with_context(**action["context"]), view=EVENT_FORM)

    def _event(self, kind="call", **values):
        form = self._form(kind)
        form.subject = "The date of the delivery"
        for name, value in values.items():
            setattr(form, name, value)
        return form.save()

    def test_all_interactions_with_clients_are_recorded_using_the_event(self):
        call, email = self._create_call(), self._receive()
        (call | email).with_user(self.anna)._decide("attach", self.lead)
        written = self._event("note")
        self.assertEqual(self.lead.latest_event_ids, call | email | written)

    def test_types_of_events(self):
        types = dict(self.env["lead.communication"]._fields["type"].selection)
        self.assertEqual(
            types,
            {
                "call": "Call",
                "meeting": "Meeting",
                "email": "Email",
                "message": "Chat/SMS",
                "note": "Note",
            },
        )

    def test_the_history_can_be_accessed_at_any_time_via_the_events_link(self):
        row = self._event()
        action = self.lead.action_open_events()
        found = self.env["lead.communication"].with_user(self.anna).search(action["domain"])
        self.assertEqual(found, row)
        self.lead.sudo().action_set_lost()
        self.assertEqual(found.search(action["domain"]), row)

    def test_each_event_form_stores_subject_content_participants_and_their_contact_information(
        self,
    ):
        row = self._event(description="<p>By Friday</p>")
        self.assertEqual(row.subject, "The date of the delivery")
        self.assertIn("By Friday", row.description)
        self.assertEqual(row.participant_ids, self.contact)
        self.assertEqual(row.participant_ids.email, "ewa@acme.test")

    def test_every_event_is_assigned_one_of_three_statuses(self):
        for state in ("planned", "done", "canceled"):
            self.assertEqual(self._event(state=state).state, state)
        with self.assertRaises(UserError):
            self._event().write({"state": "ignored"})

    def test_importance_and_planned_or_actual_start_and_end_are_specified(self):
        row = self._event(priority="2", date=START, date_end=START + timedelta(minutes=20))
        self.assertEqual((row.priority, row.date), ("2", START))
        self.assertEqual(row.date_end - row.date, timedelta(minutes=20))

    def test_the_user_manually_creates_a_record_for_each_type_of_event(self):
        for kind in ("call", "message", "meeting", "note"):
            with self.subTest(type=kind):
                row = self._event(kind)
                self.assertEqual((row.type, row.create_uid), (kind, self.anna))

    def test_open_the_lead_then_select_the_type_of_event(self):
        arch = self.lead.get_view(self.env.ref("crm.crm_lead_view_form").id)["arch"]
        for kind in ("call", "meeting", "email", "message", "note"):
            self.assertIn(f"'event_type': '{kind}'", arch)

    def test_in_the_subject_field_enter_a_brief_topic(self):
        form = self._form()
        with self.assertRaisesRegex(AssertionError, "subject is a required field"):
            form.save()

    def test_in_the_event_description_enter_a_summary_and_the_next_steps(self):
        row = self._event(description="<ul><li>Send the offer</li></ul>")
        self.assertIn("<li>Send the offer</li>", row.description)
        found = row.search([("text_search", "ilike", "send the offer")])
        self.assertEqual(found, row)

    def test_scheduled_the_event_is_planned_and_yet_to_occur(self):
        row = self._event()
        self.assertEqual(row.state, "planned")
        self.assertGreaterEqual(row.date, fields.Datetime.now().replace(microsecond=0))

    def test_completed_the_event_has_taken_place(self):
        row = self._event()
        row.action_complete()
        self.assertEqual(row.state, "done")

    def test_canceled_the_event_will_not_occur(self):
        row = self._event()
        row.action_cancel()
        self.assertEqual(row.state, "canceled")

    def test_priority_has_three_options_and_normal_is_the_standard(self):
        selection = dict(self.env["lead.communication"]._fields["priority"].selection)
        self.assertEqual(list(selection.values()), ["Low", "Normal", "High"])
        self.assertEqual(selection[self._event().priority], "Normal")

    def test_in_the_source_field_specify_the_origin_of_the_information(self):
        other = self.env["utm.source"].create({"name": "Trade fair"})
        self.assertEqual(self._event().source_id, self.source)
        self.assertEqual(self._event(source_id=other).source_id, other)

    def test_start_marks_the_beginning_and_end_the_conclusion(self):
        form = self._form("meeting")
        form.subject = "Measure"
        form.date = START
        row = form.save()
        self.assertEqual((row.date, row.date_end), (START, START + timedelta(hours=1)))
        form = Form(row, view="lead_communications.lead_communication_view_form_event")
        form.date = START + timedelta(days=1)
        form.save()
        self.assertEqual(row.date_end, START + timedelta(days=1, hours=1))

    def test_basic_event_is_the_document_on_which_the_activity_is_based(self):
        first = self._event()
        for document in (first, self.lead):
            row = self._event(origin=f"{document._name},{document.id}")
            self.assertEqual(row.origin, document)

    def test_company_and_contact_are_filled_automatically(self):
        row = self._event()
        self.assertEqual((row.customer_company_id, row.partner_id), (self.customer, self.contact))

    def test_save_and_close_finalizes_the_event(self):
        view = self.env.ref(EVENT_FORM).arch
        self.assertIn('special="save" string="Save and Close"', " ".join(view.split()))
        self.assertTrue(self._event().exists())
