from odoo import api, fields, models
from odoo.exceptions import AccessError

MAY_HAND_OVER = ("sales_team.group_sale_manager", "base.group_system")


class LeadCommunicationHandOver(models.TransientModel):
    """A salesperson's last day: all that is open of theirs is handed over, and counted.

    The user hands over what they may change themselves; what is hidden from them, or not theirs to
    change, stays and is told as a number. What took place or was decided stays as it is.
    """

    _name = "lead.communication.hand.over"
    _description = "Hand Over What Somebody Has"
    _inherit = ["lead.references"]

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="From",
        required=True,
        domain=[("share", "=", False)],
        context={"active_test": False},
        help="Whose it is until now; they may be archived before or after.",
    )
    successor_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        domain="[('share', '=', False), ('id', '!=', user_id)]",
    )
    team_id = fields.Many2one(
        comodel_name="crm.team",
        string="Sales Team",
        help="Where nobody is chosen, it goes to all of this team.",
    )
    last_day = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="Calls to their extensions are theirs up to this day.",
    )
    line_ids = fields.One2many(
        comodel_name="lead.communication.hand.over.line", inverse_name="hand_over_id"
    )
    is_done = fields.Boolean(readonly=True)
    hidden_count = fields.Integer(compute="_compute_counts")
    left_count = fields.Integer(compute="_compute_counts")
    is_wider = fields.Boolean(
        compute="_compute_is_wider",
        help="Exceptions of a manager or an administrator are for what others decide, too.",
    )

    @api.depends("line_ids.hidden_count", "line_ids.left_count")
    def _compute_counts(self):
        for wizard in self:
            wizard.hidden_count = sum(wizard.line_ids.mapped("hidden_count"))
            wizard.left_count = sum(wizard.line_ids.mapped("left_count"))

    @api.depends("user_id", "successor_id", "line_ids.successor_id", "line_ids.is_chosen")
    def _compute_is_wider(self):
        is_for_everything = self.env["lead.communication.exception"]._is_for_everything
        for wizard in self:
            line = wizard.line_ids.filtered(lambda one: one.kind == "exception" and one.is_chosen)
            successor = line._successor()
            wizard.is_wider = (
                bool(line.count and successor)
                # sudo: res.users - in which groups they are
                and is_for_everything(successor.sudo())
                and not is_for_everything(wizard.user_id.sudo())
            )

    # ---- OPENING ----

    @api.model
    def _check_may_hand_over(self):
        if not any(map(self.env.user.has_group, MAY_HAND_OVER)):
            raise AccessError(
                self.env._("Sales managers and administrators hand over what somebody has.")
            )

    @api.model
    def _open(self, user):
        """Return the action that opens the dialog for what ``user`` has."""
        self._check_may_hand_over()
        return self.create({"user_id": user.id}).action_count()

    def action_count(self):
        """Count what the person has, and show it."""
        self.ensure_one()
        self._check_may_hand_over()
        if not self.line_ids:
            line = self.env["lead.communication.hand.over.line"]
            self.line_ids = line.create(
                [{"hand_over_id": self.id, "kind": kind} for kind, _label in line._kinds()]
            )
            self.line_ids._count()
        return self._show()

    def _show(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "lead_communications.lead_communication_hand_over_action"
        )
        name = self.env._("Hand Over: %(name)s", name=self.user_id.name)
        return dict(action, res_id=self.id, name=name)

    # ---- HANDING OVER ----

    def action_hand_over(self):
        """Hand over what was chosen, once, and show how much there was before and is after it.

        :raise UserError: nobody is chosen, or who is chosen cannot have it.
        """
        self.ensure_one()
        self._check_may_hand_over()
        if not self.is_done:
            lines = self.line_ids.filtered("is_chosen")
            lines._check_successors()
            given = [(line, line._hand_over()) for line in lines]
            for line, leads in given:
                line._check_seen(leads)
            self.line_ids._count_left()
            self.is_done = True
        return self._show()


class ResUsers(models.Model):
    _inherit = "res.users"

    def action_hand_over(self):
        """Open the dialog that hands over what the person has."""
        self.ensure_one()
        return self.env["lead.communication.hand.over"]._open(self)
