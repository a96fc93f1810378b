import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase

CALL = {
    "id": "api-1",
    "direction": "incoming",
    "number": "+48221234567",
    "result": "missed",
    "start": "2026-11-02T10:15:00+01:00",
    "end": "2026-11-02T10:15:20+01:00",
}


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadPbxApi(LeadCommunicationsCommon, PatientHttpCase):
    """Calls reported by Odoo's own JSON-2 API, with the key of a user who may do only that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.integration = cls._create_user("integration_t", "lead_communications.group_telephony")

    def _calls(self):
        return self.env["lead.communication"].search([("external_id", "like", "api-")])

    def test_call_is_recorded_once_by_json2(self):
        key = self._make_key()
        for created in (1, 0):
            response = self.url_open(
                "/json/2/lead.pbx/report_calls",
                data=json.dumps({"ids": self.pbx.ids, "calls": [CALL]}),
                headers={
                    "Content-Type": "application/json",
                    "Authorization": f"Bearer {key}",
                },
            )
            self.assertEqual(response.status_code, 200, response.text)
            self.assertEqual(response.json(), {"calls": 1, "created": created})
        self.assertRecordValues(
            self._calls(), [{"state": "ready", "result": "missed", "pbx_id": self.pbx.id}]
        )

    def _make_key(self):
        self.env.flush_all()
        apikeys = self.env["res.users.apikeys"].with_user(self.integration)
        # sudo: a key without an end needs an administrator
        return apikeys.sudo()._generate(None, "test", None)

    def test_broken_call_is_refused_in_words_and_nothing_is_recorded(self):
        pbx = self.pbx.with_user(self.integration)
        for broken in ({}, dict(CALL, direction="sideways"), "call", dict(CALL, start="yesterday")):
            with self.subTest(call=broken), self.assertRaises(UserError):
                pbx.report_calls([CALL, broken])
        self.assertFalse(self._calls())

    def test_first_hundred_broken_calls_are_named(self):
        pbx = self.pbx.with_user(self.integration)
        with self.assertRaises(UserError) as refused:
            pbx.report_calls([{}] * 101)
        lines = str(refused.exception).splitlines()
        self.assertEqual(len(lines), 100)
        self.assertTrue(lines[-1].startswith("100: "), lines[-1])

    def test_only_the_group_may_report(self):
        for user in (self.anna, self.marek):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.pbx.with_user(user).report_calls([CALL])

    def test_integration_sees_neither_calls_nor_secrets(self):
        pbx = self.pbx.with_user(self.integration)
        pbx.report_calls([CALL])
        with self.assertRaises(AccessError):
            self._calls().with_user(self.integration).read(["number"])
        with self.assertRaises(AccessError):
            pbx.read(["secret"])
        with self.assertRaises(AccessError):
            pbx.write({"name": "Mine"})

    def test_system_of_another_company_is_refused(self):
        self.pbx.company_id = self.other_company
        with self.assertRaises(AccessError):
            self.pbx.with_user(self.integration).report_calls([CALL])
