from odoo import api, fields, models
from odoo.fields import Domain


class LeadCommunication(models.Model):
    """When the emails of a conversation were answered, for the reports."""

    _inherit = "lead.communication"

    responded_date = fields.Datetime(
        string="Answered by Email on",
        readonly=True,
        copy=False,
        help="When the first email went out in the conversation after this one.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        rows = super().create(vals_list)
        rows._note_responses()
        return rows

    def _note_responses(self):
        """Note in the conversations of ``self``, which are new, when each email was answered."""
        # What begins a conversation answers nothing, and nothing has answered it yet.
        emails = self.filtered(
            lambda row: row.conversation_ref and row.conversation_ref != row.message_ref
        )
        if not emails:
            return
        # sudo: what is told of other emails is when they were answered, to their own readers
        conversation = self.sudo().search_fetch(
            emails._conversation_domain()
            & Domain("type", "=", "email")
            # What is planned is no answer yet.
            & Domain("state", "not in", ("planned", "canceled")),
            ["conversation_ref", "direction", "date", "responded_date"],
            order="date, id",
        )
        for group in conversation.grouped("conversation_ref").values():
            group._note_first_response()

    def _note_first_response(self):
        """Note the answers in one conversation, ``self``, the oldest email first."""
        answer = None
        for row in reversed(self):
            if row.direction == "outgoing":
                answer = row
            elif answer and row.responded_date != answer.date:
                row.with_context(tracking_disable=True).responded_date = answer.date
