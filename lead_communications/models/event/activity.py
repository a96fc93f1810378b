from datetime import datetime, time, timedelta

import pytz
from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import is_html_empty, plaintext2html
from odoo.tools.misc import clean_context

from .sync import SYNC

# An activity has a day; what is planned by one starts with the working day, or soon if it is today.
START_OF_DAY = time(9)
LAST_START = time(23, 30)
SOON = timedelta(minutes=30)
# The field of an activity: the fields of the event that it shows.
ACTIVITY_FIELDS = {
    "summary": {"subject"},
    "note": {"description"},
    "user_id": {"user_id"},
    # The day of the responsible.
    "date_deadline": {"date", "user_id"},
}


def changed_values(record, values):
    """Return what of ``values``, as for ``write``, is not so in ``record`` already."""
    return {name: value for name, value in values.items() if _is_other(record, name, value)}


def _is_other(record, name, value):
    kind = record._fields[name].type
    if kind == "many2many":  # [Command.set(ids)]
        return set(value[0][2]) != set(record[name].ids)
    current = record[name].id if kind == "many2one" else record[name]
    return (value or False) != (current or False)


class LeadCommunication(models.Model):
    """A planned call, message or note is an activity of its lead, where Odoo's users look.

    What is done to the one is done to the other: see ``mail.activity``. A meeting is in the
    calendar, and its activity is Odoo's (see ``calendar_event_id``); one that was planned as an
    activity alone has this one until it gets its place in the calendar.
    """

    _inherit = "lead.communication"

    activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        ondelete="set null",
        copy=False,
        help="The activity of the lead that reminds of this event.",
    )

    _activity_unique = models.UniqueIndex(
        "(activity_id) WHERE activity_id IS NOT NULL", "This activity already has its event."
    )

    def _sync_decided_activities(self, _action):
        # sudo: what the rows are
        events = self.sudo().filtered(lambda row: row._is_by_hand() or row.activity_id)
        events.sudo(self.env.su)._sync_activities(set())

    # ---- THE ACTIVITY FOLLOWS ----

    def _sync_activities(self, names):
        """Bring the activities up to date with the state of ``self`` and the written ``names``."""
        if SYNC.is_on(self.env):
            return
        # sudo: the activity follows the event, which the user was allowed to change. Defaults in
        # the context are those of the event.
        rows = self.with_env(self.env(context=clean_context(self.env.context), su=True))
        planned = rows.filtered(lambda row: row.state == "planned")
        planned.filtered(lambda row: row._needs_activity())._create_activities()
        known = rows.filtered(lambda row: row.activity_id and not row._is_in_calendar())
        for row in known.filtered(lambda row: row.state == "planned"):
            row._update_activity(names)
        (known - planned)._close_activities()

    def _needs_activity(self):
        return not self.activity_id and self.type not in ("meeting", "email")

    def _is_in_calendar(self):
        """Tell whether the event is followed by the calendar instead."""
        # sudo: that there is a meeting is all that is told
        return bool(self.sudo().calendar_event_id)

    def _create_activities(self):
        """Give the planned ``self`` their activities."""
        if not self:
            return
        types = {kind: self._activity_type(kind) for kind in set(self.mapped("type"))}
        values = [row._activity_values() | row._activity_place(types[row.type]) for row in self]
        activities = SYNC.on(self.env["mail.activity"]).create(values)
        for row, activity in zip(self, activities, strict=True):
            row.activity_id = activity.id

    def _activity_place(self, activity_type):
        return {
            "activity_type_id": activity_type.id,
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead_id.id,
            # Of a call that is in the calendar, too.
            "calendar_event_id": self.calendar_event_id.id,
        }

    def _activity_values(self):
        return {
            "summary": self.subject,
            "note": self.description,
            "user_id": self.user_id.id,
            "date_deadline": self._local_date().date(),
        }

    def _update_activity(self, names):
        activity = self.activity_id
        if not activity.active:
            activity.action_unarchive()
            names = {"subject", "description", "user_id", "date"}
        values = self._activity_values()
        values = {name: values[name] for name, of in ACTIVITY_FIELDS.items() if of & names}
        values["res_id"] = self.lead_id.id
        if changed := changed_values(activity, values):
            SYNC.on(activity).write(changed)

    def _close_activities(self):
        """Finish the activities of what is completed, take away those of what is canceled."""
        activities = self.activity_id.filtered("active")
        done = self.filtered(lambda row: row.state == "done").activity_id & activities
        if done:
            done.action_feedback()
        (activities - done).unlink()

    # ---- THE EVENT FOLLOWS ----

    def _is_left_by_activity(self):
        """Tell whether the activity of a planned event has become one that stands for none."""
        self.ensure_one()
        return self.type in ("call", "meeting", "email") and not self.activity_id._event_kind()

    def _sync_state(self, state):
        """Decide what was done to the other side: finished, taken away or opened again."""
        action, sources = {
            "planned": ("plan", ("done", "canceled")),
            "done": ("complete", ("planned",)),
            "canceled": ("cancel", ("planned",)),
        }[state]
        if rows := self.filtered(lambda row: row.state in sources):
            if action == "plan":
                rows._plan_again()
            else:
                rows._decide(action)

    def _sync_write(self, values):
        """Write what of ``values`` is not so already, without an answer to the other side."""
        self.ensure_one()
        if changed := changed_values(self, values):
            SYNC.on(self.with_context(tracking_disable=True)).write(changed)

    def _add_feedback(self, feedback):
        """Add to the description what somebody said when they finished the activity."""
        for row in self:
            said = plaintext2html(feedback)
            text = "" if is_html_empty(row.description) else row.description
            row._sync_write({"description": Markup(text) + said})

    @api.model
    def _activity_type(self, kind):
        """Return the type of activity of an event: by its category, else the usual one of leads."""
        categories = {"call": "phonecall", "meeting": "meeting"}
        types = self.env["mail.activity.type"]
        if kind in categories:
            category = categories[kind]
            types = types.search(
                [("category", "=", category), ("res_model", "in", (False, "crm.lead"))], limit=1
            )
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        return types or todo or self.env["crm.lead"]._default_activity_type()

    # ---- TIMES ----

    def _responsible_tz(self):
        """Return the time zone of who is responsible, or else of the user."""
        # sudo: res.users - the time zone of a colleague
        return pytz.timezone(self.sudo().user_id.tz or self.env.user.tz or "UTC")

    def _local_date(self):
        """Return the start as the clock of the responsible shows it."""
        return pytz.utc.localize(self.date).astimezone(self._responsible_tz())

    def _date_on(self, day):
        """Return the start, in UTC, when the event is moved to ``day`` at the same time of day."""
        local = self._local_date().replace(tzinfo=None)
        return self._to_utc(self._responsible_tz(), local.combine(day, local.time()))

    @api.model
    def _start_on(self, day, tz):
        """Return the start, in UTC, of what is planned for ``day`` without a time."""
        now = datetime.now(tz).replace(tzinfo=None)
        start = datetime.combine(day, START_OF_DAY)
        if start < now and day == now.date():
            soon = now + SOON
            soon = soon.replace(minute=soon.minute // 30 * 30, second=0, microsecond=0)
            start = min(soon, datetime.combine(day, LAST_START))
        return self._to_utc(tz, start)

    @api.model
    def _to_utc(self, tz, local):
        return tz.localize(local).astimezone(pytz.utc).replace(tzinfo=None)
