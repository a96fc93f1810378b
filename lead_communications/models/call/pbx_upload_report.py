import base64
import csv
import io

from odoo import api, fields, models

# So many broken rows are kept to be downloaded, and so many reasons shown.
MOST_ROWS = 10_000
MOST_REASONS = 100


class LeadPbxUpload(models.Model):
    """What came of an uploaded file: what is new, and the rows that are broken, to be corrected."""

    _inherit = "lead.pbx.upload"

    broken_count = fields.Integer(string="Broken Rows", readonly=True)
    broken_rows = fields.Json(
        string="Broken Rows as They Are",
        readonly=True,
        prefetch=False,
        help="Number, text and reason of each, as far as they are kept.",
    )
    broken_reasons = fields.Text(string="Reasons", readonly=True)
    report = fields.Binary(compute="_compute_report")
    report_name = fields.Char(compute="_compute_report")

    @api.depends("broken_rows", "name")
    def _compute_report(self):
        for upload in self:
            upload.report_name = self.env._("Broken rows of %(file)s", file=upload.name)
            text = upload._report_text() if upload.broken_rows else ""
            upload.report = base64.b64encode(text.encode("utf-8-sig")) if text else False

    def _report_text(self):
        """Return the broken rows as a file that can be corrected and imported again.

        Where the file has headings, number and reason of each row stand behind it.
        """
        if not self.header:
            return "".join(f"{text}\n" for _number, text, _reason in self.broken_rows)
        lines = io.StringIO()
        lines.write(self.header + self._cells(self.env._("Row Number"), self.env._("Reason")))
        for number, text, reason in self.broken_rows:
            lines.write(text + self._cells(number, reason))
        return lines.getvalue()

    def _cells(self, *values):
        line = io.StringIO()
        csv.writer(line, delimiter=self.delimiter, lineterminator="\n").writerow(["", *values])
        return line.getvalue()

    # ---- ACTIONS ----

    def action_download_report(self):
        """Download the broken rows, to be corrected and imported again."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/report?filename_field=report_name"
            "&download=true",
            "target": "download",
        }

    # ---- WHAT CAME OF IT ----

    def _broken_values(self, broken):
        """Return what more broken rows change; of very many, the first are kept."""
        if not broken:
            return {}
        known = self.broken_rows or []
        rows = [*known, *([row.number, row.text, row.reason] for row in broken)]
        rows = rows[:MOST_ROWS]
        count = self.broken_count + len(broken)
        reasons = [f"{number}: {reason}" for number, _text, reason in rows[:MOST_REASONS]]
        if count > MOST_REASONS:
            reasons.append(f"… {count}")
        values = {"broken_count": count, "broken_reasons": "\n".join(reasons)}
        return values if len(rows) == len(known) else values | {"broken_rows": rows}

    def _tell(self):
        """Tell who imported the file what came of it, wherever they are in Odoo by now."""
        user = self.create_uid
        upload = self.with_context(lang=user.lang)
        params = upload._notification("warning" if self.broken_count else "success")["params"]
        user._bus_send(
            "simple_notification",
            {name: params[name] for name in ("type", "message", "sticky")},
        )

    def _notification(self, kind):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": "\n".join(upload._result_message() for upload in self),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _result_message(self):
        values = {"file": self.name, "created": self.created_count, "broken": self.broken_count}
        if self.state == "canceled":
            message = self.env._(
                "The import of %(file)s was canceled. The calls that were imported before stay; "
                "%(created)s of them are new.",
                **values,
            )
        else:
            message = self.env._(
                "%(file)s was imported: %(rows)s rows, %(created)s new calls.",
                rows=self.row_count,
                **values,
            )
        if self.broken_count:
            message += " " + self.env._(
                "Rows that could not be read: %(broken)s. They can be downloaded on the telephone"
                " system, page Imports.",
                **values,
            )
        if self.is_kept:
            message += " " + self.env._(
                "Some could not be recorded: they are kept under Failures, to be retried."
            )
        return message
