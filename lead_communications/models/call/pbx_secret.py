import secrets

from odoo import api, fields, models


class LeadPbx(models.Model):
    """The secret that proves reports: nobody reads it again once it is where it belongs."""

    _inherit = "lead.pbx"

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
    has_secret = fields.Boolean(compute="_compute_has_secret", groups="base.group_system")
    has_previous_secret = fields.Boolean(compute="_compute_has_secret", groups="base.group_system")

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

    @api.model_create_multi
    def create(self, vals_list):
        systems = super().create(vals_list)
        for pbx, vals in zip(systems, vals_list, strict=True):
            if pbx.secret_is_given:
                pbx._set_secret(vals.get("secret"))
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

    def _live_secrets(self):
        """Return the secrets that a report may be signed with."""
        # sudo: lead.pbx - compared with the signature, never shown
        return [
            secret
            for pbx in self.sudo()
            for secret in (pbx.live_secret, pbx.previous_secret)
            if secret
        ]
