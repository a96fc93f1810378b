from odoo import api, fields, models
from odoo.exceptions import UserError

# Where it is written decides about these: they are computed anew.
OF_PLACE = {"model", "res_ids", "record_alias_domain_id", "record_company_id"}


class MailComposeMessage(models.TransientModel):
    """An answer to an email that waits: what is sent puts that on a lead, before it goes out."""

    _inherit = "mail.compose.message"

    lead_is_waiting = fields.Boolean(
        readonly=True, help="The answered email waited for a decision when the answer was begun."
    )
    lead_is_sent = fields.Boolean(readonly=True, help="It went out: pressed twice, it goes once.")
    lead_consequence = fields.Char(compute="_compute_lead_consequence")

    @api.depends("is_lead_email", "lead_is_waiting", "res_ids")
    def _compute_lead_consequence(self):
        for composer in self:
            if not composer._waiting_row():
                composer.lead_consequence = False
            elif composer._is_from_new_lead():
                composer.lead_consequence = self.env._("Sending creates a lead from the email.")
            else:
                composer.lead_consequence = self.env._(
                    "Sending puts the email on “%(lead)s”.", lead=composer._lead().display_name
                )

    def _waiting_row(self):
        """Return the email that is answered, if it waited when the answer was begun."""
        # With the rights of the user: which email it is may be said by anybody.
        row = self.lead_communication_id.sudo(False)
        return row._filtered_access("read") if self.lead_is_waiting else row.browse()

    def _is_from_new_lead(self):
        """Tell whether the lead comes into being when the answer is sent."""
        row = self._waiting_row()
        return bool(row) and self.model == row._name and self._evaluate_res_ids() == row.ids

    # ---- SENDING ----

    def action_send_mail(self):
        return self._decide_and(super().action_send_mail)

    def action_schedule_message(self):
        return self._decide_and(super().action_schedule_message)

    def _decide_and(self, send):
        """Put the answered email, if it waited, on its lead, and send from there; say so."""
        if not self.filtered(lambda one: one.lead_is_waiting and one.lead_communication_id):
            return send()
        self.ensure_one()
        if self.lead_is_sent:
            return {"type": "ir.actions.act_window_close"}
        # Of two at once, the second one is run again, and sees it.
        self.lead_is_sent = True
        self.flush_recordset(["lead_is_sent"])
        lead = self._lead()
        if self.model == "crm.lead" and not lead.exists():
            raise UserError(self.env._("This lead does not exist any more."))
        lead, decided = self.lead_communication_id.sudo(False)._decide_answered(lead)
        self._write_from(lead)
        result = send()
        if not decided:
            return result
        return decided._decided_notice(next_action=lead.redirect_lead_opportunity_view())

    def _write_from(self, lead):
        """Let the email be one from ``lead``; nothing that was written is lost."""
        if self.model == lead._name and self._evaluate_res_ids() == lead.ids:
            return
        # What is written together with the place is not computed from it.
        kept = {
            name: field.convert_to_write(self[name], self)
            for name, field in self._fields.items()
            if field.store and field.compute and not field.readonly and name not in OF_PLACE
        }
        self.write(kept | {"model": lead._name, "res_ids": str(lead.ids)})
