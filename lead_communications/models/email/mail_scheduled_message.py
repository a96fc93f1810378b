import json

from odoo import api, models
from odoo.tools import SQL

from .written_mail import WrittenMail


class MailScheduledMessage(models.Model):
    """Emails from a lead that are sent later: planned in the history of the lead."""

    _inherit = "mail.scheduled.message"

    @api.model_create_multi
    def create(self, vals_list):
        scheduled = super().create(vals_list)
        for message in scheduled.filtered(lambda one: one.model == "crm.lead"):
            own = self.env.user.email if message.is_note else ""
            self.env["lead.mailbox"]._check_send_as(message._parameter("email_from"), own=own)
            self.env["lead.communication"]._plan_email(message)
        return scheduled

    def write(self, vals):
        result = super().write(vals)
        if vals.get("notification_parameters") and not self.env.su:
            for message in self.filtered(lambda one: one.model == "crm.lead"):
                self.env["lead.mailbox"]._check_send_as(message._parameter("email_from"))
        for row in self._planned_rows():
            row.write(row._prepare_planned_values(row.scheduled_message_id))
        return result

    def unlink(self):
        rows = self._planned_rows()
        if rows:
            self._check()
            rows._decide("cancel")
        # What the row canceled, the row has deleted.
        return super(MailScheduledMessage, self.exists()).unlink()

    def _post_message(self, raise_exception=True):
        for message in self:
            with message._written_mail().being_posted():
                super(MailScheduledMessage, message)._post_message(raise_exception)
        return None

    def _written_mail(self):
        """Return what was chosen for the message when it was planned."""
        row = self._planned_rows()[:1]
        return WrittenMail(
            user_id=row.user_id.id,
            template_id=row.mail_template_id.id,
            is_forward=self.composition_comment_option == "forward",
            scheduled_id=self.id,
        )

    def _message_created_hook(self, message):
        result = super()._message_created_hook(message)
        # Nobody outside was notified by email: it was posted all the same.
        for row in self._planned_rows():
            self.env["lead.communication"].with_user(self.create_uid)._record_message(
                row.lead_id, message, "outgoing", counterpart=row.email_normalized
            )
        return result

    @api.model
    def _notification_parameters_whitelist(self):
        # Odoo forgets what the message answers.
        return super()._notification_parameters_whitelist() | {"parent_id"}

    def _parameter(self, name):
        """Return one of the parameters with which the message is posted."""
        try:
            return json.loads(self.notification_parameters or "{}").get(name)
        except (AttributeError, ValueError):
            return None

    def _planned_rows(self):
        """Return the rows of the messages, as superuser's."""
        # sudo: rows are written by the system alone; Odoo checks who may change the messages
        rows = self.env["lead.communication"].sudo()
        return rows.search([("scheduled_message_id", "in", self.ids), ("state", "=", "planned")])

    @api.model
    def _of_leads(self, leads):
        """Return what waits to be sent from ``leads``."""
        return self.search([("model", "=", "crm.lead"), ("res_id", "in", leads.ids)])

    def _retarget(self, lead):
        """Let the messages be sent from ``lead``: the row that stands for them has moved there.

        Odoo forbids to write it; its attachments stand on the messages.
        """
        if self and lead:
            self.flush_recordset(["res_id"])
            self.env.execute_query(
                SQL(
                    "UPDATE mail_scheduled_message SET res_id = %s WHERE id IN %s RETURNING id",
                    lead.id,
                    tuple(self.ids),
                )
            )
            self.invalidate_recordset(["res_id"])
