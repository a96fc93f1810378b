import textwrap

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.mail import email_split_tuples, html2plaintext

from ...tools.mail.subject import clean_text
from ..communication.inbox import PREVIEW_LENGTH
from ..communication.lead_communication import QUIET
from .email import HTML_LENGTH
from .written_mail import WrittenMail

STATE_ACTIONS = ("plan", "complete", "cancel")


class LeadCommunication(models.Model):
    """Emails that people write from a lead: what they chose besides, and those sent later.

    The composer tells it by a :class:`WrittenMail`. A message that is sent later
    (``mail.scheduled.message``) has a planned row while it waits, which keeps what was chosen, is
    completed when it is sent, and canceled when it is deleted.
    """

    _inherit = "lead.communication"

    mail_template_id = fields.Many2one(
        comodel_name="mail.template",
        string="Template",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    scheduled_message_id = fields.Many2one(
        comodel_name="mail.scheduled.message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        # A form that is not saved would show the text of whatever it points at.
        groups=fields.NO_ACCESS,
        help="The message that Odoo sends at the planned time.",
    )

    is_scheduled = fields.Boolean(compute="_compute_is_scheduled")

    _template_used_idx = models.Index("(create_uid, date DESC) WHERE mail_template_id IS NOT NULL")

    @api.depends("scheduled_message_id")
    def _compute_is_scheduled(self):
        for row in self:
            # sudo: that there is one
            row.is_scheduled = bool(row.sudo().scheduled_message_id)

    @api.model
    def _last_template(self, templates):
        """Return the one of ``templates`` from which the user wrote last, or an empty one."""
        # sudo: what the user did, also on leads that are hidden from them by now
        rows = self.sudo().search(
            [("create_uid", "=", self.env.uid), ("mail_template_id", "in", templates.ids)],
            order="date desc, id desc",
            limit=1,
        )
        return rows.mail_template_id.sudo(False)

    # ---- WHAT THE WRITER CHOSE ----

    @api.model
    def _is_forwarding(self):
        return WrittenMail.on_its_way().is_forward

    @api.model
    def _chosen_values(self, lead):
        """Return what the writer chose in the composer: the responsible, the template."""
        chosen = WrittenMail.on_its_way()
        user = self.env["res.users"].browse(chosen.user_id or []).exists()
        template = self.env["mail.template"].browse(chosen.template_id or []).exists()
        values = {"mail_template_id": template.id} if template else {}
        if user and not user.share and lead.with_user(user).has_access("read"):
            values["user_id"] = user.id
        return values

    # ---- SENT LATER ----

    @api.model
    def _plan_email(self, scheduled):
        """Give a message that is sent later its planned row, if it goes to a customer."""
        customers = scheduled.partner_ids.filtered(lambda one: one.partner_share and one.email)
        if scheduled.is_note or not customers:
            return
        lead = self.env["crm.lead"].browse(scheduled.res_id)
        author = scheduled.author_id.user_ids[:1] or self.env.user
        # sudo: rows are written by the system alone; Odoo checked the right on the lead
        self.sudo().with_context(**QUIET).create(
            {
                "type": "email",
                "direction": "outgoing",
                "state": "planned",
                "lead_id": lead.id,
                "team_id": lead.team_id.id,
                "company_id": self._company_of(lead).id,
                "user_id": author.id,
                "scheduled_message_id": scheduled.id,
                "conversation_ref": self._planned_conversation(lead, scheduled, customers[0]),
            }
            | self._prepare_planned_values(scheduled)
            | self._chosen_values(lead)
        )

    @api.model
    def _planned_conversation(self, lead, scheduled, customer):
        if not self._is_forwarding():
            message = self.env["mail.message"].browse(scheduled._parameter("parent_id") or [])
            # sudo: rows of the lead, of which the right was checked
            parent = self.sudo()._find_parent_message(lead, message, customer.email_normalized)
            if parent.conversation_ref:
                return parent.conversation_ref
        return f"planned-{scheduled.id}"

    @api.model
    def _prepare_planned_values(self, scheduled):
        """Return what a planned email takes from the message that waits to be sent."""
        customers = scheduled.partner_ids.filtered(lambda one: one.partner_share and one.email)
        text = html2plaintext((scheduled.body or "")[:HTML_LENGTH], include_references=False)
        sender = scheduled._parameter("email_from") or scheduled.author_id.email_formatted or ""
        name, address = (email_split_tuples(sender) or [("", sender)])[0]
        return {
            "subject": clean_text(scheduled.subject),
            "date": scheduled.scheduled_date,
            "email_from": clean_text(f"{name} <{address}>" if name else sender),
            "email_to": clean_text(", ".join(customers.mapped("email_normalized")), 1000),
            "email_normalized": customers[:1].email_normalized,
            "preview": textwrap.shorten(clean_text(text, 2000), PREVIEW_LENGTH),
            "attachment_count": len(scheduled.attachment_ids),
        }

    @api.model
    def _waiting_row(self, lead):
        """Return the planned row of the message that is being sent, if it is one that waited."""
        scheduled_id = WrittenMail.on_its_way().scheduled_id
        if not scheduled_id:
            return self.browse()
        return self.search(
            [
                ("scheduled_message_id", "=", scheduled_id),
                ("lead_id", "=", lead.id),
                ("state", "=", "planned"),
            ]
        )

    # ---- STATES ----

    def _check_real_emails(self, action):
        if action in ("plan", "complete") and not self.env.su:
            # sudo: what a row is; its rights are checked with the lock
            if self.sudo()._filtered_real_emails():
                raise UserError(
                    self.env._(
                        "An email is completed when it is sent. Change the time in the planned"
                        " email, or write it anew."
                    )
                )

    def _filtered_real_emails(self):
        """Return the emails that were sent or wait to be; an activity to write one is none yet."""
        return self.filtered(lambda row: row.type == "email" and not row.activity_id)

    def _follow_scheduled_messages(self, action):
        """Let what is sent later follow its row to another lead, or go with what was canceled."""
        # sudo: the messages of rows about which was decided with the right to
        scheduled = self.sudo().scheduled_message_id
        if action == "cancel":
            self.sudo().scheduled_message_id = False
            scheduled.unlink()
        elif action in ("move", "undo"):
            for lead, rows in self.sudo().grouped("lead_id").items():
                rows.scheduled_message_id._retarget(lead)

    def _is_final(self, action):
        is_sent = action in STATE_ACTIONS and bool(self._filtered_real_emails())
        return is_sent or super()._is_final(action)

    def _undone_rows(self, decision):
        rows = super()._undone_rows(decision)
        # sudo: what a row is; the rights on it were checked
        if any(row._is_final(decision.action) for row in rows.sudo()):
            raise UserError(self.env._("An email that was sent or canceled cannot be taken back."))
        return rows

    def action_edit_planned(self):
        """Open the message that is sent later: to change it, its time, or to send it now."""
        self.ensure_one()
        self.check_access("read")
        # sudo: which message it is; Odoo checks the rights on it
        scheduled = self.sudo().scheduled_message_id.sudo(False)
        if not scheduled:
            raise UserError(self.env._("This email does not wait to be sent any more."))
        return scheduled.open_edit_form()
