from odoo import models

from ..communication.rule import JUNK_RULES


class LeadCommunication(models.Model):
    """What is put off is back when the sender writes again, or its conversation goes on."""

    _inherit = "lead.communication"

    def _wake_by_email(self):
        """Bring back what is put off of whom ``self``, which has just come in, is with.

        Not for what a program wrote, such as the notice that somebody is away, nor for what an
        exception has set aside.
        """
        if self.rule not in (*JUNK_RULES, "exception", "before_start"):
            # sudo: what comes in is nobody's doing
            self.sudo()._wake_parties()
