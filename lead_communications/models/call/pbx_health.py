from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

# Silence is worth a warning when calls came in these hours of the weekday in most of the weeks.
WINDOW = timedelta(hours=2)
WEEKS = 4
USUAL_WEEKS = 3


class LeadPbx(models.Model):
    """Whether the telephone system reports what it should, and who is told if it does not."""

    _name = "lead.pbx"
    _inherit = ["lead.pbx", "mail.thread", "mail.activity.mixin"]

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Administrator",
        default=lambda self: self.env.user,
        domain=lambda self: [("all_group_ids", "in", self.env.ref("base.group_system").ids)],
        ondelete="set null",
        copy=False,
        help="Who is asked to look after it when it reports nothing for too long.",
    )
    calls_today = fields.Integer(compute="_compute_health")
    failure_count = fields.Integer(string="Failed", compute="_compute_health")
    is_silent = fields.Boolean(
        string="Silent",
        compute="_compute_is_silent",
        help="No call was reported in the last two hours, when calls usually come.",
    )

    silence_date = fields.Datetime(
        readonly=True,
        copy=False,
        help="The last report before the silence of which the administrator was told.",
    )

    @api.depends_context("tz")
    def _compute_health(self):
        # sudo: administrators see how much is reported and fails, not the calls
        calls = (
            self.env["lead.communication"]
            .sudo()
            ._read_group(
                [("pbx_id", "in", self.ids), ("date", ">=", "today")], ["pbx_id"], ["__count"]
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
        weeks = quiet._weeks_with_calls(now)
        for pbx in self:
            pbx.is_silent = weeks.get(pbx, 0) >= USUAL_WEEKS

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

    @api.model
    def _cron_watch_silence(self):
        """Ask the administrator once to look after each system that is silent; not any more if not.

        A silence lasts until something is reported, also through hours in which nothing comes.
        """
        for pbx in self.search([("last_event_date", "!=", False)]):
            if pbx.silence_date and pbx.silence_date != pbx.last_event_date:
                pbx._silence_activities().unlink()
                pbx.silence_date = False
            if pbx.is_silent and not pbx.silence_date:
                pbx._report_silence()

    def _report_silence(self):
        self.silence_date = self.last_event_date
        if user := self._watcher():
            env = self.with_context(lang=user.lang).env
            self.with_env(env).activity_schedule(
                "mail.mail_activity_data_warning",
                date_deadline=user._own_today(),
                user_id=user.id,
                summary=env._("No calls are reported"),
                note=env._(
                    "Nothing has been reported since %(date)s, though calls usually come at this "
                    "time. Check the telephone system and its connection.",
                    date=format_datetime(env, self.last_event_date, tz=user.tz or "UTC"),
                ),
            )

    def _watcher(self):
        """Return who looks after the system: its administrator, else any other; may be nobody."""
        admins = self.env.ref("base.group_system").all_user_ids
        users = self.user_id | admins.sorted("id")
        return users.filtered(
            lambda user: user.active
            and self.company_id in user.company_ids
            and self.with_user(user).has_access("write")
        )[:1]

    def _silence_activities(self):
        return self.activity_search(["mail.mail_activity_data_warning"])

    def action_open_failures(self):
        """Open what this system reported and could not be recorded."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_failure_action"
        )
        return dict(action, domain=[("pbx_id", "=", self.id)])
