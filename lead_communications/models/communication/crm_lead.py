from collections import Counter

from odoo import api, fields, models

from ...tools import address
from ..lead.late_index import LateIndex


class CrmLead(models.Model):
    _inherit = "crm.lead"

    call_ids = fields.One2many(
        comodel_name="lead.communication",
        inverse_name="lead_id",
        string="Calls",
        readonly=True,
        domain=[("type", "=", "call")],
    )
    email_ids = fields.One2many(
        comodel_name="lead.communication",
        inverse_name="lead_id",
        string="Emails",
        readonly=True,
        domain=[("type", "=", "email")],
    )
    call_count = fields.Integer(string="Number of Calls", compute="_compute_communication_count")
    email_count = fields.Integer(string="Number of Emails", compute="_compute_communication_count")

    # Odoo has only a trigram index: 40 ms at a million leads.
    _email_normalized_idx = LateIndex("(email_normalized) WHERE email_normalized IS NOT NULL")
    _email_mailbox_idx = LateIndex(address.mailbox_index("email_normalized"))

    @api.depends_context("uid")
    def _compute_communication_count(self):
        # sudo: lead.communication - who reads a lead reads what belongs to it, except the emails
        # when the contact is hidden from them
        groups = (
            self.env["lead.communication"]
            .sudo()
            ._read_group([("lead_id", "in", self.ids)], ["lead_id", "type", "state"], ["__count"])
        )
        counts = Counter()
        hidden = self._filtered_hidden_contact()
        for lead, kind, state, count in groups:
            if kind == "email" and lead in hidden:
                continue
            # What is planned, or came to nothing, is no call and no email yet.
            for name in (state == "done" and kind, state, "all"):
                counts[lead.id, name] += count
        for lead in self:
            lead.call_count = counts[lead.id, "call"]
            lead.email_count = counts[lead.id, "email"]
            lead.planned_event_count = counts[lead.id, "planned"]
            lead.event_count = counts[lead.id, "all"]

    def _filtered_hidden_contact(self):
        """Return the leads in ``self`` with a contact that is hidden from the user."""
        if self.env.su:
            return self.browse()
        # sudo: which contact is hidden has to be read before it is known
        contacts = self.sudo().partner_id.sudo(False)
        hidden = contacts - contacts._filtered_access("read")
        return self.filtered(lambda lead: lead.sudo().partner_id.id in hidden._ids)

    # ---- HISTORY ----

    def _merge_dependences(self, opportunities):
        # sudo: rows are written by the system alone; Odoo has checked the merge
        rows = self.env["lead.communication"].sudo()
        rows = rows.search([("lead_id", "in", (self | opportunities).ids)])
        if not rows:  # Odoo assigns and merges thousands of leads that nobody has spoken about
            return super()._merge_dependences(opportunities)
        former = {row: row.lead_id.user_id for row in rows}
        rows.filtered(lambda row: row.lead_id in opportunities)._run_steps("before_merge")
        result = super()._merge_dependences(opportunities)
        rows = rows.exists()
        moved = rows.filtered(lambda row: row.lead_id in opportunities)
        moved.with_context(tracking_disable=True).write({"lead_id": self.id})
        moved._follow_company()
        rows._run_steps("after_merge", former)
        return result

    def write(self, vals):
        result = super().write(vals)
        if vals.get("company_id"):
            # sudo: rows are written by the system alone; whoever moves the lead moves its history
            rows = self.env["lead.communication"].sudo()
            rows.search([("lead_id", "in", self.ids)])._follow_company()
        return result

    def unlink(self):
        self.check_access("unlink")
        self._release_communications()
        return super().unlink()

    def _release_communications(self):
        """Give what was received back to the queue, with its mail; the rest goes with the lead.

        Odoo deletes the messages of a record before the record, so this has to come first.
        """
        # sudo: rows are written by the system alone; the right to delete the lead was checked
        rows = self.env["lead.communication"].sudo().search([("lead_id", "in", self.ids)])
        received = rows.filtered(lambda row: row._is_received())
        (rows - received).unlink()
        if received:
            received._decide("release")

    def _is_closed(self):
        """Tell whether it is lost or archived: what is written there is not looked at."""
        return bool(self) and not self.active

    def _filtered_worked_on(self, decision):
        """Return those of the leads that are more than what ``decision`` created: they stay.

        What is made in one transaction has one time; a merge puts rows on a lead of its own.
        """
        # sudo: whether anything is there; nothing of it is shown
        leads = self.sudo()
        busy = leads.filtered(
            lambda lead: lead.create_date != decision.create_date
            or lead.write_date != lead.create_date
            or lead.activity_ids
            or lead.calendar_event_ids
            or lead.message_ids.filtered(lambda one: one.message_type in ("comment", "email"))
        )
        rows = self.env["lead.communication"].sudo().search([("lead_id", "in", self.ids)])
        return (busy | rows.lead_id).sudo(False) & self

    # ---- ACTIONS ----

    def action_open_calls(self):
        """Open the calls of the lead."""
        return self._open_communications("lead_communication_call_action")

    def action_open_emails(self):
        """Open the emails of the lead."""
        return self._open_communications("lead_communication_email_action")

    def _open_communications(self, xmlid):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(f"lead_communications.{xmlid}")
        kind = "call" if "call" in xmlid else "email"
        domain = [("type", "=", kind), ("lead_id", "=", self.id), ("state", "=", "done")]
        return dict(action, domain=domain, context={})
