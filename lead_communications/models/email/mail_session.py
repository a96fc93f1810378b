import logging

from odoo.tools import exception_to_unicode

_logger = logging.getLogger(__name__)


class MailSession:
    """The connection to a mail server while its mailbox is read; one that broke is made anew.

    :param server: ``fetchmail.server``, in the transaction that has it locked.
    """

    def __init__(self, server):
        self._server = server
        self.connection = None

    def connect(self):
        """Connect and log in; return the connection."""
        self.connection = self._server._connect__()
        return self.connection

    def renew(self):
        """Connect anew, the connection broke; return the new one.

        :raise ConnectionError: there is none to be had, for whatever reason.
        """
        broken, self.connection = self.connection, None
        try:
            # No farewell: there is nobody to answer it.
            close = getattr(broken, "shutdown", None) or broken.close
            close()
        except Exception:  # noqa: BLE001 - the connection is of no use any more
            _logger.info("The connection of server %s broke.", self._server.id, exc_info=True)
        try:
            return self.connect()
        except Exception as error:
            raise ConnectionError(exception_to_unicode(error)) from error

    def close(self):
        """Log out, if there is a connection."""
        if not self.connection:
            return
        try:
            self.connection.disconnect()
        except Exception:  # noqa: BLE001 - the connection is of no use any more
            _logger.info("The connection of server %s broke.", self._server.id, exc_info=True)
