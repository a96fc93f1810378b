from odoo.tests import HttpCase, tagged

SUITE = "@lead_communications"


@tagged("post_install", "-at_install", "lead_communications")
class TestHoot(HttpCase):
    """The JavaScript tests of this addon, in ``static/tests/*.test.js``."""

    def test_desktop(self):
        self._run("desktop")

    def _run(self, preset):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000&id={_job_id(SUITE)}",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            # Hoot's own errors tell which test failed, and the run goes on to the end.
            error_checker=lambda message: "[HOOT]" not in message,
        )


def _job_id(name):
    """Return the id that Hoot gives to a suite: a 32-bit hash of its name."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"
