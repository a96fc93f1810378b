from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_time

CLAIM_MINUTES = "lead_communications.claim_minutes"
DEFAULT_CLAIM_MINUTES = 15


class LeadCommunication(models.Model):
    """“I am on it”: colleagues see at once who works on what waits.

    It expires by itself, so that nothing stays with somebody who went home, and it forbids nothing:
    whoever may see the communication may still decide about it, when they have said that they know
    of the claim (see ``claim_question.py``), which ends it.
    """

    _inherit = "lead.communication"

    claim_user_id = fields.Many2one(
        comodel_name="res.users", readonly=True, copy=False, ondelete="set null"
    )
    claim_date = fields.Datetime(readonly=True, copy=False)
    claimed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="On It",
        compute="_compute_claimed_by_id",
        search="_search_claimed_by_id",
        help="Who said “I am on it”, until that expires.",
    )

    is_releasable = fields.Boolean(
        compute="_compute_is_releasable",
        help="One's own claim may be released, by managers that of anybody.",
    )

    @api.depends("claim_user_id", "claim_date")
    def _compute_claimed_by_id(self):
        since = self._claimed_since()
        for row in self:
            is_claimed = row.claim_date and row.claim_date > since
            row.claimed_by_id = row.claim_user_id if is_claimed else False

    @api.depends("claimed_by_id")
    @api.depends_context("uid")
    def _compute_is_releasable(self):
        is_manager = self.env.user.has_group("sales_team.group_sale_manager")
        for row in self:
            user = row.claimed_by_id
            row.is_releasable = bool(user) and (is_manager or user == self.env.user)

    def _search_claimed_by_id(self, operator, value):
        if operator != "in":
            return NotImplemented
        claimed = Domain("claim_date", ">", self._claimed_since())
        domain = claimed & Domain("claim_user_id", "in", [user for user in value if user])
        return domain | ~claimed if False in value else domain

    @api.model
    def _claim_time(self):
        """Return for how long a claim stands."""
        return timedelta(minutes=self.env["ir.config_parameter"]._lead_number(CLAIM_MINUTES))

    @api.model
    def _claimed_since(self):
        return fields.Datetime.now() - self._claim_time()

    def action_claim(self):
        """Tell colleagues “I am on it”, or go on with that for another while.

        What somebody else is on is left to them.

        :raise UserError: nothing was left to claim: it is decided, or a colleague is on it.
        """
        rows = self._lock()._filtered_undecided(("ready",))
        free = rows.filtered(lambda row: row.claimed_by_id <= self.env.user)
        if not free:
            raise rows[0]._claimed_error()
        free._write_claim({"claim_user_id": self.env.uid, "claim_date": fields.Datetime.now()})
        free._end_claimed_snooze()

    def action_release(self):
        """Take back one's own “I am on it”; managers that of anybody."""
        self.check_access("read")
        rows = self._lock().filtered("is_releasable")
        rows._write_claim({"claim_user_id": False, "claim_date": False})

    def _write_claim(self, values):
        # sudo: users hold no write access on communications; that they see these was checked
        self.sudo().with_context(tracking_disable=True).write(values)

    def _claimed_error(self):
        return UserError(
            self.env._(
                "%(user)s has been on it since %(time)s.",
                user=self.claimed_by_id.name,
                time=format_time(self.env, self.claim_date, time_format="short"),
            )
        )

    def _reset_claim(self, values):
        # Not given back by Undo: who was on it then is not on it now.
        return {"claim_user_id": False, "claim_date": False} | values
