from odoo import models

from ..communication.lead_communication import QUIET
from .sync import SYNC

# By what a meeting says of which lead it is.
PLACE = {"opportunity_id", "res_id", "res_model_id"}


class CalendarEvent(models.Model):
    """The lead that a meeting is of: its opportunity, or else the document it was planned on.

    Odoo writes both where a meeting is planned on a lead. Other ways write one of them, or none:
    then the activity by which it was planned is on the lead.
    """

    _inherit = "calendar.event"

    def _leads(self):
        """Return ``{meeting: lead}`` of those in ``self`` that are of one, as superuser."""
        # sudo: of which lead a meeting is; who may see that is for the caller to ask
        events = self.sudo()
        leads = {event: event.opportunity_id for event in events.filtered("opportunity_id")}
        by_document = events.filtered(
            lambda event: event not in leads and event.res_model == "crm.lead" and event.res_id
        )
        there = self.env["crm.lead"].sudo().browse(by_document.mapped("res_id")).exists()
        for event in by_document:
            if lead := there & there.browse(event.res_id):
                leads[event] = lead
        return leads

    def _readable_leads(self, su):
        """Return what :meth:`_leads` does of leads that the user may read, all if ``su``."""
        leads = self._leads()
        readable = self.env["crm.lead"].union(*leads.values()).sudo(su)._filtered_access("read")
        return {event: lead for event, lead in leads.items() if lead.id in readable._ids}

    def _lead(self):
        """Return the lead of the meeting, as superuser; none if it is of none."""
        self.ensure_one()
        return self._leads().get(self, self.env["crm.lead"].sudo())

    def write(self, vals):
        followed = self._whose_document_follows(vals)
        if followed and followed != self:
            return (self - followed).write(dict(vals)) and followed.write(vals)
        if followed:
            vals = vals | self._document(vals["opportunity_id"])
        return super().write(vals)

    def _whose_document_follows(self, vals):
        """Return the meetings whose document is the lead of which they are no more, by ``vals``.

        Odoo would go on opening that lead from the meeting.
        """
        if "opportunity_id" not in vals or not {"res_id", "res_model_id"}.isdisjoint(vals):
            return self.browse()
        # sudo: on what the meetings were planned
        return self.filtered(lambda event: event.sudo().res_model == "crm.lead")

    def _document(self, lead_id):
        model_id = self.env["ir.model"]._get_id("crm.lead") if lead_id else False
        return {"res_model_id": model_id, "res_id": lead_id}

    def _take_over_planned(self):
        """Let what was planned as an activity follow the meeting that it got; return its rows.

        A meeting that is of no lead, and of nothing else, is one by the activity alone. To be
        called as superuser.
        """
        # sudo: rows are written by the system alone; see the class
        rows = SYNC.on(self.env["lead.communication"].sudo().with_context(**QUIET))
        taken = rows.browse()
        if not self.activity_ids:
            return taken
        leads = self._leads()
        placed = self._communications().calendar_event_id
        for row in rows.search(
            [("activity_id", "in", self.activity_ids.ids), ("calendar_event_id", "=", False)]
        ):
            event = row.activity_id.calendar_event_id
            # Nobody takes what was planned on another lead for a meeting of theirs.
            is_its_own = leads.get(event) == row.lead_id or not (event in leads or event.res_id)
            if is_its_own and event not in placed:
                row._sync_write({"calendar_event_id": event.id} | event._event_values(row=row))
                taken |= row
                placed |= event
        return taken


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def unlink(self):
        # Odoo takes the lead out of its meetings: that is no news for it.
        return super(CrmLead, SYNC.on(self)).unlink()
