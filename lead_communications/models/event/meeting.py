from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.misc import clean_context

from .activity import changed_values
from .sync import SYNC

# The field of a meeting: the fields of the event that it shows.
MEETING_FIELDS = {
    "name": {"subject"},
    "description": {"description"},
    "start": {"date", "date_end"},
    "stop": {"date", "date_end"},
    "user_id": {"user_id"},
    "partner_ids": {"participant_ids", "user_id"},
}
ALL_FIELDS = set().union(*MEETING_FIELDS.values())
# What of a private meeting is not shown to others.
PRIVATE_FIELDS = {"name", "description", "partner_ids"}


class LeadCommunication(models.Model):
    """A planned meeting is in the calendar, with its participants.

    What is done to the one is done to the other: see ``calendar.event``. Odoo invites the
    participants, tells them when the start moves, and reminds of the meeting by an activity of the
    lead, as it does for meetings made in the calendar itself. What took place stays in the calendar
    as it was; what is canceled is archived there.
    """

    _inherit = "lead.communication"

    calendar_event_id = fields.Many2one(
        comodel_name="calendar.event",
        readonly=True,
        ondelete="set null",
        copy=False,
        # By searching through it, the name of a private meeting would be found out.
        groups=fields.NO_ACCESS,
    )
    is_in_calendar = fields.Boolean(string="In the Calendar", compute="_compute_is_in_calendar")

    is_private = fields.Boolean(
        readonly=True,
        copy=False,
        help="What the meeting is about is for those who take part, in the calendar.",
    )

    _calendar_event_unique = models.UniqueIndex(
        "(calendar_event_id) WHERE calendar_event_id IS NOT NULL",
        "This meeting already has its event.",
    )

    @api.depends("calendar_event_id")
    def _compute_is_in_calendar(self):
        for row in self:
            # sudo: that there is one
            row.is_in_calendar = bool(row.sudo().calendar_event_id)

    def _sync_decided_meetings(self, action):
        # sudo: what the rows are
        meetings = self.sudo().filtered(lambda row: row.calendar_event_id or row._is_by_hand())
        meetings.sudo(self.env.su)._sync_meetings(set(), is_opened=action in ("plan", "undo"))

    # ---- THE CALENDAR FOLLOWS ----

    def _sync_meetings(self, names, is_opened=False):
        """Bring the calendar up to date with the state of ``self`` and the written ``names``.

        :param is_opened: it was decided that they are planned; there is to be a reminder again.
        """
        if SYNC.is_on(self.env):
            return
        # Defaults in the context are those of the event.
        rows = self.with_env(self.env(context=clean_context(self.env.context)))
        # sudo: which of the calls are in the calendar
        rows = rows.filtered(lambda row: row.type == "meeting" or row.sudo().calendar_event_id)
        planned = rows.filtered(lambda row: row.state == "planned")
        planned.filtered(lambda row: row._needs_meeting(names))._create_meetings()
        # sudo: which meetings stand for the rows; they are written with the rights of the user
        known = rows.filtered(lambda row: row.sudo().calendar_event_id)
        for row in known & planned:
            row._update_meeting(names, is_opened)
        known.filtered(lambda row: row.state == "done")._finish_meetings()
        known.filtered(lambda row: row.state == "canceled")._archive_meetings()

    def _needs_meeting(self, names):
        """Tell whether it has to be put in the calendar.

        What was planned as an activity has no time of day until somebody chooses one.
        """
        # sudo: as above
        row = self.sudo()
        return not row.calendar_event_id and (not row.activity_id or "date" in names)

    def _create_meetings(self):
        """Put the planned ``self`` in the calendar."""
        for tz, rows in self.grouped(lambda row: row._responsible_tz()).items():
            Event = self.env["calendar.event"].with_context(
                # Odoo takes the deadline of its activity from this one.
                tz=tz.zone,
                skip_contact_description=True,
            )
            events = SYNC.on(Event).create(
                [row._meeting_values() | row._place_values() for row in rows]
            )
            for row, event in zip(rows, events.with_env(self.env), strict=True):
                # sudo: which meeting it is, is for the system to say
                row.sudo()._sync_write({"calendar_event_id": event.id, "date_end": event.stop})

    def _place_values(self):
        """Return the values that stay: the lead, and the activity if it was planned as one."""
        # sudo: as above
        activity = self.sudo().activity_id.filtered("active")
        return self._lead_place() | (
            {"activity_ids": [Command.link(activity.id)]} if activity else {}
        )

    def _lead_place(self):
        return {
            "opportunity_id": self.lead_id.id,
            "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
            "res_id": self.lead_id.id,
        }

    def _meeting_values(self):
        # sudo: res.partner - participants are shown to whoever sees the event
        row = self.sudo()
        user = row.user_id or self.env.user
        return {
            "name": row.subject or row.display_name,
            "description": row.description,
            "start": row.date,
            "stop": row.date_end or row.date + row._meeting_length(),
            "user_id": user.id,
            "partner_ids": [Command.set((row.participant_ids | user.partner_id).ids)],
        }

    def _meeting_length(self):
        """Return how long it takes when no end is given: as long as before, or as in Odoo."""
        event = self.calendar_event_id
        if event:
            return event.stop - event.start
        return timedelta(hours=self.env["calendar.event"].get_default_duration())

    def _update_meeting(self, names, is_opened):
        """Write what changed in the event to its meeting, with the rights of the user."""
        event = self._meeting()
        changed = {}
        if not event.sudo().active:
            changed["active"] = True
            names = ALL_FIELDS
        values = self._meeting_values()
        values = {name: values[name] for name, of in MEETING_FIELDS.items() if of & names}
        if self.is_private:
            values = {name: one for name, one in values.items() if name not in PRIVATE_FIELDS}
        changed |= event._other_values(values)
        if event._lead() != self.lead_id:
            changed |= self._lead_place()
        if changed:
            SYNC.on(event).write(changed)
        event._follow_lead(self.lead_id)
        if is_opened:
            event._remind(self)

    def _meeting(self):
        """Return the meetings of ``self``, with the rights of the user."""
        # sudo: which meetings stand for the rows
        return self.sudo().calendar_event_id.sudo(self.env.su)

    def _finish_meetings(self):
        if reminders := self._meeting_reminders():
            reminders.action_feedback()

    def _archive_meetings(self):
        if events := self._meeting().filtered("active"):
            SYNC.on(events).write({"active": False})
        self._meeting_reminders().unlink()

    def _meeting_reminders(self):
        """Return the open activities that remind of the meetings of ``self``, as superuser."""
        # sudo: the reminders follow the events, which the user was allowed to change
        rows = self.sudo()
        reminders = rows.calendar_event_id.activity_ids
        return reminders.filtered(lambda one: any(one._remind_of(row) for row in rows))

    def action_open_meeting(self):
        """Open the meeting in the calendar."""
        self.ensure_one()
        self.check_access("read")
        meeting = self._meeting()
        if not meeting:
            raise UserError(self.env._("This meeting is not in the calendar any more."))
        return {
            "type": "ir.actions.act_window",
            "res_model": meeting._name,
            "res_id": meeting.id,
            "views": [(False, "form")],
        }

    # ---- THE EVENT FOLLOWS ----

    def _follow_to_lead_of_meeting(self, leads):
        """Follow the meeting to its lead; return whether it still is one of a lead.

        :param leads: ``{meeting: lead}`` of those to which it may go.
        """
        event = self.calendar_event_id
        return event._lead() == self.lead_id or self._follow_to_lead(
            leads.get(event, self.lead_id.browse())
        )

    def _follow_to_lead(self, lead):
        """Follow the meeting to ``lead``; return whether it still is one of a lead.

        A meeting that was taken off the lead is not to come there.
        """
        event = self.calendar_event_id
        if lead:
            event._follow_lead(lead)
            self._sync_write(self._place_on(lead))
        else:
            event._forget_lead(self.lead_id)
            self._sync_write({"calendar_event_id": False})
            self._sync_state("canceled")
        return bool(lead)

    def _follow_meeting(self, values):
        """Follow the meeting of this event, of which ``values`` are so now in the calendar.

        What is over stays as it was; that the calendar says something else by now is noted.
        """
        if self.state == "planned":
            self._sync_write(values)
        elif changed := changed_values(self, values).keys() - {"is_private"}:
            names = [self._fields[name]._description_string(self.env) for name in changed]
            self._message_log(
                body=self.env._(
                    "Changed in the calendar afterwards, and left here as it was: %(names)s.",
                    names=", ".join(sorted(names)),
                )
            )

    def _follow_gone_meeting(self):
        """Cancel what was planned by meetings that were deleted or archived."""
        self.exists().filtered(lambda row: row.state == "planned")._sync_state("canceled")
