import datetime
import imaplib
import logging
import re
import time

from psycopg2 import errors

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import exception_to_unicode

_logger = logging.getLogger(__name__)

# Another worker took in the same mail at the same moment, or the database asks to try again.
TRANSIENT = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, errors.UniqueViolation)
TRIES = 5
_UID = re.compile(rb"UID (\d+)")


class LeadMailboxFolder(models.Model):
    """A folder of a mailbox, and how far it was read.

    The position is written in the transaction of the message that it stands behind: a crash at any
    moment neither loses nor doubles a mail. The person's own Seen flags are left alone.
    """

    _name = "lead.mailbox.folder"
    _description = "Mailbox Folder"
    _order = "id"

    mailbox_id = fields.Many2one(
        comodel_name="lead.mailbox", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, default="INBOX")
    uid_validity = fields.Char(
        readonly=True, help="As IMAP defines it: with another one, UIDs are new."
    )
    last_uid = fields.Integer(string="Last UID", readonly=True)

    _name_unique = models.Constraint(
        "UNIQUE (mailbox_id, name)", "The mailbox follows this folder already."
    )

    def _follow(self, connection, limit):
        """Take in what is new, ``limit`` messages at most.

        :param connection: an ``imaplib`` connection, logged in.
        :return: how many messages were taken in and how many are left.
        """
        self.ensure_one()
        self._select(connection)
        uids = self._new_uids(connection)
        taken = 0
        for uid in uids[: max(limit, 0)]:
            message = self._fetch(connection, uid)
            if message:  # else it was deleted meanwhile
                self._take(uid, *message)
            taken += 1
            if not self.env["ir.cron"]._commit_progress(1):
                break
        return taken, len(uids) - taken

    def _select(self, connection):
        """Open the folder read-only; start anew when the server has numbered its messages anew."""
        status, data = connection.select(f'"{self.name}"', readonly=True)
        if status != "OK":
            raise imaplib.IMAP4.error(data[0])
        validity = (connection.response("UIDVALIDITY")[1] or [b""])[0].decode()
        if validity != self.uid_validity:
            self.write({"uid_validity": validity, "last_uid": 0})
            # What is decided about a message may roll back; this has to stay.
            self.env["ir.cron"]._commit_progress()

    def _new_uids(self, connection):
        criteria = ["UID", f"{self.last_uid + 1}:*"]
        if not self.last_uid:
            since = self.mailbox_id.fetch_since
            criteria += ["SINCE", f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"]
        _status, data = connection.uid("SEARCH", *criteria)
        uids = sorted(int(uid) for uid in (data[0] or b"").split())
        # “n:*” always names the last message, also when its UID is below n.
        return [uid for uid in uids if uid > self.last_uid]

    def _fetch(self, connection, uid):
        """Return a message's bytes and when the server received it, without marking it seen."""
        _status, data = connection.uid("FETCH", str(uid), "(UID INTERNALDATE BODY.PEEK[])")
        for part in data:
            if isinstance(part, tuple) and int(_UID.search(part[0]).group(1)) == uid:
                return part[1], _received_date(part[0])
        return None

    def _take(self, uid, raw, received_date):
        """Take in one message together with the new position, or keep it as a failure."""
        for tries_left in reversed(range(TRIES)):
            try:
                with self.env.cr.savepoint():
                    self.mailbox_id._receive(raw, received_date)
                    self.last_uid = uid
                    self.env.flush_all()
                break
            except TRANSIENT:
                # The snapshot of this transaction is too old to see what the other one did.
                self.env.cr.rollback()
                if not tries_left:
                    raise
                time.sleep(0.1)
            except Exception as exception:  # noqa: BLE001 - kept with its raw bytes, visible
                _logger.info(
                    "Message %s of folder %s was kept as a failure.", uid, self.id, exc_info=True
                )
                self._keep_failure(uid, raw, exception_to_unicode(exception))
                break

    def _keep_failure(self, uid, raw, error):
        self.env.cr.rollback()
        self.env["lead.communication.failure"]._keep(
            type="email", raw=raw, error=error, mailbox=self.mailbox_id
        )
        self.last_uid = uid


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _received_date(response):
    """Return the INTERNALDATE of a FETCH response as naive UTC, or None."""
    local = imaplib.Internaldate2tuple(response)
    if not local:
        return None
    return datetime.datetime.fromtimestamp(time.mktime(local), datetime.UTC).replace(tzinfo=None)
