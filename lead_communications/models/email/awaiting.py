from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..communication.rule import JUNK_RULES

# The sender's clock may be wrong; of what we send we know the time.
_TIME = "coalesce({0}.received_date, {0}.date)"
_COLUMNS = (
    "conversation_ref",
    "date",
    "direction",
    "lead_id",
    "received_date",
    "rule",
    "state",
    "type",
)


class LeadCommunication(models.Model):
    """Whose turn it is in the conversations of a lead.

    The last email of a conversation that a person wrote decides: when it is the customer's, they
    waits for our answer.
    """

    _inherit = "lead.communication"

    answer_state = fields.Selection(
        selection=[("awaiting", "Awaiting our answer")],
        string="Answer",
        compute="_compute_answer_state",
        search="_search_answer_state",
        help="The customer wrote last in this conversation.",
    )
    is_conversation_head = fields.Boolean(
        string="Newest of the Conversation", compute="_compute_is_conversation_head"
    )

    @api.depends(*_COLUMNS)
    def _compute_answer_state(self):
        awaiting = self._ids_where(self._awaiting_sql("row"))
        for row in self:
            row.answer_state = "awaiting" if row._origin.id in awaiting else False

    @api.depends("conversation_ref", "date", "lead_id", "type")
    def _compute_is_conversation_head(self):
        later = SQL("(later.date, later.id) > (row.date, row.id)")
        heads = self._ids_where(
            SQL("row.lead_id IS NOT NULL AND NOT %s", self._later_sql("row", later))
        )
        for row in self:
            row.is_conversation_head = row.type == "email" and row._origin.id in heads

    def _ids_where(self, condition):
        """Return the ids of those of ``self`` for which ``condition`` on ``row`` is true."""
        self.flush_model(_COLUMNS)
        ids = tuple(self._origin.ids) or (0,)
        query = SQL("SELECT id FROM lead_communication row WHERE id IN %s AND %s", ids, condition)
        return {row_id for (row_id,) in self.env.execute_query(query)}

    @api.model
    def _search_answer_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        awaiting = Domain.custom(
            to_sql=lambda model, alias, _query: model._awaiting_sql(alias),
            predicate=lambda row: row.answer_state == "awaiting",
        )
        found = Domain.FALSE
        if "awaiting" in value:
            found |= awaiting
        if False in value:
            found |= ~awaiting
        return found

    @api.model
    def _awaiting_sql(self, alias):
        """Return the condition that ``alias`` is the email to which the customer awaits an answer.

        A look-up by index for each email that came in; none of the others is looked at.
        """
        self.flush_model(_COLUMNS)
        row = SQL.identifier(alias)
        later = SQL(
            "later.state = 'done' AND coalesce(later.rule, '') <> ALL(%s)"
            " AND (%s, later.id) > (%s, %s.id)",
            JUNK_RULES,
            SQL(_TIME.format("later")),
            SQL("coalesce(%(row)s.received_date, %(row)s.date)", row=row),
            row,
        )
        return SQL(
            "(%(row)s.type = 'email' AND %(row)s.direction = 'incoming' AND %(row)s.state = 'done'"
            " AND coalesce(%(row)s.rule, '') <> ALL(%(junk)s) AND NOT %(later)s)",
            row=row,
            junk=JUNK_RULES,
            later=self._later_sql(alias, later),
        )

    @api.model
    def _later_sql(self, alias, condition):
        """Return that the conversation of ``alias`` has another email for which is ``condition``.

        :param condition: on ``later``.
        """
        return SQL(
            "EXISTS (SELECT FROM lead_communication later"
            " WHERE later.conversation_ref = %(row)s.conversation_ref"
            " AND later.lead_id = %(row)s.lead_id AND later.type = 'email' AND %(condition)s)",
            row=SQL.identifier(alias),
            condition=condition,
        )
