from odoo import api, fields, models
from odoo.exceptions import UserError

# In this order: a member of the mailbox may be given its emails; who gets a lead is asked about
# meetings unless these have gone to somebody; a call takes along who is asked to call back.
KINDS = (
    "mailbox",
    "line",
    "event",
    "lead",
    "call",
    "email",
    "asked",
    "activity",
    "claim",
    "exception",
)


class LeadCommunicationHandOverLine(models.TransientModel):
    """One kind of what somebody has: how much, and to whom it goes.

    For extension: for each kind ``_find_<kind>(user)`` returns all that the person has, as
    superuser, ``_mine_<kind>(records)`` what of it the user may hand over, and
    ``_give_<kind>(records, successor, team)`` does it, and returns the leads that the successor has
    to see for it, if any; one of ``successor`` and ``team`` is empty.
    """

    _name = "lead.communication.hand.over.line"
    _description = "Kind of What Is Handed Over"
    _inherit = ["lead.references"]
    _order = "id"
    _rec_name = "kind"

    hand_over_id = fields.Many2one(
        comodel_name="lead.communication.hand.over", required=True, ondelete="cascade"
    )
    kind = fields.Selection(selection="_kinds", string="What", required=True, readonly=True)
    count = fields.Integer(string="Before", readonly=True)
    left_count = fields.Integer(string="After", readonly=True)
    hidden_count = fields.Integer(
        string="Not Yours",
        readonly=True,
        help="What you do not see or may not change: of other companies and mailboxes.",
    )
    is_chosen = fields.Boolean(string="Pass On", default=True)
    successor_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        domain="[('share', '=', False), ('id', '!=', parent.user_id)]",
    )

    @api.model
    def _kinds(self):
        labels = {
            "mailbox": self.env._("Mailboxes"),
            "line": self.env._("Extensions and Numbers"),
            "event": self.env._("Planned Events"),
            "lead": self.env._("Open Leads"),
            "call": self.env._("Calls in Ready"),
            "email": self.env._("Emails in Ready"),
            "asked": self.env._("Call-Backs and Answers"),
            "activity": self.env._("Other Activities"),
            "claim": self.env._("Said “I Am on It”"),
            "exception": self.env._("Exceptions"),
        }
        return [(kind, labels[kind]) for kind in KINDS]

    # ---- COUNTING ----

    def _found(self):
        """Return all that the person has of this kind, as superuser."""
        return getattr(self, f"_find_{self.kind}")(self.hand_over_id.user_id)

    def _mine(self, found):
        """Return what of ``found`` the user may hand over, with their rights."""
        return getattr(self, f"_mine_{self.kind}", self._mine_written)(found)

    @api.model
    def _mine_written(self, found):
        return found.sudo(False)._filtered_access("write")

    @api.model
    def _mine_seen(self, found):
        return found.sudo(False)._filtered_access("read")

    def _count(self):
        for line in self:
            found = line._found()
            mine = line._mine(found)
            line.write(
                {
                    "count": len(mine),
                    "hidden_count": len(found) - len(mine),
                    "is_chosen": bool(mine),
                }
            )

    def _count_left(self):
        self.env.flush_all()
        for line in self:
            line.left_count = len(line._mine(line._found()))

    # ---- CHECKS ----

    def _successor(self):
        """Return who gets it; may be empty."""
        return self.successor_id or self.hand_over_id.successor_id

    def _check_successors(self):
        """Check that there is somebody for all that is handed over, who is there to take it."""
        for line in self:
            successor = line._successor()
            if successor:
                line._check_successor(successor)
            elif not line.hand_over_id.team_id:
                raise UserError(self.env._("Choose to whom it goes: a colleague or a team."))

    def _check_successor(self, successor):
        if successor == self.hand_over_id.user_id:
            raise UserError(self.env._("Choose somebody else: it is theirs now."))
        if not successor.active or successor.share:
            raise UserError(
                self.env._("%(name)s is archived, or not a colleague.", name=successor.name)
            )
        records = self._mine(self._found())
        # sudo: res.users - in which companies they may work
        companies = successor.sudo().company_ids
        if "company_id" in records._fields and records.company_id - companies:
            raise UserError(
                self.env._(
                    "%(name)s does not work in %(company)s. Choose somebody else for: %(what)s.",
                    name=successor.name,
                    company=(records.company_id - companies)[0].name,
                    what=self._label(),
                )
            )

    def _label(self):
        return dict(self._kinds())[self.kind]

    # ---- HANDING OVER ----

    def _hand_over(self):
        """Hand over what is found now: what somebody has handed over already is theirs.

        :return: the leads that the successor has to see for it.
        """
        successor = self._successor()
        team = self.hand_over_id.team_id
        leads = self.env["crm.lead"]
        if records := self._mine(self._found()):
            give = getattr(self, f"_give_{self.kind}")
            leads |= give(records, successor, team.browse() if successor else team) or leads
        return leads

    def _check_seen(self, leads):
        """Check that the successor sees ``leads``, now that all is handed over."""
        successor = self._successor()
        if not successor or not leads:
            return
        # sudo: res.users - in which companies they may work
        companies = successor.sudo().company_ids.ids
        theirs = leads.with_user(successor).with_context(allowed_company_ids=companies)
        if theirs - theirs._filtered_access("read"):
            raise UserError(
                self.env._(
                    "%(name)s may not see the leads of: %(what)s. Hand over the leads to them, too,"
                    " or choose somebody else.",
                    name=successor.name,
                    what=self._label(),
                )
            )
