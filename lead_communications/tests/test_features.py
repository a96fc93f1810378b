from odoo.tests import tagged

from .common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestFeatures(LeadCommunicationsCommon):
    """Lists and tabs appear with the first PBX or mailbox, and go with the last."""

    def _menus(self, user=None):
        menus = self.env["ir.ui.menu"].with_user(user or self.anna).load_menus(False)
        names = {}
        for menu in menus.values():
            for child in menu["children"]:
                names.setdefault(menu["name"], []).append(menus[child]["name"])
        return names

    def _disconnect(self, *models):
        for model in models:
            self.env[model].with_context(active_test=False).search([]).write({"active": False})

    def _use_leads(self, use):
        group = self.env.ref("crm.group_use_lead")
        employees = self.env.ref("base.group_user")
        if use:
            employees._apply_group(group)
        else:
            employees._remove_group(group)

    def test_under_sales_when_leads_are_off(self):
        self._use_leads(False)
        menus = self._menus()
        self.assertNotIn("Leads", menus["CRM"])
        self.assertEqual(
            [name for name in menus["Sales"] if name in ("Inbox", "Calls", "Email")],
            ["Inbox", "Calls", "Email"],
        )

    def test_under_leads_when_leads_are_on(self):
        self._use_leads(True)
        menus = self._menus()
        own = "My Decisions"
        expected = ["Inbox", "Leads", "Calls", "Email", own, "Failures", "Exceptions"]
        self.assertEqual(menus["Leads"], expected)
        self.assertNotIn("Calls", menus["Sales"])

    def test_no_menu_without_a_connection(self):
        self._disconnect("lead.pbx", "lead.mailbox")
        for use in (False, True):
            self._use_leads(use)
            menus = self._menus()
            for name in ("Inbox", "Calls", "Email"):
                self.assertNotIn(name, menus["Sales"])
                self.assertNotIn(name, menus.get("Leads", []))

    def test_each_depends_on_its_own_connection(self):
        self._disconnect("lead.pbx")
        self._use_leads(True)
        menus = self._menus()
        own = "My Decisions"
        expected = ["Inbox", "Leads", "Email", own, "Failures", "Exceptions"]
        self.assertEqual(menus["Leads"], expected)
        self.pbx.active = True
        self._disconnect("lead.mailbox")
        self.assertEqual(self._menus()["Leads"], ["Inbox", "Leads", "Calls", own, "Exceptions"])

    def test_a_mailbox_that_is_off_is_none(self):
        self._use_leads(True)
        mailboxes = self.env["lead.mailbox"].search([])
        mailboxes[1:].active = False
        for values, is_shown in (
            ({"mode": "off"}, False),
            ({"mode": "automatic"}, True),
            ({"active": False}, False),
            ({"mode": "off"}, False),
            ({"active": True}, False),
            ({"mode": "manual"}, True),
        ):
            with self.subTest(values=values):
                mailboxes[0].write(values)
                self.assertEqual("Email" in self._menus()["Leads"], is_shown)
        other = mailboxes[0].copy({"server_id": self.server.copy().id, "active": True})
        mailboxes[0].mode = "off"
        self.assertIn("Email", self._menus()["Leads"], "there is another one")
        other.unlink()
        self.assertNotIn("Email", self._menus()["Leads"])

    def test_tabs_of_the_card_follow(self):
        def tabs():
            arch = (
                self.env["crm.lead"]
                .with_user(self.anna)
                .get_view(self.env.ref("crm.crm_lead_view_form").id, "form")["arch"]
            )
            return 'name="calls"' in arch, 'name="emails"' in arch

        self.assertEqual(tabs(), (True, True))
        self._disconnect("lead.pbx")
        self.assertEqual(tabs(), (False, True))
        self._disconnect("lead.mailbox")
        self.assertEqual(tabs(), (False, False))

    def test_configuration_is_for_administrators(self):
        """Managers have the exceptions, administrators who are managers everything."""
        own = ["Exceptions", "Call Outcomes", "Hand Over"]
        self.assertEqual(self._menus(self.marek)["Communications"], own)
        self.assertNotIn("Configuration", self._menus(self.anna).get("CRM", []))
        self.assertEqual(
            self._menus(self.admin)["Communications"],
            ["Telephone Systems", "Mailboxes", "Failures", *own],
        )
