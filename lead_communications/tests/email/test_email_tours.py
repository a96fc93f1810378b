from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.mail.tests.common import MockEmail

from ..tours import ToursCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestEmailTours(ToursCommon, MockEmail):
    """Emails that salespeople write to a lead."""

    def _written_to(self):
        """Return a lead of anna's with an email of Jan's, without any template."""
        self.env["mail.template"].search([("model", "=", "crm.lead")]).active = False
        lead = self._create_lead(email_from="jan@customer.test", team_id=self.team.id)
        mail = self._receive(attachments=[("plan.pdf", b"%PDF-1.4")])
        mail._decide("attach", lead)
        return lead

    def test_write_an_email_from_a_template(self):
        lead = self._written_to()
        self.env["mail.blacklist"]._add("jan@customer.test")
        self.env["ir.mail_server"].create(
            {"name": "Out", "smtp_host": "localhost", "from_filter": "company.test"}
        )
        model_id = self.env["ir.model"]._get_id("crm.lead")
        short, offer = self.env["mail.template"].create(
            [
                {
                    "name": "A Short Word",
                    "model_id": model_id,
                    "subject": "A short word",
                    "body_html": "<p>Call us.</p>",
                },
                {
                    "name": "Offer",
                    "model_id": model_id,
                    "subject": "Our offer: {{ object.name }}",
                    "body_html": "<p>Here is our offer.</p>",
                    "lead_team_ids": [Command.set(self.team.ids)],
                },
            ]
        )
        with self.mock_mail_gateway():
            self._tour("write_from_template", self.anna, path=f"/odoo/crm.lead/{lead.id}")
        (mail,) = self._mails
        self.assertEqual(mail["subject"], "A short word")
        self.assertEqual(mail["email_from"], '"Anna" <sales@company.test>')
        sent = lead.email_ids.filtered(lambda row: row.direction == "outgoing")
        self.assertRecordValues(
            sent, [{"state": "done", "user_id": self.anna.id, "mail_template_id": short.id}]
        )
        self.assertNotEqual(sent.mail_template_id, offer)

    def test_write_an_email_without_a_template(self):
        lead = self._written_to()
        self._tour("write_without_template", self.anna, path=f"/odoo/crm.lead/{lead.id}")
        self.assertEqual(len(lead.email_ids), 1)

    def test_answer_what_waits(self):
        lead = self._create_lead(name="48 windows", email_from="jan@customer.test")
        mail = self._receive()
        date = "Sun, 01 Nov 2026 10:15:00 +0100"
        other = self._receive(**{"from": "Ewa Nowak <ewa@another.test>"}, date=date)
        with self.mock_mail_gateway():
            self._tour("answer_waiting", self.anna, path="/odoo/lead-inbox")
        self.assertEqual((mail.state, mail.lead_id), ("done", lead))
        self.assertEqual(other.state, "done")
        for row in (mail, other):
            sent = row.lead_id.email_ids - row
            self.assertRecordValues(sent, [{"direction": "outgoing", "state": "done"}])


@tagged("post_install", "-at_install", "lead_communications")
class TestEmailPhoneTours(ToursCommon):
    """The emails that wait, on a telephone."""

    browser_size = "375x740"
    touch_enabled = True

    def test_the_obvious_is_the_first_button(self):
        lead = self._create_lead(name="48 windows", email_from="jan@customer.test")
        mail = self._receive()
        self._tour("answer_phone", self.anna, path="/odoo/lead-inbox")
        self.assertEqual((mail.state, mail.lead_id), ("done", lead))
