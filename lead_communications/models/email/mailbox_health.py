from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_datetime

# The scheduler runs every few minutes; when it is so late, nobody runs it.
LATE = timedelta(hours=1)


class LeadMailbox(models.Model):
    """Whether mail arrives and, if not, why: in words, for administrators and members."""

    _inherit = "lead.mailbox"

    last_fetch_date = fields.Datetime(related="server_id.date", string="Last Fetch")
    last_success_date = fields.Datetime(
        related="server_id.lead_success_date", string="Last Fetch Without Errors"
    )
    health = fields.Selection(
        selection=[
            ("ok", "Working"),
            ("off", "Off"),
            ("paused", "Stopped"),
            ("problem", "Needs attention"),
        ],
        compute="_compute_health",
    )
    error_message = fields.Text(
        string="Problem", compute="_compute_health", help="Why no mail arrives, or not all of it."
    )
    waiting_count = fields.Integer(string="Waiting", compute="_compute_counts")
    failure_count = fields.Integer(string="Failed", compute="_compute_counts")
    sync_total = fields.Integer(string="To Fetch", compute="_compute_sync")
    sync_done = fields.Integer(string="Fetched", compute="_compute_sync")
    sync_progress = fields.Float(string="Progress", compute="_compute_sync", help="In percent.")

    @api.depends(
        "active",
        "mode",
        "is_paused",
        "member_ids",
        "server_id.state",
        "server_id.active",
        "server_id.error_message",
        "folder_ids.is_followed",
        "folder_ids.error_message",
        "folder_ids.role",
        "address",
        "alias_team_id.alias_name",
        "alias_team_id.alias_domain_id.name",
    )
    @api.depends_context("lang", "tz")
    def _compute_health(self):
        # sudo: fetchmail.server, ir.cron - members are told why nothing arrives, not the settings
        scheduler = self.sudo()._scheduler_problem()
        for mailbox in self:
            problems = mailbox.sudo()._problems(scheduler)
            if not mailbox._is_ours():
                mailbox.health = "off"
            elif mailbox.is_paused:
                mailbox.health = "paused"
            else:
                mailbox.health = "problem" if problems else "ok"
            mailbox.error_message = "\n".join(problems)

    def _problems(self, scheduler_problem):
        """Return in words why no mail arrives, or not all of it."""
        if not self.active:
            return []
        if self.mode == "off":
            return [self.env._("The mailbox is off: Odoo's own gateway takes its mail.")]
        if self.is_paused:
            return [self.env._("Fetching is stopped: press “Resume”.")]
        problems = []
        if self.server_id:
            problems = [self._server_problem(), scheduler_problem, *self._folder_problems()]
        problems.append(self._address_problem())
        if not self.member_ids:
            problems.append(self.env._("The mailbox has no members: nobody sees what waits in it."))
        return [problem for problem in problems if problem]

    def _server_problem(self):
        if self.server_id.state != "done":
            return self._not_confirmed()
        if not self.server_id.active:
            return self._server_archived()
        return self._server_error()

    def _not_confirmed(self):
        return self.env._(
            "The incoming mail server is not confirmed: open it and press “Test & Confirm”."
        )

    def _server_archived(self):
        return self.env._("The incoming mail server is archived.")

    def _server_error(self):
        """Return why the last fetch failed, or nothing if it did not."""
        # sudo: fetchmail.server - in words; no settings are shown
        server = self.sudo().server_id
        if not server.error_message:
            return False
        return self._explain_error(server.lead_error_kind, server.error_message)

    def _explain_error(self, kind, text):
        """Return a failure of the connection in words.

        :param str kind: a code of ``fetchmail.server._error_kind``.
        :param str text: what the mail server or the system said.
        """
        sentences = {
            "login": self.env._("The mail server refuses the user name or the password."),
            "name": self.env._("There is no mail server of this name, or no network."),
            "ssl": self.env._("No encrypted connection to the mail server can be made."),
            "timeout": self.env._("The mail server does not answer."),
            "refused": self.env._("Nothing answers at the port of the mail server."),
            "broken": self.env._("The connection to the mail server broke."),
        }
        sentence = sentences.get(kind)
        return f"{sentence} ({text})" if sentence else text

    @api.model
    def _scheduler_problem(self):
        cron = self.env.ref("mail.ir_cron_mail_gateway_action", raise_if_not_found=False)
        if not cron or not cron.active:
            return self.env._("The scheduled action that fetches mail is switched off.")
        if cron.nextcall < fields.Datetime.now() - LATE:
            return self.env._(
                "The scheduled action that fetches mail should have run on %(date)s: the scheduler"
                " of Odoo does not run.",
                date=format_datetime(self.env, cron.nextcall),
            )
        return False

    def _folder_problems(self):
        folders = self._followed_folders()
        if not folders:
            return [self.env._("No folder is followed."), *self._role_problems()]
        return self._role_problems() + [
            self.env._(
                "Folder “%(name)s”: %(problem)s", name=folder.name, problem=folder.error_message
            )
            for folder in folders
            if folder.error_message
        ]

    def _role_problems(self):
        """Return in words that what arrives in a folder is not read, or mistaken."""
        followed = self.folder_ids.filtered("is_followed")
        if self.connection_type != "imap":
            followed = followed.filtered(lambda one: one.role != "drafts")  # POP reads it anyway
        return [problem for problem in map(self._role_problem, followed) if problem]

    def _role_problem(self, folder):
        if folder.role == "drafts":
            return self.env._(
                "The folder “%(name)s” is chosen as the folder of drafts: nothing that arrives in"
                " it is read. Say that it is received mail, or do not follow it.",
                name=folder.name,
            )
        if not folder._is_inbox():
            return False
        if folder.role == "spam":
            return self.env._(
                "The folder “%(name)s” is chosen as the spam folder: all that arrives in it is"
                " taken for spam, and never becomes a lead. Say that it is received mail.",
                name=folder.name,
            )
        if folder.role == "sent":
            return self.env._(
                "The folder “%(name)s” is chosen as the folder of sent mail: all that arrives in it"
                " is taken for your own. Say that it is received mail.",
                name=folder.name,
            )
        return False

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

    @api.depends("folder_ids.sync_total", "folder_ids.remaining_count", "folder_ids.is_followed")
    def _compute_sync(self):
        for mailbox in self:
            # sudo: lead.mailbox.folder - how far the fetching came, in numbers
            folders = mailbox.sudo()._followed_folders()
            running = folders.filtered("remaining_count")
            mailbox.sync_total = sum(running.mapped("sync_total"))
            mailbox.sync_done = mailbox.sync_total - sum(running.mapped("remaining_count"))
            total = mailbox.sync_total
            mailbox.sync_progress = 100 * mailbox.sync_done / total if total else 100

    # ---- ACTIONS ----

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
