from odoo import models


class CrmLead(models.Model):
    """Who follows a lead is not sent the emails of a contact that is hidden from them."""

    _inherit = "crm.lead"

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        recipients = super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
        # sudo: res.partner - compared with the rights of others only
        contact = self.sudo().partner_id
        message_type = (msg_vals or {}).get("message_type") or message.message_type
        is_email = message_type == "email" or any(
            recipient["notif"] == "email" and recipient["share"] for recipient in recipients
        )
        if not contact or not is_email:
            return recipients
        users = self.env["res.users"].browse(
            recipient["uid"]
            for recipient in recipients
            if recipient["uid"] and not recipient["share"]
        )
        hidden = {user.id for user in users if not contact.with_user(user).has_access("read")}
        return [recipient for recipient in recipients if recipient["uid"] not in hidden]
