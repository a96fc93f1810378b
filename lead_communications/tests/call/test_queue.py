from odoo.tests import tagged

from ..common import LeadCommunicationsCommon


@tagged("post_install", "-at_install", "lead_communications")
class TestQueue(LeadCommunicationsCommon):
    """Whose the calls are that wait for a decision."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_team = cls.env["crm.team"].create({"name": "Others", "company_id": False})
        cls.calls = {
            "anna's": cls._create_call(),
            "ben's": cls._create_call(user_id=cls.ben.id, team_id=False),
            "ben's, in anna's team": cls._create_call(user_id=cls.ben.id, team_id=cls.team.id),
            "of anna's team": cls._create_call(user_id=False, team_id=cls.team.id),
            "of another team": cls._create_call(user_id=False, team_id=cls.other_team.id),
            "of nobody": cls._create_call(user_id=False, team_id=False),
        }

    def _seen(self, user, **context):
        rows = self.env["lead.communication"].with_user(user).with_context(**context)
        found = rows.search([("id", "in", [call.id for call in self.calls.values()])])
        return {name for name, call in self.calls.items() if call.id in found.ids}

    def test_own_calls_and_those_of_the_own_team_that_nobody_took(self):
        self.assertEqual(self._seen(self.anna), {"anna's", "of anna's team"})
        self.assertEqual(self._seen(self.ben), {"ben's", "ben's, in anna's team"})

    def test_who_sees_all_leads_sees_all_calls(self):
        for user in (self.clara, self.marek):
            self.assertEqual(self._seen(user), set(self.calls))

    def test_calls_are_added_to_the_other_things_that_wait(self):
        mail = self._receive()
        rows = self.env["lead.communication"].with_user(self.anna)
        self.assertEqual(rows.search([("id", "=", mail.id)]), mail.with_user(self.anna))

    def test_who_left_the_team_sees_its_calls_no_more(self):
        self.team.crm_team_member_all_ids.active = False
        for context in ({}, {"active_test": False}):
            with self.subTest(context=context):
                self.assertEqual(self._seen(self.anna, **context), {"anna's"})
