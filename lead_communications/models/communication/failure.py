import base64
import logging
import time
from datetime import timedelta

from psycopg2 import errors

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...telephony.payload import PayloadError, cause_of

_logger = logging.getLogger(__name__)

# The next try may well succeed: another transaction was at work on the same rows.
TRANSIENT = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, errors.UniqueViolation)

# Minutes after the n-th attempt: 2, 4, 8, … and once a day in the end.
LONGEST_PAUSE = timedelta(days=1)
# What only waits for others is taken up again at once.
BUSY_PAUSE = timedelta(seconds=20)
# So often a failure is tried in one run of the job while others are at work on the same rows.
BUSY_TRIES = 5


def try_patiently(env, take, *args):
    """Return what ``take`` returns; it is tried again while others are at work on the same rows.

    It has to write whatever it wants to be written (``flush_all``), and to read anew all that it
    goes by: what it did before is rolled back, with all that was not committed.
    """
    for tries_left in reversed(range(BUSY_TRIES)):
        try:
            return take(*args)
        except TRANSIENT:
            # The snapshot of this transaction is too old to see what the other one did.
            env.cr.rollback()
            if not tries_left:
                raise
            time.sleep(0.1)


class LeadCommunicationFailure(models.Model):
    """What came in and could not be processed: kept as it came, with the error, to be retried."""

    _name = "lead.communication.failure"
    _description = "Communication That Failed"
    _order = "id desc"

    type = fields.Selection(
        selection=[("call", "Call"), ("email", "Email")], required=True, readonly=True
    )
    pbx_id = fields.Many2one(
        comodel_name="lead.pbx", string="Telephone System", readonly=True, index=True
    )
    mailbox_id = fields.Many2one(comodel_name="lead.mailbox", readonly=True, index=True)
    company_id = fields.Many2one(comodel_name="res.company", readonly=True)
    raw = fields.Binary(string="Raw Input", attachment=True, readonly=True)
    raw_name = fields.Char(compute="_compute_raw_name")
    content_type = fields.Char(readonly=True)
    details = fields.Json(
        readonly=True, groups="base.group_system", help="What was known besides the bytes."
    )
    cause = fields.Selection(
        selection=[
            ("format", "It is not in the format that was expected."),
            ("columns", "A row has too few or too many columns."),
            ("rounded", "A spreadsheet has rounded the numbers in it."),
            ("id", "Nothing tells which call it is about."),
            ("time", "A time or a duration is missing or cannot be read."),
            ("result", "How the call ended is not understood."),
            ("value", "Something in it is missing or cannot be read."),
            ("folder", "The folder, or a file in it, cannot be read."),
            ("busy", "The database was busy."),
            ("server", "The mail server does not hand it over."),
            ("unexpected", "It could not be processed."),
        ],
        readonly=True,
        default="unexpected",
        help="The details are under Error, for those who look after the sender.",
    )
    error = fields.Text(readonly=True)
    attempts = fields.Integer(readonly=True, default=1)
    last_attempt_date = fields.Datetime(readonly=True, default=fields.Datetime.now)
    state = fields.Selection(
        selection=[("failed", "Failed"), ("solved", "Solved")],
        required=True,
        readonly=True,
        default="failed",
    )

    is_temporary = fields.Boolean(
        string="Temporary",
        readonly=True,
        help="The cause passes by itself, so it is tried again without anybody.",
    )
    next_attempt_date = fields.Datetime(readonly=True)

    _next_attempt_idx = models.Index("(next_attempt_date) WHERE state = 'failed' AND is_temporary")
    _failed_idx = models.Index("(mailbox_id, pbx_id) WHERE state = 'failed'")

    @api.depends("type")
    def _compute_display_name(self):
        types = dict(self._fields["type"]._description_selection(self.env))
        for failure in self:
            failure.display_name = f"{types[failure.type]} {failure.id}"

    @api.depends("type")
    def _compute_raw_name(self):
        for failure in self:
            suffix = "eml" if failure.type == "email" else "txt"
            failure.raw_name = f"{failure.type}-{failure.id}.{suffix}"

    @api.model
    def _keep(
        self,
        type,  # noqa: A002
        raw,
        error,
        pbx=None,
        mailbox=None,
        content_type=False,
        cause="unexpected",
        is_temporary=False,
        details=None,
    ):
        """Keep raw input that could not be processed.

        :param bytes raw: exactly what came in.
        :param str error: what went wrong, in detail.
        :param str cause: the kind of it, which people are told in their language.
        :param bool is_temporary: it will be tried again automatically.
        :param dict details: what was known besides the bytes.
        """
        owner = pbx or mailbox
        # sudo: failures are written by the system alone
        return self.sudo().create(
            {
                "type": type,
                "pbx_id": pbx.id if pbx else False,
                "mailbox_id": mailbox.id if mailbox else False,
                "company_id": owner.company_id.id,
                "raw": base64.b64encode(raw),
                "content_type": content_type,
                "details": details,
                "cause": cause,
                "error": error,
                "is_temporary": is_temporary,
                "next_attempt_date": self._plan_attempt(1, cause) if is_temporary else False,
            }
        )

    @api.model
    def _is_kept(self, raw, owner):
        """Tell whether these bytes wait already among what failed in the mailbox or system."""
        files = self.env["ir.attachment"].sudo()  # sudo: compared only
        same = files.search(
            [
                ("res_model", "=", self._name),
                ("res_field", "=", "raw"),
                ("checksum", "=", files._compute_checksum(raw)),
            ]
        )
        return bool(
            self.sudo()  # sudo: whether there is one; nothing is shown
            .browse(same.mapped("res_id"))
            .filtered(lambda one: owner in (one.mailbox_id, one.pbx_id) and one.state == "failed")
        )

    def action_retry(self):
        """Process the raw input again; what fails again stays, with the new error."""
        self.check_access("read")
        # sudo: the system takes in what it took in before; only the state is shown
        failures = self.sudo().filtered(lambda failure: failure.state == "failed")
        if not failures:
            raise UserError(self.env._("This has already been solved."))
        for failure in failures.try_lock_for_update():
            failure._retry()

    def action_retry_all(self):
        """Retry what failed among ``self``; without any, all that the user may see."""
        failed = [("state", "=", "failed")]
        failures = self.filtered_domain(failed) if self else self.search(failed)
        if not failures:
            raise UserError(self.env._("Nothing failed."))
        failures.action_retry()
        solved = sum(failure.state == "solved" for failure in failures)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if solved == len(failures) else "warning",
                "message": self.env._(
                    "Solved: %(solved)s of %(all)s.", solved=solved, all=len(failures)
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _cron_retry(self):
        """Retry what failed for a passing reason and is due, one transaction each."""
        due = self.search(
            [
                ("state", "=", "failed"),
                ("is_temporary", "=", True),
                ("next_attempt_date", "<=", fields.Datetime.now()),
            ]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for failure in due:
            failure._retry_patiently()
            if not self.env["ir.cron"]._commit_progress(1):
                break

    def _retry_patiently(self):
        """Retry one that is due, again and again while others are at work on the same rows."""
        raw = self._raw_bytes()
        for _try in range(BUSY_TRIES):
            try:
                return (
                    self.try_lock_for_update().filtered(lambda one: one.state == "failed")._retry()
                )
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                _logger.info("Failure %s is tried again.", self.id, exc_info=True)
                self.env.cr.rollback()
                self._wait_until_free(raw)
        return self._plan_attempt(1, "busy")  # it is due still

    def _wait_until_free(self, raw):
        """Wait, as the first thing of a transaction, for who is at work on what ``raw`` changes."""

    @api.model
    def _plan_attempt(self, attempts, cause):
        """Return when to try again after that many attempts; let the job run by then."""
        if cause != "busy":
            return self._next_attempt(attempts)
        date = fields.Datetime.now() + BUSY_PAUSE
        # sudo: ir.cron - when a job of this addon runs
        self.env.ref("lead_communications.lead_communication_failure_cron").sudo()._trigger(date)
        return date

    @api.model
    def _next_attempt(self, attempts):
        """Return when to try again after that many attempts."""
        pause = timedelta(minutes=2 ** min(attempts, 16))
        return fields.Datetime.now() + min(pause, LONGEST_PAUSE)

    def _retry(self):
        if not self:
            return
        values = {
            "attempts": self.attempts + 1,
            "last_attempt_date": fields.Datetime.now(),
            "next_attempt_date": self._next_attempt(self.attempts + 1),
        }
        try:
            with self.env.cr.savepoint():
                self._process()
            # The communication holds it now, and who may read that is not decided here.
            values |= {"state": "solved", "raw": False}
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # Odoo runs the whole request again
        except Exception as exception:  # noqa: BLE001 - the new error is shown on the failure
            values["error"] = str(exception)
            values["cause"] = "unexpected"
            if isinstance(exception, PayloadError):
                values["cause"] = cause_of(exception.code)
        self.write(values)

    def _process(self):
        """Process the raw input once more; each room does that for its type."""
        raise NotImplementedError(self.type)

    def _raw_bytes(self):
        return base64.b64decode(self.with_context(bin_size=False).raw or b"")
