from datetime import datetime

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_datetime

from ..lead.offer import error_with_offer
from .decision import CHANGED_FIELDS

# action: (the states it starts from, the state it ends in). Every change of state is one of these.
TRANSITIONS = {
    "create": (("ready",), "done"),
    "attach": (("ready",), "done"),
    "ignore": (("ready",), "ignored"),
    "reopen": (("ignored", "done"), "ready"),
    # Another lead, from what is on one.
    "recreate": (("done",), "done"),
    # None: the state stays.
    "move": (("planned", "done", "canceled"), None),
    "plan": (("planned", "done", "canceled"), "planned"),
    "complete": (("planned", "canceled"), "done"),
    "cancel": (("planned", "done"), "canceled"),
    "assign": (("ready",), None),
    # Put off, and brought back before the time.
    "snooze": (("ready",), None),
    "wake": (("ready",), None),
    "split": (("ready", "ignored", "planned", "done", "canceled"), None),
    # The lead was deleted: what was received waits for a decision again.
    "release": (("planned", "done", "canceled"), "ready"),
}
LINKED_STATES = ("planned", "done", "canceled")
CREATING = ("create", "recreate")


class LeadCommunication(models.Model):
    """Decisions: the one way in which a state is changed."""

    _inherit = "lead.communication"

    def _decide(self, action, lead=None, others=None, **values):
        """Change the state of ``self``, the one way to do it; return the rows that were changed.

        Rows that are no longer in a state from which the action starts are left as they are; when
        none of ``self`` remains the user is told who was first.

        :param action: a key of ``TRANSITIONS``.
        :param lead: the ``crm.lead`` for ``attach`` and ``move``.
        :param others: rows that are decided along with ``self`` if they still can be.
        :param values: what else the decision changes in the rows.
        :raise AccessError: the user may not see a row, or not change its lead or the new one.
        :raise UserError: nothing was left to decide.
        :raise ClaimedError: a colleague is on a row, of which the user was not told.
        """
        sources, state = TRANSITIONS[action]
        self._run_steps("check_decision", action)
        others = others or self.browse()
        locked = (self | others)._lock()
        rows = (self & locked)._filtered_undecided(sources)
        rows |= (others & locked)._filtered_along(sources)
        rows._check_claims(action)
        if action == "reopen" and not all(row.sudo()._is_received() for row in rows):
            raise UserError(self.env._("Only what was received can wait for a decision."))
        if not self.env.su:
            # Taking a communication off a lead changes the history of that lead.
            rows.lead_id.check_access("write")
        if action in CREATING:
            lead = rows[0]._create_lead()
            rows._check_company_of(lead)
        elif action in ("attach", "move"):
            rows._check_attach(lead)
        if state:
            values["state"] = state
        if lead or state not in (None, *LINKED_STATES):
            values["lead_id"] = lead.id if lead else False
        decision = self.env["lead.communication.decision"]._log(action, rows)
        rows._write_decision(dict(values, decision_id=decision.id))
        # What follows from a new lead of what was on one follows from a move.
        rows._run_steps("after_decision", "move" if action == "recreate" else action)
        return rows

    def _changed_values(self, _action):
        """Return what a decision about this row may change, as for ``write`` and as JSON.

        For extension: an action may change more.
        """
        values = {
            name: self._fields[name].convert_to_write(self[name], self) for name in CHANGED_FIELDS
        }
        # JSON has no times.
        return {
            name: fields.Datetime.to_string(value) if isinstance(value, datetime) else value
            for name, value in values.items()
        }

    def _write_decision(self, values):
        for step in self._steps("decision_values"):
            values = getattr(self, step)(values)
        # sudo: users hold no write access on communications; the rights on the rows were checked
        # with the lock, those on the leads by the decision.
        self.sudo().with_context(tracking_disable=True).write(values)

    def _decided_along(self):
        """Return the rows for which a decision about ``self`` counts too."""
        return self._rows_of_steps("decided_along")

    def _split_values(self):
        """Return what changes in this row when it is decided without what belongs to it.

        For extension.
        """
        self.ensure_one()
        return {}

    def _check_attach(self, lead):
        """Check that the user may put ``self`` on ``lead``."""
        lead.check_access("write")
        if lead == self.lead_id:
            raise UserError(self.env._("It is already on this lead."))
        self._check_company_of(lead)

    def _lock(self):
        """Lock and re-read the rows: what is decided next is decided on what is true now.

        A competing transaction waits here; when the first one has committed, PostgreSQL raises a
        serialization error, Odoo runs the request again, and the second one sees the decision.
        Nothing is wrong then, and nothing is logged as an error.
        """
        if self.ids:
            self.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "SELECT id FROM lead_communication WHERE id IN %s ORDER BY id FOR UPDATE",
                    tuple(self.ids),
                ),
                log_exceptions=False,
            )
            self.invalidate_recordset()
        return self.exists()

    def _filtered_undecided(self, sources):
        # sudo: the state says whether the rest of the row may be shown to the user
        rows = self.filtered(lambda row: row.sudo().state in sources)
        if rows:
            rows.check_access("read")
            return rows
        raise self._decided_error()

    def _filtered_along(self, sources):
        """Return those of ``self`` that still can be decided, by a user who may see them."""
        # sudo: as above
        rows = self.filtered(lambda row: row.sudo().state in sources)
        return rows._filtered_access("read")

    def _decided_error(self):
        """Return the error that tells who was first, with a link to the lead if it may be seen."""
        # sudo: that somebody else decided is told to those in whose queue the row was; the lead
        # itself is named to its readers only.
        row = self.sudo()[:1]
        if not row:
            return UserError(self.env._("This communication does not exist any more."))
        if not self.env.su and not (self[:1].has_access("read") or self._was_in_queue(row)):
            return self._hidden_error()
        message = self.env._(
            "%(user)s was first: this communication is already %(state)s (%(date)s).",
            user=row.decision_id.user_id.name or self.env._("A rule"),
            state=dict(row._fields["state"]._description_selection(self.env))[row.state],
            date=format_datetime(self.env, row.decision_id.create_date or row.write_date),
        )
        lead = row.lead_id.sudo(False)
        if lead and lead.has_access("read"):
            # The client completes the action of a button, not that of a dialog.
            action = dict(lead.redirect_lead_opportunity_view(), views=[(False, "form")])
            return error_with_offer(self.env, message, action, self.env._("Open the lead"))
        return UserError(message)

    def _is_reported(self):
        """Tell whether it came in by itself: a telephone system, the mail gateway told of it."""
        self.ensure_one()
        return bool(self.pbx_id) or (self.type == "email" and self.direction == "incoming")

    def _is_received(self):
        """Tell whether it can wait for a decision: it came in, or is a call somebody logged."""
        return self._is_reported() or (self.type == "call" and self.state == "done")

    def _was_in_queue(self, row):
        return bool(row.filtered_domain(self._queue_domain()))
