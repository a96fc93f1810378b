from unittest.mock import patch

from odoo.exceptions import AccessError, RedirectWarning, ValidationError
from odoo.tests import Form, tagged, users
from odoo.tools import SQL

from .common import NEW_COMPANY, LeadFormCommon

NEW_CONTACT = {
    "is_new_contact": True,
    "contact_first_name": "Adam",
    "contact_middle_name": "Jan",
    "contact_last_name": "Wrona",
    "function": "Buyer",
    "email_from": "adam@glass-tower.test",
    "phone": "+48 22 123 45 67",
}


@tagged("post_install", "-at_install", "lead_communications")
class TestCrmLeadCustomer(LeadFormCommon):
    """On conversion the new company and the new contact are created from the lead, once."""

    def _companies(self, name="Glass Tower"):
        partners = self.env["res.partner"].with_context(active_test=False)
        return partners.search([("name", "=", name), ("is_company", "=", True)])

    @users("anna_t")
    def test_company_and_contact_are_created(self):
        lead = self._create_as_user(**NEW_COMPANY, **NEW_CONTACT, city="Gdynia")
        self._convert(lead)
        contact, company = lead.partner_id, lead.partner_id.parent_id
        self.assertRecordValues(
            contact,
            [
                {
                    "name": "Adam Jan Wrona",
                    "function": "Buyer",
                    "email": "adam@glass-tower.test",
                    "is_company": False,
                }
            ],
        )
        self.assertRecordValues(
            company,
            [
                {
                    "name": "Glass Tower",
                    "vat": "PL5260001246",
                    "website": "https://glass-tower.test",
                    "city": "Gdynia",
                    "is_company": True,
                }
            ],
        )
        self.assertRecordValues(
            lead,
            [
                {
                    "type": "opportunity",
                    "existing_company_id": company.id,
                    "is_new_company": False,
                    "is_new_contact": False,
                    "contact_last_name": "Wrona",
                }
            ],
        )

    @users("anna_t")
    def test_converted_twice_creates_once(self):
        lead = self._create_as_user(**NEW_COMPANY, **NEW_CONTACT)
        self._convert(lead)
        contact = lead.partner_id
        self._convert(lead, action="create")
        self.assertEqual(lead.partner_id, contact)
        self.assertEqual(len(self._companies()), 1)

    @users("anna_t")
    def test_second_lead_of_the_same_new_company(self):
        first, second = (self._create_as_user(**NEW_COMPANY, **NEW_CONTACT) for _lead in range(2))
        other = self._create_as_user(**NEW_COMPANY, is_new_contact=True, contact_name="Eva Two")
        self._convert(first)
        self._convert(second, action="create")
        self._convert(other, action="create")
        self.assertEqual(second.partner_id, first.partner_id)
        self.assertEqual(other.partner_id.parent_id, first.partner_id.parent_id)
        self.assertEqual(len(self._companies()), 1)

    @users("anna_t")
    def test_same_name_and_another_tax_number_is_for_a_person_to_decide(self):
        lead = self._create_as_user(**NEW_COMPANY)
        existing = self.env["res.partner"].create(
            {"name": "glass tower", "is_company": True, "vat": "5555555555"}
        )
        with self.assertRaises(RedirectWarning) as caught:
            self._convert(lead)
        self.assertEqual(caught.exception.args[1]["res_id"], existing.id)
        lead.is_new_company = False
        lead.existing_company_id = existing
        self._convert(lead)
        self.assertEqual(lead.partner_id, existing)

    @users("anna_t")
    def test_several_that_exist_are_for_a_person_to_decide(self):
        lead = self._create_as_user(**NEW_COMPANY)
        self.env["res.partner"].create(
            [
                {"name": "Glass Tower", "is_company": True, "vat": "PL5260001246"},
                {"name": "Glass Tower", "is_company": True},
            ]
        )
        with self.assertRaises(RedirectWarning):
            self._convert(lead)

    @users("anna_t")
    def test_website_alone_is_not_certain(self):
        lead = self._create_as_user(**NEW_COMPANY)
        self.env["res.partner"].create(
            {"name": "Tower Holding", "is_company": True, "website": "glass-tower.test"}
        )
        with self.assertRaises(RedirectWarning):
            self._convert(lead)

    @users("anna_t")
    def test_new_contact_of_an_existing_company(self):
        lead = self._create_as_user(existing_company_id=self.acme.id, **NEW_CONTACT)
        self.assertEqual(lead.commercial_partner_id, self.acme)
        self._convert(lead)
        self.assertEqual(lead.partner_id.parent_id, self.acme)
        self.assertFalse(self._companies("Acme  Windows") - self.acme)

    @users("anna_t")
    def test_contact_of_that_company_with_the_address_is_taken(self):
        values = NEW_CONTACT | {"email_from": "Ewa <EWA@acme.test>"}
        lead = self._create_as_user(existing_company_id=self.acme.id, **values)
        self._convert(lead, action="create")
        self.assertEqual(lead.partner_id, self.ewa)

    @users("anna_t")
    def test_existing_contact_begins_to_work_for_the_new_company(self):
        lead = self._create_as_user(**NEW_COMPANY, partner_id=self.jan.id)
        self.assertTrue(lead.is_new_company)
        self._convert(lead)
        self.assertEqual(self.jan.parent_id, self._companies())
        self.assertEqual(lead.existing_company_id, self._companies())

    @users("anna_t")
    def test_company_without_a_contact(self):
        lead = self._create_as_user(**NEW_COMPANY)
        self._convert(lead, action="create")
        self.assertEqual(lead.partner_id, self._companies())

    @users("anna_t")
    def test_opportunity_that_was_no_lead_has_a_button(self):
        lead = self._create_as_user(type="opportunity", **NEW_COMPANY, **NEW_CONTACT)
        lead.action_create_customer()
        self.assertEqual(lead.partner_id.parent_id, self._companies())
        contact = lead.partner_id
        lead.action_create_customer()
        self.assertEqual(lead.partner_id, contact)

    @users("ben_t")
    def test_button_needs_the_right_to_the_lead(self):
        lead = self._create_lead(**NEW_COMPANY).with_env(self.env)
        with self.assertRaises(AccessError):
            lead.action_create_customer()

    @users("anna_t")
    def test_two_leads_are_converted_in_mass(self):
        leads = self._create_as_user(**NEW_COMPANY, **NEW_CONTACT)
        leads |= self._create_as_user(**NEW_COMPANY, contact_name="Eva Two")
        wizard = self.env["crm.lead2opportunity.partner.mass"].with_context(
            active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id
        )
        wizard.create({"deduplicate": False}).action_mass_convert()
        self.assertEqual(leads.partner_id.parent_id, self._companies())
        self.assertEqual(len(leads.partner_id), 2)

    @users("anna_t")
    def test_company_that_the_dialog_chose_wins(self):
        lead = self._create_as_user(**NEW_CONTACT)
        self._convert(lead, action="create", commercial_partner_id=self.acme.id)
        self.assertEqual(lead.partner_id.parent_id, self.acme)

    @users("anna_t")
    def test_lead_without_the_checkboxes_is_converted_as_by_the_host(self):
        lead = self._create_as_user(partner_name="Acme Windows", contact_name="Tom Host")
        self._convert(lead)
        self.assertEqual(lead.partner_id.parent_id.name, "Acme Windows")

    @users("anna_t")
    def test_company_of_the_quick_entry_is_kept(self):
        lead = self._create_as_user(
            commercial_partner_id=self.acme.id, email_from="new@acme.test", type="opportunity"
        )
        self.assertRecordValues(lead, [{"partner_id": False, "existing_company_id": self.acme.id}])

    @users("anna_t")
    def test_company_chosen_in_the_quick_entry_takes_the_place_of_the_contact(self):
        form = Form(self.env["crm.lead"], "crm.quick_create_opportunity_form")
        form.partner_id = self.ewa.with_env(self.env)
        self.assertEqual(form.commercial_partner_id, self.acme)
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        form.commercial_partner_id = other
        self.assertRecordValues(
            form.save(), [{"partner_id": other.id, "existing_company_id": other.id}]
        )

    @users("anna_t")
    def test_queries_of_the_look_up(self):
        """Three look-ups by index, one search each of those found; whatever the contacts."""
        values = {"name": "Acme Windows", "website": "acme.test", "vat": "1234567883"}
        partners = self.env["res.partner"]
        self.env.flush_all()
        partners._find_same_companies(values, self.company)
        with self.assertQueryCount(7):
            partners._find_same_companies(values, self.company)
        self.env.cr.execute("SET LOCAL enable_seqscan TO off")
        for name, keys in partners._company_keys(values).items():
            query = partners._same_key_query(name, keys)
            plan = self.env.execute_query(SQL("EXPLAIN %s", query))
            self.assertIn(f"res_partner_company_{name}_key_idx", str(plan))


@tagged("post_install", "-at_install", "lead_communications")
class TestCrmLeadCompanyAccess(LeadFormCommon):
    """Nobody is shown a company that they may not see."""

    @users("anna_t")
    def test_company_of_another_company_does_not_exist_here(self):
        values = {"partner_name": "Foreign Friends", "website": "foreign.test", "vat": "111222333"}
        lead = self._create_as_user(**NEW_COMPANY | values)
        self._convert(lead)
        self.assertNotEqual(lead.partner_id, self.foreign)
        self.assertFalse(lead.partner_id.company_id)

    @users("otto_t")
    def test_company_of_the_own_company_exists(self):
        with self.assertRaises(RedirectWarning) as caught:
            self._create_as_user(**NEW_COMPANY | {"vat": "111222333"})
        self.assertIn("Foreign Friends", caught.exception.args[0])

    @users("anna_t")
    def test_hidden_company_is_told_without_its_name(self):
        self.env["ir.rule"].sudo().create(
            {
                "name": "No Acme",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.acme.id})]",
            }
        )
        lead = self._create_as_user(**NEW_COMPANY)
        with self.assertRaises(ValidationError) as caught:
            lead.website = "acme.test"
        message = str(caught.exception)
        self.assertIn("you may not see it", message)
        self.assertNotIn("Acme", message)

    @users("anna_t")
    def test_hidden_company_stops_the_conversion(self):
        lead = self._create_as_user(**NEW_COMPANY)
        hidden = (
            self.env["res.partner"]
            .sudo()
            .create({"name": "Glass Tower", "is_company": True, "vat": "5260001246"})
        )
        self.env["ir.rule"].sudo().create(
            {
                "name": "Hidden",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {hidden.id})]",
            }
        )
        with self.assertRaises(ValidationError):
            self._convert(lead)
        self.assertFalse(lead.partner_id)

    @users("anna_t")
    def test_fields_of_another_company_are_refused(self):
        direction = (
            self.env["lead.sales.direction"]
            .sudo()
            .create({"name": "Theirs", "company_id": self.other_company.id})
        )
        product = (
            self.env["product.template"]
            .sudo()
            .create({"name": "Theirs", "company_id": self.other_company.id})
        )
        values = {
            "existing_company_id": self.foreign.id,
            "partner_company_id": self.foreign.id,
            "direction_id": direction.id,
            "product_tmpl_id": product.id,
        }
        for name, value in values.items():
            with self.subTest(field=name), self.assertRaises(Exception) as caught:
                self._create_as_user(company_id=self.company.id, **{name: value})
            self.assertIn("ompan", str(caught.exception))
        self.assertNotIn(direction, self.env["lead.sales.direction"].search([]))

    @users("anna_t")
    def test_salesperson_reads_directions_and_a_manager_changes_them(self):
        directions = self.env["lead.sales.direction"]
        self.assertEqual(self.homes.with_env(self.env).name, "Homes")
        self.assertFalse(directions.has_access("create"))
        self.assertFalse(self.homes.with_env(self.env).has_access("write"))
        self.assertFalse(self.homes.with_env(self.env).has_access("unlink"))
        managed = directions.with_user(self.marek).create({"name": "Tenders"})
        managed.write({"active": False})
        managed.unlink()

    @users("anna_t")
    def test_values_of_hostile_length_and_content(self):
        for values in (
            {"partner_name": "x" * 5000},
            {"partner_name": "%s'; DROP TABLE res_partner; --"},
            {"website": "www." + "a/" * 3000},
            {"website": "http://"},
            {"partner_name": "(.*)"},
        ):
            with self.subTest(values=str(values)[:40]):
                lead = self._create_as_user(**NEW_COMPANY | {"vat": "/"} | values)
                self._convert(lead)
                self.assertTrue(lead.partner_id.is_company)
                lead.partner_id.sudo().write({"name": "Other", "website": False})


@tagged("post_install", "-at_install", "lead_communications")
class TestCrmLeadSource(LeadFormCommon):
    """The source says in which way a lead came in."""

    def _source(self, way):
        return self.env.ref(f"lead_communications.utm_source_{way}")

    @users("anna_t")
    def test_typed_in_is_self_generation(self):
        for kind in ("lead", "opportunity"):
            self.assertEqual(self._new_form(kind).save().source_id, self._source("self_generation"))

    @users("anna_t")
    def test_api_and_import_say_their_own_or_nothing(self):
        vendor = self._source("vendor")
        self.assertFalse(self._create_as_user().source_id)
        self.assertEqual(self._create_as_user(source_id=vendor.id).source_id, vendor)
        result = self.env["crm.lead"].load(["name", "source_id"], [["A", ""], ["B", "Vendor"]])
        self.assertEqual(
            self.env["crm.lead"].browse(result["ids"]).mapped("source_id.name"), ["Vendor"]
        )

    @users("anna_t")
    def test_own_default_of_a_user_stays(self):
        self.env["ir.default"].set(
            "crm.lead", "source_id", self._source("partner").id, user_id=True
        )
        self.assertEqual(self._new_form().source_id, self._source("partner"))

    @users("anna_t")
    def test_quick_entry_is_typed_in_too(self):
        arch = self.env["crm.lead"].get_view(self.env.ref("crm.quick_create_opportunity_form").id)
        self.assertIn('name="source_id"', arch["arch"])

    def test_call_and_email(self):
        call, mail = self._create_call(), self._receive()
        for row in (call, mail):
            row.with_user(self.anna).action_create_lead()
            self.assertEqual(row.lead_id.source_id, self._source(row.type))

    def test_email_by_the_hosts_own_alias(self):
        lead = self.env["crm.lead"].message_new({"subject": "Hello", "from": "jan@customer.test"})
        self.assertEqual(lead.source_id, self._source("email"))
        lead = self.env["crm.lead"].message_new(
            {"subject": "Hello", "from": "jan@customer.test"},
            {"source_id": self._source("vendor").id},
        )
        self.assertEqual(lead.source_id, self._source("vendor"))

    def test_form_of_a_website(self):
        """What Odoo's controller creates: as the superuser, with the medium Website."""
        values = {"name": "Contact", "medium_id": self.env.ref("utm.utm_medium_website").id}
        lead = self.env["crm.lead"].create(values)
        self.assertEqual(lead.source_id, self._source("website_form"))
        lead = self.env["crm.lead"].create(values | {"source_id": self._source("partner").id})
        self.assertEqual(lead.source_id, self._source("partner"))
        linked = self.env["crm.lead"].with_context(default_source_id=self._source("partner").id)
        self.assertEqual(linked.create(values).source_id, self._source("partner"))

    def test_live_chat(self):
        """By what ``/lead`` in a live chat passes; the field is there with that module alone."""
        leads = self.env["crm.lead"]
        self.assertEqual(leads._source_of_way_in({"origin_channel_id": 1}), self._source("chat"))
        vendor = self._source("vendor")
        self.assertFalse(leads._source_of_way_in({"origin_channel_id": 1, "source_id": vendor.id}))

    def test_names_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("pl_PL")
        polish = self._source("vendor").with_context(lang="pl_PL")
        with patch.object(
            type(polish), "_lead_source_names", lambda _self: {"vendor": ("Vendor", "Dostawca")}
        ):
            self.assertEqual(polish.display_name, "Dostawca")
            self.assertEqual(polish.name, "Vendor")
            found = polish.name_search("dostaw")
            self.assertEqual(found, [(polish.id, "Dostawca")])
            self.assertEqual(polish.name_search("vend"), [(polish.id, "Dostawca")])
            polish.name = "Suppliers"
            self.assertEqual(polish.display_name, "Suppliers")

    def test_source_that_is_there_already_is_taken(self):
        sources = self.env["utm.source"]
        ours = self._source("vendor")
        self.env["ir.model.data"].search(
            [("module", "=", "lead_communications"), ("name", "=", "utm_source_vendor")]
        ).unlink()
        ours.name = "vendor"
        sources._adopt_lead_sources()
        self.assertEqual(sources._lead_source("vendor"), ours)
        sources._adopt_lead_sources()

    def test_sources_stay_when_the_addon_goes_and_are_taken_when_it_comes_back(self):
        sources = self.env["utm.source"]
        chat = self._source("chat")
        self.env["lead.uninstall"]._leave_sources()
        self.assertTrue(chat.exists())
        self.assertFalse(sources._lead_source("chat"))
        sources._adopt_lead_sources()
        self.assertEqual(sources._lead_source("chat"), chat)

    def test_deleted_source_is_not_missed(self):
        self._source("self_generation").unlink()
        self.assertFalse(self._new_form().source_id)


@tagged("post_install", "-at_install", "lead_communications")
class TestCrmLeadFormMerge(LeadFormCommon):
    """A merge takes what belongs together from one lead."""

    @users("marek_t")
    def test_merge_fills_what_is_missing(self):
        head = self._create_as_user(type="opportunity", user_id=False)
        product = self.env["product.template"].sudo().create({"name": "Oak window"})
        tail = self._create_as_user(
            **NEW_COMPANY,
            is_new_contact=True,
            contact_first_name="Juan",
            contact_last_name="de la Cruz",
            direction_id=self.offices.id,
            product_tmpl_id=product.id,
            partner_representative_id=self.ewa.id,
        )
        merged = (head | tail).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertRecordValues(
            merged,
            [
                {
                    "is_new_company": True,
                    "partner_name": "Glass Tower",
                    "vat": NEW_COMPANY["vat"],
                    "is_new_contact": True,
                    "contact_last_name": "de la Cruz",
                    "direction_id": self.offices.id,
                    "product_tmpl_id": product.id,
                    "partner_company_id": self.acme.id,
                    "partner_representative_id": self.ewa.id,
                    "user_id": self.marek.id,
                }
            ],
        )

    @users("marek_t")
    def test_merge_with_an_existing_contact(self):
        head = self._create_as_user(type="opportunity", **NEW_COMPANY)
        tail = self._create_as_user(partner_id=self.ewa.id)
        merged = (head | tail).merge_opportunity()
        self.assertRecordValues(
            merged,
            [
                {
                    "partner_id": self.ewa.id,
                    "existing_company_id": self.acme.id,
                    "is_new_company": False,
                    "is_new_contact": False,
                }
            ],
        )

    @users("marek_t")
    def test_merge_with_a_lead_of_who_left(self):
        head = self._create_as_user(type="opportunity", user_id=self.ben.id)
        tail = self._create_as_user()
        self.ben.sudo().active = False
        self.assertEqual((head | tail).merge_opportunity().user_id, self.marek)

    @users("marek_t")
    def test_merge_does_not_mix_two_companies(self):
        head = self._create_as_user(type="opportunity", partner_name="One")
        tail = self._create_as_user(partner_name="Two", vat="5260001246")
        self.assertFalse((head | tail).merge_opportunity().vat)
