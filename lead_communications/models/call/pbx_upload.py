from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...telephony import cdr_upload
from ...telephony.payload import PayloadError
from ..communication.failure import try_patiently

CONTENT_TYPE = "text/csv"
# Bytes taken in by one transaction: more than a thousand rows, some seconds at most.
BATCH_SIZE = 512 * 1024
# What came of a file can be seen for so long.
KEPT_FOR = timedelta(days=90)


class LeadPbxUpload(models.Model):
    """An uploaded CDR file that is too large to be taken in while somebody waits.

    A scheduled job takes it in by batches. How far it is, what came of it and which rows are broken
    is written in the transaction of the batch: killed at any moment, or run twice at once, it
    neither loses nor doubles anything. No lock is held meanwhile, so that it can be canceled.
    """

    _name = "lead.pbx.upload"
    _description = "Uploaded CDR File"
    _order = "id desc"

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx",
        string="Telephone System",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    name = fields.Char(string="File", required=True, readonly=True)
    state = fields.Selection(
        selection=[("running", "In Progress"), ("done", "Done"), ("canceled", "Canceled")],
        required=True,
        readonly=True,
        default="running",
    )
    checksum = fields.Char(readonly=True, help="The same file is recognized by it.")
    content = fields.Binary(attachment=True, readonly=True, help="The rows, until it is done.")
    header = fields.Text(readonly=True, help="What stands above the rows.")
    delimiter = fields.Char(readonly=True)
    size = fields.Integer(readonly=True, help="Bytes of the rows.")
    offset = fields.Integer(readonly=True, help="Bytes that were imported.")
    lines_above = fields.Integer(readonly=True, help="Lines of the file that were imported.")

    progress = fields.Float(compute="_compute_progress", help="Per cent of the file.")
    row_count = fields.Integer(string="Rows", readonly=True)
    created_count = fields.Integer(string="New Calls", readonly=True)
    is_kept = fields.Boolean(
        string="Failures", readonly=True, help="Some could not be recorded, and are kept."
    )

    _running_unique = models.UniqueIndex(
        "(pbx_id, checksum) WHERE state = 'running'", "This file is already being imported."
    )

    @api.depends("offset", "size", "state")
    def _compute_progress(self):
        for upload in self:
            is_done = upload.state == "done" or not upload.size
            upload.progress = 100 if is_done else 100 * upload.offset / upload.size

    @api.autovacuum
    def _gc_finished(self):
        """Forget what came of old uploads: the broken rows have numbers and names in them."""
        limit = fields.Datetime.now() - KEPT_FOR
        self.search([("state", "!=", "running"), ("write_date", "<", limit)]).unlink()

    # ---- ACTIONS ----

    def action_cancel(self):
        """Stop taking the files in; what was taken in stays."""
        self.pbx_id.check_access("write")
        # sudo: what becomes of a file is the system's to write; the right was checked
        running = self.sudo().filtered(lambda upload: upload.state == "running")
        running._finish("canceled")
        return running._notification("warning") if running else None

    # ---- TAKING IN ----

    @api.model
    def _start(self, pbx, name, raw):
        """Let a file be taken in by the scheduled job.

        :return: its record; that of before if it is being taken in already.
        :raise PayloadError: it is no CDR file.
        """
        pbx.check_access("write")
        checksum = self.env["ir.attachment"]._compute_checksum(raw)
        # sudo: what becomes of a file is the system's to write; the right was checked
        uploads = self.sudo()
        same = [("pbx_id", "=", pbx.id), ("checksum", "=", checksum), ("state", "=", "running")]
        if upload := uploads.search(same):
            return upload.with_env(self.env)
        prepared = cdr_upload.prepare(raw, pbx.country_id.code or "")
        upload = uploads.create(
            {
                "pbx_id": pbx.id,
                "name": name,
                "checksum": checksum,
                "header": prepared.header,
                "delimiter": prepared.delimiter,
                "size": len(prepared.content),
                "lines_above": prepared.lines_above,
                "row_count": prepared.row_count,
                **uploads._broken_values(prepared.broken),
            }
        )
        # As the field would, without the file in base64 besides.
        self.env["ir.attachment"].sudo().create(
            {
                "name": "content",
                "res_model": self._name,
                "res_field": "content",
                "res_id": upload.id,
                "raw": prepared.content,
                "mimetype": CONTENT_TYPE,
            }
        )
        self._wake_job()
        return upload.with_env(self.env)

    @api.model
    def _cron_take_in(self):
        """Take in the files that wait, as far as the time of the job allows."""
        uploads = self.search([("state", "=", "running")], order="id")
        left = sum(upload._batches_left() for upload in uploads)
        if not self.env["ir.cron"]._commit_progress(remaining=left):
            return
        for upload in uploads:
            if not upload._take_rest():
                # It would sleep for a minute else, after each ten seconds of work.
                self._wake_job()
                break

    @api.model
    def _wake_job(self):
        # sudo: ir.cron - when a job of this addon runs
        self.env.ref("lead_communications.lead_pbx_upload_cron").sudo()._trigger()

    def _batches_left(self):
        return 1 + (self.size - self.offset) // BATCH_SIZE

    def _take_rest(self):
        """Take in what is left of the file; return False when the time of the job is over."""
        content = self._content()
        while try_patiently(self.env, self._take_batch, content):
            if not self.env["ir.cron"]._commit_progress(1):
                return False
        return bool(self.env["ir.cron"]._commit_progress(1))

    def _content(self):
        """Return the rows, empty if there is nothing to do any more."""
        # sudo: ir.attachment - of this record; read by the system
        attachments = self.env["ir.attachment"].sudo()
        place = Domain("res_model", "=", self._name) & Domain("res_field", "=", "content")
        return attachments.search(place & Domain("res_id", "in", self.ids), limit=1).raw or b""

    def _take_batch(self, content):
        """Take in the next rows, or finish; return whether more may follow."""
        self.invalidate_recordset()
        if not self.exists() or self.state != "running":
            return False  # canceled meanwhile, or done by another worker
        rows = cdr_upload.part_of(content, self.offset, BATCH_SIZE)
        if not rows:
            self._finish("done")
            self._tell()
            self.env.flush_all()
            return False
        self.write(
            {
                "offset": self.offset + len(rows),
                "lines_above": self.lines_above + rows.count(b"\n"),
                **self._take_rows(rows),
            }
        )
        self.env.flush_all()
        return True

    def _take_rows(self, rows):
        """Record the calls in ``rows``; return what that changes here."""
        above = f"{self.header}\n".encode() if self.header else b""
        raw = above + rows
        try:
            parsed = self.pbx_id._parse(raw, CONTENT_TYPE)
        except PayloadError as error:
            if rows.strip():
                # The telephone system is of another kind by now, or no row of many is one.
                self.pbx_id._keep(raw, str(error), CONTENT_TYPE, "format")
            return {"is_kept": bool(rows.strip()) or self.is_kept}
        taken = self.pbx_id._take_in_parsed(parsed, raw, CONTENT_TYPE)
        broken = cdr_upload.numbered(parsed, self.header or "", self.lines_above)
        return {
            "created_count": self.created_count + taken.created,
            "is_kept": self.is_kept or (taken.is_kept and not parsed.broken),
            **self._broken_values(broken),
        }

    def _finish(self, state):
        self.write({"state": state, "content": False})


class LeadPbx(models.Model):
    """The files that were uploaded for a telephone system."""

    _inherit = "lead.pbx"

    upload_ids = fields.One2many(
        comodel_name="lead.pbx.upload",
        inverse_name="pbx_id",
        string="Imports",
        groups="base.group_system",
    )

    def action_refresh_uploads(self):
        """Show how far they are: the form is read anew."""

    def unlink(self):
        # sudo: lead.pbx.upload - they go with their system, and their contents with them
        self.sudo().upload_ids.unlink()
        return super().unlink()
