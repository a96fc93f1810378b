from odoo.tests import tagged

from ..patience import PatientBrowser
from ..tours import ToursCommon

# The preview is the last to be read.
LOADED = "document.querySelector('.o_lead_preview .o_form_renderer')"


@tagged("post_install", "-at_install", "lead_communications")
class TestTwoBrowsers(ToursCommon):
    """Two people with the same call on their screens, each in a browser of their own."""

    def test_the_one_who_is_late_is_told_who_was_first(self):
        lead = self._create_lead(name="First come", phone="+48 22 123 45 67")
        call = self._create_call(user_id=False, team_id=self.team.id)
        go_on = self._open_browser(self.anna, "/odoo/lead-calls", "second")
        self._tour("first", self.clara, path="/odoo/lead-calls")
        self.assertEqual(call.lead_id, lead)
        go_on()
        self.assertEqual((call.lead_id, call.decision_user_id), (lead, self.clara))

    def test_what_a_colleague_has_taken_meanwhile_is_decided_after_a_question(self):
        call = self._create_call(user_id=False, team_id=self.team.id)
        go_on = self._open_browser(self.anna, "/odoo/lead-inbox", "claim_second")
        self._tour("claim", self.clara, path="/odoo/lead-inbox")
        self.assertEqual(call.claimed_by_id, self.clara)
        go_on()
        self.assertEqual((call.state, call.decision_user_id), ("ignored", self.anna))
        self.assertFalse(call.claimed_by_id)

    def _open_browser(self, user, path, tour):
        """Let ``user`` have the screen ``path`` before them, in a browser of their own.

        :return: what lets them go on there, by ``tour``.
        """
        tour = f"lead_communications.{tour}"
        browser = PatientBrowser(self, headless=True, success_signal="tour succeeded")
        self.addCleanup(browser.stop)
        with self.allow_requests(browser=browser):
            self.authenticate(user.login, user.login, browser=browser)
            self.cr.flush()
            self.cr.clear()
            browser.navigate_to(f"{self.base_url()}{path}")
            self.assertTrue(browser._wait_ready(f"Boolean({LOADED}) && odoo.isTourReady('{tour}')"))
            self._wait_remaining_requests()
        # Its session is not the one of the other browser, which would end it.
        self.session = None

        def go_on():
            with self.allow_requests(browser=browser):
                browser._wait_code_ok(f"odoo.startTour('{tour}', {{stepDelay: 0}})", 60)
                self._wait_remaining_requests()
            self.env.invalidate_all()

        return go_on
