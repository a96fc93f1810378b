import logging

from odoo import fields, models
from odoo.tools import exception_to_unicode

from odoo.addons.mail.models.fetchmail import MAIL_SERVER_DOMAIN

_logger = logging.getLogger(__name__)


class FetchmailServer(models.Model):
    _inherit = "fetchmail.server"

    lead_mailbox_ids = fields.One2many(comodel_name="lead.mailbox", inverse_name="server_id")

    def _fetch_mail(self, batch_limit=50):
        """Fetch our mailboxes in our way, which loses nothing, and the others in the host's."""
        ours = self.filtered(lambda server: server.lead_mailbox_ids._is_followed())
        error, left = None, 0
        if others := self - ours:
            error = super(FetchmailServer, others)._fetch_mail(batch_limit=batch_limit)
        for server in ours:
            stopped_by, remaining = server._fetch_lead_mailbox(batch_limit)
            error, left = stopped_by or error, left + remaining
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
        server = self.with_context(fetchmail_cron_running=True)
        if not server.try_lock_for_update(allow_referencing=True).filtered_domain(
            MAIL_SERVER_DOMAIN
        ):
            _logger.info("Mail server %s is being fetched already, or not confirmed.", self.id)
            return None, 0
        error, left = None, 0
        try:
            left = server._read_lead_mailbox(batch_limit)
            values = {"error_date": False, "error_message": False}
        except Exception as exception:  # noqa: BLE001 - told to the administrator on the server
            error = exception
            _logger.info("Mail server %s could not be fetched.", self.id, exc_info=True)
            values = {
                "error_date": server.error_date or fields.Datetime.now(),
                "error_message": exception_to_unicode(exception),
            }
        server.write(values | {"date": fields.Datetime.now()})
        self.env["ir.cron"]._commit_progress()  # frees the server for other workers
        return error, left

    def _read_lead_mailbox(self, batch_limit):
        mailbox = self.lead_mailbox_ids
        connection = self._connect__()
        try:
            with self.env.registry.cursor() as cr:
                return mailbox.with_env(self.env(cr=cr))._follow(connection, batch_limit)
        finally:
            try:
                connection.logout()
            except Exception:  # noqa: BLE001 - the connection is of no use any more
                _logger.info("The connection to mail server %s broke.", self.id, exc_info=True)
