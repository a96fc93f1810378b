import base64
import email

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import human_size

from ...tools.mail import identity
from .received_mail import ReceivedMail

MOST_BYTES = 2**31 - 1  # of an Integer


class LeadCommunication(models.Model):
    """An email that was too large to be fetched: its header, until somebody asks for the rest."""

    _inherit = "lead.communication"

    is_header_only = fields.Boolean(
        string="Only the Header",
        readonly=True,
        help="The message is larger than the mailbox allows: the rest is on the mail server.",
    )
    header_size = fields.Integer(
        string="Size", readonly=True, aggregator=None, help="Of the whole message, in bytes."
    )
    header_size_text = fields.Char(compute="_compute_header_size_text")
    header_hash = fields.Char(
        readonly=True,
        index="btree_not_null",
        help="SHA-256 of what the sender wrote in the header; stays when the rest was fetched.",
    )
    # Where the rest lies on the mail server. Administrators alone: nobody else needs it.
    header_mailbox_id = fields.Many2one(
        comodel_name="lead.mailbox", readonly=True, ondelete="set null", groups="base.group_system"
    )
    header_folder_id = fields.Many2one(
        comodel_name="lead.mailbox.folder",
        readonly=True,
        ondelete="set null",
        groups="base.group_system",
    )
    header_uid = fields.Char(readonly=True, groups="base.group_system")
    header_uid_validity = fields.Char(readonly=True, groups="base.group_system")

    @api.depends("header_size")
    def _compute_header_size_text(self):
        for row in self:
            row.header_size_text = human_size(row.header_size) if row.header_size else False

    # ---- TAKING MAIL IN ----

    @api.model
    def _find_same(self, message_ref, content_hash, header_hash, raw, header, company):
        """Return the row of a message that ``company`` received before, whole or its header alone.

        The rest of a message of which only the header was here is put on its row.

        :param bytes raw: the message, or its header alone when ``header`` is given.
        """
        rows = self.search(
            [
                "|",
                "&",
                ("message_ref", "=", message_ref),
                ("content_hash", "=", content_hash),
                ("header_hash", "=", header_hash),
            ]
        )._filtered_of_company(company)
        if row := rows.filtered(lambda one: one.content_hash == content_hash)[:1]:
            return row
        if header:
            return rows[:1] or self._find_whole(message_ref, header_hash, company)
        row = rows.filtered("is_header_only")[:1]
        row._complete(raw)
        return row

    @api.model
    def _find_whole(self, message_ref, header_hash, company):
        """Return the row of a whole message with this header: another mailbox had no limit."""
        rows = self.search([("message_ref", "=", message_ref)], limit=10)
        rows = rows._filtered_of_company(company)
        for row in rows.with_context(bin_size=False).filtered("raw"):
            if identity.header_hash(base64.b64decode(row.raw)) == header_hash:
                return row.with_env(self.env)
        return self.browse()

    @api.model
    def _header_values(self, received):
        """Return the values of a row of which only the header was fetched; none for a whole one."""
        header = received.header
        if not header:
            return {}
        return {
            "is_header_only": True,
            "header_size": min(header["size"], MOST_BYTES),
            "header_hash": header["header_hash"],
            "header_mailbox_id": received.mailbox_id,
            "header_folder_id": header["folder_id"],
            "header_uid": header["uid"],
            "header_uid_validity": header["uid_validity"],
        }

    # ---- FETCHING THE REST ----

    def action_fetch_whole(self):
        """Fetch the rest of the email from the mail server now, for a member of its mailbox."""
        self.ensure_one()
        self.check_access("read")
        if not self.is_header_only:
            raise self._complete_error()
        # sudo: lead.mailbox - who its members are, and its server; the user is checked
        row = self.sudo()
        if self.env.user not in row.mailbox_ids.member_ids:
            raise AccessError(self.env._("Only the members of the mailbox may fetch its mail."))
        message = row._fetch_whole()
        if not row._complete(message.raw):
            raise self._complete_error()

    def _complete_error(self):
        return UserError(self.env._("The whole email is already here."))

    def _fetch_whole(self):
        mailbox = self.header_mailbox_id or self.mailbox_ids[:1]
        place = {
            "folder_id": self.header_folder_id.id,
            "uid": self.header_uid,
            "uid_validity": self.header_uid_validity,
            "message_ref": self.message_ref,
        }
        wanted = self.header_hash
        message = mailbox._fetch_from(place, lambda raw: identity.header_hash(raw) == wanted)
        if not message:
            raise UserError(self.env._("The message is no longer on the mail server."))
        return message

    def _complete(self, raw):
        """Put the whole message on its row, wherever that is by now; tell whether it was needed.

        :param bytes raw: the message as the server holds it.
        """
        if self.is_purged:
            return self._complete_purged(raw)
        rows = self._lock()
        if not rows.is_header_only:
            return False
        rows.with_context(tracking_disable=True).write(
            {
                "is_header_only": False,
                "raw": base64.b64encode(raw),
                "message_ref": identity.message_id(raw),
                "content_hash": identity.content_hash(raw),
                "header_size": min(len(raw), MOST_BYTES),
            }
        )
        rows._complete_message(raw)
        rows.header_folder_id._note_complete(rows.header_uid, rows.header_uid_validity)
        return True

    def _complete_message(self, raw):
        """Give text and attachments to the message, which stands on the row or on its lead."""
        message = self.mail_message_id
        if not message:
            return
        received = ReceivedMail(self.header_mailbox_id.id, message.message_id)
        thread = received.carried_by(self.env["mail.thread"])
        parsed = thread._lead_read(
            lambda raw: thread.message_parse(
                email.message_from_bytes(raw, policy=email.policy.SMTP)
            ),
            raw,
        )
        values = self._process_attachments_for_post(
            parsed["attachments"],
            [],
            {"model": message.model, "res_id": message.res_id, "body": parsed["body"]},
        )
        message.attachment_ids.unlink()  # what Odoo made of a part that was not there
        message.write({"body": parsed["body"]} | values)
        self._link_message(message, received)
