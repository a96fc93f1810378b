"""JavaScript tests in Hoot: what the rooms' tests that run them share."""

import logging
import re
from pathlib import Path

from .patience import PatientHttpCase

ADDON_SUITE = "@lead_communications"
SOURCES = Path(__file__).parents[1] / "static" / "tests"
PASSED = re.compile(r'\[HOOT\] Test "(.+)" passed \(')


class HootCase(PatientHttpCase):
    """Rooms have their JavaScript tests in ``static/tests/<room>/*.test.js``."""

    def _run_room(self, room, preset="desktop"):
        """Run the JavaScript tests of a room, of which there must be some."""
        suite = f"{ADDON_SUITE}/{room}"
        self.assertTrue(list((SOURCES / room).glob("*.test.js")), f"There is no {suite}")
        # By number: Odoo gives the name INFO to a level of its own.
        with self.assertLogs(self._logger.getChild("browser"), logging.INFO) as logs:
            try:
                self._open_hoot(f"preset={preset}&id={_job_id(suite)}")
            except self.failureException as error:
                told = [line for line in logs.output if line.startswith("ERROR")]
                self.fail("\n".join([str(error), *told]))
        passed = PASSED.findall("\n".join(logs.output))
        self.assertTrue(passed, f"Hoot ran no test of {suite}")
        # It runs all that Odoo has, too, when it does not know the id.
        self.assertEqual([name for name in passed if not name.startswith(f"{suite}/")], [])

    def _open_hoot(self, filters):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&timeout=60000&{filters}",
            "",
            login="admin",
            timeout=100,
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
