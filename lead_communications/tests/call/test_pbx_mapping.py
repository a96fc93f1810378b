import base64
import hashlib
import hmac
import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, TransactionCase, tagged
from odoo.tools import mute_logger

from ...telephony import mapping
from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase

PATHS = {"id": "id", "direction": "way", "result": "status", "number": "phone", "start": "at"}
REPORT = {
    "id": "1",
    "way": "in",
    "status": "Completed",
    "phone": "+48600111222",
    "at": "2026-11-02T10:15:00Z",
}


class LeadPbxMappingCommon(LeadCommunicationsCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mapped = cls.pbx.copy(
            {
                "name": "Mapped",
                "provider": "mapped",
                "path_ids": [
                    Command.create({"field": name, "path": path}) for name, path in PATHS.items()
                ],
                "value_ids": [
                    Command.create(
                        {"field": "direction", "theirs": "in", "ours_direction": "incoming"}
                    ),
                    Command.create(
                        {"field": "result", "theirs": "Completed", "ours_result": "answered"}
                    ),
                ],
            }
        )

    def _calls(self):
        return self.env["lead.communication"].search([("pbx_id", "=", self.mapped.id)])


@tagged("post_install", "-at_install", "lead_communications")
class TestPbxMapping(LeadPbxMappingCommon, TransactionCase):
    def test_call_of_a_sample_is_shown_as_it_is_entered(self):
        with Form(self.mapped.with_user(self.admin)) as form:
            self.assertFalse(form.mapping_preview)
            form.mapping_sample = json.dumps(REPORT)
            for words in ("Incoming", "Answered", "+48600111222", "2026-11-02 10:15:00"):
                self.assertIn(words, form.mapping_preview)
            form.mapping_sample = json.dumps(REPORT | {"status": "Escalated"})
            self.assertIn("“Escalated” is not in the table", form.mapping_preview)
            with form.value_ids.new() as row:
                row.theirs = "escal*"
                row.ours_result = "missed"
            self.assertIn("Missed", form.mapping_preview)
            form.mapping_sample = "["
            self.assertIn("cannot be read", form.mapping_preview)
            form.path_ids.remove(0)
            self.assertIn("ID of the call", form.mapping_preview)

    def test_presets_and_files_replace_what_is_entered(self):
        wizard = Form(
            self.env["lead.pbx.preset"]
            .with_user(self.admin)
            .with_context(default_pbx_id=self.mapped.id)
        )
        with self.assertRaisesRegex(UserError, "Choose a preset"):
            wizard.save().action_load()
        for name, preset in mapping.presets().items():
            wizard.preset = name
            self.assertEqual(wizard.source, preset.source)
            wizard.save().action_load()
            self.assertEqual(self.mapped._mapping(), preset)
        exported = self.mapped.with_user(self.admin)._make_mapping_file()
        self.assertNotIn(self.mapped._live_secrets()[0], exported)
        other = self.mapped.copy()
        other.path_ids.unlink()
        with self.assertRaisesRegex(UserError, "no complete mapping"):
            other.action_export_mapping()
        load = wizard.save().copy({"pbx_id": other.id})
        load.file = base64.b64encode(exported.encode())
        load.action_load()
        self.assertEqual(other._mapping(), self.mapped._mapping())
        load.file = base64.b64encode(exported.replace('"answered"', '"won"').encode())
        with self.assertRaisesRegex(UserError, "“won” is none of our values"):
            load.action_load()
        load.file = base64.b64encode(b" " * 200_001)
        with self.assertRaisesRegex(UserError, "too large"):
            load.action_load()
        self.assertEqual(other._mapping(), self.mapped._mapping())

    def test_what_is_entered_makes_sense(self):
        for values in (
            {"theirs": "x", "field": "result"},
            {"theirs": "x", "field": "direction", "ours_result": "missed"},
            {"theirs": "****", "field": "result", "ours_result": "missed"},
            {"theirs": "x" * 201, "field": "result", "ours_result": "missed"},
        ):
            with self.assertRaises(ValidationError):
                self.mapped.value_ids = [Command.create(values)]
        with self.assertRaises(ValidationError):
            self.mapped.path_ids[0].path = "x" * 201
        with self.assertRaises(ValidationError):
            self.mapped.mapping_header = "X Y"

    def test_mapping_is_for_administrators_of_the_company(self):
        other = self.mapped.copy({"company_id": self.other_company.id, "team_id": False})
        for user in (self.anna, self.marek):
            for row in (self.mapped.path_ids, self.mapped.value_ids):
                with self.assertRaises(AccessError):
                    row.with_user(user).read(["field"])
            with self.assertRaises(AccessError):
                self.mapped.with_user(user)._make_mapping_file()
        for row in (other.path_ids, other.value_ids):
            self.assertFalse(row.with_user(self.admin).has_access("read"))
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base.models.ir_rule"):
            self.env["lead.pbx.preset"].with_user(self.admin).create({"pbx_id": other.id})


@tagged("post_install", "-at_install", "lead_communications")
class TestPbxMappingHttp(LeadPbxMappingCommon, PatientHttpCase):
    def _report(self, body, secret=None):
        secret = secret or self.mapped._live_secrets()[0]
        digest = hmac.new(secret.encode(), body.encode(), hashlib.sha256).hexdigest()
        return self.url_open(
            f"/lead_communications/pbx/{self.mapped.key}",
            data=body,
            headers={"X-Signature": f"sha256={digest}", "Content-Type": "application/json"},
        )

    def test_report_is_recorded_and_an_unknown_word_can_be_entered_later(self):
        self.assertEqual(self._report(json.dumps(REPORT), "wrong").status_code, 401)
        for _time in range(2):
            self.assertEqual(self._report(json.dumps(REPORT)).json(), {"status": "ok", "calls": 1})
        self.assertRecordValues(
            self._calls(), [{"result": "answered", "phone_sanitized": "+48600111222"}]
        )
        late = json.dumps(REPORT | {"id": "2", "status": "Abandoned"})
        self.assertEqual(self._report(late).json()["status"], "kept")
        failure = self.env["lead.communication.failure"].search([("pbx_id", "=", self.mapped.id)])
        self.assertIn("Abandoned", failure.error)
        self.mapped.value_ids = [
            Command.create({"field": "result", "theirs": "abandon*", "ours_result": "missed"})
        ]
        failure.action_retry()
        self.assertEqual(sorted(self._calls().mapped("result")), ["answered", "missed"])

    def test_mapping_is_downloaded_by_administrators(self):
        url = f"/lead_communications/pbx_mapping/{self.mapped.id}"
        self.authenticate("admin_t", "admin_t")
        response = self.url_open(url)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json()["paths"], PATHS)
        self.assertIn("Mapped.json", response.headers["Content-Disposition"])
        self.authenticate("marek_t", "marek_t")
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_model"):
            self.assertNotEqual(self.url_open(url).status_code, 200)
