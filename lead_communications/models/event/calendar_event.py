import pytz

from odoo import api, fields, models
from odoo.fields import Command

from ..communication.lead_communication import QUIET
from .activity import changed_values
from .meeting_lead import PLACE
from .sync import SYNC, SeriesRewrite

TIMES = {"start", "stop", "start_date", "stop_date", "allday", "duration"}
# The field of an event: the fields of the meeting that it follows.
EVENT_SOURCES = {
    "subject": {"name", "privacy", "user_id"},
    "description": {"description", "privacy", "user_id"},
    "date": TIMES,
    "date_end": TIMES,
    "user_id": {"user_id"},
    "participant_ids": {"partner_ids", "attendee_ids", "privacy", "user_id"},
    "is_private": {"privacy", "user_id"},
}
# What of a private meeting does not go to the lead.
PRIVATE = {"subject", "description", "participant_ids", "is_private"}
FOLLOWED = set().union({"active", "activity_ids"}, PLACE, *EVENT_SOURCES.values())


class CalendarEvent(models.Model):
    """A meeting of a lead in the calendar is an event of the lead.

    Each occurrence of a series is one. Of a private meeting the readers of the lead see when it is
    and whose it is, as in the calendar. All of it as superuser: who may change the meeting changes
    what it stands for; a lead gets meetings only by those who may read it.
    """

    _inherit = "calendar.event"

    @api.model_create_multi
    def create(self, vals_list):
        events = super().create(vals_list)
        if series := SeriesRewrite.of(self.env):
            series.created_ids += events.ids
        elif not SYNC.is_on(self.env):
            events._sync_communications(FOLLOWED - PLACE)
        return events

    def write(self, vals):
        names = set(vals)  # Odoo takes some out
        is_series = vals.get("recurrence_update") in ("all_events", "future_events")
        # What becomes a series: Odoo archives it where it is not on a day of the series.
        # Not while it is created, when it has no event yet.
        is_series |= bool(vals.get("recurrency") and self._communications())
        is_followed = is_series or names & FOLLOWED
        if SYNC.is_on(self.env) or SeriesRewrite.of(self.env) or not is_followed:
            return super().write(vals)
        if not is_series:
            result = super().write(vals)
            self._sync_communications(names)
            return result
        series = SeriesRewrite()
        # sudo: which meetings belong to the series; those that were called off, too
        of_series = self.sudo().with_context(active_test=False).recurrence_id.calendar_event_ids
        events = self | of_series.with_env(self.env)
        rows = events._communications()
        result = super(CalendarEvent, series.on(self)).write(vals)
        (events | self.browse(series.created_ids)).exists()._follow_series(rows)
        return result

    def unlink(self):
        rows = self._communications()
        # PostgreSQL deletes the activities along, and does not cope with rows that name both and
        # were written just before.
        rows.activity_id = False
        result = super().unlink()
        if not SeriesRewrite.of(self.env):
            rows._follow_gone_meeting()
        return result

    # ---- THE EVENTS OF THE LEAD FOLLOW ----

    def _communications(self):
        # sudo: rows are written by the system alone; see the class
        Communication = self.env["lead.communication"].sudo()
        return Communication.search([("calendar_event_id", "in", self.ids)])

    def _sync_communications(self, names):
        """Bring the events of the leads up to date with the written ``names`` of the meetings.

        What took place, and what was called off, stays as it is: a difference is noted there.
        """
        # sudo: as above; the user's own rights decide about the leads
        events = self.sudo()
        leads = events._readable_leads(self.env.su)
        rows = events._communications()
        if names & PLACE:
            rows = rows.filtered(lambda row: row._follow_to_lead_of_meeting(leads))
        known = rows.calendar_event_id
        standing = rows.filtered("calendar_event_id.active")
        (rows - standing)._follow_gone_meeting()
        if "active" in names:
            standing.filtered(lambda row: row.state == "canceled")._sync_state("planned")
        for row in standing:
            row._follow_meeting(row.calendar_event_id._event_values(names, row))
        (events - known).filtered("active")._create_communications(leads)
        events._hide_private_reminders()

    def _hide_private_reminders(self):
        """Take the words of private meetings out of the reminders that the leads show.

        To be called as superuser.
        """
        private = self.filtered(lambda event: event.effective_privacy == "private")
        summary = self.env._("Private meeting")
        shown = private.activity_ids.filtered(
            lambda one: one.res_model == "crm.lead" and (one.summary != summary or one.note)
        )
        if shown:
            SYNC.on(shown).write({"summary": summary, "note": False})

    def _create_communications(self, leads):
        """Give the meetings their rows; what was planned as an activity has one already.

        :param leads: ``{meeting: lead}`` of those that may have one on their lead.
        """
        if not self:
            return
        hidden = self._leads().keys() - leads.keys()
        fresh = self.filtered(lambda event: event not in hidden)
        fresh -= fresh._take_over_planned().calendar_event_id
        # sudo: as above
        Communication = SYNC.on(self.env["lead.communication"].sudo().with_context(**QUIET))
        Communication.create(
            [
                Communication._complete_event_values(
                    leads[event], event._new_communication_values()
                )
                for event in fresh
                if event in leads
            ]
        )

    def _new_communication_values(self):
        # One that is written down afterwards took place; of a series, somebody has to say so.
        is_planned = self.recurrence_id or self.activity_ids or self.stop >= fields.Datetime.now()
        return {
            "type": "meeting",
            "state": "planned" if is_planned else "done",
            "calendar_event_id": self.id,
        } | self._event_values()

    def _event_values(self, names=FOLLOWED, row=None):
        """Return the values of the event after ``names`` of the meeting were written.

        :param row: the event, if there is one. What its people wrote on the lead themselves stays
            there, also when their calendar is private.
        """
        is_private = self.effective_privacy == "private"
        start, stop = self._event_times()
        participants = self.partner_ids - self.user_id.partner_id
        values = {
            "subject": self.env._("Private meeting") if is_private else self.name,
            "description": False if is_private else self.description,
            "date": start,
            "date_end": stop,
            "user_id": self.user_id.filtered(lambda user: not user.share).id,
            "participant_ids": [Command.set([] if is_private else participants.ids)],
            "is_private": is_private,
        }
        kept = PRIVATE if is_private and row and not self._is_hidden(row, names) else set()
        return {
            name: value
            for name, value in values.items()
            if EVENT_SOURCES[name] & names and name not in kept
        }

    def _is_hidden(self, row, names):
        return row.is_private or ("privacy" in names and self.privacy == "private")

    def _event_times(self):
        """Return start and end in UTC. A whole day is 8 to 18 on the organizer's clock."""
        if not self.allday:
            return self.start, self.stop
        tz = pytz.timezone(self.user_id.tz or self.env.user.tz or "UTC")
        to_utc = self.env["lead.communication"]._to_utc
        return to_utc(tz, self.start), to_utc(tz, self.stop)

    # ---- THE MEETING FOLLOWS ----

    def _other_values(self, values):
        """Return what of ``values``, as for ``write``, is not so in the meeting already."""
        # sudo: what is compared is written with the rights of the user
        event = self.sudo()
        times = {name: values[name] for name in ("start", "stop") if name in values}
        if not times or tuple(times.values()) == event._event_times():
            times = {}
        else:
            # Without a new duration Odoo moves the end by the old one.
            times["duration"] = self._get_duration(times["start"], times["stop"])
            if event.allday:
                times["allday"] = False
        others = {name: value for name, value in values.items() if name not in ("start", "stop")}
        return changed_values(event, others) | times

    def _follow_lead(self, lead):
        """Let the open reminders follow the meeting to ``lead``."""
        # sudo: the reminders follow the meeting, which the user was allowed to change
        activities = self.sudo().activity_ids.filtered(
            lambda one: one.res_model == "crm.lead" and one.res_id != lead.id
        )
        if activities:
            SYNC.on(activities).write({"res_id": lead.id})

    def _forget_lead(self, lead):
        """Take the open reminders of the meeting, which is of ``lead`` no more, off it."""
        # sudo: as above
        self.sudo().activity_ids.filtered(
            lambda one: one.res_model == "crm.lead" and one.res_id == lead.id
        ).unlink()

    def _remind(self, row):
        """Open the reminder of the meeting again, or make one as Odoo does for a new meeting.

        :param row: the event that is planned again.
        """
        # sudo: as above
        event = self.sudo().with_context(active_test=False)
        activities = event.activity_ids
        if not activities:
            row = row.sudo()
            values = row._activity_values() | row._activity_place(row._activity_type(row.type))
            # All readers of the lead see it.
            values["summary"] = event._event_values({"name"})["subject"]
            SYNC.on(activities).create(values)
        elif not activities.filtered("active"):
            activities[-1].action_unarchive()
