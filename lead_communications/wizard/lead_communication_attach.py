from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools import ranking


class LeadCommunicationAttach(models.TransientModel):
    """Choose the lead: among those that were found, or any other."""

    _name = "lead.communication.attach"
    _description = "Attach Communications to a Lead"

    communication_ids = fields.Many2many(
        comodel_name="lead.communication", string="Communications", readonly=True
    )
    candidate_ids = fields.One2many(
        comodel_name="lead.communication.attach.candidate",
        inverse_name="wizard_id",
        string="Leads Found",
        readonly=True,
    )
    lead_id = fields.Many2one(comodel_name="crm.lead", context={"active_test": False})

    @api.constrains("lead_id")
    def _check_lead_id(self):
        # The name of a many2one value is shown whatever the rights on it. Constraints run as
        # superuser, so the check has to leave that mode.
        self.lead_id.sudo(False).check_access("read")

    @api.model
    def _open(self, communications):
        """Return the action of the dialog in which the lead of ``communications`` is chosen."""
        found = communications._find_candidates()
        candidates = ranking.rank(
            {
                candidate.lead_id: candidate for rows in found.values() for candidate in rows
            }.values(),
            self.env.uid,
            # sudo: crm.team.member - the user's own memberships
            set(self.env.user.sudo().crm_team_ids.ids),
        )
        preselected = ranking.only_open(candidates)
        wizard = self.create(
            {
                "communication_ids": [Command.set(communications.ids)],
                "lead_id": preselected.lead_id if preselected else False,
            }
        )
        # sudo: users may not make up candidates, by which they would read leads of others; these
        # were found under their own rights.
        self.env["lead.communication.attach.candidate"].sudo().create(
            [wizard._prepare_candidate_values(candidate) for candidate in candidates]
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_attach_action"
        )
        return dict(action, res_id=wizard.id)

    def _prepare_candidate_values(self, candidate):
        return {
            "wizard_id": self.id,
            "lead_id": candidate.lead_id,
            "by_phone": "phone" in candidate.reasons,
            "by_email": "email" in candidate.reasons,
            "by_contact": "contact" in candidate.reasons,
        }

    def action_attach(self):
        """Put the communications on the lead and open it."""
        self.ensure_one()
        return self._attach(self.lead_id)

    def _attach(self, lead):
        if not lead:
            raise UserError(self.env._("Choose the lead first."))
        self.communication_ids._decide("attach", lead)
        return lead.redirect_lead_opportunity_view()
