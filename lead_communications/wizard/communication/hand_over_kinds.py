from odoo import api, models
from odoo.fields import Command, Domain

# Odoo would write a mail about each of them.
QUIETLY = {"mail_activity_quick_update": True, "mail_auto_subscribe_no_notify": True}


class LeadCommunicationHandOverLine(models.TransientModel):
    """What somebody has of leads, of what waits, of activities, claims and exceptions."""

    _inherit = "lead.communication.hand.over.line"

    # ---- LEADS ----

    @api.model
    def _find_lead(self, user):
        # sudo: crm.lead - counted; what is handed over is asked for with the rights of the user
        leads = self.env["crm.lead"].sudo()
        return leads.search([("user_id", "=", user.id), ("won_status", "=", "pending")])

    @api.model
    def _give_lead(self, leads, successor, team):
        # A lead takes its team along, unless the new salesperson is in another one: that is Odoo's.
        values = {"team_id": team.id} if team else {}
        leads.with_context(**QUIETLY).write({"user_id": successor.id} | values)
        return leads

    # ---- WHAT WAITS ----

    @api.model
    def _find_call(self, user):
        return self._find_waiting("call", user)

    @api.model
    def _find_email(self, user):
        return self._find_waiting("email", user)

    @api.model
    def _find_waiting(self, kind, user):
        return self._rows().search(
            [("state", "=", "ready"), ("type", "=", kind), ("user_id", "=", user.id)]
        )

    @api.model
    def _rows(self):
        # sudo: lead.communication - counted; what is handed over is asked for with rights
        return self.env["lead.communication"].sudo()

    def _mine_call(self, found):
        return self._mine_seen(found)

    def _mine_email(self, found):
        return self._mine_seen(found)

    @api.model
    def _give_call(self, rows, successor, team):
        rows._assign(successor, team)

    @api.model
    def _give_email(self, rows, successor, team):
        rows._assign(successor, team)

    # ---- ACTIVITIES ----

    @api.model
    def _asking_names(self):
        # What asks for a decision goes with what waits.
        names = self.env["lead.communication"]._asking_fields()
        return [name for name in names if name != "assign_activity_id"]

    @api.model
    def _find_asked(self, user):
        rows = self._rows()
        names = self._asking_names()
        asking = rows.search(Domain.OR(Domain(f"{name}.user_id", "=", user.id) for name in names))
        return asking.filtered(lambda row: row._asked_of(names, user))

    def _mine_asked(self, found):
        return self._mine_seen(found)

    @api.model
    def _give_asked(self, rows, successor, team):
        user = successor or team.user_id
        for row in rows if user else ():
            # sudo: mail.activity - what is asked about a row that the user sees
            activities = row.sudo()._asked_of(self._asking_names(), self.hand_over_id.user_id)
            activities.with_context(**QUIETLY).user_id = user
        return rows.lead_id

    @api.model
    def _find_activity(self, user):
        # sudo: mail.activity - counted; what is handed over is asked for with the user's rights
        activities = self.env["mail.activity"].sudo()
        # The reminder of a meeting in the calendar is its organizer's.
        found = activities.search(
            [
                ("user_id", "=", user.id),
                ("res_model", "!=", False),
                ("calendar_event_id", "=", False),
            ]
        )
        return found - self._other_activities(found)

    @api.model
    def _other_activities(self, activities):
        """Return those of ``activities`` that go with another kind; for extension."""
        names = self.env["lead.communication"]._asking_fields()
        asking = self._rows().search(Domain.OR(Domain(n, "in", activities.ids) for n in names))
        return activities.browse().union(*(asking[name] for name in names))

    @api.model
    def _give_activity(self, activities, successor, team):
        if user := successor or team.user_id:
            activities.with_context(**QUIETLY).write({"user_id": user.id})

    # ---- CLAIMS ----

    @api.model
    def _find_claim(self, user):
        return self._rows().search([("claimed_by_id", "in", user.ids)])

    def _mine_claim(self, found):
        return self._mine_seen(found)

    @api.model
    def _give_claim(self, rows, successor, team):
        # Nobody says for another that they are on it: it is free.
        rows._write_claim({"claim_user_id": False, "claim_date": False})

    # ---- EXCEPTIONS ----

    @api.model
    def _find_exception(self, user):
        # sudo: lead.communication.exception - counted, as above
        exceptions = self.env["lead.communication.exception"].sudo().with_context(active_test=False)
        theirs = ["|", ("user_id", "=", user.id), ("also_user_ids", "in", user.ids)]
        return exceptions.search([("active", "=", True), *theirs])

    def _give_exception(self, exceptions, successor, team):
        """Let them be the successor's: what they cover is what these may decide.

        Without one they stay: an exception of nobody would be for everything.
        """
        user = self.hand_over_id.user_id
        # sudo: who added it is written by the system; that the user may change it was checked
        rows = exceptions.sudo().with_context(active_test=False)
        for exception in rows if successor else ():
            others = exception.also_user_ids - user
            if exception.user_id == user:
                exception.user_id = successor
            if exception.user_id != successor:
                others |= successor
            exception.also_user_ids = [Command.set((others - exception.user_id).ids)]


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    def _asked_of(self, names, user):
        """Return the open activities in the fields ``names`` by which ``user`` is asked."""
        self.ensure_one()
        activities = self.env["mail.activity"].union(*(self[name] for name in names))
        return activities.filtered(lambda one: one.active and one.user_id == user)
