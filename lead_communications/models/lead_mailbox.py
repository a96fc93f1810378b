from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize


class LeadMailbox(models.Model):
    """What the mail of an incoming mail server is for; the server keeps the credentials.

    Administrators manage mailboxes, their members read what arrives in them.
    """

    _name = "lead.mailbox"
    _description = "Mailbox"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    address = fields.Char(
        required=True, help="The address that customers write to, e.g. sales@example.com."
    )
    mode = fields.Selection(
        selection=[
            ("off", "Off: left to Odoo's own gateway"),
            ("manual", "Manual: every new email waits for a decision"),
        ],
        required=True,
        default="manual",
    )
    server_id = fields.Many2one(
        comodel_name="fetchmail.server",
        string="Incoming Mail Server",
        index=True,
        ondelete="restrict",
        # The credentials are on the server, for system administrators only.
        groups="base.group_system",
    )
    fetch_since = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Older mail is left alone when the mailbox is read for the first time.",
    )
    folder_ids = fields.One2many(
        comodel_name="lead.mailbox.folder",
        inverse_name="mailbox_id",
        string="Folders",
        groups="base.group_system",
    )
    member_ids = fields.Many2many(
        comodel_name="res.users",
        relation="lead_mailbox_member_rel",
        string="Members",
        domain=[("share", "=", False)],
        help="Who sees and decides the emails that wait. Nobody else does, nor administrators.",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team", string="Sales Team", check_company=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, default=lambda self: self.env.company
    )

    last_fetch_date = fields.Datetime(related="server_id.date", string="Last Fetch")
    error_message = fields.Text(compute="_compute_error_message")
    is_member = fields.Boolean(compute="_compute_is_member", help="Whether the user is a member.")
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    failure_count = fields.Integer(string="Failed", compute="_compute_counts")

    _check_company_auto = True
    _server_unique = models.Constraint(
        "UNIQUE (server_id)", "This incoming mail server feeds another mailbox already."
    )

    @api.depends("server_id.error_message", "server_id.state")
    def _compute_error_message(self):
        for mailbox in self:
            # sudo: fetchmail.server - members are told why nothing arrives, not the settings
            server = mailbox.sudo().server_id
            if server and server.state != "done":
                mailbox.error_message = self.env._(
                    "The incoming mail server is not confirmed: open it and press “Test & Confirm”."
                )
            else:
                mailbox.error_message = server.error_message

    @api.depends("member_ids")
    @api.depends_context("uid")
    def _compute_is_member(self):
        for mailbox in self:
            mailbox.is_member = self.env.user in mailbox.member_ids

    @api.depends_context("uid")
    def _compute_counts(self):
        # sudo: administrators see how much waits and fails in a mailbox, not what
        waiting = (
            self.env["lead.communication"]
            .sudo()
            ._read_group(
                [("mailbox_ids", "in", self.ids), ("state", "=", "ready")],
                ["mailbox_ids"],
                ["__count"],
            )
        )
        failed = (
            self.env["lead.communication.failure"]
            .sudo()
            ._read_group(
                [("mailbox_id", "in", self.ids), ("state", "=", "failed")],
                ["mailbox_id"],
                ["__count"],
            )
        )
        waiting, failed = dict(waiting), dict(failed)
        for mailbox in self:
            mailbox.waiting_count = waiting.get(mailbox, 0)
            mailbox.failure_count = failed.get(mailbox, 0)

    @api.constrains("address")
    def _check_address(self):
        for mailbox in self:
            if not email_normalize(mailbox.address):
                raise ValidationError(
                    self.env._("“%(address)s” is not an email address.", address=mailbox.address)
                )

    @api.constrains("server_id")
    def _check_server(self):
        for mailbox in self:
            server = mailbox.server_id
            if server and server._get_connection_type() != "imap":
                raise ValidationError(
                    self.env._(
                        "A mailbox is read by IMAP, so that its mail stays on the server:"
                        " choose an incoming mail server of that kind."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        mailboxes = super().create(vals_list)
        # sudo: positions in folders are the system's own
        self.env["lead.mailbox.folder"].sudo().create(
            [{"mailbox_id": mailbox.id, "name": "INBOX"} for mailbox in mailboxes]
        )
        self.env["lead.communication"]._sync_features()
        return mailboxes

    def write(self, vals):
        result = super().write(vals)
        if "active" in vals:
            self.env["lead.communication"]._sync_features()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["lead.communication"]._sync_features()
        return result

    def action_fetch(self):
        """Fetch the new mail now."""
        self.ensure_one()
        self.server_id.fetch_mail()

    def action_open_waiting(self):
        """Open the emails of this mailbox that wait for a decision."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_email_action"
        )
        return dict(
            action,
            domain=[("type", "=", "email"), ("mailbox_ids", "in", self.ids)],
        )

    def action_open_failures(self):
        """Open the emails of this mailbox that could not be processed."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_failure_action"
        )
        return dict(action, domain=[("mailbox_id", "=", self.id)])

    def action_retry_failures(self):
        """Retry what failed in this mailbox, without showing what it is."""
        self.ensure_one()
        self.check_access("write")
        # sudo: administrators keep mailboxes running and do not read them
        failures = self.env["lead.communication.failure"].sudo()
        return failures.search([("mailbox_id", "=", self.id)]).action_retry_all()

    @api.model
    def _of_user(self, user):
        """Return the mailboxes whose waiting mail the user may see."""
        return self.with_context(active_test=False).search(Domain("member_ids", "in", user.ids))

    def _is_followed(self):
        """Tell whether there is a mailbox in ``self``, and whether its mail is ours to fetch."""
        return bool(self.filtered(lambda mailbox: mailbox.active and mailbox.mode != "off"))

    # ---- FETCHING ----

    def _follow(self, connection, limit):
        """Take in what is new, ``limit`` messages at most; return how many are left."""
        self.ensure_one()
        left = 0
        for folder in self.folder_ids:
            taken, remaining = folder._follow(connection, limit)
            limit -= taken
            left += remaining
        return left
