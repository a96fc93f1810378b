import xmlrpc.client
from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import LeadCommunicationsCommon

ALIAS = "odoo.addons.lead_communications.models.email.mailbox_alias"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailboxAlias(LeadCommunicationsCommon):
    """The alias of a sales team as a mailbox, by Odoo's own gateway."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.domain = cls.env["mail.alias.domain"].create({"name": "company.test"})
        cls.company.alias_domain_id = cls.domain
        cls.team.write(
            {"alias_name": "windows", "alias_domain_id": cls.domain.id, "use_leads": True}
        )
        cls.alias_box = cls.env["lead.mailbox"].create(
            {
                "name": "Windows",
                "address": "windows@company.test",
                "alias_team_id": cls.team.id,
                "team_id": cls.team.id,
                "member_ids": [(6, 0, cls.ben.ids)],
            }
        )

    def _gateway(self, raw=None, **headers):
        raw = raw or self._mail(to="windows@company.test", **headers)
        return self.env["mail.thread"].message_process("crm.lead", raw)

    def _rows(self):
        return self.env["lead.communication"].search([("mailbox_ids", "in", self.alias_box.ids)])

    def test_mail_to_the_alias_waits_in_the_mailbox(self):
        leads = self.env["crm.lead"].search_count([])
        row_id = self._gateway()
        row = self._rows()
        self.assertEqual(row.id, row_id)
        self.assertRecordValues(row, [{"state": "ready", "team_id": self.team.id}])
        self.assertTrue(row.raw)
        self.assertTrue(row.with_user(self.ben).has_access("read"))
        self.assertFalse(row.with_user(self.anna).has_access("read"))
        self.assertEqual(self.env["crm.lead"].search_count([]), leads)

    def test_mailgate_hands_over_what_xmlrpc_makes_of_it(self):
        raw = self._mail(to="windows@company.test")
        self._gateway(xmlrpc.client.Binary(raw))
        self._gateway(raw.decode())
        self.assertEqual(len(self._rows()), 1)

    def test_mailbox_that_changes_its_source(self):
        self.alias_box.write({"alias_team_id": False, "server_id": self.server.copy().id})
        self._gateway(subject="Natively")
        self.assertFalse(self._rows())
        self.alias_box.write({"alias_team_id": self.team.id, "server_id": False})
        self._gateway(subject="By the alias")
        self.assertEqual(self._rows().subject, "By the alias")

    def test_envelope_counts_too(self):
        self._gateway(b"Delivered-To: windows@company.test\r\n" + self._mail(to="x@list.test"))
        self.assertEqual(len(self._rows()), 1)

    def test_other_mail_stays_the_hosts(self):
        other = self.team.copy({"name": "Doors", "alias_name": "doors"})
        other.write({"alias_domain_id": self.domain.id})
        self._gateway(self._mail(to="doors@company.test", subject="A door"))
        self.assertFalse(self._rows())
        self.assertTrue(self.env["crm.lead"].search([("name", "=", "A door")]))

    def test_mailbox_that_is_off_or_archived_is_the_hosts(self):
        for values in ({"mode": "off"}, {"mode": "manual", "active": False}):
            with self.subTest(values=values):
                self.alias_box.write(values)
                self._gateway(subject="Natively")
                self.assertFalse(self._rows())

    def test_mail_to_another_alias_too_goes_to_both(self):
        partner = self.env["res.partner"].create({"name": "A record that takes mail"})
        self.env["mail.alias"].create(
            {
                "alias_name": "post",
                "alias_domain_id": self.domain.id,
                "alias_model_id": self.env["ir.model"]._get_id("res.partner"),
                "alias_force_thread_id": partner.id,
            }
        )
        self._gateway(cc="post@company.test")
        self.assertEqual(len(self._rows()), 1)
        self.assertTrue(partner.message_ids.filtered(lambda one: one.message_type == "email"))

    def test_answer_to_the_alias_goes_on_the_lead(self):
        self._gateway()
        row = self._rows()
        lead = self._create_lead()
        row._decide("attach", lead)
        self._gateway(subject="Re: A question", in_reply_to=row.message_ref)
        self.assertEqual(len(lead.email_ids), 2)

    @mute_logger(ALIAS)
    def test_what_fails_is_kept(self):
        with self._failing_automation():
            self.assertFalse(self._gateway(subject="It fails"))
        failure = self.env["lead.communication.failure"].search(
            [("mailbox_id", "=", self.alias_box.id)]
        )
        self.assertEqual(len(failure), 1)
        self.assertFalse(failure.is_temporary)

    @mute_logger(ALIAS, "odoo.sql_db")
    def test_passing_error_is_raised_to_who_tries_again_and_kept_for_who_does_not(self):
        error = errors.SerializationFailure("could not serialize")
        Mailbox = self.registry["lead.mailbox"]
        gateway = self.env["mail.thread"]
        raw = self._mail(to="windows@company.test")
        with patch.object(Mailbox, "_receive", side_effect=error):
            with self.assertRaises(errors.SerializationFailure):
                gateway.message_process("crm.lead", raw)
            fetched = gateway.with_context(default_fetchmail_server_id=self.server.id)
            self.assertFalse(fetched.message_process("crm.lead", raw))
        failure = self.env["lead.communication.failure"].search(
            [("mailbox_id", "=", self.alias_box.id)]
        )
        self.assertTrue(failure.is_temporary)
        failure.with_user(self.ben).action_retry()
        self.assertEqual(len(self._rows()), 1)

    def test_mail_that_is_not_ours_costs_one_query_at_most(self):
        Mailbox = self.env["lead.mailbox"].sudo()
        raw = self._mail(to="x@elsewhere.test")
        Mailbox._of_alias(raw)
        with self.assertQueryCount(1):
            Mailbox._of_alias(raw)
        self.alias_box.unlink()
        Mailbox._of_alias(raw)
        with self.assertQueryCount(0):
            Mailbox._of_alias(raw)

    def test_one_source_a_mailbox(self):
        with self.assertRaisesRegex(ValidationError, "no email alias"):
            self.alias_box.alias_team_id = self.team.copy({"name": "Silent", "alias_name": False})
        with mute_logger("odoo.sql_db"), self.assertRaises(errors.CheckViolation):
            self.alias_box.server_id = self.server.copy()
            self.env.flush_all()
