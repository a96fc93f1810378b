from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .call.callback import MISSED

CALLS = "lead_communications.group_calls"
EMAILS = "lead_communications.group_emails"


class DigestDigest(models.Model):
    """Tiles of the digest email: what waits, who was not called back, how long decisions take.

    Each reader gets the numbers of what they may see.
    """

    _inherit = "digest.digest"

    kpi_lead_waiting = fields.Boolean("Calls and Emails That Wait")
    kpi_lead_waiting_value = fields.Integer(compute="_compute_kpi_lead_waiting_value")
    kpi_lead_missed = fields.Boolean("Missed Calls, Not Called Back")
    kpi_lead_missed_value = fields.Integer(compute="_compute_kpi_lead_missed_value")
    kpi_lead_decision = fields.Boolean("Average Hours to a Decision")
    kpi_lead_decision_value = fields.Float(compute="_compute_kpi_lead_decision_value")

    def _compute_kpi_lead_waiting_value(self):
        """Count what waits at the end of the period, however old it is."""
        self._check_kpi_groups(CALLS, EMAILS)
        _start, end, companies = self._get_kpi_compute_parameters()
        counts = dict(
            self.env["lead.communication"]._read_group(
                Domain("company_id", "in", companies.ids)
                & Domain("state", "=", "ready")
                & self.env["lead.communication"]._waiting_before_domain(end),
                ["company_id"],
                ["__count"],
            )
        )
        for digest in self:
            digest.kpi_lead_waiting_value = counts.get(digest.company_id or self.env.company, 0)

    def _compute_kpi_lead_missed_value(self):
        self._check_kpi_groups(CALLS)
        self._calculate_company_based_kpi(
            "lead.communication",
            "kpi_lead_missed_value",
            date_field="date",
            additional_domain=[
                ("type", "=", "call"),
                ("direction", "=", "incoming"),
                ("result", "in", MISSED),
                ("state", "!=", "ignored"),
                ("called_back_date", "=", False),
            ],
        )

    def _compute_kpi_lead_decision_value(self):
        self._check_kpi_groups(CALLS, EMAILS)
        start, end, companies = self._get_kpi_compute_parameters()
        averages = dict(
            self.env["lead.communication"]._read_group(
                Domain("company_id", "in", companies.ids)
                & Domain("decided_date", ">=", start)
                & Domain("decided_date", "<", end),
                ["company_id"],
                ["decision_hours:avg"],
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest.kpi_lead_decision_value = averages.get(company)

    def _check_kpi_groups(self, *groups):
        """Let Odoo leave out the tile for who does not work with calls, with emails."""
        if not any(self.env.user.has_group(group) for group in groups):
            raise AccessError(
                self.env._("Do not have access, skip this data for user's digest email")
            )

    def _compute_kpis_actions(self, company, user):
        menu = self.env.ref("crm.crm_menu_root").id
        action = f"lead_communications.lead_communication_%s_action?menu_id={menu}"
        return super()._compute_kpis_actions(company, user) | {
            "kpi_lead_waiting": action % "report_waiting",
            "kpi_lead_missed": action % "report_missed",
            "kpi_lead_decision": action % "report_decision",
        }
