from odoo.exceptions import ValidationError
from odoo.tests import tagged, users

from ..common import NEW_COMPANY, LeadFormCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestTaxNumber(LeadFormCommon):
    """With Odoo's own check of tax numbers, a lead takes no number that a contact refuses."""

    @users("anna_t")
    def test_number_that_the_host_refuses_is_refused_on_the_lead(self):
        with self.assertRaises(ValidationError):
            self._create_as_user(vat="PL 526-000-12-47")
        # Without a country Odoo checks nothing.
        self._create_as_user(vat="526-000-12-47")

    @users("anna_t")
    def test_number_of_the_lead_is_taken_by_the_contact(self):
        for country in (False, self.env.ref("base.pl").id):
            lead = self._create_as_user(**NEW_COMPANY, country_id=country)
            self._convert(lead)
            self.assertIn("5260001246", lead.partner_id.vat)
            lead.partner_id.sudo().unlink()
