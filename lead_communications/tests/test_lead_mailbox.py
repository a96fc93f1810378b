import base64
import imaplib
from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import LeadCommunicationsCommon
from .dovecot import PASSWORD, Dovecot

FETCH = "odoo.addons.lead_communications.models.fetchmail_server"
FOLDER = "odoo.addons.lead_communications.models.lead_mailbox_folder"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailbox(LeadCommunicationsCommon):
    """A mailbox on a real IMAP server: nothing is lost, nothing comes twice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dovecot = Dovecot().start()
        cls.addClassCleanup(cls.dovecot.stop)

    def setUp(self):
        super().setUp()
        self.login = f"box-{self._testMethodName}"
        self.server.write(
            {"port": self.dovecot.imap_port, "user": self.login, "password": PASSWORD}
        )

    def _deliver(self, raw=None, **headers):
        raw = raw or self._mail(**headers)
        self.dovecot.deliver(raw, self.login)
        return raw

    def _fetch(self, **kwargs):
        """Fetch as the scheduler does; return the error that stopped it, if any."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            return self.server.with_env(self.env(cr=cr))._fetch_mail(**kwargs)

    def _rows(self):
        return self.env["lead.communication"].search([("mailbox_ids", "in", self.mailbox.ids)])

    def _imap(self):
        connection = imaplib.IMAP4("127.0.0.1", self.dovecot.imap_port)
        connection.login(self.login, PASSWORD)
        connection.select("INBOX")
        self.addCleanup(connection.logout)
        return connection

    def test_fetch_fills_the_list(self):
        self._deliver(subject="One")
        self._deliver(subject="Two")
        self.assertIsNone(self._fetch())
        self.assertEqual(set(self._rows().mapped("subject")), {"One", "Two"})
        self.assertTrue(all(self._rows().mapped("received_date")))
        self.assertTrue(self.server.date)

    def test_fetch_twice_takes_each_mail_once(self):
        self._deliver()
        self._fetch()
        self._deliver(subject="Second")
        self._fetch()
        self._fetch()
        self.assertEqual(len(self._rows()), 2)

    def test_original_is_byte_exact(self):
        self._deliver(html="<p>Zażółć</p>", attachments=[("a.bin", bytes(range(256)))])
        self._fetch()
        stored = base64.b64decode(self._rows().raw)
        connection = self._imap()
        _status, data = connection.fetch("1", "(BODY.PEEK[])")
        self.assertEqual(stored, data[0][1])

    def test_seen_flags_are_left_alone(self):
        self._deliver()
        self._deliver(subject="Read by a person first")
        connection = self._imap()
        connection.store("2", "+FLAGS", "\\Seen")
        self._fetch()
        self.assertEqual(len(self._rows()), 2)
        _status, data = connection.search(None, "UNSEEN")
        self.assertEqual(data[0], b"1")

    def test_a_batch_leaves_the_rest_for_the_next(self):
        for number in range(5):
            self._deliver(subject=f"Mail {number}")
        self._fetch(batch_limit=2)
        self.assertEqual(len(self._rows()), 2)
        self._fetch(batch_limit=2)
        self._fetch(batch_limit=2)
        self.assertEqual(len(self._rows()), 5)

    @mute_logger(FOLDER)
    def test_an_unreadable_mail_is_kept_and_the_next_one_arrives(self):
        self._deliver(self._mail(body="x").replace(b'charset="utf-8"', b'charset="x-unknown-9"'))
        self._deliver(subject="After it")
        self.assertIsNone(self._fetch())
        self.assertEqual(self._rows().subject, "After it")
        failure = self.env["lead.communication.failure"].search(
            [("mailbox_id", "=", self.mailbox.id)]
        )
        self.assertEqual(len(failure), 1)
        self.assertEqual(self.mailbox.failure_count, 1)
        self._fetch()
        self.assertEqual(self.mailbox.failure_count, 1)

    @mute_logger(FOLDER)
    def test_an_error_of_an_automation_keeps_the_mail(self):
        row = self._receive()
        row._decide("attach", self._create_lead())
        self._deliver(in_reply_to=row.message_ref)
        Lead = self.registry["crm.lead"]
        with patch.object(Lead, "_message_post_after_hook", side_effect=KeyError("automation")):
            self._fetch()
        failure = self.env["lead.communication.failure"].search(
            [("mailbox_id", "=", self.mailbox.id)]
        )
        self.assertIn("automation", failure.error)
        failure.with_user(self.anna).action_retry()
        self.assertEqual(failure.state, "solved")
        self.assertEqual(len(row.lead_id.email_ids), 2)

    @mute_logger(FETCH, "odoo.sql_db")
    def test_a_transient_error_is_tried_again_and_loses_nothing(self):
        self._deliver()
        Mailbox = self.registry["lead.mailbox"]
        receive = Mailbox._receive
        tries = []

        def flaky(mailbox, raw, *args, **kwargs):
            tries.append(raw)
            if len(tries) < 3:
                raise errors.SerializationFailure("could not serialize")
            return receive(mailbox, raw, *args, **kwargs)

        with patch.object(Mailbox, "_receive", flaky), patch(f"{FOLDER}.time.sleep"):
            self.assertIsNone(self._fetch())
        self.assertEqual(len(tries), 3)
        self.assertEqual(len(self._rows()), 1)
        self.assertFalse(self.mailbox.failure_count)

    @mute_logger(FETCH, "odoo.sql_db")
    def test_an_error_that_stays_transient_stops_before_the_mail(self):
        self._deliver()
        Mailbox = self.registry["lead.mailbox"]
        always = errors.SerializationFailure("could not serialize")
        with patch.object(Mailbox, "_receive", side_effect=always), patch(f"{FOLDER}.time.sleep"):
            self.assertIs(self._fetch(), always)
        self.assertFalse(self._rows())
        self.assertTrue(self.server.error_message)
        self.assertIsNone(self._fetch())
        self.assertEqual(len(self._rows()), 1)
        self.assertFalse(self.server.error_message)

    @mute_logger(FETCH)
    def test_wrong_password_is_told_to_the_members(self):
        self.server.password = "wrong"
        self.assertTrue(self._fetch())
        self.assertIn("failed", self.mailbox.with_user(self.anna).error_message.lower())

    def test_new_uidvalidity_reads_again_and_doubles_nothing(self):
        self._deliver()
        self._fetch()
        self.mailbox.folder_ids.uid_validity = "1"
        self._deliver(subject="Second")
        self._fetch()
        self.assertEqual(len(self._rows()), 2)

    def test_mail_from_before_the_start_date_is_left_alone(self):
        self.mailbox.fetch_since = "2100-01-01"
        self._deliver()
        self._fetch()
        self.assertFalse(self._rows())

    def test_mailbox_that_is_off_is_the_hosts_business(self):
        self.mailbox.mode = "off"
        self.server.object_id = self.env["ir.model"]._get_id("crm.lead")
        self._deliver(subject="Natively")
        self._fetch()
        self.assertFalse(self._rows())
        self.assertTrue(self.env["crm.lead"].search([("name", "=", "Natively")]))

    def test_other_servers_are_fetched_as_the_host_does(self):
        other = self.server.copy(
            {"state": "done", "object_id": self.env["ir.model"]._get_id("crm.lead")}
        )
        other.write({"user": f"{self.login}-other", "password": PASSWORD})
        self.dovecot.deliver(self._mail(subject="Natively"), other.user)
        self._deliver()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            (other | self.server).with_env(self.env(cr=cr))._fetch_mail()
        self.assertTrue(self.env["crm.lead"].search([("name", "=", "Natively")]))
        self.assertEqual(len(self._rows()), 1)

    def test_pop_server_is_refused_in_words(self):
        pop = self.env["fetchmail.server"].create({"name": "Pop", "server_type": "pop"})
        with self.assertRaisesRegex(ValidationError, "IMAP"):
            self.mailbox.server_id = pop

    def test_address_is_checked(self):
        with self.assertRaisesRegex(ValidationError, "not an email address"):
            self.mailbox.address = "sales"
