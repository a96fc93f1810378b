import base64
from unittest.mock import patch

from psycopg2 import errors

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_mailbox import MailboxCommon
from .dovecot import PASSWORD

FETCH = "odoo.addons.lead_communications.models.email.fetchmail_server"
FETCHING = "odoo.addons.lead_communications.models.email.mailbox_fetch"


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadMailbox(MailboxCommon):
    """A mailbox on a real IMAP server: nothing is lost, nothing comes twice."""

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

    @mute_logger(FETCHING)
    def test_a_mail_that_fails_is_kept_and_the_next_one_arrives(self):
        self._deliver(subject="It fails")
        self._deliver(subject="After it")
        with self._failing_automation():
            self.assertIsNone(self._fetch())
        self.assertEqual(self._rows().subject, "After it")
        failure = self._failures()
        self.assertEqual(len(failure), 1)
        self.assertEqual(self.mailbox.failure_count, 1)
        self._fetch()
        self.assertEqual(self.mailbox.failure_count, 1)
        self.inbox.uid_validity = "1"
        self._fetch()
        self.assertEqual(self.mailbox.failure_count, 1)

    @mute_logger(FETCHING)
    def test_an_error_of_an_automation_keeps_the_mail(self):
        row = self._receive()
        row._decide("attach", self._create_lead())
        self._deliver(in_reply_to=row.message_ref)
        Lead = self.registry["crm.lead"]
        with patch.object(Lead, "_message_post_after_hook", side_effect=KeyError("automation")):
            self._fetch()
        failure = self._failures()
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

        with patch.object(Mailbox, "_receive", flaky), patch(f"{FETCHING}.time.sleep"):
            self.assertIsNone(self._fetch())
        self.assertEqual(len(tries), 3)
        self.assertEqual(len(self._rows()), 1)
        self.assertFalse(self.mailbox.failure_count)

    @mute_logger(FETCHING, "odoo.sql_db")
    def test_an_error_that_stays_transient_is_kept_and_tried_again_later(self):
        self._deliver()
        self._deliver(subject="After it")
        Mailbox = self.registry["lead.mailbox"]
        receive = Mailbox._receive

        def flaky(mailbox, raw, *args, **kwargs):
            if b"After it" in raw:
                return receive(mailbox, raw, *args, **kwargs)
            raise errors.SerializationFailure("could not serialize")

        with patch.object(Mailbox, "_receive", flaky), patch(f"{FETCHING}.time.sleep"):
            self.assertIsNone(self._fetch())
        self.assertEqual(self._rows().subject, "After it")
        failure = self._failures()
        self.assertTrue(failure.is_temporary)
        failure.next_attempt_date = failure.create_date
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            failure.with_env(self.env(cr=cr))._cron_retry()
        self.assertEqual(failure.state, "solved")
        self.assertEqual(len(self._rows()), 2)

    @mute_logger(FETCHING, "odoo.sql_db")
    def test_a_violation_that_stays_is_no_busy_database(self):
        """An automation that makes the same thing twice does so each time."""
        self._deliver(subject="Twice")
        Mailbox = self.registry["lead.mailbox"]
        receive, tries = Mailbox._receive, []
        self.env["crm.tag"].create({"name": "Twice"})

        def make_twice(mailbox, raw, *args, **kwargs):
            tries.append(raw)
            row = receive(mailbox, raw, *args, **kwargs)
            mailbox.env["crm.tag"].create({"name": "Twice"})
            return row

        with patch.object(Mailbox, "_receive", make_twice), patch(f"{FETCHING}.time.sleep"):
            self.assertIsNone(self._fetch())
        failure = self._failures()
        self.assertEqual((failure.cause, failure.is_temporary), ("unexpected", False))
        self.assertIn("Twice", failure.error)
        self.assertEqual(len(tries), 2)

    @mute_logger(FETCHING, "odoo.sql_db")
    def test_a_violation_that_is_a_race_is_tried_again(self):
        self._deliver()
        self.env["crm.tag"].create([{"name": "First"}, {"name": "Second"}])
        Mailbox = self.registry["lead.mailbox"]
        receive, names = Mailbox._receive, ["First", "Second"]

        def lose(mailbox, raw, *args, **kwargs):
            if names:
                mailbox.env["crm.tag"].create({"name": names.pop(0)})
            return receive(mailbox, raw, *args, **kwargs)

        with patch.object(Mailbox, "_receive", lose), patch(f"{FETCHING}.time.sleep"):
            self.assertIsNone(self._fetch())
        self.assertEqual(len(self._rows()), 1)
        self.assertFalse(self._failures())

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

    def test_local_server_is_refused_in_words(self):
        local = self.env["fetchmail.server"].create({"name": "Local", "server_type": "local"})
        with self.assertRaisesRegex(ValidationError, "IMAP or POP"):
            self.mailbox.server_id = local

    def test_address_is_checked(self):
        with self.assertRaisesRegex(ValidationError, "not an email address"):
            self.mailbox.address = "sales"
