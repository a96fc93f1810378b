from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, ValidationError
from odoo.fields import Command
from odoo.tools import email_normalize

from ...tools import exception_key
from ...tools.free_mail import is_free_mail
from ...tools.mail.subject import clean_text
from ...tools.phone import normalize

MAX_VALUE = 500
# One pattern can set aside the mail of many.
PATTERN_GROUPS = ("sales_team.group_sale_manager", "base.group_system")
WRITER_FIELDS = ("user_id", "also_user_ids")
# What an exception is about: changed, it is another one.
KEY_FIELDS = {"value", "kind", "company_id"}


class LeadCommunicationException(models.Model):
    """Whose calls and emails never need a decision: they are ignored as they come in.

    An exception of one company is for its communications, one without a company for all.
    Salespeople add exceptions and take back their own, managers all. One of a manager or an
    administrator is for everything, one of salespeople only for what they may decide themselves.
    """

    _name = "lead.communication.exception"
    _description = "Exception for Communications"
    _inherit = ["lead.references"]
    _order = "id desc"
    _rec_name = "value"

    value = fields.Char(
        required=True,
        string="Who",
        help="An address, a domain, a number, the beginning of numbers such as +48 22*, or an"
        " internal line such as 101. Administrators can write a pattern, *@newsletter.*, in which"
        " * stands for anything.",
    )
    kind = fields.Selection(
        selection=[
            ("address", "Address"),
            ("domain", "Domain"),
            ("number", "Number"),
            ("prefix", "Beginning of Numbers"),
            ("short", "Internal Line"),
            ("pattern", "Pattern"),
        ],
        compute="_compute_kind",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
    )
    value_normalized = fields.Char(
        string="Stored as", compute="_compute_value_normalized", store=True, precompute=True
    )
    like_pattern = fields.Char(
        compute="_compute_value_normalized",
        store=True,
        precompute=True,
        help="A pattern as it is searched for.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        default=lambda self: self.env.company,
        ondelete="cascade",
        help="Without a company it is for all of them.",
    )
    note = fields.Char(help="Why their calls and emails need no decision.")
    active = fields.Boolean(default=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Added by",
        default=lambda self: self.env.user,
        readonly=True,
        ondelete="set null",
    )
    also_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="lead_communication_exception_user_rel",
        string="Added Also by",
        readonly=True,
        copy=False,
        help="Who also wants it, for what they may decide.",
    )
    hit_count = fields.Integer(
        string="Ignored",
        compute="_compute_hits",
        help="How many communications it ignored, of those that you may see.",
    )
    last_hit_date = fields.Datetime(string="Last One", compute="_compute_hits")

    # A table of many exceptions is not read for its few patterns.
    _pattern_idx = models.Index("(company_id) WHERE kind = 'pattern' AND active")
    # First the key, by which alone it is looked for.
    _key_unique = models.UniqueIndex(
        "(value_normalized, kind, COALESCE(company_id, 0))",
        "This exception already exists. If you do not see it, it is archived: unarchive it.",
    )

    @api.depends("value")
    def _compute_kind(self):
        for row in self:
            country = row._country(row.company_id)
            row.kind = bool(row.value) and exception_key.guess_kind(row.value, country.code)

    @api.depends("value", "kind", "company_id")
    def _compute_value_normalized(self):
        for row in self:
            key = row._key(row.kind, row.value or "", row.company_id)
            row.value_normalized = key
            row.like_pattern = row.kind == "pattern" and key and exception_key.like_pattern(key)

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_hits(self):
        # With the rights of the user: whether and when somebody wrote is for the members.
        groups = self.env["lead.communication"]._read_group(
            [("exception_id", "in", self.ids)], ["exception_id"], ["__count", "date:max"]
        )
        hits = {exception.id: (count, date) for exception, count, date in groups}
        for row in self:
            row.hit_count, row.last_hit_date = hits.get(row.id, (0, False))

    @api.model
    def _key(self, kind, value, company):
        """Return how ``value`` is stored as a ``kind``, or False if it is none."""
        if not kind:
            return False
        if kind == "address":
            return exception_key.address_key(email_normalize(value) or "") or False
        if kind == "domain":
            return exception_key.domain_key(value) or False
        if kind == "number":
            return normalize(value, self._country(company).code) or False
        if kind == "short":
            return exception_key.short_key(value) or False
        if kind == "pattern":
            return exception_key.pattern_key(value) or False
        return exception_key.prefix_key(value) or False

    @api.model
    def _country(self, company):
        return (company or self.env.company).country_id

    # ---- CHECKS ----

    @api.constrains("value", "kind", "company_id")
    def _check_value(self):
        for row in self:
            if len(row.value) > exception_key.MAX_LENGTH:
                raise ValidationError(self.env._("This is too long."))
            if not row.value_normalized:
                raise ValidationError(row._no_key_message())
            row._check_width()

    def _check_may_write_patterns(self):
        """Check that the user may write what ``self`` has become."""
        if self.env.su or self._is_for_everything(self.env.user):
            return
        if "pattern" in self.mapped("kind"):
            raise AccessError(self.env._("Patterns are written by managers and administrators."))
        if any(exception_key.is_wide(row.kind, row.value_normalized) for row in self):
            raise AccessError(
                self.env._(
                    "Calls of a whole country are ignored by managers and administrators alone."
                )
            )

    def _no_key_message(self):
        value = self.value
        if self.kind == "address":
            return self.env._(
                "“%s” is not an email address. Write it like name@example.com.", value
            )
        if self.kind == "domain":
            return self.env._(
                "“%s” is not a domain. Write a domain like example.com, an address like"
                " name@example.com, or a number like +48 22 123 45 67.",
                value,
            )
        if self.kind == "number":
            return self.env._(
                "“%s” is not a complete phone number. For all numbers that begin like this, write"
                " the beginning with the country code and an asterisk: +48 22*.",
                value,
            )
        if self.kind == "short":
            return self.env._("“%s” is not an internal line. Write 2 to 6 digits, like 101.", value)
        if self.kind == "pattern":
            return self.env._(
                "“%s” is not a safe pattern. Write it like *@newsletter.* or +48*555, where *"
                " stands for anything; it must not be for everybody.",
                value,
            )
        return self.env._(
            "“%s” is not the beginning of a number. Write it with the country code: +48 22*.", value
        )

    def _check_width(self):
        """Refuse what would set aside the mail or the calls of everybody."""
        if self.kind == "domain" and is_free_mail(self.value_normalized):
            raise ValidationError(
                self.env._(
                    "Everybody can have an address at %s. Write the whole address instead.",
                    self.value_normalized,
                )
            )
        companies = self.company_id or self.env.companies
        for country in companies.country_id if self.kind == "prefix" else ():
            if exception_key.is_country_code(self.value_normalized, country.code):
                raise ValidationError(
                    self.env._("All numbers of the own country (%s) begin like this.", country.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        # Who adds it says for what it is: nobody adds one in another's name.
        vals_list = [self._clean(vals) for vals in vals_list]
        for vals in vals_list:
            self._check_values(vals)
            self._check_own_company(vals)
        writer = {"user_id": self.env.uid, "also_user_ids": []} if not self.env.su else {}
        rows = super().create([vals | writer for vals in vals_list])
        rows._check_may_write_patterns()
        rows._forget_patterns()
        return rows

    def write(self, vals):
        self._forget_patterns()
        vals = self._clean(vals)
        self._check_values(vals)
        self._check_own_company(vals)
        if not self.env.su:
            vals = {name: value for name, value in vals.items() if name not in WRITER_FIELDS}
        if KEY_FIELDS & set(vals):
            # Those who added it did not mean what it is now.
            vals = vals | {"also_user_ids": [Command.clear()]}
        result = super().write(vals)
        self._check_may_write_patterns()
        self._forget_patterns()
        if "company_id" in vals:
            # Odoo checked the company that it was of; nobody gives it to one that is not theirs.
            self.check_access("write")
        return result

    def unlink(self):
        self._forget_patterns()
        return super().unlink()

    def _forget_patterns(self):
        if "pattern" in self.mapped("kind"):
            self.env.registry.clear_cache()  # of _has_patterns()

    @api.model
    def _check_own_company(self, vals):
        """Check that the user works in the company of an exception at the moment.

        Even before it is looked whether it is there already: that would tell.
        """
        if not self.env.su and vals.get("company_id"):
            if vals["company_id"] not in self.env.companies.ids:
                raise AccessError(self.env._("You do not work in this company at the moment."))

    @api.model
    def _clean(self, vals):
        """Return ``vals`` with the text as a person sees it: without what the database refuses."""
        if isinstance(vals.get("value"), str):
            vals = vals | {"value": clean_text(vals["value"], MAX_VALUE) or False}
        if "kind" in vals and not vals["kind"]:
            vals = {name: value for name, value in vals.items() if name != "kind"}
        return vals

    # ---- ADDING ----

    @api.model
    def _find(self, kind, key, company):
        """Return the exception with that key of that very company, also an archived one."""
        # sudo: what is compared with is what the database compares with
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("value_normalized", "=", key),
                    ("kind", "=", kind),
                    ("company_id", "=", company.id),
                ],
                limit=1,
            )
        )

    @api.model
    def _find_or_create(self, kind, value, company):
        """Return the exception for ``value``: the one there is, unarchived, or a new one.

        :raise ValidationError: ``value`` is no such thing, or too wide.
        :raise AccessError: the user may not add exceptions of this company.
        """
        self.check_access("create")
        key = self._key(kind, value, company)
        found = self._find(kind, key, company) if key else self
        if not found:
            return self._create_once({"kind": kind, "value": value, "company_id": company.id})
        found.sudo(False).check_access("read")
        if not found.active:
            # sudo: who may add an exception may add again what somebody took back; it is theirs now
            found.write(
                {"active": True, "user_id": self.env.uid, "also_user_ids": [Command.clear()]}
            )
        elif found.user_id != self.env.user and not self._is_for_everything(found.user_id):
            # sudo: nothing of the exception changes but that it is for what they decide as well
            found.also_user_ids = [Command.link(self.env.uid)]
        return found.sudo(False)

    @api.model
    def _create_once(self, vals):
        try:
            with self.env.cr.savepoint():
                return self.create(vals)
        except UniqueViolation as error:
            # Somebody else adds it at this moment: Odoo runs the request again and finds it.
            raise ConcurrencyError("The same exception was added at the same time") from error
