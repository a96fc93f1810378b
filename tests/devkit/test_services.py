"""What tells that tests need a browser or a mail server."""

import re

import pytest

from devkit.selection import ADDON_TESTS
from devkit.services import CHROMIUM_USE, DOVECOT_USE

# The helpers that start them, and what a test has that uses one.
HELPERS = {
    "tours.py": CHROMIUM_USE,
    "hoot.py": CHROMIUM_USE,
    "email/common_mailbox.py": DOVECOT_USE,
}


@pytest.mark.parametrize("helper", HELPERS)
def test_a_test_that_uses_a_helper_is_known_by_its_own_text(helper):
    module = helper.removesuffix(".py").rpartition("/")[2]
    users = [
        path
        for path in ADDON_TESTS.rglob("test_*.py")
        if re.search(rf"from \.+{module} import", path.read_text())
    ]
    assert users
    assert [path for path in users if not HELPERS[helper].search(path.read_text())] == []
