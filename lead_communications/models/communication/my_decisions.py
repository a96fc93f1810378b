from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .undo import FINAL

# So many parties of a decision are named.
NAMED = 3


class LeadCommunicationDecision(models.Model):
    """*My Decisions*: each person sees their own, takes back what can be, and reads why not."""

    _inherit = "lead.communication.decision"

    summary = fields.Char(
        string="About", compute="_compute_rows", help="With whom the communications are."
    )
    row_count = fields.Integer(string="Communications", compute="_compute_rows")
    undo_state = fields.Selection(
        selection=[
            ("possible", "Can be undone"),
            ("partly", "Partly"),
            ("undone", "Undone"),
            ("changed", "Decided since"),
            ("final", "Final"),
        ],
        string="Undo",
        compute="_compute_rows",
    )
    undo_note = fields.Char(string="Why Not", compute="_compute_rows")

    @api.depends("before", "action")
    @api.depends_context("uid", "allowed_company_ids", "lang", "tz")
    def _compute_rows(self):
        # sudo: which rows it was about; they are named to their readers
        ids = {decision: list(map(int, decision.before or {})) for decision in self.sudo()}
        rows = (
            self.env["lead.communication"]
            .sudo()
            .browse({one for some in ids.values() for one in some})
        )
        there = {row.id: row for row in rows.exists()}
        readable = set(rows.browse(there).sudo(False)._filtered_access("read")._ids)
        for decision in self:
            row_ids = ids[decision.sudo()]
            found = rows.browse([row_id for row_id in row_ids if row_id in there])
            shown = found.filtered(lambda row: row.id in readable)
            decision.row_count = len(row_ids)
            decision.summary = decision._summary(shown[:NAMED], len(row_ids))
            decision.undo_state = decision._undo_state(found)
            decision.undo_note = decision._undo_note(found, shown)

    def _summary(self, named, count):
        words = named.mapped("counterpart_name")
        if more := count - len(named):
            words.append(self.env._("others: %(count)s", count=more))
        return ", ".join(words)

    def _undo_state(self, rows):
        """Return what can be done about it in ``rows``: those that are left, as superuser."""
        if self.action in FINAL or any(row._is_final(self.action) for row in rows):
            return "final"
        standing = rows.filtered(lambda row: row.decision_id == self)
        if standing:
            return "possible" if len(standing) == self.row_count else "partly"
        newer = rows.filtered(lambda row: row.decision_id.id > self.id)
        return "changed" if newer else "undone" if rows else "final"

    def _undo_note(self, rows, shown):
        """Return why not all of it can be taken back.

        :param rows: those that are left, as superuser.
        :param shown: those of ``rows`` that the user may see: of others nothing is told.
        """
        if self.undo_state == "final":
            return self.env._("Deleted meanwhile") if not rows else False
        newer = shown.decision_id.filtered(lambda one: one.id > self.id)
        if self.undo_state not in ("partly", "changed") or not newer:
            return False
        last = max(newer, key=lambda one: one.id)
        actions = dict(self._fields["action"]._description_selection(self.env))
        return self.env._(
            "%(user)s: %(action)s, %(date)s",
            user=last.user_id.name,
            action=actions[last.action],
            date=format_datetime(self.env, last.create_date, dt_format="short"),
        )

    def _filtered_standing(self):
        """Return those of ``self``, of the superuser, that nobody has taken back.

        They stand, or somebody has decided since.
        """
        rows = self.env["lead.communication"].sudo()
        ids = {decision: set(map(int, decision.before)) for decision in self}
        last = {
            row.id: row.decision_id.id
            for row in rows.browse({one for some in ids.values() for one in some}).exists()
        }
        return self.filtered(
            lambda decision: any((last.get(one) or 0) >= decision.id for one in ids[decision])
        )

    # ---- ACTIONS ----

    def action_undo(self):
        """Take the decision back where it still stands."""
        self.ensure_one()
        self.check_access("read")
        if self.action in FINAL:
            raise UserError(self.env._("This cannot be undone."))
        # sudo: what was before; the rights are checked on each of the rows
        return self.env["lead.communication"]._undo(self.sudo())

    def action_open(self):
        """Open the communication that it was about: the first one that the user may see."""
        self.ensure_one()
        self.check_access("read")
        # sudo: which rows it was about
        ids = sorted(map(int, self.sudo().before))
        rows = self.env["lead.communication"].search([("id", "in", ids)], limit=1)
        if not rows:
            raise UserError(self.env._("What was decided about is not there for you any more."))
        return rows.action_open()
