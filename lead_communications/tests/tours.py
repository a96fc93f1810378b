"""Tours of the screens: what the rooms' tests of them share."""

from datetime import timedelta

from odoo import fields

from .common import LeadCommunicationsCommon
from .patience import PatientHttpCase


class ToursCommon(LeadCommunicationsCommon, PatientHttpCase):
    """Tours are named ``lead_communications.<name>`` and are in ``static/tests/<room>``.

    Those that lead through several rooms are in ``static/tests`` itself.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The tours read the screen, whatever languages the database has.
        cls.env["res.lang"]._activate_lang("en_US")

    @classmethod
    def _user_values(cls, login, groups, values):
        return super()._user_values(login, groups, {"lang": "en_US"} | values)

    def _tour(self, name, user, path="/odoo", **kwargs):
        self.start_tour(path, f"lead_communications.{name}", login=user.login, **kwargs)
        self.env.invalidate_all()

    def _waiting(self, count):
        """Return calls of ``Caller 0`` and so on, each older than the one before."""
        return self.env["lead.communication"].concat(
            *(
                self._create_call(
                    contact_name=f"Caller {number}",
                    number=f"+4822123450{number}",
                    phone_sanitized=f"+4822123450{number}",
                    date=fields.Datetime.now() - timedelta(hours=number + 1),
                    result="missed",
                )
                for number in range(count)
            )
        )

    def _use_leads(self, use):
        group, employees = self.env.ref("crm.group_use_lead"), self.env.ref("base.group_user")
        if use:
            employees._apply_group(group)
        else:
            employees._remove_group(group)

    def _disconnect(self):
        for model in ("lead.pbx", "lead.mailbox"):
            self.env[model].search([]).active = False
