"""Warnings at the installation: which ones are the addon's."""

import pytest

from devkit.errors import DevError
from devkit.install_log import check_quiet, warnings_of

LOG = """Running as user 'root' is a security risk.
2026-11-28 14:01:57,701 31 WARNING lc_1 odoo.models: Two fields (a, b) of x() have the same label
2026-11-28 14:01:58,701 31 INFO lc_1 odoo.modules: Loading lead_communications
2026-11-28 14:02:09,887 31 WARNING lc_1 odoo.views: A role cannot be `none` or `presentation`.
View error context:
{'file': '/somewhere/lead_communications/views/inbox_views.xml',
 'line': 28}
2026-11-28 14:02:10,000 31 ERROR lc_1 odoo.sql_db: bad query in lead_communications
2026-11-28 14:02:11,000 32 ERROR lc_2 odoo.sql_db: of lead_communications elsewhere
"""


def test_what_names_the_addon_in_any_of_its_lines_is_the_addons():
    role, query = warnings_of(LOG, "lc_1")
    assert "inbox_views.xml" in role
    assert query.endswith("bad query in lead_communications")


def test_an_installation_that_warns_fails_and_says_of_what(tmp_path):
    log = tmp_path / "install.log"
    log.write_text(LOG)
    with pytest.raises(DevError, match=r"(?s)^2 warnings .*inbox_views\.xml.*bad query"):
        check_quiet(log, "lc_1")
    log.write_text("\n".join(LOG.splitlines()[:3]))
    check_quiet(log, "lc_1")
