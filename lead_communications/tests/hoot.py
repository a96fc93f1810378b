"""JavaScript tests in Hoot: what the rooms' tests that run them share."""

import logging
import re

from .patience import PatientHttpCase

ADDON_SUITE = "@lead_communications"
PASSED = re.compile(r"\[HOOT\] Passed (\d+) tests")


class HootCase(PatientHttpCase):
    """Rooms have their JavaScript tests in ``static/tests/<room>/*.test.js``."""

    def _run_room(self, room, preset="desktop"):
        """Run the JavaScript tests of a room; it is a failure if there are none."""
        suite = _job_id(f"{ADDON_SUITE}/{room}")
        # By number: Odoo gives the name INFO to a level of its own.
        with self.assertLogs(self._logger.getChild("browser"), logging.INFO) as logs:
            try:
                self._open_hoot(f"preset={preset}&id={suite}")
            except self.failureException as error:
                self.fail("\n".join([str(error), *_told_by_hoot(logs)]))
        passed = PASSED.search("\n".join(logs.output))
        self.assertTrue(passed and int(passed[1]), f"Hoot ran no test of {ADDON_SUITE}/{room}")

    def _open_hoot(self, filters):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&timeout=60000&{filters}",
            "",
            login="admin",
            timeout=300,
            success_signal="[HOOT] Test suite succeeded",
            # Hoot's own errors tell which test failed, and the run goes on to the end.
            error_checker=lambda message: "[HOOT]" not in message,
        )


def _told_by_hoot(logs):
    return [line for line in logs.output if line.startswith("ERROR") and "[HOOT]" in line]


def _job_id(name):
    """Return the id that Hoot gives to a suite: a 32-bit hash of its name."""
    number = 0
    for char in name:
        number = ((number << 5) - number + ord(char)) & 0xFFFFFFFF
    return f"{number:08x}"
