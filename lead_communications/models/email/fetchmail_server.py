import datetime
import imaplib
import logging
import poplib
import socket
import ssl

from odoo import SUPERUSER_ID, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import exception_to_unicode

from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

from ...tools.mail import imap
from .mail_session import MailSession

_logger = logging.getLogger(__name__)

# The first that fits counts.
_CONNECTION_ERRORS = [
    (socket.gaierror, "name"),
    (ssl.SSLError, "ssl"),
    (TimeoutError, "timeout"),
    (ConnectionRefusedError, "refused"),
    ((imaplib.IMAP4.abort, OSError, EOFError), "broken"),
]
_LOGIN_ERRORS = (imaplib.IMAP4.error, poplib.error_proto)


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    lead_mailbox_ids = fields.One2many(comodel_name="lead.mailbox", inverse_name="server_id")
    lead_error_kind = fields.Char(readonly=True, help="Why nothing was fetched, as a code.")
    lead_success_date = fields.Datetime(string="Last Fetch Without Errors", readonly=True)

    def _fetch_mail(self, batch_limit=50):
        """Fetch our mailboxes in our way, which loses nothing, and the others in Odoo's."""
        ours = self.filtered(lambda server: server.lead_mailbox_ids._is_ours())
        error, left = None, 0
        if others := self - ours:
            error = super(FetchmailServer, others)._fetch_mail(batch_limit=batch_limit)
        # The one that waited longest first: a batch may take all the time that there is.
        ours = ours.sorted(lambda server: server.date or datetime.datetime.min)
        for done, server in enumerate(ours, start=1):
            stopped_by, remaining = server._fetch_lead_mailbox(batch_limit)
            error, left = stopped_by or error, left + remaining
            if done < len(ours) and not self.env["ir.cron"]._commit_progress():
                left += len(ours) - done
                break
        if left:
            # The scheduler comes back at once for what is left.
            self.env["ir.cron"]._commit_progress(remaining=left)
        return error

    def _fetch_lead_mailbox(self, batch_limit):
        """Follow the folders of the server's mailbox.

        :return: the error that stopped it or None, and how many messages are left.

        The server stays locked in this transaction, so that two workers do not read the same
        mailbox; the messages are committed one by one in a transaction of their own.
        """
        self.ensure_one()
        # sudo: the gateway is the system's own; who pressed a button does not matter for the mail
        server = self.with_user(SUPERUSER_ID).with_context(fetchmail_cron_running=True)
        if not server._is_ready_to_fetch():
            return None, 0
        error, left, session = None, 0, MailSession(server)
        is_connected = False
        try:
            session.connect()
            is_connected = True
            left = server._read_lead_mailbox(session, batch_limit)
            values = {
                "error_date": False,
                "error_message": False,
                "lead_error_kind": False,
                "lead_success_date": fields.Datetime.now(),
            }
        except Exception as exception:  # noqa: BLE001 - told to the administrator on the server
            error = exception
            _logger.info("Mail server %s could not be fetched.", self.id, exc_info=True)
            values = {
                "error_date": server.error_date or fields.Datetime.now(),
                "error_message": exception_to_unicode(exception),
                "lead_error_kind": self._error_kind(exception, is_connected),
            }
        server.write(values | {"date": fields.Datetime.now()})
        # Frees the server for other workers. Not as progress of a scheduled job: its numbers were
        # written by the transaction of the messages, which this one does not see.
        self.env["ir.cron"].with_context(ir_cron_progress_id=False)._commit_progress()
        return error, left

    def _is_ready_to_fetch(self):
        """Lock the server; tell whether it may be fetched now, by this worker."""
        if self.lead_mailbox_ids.is_paused:
            return False
        try:
            locked = self.try_lock_for_update(allow_referencing=True)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()  # just changed by somebody: the next run sees how
            locked = self.browse()
        if locked.active and locked.filtered_domain(MAIL_SERVER_DOMAIN):
            return True
        _logger.info("Mail server %s is being fetched already, or is not to be.", self.id)
        return False

    def _read_lead_mailbox(self, session, batch_limit):
        try:
            with self.env.registry.cursor() as cr:
                mailbox = self.lead_mailbox_ids.with_env(self.env(cr=cr))
                return mailbox._follow(session, batch_limit)
        finally:
            session.close()

    def _imap_login__(self, connection):
        """Tell the server of a mailbox who asks: some show no folder to whom they do not know."""
        if not self.lead_mailbox_ids:
            return super()._imap_login__(connection)
        imap.tell_who_asks(connection)
        result = super()._imap_login__(connection)
        imap.tell_who_asks(connection)
        return result

    def _error_kind(self, exception, is_connected):
        """Return what went wrong as a code, see ``lead.mailbox._explain_error``."""
        for kinds, code in _CONNECTION_ERRORS:
            if isinstance(exception, kinds):
                return code
        return "login" if isinstance(exception, _LOGIN_ERRORS) and not is_connected else "other"
