from odoo.tests import tagged

from ..patience import PatientBrowser
from ..tours import ToursCommon

TOUR = "lead_communications.second"
# The preview is the last to be read.
LOADED = "document.querySelector('.o_lead_preview .o_form_renderer')"
READY = f"Boolean({LOADED}) && odoo.isTourReady('{TOUR}')"


@tagged("post_install", "-at_install", "lead_communications")
class TestTwoBrowsers(ToursCommon):
    """Two people with the same call on their screens, each in a browser of their own."""

    def test_the_one_who_is_late_is_told_who_was_first(self):
        lead = self._create_lead(name="First come", phone="+48 22 123 45 67")
        call = self._create_call(user_id=False, team_id=self.team.id)
        late = self._open_browser(self.anna, "/odoo/lead-calls")
        # Its session is not the one of the other browser, which would end it.
        self.session = None
        self._tour("first", self.clara, path="/odoo/lead-calls")
        self.assertEqual(call.lead_id, lead)
        with self.allow_requests(browser=late):
            late._wait_code_ok(f"odoo.startTour('{TOUR}', {{stepDelay: 0}})", 60)
            self._wait_remaining_requests()
        self.env.invalidate_all()
        self.assertEqual((call.lead_id, call.decision_user_id), (lead, self.clara))

    def _open_browser(self, user, path):
        """Return a browser in which ``user`` has the screen ``path`` before them."""
        browser = PatientBrowser(self, headless=True, success_signal="tour succeeded")
        self.addCleanup(browser.stop)
        with self.allow_requests(browser=browser):
            self.authenticate(user.login, user.login, browser=browser)
            self.cr.flush()
            self.cr.clear()
            browser.navigate_to(f"{self.base_url()}{path}")
            self.assertTrue(browser._wait_ready(READY))
            self._wait_remaining_requests()
        return browser
