import csv
import io
import zipfile

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import LeadCommunicationsCommon
from .patience import PatientHttpCase

ADDRESS = "/lead_communications/uninstall/export"


@tagged("post_install", "-at_install", "lead_communications")
class TestUninstall(LeadCommunicationsCommon, PatientHttpCase):
    """Whoever uninstalls is told what goes, and takes along what they may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.raw = cls._mail(subject="=1+1")
        cls.waiting = cls._receive(cls.raw)
        cls.call = cls._create_call()
        cls.lead = cls._create_lead(vat="5260001246", company_id=cls.company.id)

    def _archive(self, user):
        file = io.BytesIO()
        self.env["lead.uninstall"].with_user(user)._write_archive(file)
        return zipfile.ZipFile(file)

    def _table(self, archive, name):
        text = archive.read(name).decode("utf-8-sig")
        return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}

    def test_wizard_says_what_goes(self):
        module = self.env["ir.module.module"].search([("name", "=", "lead_communications")])
        wizards = self.env["base.module.uninstall"].with_user(self.admin)
        losses = wizards.create({"module_ids": module.ids}).lead_losses
        rows = self.env["lead.communication"]
        self.assertIn(str(rows.search_count([("state", "=", "ready")])), losses.splitlines()[0])
        crm = self.env["ir.module.module"].search([("name", "=", "crm")])
        self.assertTrue(wizards.create({"module_ids": crm.ids}).lead_losses, "It goes with it")
        other = self.env["ir.module.module"].search([("name", "=", "google_gmail")])
        self.assertFalse(wizards.create({"module_ids": other.ids}).lead_losses)
        action = wizards.create({"module_ids": module.ids}).action_export_lead_communications()
        self.assertEqual(action["url"], ADDRESS)

    def test_archive_has_what_its_reader_may_read(self):
        archive = self._archive(self.admin)
        self.assertNotIn(f"emails/{self.waiting.id}.eml", archive.namelist())
        rows = self._table(archive, "communications.csv")
        self.assertNotIn(str(self.waiting.id), rows)
        self.assertEqual(rows[str(self.call.id)]["number"], "+48221234567")
        leads = self._table(archive, "leads.csv")
        self.assertEqual(leads[str(self.lead.id)]["vat"], "5260001246")
        self.mailbox.member_ids = [Command.link(self.admin.id)]
        archive = self._archive(self.admin)
        self.assertEqual(archive.read(f"emails/{self.waiting.id}.eml"), self.raw)
        rows = self._table(archive, "communications.csv")
        self.assertEqual(rows[str(self.waiting.id)]["subject"], "'=1+1", "No formula")
        nobody = self._create_user("system_t", "base.group_system")
        names = self._archive(nobody).namelist()
        self.assertNotIn("communications.csv", names, "Who has no CRM rights reads none")

    def test_address_is_for_administrators(self):
        with self.assertRaises(AccessError):
            self.env["base.module.uninstall"].with_user(
                self.marek
            ).action_export_lead_communications()
        self.authenticate("marek_t", "marek_t")
        self.assertEqual(self.url_open(ADDRESS).status_code, 404)
        self.authenticate("admin_t", "admin_t")
        answer = self.url_open(ADDRESS)
        self.assertEqual(answer.headers["Content-Type"], "application/zip")
        with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
            self.assertIn("communications.csv", archive.namelist())

    def test_servers_of_mailboxes_alone_are_stopped(self):
        servers = self.env["fetchmail.server"]
        servers.search([("id", "!=", self.server.id)]).write({"state": "draft"})
        other = servers.create(
            {"name": "Other", "server_type": "imap", "server": "127.0.0.1", "state": "done"}
        )
        cron = self.env.ref("mail.ir_cron_mail_gateway_action")
        self.assertTrue(cron.active)
        self.env["lead.uninstall"]._stop_servers()
        self.assertEqual((self.server.state, other.state), ("draft", "done"))
        self.assertTrue(cron.active)
        other.state = "draft"
        self.assertFalse(cron.active)
