from textwrap import shorten

from odoo import api, models
from odoo.tools.mail import html_to_inner_content

from .event import ACTIONS

SUMMARY_LENGTH = 190


class LeadCommunication(models.Model):
    """Events on screen: what they are called, in which form they open, what their buttons do."""

    _inherit = "lead.communication"

    # ---- ON SCREEN ----

    @api.depends("type", "subject", "description")
    def _compute_summary(self):
        events = self.filtered(lambda row: row._is_by_hand() and not row.result)
        result = super(LeadCommunication, self - events)._compute_summary()
        for row in events:
            text = html_to_inner_content(row.description or "")
            row.summary = " – ".join(filter(None, [row.subject, shorten(text, SUMMARY_LENGTH)]))
        return result

    def _default_lead_name(self):
        if self.type in ("call", "email"):
            return super()._default_lead_name()
        kind = dict(self._fields["type"]._description_selection(self.env)).get(self.type, "")
        name = self.partner_id.name or self.customer_company_id.name
        return f"{kind}: {name}" if name else kind

    def _is_shown_as_event(self):
        """Tell whether it has the form of events: what people noted, and every message."""
        return self.type == "message" or (self._is_by_hand() and not self.result)

    def get_formview_id(self, access_uid=None):
        """Return the form of events for those, but for a call that was made."""
        if self._is_shown_as_event():
            return self.env.ref("lead_communications.lead_communication_view_form_event").id
        return super().get_formview_id(access_uid)

    def _form_path(self):
        return "lead-events" if self._is_shown_as_event() else super()._form_path()

    def action_open(self):
        """Open an event in its own form, what was reported in that of its type."""
        self.ensure_one()
        if not self._is_shown_as_event():
            return super().action_open()
        self.check_access("read")
        view = "lead_communication_view_form_event"
        return self._event_dialog(self.display_name, view, self.id) | {"target": "current"}

    # ---- STATES ----

    def _check_by_hand(self, action):
        if action in ACTIONS.values():
            # sudo: what a row is; its rights are checked with the lock
            fixed = self.filtered(lambda row: not row._is_by_hand() and row.sudo().state == "done")
            if fixed and not self.env.su:
                raise fixed._fixed_error()

    def action_complete(self):
        """Say that the events took place."""
        return self._decide("complete")._decided_notice(self)

    def action_cancel(self):
        """Say that the events do not take place."""
        return self._decide("cancel")._decided_notice(self)

    def action_reschedule(self):
        """Open the dialog with another time; what was canceled is planned again by it."""
        self.ensure_one()
        self.check_access("write")
        return self._event_dialog(
            self.env._("Reschedule"), "lead_communication_view_form_reschedule", self.id
        )

    def action_plan(self):
        """Plan the event again, at the time that was just chosen."""
        rows = self.filtered(lambda row: row.state != "planned")
        if rows:
            rows._decide("plan")
        return {"type": "ir.actions.act_window_close"}

    def action_follow_up(self):
        """Open a new event that follows from this one."""
        self.ensure_one()
        self.check_access("read")
        action = self.lead_id._new_event_action(self.type if self._is_by_hand() else "call")
        subject = self.subject or self.display_name
        action["context"] |= {
            "default_subject": self.env._("Follow-up: %(subject)s", subject=subject),
            "default_origin": f"{self._name},{self.id}",
            "default_participant_ids": self.participant_ids.ids or self.partner_id.ids,
        }
        return action

    @api.model
    def _event_dialog(self, name, view, res_id=False):
        view_id = self.env.ref(f"lead_communications.{view}").id
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": self._name,
            "res_id": res_id,
            "views": [(view_id, "form")],
            "target": "new",
            "context": {},
        }
