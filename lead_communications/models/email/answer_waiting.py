from odoo import models

from ..communication.claim_question import TOLD


class LeadCommunication(models.Model):
    """Answering an email that waits: what is sent puts it on a lead first.

    While the answer is written, nothing is decided; a discarded one leaves the email as it was.
    """

    _inherit = "lead.communication"

    def _answer_waiting(self, kind):
        """Open an answer from the lead that is sure, or from a new one; ask where several fit."""
        self._check_claims("answer")
        if self.suggestion == "choose":
            return self.env["lead.communication.attach"]._open_for_answer(self, kind)
        lead = self.found_lead_id if self.suggestion == "attach" else self.env["crm.lead"]
        return self._open_answer(kind, lead)

    def _waiting_context(self, lead):
        """Return what the composer is told while the email waits: on sending, it is decided."""
        if self.state != "ready":
            return {}
        context = {
            "default_lead_is_waiting": True,
            "lead_stay": bool(self.env.context.get("lead_stay")),
        }
        if not lead:
            # The lead comes into being with what is sent.
            context |= {"default_model": self._name, "default_res_ids": self.ids}
        return context

    def _decide_answered(self, lead):
        """Put the email, if it still waits, on ``lead`` or, without one, on a new lead.

        :return: ``(the lead on which it is now, what was decided just now)``: that of a colleague,
            who was quicker, is where the answer belongs.
        :raise UserError: it was set aside, or is on a lead that the user may not change.
        """
        self.ensure_one()
        self._lock()
        # sudo: the state says which of the checks is the right one
        state = self.sudo().state
        if state == "ready":
            action = "attach" if lead else "create"
            # Who is on it was told before the answer was written; that is not thrown away.
            row = self.with_context(**{TOLD: [[self.id, self.claimed_by_id.id]]})
            decided = row._decide(action, lead, others=row._decided_along())
            return self.lead_id, decided
        if state == "done" and self.has_access("read") and self.lead_id.has_access("write"):
            return self.lead_id, self.browse()
        raise self._decided_error()

    def _answering_mailbox(self):
        """Return the mailbox in which the email came in, if the user can answer as it."""
        self.ensure_one()
        # sudo: lead.mailbox - the address to which the customer wrote is no secret
        mailboxes = self.sudo().mailbox_ids.filtered(lambda box: box.active and box.mode != "off")
        return mailboxes.sorted("id")[:1]._filtered_answering()
