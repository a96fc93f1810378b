import socket
from unittest.mock import patch

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.modules.neutralize import get_neutralization_queries
from odoo.tests import tagged

from .common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestNeutralize(LeadCommunicationsCommon):
    """A copy of the database that was neutralized reaches nothing of the real one."""

    def test_nothing_is_fetched_or_dialled(self):
        self.pbx.write(
            {
                "ami_host": "pbx.example.com",
                "ami_user": "odoo",
                "ami_secret": "s3cret",
                "api_url": "https://pbx.example.com",
                "api_user": "odoo",
                "api_secret": "s3cret",
                "fetch_recordings": True,
                "recording_url": "https://pbx.example.com/{recording}",
                "recording_hosts": "media.example.com",
                "recording_user": "odoo",
                "recording_password": "s3cret",
                "line_ids": [(0, 0, {"extension": "101", "user_id": self.anna.id})],
            }
        )
        self.pbx.action_rotate_secret()
        call = self._create_call(recording="1.wav", recording_fetch_date=fields.Datetime.now())
        self.env["ir.config_parameter"].set_param("lead_communications.cdr_folder", "/var/log")
        lead_pbx = self.env["lead.pbx"].with_user(self.anna)
        self.assertTrue(lead_pbx._can_dial(self.anna))
        self.env.flush_all()
        for query in get_neutralization_queries(["lead_communications"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertFalse(lead_pbx._can_dial(self.anna))
        self.assertEqual(self.mailbox.mode, "off")
        for name in (
            "ami_secret",
            "api_secret",
            "api_url",
            "api_user",
            "cdr_folder",
            "fetch_recordings",
            "recording_secret",
        ):
            self.assertFalse(self.pbx[name], name)
        for name in ("live_secret", "previous_secret", "ami_user", "recording_user"):
            self.assertFalse(self.pbx[name], name)
        self.assertEqual(self.pbx.key, f"neutralized-{self.pbx.id}")
        self.assertFalse(self.pbx._live_secrets())
        self.assertFalse(self.pbx._has_recordings())
        self.assertFalse(call.recording_fetch_date)
        self.assertTrue(self.env["lead.pbx"].search([]), "They are still there to be looked at")

    def test_jobs_of_a_copy_reach_nothing(self):
        """A copy that was restored and neutralized goes on beside the original."""
        self.pbx.write(
            {
                "fetch_recordings": True,
                "recording_url": "https://pbx.example.com/{recording}",
                "recording_hosts": "pbx.example.com",
                "api_url": "https://pbx.example.com",
            }
        )
        self._create_call(recording="1.wav", recording_fetch_date=fields.Datetime.now())
        self.env.flush_all()
        for query in get_neutralization_queries(["base", "mail", "lead_communications"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        data = self.env["ir.model.data"].search(
            [("module", "=", "lead_communications"), ("model", "=", "ir.cron")]
        )
        crons = self.env["ir.cron"].browse(data.mapped("res_id")).exists()
        self.assertGreater(len(crons), 8)
        reached = []
        with (
            patch.object(socket.socket, "connect", lambda _self, address: reached.append(address)),
            patch.object(self.registry["ir.cron"], "_commit_progress", lambda *_a, **_k: 10),
        ):
            for cron in crons:
                cron.ir_actions_server_id.with_user(SUPERUSER_ID).run()
            fetching = self.env.ref("mail.ir_cron_mail_gateway_action")
            self.env["fetchmail.server"].with_context(cron_id=fetching.id)._fetch_mails()
        self.assertFalse(reached)

    def test_no_button_asks_the_real_mail_server(self):
        self.server.write({"server": "127.0.0.1", "port": 9, "state": "done"})
        failure = self.env["lead.communication.failure"]._keep(
            type="email",
            raw=b"",
            error="Not handed over",
            mailbox=self.mailbox,
            cause="server",
            is_temporary=True,
            details={"folder_id": self.mailbox.folder_ids.id, "uid": "1", "uid_validity": "1"},
        )
        self.env.flush_all()
        for query in get_neutralization_queries(["mail", "lead_communications"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        reached = []
        with patch.object(socket.socket, "connect", lambda _self, address: reached.append(address)):
            for button in ("action_fetch", "action_choose_folders"):
                with self.assertRaisesRegex(UserError, "archived"):
                    getattr(self.mailbox.with_user(self.admin), button)()
            self.assertFalse(self.server._is_ready_to_fetch())
            failure.action_retry()
        self.assertFalse(reached)
        self.assertEqual(failure.state, "failed")
        self.assertIn("archived", failure.error)
