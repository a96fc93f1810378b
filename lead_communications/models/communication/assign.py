from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.web.controllers.utils import clean_action

# What is logged as a decision, and after which one is still asked for.
UNDECIDED = ("split", "snooze", "wake")


class LeadCommunication(models.Model):
    """What waits is given to a colleague or a team, who are asked to decide about it.

    It is a decision of its own kind: logged, and taken back by Undo. Whoever gets it must be able
    to see it; nobody gains a right by it.
    """

    _inherit = "lead.communication"

    assign_activity_id = fields.Many2one(
        comodel_name="mail.activity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The open activity of the person to whom it was assigned.",
    )
    assign_note = fields.Html(string="Note", related="assign_activity_id.note")

    def action_assign(self):
        """Open the dialog in which a colleague or a team is chosen."""
        self.check_access("read")
        return self.env["lead.communication.assign"]._open(self)

    def _assign(self, user, team, note=""):
        """Give ``self`` to ``user`` or, without one, to all of ``team``; return what was given.

        The waiting emails of the same conversations go along.

        :param note: HTML that colleagues read; nobody is mailed.
        :raise AccessError: a row is none of the user's.
        :raise UserError: nothing waits any more, or whoever should get it may not see it.
        """
        values = {"user_id": user.id} | ({"team_id": team.id} if team else {})
        given = self._decide("assign", others=self._rows_of_steps("assigned_along"), **values)
        # sudo: what was given away may be hidden from the user from now on; that they had the right
        # was checked by the decision.
        rows = given.sudo()
        rows._check_assigned(user, team)
        if note:
            rows._message_log_batch({row.id: note for row in rows}, message_type="comment")
        if user and user != self.env.user:
            rows._request_decision(user, note)
        return given

    def _check_assigned(self, user, team):
        """Check that whoever got ``self`` sees it: the person, or somebody of the team."""
        foreign = team.company_id and self.filtered(lambda row: row.company_id != team.company_id)
        hidden = self
        # sudo: res.users - in which companies they may see anything
        for person in (user or team.member_ids).sudo().filtered("active"):
            hidden -= hidden._as_reader(person).sudo(False)._filtered_access("read")
        if refused := hidden | (foreign or self.browse()):
            raise refused[0]._assigned_error(user or team)

    def _assigned_error(self, assigned):
        if self.type == "email":
            return UserError(
                self.env._(
                    "%(assigned)s cannot see this email: only members of the mailbox"
                    " “%(mailbox)s” do.",
                    assigned=assigned.name,
                    mailbox=", ".join(self.mailbox_ids.mapped("name")),
                )
            )
        return UserError(self.env._("%(assigned)s cannot see this call.", assigned=assigned.name))

    def _request_decision(self, user, note):
        """Ask ``user`` by one activity for each call and each conversation among ``self``."""
        parties = self.grouped(lambda row: row.conversation_ref or row.id).values()
        asking = self.browse([rows[0].id for rows in parties]).with_context(
            mail_activity_quick_update=True, lang=user.lang
        )
        activity_type = self.env["ir.model.data"]._xmlid_to_res_id("mail.mail_activity_data_todo")
        activities = asking.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": row.id,
                    "activity_type_id": activity_type,
                    "automated": True,
                    "date_deadline": user._own_today(),
                    "summary": asking.env._("Decide: %(what)s", what=row.display_name),
                    "note": note,
                    "user_id": user.id,
                }
                for row in asking
            ]
        )
        for row, activity in zip(asking, activities, strict=True):
            row.assign_activity_id = activity

    def _assigned_notice(self, assigned, asked):
        """Return the action that says to whom ``self`` was given, with Undo.

        :param asked: how many rows the user chose.
        """
        message = self.env._(
            "Assigned to %(assigned)s: %(count)s.", assigned=assigned.name, count=len(self)
        )
        next_action = None
        if not self[:1].has_access("read"):  # which may be what the user looks at
            # sudo: the kind of what the user has just given away
            kind = "call" if self[:1].sudo().type == "call" else "email"
            action = f"lead_communications.lead_communication_{kind}_action"
            next_action = clean_action(self.env["ir.actions.actions"]._for_xml_id(action), self.env)
        return {
            "type": "ir.actions.client",
            "tag": "lead_communications.decided",
            "params": {
                "row_id": self[:1].id,
                # sudo: as above; the id is all that is told
                "decision_id": self[:1].sudo().decision_id.id,
                "message": message,
                "is_partial": len(self) < asked,
                "others": False,
                "next": next_action,
            },
        }

    # ---- DECISIONS ----

    def _settle_assignment(self, action):
        if action in UNDECIDED:
            return
        # sudo: activities of whoever was asked, about rows that the user has decided
        rows = self.sudo()
        if action == "undo":
            rows = rows.filtered(lambda row: not row._is_still_asked())
        rows._withdraw_assignment()

    def _is_still_asked(self):
        """Tell whether, after Undo, a decision is still asked of whoever was asked."""
        decision, asked = self.decision_id, self.assign_activity_id.user_id
        return decision.action in ("assign", *UNDECIDED) and asked == self.user_id

    def _withdraw_assignment(self):
        """Close the activities that ask for a decision about ``self``: there is one now."""
        asking = self.filtered("assign_activity_id")
        activities = asking.assign_activity_id
        asking.assign_activity_id = False
        activities.filtered("active").with_context(mail_activity_quick_update=True).unlink()
