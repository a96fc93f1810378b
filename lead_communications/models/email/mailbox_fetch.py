import datetime
import logging
import time

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, exception_to_unicode

from ...tools.mail import imap
from ...tools.mail.reading import read
from .mailbox_folder import SERVER_ERRORS

_logger = logging.getLogger(__name__)

# How often one message is tried while others write what it changes, and how long in all.
TRIES = 30
PATIENCE = 30  # seconds
PAUSE, LONGEST_PAUSE = 0.05, 1  # seconds, a little longer each time
LOCK_TIMEOUT = "5s"
MEGABYTE = 1_000_000


class _Patience:
    """How long one message is tried again because others write what it changes."""

    def __init__(self):
        self.tries = 0
        self._end = time.monotonic() + PATIENCE
        self._violation = None

    def is_passing(self, exception):
        """Tell whether the next try may well succeed, in a new transaction."""
        self.tries += 1
        if not isinstance(exception, errors.UniqueViolation):
            return isinstance(exception, PG_CONCURRENCY_EXCEPTIONS_TO_RETRY)
        # What another transaction has made is seen by now. The same again is no race.
        is_race = str(exception) != self._violation
        self._violation = str(exception)
        return is_race

    def lasts(self):
        return self.tries < TRIES and time.monotonic() < self._end

    def pause(self):
        time.sleep(min(PAUSE * self.tries, LONGEST_PAUSE))


class LeadMailbox(models.Model):
    """Fetching the mail of a mailbox: nothing is lost, nothing comes twice."""

    _inherit = "lead.mailbox"

    connection_type = fields.Char(
        compute="_compute_connection_type", help="How its mail is read: imap or pop."
    )
    is_paused = fields.Boolean(
        string="Paused", readonly=True, copy=False, help="Nothing is fetched until it is resumed."
    )
    after_fetch = fields.Selection(
        selection=[
            ("leave", "Leave it alone"),
            ("read", "Mark it as read"),
            ("move", "Move it to a folder"),
        ],
        string="Fetched Mail",
        required=True,
        default="leave",
        help="What is done on the server with mail that was fetched from an inbox.",
    )
    move_folder_id = fields.Many2one(
        comodel_name="lead.mailbox.folder",
        string="Move to",
        domain="[('mailbox_id', '=', id)]",
        copy=False,
        ondelete="set null",
        groups="base.group_system",
    )
    pop_delete = fields.Boolean(
        string="Delete Fetched Mail",
        help="Mail is deleted from the server once it is safely here, also mail that was fetched "
        "before.",
    )
    size_limit_mb = fields.Integer(
        string="Size Limit",
        default=25,
        help="In MB. Of larger mail only the header is fetched, and the rest when somebody asks"
        " for it. 0: no limit.",
    )

    _size_limit_check = models.Constraint(
        "CHECK (size_limit_mb >= 0)", "The size limit cannot be negative."
    )

    @api.depends("server_id.server_type")
    def _compute_connection_type(self):
        for mailbox in self:
            # sudo: fetchmail.server - the kind of server decides which settings are shown
            server = mailbox.sudo().server_id
            mailbox.connection_type = server._get_connection_type() if server else False

    # ---- ACTIONS ----

    def action_fetch(self):
        """Fetch the new mail now, a batch; the scheduler goes on with what is left."""
        self.ensure_one()
        self.check_access("write")
        # sudo: the gateway runs as the system; administrators do not read the mail
        mailbox = self.sudo()
        mailbox._check_can_fetch()
        before = mailbox._received_total()
        error, left = mailbox.server_id._fetch_lead_mailbox(50)
        if error:
            raise UserError(mailbox._server_error() or exception_to_unicode(error))
        if left:
            self.env.ref("mail.ir_cron_mail_gateway_action").sudo()._trigger()
        return self._fetched_notification(mailbox._received_total() - before, left)

    def _check_can_fetch(self):
        if self.is_paused:
            raise UserError(self.env._("Fetching is stopped: press “Resume”."))
        if self.server_id.state != "done":
            raise UserError(self._not_confirmed())
        if not self.server_id.active:
            raise UserError(self._server_archived())
        if not self.server_id.try_lock_for_update(allow_referencing=True):
            raise UserError(
                self.env._(
                    "The mailbox is being fetched at this moment, by the scheduler or by a"
                    " colleague."
                )
            )

    def _received_total(self):
        return self.env["lead.communication"].search_count([("mailbox_ids", "in", self.ids)])

    def _fetched_notification(self, fetched, left):
        message = self.env._("Fetched: %(count)s.", count=fetched)
        if left:
            message += " " + self.env._(
                "The scheduler fetches the other %(count)s in the background.", count=left
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_pause(self):
        """Stop fetching; a fetch that runs stops after the message it is at."""
        self.write({"is_paused": True})

    def action_resume(self):
        """Go on fetching where it was stopped."""
        self.write({"is_paused": False})
        # sudo: ir.cron - whoever may resume the mailbox may have it fetched soon
        self.env.ref("mail.ir_cron_mail_gateway_action").sudo()._trigger()

    def action_choose_folders(self):
        """Read the server's list of folders; new ones are added and not followed yet."""
        self.ensure_one()
        self.check_access("write")
        if self.connection_type != "imap":
            raise UserError(self.env._("A POP server shows no folders but the inbox."))
        connection = self._connect()
        try:
            listed = imap.list_folders(connection)
        except SERVER_ERRORS as error:
            raise UserError(exception_to_unicode(error)) from error
        finally:
            self._disconnect(connection)
        self.folder_ids._update_from_list(self, listed)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    # ---- FETCHING ----

    def _is_ours(self):
        """Tell whether there is a mailbox in ``self``, and whether its mail is ours to fetch."""
        return bool(self.filtered(lambda mailbox: mailbox.active and mailbox.mode != "off"))

    def _connect(self):
        """Return a connection to the server, by Odoo's own means.

        :raise UserError: why there is none, in words.
        """
        # sudo: fetchmail.server - the credentials stay there; whoever calls was checked
        server = self.sudo().server_id
        if not server.active:
            # That of a copy, where nobody may ask the real one for anything.
            raise UserError(self._server_archived())
        try:
            return server._connect__()
        except Exception as exception:
            _logger.info("No connection to mail server %s.", server.id, exc_info=True)
            kind = server._error_kind(exception, is_connected=False)
            raise UserError(
                self._explain_error(kind, exception_to_unicode(exception))
            ) from exception

    def _disconnect(self, connection):
        try:
            connection.disconnect()
        except Exception:  # noqa: BLE001 - the connection is of no use any more
            _logger.info("The connection of mailbox %s broke.", self.id, exc_info=True)

    def _follow(self, session, limit):
        """Take in what is new, ``limit`` messages at most; return how many are left.

        Each folder has its share, and the one that waited longest begins.

        :param session: a :class:`MailSession`, connected.
        """
        self.ensure_one()
        left = 0
        folders = self._followed_folders()
        for waiting in range(len(folders), 0, -1):
            folder = folders[-waiting]
            taken, remaining = folder._follow(session, max(limit // waiting, 1))
            limit -= taken
            left += remaining
            if waiting > 1 and not self.env["ir.cron"]._commit_progress():
                return left + waiting - 1
        return left

    def _followed_folders(self):
        if self.connection_type == "pop":
            return self.folder_ids.filtered(lambda folder: folder._is_inbox())[:1]
        # What stands among the drafts was not sent to anybody.
        return self.folder_ids.filtered(
            lambda folder: folder.is_followed and folder.role != "drafts"
        ).sorted(lambda folder: (folder.last_fetch_date or datetime.datetime.min, folder.id))

    def _is_too_large(self, size):
        return bool(self.size_limit_mb) and size > self.size_limit_mb * MEGABYTE

    def _take(self, message, role, place, advance, error=None):
        """Take in a message together with the new position, or keep it as a failure.

        :param message: ``tools.imap.Fetched``.
        :param str role: that of its folder.
        :param dict place: where it lies on the server, see ``lead.communication``.
        :param advance: writes the position; called in each attempt's transaction.
        :param error: why the message could not even be fetched, if so.
        """
        failed, is_busy, patience = error, False, _Patience()
        while True:
            try:
                if patience.tries and not failed:
                    self._wait_for_leads(message.raw)
                # Whoever locks a lead for long holds up no other mail.
                self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
                with self.env.cr.savepoint():
                    if failed:
                        self._keep_failure(message, role, place, failed, is_busy)
                    else:
                        self._receive_fetched(message, role, place)
                    advance()
                    self.env.flush_all()
                return
            except Exception as exception:
                # The snapshot of this transaction is too old to see what others did.
                self.env.cr.rollback()
                is_passing = patience.is_passing(exception)
                if is_passing and patience.lasts():
                    patience.pause()
                elif failed:
                    raise
                else:
                    _logger.info("A message of mailbox %s is kept.", self.id, exc_info=True)
                    failed, is_busy, patience = exception, is_passing, _Patience()

    def _wait_for_leads(self, raw):
        """Lock the leads that a message may go on, as the first thing of a transaction.

        Who writes a lead all the time would otherwise always be first: the message takes longer.
        """
        reading = read(raw)
        known = [
            SQL(
                """
                SELECT res_id FROM mail_message
                 WHERE model = 'crm.lead' AND message_id = ANY(%(refs)s)
                 UNION
                SELECT lead_id FROM lead_communication WHERE message_ref = ANY(%(refs)s)
                """,
                refs=list(reading.references),
            )
        ]
        parties = filter(None, (reading.sender, reading.reply_to))
        addresses = [party.address for party in parties if party.address]
        known.append(
            SQL("(SELECT id FROM crm_lead WHERE email_normalized = ANY(%s) LIMIT 10)", addresses)
        )
        lock = SQL(
            "SELECT id FROM crm_lead WHERE id IN (%s) ORDER BY id FOR NO KEY UPDATE",
            SQL(" UNION ").join(known),
        )
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", LOCK_TIMEOUT))
                return self.env.cr.execute(lock, log_exceptions=False)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
        return None

    def _receive_fetched(self, message, role, place):
        header = None if message.is_whole else dict(place, size=message.size)
        return self._receive(message.raw, message.received_date, role=role, header=header)

    def _keep_failure(self, message, role, place, exception, is_busy=False):
        """Keep what could not be processed, or could not even be fetched (``raw`` is empty).

        :param bool is_busy: others were at work on the same rows, all the time.
        """
        received = message.received_date
        failures = self.env["lead.communication.failure"]
        if message.raw and failures._is_kept(message.raw, self):
            return  # the server numbered its messages anew, so it is read again
        cause = "busy" if is_busy else "unexpected"
        cause = cause if message.raw else "server"
        failures._keep(
            type="email",
            raw=message.raw,
            error=exception_to_unicode(exception),
            mailbox=self,
            cause=cause,
            is_temporary=cause in ("server", "busy"),
            details=place
            | {
                "role": role,
                "received_date": received and fields.Datetime.to_string(received),
                "size": message.size,
                "is_whole": message.is_whole,
            },
        )

    def _receive_again(self, raw, details, kept_date):
        """Take in a message that failed before.

        :param bytes raw: the message, or nothing when the server did not hand it over.
        :param dict details: what :meth:`_keep_failure` noted.
        :param kept_date: when it failed, should the server not have told when it received it.
        """
        message = imap.Fetched(
            raw,
            fields.Datetime.to_datetime(details.get("received_date")) or kept_date,
            details.get("size") or 0,
            details.get("is_whole", True),
        )
        if not raw:
            message = self._fetch_from(details)
            if not message:
                raise UserError(self.env._("The message is no longer on the mail server."))
            if message.is_left_alone:
                raise UserError(
                    self.env._("The message is a draft on the mail server, or marked as deleted.")
                )
        place = {name: details.get(name) for name in ("folder_id", "uid", "uid_validity")}
        return self._receive_fetched(message, details.get("role") or "inbox", place)

    def _fetch_from(self, place, is_same=None):
        """Return the whole message at ``place`` on the server, or None when it is gone.

        :param dict place: ``folder_id``, ``uid``, ``uid_validity``.
        :param is_same: tells by its bytes whether a message is the wanted one.
        """
        self.ensure_one()
        connection = self._connect()
        try:
            folder = self.env["lead.mailbox.folder"].sudo().browse(place["folder_id"]).exists()
            # sudo: positions in folders are the system's own; the caller was checked
            folders = folder | self.sudo().folder_ids
            return folders._fetch_from(connection, place, is_same)
        except SERVER_ERRORS as error:
            raise UserError(exception_to_unicode(error)) from error
        finally:
            self._disconnect(connection)
