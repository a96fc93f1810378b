from odoo import api, fields, models
from odoo.tools import SQL, email_normalize

from ...tools.address import compared
from ..communication.lead_communication import QUIET
from ..communication.past import Kind
from .email import ADDRESSES_LENGTH

MESSAGE_TYPES = ("email", "comment", "email_outgoing", "sms")


class LeadPast(models.Model):
    """Emails and SMS that stood on leads before the installation are in their history, too."""

    _inherit = "lead.past"

    kind = fields.Selection(
        selection_add=[("email", "Emails and SMS of leads")], ondelete={"email": "cascade"}
    )

    @api.model
    def _kinds(self):
        kinds = super()._kinds()
        condition = SQL("model = 'crm.lead' AND message_type IN %s", MESSAGE_TYPES)
        # Their texts may be long: few at once.
        mail = Kind("mail.message", condition, "_take_over_messages", size=200)
        events = {name: kinds.pop(name) for name in ("activity", "meeting")}
        return events | {"email": mail} | kinds


class MailMessage(models.Model):
    _inherit = "mail.message"

    def _take_over_messages(self):
        """Give the emails and SMS on leads from before the installation their rows; count them."""
        Communication = self.env["lead.communication"].with_context(**QUIET)
        known = Communication.search([("mail_message_id", "in", self.ids)]).mail_message_id
        leads = self.env["crm.lead"].browse(set((self - known).mapped("res_id"))).exists()
        # Read all at once.
        leads = {lead.id: lead for lead in leads}
        fresh = (self - known).filtered(lambda one: one.res_id in leads)
        sms = fresh.filtered(lambda one: one.message_type == "sms")
        if sms:
            Communication._record_sms(sms)
        emails = []
        for message in fresh - sms:
            lead = leads[message.res_id]
            parties = message._past_parties(lead)
            if parties is not None:
                emails.append((message, lead, parties))
        return len(sms) + len(Communication.create(Communication._past_email_values(emails)))

    def _past_parties(self, lead):
        """Return the addresses outside to which it went, none of one that came in.

        :return: None if it is no email that a customer wrote or was sent.
        """
        self.ensure_one()
        if self.message_type == "email":
            is_ours = self.author_id.user_ids.filtered(lambda user: not user.share)
            return [lead.email_from or ""] if is_ours else []
        sent = self.notification_ids.filtered(
            lambda one: one.notification_type == "email"
            and (one.res_partner_id.partner_share or not one.res_partner_id)
        )
        addresses = [
            email_normalize(one.res_partner_id.email or one.mail_email_address or "", strict=False)
            for one in sent
        ]
        return list(filter(None, addresses)) or None


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    @api.model
    def _past_email_values(self, emails):
        """Return the values of the rows of messages from before the installation.

        :param emails: ``[(message, lead, addresses to which it went)]``, the newest first.
        """
        conversations = self._past_conversations({lead.id for _message, lead, _parties in emails})
        found = []
        for message, lead, parties in emails:
            values = self._prepare_recorded_values(
                lead,
                message,
                "outgoing" if parties else "incoming",
                parties[0] if parties else None,
                conversation_ref="",
            )
            # With each party there is one; what is older joins it.
            key = (lead.id, compared(values["email_normalized"]))
            values["conversation_ref"] = conversations.setdefault(key, values["conversation_ref"])
            if len(parties) > 1:
                values["email_to"] = ", ".join(parties)[:ADDRESSES_LENGTH]
            company = self._company_of(lead, message.record_company_id)
            found.append(
                values
                | self._prepare_link_values(message, self._message_text(message))
                | {"state": "done", "lead_id": lead.id, "company_id": company.id}
            )
        return found

    @api.model
    def _past_conversations(self, lead_ids):
        """Return ``{(lead id, address): reference}`` of conversations that have rows already."""
        rows = self.search_fetch(
            [
                ("lead_id", "in", list(lead_ids)),
                ("type", "=", "email"),
                ("state", "=", "done"),
                ("conversation_ref", "!=", False),
            ],
            ["lead_id", "email_normalized", "conversation_ref"],
        )
        conversations = {}
        for row in rows:
            key = (row.lead_id.id, compared(row.email_normalized))
            conversations.setdefault(key, row.conversation_ref)
        return conversations
