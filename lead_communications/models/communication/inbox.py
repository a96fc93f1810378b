import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import phone
from .claim_question import asks_first

# By the first of these that is known one counterpart is told from another.
COUNTERPART_FIELDS = ("phone_sanitized", "email_normalized", "number", "contact_name")
# How much of a text a row shows.
PREVIEW_LENGTH = 190
# Fewer digits are a part of any number.
SEARCHED_DIGITS = 3


class LeadCommunication(models.Model):
    """The Inbox: what the queue shows of calls and emails alike, and what is decided from there."""

    _inherit = "lead.communication"

    counterpart_name = fields.Char(
        string="Who",
        compute="_compute_counterpart_name",
        help="The counterpart, by the best that is known.",
    )
    counterpart = fields.Char(
        compute="_compute_counterpart",
        search="_search_counterpart",
        help="What the counterpart is recognized by: the number, the address or the name.",
    )
    summary = fields.Char(
        compute="_compute_summary",
        help="The subject and the beginning of an email, the result and the length of a call.",
    )
    attempt_count = fields.Integer(
        string="Attempts",
        compute="_compute_attempt_count",
        help="How many calls of the same number wait for a decision.",
    )
    number_search = fields.Char(
        string="Number to Find",
        store=False,
        search="_search_number_search",
        exportable=False,
        help="Finds a number in whatever way it is written.",
    )

    @api.depends("contact_name", "number", "phone_sanitized", "email_from")
    @api.depends_context("lang")
    def _compute_counterpart_name(self):
        for row in self:
            row.counterpart_name = (
                row.contact_name
                or row.phone_sanitized
                or row.number
                or row.email_from
                or self.env._("Unknown")
            )

    @api.depends(*COUNTERPART_FIELDS)
    def _compute_counterpart(self):
        for row in self:
            known = (row[name] for name in COUNTERPART_FIELDS)
            row.counterpart = next(filter(None, known), False)

    @api.model
    def _search_counterpart(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = Domain(False in value)
        for name in reversed(COUNTERPART_FIELDS):
            is_known = Domain(name, "in", [one for one in value if one])
            domain = is_known | (Domain(name, "=", False) & domain)
        return domain

    @api.model
    def _read_group_groupby(self, alias, groupby_spec, query):
        if groupby_spec != "counterpart":
            return super()._read_group_groupby(alias, groupby_spec, query)
        columns = [self._field_to_sql(alias, name, query) for name in COUNTERPART_FIELDS]
        known = SQL(", ").join(SQL("NULLIF(%s, '')", column) for column in columns)
        return SQL("COALESCE(%s)", known)

    @api.depends("type", "subject", "preview", "result", "duration", "contact_name", "number")
    @api.depends_context("lang")
    def _compute_summary(self):
        results = dict(self._fields["result"]._description_selection(self.env))
        for row in self:
            if row.type == "call":
                parts = [
                    results.get(row.result) or self.env._("Going on"),
                    row.duration and f"{row.duration // 60}:{row.duration % 60:02}",
                    row.contact_name and row.number,
                ]
                row.summary = " · ".join(filter(None, parts))
            else:
                row.summary = " – ".join(filter(None, [row.subject, row.preview]))

    @api.depends("phone_sanitized", "state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_attempt_count(self):
        numbers = set(self.filtered(lambda row: row.type == "call").mapped("phone_sanitized"))
        domain = (
            Domain("type", "=", "call")
            & Domain("state", "=", "ready")
            & Domain("phone_sanitized", "in", list(numbers - {False}))
        )
        counts = dict(self._read_group(domain, ["phone_sanitized"], ["__count"]))
        for row in self:
            row.attempt_count = row.type == "call" and counts.get(row.phone_sanitized, 0)

    @api.model
    def _search_number_search(self, operator, value):
        if operator == "in":
            return Domain.OR(self._number_domain(text) for text in value)
        if operator in ("like", "ilike") and isinstance(value, str):
            return self._number_domain(value)
        return NotImplemented

    @api.model
    def _number_domain(self, text):
        """Return the domain of the calls with the number that ``text`` spells, or a part of it."""
        domain = Domain("number", "ilike", text)
        if number := phone.normalize(text, self.env.company.country_id.code):
            return domain | Domain("phone_sanitized", "=", number)
        digits = re.sub(r"\D", "", text or "").lstrip("0")
        if len(digits) < SEARCHED_DIGITS:
            return domain
        return domain | Domain("phone_sanitized", "ilike", digits)

    # ---- OPENING ----

    def get_formview_id(self, access_uid=None):
        """Return the form of a call or that of an email."""
        form = self.env.ref(
            f"lead_communications.lead_communication_view_form_{self.type}",
            raise_if_not_found=False,
        )
        return form.id if form else super().get_formview_id(access_uid)

    def _form_path(self):
        """Return the path of the action, in an address of the web client, whose form it has."""
        self.ensure_one()
        return "lead-calls" if self.type == "call" else "lead-emails"

    def action_open(self):
        """Open the communication in the form of its type."""
        self.ensure_one()
        self.check_access("read")
        kind = "call" if self.type == "call" else "email"
        action = self.env["ir.actions.actions"]._for_xml_id(
            f"lead_communications.lead_communication_{kind}_action"
        )
        return action | {
            "res_id": self.id,
            "view_mode": "form",
            "views": [view for view in action["views"] if view[1] == "form"],
            "context": {},
        }

    # ---- DECIDING ----

    @asks_first
    def action_attach_found(self):
        """Put the communication on one of the leads that were found for it.

        The context key ``found_lead_id`` says on which one.
        """
        self.ensure_one()
        lead_id = self.env.context.get("found_lead_id")
        lead = self.env["crm.lead"].browse(lead_id if type(lead_id) is int else [])
        if not lead.exists():
            raise UserError(self.env._("This lead does not exist any more."))
        return self._attach_along(lead)

    def _attach_along(self, lead):
        """Put the communication on ``lead``, with what belongs to it; return what says so."""
        rows = self._decide("attach", lead, others=self._decided_along())
        return rows._decided_notice(self, next_action=lead.redirect_lead_opportunity_view())

    # ---- COUNTING ----

    @api.model
    @api.readonly
    def count_ready(self):
        """Return how much waits for the user: ``{"call": 3, "email": 1}``; a query for rows.

        Those are the rows that the Inbox shows at first: the user's own, and those of nobody. What
        is put off is counted apart, see :meth:`_count_snoozed`.
        """
        self.browse().check_access("read")
        domain = (
            self._queue_domain()
            & self._waiting_now_domain()
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("user_id", "in", [self.env.uid, False])
        )
        # sudo: the domain is what the rules of rows without a lead say, without the rest of them
        groups = self.sudo()._read_group(domain, ["type"], ["__count"])
        return dict(groups) | self._count_snoozed()
