from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import ranking
from ...tools.exception_key import RANGES, short_key
from .claim_question import asks_first


class LeadCommunication(models.Model):
    """Communications that fall under an exception: ignored as they come in, quietly."""

    _inherit = "lead.communication"

    # What was ignored is counted by this column: a counter on the exception would let all workers
    # that take in the calls of one number wait for each other.
    exception_id = fields.Many2one(
        comodel_name="lead.communication.exception",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The exception by which it was ignored.",
    )

    is_ignorable = fields.Boolean(
        compute="_compute_is_ignorable",
        help="The other party is known by something that an exception can be made of.",
    )

    @api.depends("email_normalized", "phone_sanitized", "number")
    def _compute_is_ignorable(self):
        for row in self:
            row.is_ignorable = bool(row.email_normalized or row._excepted_number())

    def _excepted_number(self):
        """Return what tells the caller from others: the number in E.164 or of an internal line."""
        self.ensure_one()
        return self.phone_sanitized or short_key(self.number or "")

    def _except(self):
        """Ignore those of ``self`` that fall under an exception; return them.

        Only what came in, waits, and was never decided: what a person gave back to the queue stays
        there. One query for any number of rows, one more if some are ignored, and one more if that
        is by exceptions for many: those yield to an open lead.
        """
        # sudo: this is done by the system as communications come in
        rows = self.sudo().filtered(lambda row: row._can_be_excepted())
        found = self.env["lead.communication.exception"]._match(rows)
        excepted = rows.filtered(lambda row: row.id in found)
        of_many = excepted.filtered(lambda row: found[row.id].kind in RANGES)
        excepted = (excepted - of_many._filtered_open_lead()).with_context(tracking_disable=True)
        for exception, group in excepted.grouped(lambda row: found[row.id]).items():
            group.write({"state": "ignored", "rule": "exception", "exception_id": exception.id})
        return self.browse(excepted.ids)

    def _filtered_open_lead(self):
        """Return those whose counterpart has, or may well have, an open lead.

        Also one that the user may not see, one by another number in its phone field, and one that
        the last digits point at: what may be a customer's is not set aside.
        """
        # sudo: crm.lead - that there is one; nothing of it is shown
        found = self.sudo()._find_candidates() if self else {}
        return self.filtered(lambda row: ranking.open_by_number(found.get(row.id, [])))

    def _can_be_excepted(self):
        """Tell whether it came in by itself and nobody has decided about it."""
        self.ensure_one()
        return (
            self.state == "ready"
            and self.direction == "incoming"
            and not self.decision_id
            # A call that somebody wrote down by hand is there on purpose.
            and self._is_reported()
        )

    # ---- DECISIONS ----

    def _reset_exception(self, values):
        # Somebody decided: no exception keeps it any more, unless they decided by one.
        return {"exception_id": False} | values

    def _ignore_by(self, exception):
        """Ignore ``self`` as the user, because of ``exception``; return what was ignored."""
        return self._decide("ignore", exception_id=exception.id)

    @asks_first
    def action_ignore_always(self):
        """Open the dialog that makes an exception of the counterpart of ``self``."""
        return self.env["lead.communication.ignore"]._open(self)

    def action_remove_exception(self):
        """Archive the exception by which this row was ignored, and give the row back to Ready."""
        self.ensure_one()
        self.check_access("read")
        exception = self.exception_id
        if not exception:
            raise UserError(self.env._("No exception ignored this communication."))
        exception._check_removable()
        self._decide("reopen")
        exception._take_back()
        message = self.env._("“%s” is no longer an exception.", exception.value)
        if exception.hit_count:
            message += " " + self.env._(
                "What else it ignored stays there: %s.", exception.hit_count
            )
        return exception._notify(message)
