"""Pages in tests: on a machine that is busy, what they wait for comes late, and is no failure."""

import functools
import tempfile
import threading
from unittest.mock import patch

from odoo.tests import common

# How many times as long as in Odoo everything may take. Nothing waits longer than it has to.
PATIENCE = 6
REQUEST_TIMEOUT = 12 * PATIENCE
# Of two browsers that are open at the same time only one may have the kept files.
_KEPT_FILES = threading.Lock()


@functools.cache
def _folder_of_kept_files():
    """Return the folder, gone with this process, where browsers keep what never changes.

    The scripts are the same for each test: the first browser reads and compiles them for all.
    """
    return tempfile.TemporaryDirectory(suffix="_chrome_cache")


class PatientBrowser(common.ChromeBrowser):
    """A browser that may take its time to start, to load a page and to run a test."""

    # Odoo's own factor of all its bounds, which it would set to 1 for a new browser.
    throttling_factor = property(lambda self: PATIENCE, lambda self, value: None)

    def _spawn_chrome(self, cmd):
        *cmd, page = cmd
        self._keeps_files = _KEPT_FILES.acquire(blocking=False)
        if self._keeps_files:
            cmd.append(f"--disk-cache-dir={_folder_of_kept_files().name}")
        tries = common.CHECK_BROWSER_ITERATIONS * PATIENCE
        with patch.object(common, "CHECK_BROWSER_ITERATIONS", tries):
            return super()._spawn_chrome([*cmd, page])

    def stop(self):
        try:
            return super().stop()
        finally:
            if self._keeps_files:
                self._keeps_files = False
                _KEPT_FILES.release()

    def _json_command(self, command, timeout=3 * PATIENCE):
        return super()._json_command(command, timeout)


class PatientHttpCase(common.HttpCase):
    test_cursor_lock_timeout = common.HttpCase.test_cursor_lock_timeout * PATIENCE

    def url_open(self, *args, timeout=REQUEST_TIMEOUT, **kwargs):
        return super().url_open(*args, timeout=timeout, **kwargs)

    def make_jsonrpc_request(self, *args, timeout=REQUEST_TIMEOUT, **kwargs):
        return super().make_jsonrpc_request(*args, timeout=timeout, **kwargs)

    def browser_js(self, *args, **kwargs):
        with patch.object(common, "ChromeBrowser", PatientBrowser):
            return super().browser_js(*args, **kwargs)

    def _wait_remaining_requests(self, timeout=10 * PATIENCE):
        return super()._wait_remaining_requests(timeout)
