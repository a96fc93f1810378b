from odoo import models


class LeadCommunication(models.Model):
    """What waits in a mailbox is set aside by its members, or by who looks after all exceptions."""

    _inherit = "lead.communication"

    def _is_excepted_by(self, exception):
        if not super()._is_excepted_by(exception):
            return False
        # sudo: lead.mailbox - its members, who have left too; nothing is shown
        row = self.sudo().with_context(active_test=False)
        if row.type != "email" or not row.mailbox_ids or exception._is_for_all():
            return True
        return bool(exception._writers() & row.mailbox_ids.member_ids)
