from odoo import api, fields, models

from ...tools.mail.shown import without_remote

# Of the text with its tags, that is looked at for both: to read all of a huge one takes seconds.
HTML_LENGTH = 200_000
# Of the addresses that it went to, that are kept.
ADDRESSES_LENGTH = 1000


class LeadCommunication(models.Model):
    """The email side of a communication.

    The message itself is Odoo's ``mail.message``. While the email waits it stands on the
    communication, so that whoever may read the one may read the other; a decision *moves* it to the
    lead, and the replies follow it by Odoo's own threading.
    """

    _inherit = "lead.communication"

    mailbox_ids = fields.Many2many(
        comodel_name="lead.mailbox",
        relation="lead_communication_mailbox_rel",
        string="Mailboxes",
        readonly=True,
        # What came into one that is archived by now did not come into none: see _queue_domain().
        context={"active_test": False},
    )
    email_from = fields.Char(
        string="From", readonly=True, help="Who wrote it, also if somebody else passed it on."
    )
    sent_by = fields.Char(
        readonly=True,
        help="Whose mail it is technically: the colleague who forwarded it, the form that sent it.",
    )
    email_to = fields.Char(string="To", readonly=True)
    email_cc = fields.Char(string="Cc", readonly=True)
    preview = fields.Char(readonly=True, help="The beginning of the text.")
    message_ref = fields.Char(
        string="Message-ID",
        readonly=True,
        index="btree_not_null",
        help="The Message-ID header, or an id made of the content when it has none.",
    )
    content_hash = fields.Char(readonly=True, help="SHA-256 of what the sender wrote.")
    received_date = fields.Datetime(
        string="Received on", readonly=True, help="When the mail server received it."
    )
    raw = fields.Binary(
        string="Original",
        attachment=True,
        readonly=True,
        help="The message as the mail server held it, byte by byte.",
    )
    raw_name = fields.Char(compute="_compute_raw_name")
    mail_message_id = fields.Many2one(
        comodel_name="mail.message",
        string="Message",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # Sanitized already, when the message was stored.
    body = fields.Html(string="Text", compute="_compute_message", sanitize=False)
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment", string="Attachments", compute="_compute_message"
    )
    attachment_count = fields.Integer(string="Number of Attachments", readonly=True)
    is_incomplete = fields.Boolean(
        string="Partly Read",
        readonly=True,
        help="The email is broken: its text or files may be missing here, but not in the original.",
    )
    protection = fields.Selection(
        selection=[("signed", "Signed"), ("encrypted", "Encrypted")],
        readonly=True,
        help="Signatures are not verified. What is encrypted can be read with the key alone.",
    )

    @api.depends("subject")
    def _compute_raw_name(self):
        for row in self:
            name = "".join(c if c.isalnum() or c in " -_." else "_" for c in row.subject or "")
            row.raw_name = f"{name[:60].strip() or 'email'}.eml"

    @api.depends(
        "mail_message_id.body",
        "mail_message_id.attachment_ids",
        "scheduled_message_id.body",
        "scheduled_message_id.attachment_ids",
    )
    def _compute_message(self):
        for row in self:
            # sudo: mail.message, ir.attachment - the message stands on this row or on its lead,
            # and whoever reads the row may read those.
            message = row.sudo().mail_message_id or row.sudo().scheduled_message_id
            # What Odoo's sanitizing keeps may be fetched from elsewhere, and that tells the sender
            # who reads the email, and when; or from here, with the rights of who reads it.
            row.body = row._shown_body(message)
            row.attachment_ids = message.attachment_ids

    @api.model
    def _shown_body(self, message):
        """Return the text of a message of a row as it is shown in pages of this server."""
        if message._name == "mail.message" and message.message_type == "email":
            return message._lead_harmless_body()
        # Written here: with the pictures that its writer put in it.
        return without_remote(message.body, images=None)

    # ---- DECISIONS ----

    def _move_mail(self, _action):
        """Let the messages of ``self`` follow the rows: to the lead, or back to the row.

        Odoo's own merge moves messages in the same way. Nothing is posted, nobody is notified.
        """
        for lead, rows in self.filtered("mail_message_id").grouped("lead_id").items():
            if lead:
                rows._move_messages("crm.lead", lead.id)
            else:
                for row in rows:
                    row._move_messages(self._name, row.id)

    def _move_messages(self, model, res_id):
        # sudo: only administrators may move messages; the rights on the row and on the lead were
        # checked by the decision that calls this.
        messages = self.sudo().mail_message_id
        own = messages.attachment_ids.filtered(
            lambda attachment: attachment.res_model in (self._name, "crm.lead")
        )
        own.write({"res_model": model, "res_id": res_id})
        messages.write(
            {
                "model": model,
                "res_id": res_id,
                # Messages without a comment's subtype are left out of the References of our
                # answers, and answers to a note stay internal.
                "subtype_id": self.env.ref("mail.mt_comment").id,
            }
        )
        self.env["crm.lead"].invalidate_model(["message_ids"])
        self.invalidate_model(["message_ids"])
