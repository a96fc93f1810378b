from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadCommunicationFailure(LeadCommunicationsCommon):
    """What failed is kept, visible to the right people, and tried again."""

    def _keep(self, **values):
        return self.env["lead.communication.failure"]._keep(
            **{
                "type": "email",
                "raw": self._mail(),
                "error": "The database was busy",
                "mailbox": self.mailbox,
            }
            | values
        )

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "lead_communications.lead_communication_failure_cron"
            ).method_direct_trigger()

    def test_passing_reason_is_retried_when_due(self):
        with freeze_time("2026-11-02 10:00:00"):
            failure = self._keep(is_temporary=True)
            self._run_cron()
            self.assertEqual(failure.state, "failed", "It is not due yet")
        with freeze_time("2026-11-02 10:02:00"):
            self._run_cron()
        self.assertEqual((failure.state, failure.attempts), ("solved", 2))

    def test_pause_grows_up_to_a_day(self):
        with freeze_time("2026-11-02 10:00:00"):
            now = fields.Datetime.now()
            pauses = [
                (self.env["lead.communication.failure"]._next_attempt(n) - now).total_seconds() / 60
                for n in (1, 2, 3, 10, 11, 1000)
            ]
        self.assertEqual(pauses, [2, 4, 8, 1024, 1440, 1440])

    def test_what_keeps_failing_waits_longer_and_stops_no_other(self):
        with freeze_time("2026-11-02 10:00:00"):
            bad = self._keep(is_temporary=True, raw=b"bad")
            good = self._keep(is_temporary=True)
        receive = self.registry["lead.mailbox"]._receive

        def fail(mailbox, raw, *args, **kwargs):
            if raw == b"bad":
                raise ValueError("still bad")
            return receive(mailbox, raw, *args, **kwargs)

        with (
            freeze_time("2026-11-02 11:00:00"),
            patch.object(self.registry["lead.mailbox"], "_receive", fail),
        ):
            self._run_cron()
        self.assertEqual((bad.state, bad.error, good.state), ("failed", "still bad", "solved"))
        self.assertEqual(str(bad.next_attempt_date), "2026-11-02 11:04:00")

    def test_lasting_reason_waits_for_a_person(self):
        with freeze_time("2026-11-02 10:00:00"):
            failure = self._keep()
        self._run_cron()
        self.assertEqual(failure.state, "failed")

    def test_retry_all_takes_what_the_user_may_see(self):
        mine = self._keep()
        call = self._keep(type="call", mailbox=None, pbx=self.pbx, raw=b"x=1")
        Failure = self.env["lead.communication.failure"]
        Failure.with_user(self.anna).action_retry_all()
        self.assertEqual((mine.state, call.attempts), ("solved", 1))
        Failure.with_user(self.admin).action_retry_all()
        self.assertEqual((call.state, call.attempts), ("failed", 2))
        with self.assertRaises(UserError):
            mine.with_user(self.anna).action_retry()

    def test_administrator_retries_what_he_may_not_read(self):
        failure = self._keep()
        self.assertFalse(failure.with_user(self.admin).has_access("read"))
        self.mailbox.with_user(self.admin).action_retry_failures()
        self.assertEqual(failure.state, "solved")
        with self.assertRaises(AccessError):
            self.mailbox.with_user(self.anna).action_retry_failures()

    def test_solved_failure_opens_no_back_door_to_the_email(self):
        failure = self._keep()
        failure.with_user(self.anna).action_retry()
        row = self.env["lead.communication"].search([("mailbox_ids", "in", self.mailbox.ids)])
        row._decide("attach", self._create_lead(user_id=self.ben.id))
        self.assertFalse(row.with_user(self.anna).has_access("read"))
        self.assertTrue(row.raw)
        self.assertFalse(failure.with_user(self.anna).raw)

    def test_readers(self):
        mail = self._keep()
        call = self._keep(type="call", mailbox=None, pbx=self.pbx)
        for record, expected in ((mail, {self.anna}), (call, {self.admin})):
            readers = {
                user
                for user in (self.anna, self.ben, self.clara, self.marek, self.admin, self.otto)
                if record.with_user(user).has_access("read")
            }
            self.assertEqual(readers, expected)
