from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import clean_context
from odoo.tools.sql import escape_psql

from ..communication.decide import LINKED_STATES
from ..communication.lead_communication import QUIET
from .completed import TIMES, not_in_future

# What people write down or plan themselves. An email is written by “Write an email”.
BY_HAND_TYPES = ("call", "meeting", "message", "note")
EVENT_FIELDS = {
    "customer_company_id",
    "date",
    "date_end",
    "description",
    "direction",
    "origin",
    "participant_ids",
    "partner_id",
    "priority",
    "source_id",
    "subject",
    "user_id",
}
LENGTHS = {"call": timedelta(minutes=15), "meeting": timedelta(hours=1)}
ACTIONS = {"planned": "plan", "done": "complete", "canceled": "cancel"}


class LeadCommunication(models.Model):
    """Events of a lead: what was planned, took place or came to nothing, written down by people.

    They are the only communications that people create and write; all that a telephone system or a
    mailbox reported stays as it was reported.
    """

    _inherit = "lead.communication"

    # What is readonly everywhere else can be written in an event: see EVENT_FIELDS.
    type = fields.Selection(readonly=False)
    direction = fields.Selection(readonly=False)
    subject = fields.Char(readonly=False)
    date = fields.Datetime(readonly=False)
    date_end = fields.Datetime(readonly=False)
    user_id = fields.Many2one(readonly=False, domain="[('share', '=', False)]")
    lead_id = fields.Many2one(readonly=False)
    state = fields.Selection(readonly=False)

    description = fields.Html(
        help="What it is about, what was discussed, what the next steps are.",
        sanitize_style=True,
    )
    priority = fields.Selection(selection=[("0", "Low"), ("1", "Normal"), ("2", "High")])
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="set null",
    )
    customer_company_id = fields.Many2one(
        comodel_name="res.partner",
        index="btree_not_null",
        ondelete="set null",
        domain="[('is_company', '=', True)]",
    )
    participant_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="lead_communication_participant_rel",
        string="Participants",
    )
    source_id = fields.Many2one(comodel_name="utm.source", ondelete="set null")
    origin = fields.Reference(
        selection="_selection_origin",
        string="Follow-Up Of",
        help="The event or document from which this one follows.",
    )
    is_by_hand = fields.Boolean(
        string="Written by Hand",
        compute="_compute_is_by_hand",
        help="People may change what they wrote down, not what was reported.",
    )
    text_search = fields.Char(
        string="Text to Find",
        store=False,
        search="_search_text_search",
        exportable=False,
        help="Finds words in the subject and the text.",
    )

    @api.depends("type", "pbx_id", "mail_message_id", "is_recorded", "state")
    def _compute_is_by_hand(self):
        for row in self:
            row.is_by_hand = row._is_by_hand()

    @api.model
    def _selection_origin(self):
        names = ("lead.communication", "crm.lead", "calendar.event", "sale.order")
        # sudo: ir.model - the names of models are no secret
        known = self.env["ir.model"].sudo()
        return [(name, known._get(name).name) for name in names if name in self.env]

    def _search_text_search(self, operator, value):
        if operator not in ("ilike", "like") or not isinstance(value, str):
            return NotImplemented
        found = Domain.OR(
            Domain(name, "ilike", value) for name in ("subject", "description", "preview")
        )
        pattern = f"%{escape_psql(value)}%"
        # The whole text of an email, looked up for the rows that the rest of the domain leaves.
        body = Domain.custom(
            to_sql=lambda model, alias, _query: SQL(
                "EXISTS (SELECT FROM mail_message m WHERE m.id = %s AND m.body ILIKE %s)",
                model._field_to_sql(alias, "mail_message_id"),
                pattern,
            ),
            predicate=lambda row: value.lower() in (row.body or "").lower(),
        )
        return found | body

    def _is_by_hand(self):
        """Tell whether people wrote it down: they may change it."""
        self.ensure_one()
        # sudo: what a row is, not what it says
        row = self.sudo()
        return (
            row.type in BY_HAND_TYPES
            and row.state in LINKED_STATES
            and not (row.pbx_id or row.mail_message_id or row.is_recorded)
        )

    # ---- WHO MAY WRITE ----

    def _check_access(self, operation):
        result = super()._check_access(operation)
        # What may not be seen is refused already; the others are to be looked at all the same.
        visible = self - result[0] if result else self
        if operation == "read" or self.env.su or not any(visible._ids):
            return result
        # sudo: whose lead it is decides; that the row may be seen was checked
        by_hand = visible.filtered(lambda row: row._is_by_hand()).sudo()
        writable = by_hand.lead_id.sudo(False)._filtered_access("write")
        fixed = visible - by_hand.filtered(lambda row: row.lead_id in writable).sudo(False)
        if not fixed:
            return result
        if result:
            return result[0] + fixed, result[1]
        return fixed, lambda: fixed._fixed_error()

    def _fixed_error(self):
        return AccessError(
            self.env._(
                "What was reported stays as it was: only events written by hand can be changed, by"
                " those who may change their lead."
            )
        )

    @api.model_create_multi
    def create(self, vals_list):
        # Defaults in the context would be written like values, whoever sent them.
        context = clean_context(self.env.context)
        if self.env.su:
            clean = self.with_env(self.env(context=context))
            rows = super(LeadCommunication, clean).create(vals_list).with_env(self.env)
        else:
            values = [self._prepare_event_values(vals) for vals in vals_list]
            quiet = self.with_env(self.env(context=context | QUIET))
            rows = super(LeadCommunication, quiet).create(values).with_env(self.env)
        rows.filtered(lambda row: row._is_by_hand())._run_steps(
            "after_event_change", set(EVENT_FIELDS)
        )
        return rows

    @api.model
    def _prepare_event_values(self, vals):
        """Return the values of an event that a person writes down.

        :raise AccessError: something is given that people do not write.
        """
        if forbidden := set(vals) - EVENT_FIELDS - {"lead_id", "state", "type"}:
            raise self._unknown_values_error(forbidden)
        self._check_values(vals | {"type": vals.get("type")})
        if vals["type"] not in BY_HAND_TYPES:
            raise UserError(self.env._("Use “Write an email” for an email."))
        lead = self.env["crm.lead"].browse(vals.get("lead_id") or [])
        if not lead:
            raise UserError(self.env._("Choose the lead that the event belongs to."))
        lead.check_access("write")
        state = vals.get("state") or "planned"
        if state not in ACTIONS:
            raise self._unknown_state_error()
        return self._complete_event_values(lead, vals | {"state": state})

    @api.model
    def _complete_event_values(self, lead, values):
        """Return the values of an event of ``lead`` with what follows from the lead."""
        customer = lead._event_customer()
        call = {"direction": "outgoing"} if values.get("type") == "call" else {}
        values = (
            {"priority": "1", "user_id": self.env.uid, "date": fields.Datetime.now()}
            | {"source_id": lead.source_id.id}
            | call
            | customer
            | {name: value for name, value in values.items() if value is not None}
            | {
                "lead_id": lead.id,
                "team_id": lead.team_id.id,
                "company_id": self._company_of(lead).id,
            }
        )
        if not values.get("date_end"):
            # The calendar shows what has an end.
            start = fields.Datetime.to_datetime(values["date"])
            values["date_end"] = start + LENGTHS.get(values.get("type"), timedelta())
        return not_in_future(values) if values.get("state") == "done" else values

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        # What a person writes down waits for no decision.
        if not self.env.su and values.get("state") in ("ready", "ignored"):
            values["state"] = "planned"
        return values

    def _unknown_state_error(self):
        return UserError(self.env._("An event is planned, completed or canceled."))

    def _unknown_values_error(self, names):
        known = {name: field._description_string(self.env) for name, field in self._fields.items()}
        labels = sorted(known.get(name, name) for name in names)
        return AccessError(
            self.env._("These values can't be written: %(names)s.", names=", ".join(labels))
        )

    def write(self, vals):
        if self.env.su:
            result = super().write(vals)
        else:
            if forbidden := set(vals) - EVENT_FIELDS - {"state"}:
                # Odoo's own fields (followers, messages) are written by its own ways.
                raise self._unknown_values_error(forbidden)
            facts = {name: value for name, value in vals.items() if name != "state"}
            self.check_access("write")
            quiet = self.with_context(tracking_disable=True)
            for row, values in quiet._put_off_values(facts):
                super(LeadCommunication, row).write(values)
            result = super(LeadCommunication, quiet).write(facts)
            for state, rows in self._grouped_by_new_state(vals.get("state")):
                if state == "planned" and not facts.keys() & set(TIMES):
                    rows._plan_again()
                else:
                    rows._decide(ACTIONS[state])
            if facts.keys() & set(TIMES):
                self._check_past()
        if names := EVENT_FIELDS & set(vals):
            self.filtered(lambda row: row._is_by_hand())._run_steps("after_event_change", names)
        return result

    def _put_off_values(self, facts):
        """Return ``[(row, values)]``: an event whose start alone is written ends later, too."""
        if "date" not in facts or "date_end" in facts:
            return []
        start = fields.Datetime.to_datetime(facts["date"])
        return [
            (row, {"date": start, "date_end": start + (row.date_end - row.date)})
            for row in self.filtered("date_end")
        ]

    @api.model
    def _written_references(self):
        # The rest follows from the lead, or is written by the system.
        return ["customer_company_id", "origin", "participant_ids", "partner_id"]

    def _grouped_by_new_state(self, state):
        if state is None:
            return []
        if state not in ACTIONS:
            raise self._unknown_state_error()
        rows = self.filtered(lambda row: row.state != state)
        return [(state, rows)] if rows else []

    @api.constrains("user_id")
    def _check_event_user(self):
        for row in self:
            if row._is_by_hand() and row.user_id.share:
                raise ValidationError(
                    self.env._("The person responsible for an event is an employee.")
                )

    @api.onchange("date")
    def _onchange_date(self):
        """An event is put off as a whole."""
        before = self._origin
        if self.date and before.date and before.date_end == self.date_end:
            self.date_end = before.date_end and self.date + (before.date_end - before.date)
        elif self.date and not before:
            self.date_end = self.date + LENGTHS.get(self.type, timedelta())

    @api.onchange("lead_id")
    def _onchange_lead_id(self):
        if self.lead_id and not self._origin:
            customer = self.lead_id._event_customer()
            self.partner_id = customer["partner_id"]
            self.customer_company_id = customer["customer_company_id"]
            self.participant_ids = self.partner_id
            self.source_id = self.lead_id.source_id

    @api.onchange("partner_id")
    def _onchange_partner_id(self):
        company = self.partner_id.commercial_partner_id
        if company.is_company and company != self.partner_id:
            self.customer_company_id = company
