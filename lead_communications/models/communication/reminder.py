from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_datetime

from .crm_team import LONGEST_DECIDE_HOURS

# For what has no sales team; a system parameter, 0 to switch it off.
DECIDE_HOURS = "lead_communications.decide_hours"
ACTIVITY_TYPE = "lead_communications.mail_activity_type_decide"
# The limits are whole hours.
SHORTEST_LIMIT = timedelta(hours=1)
LISTS = {"call": "/odoo/lead-calls", "email": "/odoo/lead-emails"}


class LeadCommunication(models.Model):
    """Nothing stays in Ready for long: whoever is responsible is told, once, how much waits.

    One activity for each person, whatever the number; it goes by itself when nothing is overdue.
    """

    _inherit = "lead.communication"

    @api.model
    def _cron_remind_overdue(self):
        """Bring the reminders up to date with what waits for longer than the teams allow."""
        overdue = self._overdue_by_user()
        activity_type = self.env.ref(ACTIVITY_TYPE)
        quiet = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True, active_test=False
        )
        yesterday = fields.Date.today() - timedelta(days=1)
        known = quiet.search(
            Domain("activity_type_id", "=", activity_type.id)
            & (Domain("active", "=", True) | Domain("date_done", ">=", yesterday))
        )
        known = known.filtered(lambda one: one.active or _is_done_today(one)).grouped("user_id")
        for user, activities in known.items():
            opened = activities.filtered("active")
            if user not in overdue:
                opened.unlink()
            elif opened:
                self._update_reminder(opened[0], overdue[user])
        quiet.create(
            [
                self._reminder_values(user, what)
                | {
                    "user_id": user.id,
                    "activity_type_id": activity_type.id,
                    "automated": True,
                    "date_deadline": user._own_today(),
                }
                for user, what in overdue.items()
                if user not in known
            ]
        )

    def _settle_reminders(self, _action):
        """Take the reminders back of those for whom ``self`` were the last that were overdue.

        What the scheduler finds in an hour is found for few people only: for a young row there is
        nothing to do, for an old one it is a query that finds no reminder, most of the time.
        """
        youngest = fields.Datetime.now() - SHORTEST_LIMIT
        # sudo: reminders of colleagues, about rows that the user has decided
        old = self.sudo().filtered(lambda row: row.type in LISTS and row.create_date < youngest)
        if not old:
            return
        reminders = (
            old.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .search(
                [
                    ("activity_type_id.id", "=", self._reminder_type_id()),
                    ("user_id", "in", old._maybe_reminded().ids),
                ]
            )
        )
        # What is nobody's is looked at only when nothing of their own is left.
        for domain in (
            Domain("user_id", "in", reminders.user_id.ids),
            Domain("user_id", "not any", [("active", "=", True)]),
        ):
            if reminders:
                overdue = self._overdue_by_user(domain)
                reminders = reminders.filtered(lambda one, known=overdue: one.user_id not in known)
        reminders.unlink()

    def _maybe_reminded(self):
        """Return who may have been responsible for ``self`` before the decision."""
        before = [values for row in self for values in (row.decision_id.before or {}).values()]
        users = self.env["res.users"].browse({values["user_id"] for values in before} - {False})
        teams = self.env["crm.team"].browse({values["team_id"] for values in before} - {False})
        return users | teams.exists().user_id | self.mailbox_ids.member_ids

    @api.model
    def _reminder_type_id(self):
        return self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY_TYPE)

    @api.model
    def _update_reminder(self, activity, overdue):
        values = self._reminder_values(activity.user_id, overdue)
        if any(activity[name] != value for name, value in values.items()):
            activity.write(values)

    @api.model
    def _overdue_by_user(self, domain=Domain.TRUE):
        """Return ``{user: Overdue}``: who is responsible for what is overdue, within ``domain``."""
        # sudo: how much waits is counted for everybody
        groups = (
            self.sudo()
            .with_context(active_test=False)
            ._read_group(
                self._overdue_domain() & domain,
                ["type", "user_id", "team_id", "mailbox_ids"],
                ["id:array_agg", "create_date:min"],
            )
        )
        overdue = defaultdict(Overdue)
        for kind, user, team, mailbox, row_ids, oldest in groups:
            # Who is responsible for an email that nobody was given: the first of its readers.
            people = [user, *mailbox.member_ids, team.user_id]
            if responsible := next((one for one in people if one.active), None):
                overdue[responsible].add(kind, row_ids, oldest)
        return overdue

    @api.model
    def _overdue_domain(self):
        """Return the domain of what waits for longer than its team allows."""
        # sudo: crm.team - settings
        teams = self.env["crm.team"].sudo().with_context(active_test=False)
        limits = teams._read_group([("decide_hours", ">", 0)], ["decide_hours"], ["id:array_agg"])
        if hours := self.env["ir.config_parameter"]._lead_number(DECIDE_HOURS):
            limits.append((hours, [False]))
        now = fields.Datetime.now()
        return (
            Domain("state", "=", "ready")
            & Domain("type", "in", list(LISTS))
            & Domain.OR(
                Domain("team_id", "in", team_ids)
                & self._waiting_before_domain(
                    now - timedelta(hours=min(hours, LONGEST_DECIDE_HOURS))
                )
                for hours, team_ids in limits
            )
        )

    @api.model
    def _waiting_before_domain(self, moment):
        """Return the domain of what was here by ``moment`` and, if it was put off, back."""
        return Domain("create_date", "<", moment) & ~Domain("snoozed_until", ">=", moment)

    @api.model
    def _reminder_values(self, user, overdue):
        """Return what ``user`` is told about ``overdue``, in their language."""
        env = self.with_context(lang=user.lang).env
        counts = {kind: len(overdue.row_ids[kind]) for kind in LISTS if overdue.row_ids[kind]}
        labels = {
            "call": env._("Calls: %(count)s", count=counts.get("call")),
            "email": env._("Emails: %(count)s", count=counts.get("email")),
        }
        links = Markup(", ").join(
            Markup('<a href="%s">%s</a>') % (LISTS[kind], labels[kind]) for kind in counts
        )
        date = format_datetime(env, overdue.oldest, tz=user.tz or "UTC")
        since = env._("The oldest one has been waiting since %(date)s.", date=date)
        return {
            "summary": env._("Waits for your decision: %(count)s", count=sum(counts.values())),
            "note": Markup("<p>%s</p><p>%s</p>") % (links, since),
        }


def _is_done_today(activity):
    """Tell whether it was done on the day that it is where the person is: it stays so until then.

    The date that Odoo keeps is that of UTC.
    """
    user = activity.user_id
    return user._own_today(activity.write_date) == user._own_today()


@dataclass
class Overdue:
    """What waits for too long of one person; an email of two mailboxes counts once."""

    row_ids: defaultdict = field(default_factory=lambda: defaultdict(set))
    oldest: datetime | None = None

    def add(self, kind, row_ids, oldest):
        self.row_ids[kind].update(row_ids)
        self.oldest = min(filter(None, (self.oldest, oldest)))
