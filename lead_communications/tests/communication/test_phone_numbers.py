from odoo.tests import tagged

from ..common import LeadCommunicationsCommon

KEYS = "+48601200302 1200302 01200302 601200302 8601200302"


@tagged("post_install", "-at_install", "lead_communications")
class TestPhoneNumbers(LeadCommunicationsCommon):
    """What a phone field says besides the one number that Odoo reads in it."""

    def test_follows_the_field_on_every_path(self):
        lead = self._create_lead(phone="600200301; 601200302")
        self.assertEqual((lead.phone_sanitized, lead.phone_keys), ("+48600200301", KEYS))
        lead.phone = "600200301"
        self.assertFalse(lead.phone_keys)
        lead.phone = "601200302 (Jan)"
        self.assertEqual((lead.phone_sanitized, lead.phone_keys), (False, KEYS))
        self.assertEqual(lead.copy().phone_keys, KEYS)
        # By its contact, which Odoo keeps alike
        lead.partner_id = self.env["res.partner"].create({"name": "Jan", "phone": "601200302 Jan"})
        self.assertEqual(lead.partner_id.phone_keys, KEYS)
        lead.partner_id.phone = "602200303 / 601200302"
        self.assertEqual(
            (lead.phone, lead.phone_keys), ("602200303 / 601200302", lead.partner_id.phone_keys)
        )
        # By the country that national numbers belong to
        abroad = self._create_lead(phone="20 12 34 56 (Ole)")
        self.assertEqual(abroad.phone_keys, "0123456 20123456")
        abroad.country_id = self.env.ref("base.dk")
        self.assertTrue(abroad.phone_keys.startswith("+4520123456 "))
        # Imported, and merged
        result = self.env["crm.lead"].load(["name", "phone"], [["Roof", "601200302 Jan"]])
        imported = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(imported.phone_keys, KEYS)
        plain = self._create_lead(phone="")
        (plain | imported).merge_opportunity()
        self.assertEqual((plain | imported).exists().phone_keys, KEYS)

    def test_any_number_is_searched_for(self):
        leads = self._create_lead(phone="600200301; 601200302") | self._create_lead(
            phone="+48602200303"
        )
        search = self.env["crm.lead"].search
        self.assertEqual(search([("phone_number", "in", ["+48601200302"])]), leads[0])
        self.assertEqual(search([("phone_number", "=", "+48600200301")]), leads[0])
        self.assertEqual(
            search([("phone_number", "in", ["+48601200302", "+48602200303"])]), leads[::-1]
        )
        self.assertFalse(search([("phone_number", "in", [])]))
        self.assertEqual(leads._phone_numbers(), {"+48600200301", "+48601200302", "+48602200303"})

    def test_what_is_there_already_is_read_when_the_addon_comes(self):
        texts = ["600200301; 601200302", "20 12 34 56", "+48602200303", "030 123456-0", False]
        leads = self.env["crm.lead"].create([{"name": "Old", "phone": text} for text in texts])
        leads[3].country_id = self.env.ref("base.de")
        leads.flush_recordset()
        expected = [lead.phone_keys for lead in leads]
        self.env.cr.execute("UPDATE crm_lead SET phone_keys = NULL WHERE id = ANY(%s)", [leads.ids])
        leads.invalidate_recordset()
        leads._take_over_numbers()
        self.assertEqual([lead.phone_keys for lead in leads], expected)

    def _count(self, action):
        self.env.flush_all()
        start = self.cr.sql_log_count
        action()
        self.env.flush_all()
        return self.cr.sql_log_count - start

    def test_costs_no_query(self):
        leads = self.env["crm.lead"]

        def create(phone, count):
            nonlocal leads
            leads = leads.create([{"name": "Roof", "phone": phone} for _lead in range(count)])

        create("600200301", 1)
        for count in (1, 20):
            plain = self._count(lambda count=count: create("600200301", count))
            several = self._count(lambda count=count: create("600200301; 601200302", count))
            self.assertEqual(several, plain)
        self.assertEqual(
            self._count(lambda: leads.write({"phone": "600200301"})),
            self._count(lambda: leads.write({"phone": "600200301; 601200302"})),
        )
