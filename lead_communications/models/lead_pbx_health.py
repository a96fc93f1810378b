from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

# Silence is worth a warning when calls came in these hours of the weekday in most of the weeks.
WINDOW = timedelta(hours=2)
WEEKS = 4
USUAL_WEEKS = 3


class LeadPbx(models.Model):
    """Whether the telephone system reports what it should."""

    _inherit = "lead.pbx"

    calls_today = fields.Integer(compute="_compute_health")
    failure_count = fields.Integer(string="Failed", compute="_compute_health")
    is_silent = fields.Boolean(
        string="Silent",
        compute="_compute_is_silent",
        help="No call was reported in the last two hours, in which calls usually come.",
    )

    def _compute_health(self):
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        # sudo: administrators see how much is reported and fails, not the calls
        calls = (
            self.env["lead.communication"]
            .sudo()
            ._read_group(
                [("pbx_id", "in", self.ids), ("date", ">=", today)], ["pbx_id"], ["__count"]
            )
        )
        failures = (
            self.env["lead.communication.failure"]
            .sudo()
            ._read_group(
                [("pbx_id", "in", self.ids), ("state", "=", "failed")], ["pbx_id"], ["__count"]
            )
        )
        calls, failures = dict(calls), dict(failures)
        for pbx in self:
            pbx.calls_today = calls.get(pbx, 0)
            pbx.failure_count = failures.get(pbx, 0)

    @api.depends("last_event_date")
    def _compute_is_silent(self):
        now = fields.Datetime.now()
        quiet = self.filtered(
            lambda pbx: pbx.last_event_date and pbx.last_event_date < now - WINDOW
        )
        usual = quiet._weeks_with_calls(now)
        for pbx in self:
            pbx.is_silent = pbx in quiet and usual.get(pbx, 0) >= USUAL_WEEKS

    def _weeks_with_calls(self, now):
        """Return in how many of the last weeks each system reported calls in these hours."""
        if not self:
            return {}
        windows = [
            Domain("date", ">=", now - timedelta(weeks=week) - WINDOW)
            & Domain("date", "<", now - timedelta(weeks=week))
            for week in range(1, WEEKS + 1)
        ]
        # sudo: administrators see whether calls came, not the calls
        groups = (
            self.env["lead.communication"]
            .sudo()
            ._read_group(
                Domain("pbx_id", "in", self.ids) & Domain.OR(windows),
                ["pbx_id", "date:day"],
            )
        )
        days = {}
        for pbx, day in groups:
            # A window over midnight is two days of one week.
            days.setdefault(pbx, set()).add(round((now - day).days / 7))
        return {pbx: len(weeks) for pbx, weeks in days.items()}

    def action_open_failures(self):
        """Open what this system reported and could not be recorded."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_failure_action"
        )
        return dict(action, domain=[("pbx_id", "=", self.id)])
