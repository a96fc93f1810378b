import io
import json
import zipfile

from odoo.http import Request
from odoo.tests import tagged

from ..common import LeadCommunicationsCommon
from ..patience import PatientHttpCase

FORMULAS = ("=1+1", "+1+cmd", "-1+1", "@SUM(A1)", "\t=1", "\r=1")


@tagged("post_install", "-at_install", "lead_communications")
class TestExport(LeadCommunicationsCommon, PatientHttpCase):
    """What strangers wrote is text in a file that somebody opens with a spreadsheet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.marek.group_ids += cls.env.ref("base.group_allow_export")

    def _export(self, kind, model, names, ids, **params):
        self.authenticate(self.marek.login, self.marek.login)
        data = {
            "model": model,
            "fields": [{"name": name, "label": name, "type": "char"} for name in names],
            "ids": ids,
            "domain": [],
            "import_compat": False,
        } | params
        form = {"data": json.dumps(data), "csrf_token": Request.csrf_token(self)}
        response = self.url_open(f"/web/export/{kind}", data=form)
        self.assertEqual(response.status_code, 200)
        return response.content

    def test_no_cell_of_a_call_or_a_lead_is_a_formula(self):
        lead = self._create_lead(name="=1+1", contact_name="@SUM(A1)")
        calls = self.env["lead.communication"].union(
            *(
                self._create_call(contact_name=formula, lead_id=lead.id, state="done")
                for formula in FORMULAS
            )
        )
        rows = calls.with_user(self.marek).export_data(["contact_name", "lead_id/name"])["datas"]
        rows += lead.with_user(self.marek).export_data(["name", "call_ids/contact_name"])["datas"]
        for cell in [cell for row in rows for cell in row if cell]:
            self.assertRegex(cell, "^'")

    def test_telephone_number_is_read_back_as_it_was(self):
        call = self._create_call()
        self.assertEqual(call.export_data(["phone_sanitized"])["datas"], [["+48221234567"]])

    def test_files_hold_no_formula_also_in_titles_of_groups(self):
        call = self._create_call(contact_name="=1+1")
        names = ["contact_name", "number"]
        text = self._export("csv", "lead.communication", names, call.ids).decode()
        self.assertIn('"\'=1+1"', text)
        for groupby in ([], ["contact_name"]):
            content = self._export("xlsx", "lead.communication", names, call.ids, groupby=groupby)
            sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
            self.assertNotIn("<f>", sheet)
