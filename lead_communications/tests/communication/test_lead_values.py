from odoo.tests import tagged, users

from ..common import LeadCommunicationsCommon

SIGNED = (
    "Good morning,\nhow much is a window?\n\nRegards\nJan Kowalski\nOkna Sp. z o.o.\n"
    "kom. 600 100 200, fax: 22 123 45 68\n"
)


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationLeadValues(LeadCommunicationsCommon):
    """The lead that is created knows what the call or the email told, and what is still missing."""

    def _lead_from(self, row):
        row.with_user(self.anna).action_create_lead()
        return row.lead_id

    def test_lead_from_an_email_with_a_signature(self):
        lead = self._lead_from(self._receive(body=SIGNED, attachments=[("plan.pdf", b"%PDF")]))
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "A question about windows",
                    "contact_name": "Jan Kowalski",
                    "partner_name": "Okna Sp. z o.o.",
                    "phone": "+48 600 100 200",
                    "email_from": "jan@customer.test",
                    "user_id": self.anna.id,
                    "source_id": self.env.ref("lead_communications.utm_source_email").id,
                    "missing_data": "",
                }
            ],
        )
        self.assertIn("how much is a window", lead.description)
        self.assertEqual(
            self.env["ir.attachment"]
            .search([("res_model", "=", "crm.lead"), ("res_id", "=", lead.id)])
            .name,
            "plan.pdf",
        )

    def test_what_is_quoted_is_ours(self):
        """An answer of Outlook below which our own signature stands."""
        line = '<p class="MsoNormal">%s</p>'
        html = (
            line % "Thanks, I take 10 of type A."
            + line % "Bruno"
            + '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">'
            "<b>From:</b> Anna &lt;anna@company.test&gt; <br><b>Sent:</b> Thursday<br><b>To:</b>"
            " Bruno &lt;bruno@kellerbau.de&gt;<br><b>Subject:</b> Our catalogue</p></div>"
            + line
            % "Kind regards<br>Anna Seller<br>Seller Windows Ltd.<br>Mobile: 600 123 456"
        )
        lead = self._lead_from(self._receive(html=html, **{"from": "bruno@kellerbau.de"}))
        self.assertRecordValues(lead, [{"phone": False, "partner_name": "Kellerbau"}])

    def test_quotation_of_html_is_somebody_elses(self):
        html = "<p>I take it.</p><blockquote><p>Regards<br>Eve<br>Eve Ltd.<br>600 123 456</p>"
        lead = self._lead_from(self._receive(html=html, **{"from": "bruno@kellerbau.de"}))
        self.assertRecordValues(lead, [{"phone": False, "partner_name": "Kellerbau"}])

    def test_signature_of_what_a_colleague_forwards_is_the_first_senders(self):
        body = (
            "Please answer.\n\nAnna\nSales\nmobile 600 999 888\n\n"
            "From: Paulo Reis <paulo@reis.test>\nSent: Monday\nTo: Anna\nSubject: Offer\n\n"
            "Please make an offer.\n\n"
            "Regards\nPaulo Reis\nReis Lda.\nmobile 600 111 222\n"
        )
        sender = {"from": "Anna <anna@company.test>"}
        lead = self._lead_from(self._receive(body=body, subject="ENC: Offer", **sender))
        self.assertRecordValues(
            lead,
            [
                {
                    "name": "Offer",
                    "email_from": "paulo@reis.test",
                    "phone": "+48 600 111 222",
                    "partner_name": "Reis Lda.",
                }
            ],
        )

    def test_our_numbers_and_companies_are_no_customers(self):
        self.company.name = "Seller Windows"
        self.anna.partner_id.phone = "+48 600 123 456"
        self.env["lead.pbx.line"].create({"pbx_id": self.pbx.id, "number": "+48 22 765 43 21"})
        body = (
            "Regards\nJan Kowalski\nSeller Windows Ltd.\nmobile 600 123 456\nmobile 22 765 43 21\n"
            "tel. 22 123 45 67"
        )
        lead = self._lead_from(self._receive(body=body, **{"from": "jan@gmail.com"}))
        self.assertRecordValues(lead, [{"phone": "+48 22 123 45 67", "partner_name": False}])

    def test_a_weight_is_no_company(self):
        body = "Hello,\nI would like to order hinges, about 500 kg\nOskar"
        lead = self._lead_from(self._receive(body=body, **{"from": "oskar@gmail.com"}))
        self.assertRecordValues(lead, [{"phone": False, "partner_name": False}])

    def test_company_by_the_domain_but_not_by_free_mail_or_ours(self):
        cases = {
            "jan@mail.big-glass.co.uk": "Big Glass",
            "jan@gmail.com": False,
            "ola@company.test": False,
        }
        for address, company in cases.items():
            with self.subTest(address=address):
                lead = self._lead_from(self._receive(**{"from": address}))
                self.assertEqual(lead.partner_name, company)

    def test_known_contact_is_the_contact_and_stays_as_it_is(self):
        partner = self.env["res.partner"].create(
            {"name": "Jan K.", "email": "jan@customer.test", "phone": "+48 22 765 43 21"}
        )
        lead = self._lead_from(self._receive(body=SIGNED))
        self.assertEqual(lead.partner_id, partner)
        self.assertRecordValues(
            partner, [{"name": "Jan K.", "phone": "+48 22 765 43 21", "email": "jan@customer.test"}]
        )
        self.assertEqual(lead.email_from, "jan@customer.test")

    def test_contact_of_a_call(self):
        partner = self.env["res.partner"].create({"name": "Jan", "phone": "22 123 45 67"})
        partner.company_id = self.company
        self.assertEqual(self._lead_from(self._create_call()).partner_id, partner)

    def test_contact_that_two_share_or_another_company_has_is_left_open(self):
        for values in ({}, {"company_id": self.other_company.id}):
            self.env["res.partner"].create({"name": "Reception", "phone": "22 123 45 67"} | values)
        one = self._lead_from(self._create_call())
        self.assertTrue(one.partner_id)
        self.env["res.partner"].create({"name": "Reception too", "phone": "22 123 45 67"})
        self.assertFalse(self._lead_from(self._create_call()).partner_id)

    @users("anna_t")
    def test_missing_data_is_told_on_leads_with_communications_only(self):
        call = self._create_call(number="anonymous", phone_sanitized=False).with_env(self.env)
        call.action_create_lead()
        lead = call.lead_id
        self.assertEqual(lead.missing_data, "contact name, description")
        lead.write({"phone": False, "user_id": False})
        self.assertEqual(
            lead.missing_data, "contact name, email or phone, salesperson, description"
        )
        lead.with_user(self.marek).action_set_won()
        self.assertFalse(lead.missing_data)
        self.assertFalse(self._create_lead().missing_data)
