import base64

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged, users

from ...models.call import pbx_intake
from .captures import call_file, cdr
from .common import LeadPbxCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestLeadPbxImport(LeadPbxCommon):
    def _import(self, *files):
        wizard = self.env["lead.pbx.import"].create(
            {
                "pbx_id": self.pbx.id,
                "attachment_ids": [
                    Command.create({"name": f"{number}.csv", "datas": base64.b64encode(content)})
                    for number, content in enumerate(files)
                ],
            }
        )
        return wizard.action_import()["params"]

    @users("admin_t")
    def test_import_says_what_was_read(self):
        self.assertEqual(self._import(cdr())["message"], "13 calls read, 13 new.")
        params = self._import(cdr())
        self.assertEqual((params["message"], params["type"]), ("13 calls read, 0 new.", "success"))
        self.assertEqual(len(self._rows()), 13)

    @users("admin_t")
    def test_several_files_and_broken_rows(self):
        failures = self.env["lead.communication.failure"].search([])
        params = self._import(cdr("in_answered"), cdr("out_answered") + b"broken\n")
        self.assertEqual(
            params["message"],
            "2 calls read, 2 new. Rows that could not be read, and are kept under Failures: 1.",
        )
        self.assertEqual((params["type"], params["sticky"]), ("warning", True))
        kept = self.env["lead.communication.failure"].search([]) - failures
        self.assertEqual(kept.error, "2: 1 columns are too few for a call record.")
        self.assertEqual(base64.b64decode(kept.raw), b"broken")

    @users("admin_t")
    def test_file_with_a_header_row_only(self):
        params = self._import(b"src,dst,start,disposition,uniqueid\n")
        self.assertEqual(params["message"], "0 calls read, 0 new.")

    @users("admin_t")
    def test_uploaded_files_do_not_stay(self):
        self._import(cdr("in_answered"))
        self.assertFalse(self.env["ir.attachment"].search([("res_model", "=", "lead.pbx.import")]))

    @users("admin_t")
    def test_unreadable_file_is_refused_in_words(self):
        for content, reason in ((b"PK\x03\x04", "not a CSV file"), (b"", "empty")):
            with self.assertRaisesRegex(UserError, f"1.csv: .*{reason}.*Nothing was imported"):
                self._import(cdr("in_answered"), content)

    @users("admin_t")
    def test_file_that_lacks_a_column_is_refused_in_its_own_words(self):
        reason = (
            r"No column of it tells how the call ended \(disposition\)\. Its columns are: Date,"
            r" Source, Destination, UniqueID\."
        )
        with self.assertRaisesRegex(UserError, reason):
            self._import(b"Date,Source,Destination,UniqueID\n2026-11-20 10:17:00,600700018,101,1.1")

    @users("admin_t")
    def test_rounded_numbers_are_kept_with_the_reason(self):
        failures = self.env["lead.communication.failure"].search([])
        params = self._import(call_file("excel_scientific.csv"))
        self.assertIn("1 calls read, 1 new.", params["message"])
        self.assertEqual(self._rows().mapped("external_id"), ["1795600007"])
        kept = self.env["lead.communication.failure"].search([]) - failures
        self.assertEqual(kept.cause, "rounded")
        self.assertIn("src is 4.86007E+10", kept.error)

    @users("admin_t")
    def test_names_are_in_the_charset_of_the_country(self):
        self.pbx.sudo().country_id = self.env.ref("base.pl")
        self._import(call_file("cp1250.csv"))
        self.assertEqual(self._rows().contact_name, "Żaneta Święch")

    @users("admin_t")
    def test_file_does_not_tell_where_the_secret_is(self):
        pbx = self.pbx.with_env(self.env)
        self._import(cdr("in_answered"))
        self.assertTrue(pbx.is_secret_shown)
        pbx._take_in(cdr("out_answered"), "text/csv", is_signed=True)
        self.assertTrue(pbx.is_secret_shown)  # at most once a minute
        pbx.sudo().last_event_date = False
        pbx._take_in(cdr("out_answered"), "text/csv", is_signed=True)
        self.assertFalse(pbx.is_secret_shown)

    @users("admin_t")
    def test_test_report_is_shown_and_no_call(self):
        pbx = self.pbx.with_env(self.env)
        taken = pbx.sudo()._take_in(b"event=test&start=1795305367", "")
        self.assertEqual((taken.calls, taken.is_kept, len(self._rows())), (0, False, 0))
        self.assertEqual(pbx.trial_text, "event=test&start=1795305367")
        self.assertTrue(pbx.trial_date)

    @users("admin_t")
    def test_import_without_a_file(self):
        with self.assertRaisesRegex(UserError, "Choose a file first"):
            self._import()

    @users("admin_t")
    def test_button_opens_the_dialog_for_the_system(self):
        action = self.pbx.with_env(self.env).action_import()
        self.assertEqual(action["res_model"], "lead.pbx.import")
        self.assertEqual(action["context"], {"default_pbx_id": self.pbx.id})

    def test_many_calls_are_recorded_in_batches(self):
        row = cdr("in_answered").decode()
        rows = [row.replace("1795305367.0", f"1795305367.{number}") for number in range(7)]
        self.patch(pbx_intake, "BATCH_SIZE", 3)
        taken = self.pbx._take_in("".join(rows * 2).encode(), "text/csv")
        self.assertEqual((taken.calls, taken.created, len(self._rows())), (7, 7, 7))
