from odoo import models
from odoo.tools import SQL, email_normalize

from ...tools.mail.address_name import is_nobodys


class CrmLead(models.Model):
    """Answers: from which address they go out, where the next mail comes back to, who owes one."""

    _inherit = "crm.lead"

    def _answering_mailboxes(self):
        """Return ``{lead id: mailbox}``: where the customer's last email of each lead came in."""
        if not self.env["lead.mailbox"]._account_ids():
            return {}  # without a query, for each lead that anybody is told about
        self.env["lead.communication"].flush_model(["date", "direction", "lead_id", "mailbox_ids"])
        self.env["lead.mailbox"].flush_model(["active", "mode"])
        found = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (row.lead_id) row.lead_id, box.id
                  FROM lead_communication row
                  JOIN lead_communication_mailbox_rel rel ON rel.lead_communication_id = row.id
                  JOIN lead_mailbox box ON box.id = rel.lead_mailbox_id
                 WHERE row.lead_id IN %s AND row.type = 'email' AND row.direction = 'incoming'
                   AND box.active AND box.mode <> 'off'
                 ORDER BY row.lead_id, row.date DESC, box.id
                """,
                tuple(self.ids) or (0,),
            )
        )
        # sudo: lead.mailbox - the address to which the customer wrote is no secret
        mailboxes = self.env["lead.mailbox"].sudo()
        return {lead_id: mailboxes.browse(box_id) for lead_id, box_id in found}

    def _message_get_suggested_recipients_batch(self, *args, **kwargs):
        """Propose nobody who only passed the customer's email on: forms, machines, colleagues."""
        found = super()._message_get_suggested_recipients_batch(*args, **kwargs)
        passed_on = [
            ("lead_id", "in", self.ids),
            ("type", "=", "email"),
            ("sent_by", "!=", False),
        ]
        # sudo: lead.communication - compared with only
        rows = self.env["lead.communication"].sudo().search(passed_on)
        agents = {
            lead: {email_normalize(row.sent_by, strict=False) for row in of_lead}
            for lead, of_lead in rows.grouped("lead_id").items()
        }
        strangers = {one["email"] for named in found.values() for one in named} - {False, None}
        own = self.env["lead.mailbox"]._own_addresses(strangers)
        for lead in self:
            found[lead.id] = [
                one
                for one in found[lead.id]
                if (one["partner_id"] and one["partner_id"] == lead.partner_id.id)
                or not (
                    is_nobodys(one["email"] or "")
                    or one["email"] in agents.get(lead.sudo(), ())
                    or (one["email"] in own and not one["partner_id"])
                )
            ]
        return found

    def _notify_get_reply_to(self, default=None, author_id=False):
        result = super()._notify_get_reply_to(default=default, author_id=author_id)
        # sudo: lead.mailbox - answers go where the email says that it comes from
        account = self.env["lead.mailbox"].sudo()._of_address(default)
        mailboxes = dict.fromkeys(self.ids, account) if account else self._answering_mailboxes()
        for lead_id, mailbox in mailboxes.items():
            result[lead_id] = self._notify_get_reply_to_formatted_email(
                mailbox.address, author_id=author_id
            )
        return result

    def _answering_mailbox(self):
        """Return the mailbox under which the user answers: one of theirs, as which we can send.

        Empty where Odoo's own choice of the sender is the right one.
        """
        self.ensure_one()
        # sudo: lead.mailbox - as above
        mailbox = self._answering_mailboxes().get(self.id, self.env["lead.mailbox"].sudo())
        return mailbox._filtered_answering()

    def message_post(self, *, message_type="notification", email_from=None, **kwargs):
        is_written = message_type == "comment" and kwargs.get("subtype_xmlid") != "mail.mt_note"
        if is_written and len(self) == 1 and not (email_from or kwargs.get("author_id")):
            if email_from := self._answering_mailbox()._sender(self.env.user) or None:
                # Odoo would look for the author by the address.
                kwargs["author_id"] = self.env.user.partner_id.id
        return super().message_post(message_type=message_type, email_from=email_from, **kwargs)

    def _answers_asked(self):
        """Return the emails of the leads whose open activity asks for an answer."""
        # sudo: what the system asked for
        asking = (
            self.env["lead.communication"]
            .sudo()
            .search([("lead_id", "in", self.ids), ("answer_activity_id", "!=", False)])
        )
        return asking.filtered("answer_activity_id.active")

    def _settle_answers(self):
        """Close the activities that asked for an answer: somebody has written from the lead."""
        asking = self._answers_asked()
        activities = asking.answer_activity_id
        for activity in activities:
            env = activity.with_context(lang=activity.user_id.lang).env
            activity.action_feedback(feedback=env._("Answered."))
        asking.answer_activity_id = False
