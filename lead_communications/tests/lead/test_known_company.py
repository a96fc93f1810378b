from odoo.exceptions import RedirectWarning, UserError, ValidationError
from odoo.tests import tagged, users

from .common import NEW_COMPANY, LeadFormCommon

# Spellings of one company each, and of one that may be it.
NAMES = (
    ("Żółw Sp. z o.o.", "ŻÓŁW sp. z o. o.", "Zolw spółka z o.o.", "„Żółw” spółka z  o.o."),
    ("Müller GmbH & Co. KG", "MU\u0308LLER GmbH und Co KG"),
    ("ООО «Окнай»", "Окнай, ООО", "Общество с ограниченной ответственностью «Окнай»"),
    ("株式会社サンプル", "サンプル 株式会社", "㈱サンプル", "サンプル（株）"),
    ("주식회사 삼성", "삼성㈜"),
    ("Langai, UAB", "Uždaroji akcinė bendrovė Langai"),
    ("Żółw " * 60 + "Ltd", "ŻÓŁW " * 60 + "LTD"),
    ("O'Neil Ltd.", "O’Neil Limited"),
)
SIMILAR = (("Żółw", "Żółw S.A.", "Zolw sp. z o.o."), ("Metal-Bud", "Metalbud"))
SITES = (
    ("https://żółw.example/pl?x=1", "xn--w-uga1v8h.example", "WWW.żółw.example."),
    ("https://facebook.com/zolw?ref=a", "fb.com/Zolw/"),
    ("https://a_b.example:8080/c", "a_b.example"),
)
NUMBERS = (
    ("NIP 526-000-12-46", "PL5260001246", "526 000 12 46"),
    ("CHE-107.787.577 MWST", "CHE107787577"),
    ("VAT ID: ESB58378431", "B-58378431"),
)
OF_ACME = {"partner_name": "ACME windows", "website": "other.test", "vat": "111111111"}


@tagged("post_install", "-at_install", "lead_communications")
class TestKnownCompany(LeadFormCommon):
    """A company that exists is recognized, and whoever did not type it in is not stopped."""

    def _partner(self, **values):
        return self.env["res.partner"].sudo().create({"is_company": True, "name": "X"} | values)

    def _known_lead(self, **values):
        """Return a lead for a new company that has come to exist meanwhile."""
        lead = self._create_as_user(**NEW_COMPANY | values)
        self._partner(name="Glass Tower", city="Gdynia", website="elsewhere.test")
        self._partner(name="Glass Tower", city="Sopot")
        return lead

    def _find(self, **values):
        return self.env["res.partner"]._find_same_companies(values, self.company)

    def _similar(self, name):
        return self.env["res.partner"]._find_similar_companies({"name": name}, self.company)

    @users("anna_t")
    def test_spellings_are_found_by_one_look_up(self):
        for field, groups in (("name", NAMES), ("website", SITES), ("vat", NUMBERS)):
            for first, *others in groups:
                partner = self._partner(**{field: first})
                for other in (first, *others):
                    with self.subTest(first=first, other=other):
                        self.assertEqual(self._find(**{field: other}), {field: partner})
                partner.unlink()
        self.assertFalse(self._find(website="facebook.com"))
        self.assertFalse(self._find(website="a%.example"))

    @users("anna_t")
    def test_names_that_may_be_one_are_no_error(self):
        for first, *others in SIMILAR:
            partner = self._partner(name=first)
            for other in others:
                with self.subTest(first=first, other=other):
                    self.assertFalse(self._find(name=other))
                    self.assertEqual(self._similar(other), partner)
            partner.unlink()
        self.assertFalse(self._similar("Acme Windows and Doors"))

    @users("anna_t")
    def test_similar_company_is_a_hint_on_the_form(self):
        form = self._new_form(is_new_company=True, partner_name="Acme Windows Sp. z o.o.")
        self.assertEqual(form.similar_company_id, self.acme)
        form.website, form.vat = "other.test", "111111111"
        lead = form.save()
        self.assertEqual(lead.similar_company_id, self.acme)
        lead.partner_name = "Another"
        self.assertFalse(lead.similar_company_id)
        lead.partner_name = "Acme Windows S.A."
        lead.is_new_company = False
        self.assertFalse(lead.similar_company_id)

    @users("anna_t")
    def test_hidden_company_is_no_hint(self):
        self.env["ir.rule"].sudo().create(
            {
                "name": "No Acme",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "domain_force": f"[('id', '!=', {self.acme.id})]",
            }
        )
        lead = self._create_as_user(**NEW_COMPANY | {"partner_name": "Acme Windows S.A."})
        self.assertFalse(lead.similar_company_id)

    @users("anna_t")
    def test_checked_once_it_is_typed_in(self):
        with self.assertRaises(RedirectWarning):
            self._create_as_user(**NEW_COMPANY | OF_ACME)
        lead = self._create_as_user(**NEW_COMPANY)
        for name, value in (("partner_name", "acme windows"), ("website", "acme.test/pl")):
            with self.subTest(name=name), self.assertRaises(RedirectWarning):
                lead.write({name: value})
        lead = self._create_as_user(partner_name="Acme Windows", name="Not checked yet")
        with self.assertRaises(RedirectWarning):
            lead.is_new_company = True

    @users("anna_t")
    def test_what_else_is_written_is_not_stopped(self):
        lead = self._known_lead()
        leads = lead | self._create_as_user()
        leads.write({"country_id": self.env.ref("base.de").id, "company_id": self.company.id})
        leads.write({"user_id": False})
        leads.write({"user_id": self.anna.id, "description": "x"})
        lead.write({"name": "Renamed", "partner_name": "Glass Tower", "is_new_company": True})
        with self.assertRaises(RedirectWarning):
            lead.partner_name = "Glass tower"

    @users("anna_t")
    def test_copies_and_merged_leads_are_not_stopped(self):
        lead = self._known_lead(email_from="adam@glass-tower.test")
        copy = lead.copy()
        self.assertTrue(copy.is_new_company)
        head = (lead | copy).merge_opportunity()
        self.assertTrue(head.is_new_company)
        with self.assertRaises(RedirectWarning):
            head.partner_name = "GLASS TOWER"
        with self.assertRaises(RedirectWarning):
            copy.exists().partner_name = "GLASS TOWER"
            lead.exists().partner_name = "GLASS TOWER"

    @users("anna_t")
    def test_client_cannot_say_that_it_copies(self):
        leads = self.env["crm.lead"].with_context(lead_taking_over=True)
        with self.assertRaises(RedirectWarning):
            leads.create({"name": "A house"} | NEW_COMPANY | OF_ACME)

    def _mass(self, leads):
        wizard = self.env["crm.lead2opportunity.partner.mass"].with_context(
            active_model="crm.lead", active_ids=leads.ids, active_id=leads[0].id
        )
        return wizard.create({"deduplicate": False})

    @users("anna_t")
    def test_lead_that_cannot_be_converted_stops_no_others(self):
        refused = self._known_lead(name="Refused")
        others = self._create_as_user(contact_name="Eva One")
        others |= self._create_as_user(
            **NEW_COMPANY | {"partner_name": "Brick", "website": "brick.test", "vat": "/"}
        )
        notice = self._mass(refused | others).action_mass_convert()
        self.assertEqual(refused.type, "lead")
        self.assertFalse(refused.partner_id)
        self.assertEqual(others.mapped("type"), ["opportunity"] * 2)
        self.assertEqual(others[1].partner_id.name, "Brick")
        message = notice["params"]["message"]
        self.assertIn("Refused: A company with this", message)
        self.assertIn("Glass Tower (Gdynia)", message)
        self.assertEqual(notice["params"]["next"]["res_model"], "crm.lead")
        with self.assertRaises(UserError) as caught:
            self._mass(refused).action_mass_convert()
        self.assertIn("Refused: A company", str(caught.exception))
        notice = self._mass(others).action_mass_convert()
        self.assertNotEqual(notice.get("tag"), "display_notification")

    @users("anna_t")
    def test_number_is_checked_when_it_is_typed_in(self):
        lead = self._create_as_user(vat="12345679", country_id=self.env.ref("base.cz").id)
        lead.country_id = self.env.ref("base.pl")
        self.assertEqual(lead.copy().vat, "12345679")
        with self.assertRaises(ValidationError):
            lead.vat = "1234567"
