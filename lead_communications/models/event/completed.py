from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .sync import SYNC

TIMES = ("date", "date_end")


def not_in_future(values):
    """Return ``values`` of an event that took place, with no time that is yet to come."""
    now = fields.Datetime.now()
    known = {name: fields.Datetime.to_datetime(values.get(name)) for name in TIMES}
    return values | {name: now for name, time in known.items() if time and time > now}


class LeadCommunication(models.Model):
    """What took place is dated when it did: never in the future, by whatever way it is completed.

    What is completed before its time is dated then; a call that the telephone system reported says
    when that was. Planned again, it has the time that it was planned for.
    """

    _inherit = "lead.communication"

    def _changed_values(self, action):
        values = super()._changed_values(action)
        if action == "complete" and self._is_by_hand():
            values |= {name: fields.Datetime.to_string(self[name]) for name in TIMES}
        return values

    def _date_completed(self, action):
        if action != "complete":
            return
        # sudo: the time follows from the decision, whose rights were checked
        for row in self.sudo().filtered(lambda row: row._is_by_hand()):
            call = row.completed_by_id
            times = {name: row[name] for name in TIMES}
            if call and row.date > (call.date_end or call.date):
                times = {"date": call.date, "date_end": call.date_end or call.date}
            times = not_in_future(times)
            if any(row[name] != time for name, time in times.items()):
                # The calendar and the activity stay as they were.
                SYNC.on(row.with_context(tracking_disable=True)).write(times)

    def _plan_again(self, **values):
        """Let what was completed be planned for the time that it was planned for before."""
        # sudo: the log is for administrators; the event gets back its own times
        logs = {row: row.sudo().decision_id for row in self if row.state == "done"}
        times = {
            row: (log.before or {}).get(str(row.id), {})
            for row, log in logs.items()
            if log.action == "complete"
        }
        rows = self._decide("plan", **values)
        for row in rows & self.browse([row.id for row in times]):
            before = {name: times[row][name] for name in TIMES if times[row].get(name)}
            if before:
                # sudo: as above; the decision has checked the rights
                row.sudo().with_context(tracking_disable=True).write(before)

    def _check_past(self):
        """Check that nothing that took place is in the future."""
        now = fields.Datetime.now()
        done = self.filtered(lambda row: row.state == "done" and row._is_by_hand())
        if any(row[name] and row[name] > now for row in done for name in TIMES):
            raise ValidationError(
                self.env._(
                    "What is completed can't be in the future. Plan a new event, or plan this one"
                    " again."
                )
            )

    @api.onchange("state")
    def _onchange_state(self):
        if self.state == "done" and self.date:
            times = not_in_future({name: self[name] for name in TIMES})
            self.update(times)
