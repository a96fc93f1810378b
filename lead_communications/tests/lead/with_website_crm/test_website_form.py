from odoo.tests import tagged

from ...common import LeadCommunicationsCommon
from ...patience import PatientHttpCase


@tagged("post_install", "-at_install", "lead_communications")
class TestWebsiteForm(LeadCommunicationsCommon, PatientHttpCase):
    """A lead from the form of the website says so by its source."""

    def _send_form(self, name):
        data = {
            "name": name,
            "contact_name": "Jan Kowalski",
            "email_from": "jan@customer.test",
            "partner_name": "Acme Windows",
            "description": "A window, please.",
        }
        answer = self.url_open("/website/form/crm.lead", data=data)
        self.assertIn("id", answer.json())
        return self.env["crm.lead"].browse(answer.json()["id"])

    def test_source_of_a_lead_from_the_form(self):
        lead = self._send_form("From the website")
        self.assertEqual(lead.source_id, self.env["utm.source"]._lead_source("website_form"))
        self.assertEqual((lead.partner_name, lead.contact_last_name), ("Acme Windows", "Kowalski"))

    def test_source_of_the_link_that_brought_the_visitor_stays(self):
        self.opener.cookies.set("odoo_utm_source", "Fair")
        lead = self._send_form("From a link")
        self.assertEqual(lead.source_id.name, "Fair")
