from odoo.exceptions import RedirectWarning, ValidationError
from odoo.tests import Form, new_test_user, tagged, users

from .common import NEW_COMPANY, LeadFormCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestDocLeads(LeadFormCommon):
    """The form of a lead, sentence by sentence of the product's documentation, by a salesperson."""

    # ---- NAME, SOURCE ----

    @users("anna_t")
    def test_name_mandatory_add_the_title_of_the_lead(self):
        form = self._new_form()
        self.assertAsked(form, name="required")
        form.name = False
        with self.assertRaises(AssertionError):
            form.save()

    @users("anna_t")
    def test_lead_source_mandatory(self):
        form = self._new_form()
        self.assertAsked(form, source_id="required")
        form.source_id = self.env["utm.source"]
        with self.assertRaises(AssertionError):
            form.save()

    @users("anna_t")
    def test_lead_source_available_options(self):
        sources = self.env["utm.source"]
        names = [
            sources._lead_source(way).name for way in self.env["utm.source"]._lead_source_names()
        ]
        self.assertCountEqual(
            names,
            [
                "Self-generation",
                "Email",
                "Call",
                "Chat",
                "Vendor",
                "Partner",
                "Website form",
                "Social media",
            ],
        )

    # ---- COMPANY ----

    @users("anna_t")
    def test_lead_company_name_optional_filled_in_by_who_created_the_lead(self):
        form = self._new_form(partner_name="As they call themselves")
        self.assertAsked(form, partner_name=True)
        self.assertEqual(form.save().partner_name, "As they call themselves")
        self._new_form().save()

    @users("anna_t")
    def test_company_name_website_tin_mandatory_for_a_new_company(self):
        for kind in ("lead", "opportunity"):
            form = self._new_form(kind, is_new_company=True)
            self.assertAsked(form, partner_name="required", website="required", vat="required")
            with self.assertRaises(AssertionError):
                form.save()

    @users("anna_t")
    def test_company_name_exists_an_error_on_save(self):
        for name in ("Acme Windows", " acme  WINDOWS "):
            with self.subTest(name=name):
                self.assertExists(self.acme, "company name", partner_name=name)

    @users("anna_t")
    def test_company_website_exists_an_error_on_save(self):
        for website in ("acme.test", "http://www.acme.test", "HTTPS://ACME.TEST///"):
            with self.subTest(website=website):
                self.assertExists(self.acme, "website", website=website)
        self._create_as_user(**NEW_COMPANY | {"website": "acme.test.pl"})

    @users("anna_t")
    def test_company_tin_exists_an_error_on_save(self):
        for vat in ("1234567883", "123-456-78-83", "PL 123 456 78 83", "pl1234567883"):
            with self.subTest(vat=vat):
                self.assertExists(self.acme, "tax number", vat=vat)
        # The same digits in another country are another number.
        self._create_as_user(**NEW_COMPANY | {"vat": "RO 1234567883"})

    @users("anna_t")
    def test_company_exists_check_the_accuracy_of_the_entered_data(self):
        form = self._new_form(**NEW_COMPANY | {"partner_name": "Acme Windows"})
        with self.assertRaises(RedirectWarning):
            form.save()
        form.partner_name = "Acme Doors"
        self.assertEqual(form.save().partner_name, "Acme Doors")

    @users("anna_t")
    def test_company_exists_clear_new_company_and_select_the_existing_one(self):
        for kind in ("lead", "opportunity"):
            form = self._new_form(kind, **NEW_COMPANY | {"partner_name": "Acme Windows"})
            with self.assertRaises(RedirectWarning):
                form.save()
            form.is_new_company = False
            form.existing_company_id = self.acme.with_env(self.env)
            lead = form.save()
            self.assertRecordValues(
                lead,
                [
                    {
                        "existing_company_id": self.acme.id,
                        "is_new_company": False,
                        "partner_name": "Acme  Windows",
                        "partner_id": False,
                    }
                ],
            )

    @users("anna_t")
    def test_company_of_another_lead_that_is_edited_exists_too(self):
        lead = self._create_as_user(**NEW_COMPANY)
        with self.assertRaises(RedirectWarning):
            lead.vat = "1234567883"
        lead.is_new_company = False
        lead.vat = "1234567883"  # nobody says that it is a new one

    @users("anna_t")
    def test_archived_company_exists_too(self):
        self.acme.child_ids.active = False
        self.acme.active = False
        with self.assertRaises(RedirectWarning) as caught:
            self._create_as_user(**NEW_COMPANY | {"partner_name": "Acme Windows"})
        self.assertIn("archived", caught.exception.args[0])

    @users("anna_t")
    def test_company_fields_only_available_if_existing_company_is_empty(self):
        form = self._new_form()
        self.assertAsked(form, partner_name=True, website=True, vat=True)
        form.existing_company_id = self.acme.with_env(self.env)
        self.assertAsked(form, partner_name=False, website=False, vat=False)

    @users("anna_t")
    def test_tin_must_contain_9_10_or_12_digits(self):
        right = ("123456789", "526-000-12-46", "1234 5678 9012", "PL 5260001246", "BY 123456789")
        wrong = ("1", "12345678", "12345678901", "1234567890123", "12345678x", "QQ1234567890", "PL")
        for vat in right:
            with self.subTest(vat=vat):
                self.assertEqual(self._create_as_user(vat=vat).vat, vat)
        for vat in wrong:
            with self.subTest(vat=vat), self.assertRaises(ValidationError) as caught:
                self._create_as_user(vat=vat)
            self.assertIn("9, 10 or 12 digits", str(caught.exception))

    @users("anna_t")
    def test_tin_valid_for_its_country(self):
        spain = self.env.ref("base.es")
        for vat, country in (("ESA12345674", False), ("A12345674", spain.id), ("/", False)):
            with self.subTest(vat=vat):
                self._create_as_user(vat=vat, country_id=country)
        with self.assertRaises(ValidationError):
            self._create_as_user(vat="ESA12345675")

    @users("anna_t")
    def test_new_company_optional_checkbox(self):
        form = self._new_form()
        self.assertAsked(form, is_new_company=True)
        self.assertFalse(form.save().is_new_company)

    @users("anna_t")
    def test_existing_company_mandatory(self):
        self._require_data()
        for kind in ("lead", "opportunity"):
            form = self._new_form(kind)
            self.assertAsked(form, existing_company_id="required")
            with self.assertRaises(AssertionError):
                form.save()

    @users("anna_t")
    def test_existing_company_asked_for_only_where_the_administrator_says_so(self):
        form = self._new_form()
        self.assertAsked(form, existing_company_id=True, partner_id=True)
        form.save()

    @users("anna_t")
    def test_existing_company_only_available_if_new_company_is_not_selected(self):
        form = self._new_form(is_new_company=True)
        self.assertAsked(form, existing_company_id=False)
        form.is_new_company = False
        self.assertAsked(form, existing_company_id=True)

    @users("anna_t")
    def test_new_company_leaves_the_existing_one(self):
        form = self._new_form(partner_id=self.ewa.with_env(self.env))
        self.assertEqual(form.existing_company_id, self.acme)
        form.is_new_company = True
        self.assertFalse(form.existing_company_id or form.partner_id or form.partner_name)
        self.assertFalse(form.website or form.email_from)
        for name, value in NEW_COMPANY.items():
            form[name] = value
        self.assertTrue(form.save().is_new_company)
        self.assertEqual(self.ewa.email, "ewa@acme.test")

    @users("anna_t")
    def test_new_company_and_existing_company_together_are_refused(self):
        with self.assertRaises(ValidationError):
            self._create_as_user(**NEW_COMPANY, existing_company_id=self.acme.id)

    # ---- CONTACT ----

    @users("anna_t")
    def test_new_contact_optional_checkbox(self):
        form = self._new_form()
        self.assertAsked(form, is_new_contact=True)
        self.assertFalse(form.save().is_new_contact)

    @users("anna_t")
    def test_first_and_last_name_mandatory_middle_name_optional(self):
        for kind in ("lead", "opportunity"):
            form = self._new_form(kind, is_new_contact=True)
            self.assertAsked(
                form,
                contact_first_name="required",
                contact_last_name="required",
                contact_middle_name=True,
            )
            with self.assertRaises(AssertionError):
                form.save()
            form.contact_first_name, form.contact_last_name = "Anna", "Nowak"
            self.assertEqual(form.save().contact_name, "Anna Nowak")

    @users("anna_t")
    def test_names_only_available_if_new_contact_is_selected(self):
        form = self._new_form()
        names = ("contact_first_name", "contact_middle_name", "contact_last_name")
        self.assertAsked(form, **dict.fromkeys(names, False))

    @users("anna_t")
    def test_names_and_the_whole_name_follow_each_other(self):
        lead = self._create_as_user(
            contact_first_name="Anna", contact_middle_name="Maria", contact_last_name="de la Cruz"
        )
        self.assertEqual(lead.contact_name, "Anna Maria de la Cruz")
        lead.name = "Something else"
        self.assertEqual(lead.contact_last_name, "de la Cruz")
        lead.contact_middle_name = False
        self.assertEqual(lead.contact_name, "Anna de la Cruz")
        lead.contact_name = "Kowalski, Jan"
        self.assertRecordValues(
            lead,
            [
                {
                    "contact_name": "Kowalski, Jan",
                    "contact_first_name": "Jan",
                    "contact_middle_name": False,
                    "contact_last_name": "Kowalski",
                }
            ],
        )
        lead.contact_name = False
        self.assertFalse(lead.contact_first_name or lead.contact_last_name)

    @users("anna_t")
    def test_names_are_proposed_from_the_whole_name(self):
        form = self._new_form(contact_name="Anna Maria Nowak")
        form.is_new_contact = True
        self.assertEqual(
            (form.contact_first_name, form.contact_middle_name, form.contact_last_name),
            ("Anna", "Maria", "Nowak"),
        )

    @users("anna_t")
    def test_contact_phone_and_email_optional(self):
        form = self._new_form(is_new_contact=True)
        self.assertAsked(form, phone=True, email_from=True)

    @users("anna_t")
    def test_contact_phone_and_email_of_an_existing_contact_are_the_contacts(self):
        form = self._new_form(partner_id=self.ewa.with_env(self.env))
        self.assertEqual(form.email_from, "ewa@acme.test")

    @users("anna_t")
    def test_existing_contact_mandatory(self):
        self._require_data()
        for kind in ("lead", "opportunity"):
            form = self._new_form(kind, existing_company_id=self.acme.with_env(self.env))
            self.assertAsked(form, partner_id="required")
            with self.assertRaises(AssertionError):
                form.save()
            form.partner_id = self.ewa.with_env(self.env)
            self.assertEqual(form.save().partner_id, self.ewa)

    @users("anna_t")
    def test_existing_contact_only_available_if_new_contact_is_cleared(self):
        form = self._new_form(is_new_contact=True)
        self.assertAsked(form, partner_id=False)
        form.is_new_contact = False
        self.assertAsked(form, partner_id=True)

    @users("anna_t")
    def test_existing_company_only_its_contacts_can_be_selected(self):
        arch = self.env["crm.lead"].get_view(self.env.ref("crm.crm_lead_view_form").id)["arch"]
        self.assertEqual(arch.count("[('commercial_partner_id', '=?', existing_company_id)]"), 2)
        with self.assertRaises(ValidationError):
            self._create_as_user(existing_company_id=self.acme.id, partner_id=self.jan.id)
        lead = self._create_as_user(existing_company_id=self.acme.id)
        lead.partner_id = self.ewa
        self.assertEqual(lead.existing_company_id, self.acme)
        form = self._form(lead)
        form.existing_company_id = self.env["res.partner"].create(
            {"name": "Someone Else", "is_company": True}
        )
        self.assertFalse(form.partner_id or form.email_from)

    @users("anna_t")
    def test_existing_contact_brings_its_company(self):
        form = self._new_form(partner_id=self.ewa.with_env(self.env))
        self.assertEqual(form.save().existing_company_id, self.acme)
        form = self._new_form(partner_id=self.jan.with_env(self.env))
        self.assertFalse(form.save().existing_company_id)

    @users("anna_t")
    def test_new_contact_of_the_existing_company(self):
        form = self._new_form(partner_id=self.ewa.with_env(self.env))
        form.is_new_contact = True
        self.assertEqual(form.existing_company_id, self.acme)
        self.assertFalse(form.partner_id or form.email_from)
        with self.assertRaises(ValidationError):
            self._create_as_user(is_new_contact=True, partner_id=self.ewa.id)

    @users("anna_t")
    def test_job_title_optional(self):
        form = self._new_form(function="Caretaker")
        self.assertAsked(form, function=True)
        self.assertEqual(form.save().function, "Caretaker")

    # ---- MARKETING AND WORK ----

    @users("anna_t")
    def test_sales_direction_mandatory(self):
        for kind in ("lead", "opportunity"):
            form = self._new_form(kind)
            self.assertAsked(form, direction_id="required")
            form.direction_id = self.env["lead.sales.direction"]
            with self.assertRaises(AssertionError):
                form.save()

    @users("anna_t")
    def test_sales_direction_not_asked_while_there_is_none(self):
        self.env["lead.sales.direction"].sudo().search([]).company_id = self.other_company
        form = Form(self.env["crm.lead"].with_context(default_type="lead"))
        self.assertAsked(form, direction_id=False)
        form.name = "A house"
        form.save()

    @users("anna_t")
    def test_optional_fields_of_the_host(self):
        form = self._new_form()
        self.assertAsked(form, campaign_id=True, description=True, city=True, medium_id=True)

    @users("anna_t")
    def test_service_or_product_optional(self):
        product = self.env["product.template"].sudo().create({"name": "Oak window"})
        form = self._new_form(product_tmpl_id=product.with_env(self.env))
        self.assertAsked(form, product_tmpl_id=True)
        self.assertEqual(form.save().product_tmpl_id.name, "Oak window")

    @users("anna_t")
    def test_owner_only_an_active_user(self):
        lead = self._create_as_user()
        self.ben.sudo().active = False
        portal = new_test_user(self.env(su=True), "portal_t", "base.group_portal")
        for user in (self.ben, portal):
            with self.subTest(user=user.login), self.assertRaises(ValidationError) as caught:
                lead.user_id = user.id
            self.assertIn("active employee", str(caught.exception))
        found = self.env["res.users"].name_search("Ben", domain=[("share", "=", False)])
        self.assertNotIn(self.ben.id, [user_id for user_id, _name in found])

    @users("marek_t")
    def test_owner_who_left_does_not_hinder_a_copy(self):
        lead = self._create_lead(user_id=self.ben.id).with_env(self.env)
        self.ben.sudo().active = False
        lead.city = "Sopot"
        self.assertFalse(lead.copy().user_id)

    @users("anna_t")
    def test_partner_company_and_its_representative_optional(self):
        form = self._new_form()
        self.assertAsked(form, partner_company_id=True, partner_representative_id=True)
        form.partner_representative_id = self.ewa.with_env(self.env)
        self.assertEqual(form.partner_company_id, self.acme)
        lead = form.save()
        form = self._form(lead)
        form.partner_company_id = self.env["res.partner"]
        self.assertFalse(form.partner_representative_id)

    @users("anna_t")
    def test_partner_representative_is_of_the_partner_company(self):
        for person in (self.jan, self.acme):
            with self.subTest(person=person.name), self.assertRaises(ValidationError):
                self._create_as_user(
                    partner_company_id=self.acme.id, partner_representative_id=person.id
                )

    # ---- WHAT MUST NOT BE HINDERED ----

    @users("anna_t")
    def test_lead_from_before_is_saved_as_it_was_and_loses_nothing(self):
        self._require_data()
        lead = self._create_as_user()
        form = self._form(lead)
        self.assertAsked(
            form, existing_company_id=True, partner_id=True, source_id=True, direction_id=True
        )
        form.city = "Gdynia"
        form.direction_id = self.homes.with_env(self.env)
        form.save()
        form = self._form(lead)
        self.assertAsked(form, direction_id="required", partner_id=True)
        form.direction_id = self.env["lead.sales.direction"]
        with self.assertRaises(AssertionError):
            form.save()

    @users("anna_t")
    def test_lead_from_a_call_is_saved_with_what_it_has(self):
        self._require_data()
        call = self._create_call().with_env(self.env)
        call.action_create_lead()
        lead = call.lead_id
        self.assertEqual(lead.missing_data, "contact name, description")
        form = self._form(lead)
        self.assertAsked(
            form, existing_company_id=True, partner_id=True, source_id=True, direction_id=True
        )
        form.contact_name = "Jan Kowalski"
        form.save()
        self.assertEqual(lead.missing_data, "description")
