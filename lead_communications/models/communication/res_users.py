from odoo import fields, models


class ResUsers(models.Model):
    """When a person goes, what they were to do is handed over before Odoo deletes their activities.

    For extension: :meth:`_hand_over` and :meth:`_take_back`.
    """

    _inherit = "res.users"

    def _own_today(self, moment=None):
        """Return the date where the person is, whoever asks from wherever: a deadline of today.

        :param moment: naive UTC, for the date of another moment than now.
        """
        self.ensure_one()
        return fields.Date.context_today(self.with_user(self).with_context(tz=False), moment)

    def action_archive(self):
        self._leave()
        return super().action_archive()

    def write(self, vals):
        if "active" in vals and not vals["active"]:
            self._leave()
        result = super().write(vals)
        if vals.get("active"):
            self._take_back()
        return result

    def _leave(self):
        if people := self.filtered("active"):
            people._hand_over()

    def _hand_over(self):
        """Give to others what ``self``, who are about to be archived, were to do."""
        # sudo: lead.communication - whoever may archive a person hands over what they were to do
        rows = self.env["lead.communication"].sudo().with_context(mail_activity_quick_update=True)
        for name in rows._asking_fields():
            for row in rows.search([(f"{name}.user_id", "in", self.ids)]):
                row[name].user_id = row._heir(self)

    def _take_back(self):
        """Give ``self``, who are back, what is still theirs."""


class LeadCommunication(models.Model):
    _inherit = "lead.communication"

    def _asking_fields(self):
        """Return the names of the fields with the activity that asks for something."""
        return ["assign_activity_id"]

    def _heirs(self):
        """Return who may be asked instead of somebody who is gone, in their order."""
        return self.lead_id.user_id | self.team_id.user_id

    def _heir(self, gone):
        """Return the first of them who is there and may see the row; may be empty."""
        self.ensure_one()
        return (self._heirs() - gone).filtered(
            lambda user: user.active and self._as_reader(user).sudo(False).has_access("read")
        )[:1]
