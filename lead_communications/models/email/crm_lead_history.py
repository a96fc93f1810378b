from odoo import api, models

from .received_mail import GatewayMail

# The leads whose salesperson changes in this transaction
PENDING = "lead_communications.new_salesperson"


class CrmLead(models.Model):
    """What is written on a lead, from here or by the mail gateway, is in its history."""

    _inherit = "crm.lead"

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        # sudo: Odoo would delete what is to be sent later together with the merged leads
        self.env["mail.scheduled.message"].sudo()._of_leads(opportunities)._retarget(self)
        return result

    def write(self, vals):
        result = super().write(vals)
        if "user_id" in vals:
            self._sync_responsible_later()
        return result

    def _sync_responsible_later(self):
        """Let the emails of ``self`` follow the salesperson when the transaction ends.

        By one query for all leads: Odoo assigns thousands of them one by one.
        """
        precommit = self.env.cr.precommit
        pending = precommit.data.setdefault(PENDING, set())
        if not pending:
            precommit.add(self.browse()._sync_pending_responsible)
        pending.update(self.ids)

    @api.model
    def _sync_pending_responsible(self):
        lead_ids = list(self.env.cr.precommit.data.pop(PENDING, ()))
        # sudo: rows are written by the system alone
        rows = self.env["lead.communication"].sudo()
        rows.search([("lead_id", "in", lead_ids), ("type", "=", "email")])._sync_responsible()

    def _message_post_after_hook(self, message, msg_values):
        result = super()._message_post_after_hook(message, msg_values)
        is_email = message.message_type == "email"
        if is_email and GatewayMail.bringing(self.env, message.message_id):
            # A colleague's answer by their own mail program is one of ours.
            is_ours = bool(message.author_id.user_ids.filtered(lambda user: not user.share))
            self.env["lead.communication"]._record_message(
                self,
                message,
                "outgoing" if is_ours else "incoming",
                counterpart=self.email_from if is_ours else None,
            )
        return result

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_thread(message, msg_vals=msg_vals, **kwargs)
        if message.message_type in ("comment", "email_outgoing"):
            parties = [
                recipient["email_normalized"]
                for recipient in recipients
                if recipient["notif"] == "email" and recipient["share"]
            ]
            if parties:
                self.env["lead.communication"]._record_message(
                    self, message, "outgoing", counterpart=parties[0], email_to=", ".join(parties)
                )
        return recipients
