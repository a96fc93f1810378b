import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ...telephony import ASTERISKS
from ...telephony.asterisk_originate import (
    NAME,
    NUMBER,
    DialError,
    Manager,
    clean_number,
    originate,
)
from ...telephony.web_dial import CHANNELS as WEB_CHANNELS
from ...telephony.web_dial import DIALLERS, IN_E164
from ...tools.phone import normalize

_logger = logging.getLogger(__name__)

#: What a system calls the telephone with an extension, and where salespeople's telephones dial.
CHANNELS = dict.fromkeys(ASTERISKS, "PJSIP/{extension}") | WEB_CHANNELS
CONTEXTS = dict.fromkeys(ASTERISKS, "from-internal") | {"freeswitch": "default"}


class LeadPbx(models.Model):
    """Click-to-dial: the telephone of the salesperson rings, and calls the number for them.

    Asterisk is told by its Manager Interface, others by a web request (``pbx_dial_web.py``).

    Systems that cannot be told to dial leave it to the device, by Odoo's own ``tel:`` links.
    """

    _inherit = "lead.pbx"

    ami_host = fields.Char(
        string="AMI Host",
        copy=False,
        groups="base.group_system",
        help="Where the Manager Interface of Asterisk listens. Empty: nothing is dialled by it.",
    )
    ami_port = fields.Integer(string="AMI Port", default=5038, groups="base.group_system")
    ami_user = fields.Char(string="AMI User", copy=False, groups="base.group_system")
    ami_password = fields.Char(
        string="AMI Secret",
        compute="_compute_ami_password",
        inverse="_inverse_ami_password",
        groups="base.group_system",
        help="It is never shown again; leave it empty to keep it.",
    )
    ami_secret = fields.Char(copy=False, groups=fields.NO_ACCESS)
    dial_channel = fields.Char(
        string="Telephones",
        compute="_compute_dial_names",
        store=True,
        readonly=False,
        precompute=True,
        groups="base.group_system",
        help="What the system calls the telephone that has an extension.",
    )
    dial_context = fields.Char(
        compute="_compute_dial_names",
        store=True,
        readonly=False,
        precompute=True,
        groups="base.group_system",
        help="The part of the dialplan in which the salespeople's telephones dial.",
    )
    dial_plus = fields.Char(
        string="Instead of +",
        default="+",
        groups="base.group_system",
        help="What is dialled instead of the + of an international number, such as 00.",
    )

    def _compute_ami_password(self):
        self.ami_password = False

    def _inverse_ami_password(self):
        for pbx in self:
            if pbx.ami_password:
                # sudo: lead.pbx - nobody reads it, whoever may write the system may replace it
                pbx.sudo().ami_secret = pbx.ami_password

    @api.depends("provider")
    def _compute_dial_names(self):
        for pbx in self:
            pbx.dial_channel = CHANNELS.get(pbx.provider, False)
            pbx.dial_context = CONTEXTS.get(pbx.provider, False)

    @api.constrains("ami_port", "ami_user", "ami_secret")
    def _check_ami(self):
        # sudo: lead.pbx - the settings are checked whoever changed one of them
        for pbx in self.sudo():
            if not 0 < pbx.ami_port < 65536:
                raise ValidationError(self.env._("A port is a number from 1 to 65535."))
            if not f"{pbx.ami_user or ''}{pbx.ami_secret or ''}".isprintable():
                raise ValidationError(self.env._("The user and the secret are one line each."))

    @api.constrains("dial_channel", "dial_context", "dial_plus")
    def _check_dial(self):
        # sudo: lead.pbx - the settings are checked whoever changed one of them
        for pbx in self.sudo():
            if pbx.dial_channel and not NAME.fullmatch(pbx._dial_channel("1")):
                raise ValidationError(
                    self.env._("The telephones are named as in “PJSIP/{extension}”.")
                )
            if pbx.dial_context and not NAME.fullmatch(pbx.dial_context):
                raise ValidationError(self.env._("This is not the name of a context."))
            # As it is: nothing is cleaned of it when it is dialled.
            if pbx.dial_plus and not NUMBER.fullmatch(pbx.dial_plus + "1"):
                raise ValidationError(self.env._("Digits are dialled instead of +, such as 00."))

    # ---- DIALLING ----

    @api.readonly
    @api.model
    def dial(self, number):
        """Dial ``number`` from the telephone of the user.

        :return: ``{"telephone": its extension}``; ``{"url": "tel:…"}`` if their device has to dial.
        :raise UserError: it is no number, or the telephone system did not do it.
        """
        user = self.env.user
        if not user.has_group("sales_team.group_sale_salesman"):
            raise AccessError(self.env._("Only salespeople can dial from here."))
        return self._dial(user, number)

    @api.model
    def _can_dial(self, user):
        """Tell whether a telephone system dials for ``user``: one query, asked with each page."""
        return user.has_group("sales_team.group_sale_salesman") and bool(self._dial_line(user))

    @api.model
    def _dial(self, user, number):
        cleaned = clean_number(number) if isinstance(number, str) else ""
        if not cleaned:
            raise UserError(self.env._("This is not a number that can be dialled."))
        line = self._dial_line(user)
        if not line:
            return {"url": f"tel:{cleaned}"}
        line.pbx_id._originate(line.extension, cleaned)
        return {"telephone": line.extension}

    @api.model
    def _dial_line(self, user):
        """Return the line whose telephone dials for ``user``, as superuser, or an empty one."""
        domain = Domain(
            [
                ("user_id", "=", user.id),
                ("extension", "!=", False),
                ("company_id", "in", self.env.companies.ids),
            ]
        ) & Domain("pbx_id", "any", self._dial_domain())
        today = user._own_today()
        for name, operator in (("date_from", "<="), ("date_until", ">=")):
            domain &= Domain(name, "=", False) | Domain(name, operator, today)
        # sudo: lead.pbx.line - the user's own telephone; only administrators read all lines
        return self.env["lead.pbx.line"].sudo().search(domain, limit=1)

    @api.model
    def _dial_domain(self):
        """Return the domain of the systems that can be told to dial."""
        by_ami = Domain([("provider", "in", ASTERISKS), ("ami_host", "!=", False)])
        return Domain("active", "=", True) & (by_ami | self._web_dial_domain())

    def _dial_channel(self, extension):
        return (self.dial_channel or "").replace("{extension}", extension)

    def _originate(self, extension, number):
        """Let the telephone of ``extension`` ring and dial ``number``; ``self`` is superuser's."""
        self.ensure_one()
        number = self._dialled(number)
        way = self._originate_by_web if self.provider in DIALLERS else self._originate_by_ami
        try:
            way(extension, number)
        except (DialError, ValueError) as error:
            code = error.code if isinstance(error, DialError) else "settings"
            _logger.warning("%s: could not dial: %s (%s)", self, code, error)
            raise UserError(self._dial_error(code)) from None

    def _dialled(self, number):
        """Return ``number`` as the system has to be told it."""
        if self.provider not in IN_E164:
            return f"{self.dial_plus or ''}{number[1:]}" if number.startswith("+") else number
        found = normalize(number, self.country_id.code)
        if not found:
            raise UserError(
                self.env._(
                    "The telephone system dials whole numbers only, such as +48 22 123 45 67."
                )
            )
        return found

    def _originate_by_ami(self, extension, number):
        manager = Manager(
            host=self.ami_host,
            port=self.ami_port,
            user=self.ami_user or "",
            secret=self.ami_secret or "",
        )
        originate(
            manager,
            channel=self._dial_channel(extension),
            extension=extension,
            context=self.dial_context or "",
            number=number,
        )

    def _dial_error(self, code):
        """Return what the user is told; the details are in the log for the administrator."""
        if code == "unanswered":
            return self.env._("Your telephone does not answer. Is it switched on and free?")
        if code in ("unreachable", "timeout"):
            return self.env._("The telephone system does not answer. Please dial by hand.")
        return self.env._(
            "The telephone system refused to dial. Tell your administrator, and dial by hand."
        )
