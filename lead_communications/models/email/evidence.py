from odoo import api, fields, models

from ...tools.mail.junk import KNOWN, MACHINE, PERSON, in_spam_folder, judge


class LeadCommunication(models.Model):
    """Whether a person or a machine wrote an email, and what spoke for it, in words."""

    _inherit = "lead.communication"

    evidence = fields.Char(
        string="Keys of the Evidence",
        readonly=True,
        copy=False,
        help="Keys of what spoke for a machine and for a person.",
    )
    evidence_text = fields.Char(
        string="Evidence",
        compute="_compute_evidence_text",
        help="What spoke for a machine, and what for a person, when the email came in.",
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
        return judge(signs, self._known_facts(reading, received, parent, company))

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
            "letter": self.env._("it reads like a letter"),
            "to_few": self.env._("it goes to few"),
            "answers_us": self.env._("it answers a message of ours"),
            "open_lead": self.env._("this address has an open lead"),
            "known_address": self.env._("this address is known"),
            "known_number": self.env._("the number of who wrote is known"),
            "nobody_known": self.env._("nobody of this address is known"),
        }
