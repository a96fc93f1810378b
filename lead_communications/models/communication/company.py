from odoo import api, models
from odoo.exceptions import UserError


class LeadCommunication(models.Model):
    """Whose company a row is, by one rule for all ways in which it comes about or goes on.

    A row is of the company of its lead. Without a lead, or on a lead of all companies, it is of the
    company where it came in: of the telephone line, of the mailbox; what people write down, of the
    company that they work in. A row never goes to a lead of another company by a decision; when the
    lead itself changes its company, its rows go along.
    """

    _inherit = "lead.communication"

    @api.model
    def _company_of(self, lead=None, came_in=None):
        """Return the company of a row on ``lead`` that came in at the company ``came_in``."""
        return (lead and lead.company_id) or came_in or self.env.company

    def _place_on(self, lead):
        """Return the values of ``self``, one row, on ``lead``: the lead, its team, the company."""
        company = self._company_of(lead, self.company_id)
        return {"lead_id": lead.id, "team_id": lead.team_id.id, "company_id": company.id}

    def _follow_company(self):
        """Let the company of rows be that of their leads, which have changed."""
        for lead, rows in self.filtered("lead_id").grouped("lead_id").items():
            if moved := rows.filtered(lambda row, lead=lead: row._is_of_other_company(lead)):
                moved.with_context(tracking_disable=True).write({"company_id": lead.company_id.id})

    def _is_of_other_company(self, lead):
        return bool(lead.company_id) and self.company_id != lead.company_id

    def _check_company_of(self, lead):
        """Check that ``self`` may be put on ``lead`` as far as companies go."""
        if any(row._is_of_other_company(lead) for row in self):
            raise UserError(
                self.env._("“%(lead)s” belongs to another company.", lead=lead.display_name)
            )
