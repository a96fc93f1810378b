from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

# Measures and groups of reports that need no column of their own: how they come of the columns.
REPORT_SQL = {
    "talk_time": "%(duration)s / 3600.0",
    "average_talk_time": "NULLIF(%(duration)s, 0) / 3600.0",
    "ring_seconds": "EXTRACT(EPOCH FROM COALESCE(%(answer_date)s, %(date_end)s) - %(date)s)",
    # Of what was reported: see _is_reported().
    "decision_hours": """
        CASE WHEN %(pbx_id)s IS NOT NULL
               OR %(type)s = 'email' AND %(direction)s = 'incoming'
        THEN EXTRACT(
            EPOCH FROM %(decided_date)s - GREATEST(%(create_date)s, %(snoozed_until)s)
        ) / 3600.0 END
    """,
    "response_hours": """
        EXTRACT(EPOCH FROM COALESCE(%(called_back_date)s, %(responded_date)s) - %(date)s) / 3600.0
    """,
}
REPORT_COLUMNS = (
    "duration",
    "answer_date",
    "date_end",
    "date",
    "pbx_id",
    "type",
    "direction",
    "decided_date",
    "create_date",
    "called_back_date",
    "responded_date",
    "snoozed_until",
)


class LeadCommunication(models.Model):
    """What reports count: how long it took to decide and to answer, how long one spoke and rang.

    A report is about what its reader may see. Only moments are stored, when they happen; the
    measures are made of the columns by the database.
    """

    _inherit = "lead.communication"

    decided_date = fields.Datetime(
        string="First Decided on",
        readonly=True,
        copy=False,
        help="When a person decided what waited. Back in Ready, it is decided anew.",
    )
    hour = fields.Char(
        string="Hour of the Day", compute="_compute_hour", search="_search_hour", help="Local time."
    )
    decision_hours = fields.Float(
        string="Time to Decision",
        compute="_compute_decision_hours",
        aggregator="avg",
        help="Hours from when it was here or, if it was snoozed, back, until a person decided.",
    )
    response_hours = fields.Float(
        string="Time to First Response",
        compute="_compute_response_hours",
        aggregator="avg",
        help="Hours until somebody spoke with the caller, or wrote to the sender.",
    )
    average_talk_time = fields.Float(
        string="Average Duration",
        compute="_compute_average_talk_time",
        aggregator="avg",
        help="Hours of conversation, of those who had one.",
    )

    # ---- FIELDS ----

    @api.depends("date")
    @api.depends_context("tz")
    def _compute_hour(self):
        for row in self:
            local = fields.Datetime.context_timestamp(row, row.date)
            row.hour = f"{local:%H}:00"

    def _search_hour(self, operator, value):
        if operator != "in":
            return NotImplemented
        hours = [hour for hour in value if hour]
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s = ANY(%s)", model._field_to_sql(alias, "hour", query), hours
            )
        )

    @api.depends("decided_date", "create_date", "snoozed_until", "pbx_id", "type", "direction")
    def _compute_decision_hours(self):
        for row in self:
            waited = row._is_reported() and _hours(row._waited_since(), row.decided_date)
            row.decision_hours = waited

    @api.depends("called_back_date", "responded_date", "date")
    def _compute_response_hours(self):
        for row in self:
            row.response_hours = _hours(row.date, row.called_back_date or row.responded_date)

    @api.depends("duration")
    def _compute_average_talk_time(self):
        for row in self:
            row.average_talk_time = row.duration / 3600

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "hour":
            return SQL(
                "to_char(timezone(%s, timezone('UTC', %s)), 'HH24:00')",
                self.env.tz.zone,
                self._field_to_sql(alias, "date", query),
            )
        if sql := REPORT_SQL.get(field_expr):
            columns = {
                name: self._field_to_sql(alias, name, query)
                for name in REPORT_COLUMNS
                if f"%({name})s" in sql
            }
            return SQL("(%s)::float8", SQL(sql, **columns))
        return super()._field_to_sql(alias, field_expr, query)

    # ---- MOMENTS ----

    def _note_decided_date(self, values):
        if values.get("state") == "ready":
            return values | {"decided_date": False}
        if "state" in values and "decided_date" not in values:
            # What a rule decides, as the system, did not wait for anybody.
            return values | {"decided_date": not self.env.su and fields.Datetime.now()}
        return values


def _hours(start, end):
    return (end - start).total_seconds() / 3600 if end else 0
