import json

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...telephony.outcome import rung
from ..communication.columns_of_others import add_values_of_others, complete_those_of_others

# How an agent's part of a call is measured in reports, of its columns.
REPORT_SQL = {
    "talk_time": "%s / 3600.0",
    "average_talk_time": "NULLIF(%s, 0) / 3600.0",
}


class LeadCommunicationAgent(models.Model):
    """Who spoke in a call, and how long: everybody of ours who did, once for each call.

    While it rings it is for whom it rings. It follows from the reports of the call; people change
    nothing of it. Who may see the call, may see who spoke in it.
    """

    _name = "lead.communication.agent"
    _description = "Agent of a Call"
    _order = "answer_date, id"
    _rec_name = "extension"

    communication_id = fields.Many2one(
        comodel_name="lead.communication", string="Call", required=True, ondelete="cascade"
    )
    extension = fields.Char(required=True, help="The telephone, as the telephone system names it.")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", index="btree_not_null", ondelete="set null"
    )
    answer_date = fields.Datetime(string="Spoke from")
    duration = fields.Integer(string="Duration (s)", help="Seconds of conversation.")
    is_ringing = fields.Boolean(
        string="Rings", help="It rings there, and nobody has answered anywhere yet."
    )
    talk_time = fields.Float(
        string="Duration", compute="_compute_talk_time", help="Hours of conversation."
    )
    average_talk_time = fields.Float(
        string="Average Duration",
        compute="_compute_talk_time",
        aggregator="avg",
        help="Hours of conversation, of those who had one.",
    )
    direction = fields.Selection(related="communication_id.direction")

    _agent_unique = models.UniqueIndex(
        "(communication_id, extension)", "This telephone has already spoken in the call."
    )

    @api.depends("duration")
    def _compute_talk_time(self):
        for agent in self:
            agent.talk_time = agent.average_talk_time = agent.duration / 3600

    def _field_to_sql(self, alias, field_expr, query=None):
        if sql := REPORT_SQL.get(field_expr):
            duration = self._field_to_sql(alias, "duration", query)
            return SQL("(%s)::float8", SQL(sql, duration))
        return super()._field_to_sql(alias, field_expr, query)

    # ---- RIGHTS ----

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not self.env.su and not bypass_access:
            # Of the calls that the user may see: the domain of what they point at is theirs.
            visible = Domain("communication_id", "any", Domain("type", "=", "call"))
            domain = Domain(domain) & visible
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    def _check_access(self, operation):
        result = super()._check_access(operation)
        allowed = self - result[0] if result else self
        if self.env.su or not any(allowed._ids):
            return result
        # sudo: which call it is has to be read before it is known whether it may be seen
        calls = allowed.sudo().communication_id.sudo(False)
        visible = set(calls._filtered_access("read")._ids)
        hidden = allowed.filtered(lambda agent: agent.sudo().communication_id.id not in visible)
        if not hidden:
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: calls._hidden_error()


class LeadCommunication(models.Model):
    """Everybody who spoke is kept, and sees the call."""

    _inherit = "lead.communication"

    agent_ids = fields.One2many(
        comodel_name="lead.communication.agent",
        inverse_name="communication_id",
        string="Spoke",
        readonly=True,
        copy=False,
        help="Everybody who spoke in the call, and how long.",
    )

    @api.model
    def _note_speakers(self, speaking, known_ids, switchboard):
        """Note who spoke in calls, or where they ring, with one query; with none if nobody did.

        Whose a telephone was when it was first reported stays: lines pass to others.

        :param speaking: ``{id of a communication: all that is known of the call}``.
        :param known_ids: the ids of those that were there before.
        """
        agents = self.env["lead.communication.agent"]
        spoke = [
            values
            | {
                "communication_id": row_id,
                "extension": extension,
                "user_id": switchboard.user_of(extension, event),
            }
            for row_id, event in speaking.items()
            for extension, values in _taking_part(event).items()
        ]
        if not spoke and not known_ids:
            return
        others = add_values_of_others(agents, spoke)
        # Not logged when two reports collide: as of the call itself.
        self.env.cr.execute(
            SQL(
                """
                WITH spoke AS (
                    SELECT * FROM jsonb_populate_recordset(NULL::lead_communication_agent, %s)
                ), gone AS (
                    DELETE FROM lead_communication_agent agent WHERE communication_id = ANY(%s)
                    AND NOT EXISTS (
                        SELECT FROM spoke WHERE spoke.communication_id = agent.communication_id
                        AND spoke.extension = agent.extension
                    )
                )
                INSERT INTO lead_communication_agent AS agent
                    (communication_id, extension, user_id, answer_date, duration, is_ringing,
                     create_uid, create_date, write_uid, write_date %s)
                SELECT communication_id, extension, user_id, answer_date, duration, is_ringing,
                    %s, %s, %s, %s %s FROM spoke
                ON CONFLICT (communication_id, extension) DO UPDATE SET
                    user_id = COALESCE(agent.user_id, EXCLUDED.user_id),
                    answer_date = EXCLUDED.answer_date, duration = EXCLUDED.duration,
                    is_ringing = EXCLUDED.is_ringing,
                    write_uid = EXCLUDED.write_uid, write_date = EXCLUDED.write_date
                WHERE (COALESCE(agent.user_id, EXCLUDED.user_id), EXCLUDED.answer_date,
                    EXCLUDED.duration, EXCLUDED.is_ringing) IS DISTINCT FROM
                    (agent.user_id, agent.answer_date, agent.duration, agent.is_ringing)
                RETURNING agent.id, agent.xmax = 0
                """,
                json.dumps(spoke, default=str),
                list(known_ids),
                added := SQL("").join(SQL(", %s", SQL.identifier(name)) for name in others),
                *(self.env.uid, now := fields.Datetime.now(), self.env.uid, now),
                added,
            ),
            log_exceptions=False,
        )
        new = agents.browse(row_id for row_id, is_new in self.env.cr.fetchall() if is_new)
        agents.invalidate_model(flush=False)
        complete_those_of_others(new, others)
        self.browse(speaking).invalidate_recordset(["agent_ids"], flush=False)

    # ---- RIGHTS ----

    @api.model
    def _spoke_domain(self):
        """Return the domain of the calls in which the user spoke.

        That it rings at one's telephone gives a right to calls of no team and nobody only.
        """
        return Domain.custom(
            to_sql=lambda model, alias, _query: model._spoke_sql(alias),
            predicate=lambda row: row._is_spoken_by(self.env.user),
        )

    def _is_spoken_by(self, user):
        agents = self.agent_ids.filtered(lambda agent: agent.user_id == user)
        is_free = not (self.user_id or self.team_id)
        return any(is_free or not agent.is_ringing for agent in agents)

    @api.model
    def _spoke_sql(self, alias):
        """Return the condition that the user spoke in ``alias``; looked up for each row by itself.

        PostgreSQL would collect all calls in which they ever spoke for an ``IN`` or an ``EXISTS``.
        """
        return SQL(
            """(SELECT TRUE FROM lead_communication_agent agent
                WHERE agent.communication_id = %s AND agent.user_id = %s
                AND (agent.is_ringing IS NOT TRUE OR %s IS NULL AND %s IS NULL) LIMIT 1)""",
            SQL.identifier(alias, "id"),
            self.env.uid,
            SQL.identifier(alias, "user_id"),
            SQL.identifier(alias, "team_id"),
        )


def _taking_part(event):
    """Return who of ours takes part in a call: the columns of each by their extension."""
    if event.is_spoken or event.result or event.direction != "incoming":
        speakers = event.speakers
        is_one = len(speakers) == 1
        return {
            speaker.extension: {
                "answer_date": speaker.first,
                # Of the only one it is the whole, though their part may not be told.
                "duration": speaker.seconds or (is_one and event.talk_seconds) or 0,
                "is_ringing": False,
            }
            for speaker in speakers
            if speaker.extension
        }
    ringing = {"answer_date": None, "duration": 0, "is_ringing": True}
    return dict.fromkeys(rung(event.known_legs), ringing)
