from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from odoo.addons.sms.tests.common import MockSMS

from ..common import LeadCommunicationsCommon

PHONE = "+48221234567"


@tagged("post_install", "-at_install", "lead_communications")
class TestEventMessage(LeadCommunicationsCommon, MockSMS):
    """SMS that are sent from a lead by Odoo are messages in its history.

    Odoo's paid service that sends them is simulated, by Odoo's own means.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Jan", "phone": PHONE})
        cls.lead = cls._create_lead(phone=PHONE, contact_name="Jan", partner_id=cls.customer.id)
        cls.rows = cls.env["lead.communication"]

    def _composer(self, leads, **values):
        return (
            self.env["sms.composer"]
            .with_context(default_res_model="crm.lead", default_res_ids=leads.ids)
            .create({"body": "We come on <Monday> at 9"} | values)
        )

    def _rows_of(self, leads):
        return self.rows.search([("lead_id", "in", leads.ids)])

    @users("anna_t")
    def test_sms_from_the_lead(self):
        with self.mockSMSGateway():
            self._composer(self.lead, composition_mode="comment")._action_send_sms()
        row = self._rows_of(self.lead)
        self.assertRecordValues(
            row,
            [
                {
                    "type": "message",
                    "direction": "outgoing",
                    "state": "done",
                    "subject": "SMS",
                    "preview": "We come on <Monday> at 9",
                    "user_id": self.env.uid,
                    "phone_sanitized": PHONE,
                    "contact_name": "Jan",
                    "partner_id": self.customer.id,
                    "mail_message_id": self.lead.message_ids[0].id,
                    "delivery_failure": False,
                }
            ],
        )
        self.assertIn("&lt;Monday&gt;", row.description)
        self.assertFalse(row.with_env(self.env).is_by_hand)
        with self.assertRaises(AccessError):
            row.with_env(self.env).subject = "Changed"

    @users("marek_t")
    def test_sms_to_many_leads(self):
        leads = self.lead | self._create_lead(name="Second", phone="+48229999999")
        composer = self._composer(leads, composition_mode="mass", mass_keep_log=True)
        with self.mockSMSGateway():
            composer._action_send_sms()
        rows = self._rows_of(leads)
        self.assertEqual(rows.lead_id, leads)
        self.assertEqual(len(rows), 2)
        self.assertEqual(set(rows.mapped("phone_sanitized")), {PHONE, "+48229999999"})
        self.assertEqual(rows.mail_message_id, leads.message_ids & rows.mail_message_id)

    @users("anna_t")
    def test_sms_that_was_not_delivered(self):
        for error, words in (("wrong_number_format", "number"), ("credit", "Credit")):
            lead = self._create_lead(name=error, phone=PHONE)
            with self.mockSMSGateway(sim_error=error):
                self._composer(lead, composition_mode="comment")._action_send_sms()
            row = self._rows_of(lead)
            self.assertEqual((row.type, row.state), ("message", "done"))
            self.assertRegex(row.with_env(self.env).delivery_failure, f"(?i){words}")

    def test_other_messages_of_the_lead_are_none(self):
        self.lead.message_post(body="A note")
        self.customer._message_sms("Not from a lead", sms_numbers=[PHONE])
        self.assertFalse(self._rows_of(self.lead))

    def test_sms_moves_with_its_row(self):
        with self.mockSMSGateway():
            self.lead.with_user(self.anna)._message_sms("Hello")
        other = self._create_lead(name="Other")
        row = self._rows_of(self.lead)
        row.with_user(self.anna)._decide("move", other.with_user(self.anna))
        self.assertEqual(row.mail_message_id.res_id, other.id)

    def test_opens_in_the_form_of_events(self):
        with self.mockSMSGateway():
            self.lead.with_user(self.anna)._message_sms("Hello")
        row = self._rows_of(self.lead).with_user(self.anna)
        form = self.env.ref("lead_communications.lead_communication_view_form_event")
        self.assertEqual(row.get_formview_id(), form.id)
        self.assertEqual(row.action_open()["views"], [(form.id, "form")])
