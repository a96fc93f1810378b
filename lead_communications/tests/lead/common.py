from odoo.exceptions import RedirectWarning
from odoo.tests import Form

from ...models.lead.required import DATA_REQUIRED
from ..common import LeadCommunicationsCommon

NEW_COMPANY = {
    "is_new_company": True,
    "partner_name": "Glass Tower",
    "website": "https://glass-tower.test",
    "vat": "PL 526-000-12-46",
}


class LeadFormCommon(LeadCommunicationsCommon):
    """A company that exists with its contact, another company's company, two sales directions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Partner = cls.env["res.partner"]
        cls.acme = Partner.create(
            {
                "name": "Acme  Windows",
                "is_company": True,
                "city": "Gdynia",
                "website": "https://www.Acme.test/",
                "vat": "PL 1234567883",
                "country_id": cls.env.ref("base.pl").id,
            }
        )
        cls.ewa = Partner.create(
            {"name": "Ewa Lis", "parent_id": cls.acme.id, "email": "ewa@acme.test"}
        )
        cls.jan = Partner.create({"name": "Jan Alone", "email": "jan@alone.test"})
        cls.foreign = Partner.create(
            {
                "name": "Foreign Friends",
                "is_company": True,
                "website": "foreign.test",
                "vat": "111222333",
                "company_id": cls.other_company.id,
            }
        )
        cls.homes, cls.offices = cls.env["lead.sales.direction"].create(
            [{"name": "Homes"}, {"name": "Offices"}]
        )

    def _new_form(self, kind="lead", **values):
        """Return the form of a new lead, as a salesperson opens it, with what is always asked."""
        leads = self.env["crm.lead"].with_context(default_type=kind)
        form = Form(leads, "crm.crm_lead_view_form")
        form.name = "A house"
        form.direction_id = self.homes.with_env(self.env)
        for name, value in values.items():
            form[name] = value
        return form

    def _form(self, lead):
        return Form(lead.with_env(self.env), "crm.crm_lead_view_form")

    def _create_as_user(self, **values):
        return self.env["crm.lead"].create({"name": "A house", "type": "lead"} | values)

    def _require_data(self):
        self.env["ir.config_parameter"].sudo().set_param(DATA_REQUIRED, "True")

    def assertAsked(self, form, **asked):
        """Check which fields can be filled in: True, False, or "required"."""
        for name, expected in asked.items():
            with self.subTest(field=name):
                is_there = not form._get_modifier(name, "invisible")
                is_required = is_there and form._get_modifier(name, "required")
                self.assertEqual("required" if is_required else is_there, expected)

    def _convert(self, lead, **values):
        context = {"active_model": "crm.lead", "active_id": lead.id, "active_ids": lead.ids}
        wizard = (
            self.env["crm.lead2opportunity.partner"]
            .with_context(**context)
            .create({"name": "convert"} | values)
        )
        return wizard.action_apply()

    def assertExists(self, company, word, **values):
        """Check that saving a new company fails, naming and linking ``company``."""
        with self.assertRaises(RedirectWarning) as caught:
            self._create_as_user(**NEW_COMPANY | values)
        message, action, button = caught.exception.args[:3]
        self.assertIn(company.name, message)
        self.assertIn(word, message)
        self.assertIn("clear “New company” and choose it", message)
        self.assertEqual((action["res_model"], action["res_id"]), ("res.partner", company.id))
        self.assertEqual(button, "Open the company")
