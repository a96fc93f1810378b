import xmlrpc.client

from odoo import api, models
from odoo.tools.mail import email_normalize, email_split_and_format


class MailThread(models.AbstractModel):
    """The host's mail gateway, for the mail of our mailboxes.

    While a mailbox is read, the context holds ``lead_mail`` (see ``lead.mailbox._receive``). Then
    nothing is dropped or bounced as the host would: what it finds no place for waits in the queue.
    Without it, everything is the host's.
    """

    _inherit = "mail.thread"

    @api.model
    def message_process(self, model, message, *args, **kwargs):
        if not self.env.context.get("lead_mail"):
            raw = _message_bytes(message)
            # sudo: the gateway runs as the system
            if mailbox := self.env["lead.mailbox"].sudo()._of_alias(raw):
                return mailbox._receive_from_gateway(raw)
        return super().message_process(model, message, *args, **kwargs)

    @api.model
    def message_parse(self, message, save_original=False):
        msg_dict = super().message_parse(message, save_original=save_original)
        if received := self.env.context.get("lead_mail"):
            msg_dict = {name: _storable(value) for name, value in msg_dict.items()}
            # The host makes up an id of the time for a mail that has none, so that the same mail
            # would be a new one each time; and it drops a mail that reuses another one's id.
            msg_dict["message_id"] = received["message_id"]
            if received.get("header"):
                # What the host takes for a part of the message is not there.
                msg_dict |= {"body": "", "attachments": []}
            # The host proposes everybody in To and Cc as recipients of the answer: not ourselves.
            for name in ("to_filtered", "cc_filtered"):
                msg_dict[name] = self._lead_without_mailboxes(msg_dict[name])
        return msg_dict

    @api.model
    def _lead_without_mailboxes(self, emails):
        """Return the comma-separated ``emails`` without the addresses of mailboxes."""
        own = self.env["lead.mailbox"]._own_mailbox_addresses()
        return ",".join(
            email for email in email_split_and_format(emails) if email_normalize(email) not in own
        )

    @api.model
    def _detect_loop_headers(self, msg_dict):
        return not self.env.context.get("lead_mail") and super()._detect_loop_headers(msg_dict)

    @api.model
    def _detect_loop_sender(self, message, message_dict, routes):
        return not self.env.context.get("lead_mail") and super()._detect_loop_sender(
            message, message_dict, routes
        )

    @api.model
    def _detect_write_to_catchall(self, msg_dict):
        return not self.env.context.get("lead_mail") and super()._detect_write_to_catchall(msg_dict)

    @api.model
    def message_route(self, message, message_dict, model=None, thread_id=None, custom_values=None):
        routes = super().message_route(
            message, message_dict, model=model, thread_id=thread_id, custom_values=custom_values
        )
        if not (received := self.env.context.get("lead_mail")):
            return routes
        is_answer = received["is_answer"] and not message_dict.get("is_bounce")
        if is_answer and (answer := self._lead_answer_route(message_dict)):
            return answer
        kept = [route for route in routes if not self._is_queue_route(route)]
        if len(kept) < len(routes) or not kept:
            kept.append(("lead.communication", False, None, self.env.uid, None))
        return kept

    @api.model
    def _is_queue_route(self, route):
        """Tell whether the route leads to the queue or to a lead.

        Each email is a row of its own, and a person or a rule decides on which lead it goes.
        """
        return route[0] in ("lead.communication", "crm.lead")

    @api.model
    def _lead_answer_route(self, message_dict):
        """Return the route to the open lead that a person's email is an answer on, if any.

        The host takes an answer that is also addressed to an alias of another model for a forward.
        On a closed lead nobody would see it: that one waits in the queue.
        """
        parent = self.env["mail.message"].sudo().browse(message_dict.get("parent_id"))
        parent = parent or self._get_parent_message(message_dict)
        # sudo: mail.message, crm.lead - to which record the email belongs; nothing is shown
        if not parent or parent.sudo().model != "crm.lead":
            return []
        lead = self.env["crm.lead"].sudo().browse(parent.sudo().res_id).exists()
        if not lead or lead._is_closed():
            return []
        message_dict["parent_id"] = parent.id
        return [("crm.lead", lead.id, None, self.env.uid, None)]

    @api.model
    def _message_parse_post_process(self, message, message_dict, routes):
        values = super()._message_parse_post_process(message, message_dict, routes)
        if self.env.context.get("lead_mail"):
            # The host would let everybody in To and Cc read the message, whatever his rights.
            values["partner_ids"] = []
        return values


def _message_bytes(message):
    """Return the bytes of a message in any of the forms in which the gateway is given it."""
    if isinstance(message, xmlrpc.client.Binary):
        return bytes(message.data)
    return message.encode() if isinstance(message, str) else message


def _storable(value):
    """Return a text without the one character that the database refuses."""
    return value.replace("\0", "") if isinstance(value, str) else value
