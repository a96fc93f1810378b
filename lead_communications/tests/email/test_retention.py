from datetime import timedelta
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from ...models.communication import retention
from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationRetention(LeadCommunicationsCommon):
    """Ignored emails are deleted in time, and stay deleted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mailbox.retention_days = 30
        cls.second_mailbox = cls.env["lead.mailbox"].create(
            {
                "name": "Second",
                "address": "second@company.test",
                "server_id": cls.server.copy().id,
                "member_ids": [Command.set(cls.ben.ids)],
            }
        )

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "lead_communications.lead_communication_retention_cron"
            ).method_direct_trigger()
        self.env.invalidate_all()

    def _ignored(self, days=31, raw=None, **values):
        """Return an email that was ignored so many days ago."""
        row = self._receive(raw, **values)
        row.with_user(self.anna)._decide("ignore")
        self._age(row, days)
        return row

    def _age(self, row, days):
        date = fields.Datetime.now() - timedelta(days=days)
        self.env.flush_all()
        for record in (row, row.decision_id):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                    SQL.identifier(record._table),
                    date,
                    record.ids,
                )
            )
        self.env.invalidate_all()

    def _files(self, row):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", row._name),
                ("res_id", "=", row.id),
                ("res_field", "in", [False, "raw"]),
            ]
        )

    def test_nothing_is_left_of_an_expired_email(self):
        row = self._ignored(subject="Secret", attachments=[("plan.pdf", b"%PDF-1.4")])
        row.message_post(body="What nonsense")
        message, files = row.mail_message_id, self._files(row)
        self.assertEqual(len(files), 2)
        self._run_cron()
        self.assertFalse(message.exists() or files.exists() or row.message_ids)
        self.assertTrue(row.is_purged)
        self.assertEqual(row.state, "ignored")
        self.env.cr.execute("SELECT t::text FROM lead_communication t WHERE id = %s", [row.id])
        [stored] = self.env.cr.fetchone()
        for trace in ("Secret", "Jan", "jan@", "sales@", "how much"):
            self.assertNotIn(trace, stored)

    def test_it_is_gone_for_everybody(self):
        row = self._ignored()
        self.assertTrue(row.with_user(self.anna).has_access("read"))
        self._run_cron()
        self.assertFalse(row.with_user(self.anna).has_access("read"))
        self.assertNotIn(row, self.env["lead.communication"].with_user(self.anna).search([]))
        with self.assertRaises(AccessError):
            row.with_user(self.anna).action_reopen()

    def test_it_does_not_come_back_from_the_mail_server(self):
        raw = self._mail(subject="Again and again")
        row = self._ignored(raw=raw)
        self._run_cron()
        count = self.env["lead.communication"].search_count([])
        for role in ("inbox", "spam", "inbox"):
            self.assertEqual(self.mailbox._receive(raw, role=role), row)
            self.assertEqual(self.second_mailbox._receive(raw, role=role), row)
        self.assertEqual(self.env["lead.communication"].search_count([]), count)
        self.assertEqual(row.state, "ignored")
        self.assertFalse(row.raw or row.subject or row.mail_message_id)

    def test_nor_with_an_answer_or_from_the_spam_folder(self):
        raw = self._mail(subject="Buy")
        row = self.mailbox._receive(raw, role="spam")
        self._age(row, 31)
        self._run_cron()
        self.assertTrue(row.is_purged)
        self.mailbox._receive(raw)
        self.assertEqual(row.state, "ignored")
        answer = self._receive(subject="Re: Buy", in_reply_to=row.message_ref)
        self.assertEqual((answer.state, row.state), ("ready", "ignored"))
        self.assertTrue(row.is_purged)

    def _header(self, raw):
        """Return how a message is received of which only the header was fetched."""
        folder = self.mailbox.folder_ids[:1]
        place = {"size": len(raw), "folder_id": folder.id, "uid": "7", "uid_validity": "1"}
        return raw.partition(b"\n\n")[0] + b"\n\n", place

    def test_nor_by_its_header_alone(self):
        raw = self._mail(subject="Large")
        row = self._ignored(raw=raw)
        self._run_cron()
        head, place = self._header(raw)
        self.assertEqual(self.mailbox._receive(head, header=place), row)
        self.assertFalse(row.subject or row.raw)

    def test_nor_with_the_rest_of_which_only_the_header_was_here(self):
        raw = self._mail(subject="Large")
        head, place = self._header(raw)
        row = self.mailbox._receive(head, header=place)
        row.with_user(self.anna)._decide("ignore")
        self._age(row, 31)
        self._run_cron()
        self.assertTrue(row.is_purged)
        for _time in range(2):
            self.assertEqual(self.mailbox._receive(raw), row)
        self.assertFalse(row.subject or row.raw or row.mail_message_id)

    def test_what_stays(self):
        ready = self._receive()
        linked = self._receive()
        linked._decide("attach", self._create_lead())
        young = self._ignored(days=29)
        call = self._create_call()
        call._decide("ignore")
        for row in (ready, linked, call):
            self._age(row, 100)
        self._run_cron()
        for row in (ready, linked, young, call):
            self.assertFalse(row.is_purged)
            self.assertTrue(row.type == "call" or (row.raw and row.mail_message_id))

    def test_time_begins_with_the_decision(self):
        row = self._receive()
        self._age(row, 100)
        row.with_user(self.anna)._decide("ignore")
        self._run_cron()
        self.assertFalse(row.is_purged)

    def test_zero_keeps_for_ever(self):
        row = self._ignored(days=10_000)
        self.mailbox.retention_days = 0
        self._run_cron()
        self.assertFalse(row.is_purged)

    def test_email_of_two_mailboxes_stays_as_long_as_one_wants_it(self):
        raw = self._mail()
        row = self._ignored(days=50, raw=raw)
        self.second_mailbox._receive(raw)
        self._run_cron()
        self.assertFalse(row.is_purged)
        self.second_mailbox.retention_days = 60
        self._run_cron()
        self.assertFalse(row.is_purged)
        self.second_mailbox.active = False
        self._run_cron()
        self.assertFalse(row.is_purged)
        self.second_mailbox.retention_days = 40
        self._run_cron()
        self.assertTrue(row.is_purged)

    def test_batches_are_committed_and_can_be_stopped(self):
        rows = [self._ignored() for _number in range(3)]
        done, seconds_left = [], iter([1, 0, 1, 1])

        def progress(_cron, processed=0, remaining=None):
            done.append((processed, remaining))
            return next(seconds_left)

        with (
            patch.object(retention, "BATCH_SIZE", 1),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", progress),
        ):
            self.env["lead.communication"]._cron_purge_ignored()
            # Something remains: Odoo goes on at once.
            self.assertEqual(done, [(1, 1), (1, 1)])
            self.assertEqual(sum(row.is_purged for row in rows), 2)
            self.env["lead.communication"]._cron_purge_ignored()
        self.assertEqual(done[2:], [(1, 1), (0, 0)])
        self.assertTrue(all(row.is_purged for row in rows))

    def test_undo_of_a_decision_leaves_out_what_was_deleted(self):
        rows = self._receive() | self._receive()
        rows.with_user(self.anna)._decide("ignore")
        rows[0]._purge()
        rows[1].with_user(self.anna).action_undo()
        self.assertEqual(rows.mapped("state"), ["ignored", "ready"])

    @mute_logger("odoo.sql_db")
    def test_days_are_not_negative(self):
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.mailbox.retention_days = -1
            self.mailbox.flush_recordset()

    def test_only_administrators_set_it(self):
        self.mailbox.with_user(self.admin).retention_days = 5
        with self.assertRaises(AccessError):
            self.mailbox.with_user(self.anna).write({"retention_days": 5})
