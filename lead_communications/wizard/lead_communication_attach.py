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
    is_move = fields.Boolean(readonly=True, help="They are on a lead, and go to another one.")
    other_ids = fields.Many2many(
        comodel_name="lead.communication",
        relation="lead_communication_attach_other_rel",
        string="Rest of the Conversation",
        readonly=True,
    )
    other_count = fields.Integer(compute="_compute_other_count")
    scope = fields.Selection(
        selection=[
            ("conversation", "The whole conversation"),
            ("message", "Only this email"),
        ],
        required=True,
        default="conversation",
    )
    candidate_ids = fields.One2many(
        comodel_name="lead.communication.attach.candidate",
        inverse_name="wizard_id",
        string="Leads Found",
        readonly=True,
    )
    lead_id = fields.Many2one(comodel_name="crm.lead", context={"active_test": False})

    @api.depends("other_ids")
    def _compute_other_count(self):
        for wizard in self:
            wizard.other_count = len(wizard.other_ids)

    @api.constrains("lead_id")
    def _check_lead_id(self):
        # The name of a many2one value is shown whatever the rights on it. Constraints run as
        # superuser, so the check has to leave that mode.
        self.lead_id.sudo(False).check_access("read")

    @api.model
    def _open(self, communications, is_move=False):
        """Return the action of the dialog in which the lead of ``communications`` is chosen."""
        found = communications._find_candidates()
        others = communications._decided_along()
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
                "other_ids": [Command.set(others.ids)],
                "is_move": is_move,
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
        if is_move:
            action["name"] = self.env._("Move to Another Lead")
        return dict(action, res_id=wizard.id)

    def _prepare_candidate_values(self, candidate):
        return {
            "wizard_id": self.id,
            "lead_id": candidate.lead_id,
            "by_phone": "phone" in candidate.reasons,
            "by_email": "email" in candidate.reasons,
            "by_contact": "contact" in candidate.reasons,
            "by_conversation": "conversation" in candidate.reasons,
        }

    def action_attach(self):
        """Put the communications on the lead and open it."""
        self.ensure_one()
        return self._attach(self.lead_id)

    def _attach(self, lead):
        if not lead:
            raise UserError(self.env._("Choose the lead first."))
        rows, others = self.communication_ids, self.other_ids
        action = "move" if self.is_move else "attach"
        values = {}
        if self.scope == "conversation":
            values["others"] = others
        elif len(rows) == 1 and others:
            values = rows._split_values()
        decided = rows._decide(action, lead, **values)
        return decided._decided_notice(len(rows), next_action=lead.redirect_lead_opportunity_view())
