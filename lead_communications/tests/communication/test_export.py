import csv
import io
import json
import zipfile
from datetime import datetime

from odoo.fields import Command
from odoo.http import Request
from odoo.tests import tagged

from ...models.event.event import EVENT_FIELDS
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

    # ---- IMPORTED AGAIN ----

    def _offered(self, model):
        """Return the names that Odoo's dialog offers for a file that can be imported."""
        self.authenticate(self.marek.login, self.marek.login)
        params = {"model": model, "domain": [], "import_compat": True}
        return [
            field["value"] for field in self.make_jsonrpc_request("/web/export/get_fields", params)
        ]

    def _import(self, model, content):
        """Import a CSV file as the dialog does; return what was said about it."""
        lines = list(csv.reader(io.StringIO(content.decode())))
        wizard = self.env["base_import.import"].with_user(self.marek)
        wizard = wizard.with_context(lang=self.marek.lang, tz=self.marek.tz)
        wizard = wizard.create({"res_model": model, "file": content, "file_type": "text/csv"})
        options = {"quoting": '"', "separator": ",", "has_headers": True, "encoding": "utf-8"}
        options |= {"datetime_format": "%Y-%m-%d %H:%M:%S", "date_format": "%Y-%m-%d"}
        options |= {"float_decimal_separator": ".", "float_thousand_separator": ""}
        return wizard.execute_import(lines[0], lines[0], options)["messages"]

    def _facts(self, records, names):
        self.env.invalidate_all()
        return records.with_user(self.marek).read(
            [name.removesuffix("/id") for name in names if name != "id"]
        )

    def _assert_read_back(self, records, names):
        """Check that the file with ``names`` changes nothing, in either language."""
        self.env["res.lang"]._activate_lang("pl_PL")
        for lang in ("en_US", "pl_PL"):
            self.marek.write({"lang": lang, "tz": "Europe/Warsaw"})
            before = self._facts(records, names)
            content = self._export("csv", records._name, names, records.ids, import_compat=True)
            self.assertEqual(self._import(records._name, content), [])
            self.assertEqual(self._facts(records, names), before)
        return content

    def _events(self):
        ewa = self.env["res.partner"].create({"name": "Ewa", "email": "ewa@customer.test"})
        lead = self._create_lead(partner_id=ewa.id)
        rows = self.env["lead.communication"].with_user(self.marek)
        facts = {
            "lead_id": lead.id,
            "subject": "- '=prices', the new ones",
            "description": "<p>Two <b>windows</b>,<br>one door</p>",
            "partner_id": ewa.id,
            "participant_ids": [Command.set((ewa | self.anna.partner_id).ids)],
            "source_id": self.env["utm.source"].create({"name": "Fair"}).id,
            "origin": f"crm.lead,{lead.id}",
            "user_id": self.anna.id,
            "priority": "2",
        }
        start = datetime(2026, 11, 25, 0, 30, 1, 394004)
        return rows.create(
            [
                facts | {"type": "meeting", "state": "planned", "date": start},
                facts | {"type": "call", "state": "done", "direction": "incoming"},
                {"type": "note", "state": "canceled", "lead_id": lead.id, "subject": "=1+1"},
            ]
        ).sudo()

    def test_events_are_imported_as_they_were_exported(self):
        names = self._offered("lead.communication")
        ours = {*EVENT_FIELDS, "lead_id", "state", "type", "id"}
        self.assertEqual({name.removesuffix("/id") for name in names}, ours)
        events = self._events()
        content = self._assert_read_back(events, names)
        # Without the column of ids they are new ones.
        lines = list(csv.reader(io.StringIO(content.decode())))
        at = lines[0].index("id")
        text = io.StringIO()
        csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
            [*line[:at], *line[at + 1 :]] for line in lines
        )
        last = self.env["lead.communication"].search([], order="id desc", limit=1)
        self.assertEqual(self._import("lead.communication", text.getvalue().encode()), [])
        new = self.env["lead.communication"].search([("id", ">", last.id)], order="id")
        names.remove("id")
        facts = [self._facts(rows, names) for rows in (events.sorted("id"), new)]
        for row in (*facts[0], *facts[1]):
            del row["id"]
        self.assertEqual(*facts)

    def test_the_hour_that_is_there_twice_is_read_back(self):
        names = self._offered("lead.communication")
        event = self._events()[1]
        event.write({"date": datetime(2026, 10, 25, 0, 30), "date_end": datetime(2026, 10, 25, 1)})
        self._assert_read_back(event, names)

    def test_leads_are_imported_as_they_were_exported(self):
        fields = self.env["crm.lead"]._fields
        names = [
            name
            for name in self._offered("crm.lead")
            if name == "id" or "lead_communications" in fields[name.split("/")[0]]._modules
        ]
        self.assertGreater(len(names), 10)
        company = self.env["res.partner"].create({"name": "Oak Ltd", "is_company": True})
        product = self.env["product.template"].create({"name": "Windows"})
        lead = self._create_lead(
            **{
                name: value
                for name, value in {
                    "first_name": "=Ewa",
                    "last_name": "Nowak",
                    "is_new_contact": True,
                    "tax_number": "PL 5260250274",
                    "product_tmpl_id": product.id,
                    "partner_company_id": company.id,
                }.items()
                if name in fields
            }
        )
        self._assert_read_back(lead | self._create_lead(), names)
