import logging

from odoo import fields, models
from odoo.tools import exception_to_unicode

from ...tools.mail import imap, pop
from .mailbox_folder import BROKEN

_logger = logging.getLogger(__name__)

# More that can't be marked are forgotten, so that a refusing server fills no table.
MOST_UNMARKED = 1000


class LeadMailboxFolder(models.Model):
    """Following a folder by IMAP: by UID and UIDVALIDITY."""

    _inherit = "lead.mailbox.folder"

    uid_validity = fields.Char(
        readonly=True, help="As IMAP defines it: with another one, UIDs are new."
    )
    # A UID has 32 bits, without a sign: too much for an Integer.
    last_uid = fields.Float(string="Last UID", digits=(10, 0), readonly=True)
    start_uid = fields.Float(
        digits=(10, 0),
        readonly=True,
        help="The highest UID when the folder was read for the first time: the start date applies"
        " to the messages up to it.",
    )
    unmarked_uids = fields.Text(
        readonly=True, help="What was fetched and is not yet marked or moved on the server."
    )

    def _follow_imap(self, source, limit):
        """Take in what is new; return how many, how many are left, and a problem in words."""
        marks = self._marks()
        source.open(readonly=not marks)
        self._check_validity(source)
        uids, total = source.new_uids(
            int(self.last_uid), limit, self.mailbox_id.fetch_since, int(self.start_uid)
        )
        sizes = source.sizes(uids)
        wholes = {uid: not self.mailbox_id._is_too_large(size) for uid, size in sizes.items()}
        taken = self._take_batch(
            uids,
            total,
            lambda uid: source.fetch(uid, sizes[uid], wholes[uid]) if uid in sizes else None,
            self._advance_imap,
        )
        return taken, total - taken, self._mark(source) if marks else False

    def _check_validity(self, source):
        """Start anew when the server has numbered its messages anew."""
        if source.uid_validity != self.uid_validity or not self.start_uid:
            is_new = source.uid_validity != self.uid_validity
            self.write(
                {
                    "uid_validity": source.uid_validity,
                    "last_uid": 0 if is_new else self.last_uid,
                    "start_uid": source.highest_uid(),
                    "unmarked_uids": False if is_new else self.unmarked_uids,
                }
            )
            # What is decided about a message may roll back; this has to stay.
            self.env["ir.cron"]._commit_progress()

    def _advance_imap(self, uid, message):
        self.last_uid = uid
        # What is here in part only has to stay where it is, until somebody asks for the rest.
        if message and message.is_whole:
            self._note_unmarked(uid)

    def _note_unmarked(self, uid):
        if self._marks():
            unmarked = (self.unmarked_uids or "").split()[-MOST_UNMARKED:]
            self.unmarked_uids = " ".join([*unmarked, str(uid)])

    # ---- MARKING ----

    def _marks(self):
        return self.role == "inbox" and self.mailbox_id.after_fetch != "leave"

    def _mark(self, source):
        """Mark or move what was fetched, once its rows are committed; return a problem in words.

        What fails stays noted and is tried again with the next fetch: the mail itself is here.
        """
        uids = [int(uid) for uid in (self.unmarked_uids or "").split()]
        if not uids:
            return False
        try:
            if source.is_readonly:
                raise imap.FolderError(self.env._("The folder is read-only."))
            if self.mailbox_id.after_fetch == "move":
                source.move(uids, self._move_target())
            else:
                source.mark_as_read(uids)
        except BROKEN:
            raise
        except Exception as exception:  # noqa: BLE001 - shown on the folder
            _logger.info("Mail of folder %s could not be marked.", self.id, exc_info=True)
            return self._explain_mark(exception)
        self.unmarked_uids = False
        return False

    def _move_target(self):
        target = self.mailbox_id.move_folder_id
        if not target or target == self or target.mailbox_id != self.mailbox_id:
            raise imap.FolderError(self.env._("Choose the folder to move the mail to."))
        return target._get_wire_name()

    def _explain_mark(self, exception):
        if str(exception) == "no_move":
            return self.env._(
                "Mail is fetched but can't be moved: the server supports neither MOVE nor UIDPLUS,"
                " and without them other deleted mail would be lost."
            )
        return self.env._(
            "Mail is fetched but could not be marked or moved on the server: %(error)s",
            error=exception_to_unicode(exception),
        )

    # ---- ONE MESSAGE ----

    def _fetch_from(self, connection, place, is_same):
        """Return the whole message at ``place``, wherever it lies among ``self`` meanwhile."""
        if self.mailbox_id.connection_type == "pop":
            return self._fetch_from_maildrop(pop.Maildrop(connection), place)
        for folder in self:
            source = imap.Folder(connection, folder._get_wire_name())
            try:
                source.open()
                uids = folder._where(source, place)
            except imap.FolderError:
                _logger.info("Folder %s can't be opened.", folder.id, exc_info=True)
                continue
            for uid in uids:
                message = source.fetch(uid)
                if message and (not is_same or is_same(message.raw)):
                    return message
        return None

    def _where(self, source, place):
        """Return the UIDs under which the message may be found in this folder."""
        known = place["folder_id"] == self.id and place["uid_validity"] == source.uid_validity
        uids = [int(place["uid"])] if known else []
        if place.get("message_ref"):
            uids += source.with_message_id(place["message_ref"])
        return uids
