from odoo import api, models
from odoo.tools import SQL


class MailMessage(models.Model):
    """Emails on a lead are also hidden from those who may not read the contact of the lead.

    Odoo asks for the rights on the lead only. Authors and those who were notified keep what
    they have, as they do when the lead itself is hidden from them.
    """

    _inherit = "mail.message"

    @api.depends_context("uid")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        # Odoo names as superuser what a many2one field points at, such as what a note follows.
        hidden = self.sudo(False)._filtered_hidden_mail()
        hidden -= hidden._filtered_access("read")
        for message in self.filtered(lambda one: one._origin.id in hidden._ids):
            message.display_name = False
        return result

    @api.model
    def _find_allowed_doc_ids(self, model_ids):
        allowed = super()._find_allowed_doc_ids(model_ids)
        on_leads = {
            message_id
            for message_ids in model_ids.get("crm.lead", {}).values()
            for message_id in message_ids
        }
        return allowed - set(self.browse(on_leads & allowed)._filtered_hidden_mail()._ids)

    def _get_forbidden_access(self, operation):
        forbidden = super()._get_forbidden_access(operation)
        if operation == "create":
            return forbidden
        hidden = (self - forbidden)._filtered_hidden_mail()
        if hidden:
            me = self.env.user.partner_id
            # sudo: who wrote the message and who was notified, which Odoo asks for too
            hidden -= (
                hidden.sudo()
                .filtered(lambda mail: me in mail.author_id | mail.partner_ids | _notified(mail))
                .sudo(False)
            )
        return forbidden | hidden

    def _filtered_hidden_mail(self):
        """Return the messages that are emails on a lead with a contact hidden from the user."""
        if self.env.su or not self.ids:
            return self.browse()
        Communication = self.env["lead.communication"]
        rows = self.env.execute_query(
            SQL(
                "SELECT c.mail_message_id FROM lead_communication c WHERE %s = ANY(%s) AND %s",
                SQL.identifier(
                    "c", "mail_message_id", to_flush=Communication._fields["mail_message_id"]
                ),
                list(self.ids),
                Communication._hidden_contact_sql("c"),
            )
        )
        return self.browse(message_id for (message_id,) in rows)


def _notified(message):
    return message.notification_ids.res_partner_id
