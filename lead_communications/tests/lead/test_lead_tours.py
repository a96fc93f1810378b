from odoo.tests import tagged

from ..tours import ToursCommon
from .common import LeadFormCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadTours(LeadFormCommon, ToursCommon):
    """The form of a lead on the screen of a salesperson."""

    def test_new_company_that_exists(self):
        self._tour("new_company", self.anna, path="/odoo/action-crm.crm_lead_all_leads")
        lead = self.env["crm.lead"].search([("name", "=", "Doors for a hall")])
        self.assertRecordValues(
            lead,
            [
                {
                    "existing_company_id": self.acme.id,
                    "partner_id": self.ewa.id,
                    "is_new_company": False,
                    "vat": False,
                    "source_id": self.env.ref("lead_communications.utm_source_self_generation").id,
                }
            ],
        )
