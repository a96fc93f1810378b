import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools.sql import escape_psql

from ...models.communication.claim_question import asks_first, told_context
from ...tools import ranking
from ...tools.exception_key import RANGES, exception_keys, short_key, spellings

UNLINKED = ("ready", "ignored")
# So many leads are named.
NAMED = 3


class LeadCommunicationIgnore(models.TransientModel):
    """Ignore somebody always: who exactly, and whether what waits of it goes too.

    Of several parties at once, each gets an exception of its own.
    """

    _name = "lead.communication.ignore"
    _description = "Ignore Always"
    _inherit = ["lead.references"]

    communication_ids = fields.Many2many(
        comodel_name="lead.communication", string="Communications", readonly=True
    )
    email_kind = fields.Selection(
        selection=[("address", "This address"), ("domain", "This whole domain")], string="Emails of"
    )
    address = fields.Char(readonly=True)
    domain = fields.Char()
    call_kind = fields.Selection(
        selection=[("number", "This number"), ("prefix", "All numbers beginning with")],
        string="Calls of",
    )
    number = fields.Char(readonly=True)
    prefix = fields.Char(string="Beginning")
    is_internal = fields.Boolean(readonly=True, help="It has no neighbours to ignore.")
    is_several = fields.Boolean(readonly=True, help="Several parties: each as it is.")
    note = fields.Char(help="Why their calls and emails need no decision.")
    apply_to_others = fields.Boolean(string="Also what waits now", default=True)
    other_count = fields.Integer(compute="_compute_other_count")
    open_lead_warning = fields.Char(compute="_compute_open_lead_warning")

    @api.depends("email_kind", "call_kind", "domain", "prefix", "communication_ids")
    def _compute_other_count(self):
        for wizard in self:
            rows = wizard._chosen()
            others = self.env["lead.communication"].search(
                wizard._waiting_domain() & Domain("id", "not in", rows.ids)
            )
            if wizard._is_for_many():
                others -= others._filtered_open_lead()
            wizard.other_count = len(others)

    @api.depends("email_kind", "call_kind", "domain", "prefix", "communication_ids")
    @api.depends_context("uid", "allowed_company_ids", "lang")
    def _compute_open_lead_warning(self):
        for wizard in self:
            leads, hidden_count = wizard._open_leads()
            wizard.open_lead_warning = wizard._open_lead_warning(leads, hidden_count)

    @api.model
    def _open(self, communications):
        """Return the action of the dialog, filled with the other parties of ``communications``."""
        rows = communications._filtered_undecided(UNLINKED)
        rows = rows.filtered(lambda row: row.is_ignorable)
        if not rows:
            raise UserError(
                self.env._(
                    "Nobody knows who this was: there is no number and no address to ignore."
                )
            )
        rows._check_claims("ignore")
        wizard = self.create(self._prepare_values(rows))
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_ignore_always_action"
        )
        return dict(action, res_id=wizard.id, context=told_context(self.env))

    @api.model
    def _prepare_values(self, rows):
        emails = rows.filtered("email_normalized").grouped("email_normalized")
        calls = (rows - rows.filtered("email_normalized")).grouped(
            lambda row: row._excepted_number()
        )
        numbers = [group[0]._lead_phone() for group in calls.values()]
        domains = {address.rpartition("@")[2] for address in emails}
        return {
            "communication_ids": [Command.set(rows.ids)],
            "is_several": len(emails) + len(calls) > 1,
            "email_kind": "address" if emails else False,
            "address": ", ".join(sorted(emails)),
            "domain": ", ".join(sorted(domains)),
            "call_kind": "number" if calls else False,
            "number": ", ".join(numbers),
            "prefix": _beginning(numbers[0]) if len(numbers) == 1 else False,
            "is_internal": len(numbers) == 1 and not rows[:1].phone_sanitized,
        }

    # ---- WHO ----

    def _chosen(self):
        """Return the chosen communications.

        :raise AccessError: the user may not see all of them. What is known of them already, by
            whatever has read it, would be told else.
        """
        rows = self.communication_ids._origin
        rows.check_access("read")
        return rows

    def _counterpart_key(self, row):
        """Return the kind, value and company of the exception that was chosen for ``row``."""
        if row.email_normalized:
            kind = self.email_kind or "address"
            value = row.email_normalized
            if kind == "domain":
                value = value.rpartition("@")[2] if self.is_several else self.domain
        elif not row.phone_sanitized:
            kind, value = "short", short_key(row.number)
        else:
            kind = "number" if self.is_several else self.call_kind or "number"
            value = self.prefix if kind == "prefix" else row._lead_phone()
        return kind, value or "", row.company_id

    def _waiting_domain(self):
        """Return the domain of what waits of the chosen parties."""
        Exceptions = self.env["lead.communication.exception"]
        domains = []
        for kind, value, company in self._chosen().grouped(self._counterpart_key):
            if key := Exceptions._key(kind, value, company):
                domains.append(Exceptions._key_domain(kind, key, company))
        return Domain.OR(domains)

    def _is_for_many(self):
        """Tell whether the exception is for more than the parties that were chosen."""
        return not self.is_several and bool(
            self.email_kind == "domain" or (not self.email_kind and self.call_kind == "prefix")
        )

    # ---- WHAT SPEAKS AGAINST IT ----

    def _open_leads(self):
        """Return the open leads of whom it is for that the user may see, and how many they may not.

        :return: ``(crm.lead, int)``
        """
        rows = self._chosen()
        # sudo: crm.lead - how many there are is told, and no more
        Leads = self.env["crm.lead"].sudo()
        exact = rows.sudo()._find_candidates().values()
        leads = Leads.browse(
            candidate.lead_id
            for candidates in exact
            for candidate in ranking.open_exact(candidates)
        )
        for kind, value, company in rows.grouped(self._counterpart_key):
            if domain := kind in RANGES and self._lead_domain(kind, value, company):
                leads |= Leads.search(domain & Domain("won_status", "=", "pending"))
        seen = leads.sudo(False)._filtered_access("read")
        return seen, len(leads - seen.sudo())

    def _lead_domain(self, kind, value, company):
        """Return the domain of the leads of the parties for which such an exception is."""
        key = self.env["lead.communication.exception"]._key(kind, value, company)
        if not key:
            return None
        if kind == "prefix":
            parties = Domain("phone_sanitized", "=like", f"{escape_psql(key)}%")
        else:
            parties = Domain.OR(
                Domain("email_normalized", "=like", f"%{before}{escape_psql(spelling)}")
                for spelling in spellings(key)
                for before in "@."
            )
        return parties & Domain("company_id", "in", [False, company.id])

    def _open_lead_warning(self, leads, hidden_count):
        """Return what the user is told of the open leads that it hits, "" if it hits none."""
        count = len(leads) + hidden_count
        if not count:
            return False
        names = ", ".join(leads[:NAMED].mapped("display_name"))
        if count > len(leads[:NAMED]):
            more = self.env._("%s more", count - len(leads[:NAMED]))
            names = f"{names}, {more}" if names else more
        if self._is_for_many():
            return self.env._(
                "Some of them have an open lead: %s. Their calls and emails still wait in Ready.",
                names,
            )
        return self.env._(
            "There is an open lead: %s. What they send goes to Ignored all the same, except "
            "answers to our emails.",
            names,
        )

    # ---- THE DECISION ----

    @asks_first
    def action_ignore_always(self):
        """Make the exceptions and ignore what waits; return a message that says what was done."""
        self.ensure_one()
        # sudo: a row that a colleague took meanwhile is not left out in silence; who may see it is
        # checked next
        rows = self.sudo().communication_ids.sudo(False)._lock()._filtered_undecided(UNLINKED)
        waiting = rows.filtered(lambda row: row.state == "ready")
        count = 0
        values = []
        for (kind, value, company), group in rows.grouped(self._counterpart_key).items():
            exception = self._add_exception(kind, value, company, group)
            values.append(exception.value)
            chosen = group & waiting
            if self.apply_to_others:
                chosen |= exception._waiting()
            count += len(chosen and chosen._ignore_by(exception))
        message = self.env._(
            "Always ignored from now on: %(who)s. Ignored now: %(count)s.",
            who=", ".join(values),
            count=count,
        )
        return self.env["lead.communication.exception"]._notify(message)

    def _add_exception(self, kind, value, company, rows):
        exception = self.env["lead.communication.exception"]._find_or_create(kind, value, company)
        key = (exception.kind, exception.value_normalized)
        for row in rows:
            if key not in exception_keys(row.phone_sanitized, row.email_normalized, row.number):
                raise UserError(
                    self.env._(
                        "“%(value)s” does not fit %(party)s.",
                        value=exception.value,
                        party=row.email_normalized or row._lead_phone(),
                    )
                )
        if self.note and not exception.note and exception.has_access("write"):
            exception.note = self.note
        return exception


def _beginning(number):
    """Return ``number`` without its last two digits: those of one telephone of a company."""
    return re.sub(r"\D*\d\D*\d\D*$", "", number or "") + "*"
