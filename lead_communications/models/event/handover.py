from odoo import fields, models

from ..communication.lead_communication import QUIET
from .sync import SYNC


class LeadCommunication(models.Model):
    """What was promised is kept when the person who promised it goes, or the lead goes to another.

    Nothing that is planned is canceled by it: it is the lead's salesperson's, or nobody's, for all
    who see the lead.
    """

    _inherit = "lead.communication"

    former_user_id = fields.Many2one(
        comodel_name="res.users",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Who planned to do it and is archived since; theirs again when they are back.",
    )

    def _planned(self, *domain):
        """Return the planned events of a domain, to be given to somebody else."""
        # sudo: who hands over is somebody who archives a person, or writes a salesperson
        rows = self.sudo().with_context(**QUIET, mail_activity_quick_update=True)
        return rows.search([("state", "=", "planned"), *domain])

    def _give_to(self, user, **values):
        """Let the planned ``self`` be those of ``user``, nobody's if that is empty."""
        if not user:
            # A meeting has an organizer: in the calendar it stays with who arranged it.
            meetings = self.filtered("calendar_event_id")
            SYNC.on(meetings).write({"user_id": False} | values)
            self -= meetings
        if self:
            self.write({"user_id": user.id} | values)

    def _follow_salesperson(self, former):
        """Let what is planned by the ``former`` salespeople be that of those of the leads now.

        So is what is nobody's, since who planned it is gone. Meetings with others are left to those
        who are there: the new salesperson is asked.

        :param former: ``{row: user}``
        """
        rows = self.with_context(**QUIET, mail_activity_quick_update=True)
        owned = rows.filtered(
            lambda row: row.state == "planned"
            and row.user_id in (former[row], row.user_id.browse())
            and row.user_id != row.lead_id.user_id
        )
        for (lead, user), rows in owned.grouped(lambda row: (row.lead_id, former[row])).items():
            shared = rows.filtered(lambda row: row.user_id and row._is_with_others())
            given = rows - shared
            given._give_to(lead.user_id, team_id=lead.team_id.id, former_user_id=False)
            if shared and lead.user_id:
                lead._ask_to_take_over(user)

    def _is_with_others(self):
        """Tell whether people who are not of the company, or colleagues, come to a meeting."""
        self.ensure_one()
        people = self.participant_ids | self.calendar_event_id.partner_ids
        return self.type == "meeting" and bool(people - self.user_id.partner_id)


class ResUsers(models.Model):
    _inherit = "res.users"

    def _hand_over(self):
        self._release_events()  # whose activities Odoo would delete, and so cancel them
        return super()._hand_over()

    def _take_back(self):
        self._take_back_events()
        return super()._take_back()

    def _release_events(self):
        """Give what ``self`` have planned to the salespeople of the leads, as far as these stay."""
        events = self.env["lead.communication"]._planned(("user_id", "in", self.ids))
        for (former, owner), rows in events.grouped(
            lambda row: (row.user_id, row.lead_id.user_id.filtered("active") - self)
        ).items():
            rows._give_to(owner, former_user_id=former.id)

    def _take_back_events(self):
        """Give back what is still planned and nobody has taken over meanwhile."""
        events = self.env["lead.communication"]._planned(("former_user_id", "in", self.ids))
        for former, rows in events.grouped("former_user_id").items():
            theirs = rows.filtered(
                lambda row: row.user_id in (row.lead_id.user_id, row.user_id.browse())
            )
            theirs._give_to(former, former_user_id=False)
            (rows - theirs).former_user_id = False


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def write(self, vals):
        if "user_id" not in vals:
            return super().write(vals)
        former = {lead: lead.user_id for lead in self}
        result = super().write(vals)
        # sudo: whoever writes a salesperson may not see the lead any more
        handed_over = [lead for lead, user in former.items() if lead.sudo().user_id != user]
        self.browse().concat(*handed_over)._hand_over_events(former)
        return result

    def _hand_over_events(self, former):
        """Let what the former salespeople have planned on ``self`` be the new ones'.

        :param former: ``{lead: user}``
        """
        if self:
            planned = self.env["lead.communication"]._planned(("lead_id", "in", self.ids))
            planned._follow_salesperson({row: former[row.lead_id] for row in planned})

    def _ask_to_take_over(self, former):
        """Ask the salesperson to take over meetings, of which nothing is told here."""
        user = self.user_id
        quiet = self.with_context(mail_activity_quick_update=True, lang=user.lang)
        quiet.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=user._own_today(),
            summary=quiet.env._("Take over the planned meetings of %(name)s", name=former.name),
            user_id=user.id,
        )
