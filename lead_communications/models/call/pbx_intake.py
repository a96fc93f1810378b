import logging
from itertools import chain
from typing import NamedTuple

import psycopg2

from odoo import fields, models
from odoo.tools import SQL, split_every

from ... import telephony
from ...telephony.payload import Parsed, PayloadError, cause_of

_logger = logging.getLogger(__name__)

# Events recorded by one set of queries; a file of a year's calls has hundreds of thousands.
BATCH_SIZE = 5000


class TakenIn(NamedTuple):
    """What became of one input: how many calls and rows, and whether a failure was kept."""

    calls: int
    created: int
    broken: int
    is_kept: bool


class LeadPbx(models.Model):
    """Taking calls in: what can be read is recorded, what cannot is kept as a failure."""

    _inherit = "lead.pbx"

    last_event_date = fields.Datetime(
        string="Last Report", readonly=True, copy=False, help="To the minute."
    )
    clock_difference = fields.Integer(
        string="Clock Difference (s)",
        readonly=True,
        copy=False,
        help="Seconds by which the clock of the telephone system is ahead of this server's. From"
        " 300 on, its reports are refused.",
    )

    def action_import(self):
        """Open the dialog in which CDR files are uploaded."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_pbx_import_action"
        )
        return dict(action, context={"default_pbx_id": self.id})

    def _parse(self, raw: bytes, content_type: str, received=None) -> Parsed:
        """Return the call events in ``raw``; raises PayloadError if it cannot be read at all.

        :param received: when it came in, now if not given.
        """
        self.ensure_one()
        received = received or fields.Datetime.now()
        site = self._switchboard().site
        return telephony.parse(
            self.provider, raw, content_type or "", site, received, self._mapping()
        )

    def _receive(self, raw: bytes, content_type: str, received=None):
        """Record all calls in ``raw``, or nothing and raise.

        :param received: when it came in, now if not given.
        :return: the communications that were created, those that were updated.
        """
        parsed = self._parse(raw, content_type, received)
        if parsed.broken:
            raise PayloadError(parsed.broken[0].code, _describe_broken(parsed))
        return self._record(parsed.events)

    def _take_in(
        self, raw: bytes, content_type: str, clock_difference=None, is_signed=False
    ) -> TakenIn:
        """Record the calls in ``raw``, and keep as a failure what cannot be recorded.

        Transient errors of the database are raised: Odoo runs the request again.

        :param clock_difference: seconds by which the clock of the sender is ahead, if known.
        :param is_signed: our secret proves it, so it has arrived where it belongs.
        :raise PayloadError: it is no input of a telephone system, so nothing is worth keeping.
        """
        parsed = self._parse(raw, content_type)
        if parsed.broken:
            self._keep_broken_rows(parsed, content_type)
        taken = self._take_in_parsed(parsed, raw, content_type)
        self._touch(clock_difference, is_signed)
        if parsed.trials:
            self._note_trial(parsed.trials[-1])
        return taken

    def _take_in_parsed(self, parsed: Parsed, raw: bytes, content_type: str) -> TakenIn:
        """Record the events in ``parsed``; keep ``raw``, from which they are, if that fails."""
        created, is_kept = 0, bool(parsed.broken)
        try:
            with self.env.cr.savepoint():
                created = len(self._record(parsed.events)[0])
        except psycopg2.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - the call happened and must not be lost
            _logger.error("%s: a report could not be recorded: %s", self, type(error).__name__)
            self._keep(raw, f"{type(error).__name__}: {error}", content_type, "unexpected")
            is_kept = True
        calls = len({event.external_id for event in parsed.events})
        return TakenIn(calls, created, len(parsed.broken), is_kept)

    def _postpone(self, raw: bytes, content_type: str) -> TakenIn:
        """Keep ``raw`` to be recorded later: the database is too busy to do it now."""
        self._keep(raw, "The database was busy.", content_type, "busy", is_temporary=True)
        return TakenIn(calls=0, created=0, broken=0, is_kept=True)

    def _record(self, events):
        communications = self.env["lead.communication"]
        results = [
            communications._record_calls(self, batch) for batch in split_every(BATCH_SIZE, events)
        ]
        created = communications.union(*(result[0] for result in results))
        updated = communications.union(*(result[1] for result in results))
        return created, updated - created

    def _keep_broken_rows(self, parsed, content_type):
        rows = chain([parsed.header] if parsed.header else [], (row.text for row in parsed.broken))
        cause = cause_of(parsed.broken[0].code)
        self._keep("\n".join(rows).encode(), _describe_broken(parsed), content_type, cause)

    def _keep(self, raw, error, content_type, cause, is_temporary=False):
        failures = self.env["lead.communication.failure"]
        if failures._is_kept(raw, self):
            return  # the same report once more
        failures._keep(
            type="call",
            raw=raw,
            error=error,
            pbx=self,
            content_type=content_type,
            cause=cause,
            is_temporary=is_temporary,
        )

    def _touch(self, clock_difference=None, is_signed=False):
        """Note that the system reported something, and by which clock, at most once a minute.

        If that was signed, the secret is not shown again, unless it may have been an older one.

        All its calls would otherwise wait for each other on this one row.
        """
        now = fields.Datetime.now()
        if self.last_event_date and (now - self.last_event_date).total_seconds() < 60:
            return
        # Not logged when another one has just noted it: this report is taken in once more.
        self.env.cr.execute(
            SQL(
                """UPDATE lead_pbx SET last_event_date = %s, clock_difference = %s,
                    is_secret_shown = is_secret_shown
                        AND (NOT %s OR COALESCE(previous_secret, '') <> '')
                WHERE id IN (
                    SELECT id FROM lead_pbx WHERE id = %s FOR UPDATE SKIP LOCKED
                )""",
                now,
                clock_difference,
                is_signed,
                self.id,
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset(
            ["last_event_date", "clock_difference", "is_secret_shown", "secret"], flush=False
        )


def _describe_broken(parsed):
    """Return what is wrong with which rows, one a line; the first hundred of them."""
    lines = [f"{row.number}: {row.reason}" for row in parsed.broken[:100]]
    if len(parsed.broken) > 100:
        lines.append(f"... {len(parsed.broken)}")
    return "\n".join(lines)
