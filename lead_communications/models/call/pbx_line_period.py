from datetime import date, timedelta

from odoo import models

from ...telephony.line_days import free_days

DAY = timedelta(days=1)


class LeadPbxLine(models.Model):
    """A line goes to another person: what was reported, and what comes late, stays who had it."""

    _inherit = "lead.pbx.line"

    def _pass_on(self, user, team, last_day):
        """Let ``self`` be the lines of ``user`` after ``last_day``, of nobody if that is empty.

        :param team: the new team, empty to keep the one there is.
        """
        values = {"user_id": user.id} | ({"team_id": team.id} if team else {})
        for line in self:
            history = line._periods_until(last_day)
            before = line.copy_data()[0]
            if line.date_from or line.date_until:
                first = max(line.date_from or date.min, last_day + DAY)
                values = values | {"date_from": first}
            line.write(values)
            # Written first: of two who do this at once, the second is told to begin again.
            line.flush_recordset()
            self.create([before | period for period in history])

    def _periods_until(self, last_day):
        """Return values of lines for the days up to ``last_day`` on which ``self`` counted."""
        self.ensure_one()
        if self.date_from and self.date_from > last_day:
            return []
        if self.date_from or self.date_until:
            return [{"date_until": last_day}]
        # Without dates it counted on all days that are no other line's.
        periods = {}
        for name in ("extension", "number"):
            if self[name]:
                others = (self.pbx_id.line_ids - self).filtered(self._has_same(name))
                free = free_days([(one.date_from, one.date_until) for one in others], last_day)
                periods[name] = free
        if len(set(map(tuple, periods.values()))) == 1:
            return [_dates(period) for period in next(iter(periods.values()))]
        return [
            _dates(period) | {"extension": False, "number": False, name: self[name]}
            for name, free in periods.items()
            for period in free
        ]

    def _has_same(self, name):
        key = "number_sanitized" if name == "number" else name
        return lambda one: (one.date_from or one.date_until) and one[key] and one[key] == self[key]


def _dates(period):
    first, last = period
    return {"date_from": first, "date_until": last}
