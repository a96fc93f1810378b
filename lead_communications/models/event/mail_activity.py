import pytz

from odoo import api, models

from ..communication.lead_communication import QUIET
from .sync import SYNC

KINDS = {"phonecall": "call", "meeting": "meeting"}
FACTS = {"summary", "note", "user_id", "date_deadline"}
PLACE = {"res_model", "res_model_id", "res_id"}


class MailActivity(models.Model):
    """A call, an email, a meeting that a person plans on a lead is an event of the lead.

    To-Dos, uploads and what the system asks for are none. Whatever happens to the activity happens
    to its event. All of it as superuser: who may change the activity changes what it stands for.
    """

    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        if not SYNC.is_on(self.env):
            activities._create_events()
            activities._follow_own_meetings()
        return activities

    def write(self, vals):
        is_moved = bool(PLACE & set(vals)) and not self.env.su
        if is_moved:
            self._check_events_may_leave()
        result = super().write(vals)
        if is_moved:
            # Odoo asks for the right on a record when an activity is made there, not when one
            # is moved there: its name would be shown, and our events would follow.
            self.check_access("create")
        if not SYNC.is_on(self.env):
            self._update_events(set(vals))
            if "calendar_event_id" in vals:
                self._follow_own_meetings()
        return result

    def unlink(self):
        events = self._events().filtered(lambda row: not row.calendar_event_id)
        result = super().unlink()
        events._sync_state("canceled")
        return result

    def _action_done(self, feedback=False, attachment_ids=None):
        events = self._events().filtered(lambda row: row.state == "planned")
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        if feedback:
            events._add_feedback(feedback)
        return result

    # ---- THE EVENT FOLLOWS ----

    def _events(self):
        """Return the events of the activities: their own, and those of their meetings."""
        # sudo: rows are written by the system alone; see the class
        Communication = self.env["lead.communication"].sudo()
        activities = self.sudo().filtered(
            lambda one: one.res_model == "crm.lead" or one.calendar_event_id
        )
        if not activities.ids:
            return Communication
        meetings = activities.calendar_event_id
        domain = [("activity_id", "in", activities.ids)]
        if meetings:
            domain = ["|", *domain, ("calendar_event_id", "in", meetings.ids)]
        return Communication.search(domain).filtered(
            lambda row: row.activity_id in activities or activities._remind_of(row)
        )

    def _remind_of(self, row):
        """Tell whether one of ``self`` is a reminder of the meeting ``row``.

        Anybody may say of their own activity that it is of some meeting; it is one of this only on
        the lead of the event, or on what the meeting itself is about.
        """
        meeting = row.calendar_event_id
        places = {("crm.lead", row.lead_id.id), (meeting.res_model, meeting.res_id)}
        return any(
            one.calendar_event_id == meeting and (one.res_model, one.res_id) in places
            for one in self
        )

    def _check_events_may_leave(self):
        """Check that the user may take the events of ``self`` off their leads."""
        events = self._events().filtered(lambda row: row.activity_id in self.sudo())
        leads = events.lead_id.sudo(False)
        if leads != leads._filtered_access("write"):
            raise events._fixed_error()

    def _create_events(self):
        """Give the activities that stand for events of leads their rows."""
        # sudo: as above
        activities = self.sudo().filtered(lambda one: one._event_kind())
        if not activities:
            return
        leads = self.env["crm.lead"].sudo().browse(activities.mapped("res_id")).exists()
        Communication = SYNC.on(self.env["lead.communication"].sudo().with_context(**QUIET))
        Communication.create(
            [
                Communication._complete_event_values(
                    leads.browse(one.res_id), one._new_event_values()
                )
                for one in activities.filtered(lambda one: one.res_id in leads._ids)
            ]
        )

    def _follow_own_meetings(self):
        """Let what was planned by the activities follow the meetings that they got."""
        # sudo: as above; the user may change the meeting
        meetings = self.sudo().calendar_event_id.sudo(self.env.su)._filtered_access("write")
        meetings.sudo()._take_over_planned()

    def _event_kind(self):
        """Return the type of the event that this activity stands for, if it is one."""
        if self.res_model != "crm.lead" or self.automated or not self.active:
            return False
        if self.calendar_event_id and self.calendar_event_id._lead():
            return False  # the event of the meeting
        activity_type = self.activity_type_id
        if kind := KINDS.get(activity_type.category):
            return kind
        # It has no category.
        email = self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_email", raise_if_not_found=False
        )
        return "email" if activity_type.id == email else False

    def _new_event_values(self):
        tz = pytz.timezone(self.user_id.tz or self.env.user.tz or "UTC")
        kind = self._event_kind()
        return {
            "type": kind,
            "direction": "outgoing" if kind in ("call", "email") else False,
            "state": "planned",
            "subject": self.summary or self.activity_type_id.name,
            "description": self.note,
            "date": self.env["lead.communication"]._start_on(self.date_deadline, tz),
            "user_id": self.user_id.filtered(lambda user: not user.share).id,
            "activity_id": self.id,
        }

    def _update_events(self, names):
        """Bring the events up to date with the written fields of the activities."""
        if not names & (FACTS | PLACE | {"active", "activity_type_id"}):
            return
        events = self._events()
        if "active" in names:
            events._sync_state("planned" if self[:1].sudo().active else "done")
        own = events.filtered(lambda row: row.state == "planned" and not row.calendar_event_id)
        if "activity_type_id" in names:
            left = own.filtered(lambda row: row._is_left_by_activity())
            own, events = own - left, events - left
            SYNC.on(left.with_context(**QUIET)).unlink()
        for row in own:
            row._sync_write(row.activity_id._changed_event_values(row, names))
        # What became an event, and what was planned before this addon was there.
        (self - events.activity_id.sudo(self.env.su))._create_events()

    def _changed_event_values(self, row, names):
        """Return the values of ``row`` after ``names`` of its activity were written."""
        values = {}
        if "summary" in names and self.summary:
            values["subject"] = self.summary
        if "note" in names:
            values["description"] = self.note
        if "user_id" in names and not self.user_id.share:
            values["user_id"] = self.user_id.id
        if "date_deadline" in names:
            moved = row._date_on(self.date_deadline) - row.date
            values["date"] = row.date + moved
            values["date_end"] = row.date_end and row.date_end + moved
        if "activity_type_id" in names and (kind := self._event_kind()):
            values["type"] = kind
        if names & PLACE and self.res_model == "crm.lead":
            lead = self.env["crm.lead"].browse(self.res_id)
            values |= row._place_on(lead)
        return values
