import logging

from odoo import fields, models
from odoo.tools import exception_to_unicode

from ...tools.mail import imap, pop
from .mailbox_folder import BROKEN

_logger = logging.getLogger(__name__)

# More that can't be marked are forgotten, so that a refusing server fills no table.
MOST_UNMARKED = 1000
# More drafts and deleted messages are not watched: the oldest are taken for abandoned.
MOST_LEFT_ALONE = 10_000


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
    left_alone_uids = fields.Text(
        readonly=True,
        help="Drafts, and what is marked as deleted: fetched once that is over, if ever.",
    )

    def _follow_imap(self, source, limit, renew):
        """Take in what is new; return how many, how many are left, and a problem in words."""
        marks = self._marks()
        source.open(readonly=not marks)
        self._check_validity(source)
        uids, total = self._waiting_uids(source)
        described = self._describe(source, uids, limit, renew)
        wanted, left_alone = [], []
        for uid in uids:
            if len(wanted) >= limit:
                break  # it is not yet the turn of those behind
            told = described.get(uid)
            (left_alone if told and told.is_left_alone else wanted).append(uid)
        self._leave_alone(left_alone)
        total -= len(left_alone)

        def fetch(uid):
            told = described.get(uid) or source.describe([uid]).get(uid) or imap.Described()
            if told.is_left_alone:
                return imap.Fetched(b"", is_left_alone=True)
            return source.fetch(uid, told.size, not self.mailbox_id._is_too_large(told.size))

        taken = self._take_batch(wanted, total, fetch, self._advance_imap, renew)
        if taken == len(wanted):
            self.last_uid = max(self.last_uid, *left_alone, 0)
        return taken, total - taken, self._mark(source) if marks else False

    def _waiting_uids(self, source):
        """Return the UIDs of what is new, those that were left alone first; and how many wait."""
        left_alone = self._left_alone()
        still, released = source.left_alone(left_alone) if left_alone else ([], [])
        if set(left_alone) != {*still, *released}:
            self._write_left_alone([*still, *released])  # the others are gone
        uids, total = source.new_uids(
            int(self.last_uid), imap.WINDOW, self.mailbox_id.fetch_since, int(self.start_uid)
        )
        known = {*still, *released}
        new = [uid for uid in uids if uid not in known]
        return [*released, *new], total - len(uids) + len(new) + len(released)

    def _describe(self, source, uids, limit, renew):
        """Return what the server says of as many of ``uids`` as it takes to have ``limit`` wanted.

        Of none when it fails at one of them: each is asked about alone then.
        """
        described, wanted, start, count = {}, 0, 0, limit
        try:
            while start < len(uids) and wanted < limit:
                told = source.describe(uids[start : start + count])
                wanted += sum(not one.is_left_alone for one in told.values())
                described |= told
                start += count
                count = imap.UIDS_IN_A_COMMAND  # there may be thousands of deleted ones
        except BROKEN:
            _logger.info("Folder %s can't be described at once.", self.id, exc_info=True)
            renew()
        except imap.FolderError:
            _logger.info("Folder %s can't be described at once.", self.id, exc_info=True)
        return described

    # ---- WHAT IS LEFT ALONE ----

    def _left_alone(self):
        return [int(uid) for uid in (self.left_alone_uids or "").split()]

    def _write_left_alone(self, uids):
        kept = sorted(set(uids))[-MOST_LEFT_ALONE:]
        self.left_alone_uids = " ".join(map(str, kept)) or False

    def _leave_alone(self, uids):
        """Note what is not taken in now: the position goes beyond it, and it is looked at again."""
        if uids:
            self._write_left_alone([*self._left_alone(), *uids])

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
                    "left_alone_uids": False if is_new else self.left_alone_uids,
                }
            )
            # What is decided about a message may roll back; this has to stay.
            self.env["ir.cron"]._commit_progress()

    def _advance_imap(self, uid, message):
        self.last_uid = max(self.last_uid, uid)
        if message and message.is_left_alone:
            return self._leave_alone([uid])
        left_alone = self._left_alone()
        if uid in left_alone:
            self._write_left_alone([one for one in left_alone if one != uid])
        # What is here in part only has to stay where it is, until somebody asks for the rest.
        if message and message.is_whole:
            self._note_unmarked(uid)
        return None

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
        refused = None
        for folder in self:
            source = imap.Folder(connection, folder._get_wire_name())
            try:
                source.open()
                for uid in folder._where(source, place):
                    message = source.fetch(uid)
                    if message and (not is_same or is_same(message.raw)):
                        return message
            except imap.FolderError as error:
                _logger.info("Folder %s can't be read.", folder.id, exc_info=True)
                refused = refused if folder.id != place["folder_id"] else error
        if refused:
            raise refused  # it is not gone: its folder can't be read
        return None

    def _where(self, source, place):
        """Return the UIDs under which the message may be found in this folder."""
        known = place["folder_id"] == self.id and place["uid_validity"] == source.uid_validity
        uids = [int(place["uid"])] if known else []
        if place.get("message_ref"):
            uids += source.with_message_id(place["message_ref"])
        return uids
