from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command

from .event import BY_HAND_TYPES

# So many stand on the card; all of them are a click away.
SHOWN_ON_CARD = 8


class CrmLead(models.Model):
    """The events of a lead: everything that was said, planned and promised."""

    _inherit = "crm.lead"

    event_count = fields.Integer(string="Number of Events", compute="_compute_communication_count")
    planned_event_count = fields.Integer(
        string="Planned Events", compute="_compute_communication_count"
    )
    latest_event_ids = fields.Many2many(
        comodel_name="lead.communication",
        string="Latest Events",
        compute="_compute_latest_event_ids",
        help="The newest of what was said and planned, as far as the reader may see it.",
    )

    latest_call_ids = fields.Many2many(
        comodel_name="lead.communication",
        string="Latest Calls",
        compute="_compute_latest_event_ids",
    )

    @api.depends_context("uid")
    def _compute_latest_event_ids(self):
        """Read what the card shows: a lead may have ten thousand of them."""
        for lead in self:
            lead.latest_event_ids = lead._latest_events()
            lead.latest_call_ids = lead._latest_events(
                ("type", "=", "call"), ("state", "=", "done")
            )

    def _latest_events(self, *domain):
        """Return the newest communications of the lead that the user may see.

        What they may see is asked of these few: PostgreSQL would read all of the lead for it.
        """
        if not self._origin:
            return self.env["lead.communication"]
        if self._filtered_hidden_contact():
            domain = (*domain, ("type", "!=", "email"))
        # sudo: the newest ones of the lead; those that are hidden from the user are left out
        rows = self.env["lead.communication"].sudo()
        rows = rows.search([("lead_id", "=", self._origin.id), *domain], limit=SHOWN_ON_CARD)
        return rows.sudo(self.env.su)._filtered_access("read")

    def _event_customer(self):
        """Return the contact and the company of the lead as values of an event.

        What is hidden from the user is left out.
        """
        return {
            name: partner._filtered_access("read").id for name, partner in self._customer().items()
        }

    # ---- ACTIONS ----

    def action_open_events(self):
        """Open all events of the lead."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_history_action"
        )
        context = dict(self._new_event_context("call"), event_lead=True)
        return action | {"domain": [("lead_id", "=", self.id)], "context": context}

    def action_new_event(self):
        """Open a new event, prepared; ``event_type`` in the context says of which type."""
        self.ensure_one()
        self.check_access("write")
        kind = self.env.context.get("event_type")
        if kind == "email":
            return self.action_write_email()
        return self._new_event_action(kind if kind in BY_HAND_TYPES else "call")

    def _new_event_action(self, kind):
        action = self.env["lead.communication"]._event_dialog(
            self._new_event_name(kind), "lead_communication_view_form_event_dialog"
        )
        return action | {"context": self._new_event_context(kind)}

    def _new_event_name(self, kind):
        return {
            "call": self.env._("New Call"),
            "meeting": self.env._("New Meeting"),
            "message": self.env._("New Message"),
            "note": self.env._("New Note"),
        }[kind]

    def _new_event_context(self, kind):
        """Return the context in which an event of the lead is made, filled in from the lead."""
        now = fields.Datetime.now()
        # What one writes down took place; the others are planned for the next half hour.
        is_planned = kind in ("call", "meeting")
        start = now + timedelta(minutes=30 - now.minute % 30, seconds=-now.second)
        customer = self._event_customer()
        context = {
            "default_type": kind,
            "default_direction": "outgoing" if kind == "call" else False,
            "default_lead_id": self.id,
            "default_state": "planned" if is_planned else "done",
            "default_date": fields.Datetime.to_string(start if is_planned else now),
            "default_user_id": self.env.uid,
            "default_priority": "1",
            "default_source_id": self.source_id.id,
            "default_participant_ids": [Command.set(self.partner_id.ids)],
            "default_partner_id": customer["partner_id"],
            "default_customer_company_id": customer["customer_company_id"],
        }
        return context
