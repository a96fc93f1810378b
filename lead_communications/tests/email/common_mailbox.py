import imaplib

from ..common import LeadCommunicationsCommon
from .dovecot import PASSWORD, Dovecot


class MailboxCommon(LeadCommunicationsCommon):
    """The mailbox ``mailbox`` of the small company on a real mail server, empty in each test."""

    protocol = "imap"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dovecot = Dovecot().start()
        cls.addClassCleanup(cls.dovecot.stop)

    def setUp(self):
        super().setUp()
        self.login = f"box-{self._testMethodName}"
        self.server.write(
            {
                "server_type": self.protocol,
                "port": self._port(),
                "user": self.login,
                "password": PASSWORD,
            }
        )
        self.inbox = self.mailbox.folder_ids

    def _port(self):
        return self.dovecot.pop_port if self.protocol == "pop" else self.dovecot.imap_port

    def _deliver(self, raw=None, **headers):
        raw = raw or self._mail(**headers)
        self.dovecot.deliver(raw, self.login)
        return raw

    def _through(self, proxy):
        """Let the mailbox speak to its server through a proxy."""
        self.addCleanup(proxy.close)
        self.server.port = proxy.port
        return proxy

    def _fetch(self, **kwargs):
        """Fetch as the scheduler does; return the error that stopped it, if any."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            return self.server.with_env(self.env(cr=cr))._fetch_mail(**kwargs)

    def _rows(self):
        return self.env["lead.communication"].search([("mailbox_ids", "in", self.mailbox.ids)])

    def _subjects(self):
        return sorted(self._rows().mapped("subject"))

    def _failures(self):
        return self.env["lead.communication.failure"].search([("mailbox_id", "=", self.mailbox.id)])

    def _press(self, button, record=None, user=None):
        """Press a button that commits on its way, as a user."""
        record = record or self.mailbox
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = self.env(cr=cr, user=user or self.admin, su=False)
            return getattr(record.with_env(env), button)()

    def _imap(self, folder="INBOX"):
        connection = imaplib.IMAP4("127.0.0.1", self.dovecot.imap_port)
        connection.login(self.login, PASSWORD)
        connection.select(folder)
        self.addCleanup(connection.logout)
        return connection
