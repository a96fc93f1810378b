import logging
import secrets
from itertools import chain
from typing import NamedTuple

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, ormcache, split_every

from odoo.addons.base.models.res_partner import _tz_get

from ... import telephony
from ...telephony.payload import Parsed, PayloadError, cause_of
from ...telephony.switchboard import Line, Switchboard
from ...tools.phone import normalize

_logger = logging.getLogger(__name__)

# Events recorded by one set of queries; a file of a year's calls has hundreds of thousands.
BATCH_SIZE = 5000

# Leads, and contacts, that a telephone is shown of those who share a number.
LOOKUP_LIMIT = 5


class TakenIn(NamedTuple):
    """What became of one input: how many calls and rows, and whether a failure was kept."""

    calls: int
    created: int
    broken: int
    is_kept: bool


class LeadPbx(models.Model):
    """A telephone system that reports its calls.

    The key in the address names it and is no secret; the secret signs what it sends. Administrators
    manage it; salespeople see its name on their calls only.
    """

    _name = "lead.pbx"
    _description = "Telephone System"
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    provider = fields.Selection(selection="_selection_provider", required=True, default="asterisk")
    active = fields.Boolean(default=True)

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, default=lambda self: self.env.company
    )
    country_id = fields.Many2one(
        comodel_name="res.country",
        compute="_compute_country_id",
        store=True,
        precompute=True,
        readonly=False,
        help="Numbers without a country code belong to this country.",
    )
    tz = fields.Selection(
        selection=_tz_get,
        string="Time Zone",
        required=True,
        default=lambda self: self.env.user.tz or "UTC",
        help="Its local times are in this time zone.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        check_company=True,
        help="The team that receives the calls of unknown lines.",
    )
    line_ids = fields.One2many(
        comodel_name="lead.pbx.line", inverse_name="pbx_id", string="Lines", copy=True
    )

    key = fields.Char(
        required=True, readonly=True, copy=False, default=lambda self: secrets.token_urlsafe(12)
    )
    secret = fields.Char(
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups="base.group_system",
        help="Proves that a report comes from the telephone system. A secret that its provider gave"
        " you can be entered, and not be read again.",
    )
    live_secret = fields.Char(
        copy=False, groups=fields.NO_ACCESS, default=lambda self: secrets.token_urlsafe(32)
    )
    # Still accepted, until the telephone system uses the new one.
    previous_secret = fields.Char(copy=False, groups=fields.NO_ACCESS)
    is_secret_shown = fields.Boolean(
        default=True,
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="A secret that we made is shown until it is hidden or proves a report.",
    )
    secret_is_given = fields.Boolean(compute="_compute_provider")
    has_secret = fields.Boolean(compute="_compute_has_secret", groups="base.group_system")
    has_previous_secret = fields.Boolean(compute="_compute_has_secret", groups="base.group_system")
    webhook_url = fields.Char(string="Address", compute="_compute_webhook_url")
    setup_steps = fields.Text(compute="_compute_setup_steps")
    has_configuration = fields.Boolean(compute="_compute_provider")
    last_event_date = fields.Datetime(
        string="Last Report", readonly=True, copy=False, help="To the minute."
    )
    clock_difference = fields.Integer(
        string="Clock Difference (s)",
        readonly=True,
        copy=False,
        help="Seconds by which the clock of the telephone system is ahead of this server's. From"
        " 300 on, its reports are refused.",
    )

    _key_unique = models.Constraint("UNIQUE(key)", "Another telephone system has this key.")

    def _selection_provider(self):
        """Return the kinds of telephone systems; the names of products are in no language."""
        others = {"generic": self.env._("Other (Signed JSON)")}
        return [(key, others.get(key, name)) for key, name in telephony.selection()]

    @api.depends("company_id")
    def _compute_country_id(self):
        for pbx in self:
            pbx.country_id = pbx.company_id.country_id or pbx.country_id

    @api.depends("provider")
    def _compute_provider(self):
        for pbx in self:
            provider = telephony.PROVIDERS.get(pbx.provider)
            pbx.secret_is_given = bool(provider) and provider.SECRET_IS_GIVEN
            pbx.has_configuration = hasattr(provider, "configuration")

    @api.depends("live_secret", "provider", "is_secret_shown")
    def _compute_secret(self):
        for pbx in self:
            is_shown = pbx.is_secret_shown and not pbx.secret_is_given
            # sudo: lead.pbx - whoever may read this field may see a secret that is new
            pbx.secret = is_shown and pbx.sudo().live_secret

    def _inverse_secret(self):
        for pbx in self:
            if pbx.secret and pbx.secret_is_given:
                pbx._replace_secret(pbx.secret.strip())
            elif pbx.secret:
                # In place of the one that we made, which no telephone system has yet.
                # sudo: lead.pbx - whoever may write this field may not read the secret
                pbx.sudo().live_secret = pbx.secret.strip()

    @api.depends("live_secret", "previous_secret")
    def _compute_has_secret(self):
        for pbx in self:
            # sudo: lead.pbx - that there is one is all that is shown
            pbx.has_secret = bool(pbx.sudo().live_secret)
            pbx.has_previous_secret = bool(pbx.sudo().previous_secret)

    @api.depends("key")
    def _compute_webhook_url(self):
        for pbx in self:
            pbx.webhook_url = f"{pbx.get_base_url()}/lead_communications/pbx/{pbx.key}"

    @api.depends("provider", "webhook_url")
    @api.depends_context("lang")
    def _compute_setup_steps(self):
        for pbx in self:
            provider = telephony.PROVIDERS.get(pbx.provider)
            pbx.setup_steps = provider and provider.setup_steps(pbx.webhook_url, self.env)

    # ---- CRUD ----

    @api.model_create_multi
    def create(self, vals_list):
        systems = super().create(vals_list)
        for pbx, vals in zip(systems, vals_list, strict=True):
            if pbx.secret_is_given:
                pbx._set_secret(vals.get("secret"))
        self.env["lead.communication"]._sync_features()
        return systems

    def write(self, vals):
        changed = self.filtered(lambda pbx: pbx.provider != vals.get("provider", pbx.provider))
        were_given = changed.filtered("secret_is_given")
        result = super().write(vals)
        for pbx in changed:
            if pbx.secret_is_given:
                pbx._set_secret(vals.get("secret"))
            elif pbx in were_given:
                pbx._set_secret(vals.get("secret") or secrets.token_urlsafe(32))
        if "active" in vals:
            self.env["lead.communication"]._sync_features()
        self.env.registry.clear_cache()  # of _switchboard()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["lead.communication"]._sync_features()
        self.env.registry.clear_cache()  # of _switchboard(), also for the lines that went along
        return result

    # ---- ACTIONS ----

    def action_rotate_secret(self):
        """Make a new secret; the old one stays valid until it is forgotten."""
        self.check_access("write")
        for pbx in self:
            pbx._replace_secret(secrets.token_urlsafe(32))

    def action_forget_previous_secret(self):
        """Accept the current secret only."""
        self.check_access("write")
        # sudo: lead.pbx - nobody may read or write the field
        self.sudo().write({"previous_secret": False, "is_secret_shown": False})

    def action_hide_secret(self):
        """Show the secret no more: it was copied to the telephone system."""
        self.check_access("write")
        self.is_secret_shown = False

    def action_download_configuration(self):
        """Download the file that sets the telephone system up."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lead_communications/pbx_configuration/{self.id}",
            "target": "download",
        }

    def action_import(self):
        """Open the dialog in which CDR files are uploaded."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_pbx_import_action"
        )
        return dict(action, context={"default_pbx_id": self.id})

    # ---- SECRETS ----

    def _set_secret(self, secret):
        """Accept ``secret`` and no other; nothing if it is empty."""
        # sudo: lead.pbx - nobody may read or write the fields
        self.sudo().write(
            {
                "live_secret": (secret or "").strip(),
                "previous_secret": False,
                "is_secret_shown": True,
            }
        )

    def _replace_secret(self, secret):
        """Accept ``secret``, and the present one until it is forgotten."""
        # sudo: lead.pbx - nobody may read or write the fields
        pbx = self.sudo()
        pbx.write(
            {
                "live_secret": secret,
                "previous_secret": pbx.live_secret,
                "is_secret_shown": True,
            }
        )

    def _make_configuration(self):
        """Return name and content of the file that sets the telephone system up.

        :raise AccessError: the user is no administrator, for the secret is in it.
        """
        self.ensure_one()
        self.check_access("write")
        if not self.has_configuration:
            raise UserError(self.env._("There is no file for this kind of telephone system."))
        if not self.secret_is_given and not self.is_secret_shown:
            raise UserError(
                self.env._("The secret in the file is not shown again: press “New Secret” first.")
            )
        provider = telephony.get(self.provider)
        return provider.configuration(self.webhook_url, self.secret or "", self.env)

    # ---- TAKING CALLS IN ----

    @api.model
    def _find_by_key(self, key):
        """Return the active telephone system that ``key`` names, as superuser, or an empty one."""
        # sudo: lead.pbx - the sender is no user; what he sends proves itself by its signature
        pbx = self.sudo().search_fetch([("key", "=", key)], limit=1)
        return pbx if pbx.provider in telephony.PROVIDERS else pbx.browse()

    def _live_secrets(self):
        """Return the secrets that a report may be signed with."""
        # sudo: lead.pbx - compared with the signature, never shown
        return [
            secret
            for pbx in self.sudo()
            for secret in (pbx.live_secret, pbx.previous_secret)
            if secret
        ]

    def _parse(self, raw: bytes, content_type: str) -> Parsed:
        """Return the call events in ``raw``; raises PayloadError if it cannot be read at all."""
        self.ensure_one()
        return telephony.get(self.provider).parse(raw, content_type or "", self.tz)

    def _receive(self, raw: bytes, content_type: str):
        """Record all calls in ``raw``, or nothing and raise.

        :return: the communications that were created, those that were updated.
        """
        parsed = self._parse(raw, content_type)
        if parsed.broken:
            raise PayloadError(parsed.broken[0].code, _describe_broken(parsed))
        return self._record(parsed.events)

    def _take_in(self, raw: bytes, content_type: str, clock_difference=None) -> TakenIn:
        """Record the calls in ``raw``, and keep as a failure what cannot be recorded.

        Transient errors of the database are raised: the host runs the request again.

        :param clock_difference: seconds by which the clock of the sender is ahead, if known.
        :raise PayloadError: it is no input of a telephone system, so nothing is worth keeping.
        """
        parsed = self._parse(raw, content_type)
        created, is_kept = 0, bool(parsed.broken)
        if parsed.broken:
            self._keep_broken_rows(parsed, content_type)
        try:
            with self.env.cr.savepoint():
                created = len(self._record(parsed.events)[0])
        except psycopg2.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - the call happened and must not be lost
            _logger.error("%s: a report could not be recorded: %s", self, type(error).__name__)
            self._keep(raw, f"{type(error).__name__}: {error}", content_type, "unexpected")
            is_kept = True
        self._touch(clock_difference)
        calls = len({event.external_id for event in parsed.events})
        return TakenIn(calls, created, len(parsed.broken), is_kept)

    def _postpone(self, raw: bytes, content_type: str) -> TakenIn:
        """Keep ``raw`` to be recorded later: the database is too busy to do it now."""
        self._keep(raw, "The database was busy.", content_type, "busy", is_temporary=True)
        return TakenIn(calls=0, created=0, broken=0, is_kept=True)

    def _find_contacts(self, number):
        """Return who has ``number``, as far as this system's company knows them.

        :param str number: as the telephone system wrote it.
        :return: a list of :class:`telephony.Contact`, open leads first.
        """
        phone = normalize(number, self.country_id.code)
        if not phone:
            return []
        domain = Domain("phone_sanitized", "=", phone)
        domain &= Domain("company_id", "in", [False, self.company_id.id])
        # sudo: crm.lead, res.partner - the telephone shows the name to whoever is called
        leads = self.env["crm.lead"].sudo().search(domain, order="id desc", limit=LOOKUP_LIMIT)
        partners = self.env["res.partner"].sudo().search(domain, limit=LOOKUP_LIMIT)
        return [self._lead_contact(lead) for lead in leads] + [
            self._partner_contact(partner) for partner in partners
        ]

    def _lead_contact(self, lead):
        return telephony.Contact(
            kind="Leads",
            id=lead.id,
            name=lead.contact_name or lead.partner_id.name or lead.name,
            company=lead.partner_name or "",
            email=lead.email_normalized or "",
            url=f"{self.get_base_url()}/odoo/crm.lead/{lead.id}",
        )

    def _partner_contact(self, partner):
        return telephony.Contact(
            kind="Contacts",
            id=partner.id,
            name=partner.name or "",
            company=partner.commercial_company_name or "",
            email=partner.email_normalized or "",
            url=f"{self.get_base_url()}/odoo/res.partner/{partner.id}",
        )

    @ormcache("self.id")
    def _switchboard(self):
        """Return the lines as plain data, to record any number of calls by them.

        Kept between requests: whatever changes the system or a line, or deletes what they refer to,
        clears the cache.
        """
        self.ensure_one()
        # sudo: lead.pbx, lead.pbx.line - what follows from a call is the same whoever reports it
        pbx, lines = self.sudo(), self.env["lead.pbx.line"].sudo()
        names = ["extension", "number", "number_sanitized", "user_id", "team_id", "company_id"]
        lines = lines.search_fetch([("pbx_id", "=", self.id)], names, order="id")
        return Switchboard(
            country_code=pbx.country_id.code or "",
            company_id=pbx.company_id.id,
            team_id=pbx.team_id.id or None,
            fetches_recordings=pbx.fetch_recordings,
            users={line.extension: line.user_id.id or None for line in lines if line.extension},
            lines={
                line.number_sanitized: Line(
                    id=line.id,
                    company_id=line.company_id.id,
                    team_id=line.team_id.id or None,
                    user_id=line.user_id.id or None,
                )
                for line in lines
                if line.number_sanitized
            },
        )

    def _record(self, events):
        communications = self.env["lead.communication"]
        results = [
            communications._record_calls(self, batch) for batch in split_every(BATCH_SIZE, events)
        ]
        created = communications.union(*(result[0] for result in results))
        updated = communications.union(*(result[1] for result in results))
        return created, updated - created

    def _keep_broken_rows(self, parsed, content_type):
        rows = chain([parsed.header] if parsed.header else [], (row.text for row in parsed.broken))
        cause = cause_of(parsed.broken[0].code)
        self._keep("\n".join(rows).encode(), _describe_broken(parsed), content_type, cause)

    def _keep(self, raw, error, content_type, cause, is_temporary=False):
        self.env["lead.communication.failure"]._keep(
            type="call",
            raw=raw,
            error=error,
            pbx=self,
            content_type=content_type,
            cause=cause,
            is_temporary=is_temporary,
        )

    def _touch(self, clock_difference=None):
        """Note that the system reported something, and by which clock, at most once a minute.

        The secret has arrived where it belongs, unless the report was signed with an older one.

        All its calls would otherwise wait for each other on this one row.
        """
        now = fields.Datetime.now()
        if self.last_event_date and (now - self.last_event_date).total_seconds() < 60:
            return
        self.env.execute_query(
            SQL(
                """UPDATE lead_pbx SET last_event_date = %s, clock_difference = %s,
                    is_secret_shown = is_secret_shown AND COALESCE(previous_secret, '') <> ''
                WHERE id IN (
                    SELECT id FROM lead_pbx WHERE id = %s FOR UPDATE SKIP LOCKED
                ) RETURNING id""",
                now,
                clock_difference,
                self.id,
            )
        )
        self.invalidate_recordset(
            ["last_event_date", "clock_difference", "is_secret_shown", "secret"], flush=False
        )


def _describe_broken(parsed):
    """Return what is wrong with which rows, one a line; the first hundred of them."""
    lines = [f"{row.number}: {row.reason}" for row in parsed.broken[:100]]
    if len(parsed.broken) > 100:
        lines.append(f"... {len(parsed.broken)}")
    return "\n".join(lines)
