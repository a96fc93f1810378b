from odoo import fields, models


class LeadMailboxPopMessage(models.Model):
    """A message on a POP server that was seen before: POP3 itself knows no position."""

    _name = "lead.mailbox.pop.message"
    _description = "Message on a POP Server"
    _log_access = False

    mailbox_id = fields.Many2one(
        comodel_name="lead.mailbox", required=True, index=True, ondelete="cascade"
    )
    uidl = fields.Char(string="Unique ID", required=True)
    is_whole = fields.Boolean(help="It is here completely and may be deleted on the server.")

    _uidl_unique = models.Constraint(
        "UNIQUE (mailbox_id, uidl)", "This message has already been fetched."
    )
