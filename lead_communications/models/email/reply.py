from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime, formataddr

from ...tools.address import compared
from ...tools.mail.headers import parties
from ...tools.mail.subject import clean_subject
from ..communication.claim_question import asks_first
from .email import ADDRESSES_LENGTH, HTML_LENGTH


class LeadCommunication(models.Model):
    """Answering and passing on an email from a lead, by Odoo's composer.

    It is on the lead already, or is put there by what is sent; see ``answer_waiting.py``.
    """

    _inherit = "lead.communication"

    attachment_links = fields.Json(
        string="Files",
        compute="_compute_attachment_links",
        help="The attachments that the reader may open: id, name and type of each.",
    )
    has_others = fields.Boolean(
        string="Goes to Others",
        compute="_compute_has_others",
        help="Whether more people than the other party would get an answer to all.",
    )
    processed_date = fields.Datetime(
        string="Processed on",
        compute="_compute_processed_date",
        help="When it was put on its lead or set aside, by a person or by a rule.",
    )

    @api.depends("attachment_count", "mail_message_id", "scheduled_message_id")
    @api.depends_context("uid")
    def _compute_attachment_links(self):
        # The texts of the emails are not read for this. sudo: as for the text; only the files that
        # the reader may open are shown, and all are looked at at once
        rows = self.sudo().filtered("attachment_count")
        files = rows.mail_message_id.attachment_ids
        files |= rows.scheduled_message_id.attachment_ids
        readable = set(files.sudo(False)._filtered_access("read").ids) if files else set()
        known = {
            file.id: {"id": file.id, "name": file.name, "type": file.mimetype or ""}
            for file in files
            if file.id in readable
        }
        for row, found in zip(self, self.sudo(), strict=True):
            message = found in rows and (found.mail_message_id or found.scheduled_message_id)
            file_ids = message.attachment_ids.ids if message else []
            row.attachment_links = [known[file_id] for file_id in file_ids if file_id in known]

    @api.depends("state", "message_ref", "email_normalized", "email_from", "email_to", "email_cc")
    def _compute_has_others(self):
        answered = ("ready", "done")
        others = self.filtered(lambda row: row.state in answered and row.message_ref)
        others = others._other_parties()
        for row in self:
            row.has_others = bool(others.get(row))

    @api.depends("state", "decision_id")
    def _compute_processed_date(self):
        for row in self:
            is_processed = row.state in ("done", "ignored")
            # What a rule placed at once was not decided by anybody.
            row.processed_date = is_processed and (row.decision_date or row.create_date)

    # ---- ACTIONS ----

    @asks_first
    def action_reply(self):
        """Open an answer to the counterpart, with the text of this email below."""
        return self._answer("reply")

    @asks_first
    def action_reply_all(self):
        """Open an answer to the counterpart and to all others outside whom the email went to."""
        return self._answer("reply_all")

    @asks_first
    def action_forward(self):
        """Open this email to somebody else, with its attachments."""
        return self._answer("forward")

    def _answer(self, kind):
        """Open an answer from the lead of this email.

        :param kind: ``reply``, ``reply_all`` or ``forward``
        """
        self.ensure_one()
        self.check_access("read")
        if self.state == "ready" and self.message_ref:
            return self._answer_waiting(kind)
        if self.state != "done" or not self.message_ref:
            raise UserError(self.env._("Put the email on a lead first: it is answered from there."))
        return self._open_answer(kind, self.lead_id)

    def _open_answer(self, kind, lead):
        """Open the composer for an answer from ``lead``, after a check of the rights."""
        self.check_access("read")
        lead.check_access("write")
        if kind == "forward":
            return self._open_forward(lead)
        thread = lead or self
        counterpart = formataddr((self.contact_name or "", self.email_normalized or ""))
        partners = lead._email_recipients() if lead else self.env["res.partner"]
        if self._counterpart_address():
            partners = thread._partner_find_from_emails_single([counterpart])
        if kind == "reply_all":
            others = [formataddr(one) for one in self._other_parties()[self]]
            partners |= thread._partner_find_from_emails_single(others)
        name = self.env._("Reply All") if kind == "reply_all" else self.env._("Reply")
        return self._open_composer(
            lead, name, "Re", option="reply_all", default_partner_ids=partners.ids
        )

    def _open_forward(self, lead):
        # As Odoo does it: copies that are deleted if the email is not sent.
        files = self.env["ir.attachment"].browse(
            [link["id"] for link in self.attachment_links or []]
        )
        copies = files.copy({"res_model": "mail.compose.message", "res_id": 0})
        return self._open_composer(
            lead,
            self.env._("Forward"),
            "Fwd",
            option="forward",
            default_partner_ids=[],
            default_attachment_ids=copies.ids,
        )

    def _open_composer(self, lead, name, mark, option, **context):
        # sudo: the message of the row; it is checked again when the answer is posted
        message = self.sudo().mail_message_id
        return lead._open_composer(
            name,
            default_parent_id=message.id,
            default_subject=f"{mark}: {clean_subject(self.subject)}",
            default_composition_comment_option=option,
            default_lead_communication_id=self.id,
            **self._waiting_context(lead),
            **context,
        )

    def _other_parties(self):
        """Return ``{row: parties}`` in From, To and Cc besides the counterpart and us."""
        named = {row: row._named_parties() for row in self}
        addresses = {party.address for found in named.values() for party in found}
        own = self.env["lead.mailbox"]._own_addresses(addresses)
        others = {}
        for row, found in named.items():
            seen = {compared(row.email_normalized)}
            others[row] = [
                party
                for party in found
                if party.address not in own
                and (key := compared(party.address)) not in seen
                and not seen.add(key)
            ]
        return others

    def _named_parties(self):
        """Return who is named in From, To and Cc with an address."""
        found = []
        for text in filter(None, (self.email_from, self.email_to, self.email_cc)):
            if len(text) == ADDRESSES_LENGTH:  # cut off: the last address may be another one
                text = text.rpartition(",")[0]
            found += [party for party in parties(text) if party.address]
        return found

    # ---- TEXT ----

    def _quoted_text(self):
        """Return the email as it stands below an answer, in the markup that Odoo folds."""
        head = self._in_customer_lang().env._(
            "On %(date)s, %(sender)s wrote:", date=self._sent_at(), sender=self.email_from or ""
        )
        return Markup(
            '<div><br></div><div class="o_mail_reply_container"><div class="o_mail_reply_content">'
            "<div>%s</div><blockquote>%s</blockquote></div></div>"
        ) % (head, self._quoted_body())

    def _forwarded_text(self):
        """Return the email as it stands in one that passes it on."""
        env = self._in_customer_lang().env
        lines = (
            env._("---------- Forwarded email ----------"),
            env._("From: %(sender)s", sender=self.email_from or ""),
            env._("To: %(recipients)s", recipients=self.email_to or ""),
            env._("Date: %(date)s", date=self._sent_at()),
            env._("Subject: %(subject)s", subject=self.subject or ""),
        )
        return Markup("<div><br></div><div>%s</div>%s") % (
            Markup("<br>").join(map(escape, lines)),
            self._quoted_body(),
        )

    def _quoted_body(self):
        # Huge ones are sent back and forth with the composer, and read by nobody.
        return self.body if len(self.body or "") <= HTML_LENGTH else (self.preview or "")

    def _in_customer_lang(self):
        lang = self.lead_id and self.lead_id._customer_lang()
        return self.with_context(lang=lang) if lang else self

    def _sent_at(self):
        return format_datetime(self._in_customer_lang().env, self.date, tz=self.env.user.tz)
