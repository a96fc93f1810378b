from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.remote_file import Policy, RemoteFileError, build_url, check_template, parse_hosts


class LeadPbx(models.Model):
    """Recordings: where a telephone system keeps them, and how long they may be heard.

    What a call's recording is called comes from the telephone system, so it is not trusted: only
    the hosts that the administrator names here are asked for it.
    """

    _inherit = "lead.pbx"

    recording_url = fields.Char(
        string="Address of a Recording",
        copy=False,
        groups="base.group_system",
        help="Such as https://pbx.example.com/recordings/{recording}, where {recording} stands for "
        "the name of the file. Empty if the telephone system reports whole addresses.",
    )
    recording_hosts = fields.Text(
        string="Allowed Hosts",
        copy=False,
        groups="base.group_system",
        help="From where recordings may be read, one host a line, such as media.example.com or "
        "media.example.com:8443. The host of the address above is always allowed.",
    )
    recording_user = fields.Char(
        copy=False,
        groups="base.group_system",
        help="Sent to the host of the address above only. Without such an address it is sent to "
        "all allowed hosts, but never unencrypted.",
    )
    recording_password = fields.Char(
        compute="_compute_recording_password",
        inverse="_inverse_recording_password",
        groups="base.group_system",
        help="It is never shown again; leave it empty to keep it. It goes with its user.",
    )
    recording_secret = fields.Char(copy=False, groups=fields.NO_ACCESS)
    allow_private_hosts = fields.Boolean(
        string="In the Own Network",
        copy=False,
        groups="base.group_system",
        help="The allowed hosts may have addresses of a private network. Otherwise they are "
        "refused, so that nobody can reach the own network by a forged recording.",
    )
    fetch_recordings = fields.Boolean(
        string="Fetch at Once",
        groups="base.group_system",
        help="Keep a copy of each recording in Odoo as soon as the call is reported, for "
        "telephone systems whose links expire. Otherwise it stays where it is, and is read when it "
        "is played.",
    )
    recording_days = fields.Integer(
        string="Keep for (days)",
        groups="base.group_system",
        help="After so many days the recording can no longer be played: the copy in Odoo and the "
        "name of the file are deleted. The telephone system's own file is not. 0 keeps them for "
        "ever.",
    )
    failed_recording_count = fields.Integer(
        compute="_compute_failed_recording_count", groups="base.group_system"
    )

    _recording_days_check = models.Constraint(
        "CHECK (recording_days >= 0)", "Recordings cannot be kept for less than 0 days."
    )

    def _compute_recording_password(self):
        self.recording_password = False

    def _inverse_recording_password(self):
        for pbx in self:
            if pbx.recording_password:
                # sudo: lead.pbx - nobody reads it, whoever may write the system may replace it
                pbx.sudo().recording_secret = pbx.recording_password

    def _compute_failed_recording_count(self):
        # sudo: lead.communication - administrators are told how many, not which
        groups = (
            self.env["lead.communication"]
            .sudo()
            ._read_group(
                [("pbx_id", "in", self.ids), *self._failed_recording_domain()],
                ["pbx_id"],
                ["__count"],
            )
        )
        counts = {pbx.id: count for pbx, count in groups}
        for pbx in self:
            pbx.failed_recording_count = counts.get(pbx.id, 0)

    @api.model
    def _failed_recording_domain(self):
        return [("recording_error", "!=", False), ("recording_fetch_date", "=", False)]

    @api.constrains("recording_url", "recording_hosts", "recording_user")
    def _check_recording(self):
        # sudo: lead.pbx - the settings are checked whoever changed one of them
        for pbx in self.sudo():
            try:
                pbx._recording_policy()
            except RemoteFileError:
                raise ValidationError(
                    self.env._(
                        "Recordings have an address such as "
                        "“https://pbx.example.com/recordings/{recording}”, and each line of the "
                        "allowed hosts is a host such as “media.example.com”."
                    )
                ) from None
            user = pbx.recording_user or ""
            if ":" in user or not user.isprintable():
                raise ValidationError(self.env._("The user is one line without a colon."))

    def write(self, vals):
        if not vals.get("recording_user", True):
            # sudo: lead.pbx - the password goes with its user
            self.sudo().recording_secret = False
        return super().write(vals)

    # ---- ACTIONS ----

    def action_fetch_failed_recordings(self):
        """Try again to fetch the recordings that were given up."""
        self.check_access("write")
        # sudo: lead.communication - administrators start it without seeing the calls
        failed = (
            self.env["lead.communication"]
            .sudo()
            .search([("pbx_id", "in", self.ids), *self._failed_recording_domain()])
        )
        if not failed:
            raise UserError(self.env._("No recording is missing."))
        failed._enqueue_recording()

    # ---- READING ----

    def _recording_policy(self):
        """Return what may be read from where; raises RemoteFileError if the settings are wrong."""
        self.ensure_one()
        hosts, origin = parse_hosts(self.recording_hosts), ""
        if self.recording_url:
            target = check_template(self.recording_url)
            hosts, origin = hosts | {target.name}, target.origin
        return Policy(
            hosts=hosts,
            allow_private=self.allow_private_hosts,
            user=self.recording_user or "",
            password=self.recording_secret or "",
            auth_origin=origin,
        )

    def _recording_address(self, recording):
        """Return where ``recording`` is; raises RemoteFileError if that is no name of one."""
        return build_url(self.recording_url or "", recording)

    def _has_recordings(self):
        """Tell whether it is known where the recordings are."""
        return bool(self.recording_url or self.recording_hosts)

    def _recording_limit(self):
        """Return the moment before which recordings are forgotten, or None."""
        if not self.recording_days:
            return None
        return fields.Datetime.now() - timedelta(days=self.recording_days)
