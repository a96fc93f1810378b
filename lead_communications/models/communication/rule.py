from odoo import fields, models

# Mail that no person wrote to us, by ``tools.mail.reading.JUNK_REASONS`` or by where it lies.
JUNK_RULES = [
    "auto_reply",
    "bounce",
    "receipt",
    "bulk",
    "no_reply",
    "notification",
    "spam",
    "spam_folder",
    "loop",
]


class LeadCommunication(models.Model):
    """What becomes of a communication before anybody looks at it, and by which rule.

    The rule is that of the moment in which it came in, and stays: another mode of the
    mailbox changes nothing about what is there.
    """

    _inherit = "lead.communication"

    rule = fields.Selection(
        selection=[
            ("manual", "Waits for a decision"),
            ("automatic_new", "Automatic: new sender"),
            ("automatic_lead", "Automatic: the one open lead"),
            ("several", "Several leads fit"),
            ("closed", "Only closed leads fit"),
            ("answer", "Answer on its lead"),
            ("answer_closed", "Answer on a closed lead"),
            ("sent", "Sent to the lead"),
            ("sent_unknown", "Sent, and no lead has this address"),
            ("exception", "Exception"),
            ("internal", "Internal call"),
            ("before_start", "Before the start date"),
            ("auto_reply", "Automatic answer"),
            ("bounce", "Delivery report"),
            ("receipt", "Read receipt"),
            ("bulk", "Newsletter or mailing list"),
            ("no_reply", "From an address that takes no answer"),
            ("notification", "Notification of a program"),
            ("spam", "Marked as spam"),
            ("spam_folder", "In the spam folder"),
            ("loop", "Mail loop"),
        ],
        readonly=True,
        help="What decided where it went when it came in.",
    )
