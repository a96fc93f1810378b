from odoo import fields, models


class LeadCommunication(models.Model):
    """The same email in mailboxes of several companies: one row for each of them.

    Each company decides about its own. An answer on a lead is one row, wherever it was received.
    """

    _inherit = "lead.communication"

    received_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Received in",
        readonly=True,
        copy=False,
        # Of an answer that another company received, it would name that company.
        groups="base.group_system",
        help="The company of the mailbox that received it first.",
    )

    _message_unique = models.UniqueIndex(
        "(message_ref, content_hash, received_company_id) WHERE content_hash IS NOT NULL",
        "This email already exists.",
    )

    def _filtered_of_company(self, company):
        """Return those of ``self``, copies of one email, that are the one of ``company``."""
        return self.filtered(
            lambda row: (
                company in (row.received_company_id or row.company_id, row.company_id)
                or row.rule == "answer"
            )
        )
