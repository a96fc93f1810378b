from urllib.parse import urlencode

from odoo.tests import tagged

from ..common import LeadCommunicationsCommon

FORM = "application/x-www-form-urlencoded"
END = {
    "event": "NOTIFY_END",
    "caller_id": "+48600111222",
    "called_did": "+48221234567",
    "call_start": "2026-03-02 10:15:00",
    "pbx_call_id": "in_1",
    "disposition": "no answer",
}
RECORD = {"event": "NOTIFY_RECORD", "pbx_call_id": "in_1", "call_id_with_rec": "r1"}
ANSWER = {
    "event": "NOTIFY_ANSWER",
    "caller_id": "+48600111222",
    "destination": "101",
    "call_start": "2026-03-02 10:15:00",
    "pbx_call_id": "in_1",
    "internal": "101",
}


@tagged("post_install", "-at_install", "lead_communications")
class TestSignedInPart(LeadCommunicationsCommon):
    """A signature that does not cover the id of the call is of one call all the same."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pbx.provider = "zadarma"

    def _take_in(self, fields, **changed):
        return self.pbx._take_in(urlencode(fields | changed).encode(), FORM)

    def _calls(self):
        return self.env["lead.communication"].search([("pbx_id", "=", self.pbx.id)])

    def test_one_signature_makes_one_call(self):
        for number in range(20):
            self._take_in(END, pbx_call_id=f"in_{number}")
        for moved in range(1, 5):
            caller, called = END["caller_id"], END["called_did"]
            self._take_in(
                END,
                pbx_call_id=f"moved_{moved}",
                caller_id=caller[:-moved],
                called_did=caller[-moved:] + called,
            )
        self.assertEqual(self._calls().external_id, "in_0")

    def test_a_call_is_completed_by_its_own_reports_alone(self):
        self._take_in(END, event="NOTIFY_START", disposition="")
        other = {"call_start": "2026-03-02 11:00:00", "pbx_call_id": "in_2"}
        self._take_in(END, **other)
        stranger = other | {"caller_id": "+48600999888", "call_start": "2026-03-02 12:00:00"}
        for replayed in (other, stranger):
            self._take_in(END, **(replayed | {"pbx_call_id": "in_1", "disposition": "answered"}))
        first = self._calls().filtered(lambda call: call.external_id == "in_1")
        self.assertFalse(first.result)
        self._take_in(END)
        self.assertEqual(first.result, "missed")

    def test_answer_and_recording_make_no_call(self):
        self._take_in(RECORD)
        self._take_in(ANSWER)
        self.assertFalse(self._calls())
        self._take_in(END, disposition="answered", is_recorded="1", call_id_with_rec="evil")
        self.assertFalse(self._calls().recording)
        self._take_in(ANSWER, caller_id="+48600999888", internal="666")
        self._take_in(ANSWER)
        self._take_in(RECORD)
        self.assertRecordValues(
            self._calls(), [{"recording": "r1", "number": "+48600111222", "external_id": "in_1"}]
        )

    def test_report_that_fails_again_is_one_failure(self):
        failures = self.env["lead.communication.failure"]
        before = failures.search([])
        for _time in range(3):
            self.assertTrue(self._take_in(END, duration="-1", disposition="answered").is_kept)
        kept = failures.search([]) - before
        self.assertEqual(len(kept), 1)
        kept.state = "solved"
        self._take_in(END, duration="-1", disposition="answered")
        self.assertEqual(len(failures.search([]) - before), 2)
