import csv
import io
import zipfile

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import drop_constraint

from ..tools.spreadsheet import harmless

READ_AT_ONCE = 500
ORIGINALS = [("res_model", "=", "lead.communication"), ("res_field", "=", "raw")]
ROW_FIELDS = (
    "id",
    "type",
    "state",
    "direction",
    "date",
    "date_end",
    "subject",
    "contact_name",
    "number",
    "phone_sanitized",
    "email_from",
    "email_to",
    "email_cc",
    "preview",
    "description",
    "lead_id",
    "user_id",
    "team_id",
    "company_id",
)
LEAD_FIELDS = (
    "id",
    "name",
    "existing_company_id",
    "vat",
    "contact_first_name",
    "contact_middle_name",
    "contact_last_name",
    "direction_id",
    "product_tmpl_id",
    "partner_company_id",
    "partner_representative_id",
)
# A lead with none of these has nothing that goes.
LOST_WITH_LEADS = ("vat", "direction_id", "product_tmpl_id", "partner_company_id")


class LeadUninstall(models.AbstractModel):
    """What goes when the addon is uninstalled: how much it is, and how to take it along."""

    _name = "lead.uninstall"
    _description = "What Goes with Lead Communications"

    # ---- BEFOREHAND ----

    @api.model
    def _losses(self):
        """Return what goes, a sentence each, in the user's language."""
        # sudo: how much there is; nothing of it is told
        rows = self.env["lead.communication"].sudo()
        counts = dict(rows._read_group([], ["state"], ["__count"]))
        linked = sum(counts.get(state, 0) for state in ("planned", "done", "canceled"))
        failures = self.env["lead.communication.failure"].sudo().search_count([])
        env = self.env
        return [
            env._("Calls and emails that wait: %(count)s", count=counts.get("ready", 0)),
            env._("Ignored calls and emails: %(count)s", count=counts.get("ignored", 0)),
            env._(
                "Calls, emails and events in the history of leads: %(count)s. Their messages,"
                " activities and meetings stay in Odoo.",
                count=linked,
            ),
            env._("Originals of emails: %(count)s", count=self._count_originals()),
            env._("Reports and emails that could not be processed: %(count)s", count=failures),
            env._(
                "What was added to leads: existing company, tax ID, names of the contact, sales"
                " direction, service or product, partner company"
            ),
            env._("Telephone systems, mailboxes, exceptions and settings, with their secrets"),
        ]

    @api.model
    def _count_originals(self):
        # sudo: as above
        return self.env["ir.attachment"].sudo().search_count(ORIGINALS)

    # ---- TO TAKE ALONG ----

    @api.model
    def _write_archive(self, file):
        """Write what goes, as far as the user may read it, to ``file`` as a ZIP archive.

        :param file: a file that is open for writing bytes
        """
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            # Who looks after the system need not work with leads.
            if self.env["lead.communication"].has_access("read"):
                self._write_rows(archive)
            if self.env["crm.lead"].has_access("read"):
                self._write_leads(archive)
            self._write_failures(archive)

    def _write_rows(self, archive):
        rows = self.env["lead.communication"]
        self._write_table(archive, "communications.csv", ROW_FIELDS, rows)
        # sudo: ir.attachment - the originals of rows that the user may read
        files = self.env["ir.attachment"].sudo()
        for some in self._pages(rows, [("type", "=", "email")]):
            for original in files.search([*ORIGINALS, ("res_id", "in", some.ids)]):
                archive.writestr(f"emails/{original.res_id}.eml", original.raw or b"")
                original.invalidate_recordset()

    def _write_leads(self, archive):
        leads = self.env["crm.lead"].with_context(active_test=False)
        domain = Domain.OR(Domain(name, "!=", False) for name in LOST_WITH_LEADS)
        self._write_table(archive, "leads.csv", LEAD_FIELDS, leads, domain)

    def _write_failures(self, archive):
        for some in self._pages(self.env["lead.communication.failure"]):
            for failure in some:
                archive.writestr(f"failures/{failure.raw_name}", failure._raw_bytes())
                failure.invalidate_recordset()

    def _write_table(self, archive, name, columns, model, domain=Domain.TRUE):
        with archive.open(name, "w", force_zip64=True) as raw:
            file = io.TextIOWrapper(raw, encoding="utf-8-sig", newline="")
            writer = csv.writer(file)
            writer.writerow(columns)
            for some in self._pages(model, domain):
                for values in some.read(columns):
                    writer.writerow([_cell(values[column]) for column in columns])
            file.flush()

    def _pages(self, model, domain=Domain.TRUE):
        """Yield the records of ``domain`` that the user may read, some at a time."""
        last = 0
        of_model = Domain(domain)
        while some := model.search(
            of_model & Domain("id", ">", last), order="id", limit=READ_AT_ONCE
        ):
            yield some
            last = max(some.ids)
            some.invalidate_recordset()

    # ---- AND THEN ----

    @api.model
    def _leave(self):
        """Leave the host as if the addon had never been there; before its tables go."""
        self._stop_servers()
        self._let_go()
        parameters = self.env["ir.config_parameter"]
        parameters.search([("key", "=like", "lead\\_communications.%")]).unlink()
        self._leave_sources()

    @api.model
    def _leave_sources(self):
        """Keep the sources of leads: they are part of their history."""
        self.env["ir.model.data"].search(
            [("module", "=", "lead_communications"), ("model", "=", "utm.source")]
        ).unlink()

    @api.model
    def _stop_servers(self):
        """Stop the mail servers that only mailboxes used, and with the last one Odoo's job.

        Odoo would go on to fetch them in its own way: with nothing that its mail is for, it marks
        it as read and drops it.
        """
        mailboxes = self.env["lead.mailbox"].with_context(active_test=False)
        mailboxes = mailboxes.search([("server_id", "!=", False)])
        servers = mailboxes.server_id.filtered(lambda server: not server.object_id)
        servers.write({"state": "draft"})

    @api.model
    def _let_go(self):
        """Let Odoo delete the people of the demo data: rows that are about to go hold them."""
        tables = [
            model._table
            for model in map(self.env.get, self.env.registry)
            if model._original_module == "lead_communications" and model._auto
        ]
        self.env.cr.execute(
            SQL(
                """
                SELECT conrelid::regclass::text, conname FROM pg_constraint
                 WHERE contype = 'f' AND confdeltype = 'r' AND confrelid = 'res_users'::regclass
                   AND conrelid IN (SELECT oid FROM pg_class WHERE relname IN %s)
                """,
                tuple(tables),
            )
        )
        for table, name in self.env.cr.fetchall():
            drop_constraint(self.env.cr, table, name)


def _cell(value):
    if isinstance(value, tuple):  # of a record: its id and name
        return harmless(f"{value[1]} ({value[0]})")
    return harmless("" if value is False else value)
