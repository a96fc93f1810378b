from datetime import datetime, time

import pytz

from odoo import fields, models

RULE = "before_start"


class LeadPbx(models.Model):
    """From when on the calls of a telephone system are to be decided about."""

    _inherit = "lead.pbx"

    start_date = fields.Date(
        # For who fills in the form: whoever makes one by program says when it starts.
        default=lambda self: (
            self.env.context.get("start_today") and fields.Date.context_today(self)
        ),
        help="Older calls are history: each goes to the lead if exactly one fits, and is set aside"
        " otherwise. Nobody is asked to decide about them or to call back. Empty: all calls wait.",
    )

    def _start_moment(self):
        """Return when the start date begins where the system stands, naive UTC; None without."""
        if not self.start_date:
            return None
        midnight = datetime.combine(self.start_date, time.min)
        local = pytz.timezone(self.tz or "UTC").localize(midnight)
        return local.astimezone(pytz.utc).replace(tzinfo=None)


class LeadCommunication(models.Model):
    """Calls from before the start date of their telephone system: history, quietly."""

    _inherit = "lead.communication"

    def _place_history(self):
        """Put history on the one lead that fits, or aside; a constant number of queries, and some
        for each lead that gets any.
        """
        # sudo: what was reported is placed by the system
        rows = self.sudo().filtered(lambda row: row._is_before_start())
        if not rows:
            return
        rows = rows.with_context(tracking_disable=True)
        found = rows._find_candidates()
        for lead, group in rows.grouped(lambda row: row._history_lead(found)).items():
            if lead:
                group._decide("attach", lead, rule=RULE)
            else:
                group.write({"state": "ignored", "rule": RULE})

    def _is_before_start(self):
        """Tell whether it is a report of before the start, about which nobody decided."""
        self.ensure_one()
        start = self.type == "call" and self.pbx_id and self.pbx_id._switchboard().start
        return bool(start) and self.date < start and self._is_undecided()

    def _is_undecided(self):
        return self.state == "ready" and not self.decision_id

    def _is_history(self):
        """Tell whether it was placed as history."""
        return self.rule == RULE

    def _history_lead(self, found):
        """Return the one lead that fits for certain, as for mail that was sent; or an empty one."""
        opened, closed = self._fitting_leads(found)
        leads = opened or closed
        return leads if len(leads) == 1 else leads.browse()
