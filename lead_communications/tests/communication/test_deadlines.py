from datetime import date, datetime

from odoo.tests import freeze_time, tagged

from ...telephony.call_event import CallEvent
from ..common import LeadCommunicationsCommon

# In UTC
NOON = datetime(2026, 11, 2, 12, 0)
DAYS = {
    "Pacific/Auckland": date(2026, 11, 3),
    "Pacific/Honolulu": date(2026, 11, 2),
    "Europe/Warsaw": date(2026, 11, 2),
    False: date(2026, 11, 2),
}


@tagged("post_install", "-at_install", "lead_communications")
class TestDeadlines(LeadCommunicationsCommon):
    """What is asked of a person is due today, where they are, whoever asks from wherever."""

    def _deadlines(self, zone):
        """Return the deadlines of all that ben is asked to do, by anna who sits in ``zone``."""
        there = self.env["lead.communication"].with_context(tz=zone)
        missed = CallEvent(
            external_id="missed",
            direction="incoming",
            number="+48221234567",
            result="missed",
            start=NOON,
        )
        self.team.user_id = self.ben
        there._record_calls(self.pbx, [missed])
        lead = self._create_lead(user_id=self.ben.id)
        self._receive().with_context(tz=zone)._decide("attach", lead)
        call = self._create_call(user_id=self.anna.id)
        call.with_user(self.anna).with_context(tz=zone)._assign(self.ben, self.env["crm.team"])
        return self.env["mail.activity"].search([("user_id", "=", self.ben.id)])

    def test_due_today_where_the_person_is(self):
        for theirs, day in DAYS.items():
            for actor in ("Pacific/Auckland", "Pacific/Honolulu", False):
                with self.subTest(theirs=theirs, actor=actor), freeze_time(NOON):
                    with self.env.cr.savepoint() as savepoint:
                        self.ben.tz = theirs
                        self.anna.tz = actor
                        asked = self._deadlines(actor)
                        self.assertEqual(len(asked), 3, "call back, answer, decide")
                        self.assertEqual(set(asked.mapped("date_deadline")), {day})
                        savepoint.rollback()
                    self.env.invalidate_all()
