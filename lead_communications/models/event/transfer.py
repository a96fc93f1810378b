from datetime import datetime

from odoo import api, fields, models

from .event import EVENT_FIELDS

# What people say when they write an event down; the lead and the type stay then.
FIXED = ("lead_id", "type")
WRITTEN = EVENT_FIELDS | {"state", *FIXED}
TIMES = ("date", "date_end")


class LeadCommunication(models.Model):
    """Events are exported, and imported again as they were."""

    _inherit = "lead.communication"

    @api.model
    def fields_get(self, allfields=None, attributes=None):
        """Tell which fields people write: the others are not offered to be imported."""
        found = super().fields_get(allfields, attributes)
        for name, description in found.items():
            if name not in WRITTEN and "readonly" in description:
                description["readonly"] = True
        return found

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([_in_whole_seconds(vals) for vals in vals_list])

    def write(self, vals):
        vals = _in_whole_seconds(vals)
        if not self.env.su:
            self._check_values(vals)
            vals = self._with_known_times(self._without_unchanged(vals))
        return super().write(vals)

    def _without_unchanged(self, vals):
        """Return ``vals`` without the lead and the type, if these are what they are already.

        They are in the file when events are exported, changed and imported again.
        """
        fixed = {name: vals[name] for name in FIXED if name in vals}
        if not fixed:
            return vals
        self.check_access("read")
        is_same = all(
            row._fields[name].convert_to_write(row[name], row) == value
            for row in self
            for name, value in fixed.items()
        )
        return {name: vals[name] for name in vals if name not in fixed} if is_same else vals

    def _with_known_times(self, vals):
        """Return ``vals`` of an imported event with the times that its clock shows already.

        A file has no way to tell the two hours apart when the clocks are put back.
        """
        if "_import_current_module" not in self.env.context or len(self) != 1:
            return vals
        known = {
            name: self[name]
            for name in TIMES
            if vals.get(name) and self[name] and self._clock(vals[name]) == self._clock(self[name])
        }
        return vals | known

    def _clock(self, time):
        """Return a time as a file that is exported shows it."""
        return fields.Datetime.context_timestamp(self, fields.Datetime.to_datetime(time)).replace(
            tzinfo=None
        )


def _in_whole_seconds(vals):
    """Return ``vals`` with times as a file, a form and an API say them."""
    times = {name: vals[name] for name in TIMES if isinstance(vals.get(name), datetime)}
    return vals | {name: time.replace(microsecond=0) for name, time in times.items()}
