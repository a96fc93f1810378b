from odoo.tests import Form, tagged, users

from .common import LeadFormCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestPrivatePerson(LeadFormCommon):
    """A contact without a company is the contact of a lead, and nothing of it is lost."""

    def assertContact(self, lead, contact):
        self.assertRecordValues(
            lead,
            [
                {
                    "partner_id": contact.id,
                    "email_from": contact.email,
                    "phone": contact.phone,
                    "existing_company_id": False,
                }
            ],
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.jan.phone = "+48 600 100 200"
        cls.ewa.phone = "+48 600 100 300"

    @users("anna_t")
    def test_new_lead_of_a_private_person(self):
        for kind in ("lead", "opportunity"):
            with self.subTest(kind=kind):
                form = self._new_form(kind, partner_id=self.jan.with_env(self.env))
                self.assertEqual(form.email_from, "jan@alone.test")
                self.assertContact(form.save(), self.jan)

    @users("anna_t")
    def test_new_opportunity_from_the_contact(self):
        leads = self.env["crm.lead"].with_context(
            default_partner_id=self.jan.id, default_type="opportunity"
        )
        form = Form(leads, "crm.crm_lead_view_form")
        form.name = "A house"
        form.direction_id = self.homes.with_env(self.env)
        self.assertContact(form.save(), self.jan)

    @users("anna_t")
    def test_saved_lead_gets_a_private_person(self):
        lead = self._create_as_user(partner_id=self.ewa.id)
        self.assertEqual(lead.existing_company_id, self.acme)
        form = self._form(lead)
        form.partner_id = self.jan.with_env(self.env)
        self.assertFalse(form.existing_company_id)
        self.assertContact(form.save(), self.jan)

    @users("anna_t")
    def test_private_person_is_changed_for_another(self):
        lead = self._create_as_user(partner_id=self.jan.id)
        other = self.env["res.partner"].create(
            {"name": "Ola", "email": "ola@alone.test", "phone": "+48 600 100 900"}
        )
        form = self._form(lead)
        form.partner_id = other
        self.assertContact(form.save(), other)

    @users("anna_t")
    def test_cleared_contact_leaves_what_was_written_down(self):
        lead = self._create_as_user(partner_id=self.jan.id)
        form = self._form(lead)
        form.partner_id = self.env["res.partner"]
        lead = form.save()
        self.assertEqual(lead.email_from, "jan@alone.test")
        self.assertEqual(lead.phone, "+48 600 100 200")
        self.assertFalse(lead.partner_id)

    @users("anna_t")
    def test_company_goes_with_the_contact_that_brought_it(self):
        for lead in (self.env["crm.lead"], self._create_as_user(partner_id=self.ewa.id)):
            with self.subTest(saved=bool(lead)):
                form = self._form(lead) if lead else self._new_form()
                if not lead:
                    form.partner_id = self.ewa.with_env(self.env)
                self.assertEqual(form.existing_company_id, self.acme)
                form.partner_id = self.env["res.partner"]
                self.assertFalse(form.existing_company_id)
                lead = form.save()
                self.assertEqual(lead.email_from, "ewa@acme.test")
                self.assertFalse(lead.existing_company_id)

    @users("anna_t")
    def test_company_that_was_chosen_stays_without_a_contact(self):
        form = self._new_form(existing_company_id=self.acme.with_env(self.env))
        self.assertEqual(form.save().existing_company_id, self.acme)

    @users("anna_t")
    def test_company_goes_with_the_contact_that_a_program_clears(self):
        followed = self._create_as_user(partner_id=self.ewa.id)
        private = self._create_as_user(partner_id=self.jan.id)
        chosen = self._create_as_user(existing_company_id=self.acme.id)
        (followed | private | chosen).write({"partner_id": False})
        self.assertFalse(followed.existing_company_id)
        self.assertFalse(private.existing_company_id)
        self.assertEqual(chosen.existing_company_id, self.acme)

    @users("anna_t")
    def test_person_who_joins_a_company_brings_it(self):
        lead = self._create_as_user(partner_id=self.jan.id)
        self.jan.parent_id = self.acme
        self.assertEqual(lead.existing_company_id, self.acme)
        self.assertEqual(lead.partner_id, self.jan)
