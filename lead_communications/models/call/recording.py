import logging
from contextlib import closing
from datetime import timedelta
from functools import partial

from odoo import api, fields, models

from ...tools.remote_file import RemoteFileError, open_remote
from ..communication.backlog import work_off

_logger = logging.getLogger(__name__)

# A recording is given up after so many attempts: 2, 4, 8, … minutes apart, a day in all.
ATTEMPTS = 10
BATCH_SIZE = 1000
# The server itself is in trouble: it is spared for a while, with all its recordings.
SERVER_ERRORS = ("unreachable", "timeout", "bad_certificate")


class LeadCommunication(models.Model):
    """The recording of a call: heard through this server, fetched at once or when it is played.

    ``recording`` is what the telephone system calls it: a name, or an address that may hold a
    password. Users are given :attr:`recording_url` instead, which checks their rights.
    """

    _inherit = "lead.communication"

    recording = fields.Char(groups="base.group_system")
    recording_url = fields.Char(string="Recording to Play", compute="_compute_recording_url")
    recording_file = fields.Binary(attachment=True, readonly=True, copy=False)
    is_recording_stored = fields.Boolean(readonly=True, copy=False)
    recording_asked = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="The recording that was fetched or is being fetched.",
    )
    recording_fetch_date = fields.Datetime(
        string="Next Attempt to Fetch", readonly=True, copy=False, groups="base.group_system"
    )
    recording_attempts = fields.Integer(readonly=True, copy=False, groups="base.group_system")
    recording_error = fields.Selection(
        selection=[
            ("bad_url", "The telephone system does not say properly where the recording is."),
            ("host_refused", "The recording is on a server that is not allowed."),
            ("address_refused", "The recording is in a network that is not allowed."),
            ("redirect_refused", "The server of the recordings refers to somewhere else."),
            ("unreachable", "The server of the recordings cannot be reached."),
            ("bad_certificate", "The server of the recordings cannot prove who it is."),
            ("timeout", "The server of the recordings takes too long."),
            ("denied", "The server of the recordings denies the access."),
            ("missing", "The recording is not on its server, or not yet."),
            ("too_large", "The recording is too large."),
            ("wrong_type", "What the server of the recordings sent is not a recording."),
            ("incomplete", "The server of the recordings broke off."),
            ("bad_range", "The recording has no such part."),
            ("failed", "The server of the recordings has a problem."),
        ],
        readonly=True,
        copy=False,
        help="Why the recording could not be fetched.",
    )

    _recording_fetch_idx = models.Index(
        "(recording_fetch_date) WHERE recording_fetch_date IS NOT NULL"
    )
    _recording_error_idx = models.Index("(pbx_id) WHERE recording_error IS NOT NULL")
    _recording_date_idx = models.Index("(pbx_id, date) WHERE recording IS NOT NULL")

    @api.depends("recording", "is_recording_stored", "pbx_id", "date")
    def _compute_recording_url(self):
        # sudo: lead.pbx - whether there is something to play is told to readers of the call
        for call in self.sudo():
            call.recording_url = (
                f"/lead_communications/recording/{call.id}" if call._can_play() else False
            )

    def _can_play(self):
        self.ensure_one()
        return bool(
            self.recording
            and (self.is_recording_stored or self.pbx_id._has_recordings())
            and not self._is_recording_expired()
        )

    def _is_recording_expired(self):
        limit = self.pbx_id._recording_limit()
        return bool(limit and self.date < limit)

    def _open_recording(self, byte_range=None):
        """Return the recording as it is on its server: :class:`RemoteFile`, or RemoteFileError."""
        self.ensure_one()
        # sudo: lead.pbx - who may read the call may hear it; address and password stay here
        call = self.sudo()
        return open_remote(
            call.pbx_id._recording_address(call.recording),
            call.pbx_id._recording_policy(),
            byte_range,
        )

    def _recording_problem(self, code):
        """Return what people are told about an error of :mod:`remote_file`."""
        words = dict(self._fields["recording_error"]._description_selection(self.env))
        return words.get(code, words["failed"])

    # ---- FETCHING ----

    def _enqueue_reported_recordings(self):
        # sudo: recordings are fetched by the system; who reported the call is no user
        calls = self.sudo()
        if any(pbx._switchboard().fetches_recordings for pbx in calls.pbx_id):
            calls.filtered(lambda call: call._is_recording_wanted())._enqueue_recording()

    def _is_recording_wanted(self):
        """Tell whether the recording is to be fetched and nobody has tried to."""
        self.ensure_one()
        return bool(
            self.recording
            and self.recording != self.recording_asked
            and self.pbx_id
            and self.pbx_id._switchboard().fetches_recordings
            and not self._is_recording_expired()
        )

    def _enqueue_recording(self):
        """Let the scheduler fetch the recordings of ``self``, which is the superuser's."""
        if not self:
            return
        values = {
            "recording_fetch_date": fields.Datetime.now(),
            "recording_attempts": 0,
            "recording_error": False,
        }
        for recording, calls in self.grouped("recording").items():
            calls.write(values | {"recording_asked": recording})
        self.env.ref("lead_communications.lead_communication_recording_cron")._trigger()

    @api.model
    def _cron_fetch_recordings(self):
        """Fetch the recordings that are due, one transaction each."""
        due = [("recording_fetch_date", "<=", fields.Datetime.now())]
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(due))
        while call := self.search(due, order="recording_fetch_date, id", limit=1):
            call._fetch_recording()
            if not progress(1):
                break

    def _fetch_recording(self):
        """Fetch one recording.

        The attempt is counted before it begins, so that a file that brings the worker down is given
        up like any other; and nothing is locked while the other server is waited for.
        """
        self.ensure_one()
        recording, attempt = self.recording, self.recording_attempts + 1
        pause = timedelta(minutes=2**attempt)
        next_date = fields.Datetime.now() + pause if attempt < ATTEMPTS else False
        error = self.recording_error or (False if next_date else "failed")
        self.write(
            {
                "recording_attempts": attempt,
                "recording_fetch_date": next_date,
                "recording_error": error,
            }
        )
        content, content_type, code = self._read_recording()
        call = self._lock()
        if not call or call.recording != recording:
            return  # deleted, or reported anew
        if code:
            call._recording_failed(code, next_date)
        else:
            call._store_recording(content, content_type)

    def _read_recording(self):
        """Commit, and return the content of the recording, its type, and the code of an error."""
        try:
            address = self.pbx_id._recording_address(self.recording or "")
            policy = self.pbx_id._recording_policy()
            self.env["ir.cron"]._commit_progress()
            with closing(open_remote(address, policy)) as file:
                return file.content(), file.content_type, None
        except RemoteFileError as error:
            return None, None, error.code

    def _recording_failed(self, code, next_date):
        self.recording_error = code
        _logger.warning(
            "Recording of %s: %s (attempt %s%s)",
            self,
            code,
            self.recording_attempts,
            "" if next_date else ", given up",
        )
        if code in SERVER_ERRORS and next_date:
            waiting = self.search(
                [
                    ("pbx_id", "=", self.pbx_id.id),
                    ("recording_fetch_date", "<=", fields.Datetime.now()),
                ]
            )
            waiting.recording_fetch_date = next_date

    def _store_recording(self, content, content_type):
        """Keep ``content`` as the recording of the call."""
        self._recording_attachments().unlink()
        # Not by the field: it would take the content as Base64, and guess what it is.
        self.env["ir.attachment"].create(
            {
                "name": "recording_file",
                "res_model": self._name,
                "res_field": "recording_file",
                "res_id": self.id,
                "type": "binary",
                "raw": content,
                "mimetype": content_type,
            }
        )
        self.write(
            {"is_recording_stored": True, "recording_fetch_date": False, "recording_error": False}
        )
        self.invalidate_recordset(["recording_file"])

    def _recording_attachments(self):
        return self.env["ir.attachment"].search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "recording_file"),
                ("res_id", "in", self.ids),
            ]
        )

    # ---- RETENTION ----

    @api.model
    def _cron_expire_recordings(self):
        """Forget the recordings that are older than their telephone system allows."""
        systems = self.env["lead.pbx"].with_context(active_test=False)
        for pbx in systems.search([("recording_days", ">", 0)]):
            expired = [
                ("pbx_id", "=", pbx.id),
                ("recording", "!=", False),
                ("date", "<", pbx._recording_limit()),
            ]
            find = partial(self.search, expired, limit=BATCH_SIZE)
            if not work_off(self.env, find, lambda calls: calls._forget_recording()):
                return

    def _forget_recording(self):
        self._recording_attachments().unlink()
        self.with_context(tracking_disable=True).write(
            {
                "recording": False,
                "is_recording_stored": False,
                "recording_asked": False,
                "recording_fetch_date": False,
                "recording_error": False,
            }
        )
