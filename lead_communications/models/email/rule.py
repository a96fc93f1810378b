from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...tools import ranking
from ...tools.mail.junk import KNOWN, MACHINE, PERSON, Facts, in_spam_folder, judge
from ..communication.rule import JUNK_RULES
from .received_mail import ReceivedMail

# Of mail servers and programs; nobody has to be asked about them, whoever gave them back.
REPORTS = ("bounce", "receipt")
# Why a lead is somebody's own: a colleague's lead says nothing about who wrote.
OWN_LEAD = {"email", "earlier", "contact"}


class LeadCommunication(models.Model):
    """What becomes of an email before anybody looks at it: on a lead, in Ready or set aside."""

    _inherit = "lead.communication"

    automatic_sender = fields.Char(
        readonly=True,
        copy=False,
        help="The address for which the automatic mode created the lead, while that stands.",
    )

    evidence = fields.Char(
        readonly=True, copy=False, help="Keys of what spoke for a machine and for a person."
    )
    evidence_text = fields.Char(
        string="Evidence",
        compute="_compute_evidence_text",
        help="What spoke for a machine, and what for a person, when the email came in.",
    )

    # Two mails of a new sender at once: the second transaction is run again, and finds the lead.
    _automatic_sender_unique = models.UniqueIndex(
        "(company_id, automatic_sender) WHERE automatic_sender IS NOT NULL",
        "A lead was created from an email of this sender already.",
    )

    @api.depends("evidence")
    @api.depends_context("lang")
    def _compute_evidence_text(self):
        words = self._evidence_words()
        for row in self:
            keys = [key for key in (row.evidence or "").split() if key in words]
            person = "; ".join(words[key] for key in keys if key in PERSON or key in KNOWN)
            machine = "; ".join(words[key] for key in keys if key in MACHINE)
            text = machine
            if person:
                text = self.env._("%(machine)s; but %(person)s", machine=machine, person=person)
            nobody = [words[key] for key in keys if key == "nobody_known"]
            row.evidence_text = "; ".join(filter(None, [text, *nobody]))

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
        if self.direction == "outgoing":
            self._place_sent(lead)
        elif kind and is_open and kind != "receipt":
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

    # ---- WHOSE IT IS ----

    @api.model
    def _judge(self, reading, received, parent, company):
        """Return the ``Judgement`` on an email: a person's, or a machine's.

        The database is asked, by two queries, only about what would be set aside.

        :param reading: its ``mail_reading.Reading``.
        :param received: the :class:`ReceivedMail`.
        :param parent: the row of the email that it answers, empty if none.
        """
        signs = reading.signs
        if received.role == "spam":
            signs = in_spam_folder(signs)
        if received.direction == "outgoing" or not judge(signs).kind:
            return judge(signs)
        return judge(signs, self._known_facts(reading, received.counterpart, parent, company))

    @api.model
    def _known_facts(self, reading, counterpart, parent, company):
        """Return what is known of who wrote an email."""
        address = counterpart.address
        own, own_domains = self._own_addresses_and_domains()
        if address in own or address.rpartition("@")[2] in own_domains:
            address = ""
        is_known, answers_us = self._known_address_and_answer(address, list(reading.references))
        keys = [("email", address, company.id)] if address else []
        hits = self._query_leads({self.browse(): keys})
        leads = [lead for *_key, reason, _company, _readable, lead in hits if reason in OWN_LEAD]
        return Facts(
            answers_us=bool(answers_us or parent.lead_id or parent.direction == "outgoing"),
            open_lead=any(status == ranking.OPEN for _lead, status, *_rest in leads),
            known_address=bool(is_known or leads),
        )

    @api.model
    def _known_address_and_answer(self, address, references):
        """Return whether a contact has the address, and whether one of the ids is of our mail."""
        self.env["res.partner"].flush_model(["email_normalized", "commercial_partner_id"])
        self.env["mail.message"].flush_model(["message_id", "message_type", "model"])
        query = SQL(
            """
            SELECT EXISTS (
                SELECT FROM res_partner party WHERE party.email_normalized = %s AND NOT %s
            ), EXISTS (
                SELECT FROM mail_message
                 WHERE message_id = ANY(%s) AND (message_type != 'email' OR model = 'crm.lead')
            )
            """,
            address,
            self._is_ours_sql(),
            references,
        )
        return self.env.execute_query(query)[0]

    @api.model
    def _evidence_words(self):
        """Return what each piece of evidence is called, in the language of the user."""
        return {
            "delivery_report": self.env._("it is a report of a mail server"),
            "daemon": self.env._("a mail server wrote it"),
            "bounce_subject": self.env._("the subject is that of mail that comes back"),
            "bounce_text": self.env._("it says why a mail was not delivered"),
            "certified_receipt": self.env._("it is a receipt of certified mail"),
            "receipt_subject": self.env._("the subject is that of a receipt"),
            "read_receipt": self.env._("it is a read receipt"),
            "circles": self.env._("it goes in circles between mail servers"),
            "spam_verdict": self.env._("a filter marked it as spam"),
            "spam_folder": self.env._("it lay in the spam folder"),
            "auto_replied": self.env._("it says it is an automatic answer"),
            "autoresponder": self.env._("an autoresponder sent it"),
            "auto_subject": self.env._("the subject is that of an automatic answer"),
            "away_subject": self.env._("the subject may be that of an automatic answer"),
            "away_text": self.env._("the text says that nobody is there"),
            "away_reply": self.env._("the text is that of somebody who is away"),
            "generated": self.env._("it says a program made it"),
            "program": self.env._("it comes from a program that reports"),
            "machine_name": self.env._("the sender is called like a program"),
            "no_reply": self.env._("the sender takes no answers"),
            "names_nobody": self.env._("it names nobody else to answer"),
            "null_sender": self.env._("nobody wants to know if it is not delivered"),
            "abuse_report": self.env._("it is an automatic report"),
            "list_unsubscribe": self.env._("it says how to unsubscribe"),
            "list_id": self.env._("it came by a mailing list"),
            "precedence": self.env._("it says it goes to many"),
            "feedback_id": self.env._("it is counted like mass mail"),
            "bulk_level": self.env._("the mail server takes it for mass mail"),
            "campaign": self.env._("it says it is a newsletter"),
            "mass_name": self.env._("the sender is called like a newsletter"),
            "other_party": self.env._("answers go to somebody else"),
            "other_office": self.env._("answers go to another office"),
            "other_on_list": self.env._("answers go to another address"),
            "visitor": self.env._("it says how somebody else is reached"),
            "help_desk": self.env._("it was written in a help desk"),
            "relay": self.env._("the address was made for this conversation"),
            "via": self.env._("it was sent for somebody"),
            "on_behalf": self.env._("it was sent on behalf of somebody"),
            "personal_name": self.env._("the address is made of the sender's name"),
            "free_mail": self.env._("the address is a private one"),
            "answer": self.env._("it is an answer"),
            "answers_us": self.env._("it answers a message of ours"),
            "open_lead": self.env._("this address has an open lead"),
            "known_address": self.env._("this address is known"),
            "nobody_known": self.env._("nobody of this address is known"),
        }

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
        opened, closed = self._fitting_leads()
        if self.email_normalized and not (opened or closed):
            opened, closed = self._leads_of_earlier_rule()
        if len(opened) == 1:
            self._place(opened, "automatic_lead")
        elif opened:
            self._wait("several")
        elif closed:
            self._wait("closed")
        elif self.email_normalized:
            self._decide("create", rule="automatic_new", automatic_sender=self.email_normalized)
        else:
            self._wait("manual")

    def _fitting_leads(self):
        """Return the open leads and the closed ones that are the counterpart's for certain."""
        found = self._find_candidates().get(self.id, [])
        candidates = [candidate for candidate in found if candidate.is_exact]
        leads = self.env["crm.lead"]
        return (
            leads.browse(candidate.lead_id for candidate in candidates if candidate.is_open),
            leads.browse(candidate.lead_id for candidate in candidates if not candidate.is_open),
        )

    def _leads_of_earlier_rule(self):
        """Return the lead that was created for this sender: its address may have been changed."""
        lead = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("automatic_sender", "=", self.email_normalized),
            ],
            limit=1,
        ).lead_id
        return (lead.browse(), lead) if lead._is_closed() else (lead, lead.browse())

    def _reset_automatic_sender(self, values):
        return {"automatic_sender": False} | values
