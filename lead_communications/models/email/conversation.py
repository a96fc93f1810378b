from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.address import same_addresses
from ...tools.mail.subject import thread_subject
from ..communication.claim_question import asks_first

# Without references a mail joins a conversation by its subject and sender, but no older one.
SUBJECT_WITHIN = timedelta(days=60)
SUBJECT_LIMIT = 40
# Of the rows of answered messages, which may be those of several companies.
REF_LIMIT = 10


class LeadCommunication(models.Model):
    """Emails that answer each other: they wait, and are decided, as one conversation."""

    _inherit = "lead.communication"

    conversation_ref = fields.Char(
        string="First Message-ID",
        readonly=True,
        index="btree_not_null",
        help="The Message-ID of the email that began the conversation.",
    )
    conversation_count = fields.Integer(
        string="Emails in the Conversation", compute="_compute_conversation_count"
    )

    conversation_ids = fields.Many2many(
        comodel_name="lead.communication",
        string="Other Emails of the Conversation",
        compute="_compute_conversation_ids",
    )

    @api.depends("conversation_ref")
    @api.depends_context("uid")
    def _compute_conversation_ids(self):
        rows = self.search(self._conversation_domain()).grouped("conversation_ref")
        for row in self:
            row.conversation_ids = rows.get(row.conversation_ref, row) - row

    @api.depends("conversation_ref")
    @api.depends_context("uid")
    def _compute_conversation_count(self):
        counts = dict(
            self._read_group(
                # What is planned is no email of it yet.
                self._conversation_domain() & Domain("state", "not in", ("planned", "canceled")),
                ["conversation_ref"],
                ["__count"],
            )
        )
        for row in self:
            row.conversation_count = counts.get(row.conversation_ref, 0)

    @api.model
    def _find_parent(self, reading, counterpart, company):
        """Return the row of the email that one answers, else that of the same subject and sender.

        :param reading: the ``mail_reading.Reading`` of the answer.
        :param counterpart: that of the answer, a ``tools.mail.counterpart.Counterpart``.
        :param company: which received it: its own rows come first.
        """
        if reading.references:
            refs = list(reading.references)
            parents = self.search([("message_ref", "in", refs)], order="id desc", limit=REF_LIMIT)
            if parents:
                return parents.filtered_domain([("company_id", "=", company.id)])[:1] or parents[:1]
        address = counterpart.source != "nobody" and counterpart.party.address
        if not (reading.is_reply and reading.thread_subject and address):
            return self.browse()
        earlier = self.search(
            Domain("email_normalized", "in", same_addresses(address))
            & Domain("type", "=", "email")
            & Domain("date", ">", fields.Datetime.now() - SUBJECT_WITHIN),
            order="id desc",
            limit=SUBJECT_LIMIT,
        )
        same = earlier.filtered(lambda row: thread_subject(row.subject) == reading.thread_subject)
        return same.filtered_domain([("company_id", "=", company.id)])[:1] or same[:1]

    def _is_strangers(self, counterpart):
        """Tell whether a form or a machine wrote for ``counterpart`` about the mail of another.

        Web sites let all that they send refer to one mail, so that it stands together; nobody
        answers the email of somebody else.
        """
        return bool(
            counterpart.is_for_others
            and self.direction == "incoming"
            and self.email_normalized not in same_addresses(counterpart.party.address)
        )

    @api.model
    def _find_parent_message(self, lead, message, counterpart):
        """Return the row of the message that one on ``lead`` answers.

        Odoo names the first message of a record as the parent of all; then it is the last
        email that was exchanged with ``counterpart``.
        """
        emails = Domain([("lead_id", "=", lead.id), ("type", "=", "email"), ("state", "=", "done")])
        parent = message and self.search(emails & Domain("mail_message_id", "=", message.id))
        if parent or not counterpart:
            return parent or self.browse()
        return self.search(
            emails & Domain("email_normalized", "in", same_addresses(counterpart)), limit=1
        )

    def _conversation(self):
        """Return the other emails of the conversations of ``self`` that the user may see."""
        return self.search(self._conversation_domain()) - self

    def _conversation_domain(self):
        """Return the domain of all emails of the conversations of ``self``."""
        return Domain("conversation_ref", "in", list(filter(None, self.mapped("conversation_ref"))))

    def _conversation_along(self):
        """Return the rest of the conversations, as far as it is where ``self`` are."""
        lead_ids = self.lead_id.ids or [False]
        return self._conversation().filtered(
            # Each company decides about its own emails.
            lambda row: row.lead_id.id in lead_ids and row.company_id in self.company_id
        )

    @asks_first
    def action_create_lead_from_this(self):
        """Create a lead from this email alone; the rest of its conversation stays."""
        self.ensure_one()
        row = self._decide("create", **self._split_values())
        return row._decided_notice(self, next_action=self.action_open_lead())

    def action_split(self):
        """Take the email out of its conversation, to be decided by itself."""
        self.ensure_one()
        if self.conversation_count < 2:
            raise UserError(self.env._("It is the only email of its conversation."))
        self._decide("split", **self._split_values())

    def _split_values(self):
        """Return what makes the email the first one of a conversation of its own."""
        values = super()._split_values()
        if self.type == "email":
            values["conversation_ref"] = f"{self.message_ref}#{self.id}"
        return values
