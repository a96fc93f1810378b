from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...models.communication.claim_question import asks_first, told_context
from ...tools import ranking

# A list that a person reads; whoever is looking for another lead searches.
SHOWN_CANDIDATES = 40


class LeadCommunicationAttach(models.TransientModel):
    """Choose the lead: among those that were found, or any other."""

    _name = "lead.communication.attach"
    _description = "Attach Communications to a Lead"
    _inherit = ["lead.references"]

    communication_ids = fields.Many2many(
        comodel_name="lead.communication", string="Communications", readonly=True
    )
    is_move = fields.Boolean(readonly=True, help="They are on a lead, and go to another one.")
    is_create = fields.Boolean(
        readonly=True, help="A new lead was asked for, while one of the counterpart is open."
    )
    is_changed = fields.Boolean(
        readonly=True, help="Another lead was suggested a moment ago, and attached by one key."
    )
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
    hidden_count = fields.Integer(
        string="Matching Leads of Others",
        readonly=True,
        help="How many leads fit that you may not see.",
    )
    notice = fields.Char(compute="_compute_notice")

    lead_id = fields.Many2one(comodel_name="crm.lead", context={"active_test": False})
    # Computed, not related: a related field reads what the user may not.
    lead_partner_id = fields.Many2one(
        comodel_name="res.partner", string="Contact", compute="_compute_lead"
    )
    lead_partner_name = fields.Char(string="Company", compute="_compute_lead")
    lead_stage_id = fields.Many2one(
        comodel_name="crm.stage", string="Stage", compute="_compute_lead"
    )
    lead_user_id = fields.Many2one(
        comodel_name="res.users", string="Salesperson", compute="_compute_lead"
    )
    lead_won_status = fields.Selection(
        selection=lambda self: self.env["crm.lead"]._fields["won_status"].selection,
        string="Won/Lost",
        compute="_compute_lead",
    )
    lead_expected_revenue = fields.Monetary(
        string="Expected Revenue",
        currency_field="lead_currency_id",
        compute="_compute_lead",
    )
    lead_currency_id = fields.Many2one(comodel_name="res.currency", compute="_compute_lead")
    lead_call_count = fields.Integer(string="Calls", compute="_compute_lead")
    lead_email_count = fields.Integer(string="Emails", compute="_compute_lead")
    lead_contact_date = fields.Datetime(string="Last Contact", compute="_compute_lead")
    is_found = fields.Boolean(string="Found Lead", compute="_compute_is_found")

    @api.depends("other_ids")
    def _compute_other_count(self):
        for wizard in self:
            wizard.other_count = len(wizard.other_ids)

    @api.depends("is_create", "is_changed", "candidate_ids")
    def _compute_notice(self):
        for wizard in self:
            if wizard.is_changed:
                wizard.notice = self.env._("What fits has changed meanwhile: choose the lead.")
                continue
            leads = wizard.is_create and wizard.candidate_ids.filtered(lambda row: row.is_open)
            if not leads:
                wizard.notice = False
            elif len(leads) == 1:
                wizard.notice = self.env._(
                    "“%(lead)s” is already open: %(reason)s.",
                    lead=leads.lead_id.name,
                    reason=leads.reason,
                )
            else:
                wizard.notice = self.env._(
                    "%(count)s leads are already open for the same counterpart.", count=len(leads)
                )

    @api.depends("candidate_ids", "lead_id")
    def _compute_is_found(self):
        for wizard in self:
            wizard.is_found = wizard.lead_id._origin in wizard.candidate_ids.lead_id

    @api.depends("lead_id")
    def _compute_lead(self):
        for wizard in self:
            lead = wizard.lead_id._origin._filtered_access("read")
            wizard.lead_partner_id = lead.partner_id
            wizard.lead_partner_name = lead.partner_name
            wizard.lead_stage_id = lead.stage_id
            wizard.lead_user_id = lead.user_id
            wizard.lead_won_status = lead.won_status
            wizard.lead_expected_revenue = lead.expected_revenue
            wizard.lead_currency_id = lead.company_currency
            wizard.lead_call_count = lead.call_count
            wizard.lead_email_count = lead.email_count
            wizard.lead_contact_date = lead and self._contact_date(lead)

    @api.model
    def _contact_date(self, lead):
        """Return when the last of those communications was that the user may see."""
        rows = self.env["lead.communication"]
        return rows.search([("lead_id", "=", lead.id), ("state", "=", "done")], limit=1).date

    @api.model
    def _open(self, communications, is_move=False, is_create=False, is_changed=False):
        """Return the action of the dialog in which the lead of ``communications`` is chosen.

        :param is_create: a new lead was asked for; the dialog says which one is open already.
        :param is_changed: what was suggested is not what fits by now; the dialog says so.
        """
        found, lead_id = communications._merge_found()
        wizard = self.create(
            {
                "communication_ids": [Command.set(communications.ids)],
                "other_ids": [Command.set(communications._decided_along().ids)],
                "is_move": is_move,
                "is_create": is_create,
                "is_changed": is_changed,
                "lead_id": lead_id,
                "hidden_count": len(found.hidden_ids),
            }
        )
        # sudo: users may not make up candidates, by which they would read leads of others; these
        # were found under their own rights.
        self.env["lead.communication.attach.candidate"].sudo().create(
            [
                wizard._prepare_candidate_values(candidate)
                for candidate in found.candidates[:SHOWN_CANDIDATES]
            ]
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_attach_action"
        )
        if is_move:
            action["name"] = self.env._("Move to Another Lead")
        elif is_create:
            action["name"] = self.env._("Create or Attach?")
        stay = bool(self.env.context.get("lead_stay"))
        context = {"lead_stay": stay} | told_context(self.env)
        return dict(action, res_id=wizard.id, context=context)

    def _prepare_candidate_values(self, candidate):
        return {
            "wizard_id": self.id,
            "lead_id": candidate.lead_id,
            "reason": self.env["lead.communication"]._candidate_reason(candidate),
            "is_exact": candidate.is_exact,
            "is_open": candidate in ranking.open_exact([candidate]),
            "contact_date": candidate.contact_date,
        }

    @asks_first
    def action_attach(self):
        """Put the communications on the lead and open it."""
        self.ensure_one()
        return self._attach(self.lead_id)

    @asks_first
    def action_create(self):
        """Create a lead although one is open, and open it."""
        self.ensure_one()
        decided = self._decide("create")
        return self._tell(decided, decided.lead_id)

    def _attach(self, lead):
        if not lead:
            raise UserError(self.env._("Choose the lead first."))
        decided = self._decide("move" if self.is_move else "attach", lead)
        return self._tell(decided, lead)

    def _decide(self, action, lead=None):
        """Decide about the communications, with or without the rest of their conversation."""
        rows, others = self.communication_ids, self.other_ids
        if self.scope == "conversation":
            return rows._decide(action, lead, others=others)
        if len(rows) == 1 and others:
            return rows._decide(action, lead, **rows._split_values())
        return rows._decide(action, lead)

    def _tell(self, decided, lead):
        """Return the action that says what was decided, and opens the lead."""
        return decided._decided_notice(
            self.communication_ids, next_action=lead.redirect_lead_opportunity_view()
        )
