from datetime import UTC, timedelta
from email.utils import format_datetime

from odoo import SUPERUSER_ID, api, models
from odoo.tools import file_open
from odoo.tools.mail import plaintext2html


class LeadCommunicationDemo(models.AbstractModel):
    """The steps of the demo data that take more than writing a record.

    Emails come in and are decided by the same methods as real ones. The row of each step has the
    step's name as XML id, and a step that was done is not done again: upgrades run them all.
    """

    _name = "lead.communication.demo"
    _description = "Demo Data of Communications"

    @api.model
    def _receive(self, mailbox_id, name, sent):
        """Let the mailbox receive ``demo/mail/<name>.eml``.

        :param sent: when it was sent, naive UTC; the files have no Date header.
        """
        if self._row(name):
            return
        head = f"Date: {format_datetime(sent.replace(tzinfo=UTC))}\n"
        raw = (head + self._text(f"{name}.eml")).replace("\n", "\r\n").encode()
        mailbox = self.env["lead.mailbox"].browse(mailbox_id)
        self._remember(name, mailbox._receive(raw, sent + timedelta(seconds=20)))

    @api.model
    def _write(self, name, subject, lead_id, sent):
        """Let the user write ``demo/mail/<name>.txt`` from the lead, all but the sending."""
        if self._row(name):
            return
        lead = self.env["crm.lead"].browse(lead_id)
        message = lead.message_post(
            subject=subject,
            body=plaintext2html(self._text(f"{name}.txt")),
            date=sent,
            message_id=f"<{name}@windows.example.com>",
            subtype_xmlid="mail.mt_comment",
        )
        communications = self.env["lead.communication"]
        communications._record_message(lead, message, "outgoing", counterpart=lead.email_from)
        self._remember(name, lead.email_ids.filtered(lambda row: row.mail_message_id == message))

    @api.model
    def _decide(self, name, action, lead_id=None, minutes=25):
        """Let the user decide about a communication that nobody decided about.

        :param minutes: how long it had waited by then, for the reports.
        """
        row = self._row(name)
        if row.sudo().decision_id:
            return
        row._decide(action, self.env["crm.lead"].browse(lead_id))
        # The system alone may say when a record was created, and only while the demo is installed.
        came = row.date + timedelta(seconds=20)
        row.with_user(SUPERUSER_ID).write(
            {"create_date": came, "decided_date": came + timedelta(minutes=minutes)}
        )

    @api.model
    def _text(self, name):
        with file_open(f"lead_communications/demo/mail/{name}") as file:
            return file.read()

    @api.model
    def _row(self, name):
        return self.env.ref(f"lead_communications.{name}", raise_if_not_found=False)

    @api.model
    def _remember(self, name, row):
        # sudo: ir.model.data - also steps of salespeople get their XML id
        self.env["ir.model.data"].sudo()._update_xmlids(
            [{"xml_id": f"lead_communications.{name}", "record": row, "noupdate": True}]
        )
