from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import email_normalize_all

from ...models.email.written_mail import WrittenMail

OWN_ACCOUNT = "own"


class MailComposeMessage(models.TransientModel):
    """An email from a lead: under which account, who is responsible, what it answers."""

    _name = "mail.compose.message"
    _inherit = ["mail.compose.message", "lead.references"]

    is_lead_email = fields.Boolean(compute="_compute_is_lead_email")
    lead_mailbox_id = fields.Many2one(
        comodel_name="lead.mailbox",
        compute="_compute_lead_mailbox_id",
        store=True,
        readonly=False,
        compute_sudo=False,
        help="The mailbox under whose address the email goes out. Empty: the person's own.",
    )
    lead_account = fields.Selection(
        selection="_selection_lead_account",
        string="Account",
        compute="_compute_lead_account",
        readonly=False,
        help="From which address the email goes out: your own, or that of a mailbox of which you"
        " are a member.",
    )
    lead_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person Responsible",
        compute="_compute_lead_user_id",
        store=True,
        readonly=False,
        compute_sudo=False,
        domain="[('share', '=', False)]",
        help="Who sends the email, or is responsible for what follows.",
    )
    lead_communication_id = fields.Many2one(
        comodel_name="lead.communication",
        string="Answered or Forwarded Email",
        ondelete="cascade",
        readonly=True,
    )
    lead_email_warning = fields.Text(compute="_compute_lead_email_warning")

    @api.depends(
        *("model", "composition_mode", "composition_batch", "subtype_is_log"), "lead_is_waiting"
    )
    def _compute_is_lead_email(self):
        for composer in self:
            composer.is_lead_email = (
                (composer.model == "crm.lead" or composer._is_from_new_lead())
                and composer.composition_mode == "comment"
                and not composer.composition_batch
                and not composer.subtype_is_log
            )

    @api.depends("is_lead_email", "res_ids")
    def _compute_lead_mailbox_id(self):
        for composer in self:
            lead = composer._lead()
            # A template may say from which address its emails go out.
            source = composer._waiting_row() or lead
            is_open = bool(source) and not composer.template_id.email_from
            composer.lead_mailbox_id = source._answering_mailbox() if is_open else False

    @api.model
    def _selection_lead_account(self):
        # sudo: lead.mailbox - of the user, whoever may read mailboxes
        mailboxes = self.env["lead.mailbox"].sudo()
        own = mailboxes.search([("member_ids", "in", self.env.user.ids)])
        names = [(str(mailbox.id), mailbox.name) for mailbox in own]
        return [(OWN_ACCOUNT, self.env._("My own address")), *names]

    @api.depends("lead_mailbox_id")
    def _compute_lead_account(self):
        accounts = dict(self._selection_lead_account())
        for composer in self:
            account = str(composer.lead_mailbox_id.id)
            composer.lead_account = account if account in accounts else OWN_ACCOUNT

    @api.onchange("lead_account")
    def _onchange_lead_account(self):
        if not self.is_lead_email:
            return
        is_own = self.lead_account in (False, OWN_ACCOUNT)
        self.lead_mailbox_id = False if is_own else int(self.lead_account)

    @api.depends("is_lead_email", "res_ids")
    def _compute_lead_user_id(self):
        for composer in self:
            lead = composer._lead()
            is_known = bool(lead) or composer._is_from_new_lead()
            composer.lead_user_id = (lead.user_id or self.env.user) if is_known else False

    @api.depends("is_lead_email", "partner_ids")
    def _compute_lead_email_warning(self):
        for composer in self:
            emails = composer.is_lead_email and composer.partner_ids.mapped("email")
            warnings = self.env["crm.lead"]._address_warnings(filter(None, emails or []))
            composer.lead_email_warning = "\n".join(warnings)

    @api.depends("is_lead_email", "lead_mailbox_id")
    def _compute_authorship(self):
        result = super()._compute_authorship()
        user = self.env.user
        for composer in self.filtered("is_lead_email"):
            if composer.lead_mailbox_id:
                composer.email_from = composer.lead_mailbox_id._sender(user)
                composer.author_id = user.partner_id
            elif not self.env["lead.mailbox"]._may_send_as(composer.email_from):
                # The template says so; only members of the mailbox can follow it.
                composer.email_from = user.email_formatted
                composer.author_id = user.partner_id
        return result

    @api.depends("lead_communication_id")
    def _compute_body(self):
        result = super()._compute_body()
        for composer in self:
            if quote := composer._lead_quote():
                composer.body = (composer.body or "") + quote
        return result

    def _lead_quote(self):
        """Return the text of the email that is answered or forwarded, if the user may read it."""
        row = self.lead_communication_id.sudo(False)
        if not (row and self.is_lead_email and row.has_access("read")):
            return ""
        is_forward = self.composition_comment_option == "forward"
        return row._forwarded_text() if is_forward else row._quoted_text()

    def _lead(self):
        """Return the lead from which the email is written; empty for everything else.

        Which lead it is may be said by anybody: one that they may not read is none.
        """
        is_on_lead = self.is_lead_email and self.model == "crm.lead"
        lead_ids = self._evaluate_res_ids() if is_on_lead else []
        return self.env["crm.lead"].browse(lead_ids[:1])._filtered_access("read")

    @api.model
    def _hidden_references(self, pointed):
        hidden = super()._hidden_references(pointed)
        if hidden._name == "lead.mailbox":
            # sudo: lead.mailbox - of the user, whoever may read mailboxes
            hidden -= hidden.sudo().filtered("is_member").sudo(False)
        return hidden

    # ---- SENDING ----

    def _prepare_mail_values(self, res_ids):
        result = super()._prepare_mail_values(res_ids)
        if self.model == "crm.lead":
            # Mailings are written as superuser, where nothing can be checked any more; a comment is
            # checked again when it goes out.
            own = self.env.user.email if self.composition_mode == "comment" else ""
            for values in result.values():
                self.env["lead.mailbox"]._check_send_as(values.get("email_from"), own=own)
        if self.is_lead_email:
            self._check_lead_email()
        return result

    def _check_lead_email(self):
        """Check what is sent from a lead.

        :raise UserError: an address is none, or the responsible may not see the lead.
        """
        for email in filter(None, self.partner_ids.mapped("email")):
            if not email_normalize_all(email):
                raise UserError(self.env._("“%(email)s” is not an email address.", email=email))
        user = self.lead_user_id
        if user and (user.share or not self._lead().with_user(user).has_access("read")):
            raise UserError(
                self.env._(
                    "%(user)s may not see this lead: choose somebody else as the responsible.",
                    user=user.name,
                )
            )
        if self.lead_mailbox_id and self.env.user not in self.lead_mailbox_id.member_ids:
            raise AccessError(self.env._("You are not a member of this mailbox."))

    def _action_send_mail_comment(self, res_ids):
        with self._written_mail().being_posted():
            return super()._action_send_mail_comment(res_ids)

    def _action_schedule_message(self):
        scheduled = self.env["mail.scheduled.message"]
        for composer in self:
            with composer._written_mail().being_posted():
                scheduled |= super(MailComposeMessage, composer)._action_schedule_message()
        return scheduled

    def _written_mail(self):
        """Return what was chosen in the composer, for the row of the email."""
        if not self.is_lead_email:
            return WrittenMail()
        return WrittenMail(
            user_id=self.lead_user_id.id,
            template_id=self.template_id.id,
            is_forward=self.composition_comment_option == "forward",
        )
