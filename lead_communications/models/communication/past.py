import logging
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .failure import TRANSIENT, try_patiently

_logger = logging.getLogger(__name__)

CRON = "lead_communications.lead_past_cron"


class Kind(NamedTuple):
    """What of the time before the installation is taken over by one row.

    :param str model: of which the records are
    :param condition: which of them, as SQL
    :param str method: of the model, which takes records over and returns how many it was about
    :param int size: of so many records by one transaction: a second or two at most
    """

    model: str
    condition: SQL
    method: str
    size: int = 500


class LeadPast(models.Model):
    """What was there before the addon, and is taken over in the background, the newest first.

    A row is about one kind of records. How far it is is written in the transaction of each batch:
    killed at any moment, or run twice at once, it neither loses nor doubles anything. No lock is
    held meanwhile, so that it can be stopped; what was taken over stays.

    For extension: :meth:`_kinds`, with an option of ``kind`` for each.
    """

    _name = "lead.past"
    _description = "Taken Over from Before the Installation"
    _order = "id"
    _rec_name = "kind"

    kind = fields.Selection(
        selection=[
            ("company", "Companies of leads"),
            ("lead_number", "Phone numbers of leads"),
            ("partner_number", "Phone numbers of contacts"),
        ],
        string="What",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=[("running", "In Progress"), ("stopped", "Stopped"), ("done", "Done")],
        required=True,
        readonly=True,
        default="running",
    )
    top = fields.Integer(readonly=True, help="All records with a smaller ID are from before.")
    position = fields.Integer(readonly=True, help="All with a smaller ID are still waiting.")
    taken_count = fields.Integer(string="Taken Over", readonly=True)
    failed_ids = fields.Json(
        string="IDs of What Failed", readonly=True, help="What could not be taken over."
    )
    failed_count = fields.Integer(string="Failed", compute="_compute_failed_count")
    progress = fields.Float(compute="_compute_progress", help="Per cent.")

    _kind_unique = models.Constraint("UNIQUE(kind)", "This is already being taken over.")

    @api.depends("failed_ids")
    def _compute_failed_count(self):
        for past in self:
            past.failed_count = len(past.failed_ids or [])

    @api.depends("position", "state", "top")
    def _compute_progress(self):
        for past in self:
            is_done = past.state == "done" or not past.top
            past.progress = 100 if is_done else 100 * (past.top - past.position) / past.top

    @api.model
    def _kinds(self):
        """Return ``{kind: Kind}`` in the order in which they are taken over."""
        return {
            "company": Kind(
                "crm.lead",
                SQL("partner_id IS NOT NULL AND existing_company_id IS NULL"),
                "_take_over_company",
            ),
            **{
                kind: Kind(model, self.env[model]._unread_numbers_sql(), "_take_over_numbers")
                for kind, model in (
                    ("lead_number", "crm.lead"),
                    ("partner_number", "res.partner"),
                )
            },
        }

    @api.model
    def _start(self, *names):
        """Let all that is there now be taken over, each kind once.

        :param names: the kinds; without any it is all of them
        """
        kinds = self._kinds()
        known = self.search([("kind", "in", list(kinds))]).mapped("kind")
        for name, kind in kinds.items():
            if name in known or (names and name not in names):
                continue
            table = SQL.identifier(self.env[kind.model]._table)
            newest = self.env.execute_query(SQL("SELECT max(id) FROM %s", table))[0][0]
            top = newest + 1 if newest else 0
            self.create({"kind": name, "top": top, "position": top})
        self._wake_job()

    # ---- ACTIONS ----

    def action_stop(self):
        """Stop; what was taken over stays."""
        self._change_state("running", "stopped")

    def action_resume(self):
        """Go on where it was stopped."""
        self._change_state("stopped", "running")
        self._wake_job()

    def action_retry(self):
        """Try what failed again; what is there already is not doubled."""
        failed = self.filtered(lambda past: past.state == "done" and past.failed_ids)
        failed._change_state("done", "running")
        for past in failed.sudo():  # sudo: as above
            past.write({"position": max(past.failed_ids) + 1, "failed_ids": False})
        self._wake_job()

    def _change_state(self, before, after):
        if not self.env.user.has_group("base.group_system"):
            raise AccessError(self.env._("Administrators decide about this."))
        # sudo: how far it is is the system's to write; the right was checked
        self.sudo().filtered(lambda past: past.state == before).write({"state": after})

    @api.model
    def _wake_job(self):
        # sudo: ir.cron - when a job of this addon runs
        cron = self.env.ref(CRON).sudo()
        cron.active = True
        cron._trigger()

    # ---- TAKING OVER ----

    @api.model
    def _cron_take_over(self):
        """Take over what waits, as far as the time of the job allows."""
        progress = self.env["ir.cron"]._commit_progress
        running = self.search([("state", "=", "running")])
        if not running:
            progress(remaining=0, deactivate=True)
            return
        order = list(self._kinds())
        if not progress(remaining=len(running)):
            return
        for done, past in enumerate(running.sorted(lambda one: order.index(one.kind))):
            left = len(running) - done
            while try_patiently(self.env, past._take_batch):
                if not progress(1, remaining=left):
                    # It would sleep for a minute else, after each ten seconds of work.
                    self._wake_job()
                    progress(remaining=left)
                    return
            progress(1, remaining=left - 1)

    def _take_batch(self):
        """Take over the next records; return whether more may follow."""
        self.invalidate_recordset()
        if not self.exists() or self.state != "running":
            return False  # stopped meanwhile, or done by another worker
        records = self._next_records()
        if not records:
            self.state = "done"
            self.env.flush_all()
            return False
        taken, failed = self._take(records)
        self.write(
            {
                "position": min(records.ids),
                "taken_count": self.taken_count + taken,
                "failed_ids": [*(self.failed_ids or []), *failed],
            }
        )
        self.env.flush_all()
        self.env.invalidate_all()
        return True

    def _next_records(self):
        kind = self._kinds()[self.kind]
        model = self.env[kind.model].with_context(active_test=False)
        query = SQL(
            "SELECT id FROM %s WHERE id < %s AND (%s) ORDER BY id DESC LIMIT %s",
            SQL.identifier(model._table),
            self.position,
            kind.condition,
            kind.size,
        )
        return model.browse(found for (found,) in self.env.execute_query(query))

    def _take(self, records):
        """Take ``records`` over; return how many it was about, and the ids of those that failed.

        One that cannot be taken over stops none of the others.
        """
        method = self._kinds()[self.kind].method
        try:
            with self.env.cr.savepoint():
                taken = getattr(records, method)()
                self.env.flush_all()
            return taken, []
        except TRANSIENT:
            raise
        except Exception:  # noqa: BLE001 - one record stops no other; it is shown as failed
            _logger.info("%s %s: not taken over.", records._name, records.ids, exc_info=True)
            self.env.invalidate_all(flush=False)
            if len(records) == 1:
                return 0, records.ids
        middle = len(records) // 2
        halves = [self._take(records[:middle]), self._take(records[middle:])]
        return halves[0][0] + halves[1][0], halves[0][1] + halves[1][1]
