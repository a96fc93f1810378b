from odoo import api, fields, models

from ..event.crm_lead_event import SHOWN_ON_CARD


class CrmLead(models.Model):
    """The emails of a lead as conversations, the one with the newest email first."""

    _inherit = "crm.lead"

    latest_email_ids = fields.Many2many(
        comodel_name="lead.communication",
        string="Latest Emails",
        compute="_compute_latest_email_ids",
        help="The newest emails in both directions, conversation by conversation.",
    )
    has_more_emails = fields.Boolean(compute="_compute_latest_email_ids")

    @api.depends_context("uid")
    def _compute_latest_email_ids(self):
        for lead in self:
            emails = lead._latest_events(("type", "=", "email"))
            # Each stands where the newest email of its conversation does.
            places = {}
            for place, row in enumerate(emails):
                places.setdefault(row.conversation_ref or row.id, place)
            lead.latest_email_ids = emails.sorted(
                lambda row, places=places: places[row.conversation_ref or row.id]
            )
            lead.has_more_emails = len(emails) >= SHOWN_ON_CARD
