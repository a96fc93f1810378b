import time

from odoo import api, fields, models
from odoo.tools import SQL

from ...ami import growing_file
from ...ami.growing_file import Position
from ...telephony.payload import PayloadError, cause_of
from ..communication.failure import try_patiently

CONTENT_TYPE = "text/csv"
# Bytes recorded in one transaction: some thousands of rows.
BATCH_SIZE = 1024 * 1024
# Seconds after which a file that nobody writes to is taken for finished.
FINISHED_AFTER = 600


class LeadPbxFile(models.Model):
    """A CDR file in the folder of a telephone system, and how far it was read.

    The position is written in the transaction of the rows that it stands behind: a crash at any
    moment neither loses nor doubles a call. A file is known by its inode, so it may be renamed.
    """

    _name = "lead.pbx.file"
    _description = "CDR File"
    _order = "id"

    pbx_id = fields.Many2one(
        comodel_name="lead.pbx",
        string="Telephone System",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    name = fields.Char(required=True, readonly=True)
    inode = fields.Char(required=True, readonly=True, help="It has up to 64 bits.")
    offset = fields.Float(digits=(18, 0), readonly=True, help="Bytes that were read.")
    head = fields.Char(readonly=True, help="SHA-256 of the first bytes that were read.")

    _inode_unique = models.Constraint("UNIQUE (pbx_id, inode)", "This file is already followed.")

    @api.model
    def _follow(self, pbx, name, file):
        """Record what is new in an open file, in as many transactions as it takes.

        :return: whether the end was reached; else the time of the scheduled job is over.
        """
        while try_patiently(self.env, self._take_batch, pbx, name, file):
            if not self.env["ir.cron"]._commit_progress(1, remaining=1):
                return False
        return True

    @api.model
    def _take_batch(self, pbx, name, file):
        """Record the next rows together with the position behind them; return whether any were."""
        record = self._of_file(pbx, name, file)
        if not record:
            return False  # another worker is at it
        position = record._position()
        if not growing_file.is_at(file, position):
            position = growing_file.start(file)  # emptied in place, or another file by now
        header = growing_file.header(file, position)
        finished = time.time() - growing_file.modified(file) > FINISHED_AFTER
        rows, position = growing_file.read_lines(file, position, BATCH_SIZE, finished)
        if not rows:
            return False
        try:
            pbx._take_in(header + rows, CONTENT_TYPE)
        except PayloadError as error:
            pbx._keep(rows, f"{name}: {error}", CONTENT_TYPE, cause_of(error.code))
            position = growing_file.end(file)  # no CDR file: its rest is none either
        record.write({"name": name, "offset": position.offset, "head": position.head})
        self.env.flush_all()
        return True

    @api.model
    def _of_file(self, pbx, name, file):
        """Return the locked record of a file, made if there is none; empty if it is in use."""
        position = growing_file.start(file)
        # Not logged when another worker has just made it: then it is tried again.
        self.env.cr.execute(
            SQL(
                """INSERT INTO lead_pbx_file (pbx_id, name, inode, "offset", head)
                VALUES (%s, %s, %s, 0, %s) ON CONFLICT (pbx_id, inode) DO NOTHING""",
                pbx.id,
                name,
                str(position.inode),
                position.head,
            ),
            log_exceptions=False,
        )
        record = self.search([("pbx_id", "=", pbx.id), ("inode", "=", str(position.inode))])
        record = record.try_lock_for_update()
        record.invalidate_recordset()
        return record

    def _position(self):
        return Position(inode=int(self.inode), offset=int(self.offset), head=self.head)
