import imaplib
import logging
import poplib

from odoo import fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import exception_to_unicode

from ...tools.mail import imap, pop

_logger = logging.getLogger(__name__)

# The server refuses something, and the connection may be of use for something else.
REFUSALS = (imap.FolderError, imaplib.IMAP4.error, poplib.error_proto)
# The connection is of no use any more. (An abort is an IMAP4.error for imaplib.)
BROKEN = (imaplib.IMAP4.abort, OSError, EOFError)
SERVER_ERRORS = (*REFUSALS, *BROKEN, pop.NoUidlError)
# A message at which the connection broke so often is passed over, and tried again later.
MOST_BREAKS = 2


class LeadMailboxFolder(models.Model):
    """A folder of a mailbox, and how far it was read.

    The position is written in the transaction of the message that it stands behind: a crash at any
    moment neither loses nor doubles a mail. The person's own Seen flags are left alone, unless the
    administrator wants fetched mail to be marked or moved.
    """

    _name = "lead.mailbox.folder"
    _inherit = ["lead.references"]
    _description = "Mailbox Folder"
    _order = "id"

    mailbox_id = fields.Many2one(
        comodel_name="lead.mailbox", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, default="INBOX")
    wire_name = fields.Char(readonly=True, help="The name as the mail server writes it.")
    is_followed = fields.Boolean(string="Followed", default=True)
    role = fields.Selection(
        selection=[
            ("inbox", "Received mail"),
            ("sent", "Sent mail"),
            ("spam", "Spam"),
            ("drafts", "Drafts"),
        ],
        required=True,
        default="inbox",
        help="What the mail in this folder is. Drafts are not read: nobody has sent them.",
    )
    last_fetch_date = fields.Datetime(string="Last Fetch", readonly=True)
    error_message = fields.Text(string="Problem", readonly=True)

    sync_total = fields.Integer(
        string="To Fetch", readonly=True, help="How many messages the running backlog began with."
    )
    remaining_count = fields.Integer(string="Remaining", readonly=True)
    stuck_uid = fields.Char(
        readonly=True, help="The message at which the connection broke the last time."
    )
    stuck_count = fields.Integer(readonly=True)

    _name_unique = models.Constraint(
        "UNIQUE (mailbox_id, name)", "The mailbox already follows this folder."
    )

    def _is_inbox(self):
        return self.name.upper() == "INBOX"

    def _get_wire_name(self):
        return self.wire_name or imap.encode_name(self.name)

    # ---- THE SERVER'S LIST ----

    def _update_from_list(self, mailbox, listed):
        """Add the folders that are not in ``self``, unfollowed; tell which are gone.

        :param list listed: ``tools.imap.ListedFolder``.
        """
        known = {folder._key(): folder for folder in self}
        self.create(
            [
                {
                    "mailbox_id": mailbox.id,
                    "name": folder.name,
                    "wire_name": folder.wire,
                    "role": folder.role,
                    "is_followed": False,
                }
                for folder in listed
                if _key(folder.wire) not in known
            ]
        )
        there = {_key(folder.wire) for folder in listed}
        for key, folder in known.items():
            folder.error_message = False if key in there else folder._gone()
        drafts = {_key(folder.wire) for folder in listed if folder.role == "drafts"}
        for folder in self:
            # What somebody follows is what they said that it is.
            if folder._key() in drafts and not folder.is_followed:
                folder.role = "drafts"

    def _key(self):
        return _key(self._get_wire_name())

    def _gone(self):
        return self.env._(
            "The mail server has no folder of this name any more: it was renamed or deleted."
            " Follow the one that took its place."
        )

    def _note_complete(self, uid, uid_validity):
        """Note that a message of which only the header was fetched is here completely."""
        for folder in self:
            if folder.mailbox_id.connection_type == "pop":
                folder._note_complete_pop(uid)
            elif folder.uid_validity == uid_validity:
                folder._note_unmarked(uid)

    # ---- FOLLOWING ----

    def _follow(self, session, limit):
        """Take in what is new, ``limit`` messages at most.

        What is wrong with this folder alone is noted on it, and stops no other.

        :param session: a :class:`MailSession`, connected.
        :return: how many messages were taken in and how many are left.
        """
        self.ensure_one()
        problem, taken, left = False, 0, 0
        try:
            if self.mailbox_id.connection_type == "pop":
                source, follow = pop.Maildrop(session.connection), self._follow_pop
            else:
                source = imap.Folder(session.connection, self._get_wire_name())
                follow = self._follow_imap
            taken, left, problem = follow(source, limit, lambda: source.reopen(session.renew()))
        except (*BROKEN, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            raise
        except Exception as exception:  # noqa: BLE001 - shown on the folder; the others go on
            self.env.cr.rollback()
            _logger.info("Folder %s could not be fetched.", self.id, exc_info=True)
            problem = self._explain(exception)
        self.exists().write({"error_message": problem, "last_fetch_date": fields.Datetime.now()})
        self.env["ir.cron"]._commit_progress()
        return taken, left

    def _explain(self, exception):
        if isinstance(exception, pop.NoUidlError):
            return self.env._(
                "This POP server does not number its messages lastingly (UIDL), so that they can't"
                " be fetched once each. Use IMAP."
            )
        if isinstance(exception, imap.FolderError):
            return self.env._(
                "The mail server says: %(error)s If the folder was renamed or deleted, press"
                " “Choose Folders”.",
                error=f"“{exception}”.",
            )
        return exception_to_unicode(exception)

    def _take_batch(self, keys, left, fetch, advance, renew):
        """Take in the messages ``keys``, one transaction each; return how many.

        :param left: how many messages wait in all, these included.
        :param fetch: returns the message of a key, or None when it is gone.
        :param advance: writes the position behind a message, given its key and the message.
        :param renew: makes the connection anew, once it broke.
        """
        stuck = self.stuck_uid if self.stuck_count >= MOST_BREAKS else None
        self._start_progress(left)
        taken = 0
        for key in keys:
            if str(key) == stuck:
                message, error = None, imap.FolderError(self._broken_here())
            else:
                message, error = self._fetch_patiently(key, fetch, renew)
            # Read now: somebody may have stopped it, and no transaction was open on the network.
            if not self._goes_on():
                break
            left -= 1
            if message or error:
                self._take(key, message, error, advance, left)
            taken += 1
            if not self.env["ir.cron"]._commit_progress(1):
                break
        return taken

    def _take(self, key, message, error, advance, left):
        """Take in a message, or keep the error that it can't be had; in both cases move on."""

        def move_on():
            advance(key, message)
            self.write({"remaining_count": left, "stuck_uid": False, "stuck_count": 0})

        if message and (message.is_old or message.is_left_alone):
            return move_on()
        place = {"folder_id": self.id, "uid": str(key), "uid_validity": self.uid_validity}
        message = message or imap.Fetched(b"")
        return self.mailbox_id._take(message, self.role, place, move_on, error)

    def _goes_on(self):
        mailbox = self.mailbox_id
        return mailbox._is_ours() and not mailbox.is_paused and self._is_wanted()

    def _is_wanted(self):
        return self.is_followed or self.mailbox_id.connection_type == "pop"

    def _start_progress(self, left):
        """Note how much there is to do: what was left the last time, and what came since."""
        total = self.sync_total + left - self.remaining_count if self.remaining_count else left
        if (self.sync_total, self.remaining_count) != (total, left):
            self.write({"sync_total": total, "remaining_count": left})
        # Nothing may roll this back, and no transaction be open while the network is used.
        self.env["ir.cron"]._commit_progress()

    def _fetch_patiently(self, key, fetch, renew):
        """Return a message and no error, or no message and why it can't be had.

        A message that the server refuses, or at which the connection breaks each time, must not
        hold up those behind it.
        """
        while True:
            try:
                return fetch(key), None
            except BROKEN as error:
                self._note_break(key)
                try:
                    renew()
                except BROKEN:
                    _logger.info("Mailbox %s can't be reached.", self.mailbox_id.id, exc_info=True)
                    raise error from None  # it is not this message, or not it alone
            except REFUSALS as error:
                return None, error
            if self.stuck_count >= MOST_BREAKS:
                return None, imap.FolderError(self._broken_here())

    def _note_break(self, key):
        """Note that the connection broke at a message; it may be all that is left of this run."""
        breaks = self.stuck_count + 1 if self.stuck_uid == str(key) else 1
        self.write({"stuck_uid": str(key), "stuck_count": breaks})
        self.env["ir.cron"]._commit_progress()

    def _broken_here(self):
        return self.env._("The connection breaks each time this message is fetched.")


def _key(wire_name):
    """Return what two names of one folder have in common: INBOX is written in any case."""
    return "INBOX" if wire_name.upper() == "INBOX" else wire_name
