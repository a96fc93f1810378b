import time
from functools import partial

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...telephony.asterisk_originate import DialError
from ...telephony.hosted_dial import private_key
from ...telephony.web_dial import DIALLERS, HOSTED, WITH_OWN_NUMBER, Account, Order
from ...telephony.web_dial import dial as dial_by_web
from ...tools.phone import normalize
from ...tools.remote_file import Policy, RemoteFileError, Target, exchange

#: Bytes of an answer; seconds for one, and for all: somebody waits in front of the screen.
MAX_ANSWER_SIZE = 262144
API_TIMEOUT = 5
API_PATIENCE = 10
#: What belongs to one provider.
ACCOUNT = ("api_url", "api_user", "api_secret", "dial_number")


class LeadPbx(models.Model):
    """Click-to-dial by a web request to the telephone system, or to its provider."""

    _inherit = "lead.pbx"

    api_url = fields.Char(
        string="Address of the System",
        copy=False,
        groups="base.group_system",
        help="Such as https://pbx.example.com:8088, without a path. Hosted providers need none.",
    )
    api_is_private = fields.Boolean(
        string="In Our Own Network",
        copy=False,
        groups="base.group_system",
        help="The system may have an address of a private network, and need not be encrypted.",
    )
    api_user = fields.Char(
        string="User or Key",
        copy=False,
        groups="base.group_system",
        help="The user for whom the system dials. Empty: it does not dial.",
    )
    api_password = fields.Char(
        string="Secret of the User",
        compute="_compute_api_password",
        inverse="_inverse_api_password",
        groups="base.group_system",
        help="It is never shown again; leave it empty to keep it. It goes with its user.",
    )
    api_secret = fields.Char(copy=False, groups=fields.NO_ACCESS)
    dial_number = fields.Char(
        string="Own Number Shown",
        copy=False,
        groups="base.group_system",
        help="The own number that is shown to who is called, such as +48 22 123 45 67.",
    )

    def _compute_api_password(self):
        self.api_password = False

    def _inverse_api_password(self):
        for pbx in self:
            if secret := pbx.api_password:
                if pbx.provider == "vonage":  # a key has many lines, which browsers leave out
                    secret = " ".join(secret.split())
                # sudo: lead.pbx - nobody reads it, whoever may write the system may replace it
                pbx.sudo().api_secret = secret

    @api.constrains("api_url", "api_is_private", "api_user", "api_secret")
    def _check_api(self):
        # sudo: lead.pbx - the settings are checked whoever changed one of them
        for pbx in self.sudo():
            if not f"{pbx.api_user or ''}{pbx.api_secret or ''}".isprintable():
                raise ValidationError(self.env._("The user and the secret are one line each."))
            if pbx.api_url:
                pbx._check_api_url()
            if pbx.api_secret and pbx.provider == "vonage":
                pbx._check_application_key()

    def _check_api_url(self):
        try:
            target = Target.parse(self.api_url)
        except RemoteFileError:
            target = None
        if not target or target.path != "/" or "#" in self.api_url:
            raise ValidationError(
                self.env._("The system has an address such as “https://pbx.example.com:8088”.")
            )
        if target.scheme == "http" and not self.api_is_private:
            raise ValidationError(
                self.env._("Only a system in your own network may be asked unencrypted.")
            )

    def _check_application_key(self):
        try:
            private_key(self.api_secret)
        except DialError as error:
            raise ValidationError(
                self.env._("The secret of a Vonage application is its private key, the whole file.")
            ) from error

    @api.constrains("dial_number", "country_id")
    def _check_dial_number(self):
        # sudo: lead.pbx - the settings are checked whoever changed one of them
        for pbx in self.sudo():
            if pbx.dial_number and not pbx._own_number():
                raise ValidationError(
                    self.env._(
                        "“%(number)s” is not a complete number, such as +48 22 123 45 67.",
                        number=pbx.dial_number,
                    )
                )

    def _own_number(self):
        """Return the own number that is shown, in E.164, ``""`` if it is none."""
        return normalize(self.dial_number, self.country_id.code)

    def write(self, vals):
        if not vals.get("api_user", True):
            # sudo: lead.pbx - the secret goes with its user
            self.sudo().api_secret = False
        if "provider" in vals:
            others = self.filtered(lambda pbx: pbx.provider != vals["provider"])
            # sudo: lead.pbx - what one provider gave is told to no other
            others.sudo().write({name: False for name in ACCOUNT if name not in vals})
        return super().write(vals)

    # ---- DIALLING ----

    @api.model
    def _web_dial_domain(self):
        """Return the domain of the systems that can be told to dial by a web request."""
        has_address = Domain("provider", "in", list(HOSTED)) | Domain("api_url", "!=", False)
        has_number = Domain("provider", "not in", WITH_OWN_NUMBER) | Domain(
            "dial_number", "!=", False
        )
        return (
            Domain([("provider", "in", list(DIALLERS)), ("api_user", "!=", False)])
            & has_address
            & has_number
        )

    def _originate_by_web(self, extension, number):
        url = self.api_url or HOSTED.get(self.provider, "")
        account = Account(
            url=url.rstrip("/"), user=self.api_user or "", secret=self.api_secret or ""
        )
        order = Order(
            extension=extension,
            number=number,
            channel=self._dial_channel(extension),
            context=self.dial_context or "",
            own_number=self._own_number(),
            report_url=self.webhook_url,
        )
        until = time.monotonic() + API_PATIENCE
        dial_by_web(self.provider, account, order, partial(self._ask, until))

    def _ask(self, until, method, url, headers, body):
        """Ask the system itself, and nobody else, by the rules for reading recordings.

        :param until: the moment of the clock of this process when nobody waits any more.
        """
        left = min(until - time.monotonic(), API_TIMEOUT)
        if left <= 0:
            raise DialError("timeout")
        policy = Policy(
            hosts=frozenset([Target.parse(url).name]),
            allow_private=self.api_is_private,
            max_size=MAX_ANSWER_SIZE,
            timeout=left,
            patience=left,
        )
        try:
            return exchange(method, url, headers, body, policy)
        except RemoteFileError as error:
            code = error.code if error.code in ("timeout", "unreachable") else "refused"
            raise DialError(code, str(error)) from None
