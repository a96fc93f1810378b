import textwrap
from datetime import timedelta

from markupsafe import escape

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tools import email_normalize
from odoo.tools.mail import email_split_tuples, html2plaintext

from ...tools.mail.subject import clean_text
from ..communication.inbox import PREVIEW_LENGTH
from ..communication.lead_communication import QUIET
from .email import ADDRESSES_LENGTH, HTML_LENGTH
from .received_mail import GatewayMail, ReceivedMail

# A sender's clock may be wrong; a mail from further ahead than this was not sent then.
CLOCK_TOLERANCE = timedelta(days=1)


class LeadCommunication(models.Model):
    """What a row takes from an email: of a mailbox, or that was written on a lead."""

    _inherit = "lead.communication"

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Put an incoming email in the queue, by Odoo's gateway.

        Nothing here may fail on what a sender can write: Odoo has no second try.
        """
        if not GatewayMail.on_its_way(self.env):
            raise AccessError(self.env._("Emails come in by the mail gateway alone."))
        values = self._prepare_email_values(msg_dict) | (custom_values or {})
        # What is set off by the row does not belong to the message any more.
        quiet = GatewayMail.left_behind(self).with_context(**QUIET)
        row = quiet.create(values)
        row._note_received(ReceivedMail.bringing(self.env, msg_dict.get("message_id")))
        return row

    def _note_received(self, received):
        """Keep the bytes of the message that is being received, and tell the mailbox its row.

        :param received: the :class:`ReceivedMail` that the row is of; None if it is of none.
        """
        if not received:
            return
        received.row_ids.append(self.id)
        # Not by the field, which would want it in Base64. sudo: ir.attachment - of the row itself
        self.env["ir.attachment"].sudo().create(
            {
                "name": "raw",
                "raw": received.raw,
                # Known, or its text would be kept a second time for searching.
                "mimetype": "message/rfc822",
                "res_model": self._name,
                "res_field": "raw",
                "res_id": self.id,
            }
        )
        self.invalidate_recordset(["raw"], flush=False)

    @api.model
    def _take_in(self, msg_dict):
        """Return the new row of an email that a mailbox received, with its message.

        As Odoo's gateway would do it, but for what nobody needs here: there are no followers
        and no recipients to be notified, and the answers go to the lead.

        :param dict msg_dict: what Odoo parsed; the rest is in the context.
        """
        row = self.with_user(SUPERUSER_ID).message_new(msg_dict)
        values = row._prepare_message_values(msg_dict)
        received = ReceivedMail.bringing(self.env, msg_dict["message_id"])
        if received and received.true_id:
            values["message_id"] = received.true_id
        if msg_dict["attachments"]:
            plain = row.with_context(attachments_mime_plainxml=True)
            values |= plain._process_attachments_for_post(msg_dict["attachments"], [], values)
        row._link_message(row._message_create([values]), received)
        return row

    def _prepare_message_values(self, msg_dict):
        """Return the values of the message of an incoming email."""
        company = self.company_id
        subtype = "mail.mt_note" if msg_dict.get("is_internal") else "mail.mt_comment"
        return {
            "model": self._name,
            "res_id": self.id,
            "message_type": "email",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id(subtype),
            "message_id": msg_dict["message_id"],
            "subject": msg_dict.get("subject") or False,
            "body": escape(msg_dict["body"]),
            "email_from": msg_dict["email_from"],
            "author_id": msg_dict.get("author_id") or False,
            "incoming_email_to": msg_dict.get("to_filtered") or False,
            "incoming_email_cc": msg_dict.get("cc_filtered") or False,
            "is_internal": msg_dict.get("is_internal") or False,
            "email_add_signature": True,
            "reply_to": False,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
        } | ({"date": msg_dict["date"]} if msg_dict.get("date") else {})

    @api.model
    def _prepare_email_values(self, msg_dict):
        """Return the values of the row of an incoming email that Odoo parsed."""
        sender = msg_dict.get("email_from") or ""
        name, address = (email_split_tuples(sender) or [("", "")])[0]
        mail = ReceivedMail.bringing(self.env, msg_dict.get("message_id"))
        # sudo: lead.mailbox - company and team of the mailbox that is being fetched
        mailbox = self.env["lead.mailbox"].sudo().browse(mail.mailbox_id if mail else [])
        received = mail.received_date if mail else fields.Datetime.now()
        return {
            "type": "email",
            "direction": "incoming",
            "subject": clean_text(msg_dict.get("subject")),
            "email_from": clean_text(f"{name} <{address}>" if name else sender),
            "email_to": clean_text(msg_dict.get("to"), ADDRESSES_LENGTH),
            "email_cc": clean_text(msg_dict.get("cc"), ADDRESSES_LENGTH),
            "email_normalized": email_normalize(address or sender, strict=False) or False,
            "contact_name": clean_text(name),
            "date": self._sane_date(msg_dict.get("date"), received),
            "message_ref": msg_dict.get("message_id"),
            "conversation_ref": msg_dict.get("message_id"),
            "company_id": self._company_of(came_in=mailbox.company_id).id,
            "team_id": mailbox.team_id.id,
        } | self._prepare_received_values(mail, clean_text(sender))

    @api.model
    def _prepare_received_values(self, received, sender):
        """Return the values that only the mailbox knows of: the bytes, the times, who it is from.

        :param received: the :class:`ReceivedMail`, None if no mailbox has received it.
        :param sender: the From header.
        """
        if not received:
            return {}
        parent = self.browse(received.parent_id)
        found = received.counterpart
        counterpart = found.party
        # sudo: lead.mailbox - the company of the mailbox that is being fetched
        company = self.env["lead.mailbox"].sudo().browse(received.mailbox_id).company_id
        values = {
            "mailbox_ids": [Command.link(received.mailbox_id)],
            "direction": received.direction,
            "message_ref": received.message_ref,
            # What another company has of the conversation is its own.
            "conversation_ref": (parent.company_id == company and parent.conversation_ref)
            or received.message_ref,
            "content_hash": received.content_hash,
            "received_date": received.received_date,
            "received_company_id": company.id,
        }
        values |= self._prepare_counterpart_values(found, company) | self._header_values(received)
        passed_on = counterpart.address and counterpart.address not in sender.lower()
        if received.direction == "incoming" and passed_on:
            name = (
                f"{counterpart.name} <{counterpart.address}>"
                if counterpart.name
                else counterpart.address
            )
            values |= {"email_from": name, "sent_by": sender}
        return values

    def _receive_again(self, mailbox, role):
        """Let a second mailbox see the email, and take it back out of the spam folder."""
        self.ensure_one()
        self.mailbox_ids = [Command.link(mailbox.id)]
        self._note_seen_again(mailbox)
        if self.rule == "spam_folder" and self.state == "ignored" and role == "inbox":
            self._decide("reopen", rule="manual")

    @api.model
    def _record_message(self, lead, message, direction, counterpart=None, email_to=None):
        """Give a message that stands on a lead already its row in the history of the lead.

        :param direction: ``incoming`` or ``outgoing``.
        :param counterpart: the address of the counterpart of an outgoing message.
        :param email_to: all addresses that it goes to, if there are several.
        """
        # sudo: rows are written by the system alone; the message is on the lead already
        Communication = self.sudo().with_context(**QUIET)
        if Communication.search_count([("mail_message_id", "=", message.id)], limit=1):
            return
        values = Communication._prepare_recorded_values(lead, message, direction, counterpart)
        if email_to:
            values["email_to"] = clean_text(email_to, ADDRESSES_LENGTH)
        row = Communication._waiting_row(lead)
        if row:
            row._decide("complete", **values, scheduled_message_id=False)
            row._note_responses()
        else:
            row = Communication.create(values | {"state": "done", "lead_id": lead.id})
        received = ReceivedMail.bringing(self.env, message.message_id)
        row._note_received(received)
        row._link_message(message, received)
        if not received:  # else it is told when the rules are applied
            row._wake_by_email()
        if direction == "outgoing" and not self._is_forwarding():
            lead._settle_answers()

    @api.model
    def _prepare_recorded_values(
        self, lead, message, direction, counterpart, conversation_ref=None
    ):
        """Return the values of the row of a message on ``lead``.

        :param conversation_ref: of its conversation; None to look for what it answers.
        """
        outgoing = direction == "outgoing"
        values = self._prepare_email_values(
            {
                "subject": message.subject or lead.name,
                "email_from": message.email_from,
                "to": counterpart if outgoing else message.incoming_email_to,
                "cc": False if outgoing else message.incoming_email_cc,
                "message_id": message.message_id,
                "date": message.date,
            }
        )
        known = counterpart if outgoing else message.email_from
        counterpart = email_normalize(known or "", strict=False)
        if conversation_ref is None:
            parent = self._find_parent_message(lead, message.parent_id, counterpart)
            conversation_ref = parent.conversation_ref
        values |= {
            "direction": direction,
            "team_id": lead.team_id.id,
            "company_id": self._company_of(lead).id,
            "conversation_ref": conversation_ref or values["conversation_ref"],
            "rule": "sent" if outgoing else "answer",
            "user_id": (message.author_id.user_ids[:1] if outgoing else lead.user_id).id,
        }
        if outgoing:
            values |= {"email_normalized": counterpart} | self._chosen_values(lead)
            if self._is_forwarding():
                # Told to somebody else: the customer still waits, if they do.
                values["conversation_ref"] = values["message_ref"]
        return values

    def _receiving_mailbox(self):
        """Return the mailbox that is taking in this row at this moment; empty at any other."""
        received = ReceivedMail.on_its_way(self.env)
        is_new = bool(received) and self.id in received.row_ids
        # sudo: lead.mailbox - team and salesperson of the leads that it creates
        return self.env["lead.mailbox"].sudo().browse([received.mailbox_id] if is_new else [])

    @api.model
    def _sane_date(self, date, received):
        """Return when the mail was sent, or when it was received if the header can't be true."""
        sent = fields.Datetime.to_datetime(date or received)
        if sent > received + CLOCK_TOLERANCE or sent.year < 1990:
            return received
        return sent

    def _message_post_after_hook(self, message, msg_values):
        is_received = message.message_type == "email" and GatewayMail.bringing(
            self.env, message.message_id
        )
        if is_received and not self.mail_message_id:
            self._link_message(message, ReceivedMail.bringing(self.env, message.message_id))
        return super()._message_post_after_hook(message, msg_values)

    def _link_message(self, message, received=None):
        """Make ``message`` the message of this row.

        :param received: the :class:`ReceivedMail` that it is of; None if it is of none.
        """
        text = self._message_text(message)
        # sudo: rows are written by the system alone
        self.sudo().with_context(tracking_disable=True).write(
            self._prepare_link_values(message, text)
            | self._prepare_reading_values(message, text, received)
        )

    @api.model
    def _message_text(self, message):
        return html2plaintext((message.body or "")[:HTML_LENGTH], include_references=False)

    @api.model
    def _prepare_link_values(self, message, text):
        """Return what makes ``message``, which says ``text``, the message of a row."""
        return {
            "mail_message_id": message.id,
            "preview": textwrap.shorten(clean_text(text, 2000), PREVIEW_LENGTH),
            "attachment_count": len(message.attachment_ids),
        }

    @api.model
    def _prepare_reading_values(self, message, text, received):
        """Return what the reader of the email that is being received tells of it.

        :param message: the ``mail.message`` in which it is shown.
        :param text: the text of that message.
        """
        if not received or not received.message:
            return {}
        # What Odoo takes away from HTML may be a text: then the original has more.
        is_cut = len(message.body or "") > HTML_LENGTH or bool(received.header)
        return {
            "protection": received.message.protection or False,
            "is_incomplete": received.is_incomplete
            or not (is_cut or received.message.is_said_by(text)),
        }
