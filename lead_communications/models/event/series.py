from datetime import timedelta

from odoo import fields, models

# How far an occurrence may have moved to be taken for the same one, when their number changed.
NEAR = timedelta(hours=12)


class CalendarEvent(models.Model):
    """A series that is written anew, moved or cut: each occurrence stays one event of the lead.

    Odoo archives or deletes the occurrences and makes others. What is planned follows the one in
    its place; what took place or was called off keeps all that it says, and none becomes completed
    by itself.
    """

    _inherit = "calendar.event"

    def _follow_series(self, rows):
        """Let the events of the leads follow.

        :param rows: the events of the series before; ``self`` are its meetings before and after.
        """
        # sudo: rows are written by the system alone; the user's own rights decide about the leads
        events = self.sudo().filtered("active")
        leads = events._readable_leads(self.env.su)
        rows = rows.exists()
        standing = rows.filtered("calendar_event_id.active")
        gone = (rows - standing).sorted(lambda row: (row.date, row.id))
        fresh = (events - standing.calendar_event_id).filtered(lambda event: event in leads)
        pairs = gone._paired_occurrences(fresh.sorted("start"))
        for row, event in pairs:
            row._sync_write({"calendar_event_id": event.id})
            standing |= row
        for row in standing:
            if row.state == "planned" and row._follow_to_lead_of_meeting(leads):
                row._sync_write(row.calendar_event_id._event_values(row=row))
        # Nobody has called these off: the series has no such occurrence any more.
        (gone - standing).filtered(lambda row: row.state == "planned").unlink()
        (fresh - standing.calendar_event_id)._create_communications(leads)


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    def _paired_occurrences(self, events):
        """Return ``[(row, meeting)]``: which of the new ``events`` stands for which of ``self``.

        Both are in their order. As many as before are the same ones, moved. Else the one at the
        same time is, or the nearest within half a day.
        """
        if len(self) == len(events):
            pairs = list(zip(self, events, strict=True))
        else:
            pairs, left = [], events
            for row in self:
                near = left.sorted(lambda event, row=row: abs(event._event_times()[0] - row.date))
                if near and abs(near[0]._event_times()[0] - row.date) <= NEAR:
                    pairs.append((row, near[0]))
                    left -= near[0]
        now = fields.Datetime.now()
        # What is over does not stand for what is still to come: that has to be planned.
        return [
            (row, event)
            for row, event in pairs
            if row.state == "planned" or row.date > now or event.start <= now
        ]
