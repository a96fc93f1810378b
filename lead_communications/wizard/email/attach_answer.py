from odoo import api, fields, models


class LeadCommunicationAttach(models.TransientModel):
    """An email that waits is answered, and several leads fit: from which one?"""

    _inherit = "lead.communication.attach"

    answer = fields.Selection(
        selection=[("reply", "Reply"), ("reply_all", "Reply All"), ("forward", "Forward")],
        readonly=True,
        help="The email is answered from the lead that is chosen, and put there when that is sent.",
    )

    @api.model
    def _open_for_answer(self, row, kind):
        """Return the action of the dialog that asks from which lead ``row`` is answered."""
        action = self._open(row)
        self.browse(action["res_id"]).answer = kind
        return dict(action, name=self.env._("Answer from Which Lead?"))

    def _attach(self, lead):
        if self.answer and lead:
            return self._answer_from(lead)
        return super()._attach(lead)

    def action_create(self):
        if self.answer:
            return self._answer_from(self.env["crm.lead"])
        return super().action_create()

    def _answer_from(self, lead):
        """Open the answer; nothing is decided before it is sent."""
        row = self.communication_ids
        if row.state != "ready":
            raise row._decided_error()
        return row._open_answer(self.answer, lead)
