from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import email_normalize


class LeadMailbox(models.Model):
    """What the mail of an incoming mail server is for; the server keeps the credentials.

    Administrators manage mailboxes, their members read what arrives in them.
    """

    _name = "lead.mailbox"
    _inherit = ["lead.references"]
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
        help="Older mail is left out when a folder is read for the first time.",
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

    is_member = fields.Boolean(compute="_compute_is_member", help="Whether the user is a member.")

    _check_company_auto = True
    _server_unique = models.Constraint(
        "UNIQUE (server_id)", "This incoming mail server already feeds another mailbox."
    )

    @api.depends("member_ids")
    @api.depends_context("uid")
    def _compute_is_member(self):
        for mailbox in self:
            mailbox.is_member = self.env.user in mailbox.member_ids

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
            # Not the type of the server: those of Odoo's OAuth modules are read by IMAP, too.
            if server and server._get_connection_type() not in ("imap", "pop"):
                raise ValidationError(
                    self.env._(
                        "A mailbox is read by IMAP or POP: choose an incoming mail server of"
                        " that kind."
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
        if vals.keys() & {"active", "mode"}:
            self.env["lead.communication"]._sync_features()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["lead.communication"]._sync_features()
        return result

    @api.model
    def _of_user(self, user):
        """Return the mailboxes whose waiting mail the user may see."""
        return self.with_context(active_test=False).search(Domain("member_ids", "in", user.ids))
