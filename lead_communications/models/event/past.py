import pytz

from odoo import api, fields, models
from odoo.tools import SQL, plaintext2html

from ..communication.lead_communication import QUIET
from ..communication.past import Kind
from .mail_activity import KINDS
from .sync import SYNC


class LeadPast(models.Model):
    """Activities and meetings from before the installation are events of their leads, too."""

    _inherit = "lead.past"

    kind = fields.Selection(
        selection_add=[("activity", "Activities of leads"), ("meeting", "Meetings of leads")],
        ondelete={"activity": "cascade", "meeting": "cascade"},
    )

    @api.model
    def _kinds(self):
        activities = SQL("res_model = 'crm.lead' AND automated IS NOT TRUE")
        # What is planned matters most, and comes first.
        return {
            "activity": Kind("mail.activity", activities, "_take_over_events"),
            "meeting": Kind(
                "calendar.event",
                SQL(
                    "active AND (opportunity_id IS NOT NULL"
                    " OR (res_model = 'crm.lead' AND res_id IS NOT NULL))"
                ),
                "_take_over_events",
            ),
            **super()._kinds(),
        }


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _take_over_events(self):
        """Give what was planned or done on leads before the installation its rows; count them."""
        planned = self.filtered(lambda one: one.active and one._event_kind())
        # An email that was written stands on the lead itself.
        done = self.filtered(lambda one: not one.active and one._done_kind())
        Communication = SYNC.on(self.env["lead.communication"].with_context(**QUIET))
        known = Communication.search([("activity_id", "in", self.ids)]).activity_id
        fresh = (planned | done) - known
        # Read all at once.
        leads = {lead.id: lead for lead in fresh._past_leads()}
        values = [
            Communication._past_event_values(
                leads[one.res_id],
                one._new_event_values() if one.active else one._done_event_values(),
            )
            for one in fresh
            if one.res_id in leads
        ]
        return len(Communication.create(values))

    def _past_leads(self):
        return self.env["crm.lead"].browse(set(self.mapped("res_id"))).exists()

    def _done_kind(self):
        """Return the type of the event that a done activity stood for, if it was one."""
        if self.automated or (self.calendar_event_id and self.calendar_event_id._lead()):
            return False
        return KINDS.get(self.activity_type_id.category)

    def _done_event_values(self):
        tz = pytz.timezone(self.user_id.tz or self.env.user.tz or "UTC")
        kind = self._done_kind()
        text = self.note or ""
        return {
            "type": kind,
            "direction": "outgoing" if kind == "call" else False,
            "state": "done",
            "subject": self.summary or self.activity_type_id.name,
            "description": text + plaintext2html(self.feedback) if self.feedback else text,
            "date": self.env["lead.communication"]._start_on(
                self.date_done or self.date_deadline, tz
            ),
            "user_id": self.user_id.filtered(lambda user: not user.share).id,
            "activity_id": self.id,
        }


class CalendarEvent(models.Model):
    _inherit = "calendar.event"

    def _take_over_events(self):
        """Give the meetings of leads from before the installation their rows; count them."""
        Communication = SYNC.on(self.env["lead.communication"].with_context(**QUIET))
        known = Communication.search([("calendar_event_id", "in", self.ids)]).calendar_event_id
        values = [
            Communication._past_event_values(
                lead, event._new_communication_values() | {"state": event._past_state()}
            )
            for event, lead in (self - known)._leads().items()
        ]
        return len(Communication.create(values))

    def _past_state(self):
        """Return how it stands with a meeting that nobody asked about when it was over."""
        # Of one that is over and has an open reminder, somebody has still to say so.
        is_open = self.stop >= fields.Datetime.now() or self.activity_ids.filtered("active")
        return "planned" if is_open else "done"


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    @api.model
    def _past_event_values(self, lead, values):
        """Return the values of an event of ``lead`` from before the installation."""
        user = self.env["res.users"].browse(values.get("user_id") or [])
        company = self._company_of(lead, user.company_id)
        return self._complete_event_values(lead, values) | {"company_id": company.id}
