import logging
import re
import xmlrpc.client
from email.message import EmailMessage

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, ormcache
from odoo.tools.mail import (
    append_content_to_html,
    email_normalize,
    email_split,
    email_split_and_format,
    html_sanitize,
    plaintext2html,
)

from ...tools.mail import message as mail_message
from ...tools.mail import repair
from ...tools.mail.dates import sent_date
from ...tools.mail.policy import remember_headers
from ...tools.mail.subject import clean_text
from .mail_message_account import LEAD_MODELS
from .received_mail import GatewayMail, ReceivedMail

_logger = logging.getLogger(__name__)

# What no database takes: NUL, and halves of characters.
_NOT_STORABLE = re.compile("[\0\ud800-\udfff]")


class MailThread(models.AbstractModel):
    """Odoo's mail gateway, for the mail of our mailboxes.

    While one is read, a :class:`ReceivedMail` goes along (see ``lead.mailbox._receive``). Then
    nothing is dropped or bounced as Odoo would: what it finds no place for waits in the queue.
    Without it, everything is Odoo's.
    """

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        received = ReceivedMail.on_its_way(self.env)
        if received and received.is_entered:
            # Handed over by what the message has set off.
            others = GatewayMail.left_behind(self)
            return others.message_process(model, message, *args, **kwargs)
        if received:
            received.is_entered = True
        if GatewayMail.on_its_way(self.env) or not self._lead_may_hand_over():
            return super().message_process(model, message, *args, **kwargs)
        raw = _message_bytes(message)
        # sudo: the gateway runs as the system
        if mailbox := self.env["lead.mailbox"].sudo()._of_alias(raw):
            return mailbox._receive_from_gateway(raw)
        gateway = GatewayMail().carried_by(self)
        return super(MailThread, gateway).message_process(model, message, *args, **kwargs)

    @api.model
    def _lead_may_hand_over(self):
        """Tell whether the user may say that a message has come in: fetching and the mail server.

        Odoo lets anybody say so, of any record.
        """
        return self.env.su or self.env.user.has_group("base.group_system")

    @api.model
    def _lead_read(self, read, raw):
        """Return ``read(raw)``; of a message that Odoo can't read, ``read`` of a readable copy.

        ``is_incomplete`` of the :class:`ReceivedMail` tells whether it was the copy.
        """
        received = ReceivedMail.on_its_way(self.env)
        received.is_parsed = received.is_entered = False
        received.whole = raw
        received.message = mail_message.read(raw)
        received.is_incomplete = not received.message.is_whole
        try:
            return read(repair.for_host(raw))
        except psycopg2.Error:
            raise
        except Exception:
            if received.is_parsed:
                raise  # not the message: something that was made of it
            _logger.info("A message was read in part, Odoo can't read it.", exc_info=True)
        received.is_incomplete = True
        received.is_entered = False
        copy = repair.readable(raw)
        received.message = mail_message.read(copy)
        return read(copy)

    @api.model
    def message_parse(self, message, save_original=False):
        received = ReceivedMail.on_its_way(self.env)
        if received and received.is_parsed:
            others = GatewayMail.left_behind(self)  # another message
            return others.message_parse(message, save_original=save_original)
        if received:
            remember_headers(message)  # Odoo asks for each many times
            repair.repair(message)
        msg_dict = super().message_parse(message, save_original=save_original)
        if received:
            msg_dict = {name: _storable(value) for name, value in msg_dict.items()}
            msg_dict["attachments"] = [_storable_file(file) for file in msg_dict["attachments"]]
            received.is_parsed = True  # nothing was written before
            # Odoo makes up an id of the time for a mail that has none, so that the same mail
            # would be a new one each time; and it drops a mail that reuses another one's id.
            msg_dict["message_id"] = received.message_id
            msg_dict["date"] = fields.Datetime.to_string(
                sent_date(
                    received.whole,
                    received.received_date or fields.Datetime.now(),
                    is_sent=received.role == "sent",
                )
            )
            if received.header:
                # What Odoo takes for a part of the message is not there.
                msg_dict |= {"body": "", "attachments": []}
            # Odoo proposes everybody in To and Cc as recipients of the answer: not ourselves.
            for name in ("to_filtered", "cc_filtered"):
                msg_dict[name] = self._lead_without_mailboxes(msg_dict[name])
        return msg_dict

    def _message_parse_extract_payload(self, message, message_dict, save_original=False):
        received = ReceivedMail.on_its_way(self.env)
        if not received or not received.message:
            return super()._message_parse_extract_payload(
                message, message_dict, save_original=save_original
            )
        # Odoo is given the headers alone; what is below them was read already.
        payload = {
            "body": self._lead_body(received.message),
            "attachments": [
                self._Attachment(
                    file.name,
                    file.content,
                    {"encoding": None} | ({"cid": file.content_id} if file.content_id else {}),
                )
                for file in received.message.files
            ],
        }
        if not received.message.is_whole:
            payload["attachments"].append(
                self._Attachment(repair.ORIGINAL_NAME, received.whole, {"encoding": None})
            )
        return self._message_parse_extract_payload_postprocess(message, payload)

    @api.model
    def _lead_body(self, message):
        """Return the text of a :class:`.message.Message` as HTML that Odoo stores."""
        texts = message.texts
        found = []
        for one in texts:
            if one.kind == "plain":
                found.append(append_content_to_html("", one.text, preserve=True))
                continue
            html = html_sanitize(one.text, sanitize_tags=False, strip_classes=True)
            alone = len(texts) == 1
            found.append(html if alone else append_content_to_html("", html, plaintext=False))
        if message.protection == "encrypted":
            found.insert(0, plaintext2html(self._lead_in_company_lang()._lead_encrypted_notice()))
        for event in message.events:
            lines = self._lead_in_company_lang()._lead_event_lines(event)
            found.append(plaintext2html("\n".join(lines)))
        return Markup("").join(map(Markup, found))

    @api.model
    def _lead_in_company_lang(self):
        """Return ``self`` in the language of those who will read what is stored here."""
        return self.with_context(lang=self.env.company.partner_id.lang)

    @api.model
    def _lead_encrypted_notice(self):
        return self.env._(
            "This email is encrypted. It can be read in a mail program that has the key."
        )

    @api.model
    def _lead_event_lines(self, event):
        """Return the lines that tell of an event that an email invites to."""
        lines = [
            self.env._("Event: %s", event.what or "-"),
            event.when and self.env._("When: %s", event.when),
            event.where and self.env._("Where: %s", event.where),
            event.organizer and self.env._("Organizer: %s", event.organizer),
            event.is_canceled and self.env._("It is canceled."),
        ]
        return [line for line in lines if line]

    @api.model
    def _lead_without_mailboxes(self, emails):
        """Return the comma-separated ``emails`` without the addresses of mailboxes."""
        own = self.env["lead.mailbox"]._own_mailbox_addresses()
        return ",".join(
            one for one in email_split_and_format(emails) if email_normalize(one) not in own
        )

    @api.model
    def _detect_loop_headers(self, msg_dict):
        return not ReceivedMail.on_its_way(self.env) and super()._detect_loop_headers(msg_dict)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        return not ReceivedMail.on_its_way(self.env) and super()._detect_loop_sender(
            message, message_dict, routes
        )

    @api.model
    def _detect_write_to_catchall(self, msg_dict):
        return not ReceivedMail.on_its_way(self.env) and super()._detect_write_to_catchall(msg_dict)

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        received = ReceivedMail.on_its_way(self.env)
        if received:
            received.is_routed = True
            if received.is_elsewhere and message_dict.get("is_bounce"):
                return [self._queue_route()]
        if received and not message_dict.get("is_bounce"):
            answer = received.is_answer and self._lead_answer_route(message_dict)
            if answer or received.is_elsewhere or not self._has_other_route(message_dict):
                self._routing_reset_bounce(message, message_dict)
                return answer or [self._queue_route()]
        routes = super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
        if not received:
            return routes
        kept = [route for route in routes if not self._is_queue_route(route)]
        # What makes a record of another kind is a communication as well; an answer on one is not.
        if len(kept) < len(routes) or not any(route[1] for route in kept):
            kept.append(self._queue_route())
        return kept

    @api.model
    def _has_other_route(self, message_dict):
        """Tell whether Odoo may find another place than the queue for an email.

        That is where a message is that it answers, and the alias of another model.
        """
        recipients = [one.lower() for one in email_split(message_dict["recipients"])]
        # sudo: mail.alias.domain - compared with only
        aliases = self.env["mail.alias.domain"].sudo()
        return bool(message_dict.get("parent_id") or aliases._find_aliases(recipients))

    @api.model
    def _queue_route(self):
        return ("lead.communication", False, None, self.env.uid, None)

    @api.model
    def _is_queue_route(self, route):
        """Tell whether the route leads to the queue or to a lead.

        Each email is a row of its own, and a person or a rule decides on which lead it goes.
        """
        return route[0] in ("lead.communication", "crm.lead")

    @api.model
    def _lead_answer_route(self, message_dict):
        """Return the route to the open lead that a person's email is an answer on, if any.

        Odoo takes an answer that is also addressed to an alias of another model for a forward.
        On a closed lead nobody would see it: that one waits in the queue.
        """
        # sudo: mail.message, crm.lead - to which record the email belongs; nothing is shown
        parent = self.env["mail.message"].sudo().browse(message_dict.get("parent_id"))
        if parent.model != "crm.lead":
            return []
        lead = self.env["crm.lead"].sudo().browse(parent.res_id).exists()
        received = ReceivedMail.on_its_way(self.env)
        company = self.env["lead.mailbox"].browse(received.mailbox_id).company_id
        if lead.company_id and lead.company_id != company:
            # The same email may have been received by several companies: its own comes first.
            row = self.env["lead.communication"].sudo().browse(received.parent_id)
            if row.company_id == company and row.lead_id:
                lead = row.lead_id
        if not lead or lead._is_closed():
            return []
        return [("crm.lead", lead.id, None, self.env.uid, None)]

    @api.model
    def _routing_reset_bounce(self, email_message, message_dict):
        if not ReceivedMail.on_its_way(self.env):
            return super()._routing_reset_bounce(email_message, message_dict)
        # Odoo asks the database each time which models count bounces, and then each of them.
        address = email_normalize(message_dict["email_from"])
        for name in self._bounced_models(address) if address else ():
            # sudo: the gateway runs as the system
            records = self.env[name].sudo()
            bounced = [("message_bounce", ">", 0), ("email_normalized", "=", address)]
            records.search(bounced)._message_reset_bounce(address)
        return None

    @api.model
    def _bounced_models(self, address):
        """Return the models with records to which mail could not be delivered at ``address``."""
        queries = []
        for name in self._bounce_counting_models():
            model = self.env[name]
            fields = [model._fields[field] for field in ("message_bounce", "email_normalized")]
            if all(field.store for field in fields):
                bounces, email = (SQL.identifier(field.name, to_flush=field) for field in fields)
                table = SQL.identifier(model._table)
                queries.append(
                    SQL(
                        "SELECT %s WHERE EXISTS (SELECT FROM %s WHERE %s > 0 AND %s = %s)",
                        *(name, table, bounces, email, address),
                    )
                )
        return [name for (name,) in self.env.execute_query(SQL(" UNION ALL ").join(queries))]

    @api.model
    @ormcache()
    def _bounce_counting_models(self):
        blacklist = self.pool["mail.thread.blacklist"]
        return tuple(
            name
            for name, model in self.pool.items()
            if issubclass(model, blacklist) and not model._abstract
        )

    @api.model
    def _message_parse_post_process(self, message, message_dict, routes):
        if not ReceivedMail.on_its_way(self.env):
            return super()._message_parse_post_process(message, message_dict, routes)
        # Odoo would let everybody in To and Cc read the message, whatever their rights.
        nobody = dict(message_dict, recipients="")
        values = super()._message_parse_post_process(message, nobody, routes)
        return values | {"partner_ids": []}

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        if not GatewayMail.on_its_way(self.env):
            self._lead_check_routes(routes)
        others = [route for route in routes or () if route[0] != "lead.communication"]
        if not ReceivedMail.on_its_way(self.env) or len(others) == len(routes or ()):
            return super()._message_route_process(message, message_dict, routes)
        if others:
            super()._message_route_process(message, dict(message_dict), others)
        # sudo: rows are written by the system alone
        return self.env["lead.communication"].sudo()._take_in(message_dict).id

    def _notify_thread(self, message, msg_vals=False, **kwargs):
        if kwargs.get("scheduled_date") and self._name in LEAD_MODELS and not self.env.su:
            # It goes out as superuser's, later.
            self.env["lead.mailbox"]._check_send_as(message.email_from)
        return super()._notify_thread(message, msg_vals=msg_vals, **kwargs)

    def _notify_thread_by_email(self, message, recipients_data, **kwargs):
        if self._name in LEAD_MODELS:
            by_email = [one for one in recipients_data if one["notif"] == "email"]
            self.env["lead.mailbox"]._check_goes_out(message, by_email)
        return super()._notify_thread_by_email(message, recipients_data, **kwargs)

    @api.model
    def _lead_check_routes(self, routes):
        """Check that no user makes up a message that a lead or a mailbox has received."""
        if any(route[0] in LEAD_MODELS for route in routes or ()):
            raise AccessError(
                self.env._("Only administrators hand over emails that leads have received.")
            )


def _message_bytes(message):
    """Return the bytes of a message in any of the forms in which the gateway is given it."""
    if isinstance(message, xmlrpc.client.Binary):
        return bytes(message.data)
    return message.encode() if isinstance(message, str) else message


def _storable(value):
    """Return a text without the characters that the database refuses."""
    # Markup stays Markup.
    return type(value)(_NOT_STORABLE.sub("", value)) if isinstance(value, str) else value


def _storable_file(file):
    """Return an attachment of Odoo's parser with a clean name and storable content."""
    content = file.content
    # Odoo does this later; an email in the email may be one that can't be written again.
    content = content.as_bytes() if isinstance(content, EmailMessage) else _storable(content)
    return file._replace(fname=clean_text(file.fname) or "attachment", content=content)
