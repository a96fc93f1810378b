from odoo import fields, models
from odoo.fields import Domain

from ...tools.address import compared
from ..communication.rule import JUNK_RULES
from .received_mail import ReceivedMail

# Of mail servers and programs; nobody has to be asked about them, whoever gave them back.
REPORTS = ("bounce", "receipt")


class LeadCommunication(models.Model):
    """What becomes of an email before anybody looks at it: on a lead, in Ready or set aside."""

    _inherit = "lead.communication"

    automatic_sender = fields.Char(
        readonly=True,
        copy=False,
        help="The address for which the automatic mode created the lead, while that stands.",
    )

    # Two mails of a new sender at once: the second transaction is run again, and finds the lead.
    _automatic_sender_unique = models.UniqueIndex(
        "(company_id, automatic_sender) WHERE automatic_sender IS NOT NULL",
        "A lead has already been created from an email of this sender.",
    )

    def _apply_rules(self, mailbox, judgement, parent):
        """Put an email that came in where it belongs.

        :param mailbox: the ``lead.mailbox`` that received it.
        :param judgement: the ``tools.mail.junk.Judgement`` on it.
        :param parent: the row of the email that it answers, empty if none.
        """
        self.ensure_one()
        if judgement.evidence and self.direction == "incoming":
            self.evidence = " ".join(judgement.evidence)
        if self.state != "ready":
            return  # Odoo has put it on the lead that it answers
        lead = parent.lead_id
        is_open = bool(lead) and not lead._is_closed()
        kind = judgement.kind
        if lead and kind not in REPORTS and self._is_of_other_company(lead):
            self._wait("manual")  # that another company has such a lead is told to nobody
        elif self.direction == "outgoing":
            self._place_sent(lead)
        elif kind and is_open and kind != "receipt" and not self._is_of_other_company(lead):
            self._place(lead, kind)
        elif kind == "auto_reply" and (lead or judgement.is_known):
            # Nothing of a customer is set aside; nobody is asked to answer it.
            self._wait("answer_closed" if lead else kind)
        elif kind:
            self._set_aside(kind, mailbox.junk_state)
        elif lead and not is_open:
            self._wait("answer_closed")
        elif not judgement.may_answer:
            self._wait("manual")  # a filter warns of it: a person looks first
        elif lead:
            self._place(lead, "answer")
        elif not self._except():
            parent._reopen_conversation()
            if mailbox.mode == "automatic":
                self._place_automatically()
            else:
                self._wait("manual")

    def _trust_reopened(self, action):
        """Let count for a person's what a person gave back: it may be answered like any other."""
        if action == "reopen" and not self.env.su:
            # sudo: rows are written by the system alone; the rights were checked by the decision
            rows = self.sudo().filtered(lambda row: row.rule in JUNK_RULES)
            rows.filtered(lambda row: row.rule not in REPORTS).rule = "manual"

    def _reopen_conversation(self):
        """Let what was ignored wait again: somebody writes on about it."""
        ignored = self.search(
            self._conversation_domain()
            & Domain("state", "=", "ignored")
            & Domain("direction", "=", "incoming")
            & Domain("company_id", "in", self.company_id.ids)
        )
        if ignored:
            ignored._decide("reopen")

    # ---- WHERE IT GOES ----

    def _wait(self, rule):
        self.rule = rule

    def _set_aside(self, rule, state):
        """Put it in Ignored or, where the mailbox wants to see such mail, leave it in Ready."""
        self.write({"rule": rule, "state": state})

    def _place(self, lead, rule):
        """Put it on ``lead``; nobody is mailed."""
        self._decide("attach", lead, rule=rule)

    def _place_sent(self, lead):
        """Put what we sent ourselves on the lead that it was sent to."""
        opened, closed = self._fitting_leads()
        leads = lead or opened or closed
        if len(leads) == 1:
            self._place(leads, "sent")
        elif leads:
            self._wait("several")
        elif ReceivedMail.on_its_way(self.env).role == "sent":
            self._set_aside("sent_unknown", "ignored")
        else:
            self._wait("manual")

    def _place_automatically(self):
        """Create a lead for a new sender, attach a known one; whatever is unclear waits."""
        address = self._counterpart_address()
        if not address:
            # Sent by a machine or by one of us: whose it is, a person says.
            self._wait("manual")
            return
        opened, closed = self._fitting_leads()
        if self.known_by == "text" and (opened or closed):
            # Anybody may have written this address and this number into a form.
            self._wait("manual")
            return
        if not (opened or closed):
            opened, closed = self._leads_of_earlier_rule()
        if len(opened) == 1:
            self._place(opened, "automatic_lead")
        elif opened:
            self._wait("several")
        elif closed:
            self._wait("closed")
        else:
            self._decide("create", rule="automatic_new", automatic_sender=compared(address))

    def _leads_of_earlier_rule(self):
        """Return the lead that was created for this sender: its address may have been changed."""
        lead = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("automatic_sender", "=", compared(self.email_normalized)),
            ],
            limit=1,
        ).lead_id
        return (lead.browse(), lead) if lead._is_closed() else (lead, lead.browse())

    def _reset_automatic_sender(self, values):
        return {"automatic_sender": False} | values
